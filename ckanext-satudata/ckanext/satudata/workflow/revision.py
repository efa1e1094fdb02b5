"""A working copy: the next version is written there while the published one stays as it is.

The copy is a private dataset with a UUID as its name, which only its OPD and the inspectors
see. Its files are the same bytes (storage is by content), its resources remember which
published resource they stand for (``asal_resource_id``), so that publication keeps ids.
"""
from __future__ import annotations

import uuid
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.roles import Actor
from ckanext.satudata.domain.versions.fields import GIVEN_TO_FILE, NOT_SAID
from ckanext.satudata.shared import datastore, legacy_files
from ckanext.satudata.shared.types import ServerSet
from ckanext.satudata.shared.withheld import put_back
from ckanext.satudata.workflow import revision_views, store, tidied
from ckanext.satudata.workflow.model import Submission
from ckanext.satudata.workflow.publish import Door
from ckanext.satudata.workflow.switch import Tables

__all__ = ["discard", "receive", "start"]


def start(submission: Submission, actor: Actor, number: int) -> Submission:
    """Make the working copy of a published dataset; return its submission."""
    legacy_files.take_in(submission.package_id)  # the copy shares bytes, not addresses
    shown = _shown(submission.package_id)
    copy = {name: value for name, value in shown.items() if name not in NOT_SAID}
    copy |= {
        "name": str(uuid.uuid4()), "owner_org": shown["owner_org"], "type": shown["type"],
        "private": True, "tags": [{"name": tag["name"]} for tag in shown.get("tags", [])],
        "groups": _groups(shown),
        "resources": [_copied(each) for each in shown.get("resources", [])],
    }
    copy.pop("identifier", None)
    identifier = tk.get_action("package_create")(
        Door(submission.package_id, number).context(user=_user_name(actor)), copy)
    revision_views.copy({each["id"] for each in shown.get("resources", [])}, identifier)
    found = store.lock_content(identifier)
    assert found is not None
    return found


def _groups(shown: dict[str, Any]) -> list[dict[str, str]]:
    return [{"id": each["id"]} for each in shown.get("groups", [])]


def _copied(resource: dict[str, Any]) -> dict[str, Any]:
    kept = _of_file(resource)
    kept["asal_resource_id"] = ServerSet(resource["id"])
    if resource.get("datastore_active"):  # read from the published table until it has its own
        kept["datastore_active"] = True
    return kept


def receive(submission: Submission, actor: Actor) -> dict[str, Any]:
    """Let the published dataset say what the working copy says; ids and name stay.

    :returns: what has to happen to the tables of the datastore after the commit
        (:meth:`Tables.plan`)
    :raises StateConflictError: the datastore does not answer
    """
    tables = Tables(submission)
    public = model.Session.get(model.Package, submission.package_id)
    assert public is not None
    made = _shown(submission.content_id)
    received = [_received(each, tables) for each in made.get("resources", [])]
    content = {name: value for name, value in made.items() if name not in NOT_SAID}
    content |= {
        "id": public.id, "name": public.name, "owner_org": made["owner_org"],
        "type": public.type, "identifier": (public.extras or {}).get("identifier"),
        "groups": _groups(made),
        "tags": [{"name": tag["name"]} for tag in made.get("tags", [])],
        "resources": received,
    }
    tk.get_action("package_update")(Door().context(user=_user_name(actor)), content)
    stored = model.Session.scalars(
        sa.select(model.Resource)
        .where(model.Resource.package_id == public.id, model.Resource.state == "active")
        .order_by(model.Resource.position)).all()
    became = {source["id"]: resource.id for source, resource in zip(
        made.get("resources", []), stored, strict=True)}
    revision_views.give(became)
    tidied.keep(public, made.get("resources", []))
    submission.snapshots = {
        became[each]: sha256 for each, sha256 in (submission.snapshots or {}).items()
        if each in became}
    discard(submission)
    return tables.plan(became)


def _received(resource: dict[str, Any], tables: Tables) -> dict[str, Any]:
    kept = _of_file(resource)
    if resource.get("asal_resource_id") in tables.known:
        kept["id"] = resource["asal_resource_id"]
    if tables.has(resource["id"]):
        kept["datastore_active"] = True
    return kept


def _of_file(resource: dict[str, Any]) -> dict[str, Any]:
    """Return what a file takes along to where it goes; its bytes are named by the server."""
    kept = {name: value for name, value in resource.items() if name not in GIVEN_TO_FILE}
    if resource.get("url_type") in datastore.TABLE_ONLY:
        kept["url"] = datastore.ONLY_TABLE  # shown with the id of the one it belongs to
    if resource.get("sha256"):
        kept["sha256"] = ServerSet(resource["sha256"])
    return kept


def _user_name(actor: Actor) -> str:
    user = model.Session.get(model.User, actor.id) if actor.id else None
    if user is not None:
        return user.name
    return tk.get_action("get_site_user")({"ignore_auth": True, "defer_commit": True}, {})["name"]


def discard(submission: Submission) -> None:
    """Take the working copy out of use."""
    model.Session.execute(
        sa.update(model.Package).where(model.Package.id == submission.content_id)
        .values(state="deleted", private=True))


def _shown(package_id: str) -> dict[str, Any]:
    return put_back(tk.get_action("package_show")(
        {"ignore_auth": True, "use_cache": False}, {"id": package_id}))
