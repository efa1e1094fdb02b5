"""Take the demo back: everything it made, and nothing else.

The workflow ends no published dataset and erases no event. What is invented is the exception,
and it is one on record: datasets of the demo go through a door of their own
(``workflow/examples.py``), their events through ``shared/audit.py``, which notes who erased how
many. Whatever is not the demo's is out of reach of both.
"""
from __future__ import annotations

import contextlib
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
import ckan.plugins as plugins
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.demo import agencies, package
from ckanext.satudata.domain.demo.describe import PREFIX
from ckanext.satudata.domain.demo.region import Region
from ckanext.satudata.shared import audit, blobs, db, doors, outbox

__all__ = ["Removed", "remove"]


@dataclass
class Removed:
    """What :func:`remove` did; ``kept`` holds others' data and was left."""

    datasets: int = 0
    organizations: int = 0
    users: int = 0
    kept: list[str] = field(default_factory=list)


def remove(region: Region, user: str) -> Removed:
    """Purge the demo: its datasets, tables, files, users and organizations, nothing else.

    An organization that meanwhile holds other data is kept, and so is a user who
    made some.
    """
    removed = Removed()
    ids = [
        row[0] for row in model.Session.query(model.Package.id).filter(
            model.Package.extras["identifier"].astext.in_(package.identifiers(region)),
            model.Package.name.like(f"{PREFIX}%"))
    ]
    trail = _Trail()
    for package_id in ids:
        _purge_dataset(package_id, user, trail)
        removed.datasets += 1
    _forget_tags(package.tags(region))
    for person in agencies.people(region):
        removed.users += _purge_user(person.name, removed, trail)
    for entry in reversed(agencies.organizations(region)):
        removed.organizations += _purge_organization(entry["name"], user, removed, trail)
    trail.erase(user)
    return removed


@dataclass
class _Trail:
    """What was removed, by id, to erase what our own tables say of it."""

    submissions: set[str] = field(default_factory=set)
    packages: set[str] = field(default_factory=set)
    users: set[str] = field(default_factory=set)
    organizations: set[str] = field(default_factory=set)

    def erase(self, user: str) -> None:
        """Erase notices, settings, grants, documents, messages and events, in one commit."""
        if not (self.packages or self.users or self.organizations):
            return
        with db.unit_of_work():
            for table, column, values in (
                ("notice", "submission_id", self.submissions), ("notice", "user_id", self.users),
                ("notice_setting", "user_id", self.users),
                ("role_grant", "user_id", self.users),
            ):
                _delete(table, column, values)
            _delete_documents(self.organizations)
            event = audit.Event
            about_nothing_else = sa.and_(
                event.package_id.is_(None), event.submission_id.is_(None),
                sa.or_(event.actor_id.in_(self.users), event.data["user"].astext.in_(self.users)))
            events = set(model.Session.scalars(sa.select(event.id).where(sa.or_(
                event.submission_id.in_(self.submissions), event.package_id.in_(self.packages),
                about_nothing_else))))
            message = outbox.Message
            model.Session.execute(sa.delete(message).where(sa.or_(
                message.event_id.in_(events),
                message.payload["package_id"].astext.in_(self.packages))))
            audit.erase(events, actor=user, note="demo --purge")


def _delete_documents(organizations: Collection[str]) -> None:
    """Delete the Berita Acara of agencies that never were; an issued one is kept by a trigger."""
    table = "satudata_berita_acara"
    model.Session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_kept"))
    _delete("berita_acara", "owner_org", organizations)
    model.Session.execute(sa.text(f"ALTER TABLE {table} ENABLE TRIGGER {table}_kept"))


def _delete(table: str, column: str, values: Collection[Any]) -> None:
    found = db.Base.metadata.tables[f"satudata_{table}"]
    if values:
        model.Session.execute(sa.delete(found).where(found.c[column].in_(values)))


def _purge_dataset(package_id: str, user: str, trail: _Trail) -> None:
    """Purge a dataset with its working copies, their tables and files."""
    with doors.example_ended(package_id, user) as ended:
        trail.submissions |= ended.submissions
        trail.packages |= ended.packages
        kept = set(model.Session.scalars(sa.select(_files().c.sha256).where(
            _files().c.submission_id.in_(ended.submissions), _files().c.sha256.is_not(None))))
        for identifier in (*sorted(ended.packages - {package_id}), package_id):
            kept |= _purge_package(identifier, {**ended.key, "user": user})
    with db.unit_of_work():
        _delete("finding", "submission_id", ended.submissions)
        _delete("version", "submission_id", ended.submissions)
        _delete("submission", "id", ended.submissions)
    blobs.erase(sorted(kept))  # equal files are stored once: what others hold stays


def _files() -> sa.Table:
    return db.Base.metadata.tables["satudata_version_file"]


def _purge_package(package_id: str, context: dict[str, Any]) -> set[str]:
    """Purge a dataset with its tables; return what its files are stored under."""
    found = model.Package.get(package_id)
    if found is None:
        return set()
    hashes = set[str]()
    for resource in found.resources_all:
        if (resource.extras or {}).get("datastore_active"):
            with contextlib.suppress(tk.ObjectNotFound):
                tk.get_action("datastore_delete")(
                    dict(context), {"resource_id": resource.id, "force": True})
        hashes |= {(resource.extras or {}).get("sha256")} - {None}
    tk.get_action("dataset_purge")(dict(context), {"id": package_id})
    _forget_activities([package_id])
    return hashes


def _forget_tags(names: set[str]) -> None:
    """Remove the keywords that no dataset has any more; CKAN keeps them for ever."""
    with db.unit_of_work():
        used = model.Session.query(model.PackageTag.tag_id)
        model.Session.query(model.Tag).filter(
            model.Tag.name.in_(names), model.Tag.vocabulary_id.is_(None), model.Tag.id.not_in(used)
        ).delete(synchronize_session=False)


def _forget_activities(object_ids: list[str]) -> None:
    if plugins.plugin_loaded("activity"):
        from ckanext.activity.model import Activity

        with db.unit_of_work():
            model.Session.query(Activity).filter(Activity.object_id.in_(object_ids)).delete()


def _purge_user(name: str, removed: Removed, trail: _Trail) -> bool:
    user = model.User.get(name)
    if user is None:
        return False
    if model.Session.query(model.Package.id).filter_by(creator_user_id=user.id).first():
        removed.kept.append(name)
        return False
    trail.users.add(user.id)
    _forget_activities([user.id])
    with db.unit_of_work():
        model.Session.query(model.Member).filter_by(table_id=user.id).delete()
        user.purge()
    return True


def _purge_organization(name: str, user: str, removed: Removed, trail: _Trail) -> bool:
    group = model.Group.get(name)
    if group is None:
        return False
    if model.Session.query(model.Package.id).filter_by(owner_org=group.id).first():
        removed.kept.append(name)
        return False
    group_id = group.id
    trail.organizations.add(group_id)
    tk.get_action("organization_purge")({"user": user}, {"id": group_id})
    _forget_activities([group_id])
    return True
