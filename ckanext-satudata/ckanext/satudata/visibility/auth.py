"""Auth functions of reading that CKAN and its plugins leave open, chained."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckanext.harvest.model import HarvestObject

__all__ = [
    "am_following_dataset",
    "dataset_follower_count",
    "follow_dataset",
    "harvest_object_list",
    "harvest_object_show",
    "package_show",
    "task_status_show",
]

Data = dict[str, Any]

#: Whether a version was withdrawn that may have been made of what was fetched then (UTC).
_WITHDRAWN = sa.text("""
    SELECT EXISTS (SELECT 1 FROM satudata_version WHERE package_id = :package
                   AND withdrawn_at >= CAST(:at AS timestamp) AT TIME ZONE 'UTC')""")


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def package_show(next_auth: Any, context: Any, data_dict: Data) -> Data:
    """Hide that a name is taken: asked by name, unreadable data does not exist.

    Names are made of titles, and a title can be guessed. An id cannot: it keeps CKAN's 403, which
    tells whoever holds a link that it is not theirs to read (any more).
    """
    result = next_auth(context, data_dict)
    if not result["success"] and not model.is_id(str(data_dict.get("id") or "")):
        named = data_dict.get("id") or data_dict.get("name_or_id")
        if named:
            raise tk.ObjectNotFound
    return result


def _of_dataset(next_auth: Any, context: Any, data_dict: Data) -> Data:
    """Ask for the right to read the dataset before anything about it is told."""
    result = next_auth(context, data_dict)
    if not result["success"]:
        return result
    package = model.Package.get(data_dict.get("id"))
    if package is None:
        return result
    try:
        tk.check_access("package_show", tk.fresh_context(context), {"id": data_dict["id"]})
    except tk.NotAuthorized as error:
        return {"success": False, "msg": error.message}
    except tk.ObjectNotFound:  # asked by name: as CKAN answers for a name that nobody has
        raise tk.ValidationError(
            {"id": [f"{tk._('Not found')}: {tk._('Dataset')}"]}) from None
    return result


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def dataset_follower_count(next_auth: Any, context: Any, data_dict: Data) -> Data:
    """Count followers only of what may be read."""
    return _of_dataset(next_auth, context, data_dict)


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def am_following_dataset(next_auth: Any, context: Any, data_dict: Data) -> Data:
    """Tell of following only for what may be read."""
    return _of_dataset(next_auth, context, data_dict)


@tk.chained_auth_function
def follow_dataset(next_auth: Any, context: Any, data_dict: Data) -> Data:
    """Let people follow only what they may read."""
    return _of_dataset(next_auth, context, data_dict)


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def task_status_show(next_auth: Any, context: Any, data_dict: Data) -> Data:
    """Show how a job fared to who may read the data it worked on: its messages quote them."""
    result = next_auth(context, data_dict)
    entity = context["task_status"].entity_id if "task_status" in context else None
    if not result["success"] or not entity:
        return result
    resource = model.Resource.get(entity)
    package = resource.package if resource else model.Package.get(entity)
    if package is None:  # of a file that is gone: whose it was nobody can tell any more
        gone = context["task_status"].entity_type == "resource"
        return {"success": False} if gone else result
    if resource is not None and resource.state != model.State.ACTIVE:
        return _asked("package_update", context, package.id)  # of an earlier version, or a draft
    return _reading(context, package.id)


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def harvest_object_show(next_auth: Any, context: Any, data_dict: Data) -> Data:
    """Show what was fetched to who may open what it became; what failed, to the source's people.

    :raises NotFound: there is none
    """
    result = next_auth(context, data_dict)
    if not result["success"]:
        return result
    identifier, dataset = data_dict.get("id"), data_dict.get("dataset_id")
    if not identifier:
        found = _current(dataset) if dataset else None
        return _holding(context, dataset, found) if dataset else result
    found = HarvestObject.get(identifier, attr=data_dict.get("attr"))
    if found is None:
        return result
    return _holding(context, found.package_id, found) if found.package_id else _managing(
        context, found.harvest_source_id)


@tk.chained_auth_function
def harvest_object_list(next_auth: Any, context: Any, data_dict: Data) -> Data:
    """List what was fetched from a source to who may manage it, all of it to sysadmins."""
    result = next_auth(context, data_dict)
    return result and _managing(context, data_dict.get("source_id"))


def _reading(context: Any, package: str) -> Data:
    return _asked("package_show", context, package)


def _holding(context: Any, package: str, fetched: HarvestObject | None) -> Data:
    """What was fetched names where the files lie: for who may open them.

    And what a withdrawn version was made of stays closed, whatever is published later.
    """
    result = _reading(context, package)
    if result["success"] and fetched is not None and model.Session.scalar(_WITHDRAWN, {
            "package": fetched.package_id, "at": fetched.import_finished or fetched.gathered}):
        return _asked("package_update", context, package)
    return _asked("satudata_file_open", context, package) if result["success"] else result


def _current(named: str) -> HarvestObject | None:
    package = model.Package.get(named)
    return model.Session.scalars(
        sa.select(HarvestObject).where(
            HarvestObject.package_id == package.id, HarvestObject.current.is_(True))
        .limit(1)).first() if package is not None else None


def _managing(context: Any, source: str | None) -> Data:
    return _asked("harvest_source_update", context, source) if source else {"success": False}


def _asked(auth: str, context: Any, identifier: str) -> Data:
    try:
        tk.check_access(auth, tk.fresh_context(context), {"id": identifier})
    except tk.NotAuthorized as error:
        return {"success": False, "msg": error.message}
    return {"success": True}
