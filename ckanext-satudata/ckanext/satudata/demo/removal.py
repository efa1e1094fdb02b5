"""Take the demo back: everything it made, and nothing else.

The workflow ends no published dataset and erases no event. What is invented is the exception,
and it is one on record: datasets of the demo go through a door of their own
(``workflow/examples.py``), their events through ``shared/audit.py``, which notes who erased how
many. Whatever is not the demo's is out of reach of both.
"""
from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
import ckan.plugins as plugins
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ckanext.satudata.domain.demo import agencies, package
from ckanext.satudata.domain.demo.describe import PREFIX
from ckanext.satudata.domain.demo.region import Region
from ckanext.satudata.shared import audit, blobs, datastore, db, doors, outbox

__all__ = ["Removed", "remove"]


@dataclass
class Removed:
    """What :func:`remove` did.

    :ivar kept: names of organizations and users that hold others' data and were left
    :ivar lists: names of the code lists that people of the demo changed; they stay as they are
    """

    datasets: int = 0
    organizations: int = 0
    users: int = 0
    kept: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)


def remove(region: Region, user: str) -> Removed:
    """Purge the demo: its datasets, tables, files, users and organizations, nothing else.

    An organization that meanwhile holds other data is kept, and so is a user who
    made some. A code list keeps what people changed of it, whoever they were: data of others may
    say its codes, and no code is ever given twice.
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
    removed.lists = _changed_lists(trail.users)
    trail.erase(user)
    return removed


@dataclass
class _Trail:
    """What was removed, by id, to erase what our own tables say of it."""

    submissions: set[str] = field(default_factory=set)
    packages: set[str] = field(default_factory=set)
    resources: set[str] = field(default_factory=set)
    recaps: set[str] = field(default_factory=set)
    users: set[str] = field(default_factory=set)
    organizations: set[str] = field(default_factory=set)

    def erase(self, user: str) -> None:
        """Erase what was told, given, asked, documented, to be done and decided, in one commit."""
        if not (self.packages or self.users or self.organizations):
            return
        with db.unit_of_work():
            event = audit.Event
            asked_for = event.data["package"].astext  # requests name their dataset there
            about_nothing_else = sa.and_(
                event.package_id.is_(None), event.submission_id.is_(None), asked_for.is_(None),
                event.data["vocabulary"].astext.is_(None),  # the list stays, and so who changed it
                sa.or_(event.actor_id.in_(self.users), event.data["user"].astext.in_(self.users)))
            events = set(model.Session.scalars(sa.select(event.id).where(sa.or_(
                event.submission_id.in_(self.submissions), event.package_id.in_(self.packages),
                asked_for.in_(self.packages), about_nothing_else))))
            for table, column, values in (
                ("notice", "submission_id", self.submissions), ("notice", "event_id", events),
                ("notice", "user_id", self.users), ("notice_setting", "user_id", self.users),
                ("role_grant", "user_id", self.users),
                ("access_grant", "package_id", self.packages),
                ("access_request", "package_id", self.packages),
                ("purge", "package_id", self.packages),
                ("withheld_url", "resource_id", self.resources),
                ("recipe", "package_id", self.packages),
                ("usage", "owner_org", self.organizations),  # of data it purged
                ("vocabulary_import", "actor", self.users),
                ("upload", "owner", {f"user:{each}" for each in self.users}),
            ):
                _delete(table, column, values)
            # What never was is kept for ever by nobody: not what was issued, not who read it.
            _delete("berita_acara", "owner_org", self.organizations, kept=True)
            _delete("download", "package_id", self.packages, kept=True)
            _forget_messages(events, self.packages, self.resources, self.recaps)
            audit.erase(events, actor=user, note="demo --purge")


def _changed_lists(users: Collection[str]) -> list[str]:
    """Return the names of the code lists of which these users made a version."""
    made = db.Base.metadata.tables["satudata_vocabulary_version"].c
    return sorted(model.Session.scalars(
        sa.select(made.vocabulary).where(made.actor.in_(users)).distinct()))


def _forget_messages(
    events: Collection[int], packages: Collection[str], resources: Collection[str],
    recaps: Collection[str],
) -> None:
    """Delete what is, or was, to be done for events and datasets that go."""
    said = outbox.Message.payload
    model.Session.execute(sa.delete(outbox.Message).where(sa.or_(
        outbox.Message.event_id.in_(events), said["package_id"].astext.in_(packages),
        *(said[name].astext.in_(packages) for name in ("package", "draft", "content_id")),
        said["recap"].astext.in_(recaps),
        *(said[name].has_any(sa.cast(sorted(ids), ARRAY(sa.Text)))
          for name, ids in (("packages", packages), ("drop", resources))))))


def _delete(table: str, column: str, values: Collection[Any], kept: bool = False) -> None:
    """Delete rows of a table of ours.

    :param kept: a trigger keeps them; it is put aside for this transaction only
    """
    found = db.Base.metadata.tables[f"satudata_{table}"]
    if not values:
        return
    if kept:
        model.Session.execute(sa.text(f"ALTER TABLE {found.name} DISABLE TRIGGER USER"))
    model.Session.execute(sa.delete(found).where(found.c[column].in_(values)))
    if kept:
        model.Session.execute(sa.text(f"ALTER TABLE {found.name} ENABLE TRIGGER USER"))


def _purge_dataset(package_id: str, user: str, trail: _Trail) -> None:
    """Purge a dataset with its working copies, their tables and files."""
    with doors.example_ended(package_id, user) as ended:
        trail.submissions |= ended.submissions
        trail.packages |= ended.packages
        trail.resources |= set(model.Session.scalars(sa.select(model.Resource.id).where(
            model.Resource.package_id.in_(ended.packages))))
        kept = _hashes(ended.submissions) | _handed_in(ended.packages, trail)
        with db.unit_of_work():  # or the organization inherits how often it was used
            _delete("usage", "package_id", ended.packages)
        for identifier in (*sorted(ended.packages - {package_id}), package_id):
            kept |= _purge_package(identifier, {**ended.key, "user": user})
    with db.unit_of_work():
        kept |= _results(ended.packages)
        for name in ("inspection", "intake", "upload_link", "recap", "grid_draft"):
            _delete(name, "package_id", ended.packages)
        _delete("finding", "submission_id", ended.submissions)
        _delete("version", "submission_id", ended.submissions)
        _delete("submission", "id", ended.submissions)
    # Equal files are stored once: what others hold stays, and so do comparisons with it.
    gone = blobs.erase(sorted(kept))
    blobs.erase(_forget_comparisons(gone))


def _hashes(submissions: Collection[str]) -> set[str]:
    """Return what files and rows of versions, published or not, are stored under."""
    file = db.Base.metadata.tables["satudata_version_file"].c
    handed_in = db.Base.metadata.tables["satudata_submission"].c
    found = {each for pair in model.Session.execute(
        sa.select(file.sha256, file.table_sha256).where(file.submission_id.in_(submissions)))
        for each in pair if each}
    return found.union(*(each.values() for each in model.Session.scalars(
        sa.select(handed_in.snapshots).where(handed_in.id.in_(submissions))) if each))


def _handed_in(packages: Collection[str], trail: _Trail) -> set[str]:
    """Return what files are stored under as they were handed in.

    An upload that somebody has under way by a link goes at once.
    """
    intake, link, recap = (db.Base.metadata.tables[f"satudata_{name}"].c
                           for name in ("intake", "upload_link", "recap"))
    trail.recaps |= set(model.Session.scalars(
        sa.select(recap.id).where(recap.package_id.in_(packages))))
    _forget_uploads(f"tautan:{each}" for each in model.Session.scalars(
        sa.select(link.id).where(link.package_id.in_(packages))))
    return set(model.Session.scalars(
        sa.select(intake.sha256).where(intake.package_id.in_(packages))))


def _forget_uploads(owners: Iterable[str]) -> None:
    """Delete the uploads that somebody has under way."""
    found, part = (db.Base.metadata.tables[f"satudata_{name}"]
                   for name in ("upload", "upload_part"))
    with db.unit_of_work():
        gone = model.Session.execute(sa.delete(found).where(found.c.owner.in_(list(owners)))
                                     .returning(found.c.id, found.c.sha256)).all()
        model.Session.execute(
            sa.delete(part).where(part.c.upload_id.in_([each.id for each in gone])))
    blobs.erase(sorted({each.sha256 for each in gone} - {None}))


def _results(packages: Collection[str]) -> set[str]:
    """Return what the results of inspections are stored under."""
    found = db.Base.metadata.tables["satudata_inspection"].c
    return {each for files in model.Session.scalars(
        sa.select(found.files).where(found.package_id.in_(packages))) for each in files.values()}


def _forget_comparisons(gone: Collection[str]) -> list[str]:
    """Delete what was found between files of which one is gone; return the hashes of its lists."""
    diff = db.Base.metadata.tables["satudata_diff"]
    with db.unit_of_work():
        return [each for each in model.Session.scalars(
            sa.delete(diff).where(sa.or_(diff.c.old_sha256.in_(gone), diff.c.new_sha256.in_(gone)))
            .returning(diff.c.list_sha256)) if each]


def _purge_package(package_id: str, context: dict[str, Any]) -> set[str]:
    """Purge a dataset with its tables; return what its files are stored under."""
    found = model.Package.get(package_id)
    if found is None:
        return set()
    hashes = {(resource.extras or {}).get("sha256") for resource in found.resources_all} - {None}
    # Of their own: what a working copy reads is the published one, and goes with that.
    for each in sorted(datastore.existing(resource.id for resource in found.resources_all)):
        tk.get_action("datastore_delete")(dict(context), {"resource_id": each, "force": True})
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
    _forget_uploads([f"user:{user.id}"])
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
