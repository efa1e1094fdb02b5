"""A working copy: the next version is written there while the published one stays as it is.

The copy is a private dataset with a UUID as its name, which only its OPD and the inspectors
see. Its files are the same bytes (storage is by content), its resources remember which
published resource they stand for (``asal_resource_id``), so that publication keeps ids.
"""
from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckanext.datastore.backend import postgres

from ckanext.satudata.domain.roles import Actor
from ckanext.satudata.domain.versions.changes import same_file
from ckanext.satudata.shared.types import ServerSet
from ckanext.satudata.workflow import revision_views, store
from ckanext.satudata.workflow.model import Submission
from ckanext.satudata.workflow.publish import Door

__all__ = ["content_hash", "discard", "move_tables", "receive", "start"]

#: What a dataset is called or was, not what it says.
_NOT_CONTENT = frozenset({
    "id", "name", "state", "private", "metadata_created", "metadata_modified", "creator_user_id",
    "revision_id", "organization", "num_resources", "num_tags", "isopen", "license_title",
    "license_url", "relationships_as_subject", "relationships_as_object", "groups",
    "tracking_summary",
})
_NOT_CONTENT_OF_FILE = frozenset({
    "id", "package_id", "created", "last_modified", "metadata_modified", "position", "state",
    "asal_resource_id", "datastore_active", "url", "revision_id", "tracking_summary",
    "datastore_contains_all_records_of_source_file", "mimetype_inner", "cache_url",
    "cache_last_updated",
})


def content_hash(package_id: str) -> str:
    """Return the SHA-256 of what a dataset says and of its files, whatever its ids."""
    shown = _shown(package_id)
    said = {name: value for name, value in shown.items() if name not in _NOT_CONTENT}
    said["tags"] = sorted(tag["name"] for tag in shown.get("tags", []))
    said["resources"] = [
        {name: value for name, value in each.items() if name not in _NOT_CONTENT_OF_FILE}
        | ({} if each.get("url_type") == "upload" else {"url": each.get("url")})
        for each in shown.get("resources", [])]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def start(submission: Submission, actor: Actor, number: int) -> Submission:
    """Make the working copy of a published dataset; return its submission."""
    shown = _shown(submission.package_id)
    copy = {name: value for name, value in shown.items() if name not in _NOT_CONTENT}
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
    kept = {name: value for name, value in resource.items()
            if name not in _NOT_CONTENT_OF_FILE or name == "url"}
    kept["asal_resource_id"] = ServerSet(resource["id"])
    if resource.get("sha256"):
        kept["sha256"] = ServerSet(resource["sha256"])
    return kept


def receive(submission: Submission, actor: Actor) -> dict[str, Any]:
    """Let the published dataset say what the working copy says; ids and name stay.

    :returns: what has to happen to the tables of the datastore after the commit: ``take`` (table
        of the copy -> resource that gets it) and ``drop`` (resources whose table is out of date)
    """
    public = _shown(submission.package_id)
    made = _shown(submission.content_id)
    known = {each["id"]: each for each in public.get("resources", [])}
    received = [_received(each, known) for each in made.get("resources", [])]
    content = {name: value for name, value in made.items() if name not in _NOT_CONTENT}
    content |= {
        "id": public["id"], "name": public["name"], "owner_org": made["owner_org"],
        "type": public["type"], "identifier": public.get("identifier"),
        "groups": _groups(made),
        "tags": [{"name": tag["name"]} for tag in made.get("tags", [])],
        "resources": received,
    }
    tk.get_action("package_update")(Door().context(user=_user_name(actor)), content)
    stored = model.Session.scalars(
        sa.select(model.Resource)
        .where(model.Resource.package_id == public["id"], model.Resource.state == "active")
        .order_by(model.Resource.position)).all()
    tables: dict[str, Any] = {"take": [], "drop": []}
    for resource, source in zip(stored, made.get("resources", []), strict=True):
        if source.get("datastore_active"):
            tables["take"].append([source["id"], resource.id])
        elif resource.id in known and known[resource.id].get("datastore_active") and not same_file(
                known[resource.id], source):
            tables["drop"].append(resource.id)
    revision_views.give({source["id"]: resource.id for resource, source in zip(
        stored, made.get("resources", []), strict=True)})
    tables["drop"] += [each for each in known if each not in {row.id for row in stored}
                       and known[each].get("datastore_active")]
    discard(submission)
    return tables


def _received(resource: dict[str, Any], known: dict[str, dict[str, Any]]) -> dict[str, Any]:
    kept = {name: value for name, value in resource.items()
            if name not in _NOT_CONTENT_OF_FILE or name == "url"}
    origin = resource.get("asal_resource_id")
    before = known.get(origin or "")
    if before is not None:
        kept["id"] = origin
    has_table = bool(resource.get("datastore_active")) or bool(
        before and before.get("datastore_active") and same_file(before, resource))
    if has_table:
        kept["datastore_active"] = True
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


def move_tables(payload: dict[str, Any]) -> None:
    """Give published resources the tables of the copy, in one transaction of the datastore.

    Repeatable: a table that is not there any more has been moved already. Aliases are views that
    stay on the old table, so they are made anew.
    """
    with postgres.get_write_engine().begin() as connection:
        for source, target in payload.get("take", []):
            _take_table(connection, source, target)
        for target in payload.get("drop", []):
            connection.execute(sa.text(
                f"DROP TABLE IF EXISTS {postgres.identifier(target)} CASCADE"))


def _take_table(connection: Any, source: str, target: str) -> None:
    exists = connection.execute(
        sa.text("SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tablename = :name"),
        {"name": source}).first()
    if exists is None:
        return
    aliases = connection.execute(
        sa.text("SELECT name FROM _table_metadata WHERE alias_of IN (:one, :other)"),
        {"one": source, "other": target}).scalars().all()
    old, new = postgres.identifier(source), postgres.identifier(target)
    connection.execute(sa.text(f"DROP TABLE IF EXISTS {new} CASCADE"))
    for alias in set(aliases):
        connection.execute(sa.text(f"DROP VIEW IF EXISTS {postgres.identifier(alias)}"))
    connection.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))
    for alias in sorted(set(aliases)):
        connection.execute(sa.text(
            f"CREATE VIEW {postgres.identifier(alias)} AS SELECT * FROM {new}"))


def _shown(package_id: str) -> dict[str, Any]:
    return tk.get_action("package_show")(
        {"ignore_auth": True, "use_cache": False}, {"id": package_id})
