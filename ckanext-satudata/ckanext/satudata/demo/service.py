"""Make the illustrative region in the portal, or remove exactly what was made."""
from __future__ import annotations

import contextlib
import datetime
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ckan.model as model
import ckan.plugins as plugins
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib import files, uploader

from ckanext.satudata.domain.demo import agencies, package
from ckanext.satudata.domain.demo.describe import PREFIX
from ckanext.satudata.domain.demo.region import Region
from ckanext.satudata.domain.errors import SatuDataError
from ckanext.satudata.domain.loading.plan import Plan
from ckanext.satudata.shared import db

__all__ = ["Made", "OtherRegionError", "Removed", "make", "remove"]

#: Loads a plan; given from outside, for a room does not reach into another.
Load = Callable[[Plan], Any]


class OtherRegionError(SatuDataError):
    """The portal holds the demo of another region."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Made:
    """What :func:`make` did; ``password`` only if a user was made."""

    organizations: int = 0
    users: list[str] = field(default_factory=list)
    password: str | None = None
    report: Any = None


@dataclass
class Removed:
    """What :func:`remove` did; ``kept`` holds others' data and was left."""

    datasets: int = 0
    organizations: int = 0
    users: int = 0
    kept: list[str] = field(default_factory=list)


def make(region: Region, user: str, load: Load, now: datetime.date) -> Made:
    """Make or complete the demo; a second run changes nothing.

    :param load: loads the plan and returns its report.
    :param now: the release calendar is laid around this day.
    :raises OtherRegionError: if the demo of another region is there.
    """
    present = current_region()
    if present and present != region.code:
        raise OtherRegionError(present)
    made = Made()
    for entry in agencies.organizations(region):
        made.organizations += _organization(entry, user)
    password = secrets.token_urlsafe(12)
    for person in agencies.people(region):
        if _person(person, region, user, password):
            made.users.append(person.name)
    made.password = password if made.users else None
    with tempfile.TemporaryDirectory(prefix="satudata-demo-") as folder:
        made.report = load(package.plan(region, Path(folder), now))
    return made


def current_region() -> str | None:
    """Return the code of the region whose demo is in the portal."""
    group = model.Group.get(f"{PREFIX}diskominfo")
    if group is None or group.state != "active":
        return None
    return (group.extras or {}).get("kode_wilayah") or None


def _organization(entry: dict[str, Any], user: str) -> bool:
    """Create an organization, or give back a field that was emptied; tell if it was new."""
    if model.Group.get(entry["name"]) is not None:
        return False
    tk.get_action("organization_create")({"user": user}, dict(entry))
    return True


def _person(person: agencies.Person, region: Region, user: str, password: str) -> bool:
    if model.User.get(person.name) is not None:
        return False
    tk.get_action("user_create")({"user": user}, {
        "name": person.name, "fullname": f"{person.title} (contoh)", "password": password,
        "email": f"{person.name}@{agencies.host(region)}",
        "about": f"Akun contoh. Peran SDI: {person.title} ({person.role}).",
    })
    if person.organization:
        tk.get_action("organization_member_create")({"user": user}, {
            "id": person.organization, "username": person.name, "role": person.capacity})
    return True


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
    for package_id in ids:
        _remove_files(_purge_dataset(package_id, user))
        removed.datasets += 1
    _forget_tags(package.tags(region))
    for person in agencies.people(region):
        removed.users += _purge_user(person.name, removed)
    for entry in reversed(agencies.organizations(region)):
        removed.organizations += _purge_organization(entry["name"], user, removed)
    return removed


def _purge_dataset(package_id: str, user: str) -> list[tuple[Any, Any, str]]:
    """Purge a dataset with its tables; return where its files lie."""
    locations = []
    for resource in model.Package.get(package_id).resources_all:
        if (resource.extras or {}).get("datastore_active"):
            with contextlib.suppress(tk.ObjectNotFound):
                tk.get_action("datastore_delete")(
                    {"user": user}, {"resource_id": resource.id, "force": True})
        sha256 = (resource.extras or {}).get("sha256")
        if sha256:
            upload = uploader.get_resource_uploader({"id": resource.id, "url_type": "upload"})
            locations.append((upload.storage, upload.get_path(resource.id), sha256))
    tk.get_action("dataset_purge")({"user": user}, {"id": package_id})
    _forget_activities([package_id])
    return locations


def _remove_files(locations: list[tuple[Any, Any, str]]) -> None:
    """Remove the files that no resource points to any more: equal files are stored once."""
    for storage, location, sha256 in locations:
        used = model.Session.query(model.Resource.id).filter(
            sa.type_coerce(model.Resource.extras, sa.Text).contains(sha256)).first()
        if not used:
            with contextlib.suppress(files.exc.MissingFileError):
                storage.remove(files.FileData(location))


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


def _purge_user(name: str, removed: Removed) -> bool:
    user = model.User.get(name)
    if user is None:
        return False
    if model.Session.query(model.Package.id).filter_by(creator_user_id=user.id).first():
        removed.kept.append(name)
        return False
    _forget_activities([user.id])
    with db.unit_of_work():
        model.Session.query(model.Member).filter_by(table_id=user.id).delete()
        user.purge()
    return True


def _purge_organization(name: str, user: str, removed: Removed) -> bool:
    group = model.Group.get(name)
    if group is None:
        return False
    if model.Session.query(model.Package.id).filter_by(owner_org=group.id).first():
        removed.kept.append(name)
        return False
    group_id = group.id
    tk.get_action("organization_purge")({"user": user}, {"id": group_id})
    _forget_activities([group_id])
    return True
