"""The Data Induk of the portal: which dataset a name means, and whether its rows may be shown.

Asked of the database for each answer, so that a withdrawal or a restriction shows in the next one.
"""
from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum, unique
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata import config
from ckanext.satudata.domain.access import level_of
from ckanext.satudata.domain.data_induk import Column, Master, list_name, master_of
from ckanext.satudata.domain.federation.terms import segment
from ckanext.satudata.domain.metadata_values import InvalidValueError
from ckanext.satudata.shared.data_induk import owner_of, owners

__all__ = ["Induk", "Missing", "every", "find", "uri"]


@unique
class Missing(Enum):
    """Why there is no list to show under a name."""

    UNKNOWN = "no such name, or its dataset is not public"
    CLOSED = "its dataset is public, its rows are not"
    ENDED = "its dataset is public, and no Data Induk any more"
    INCOMPLETE = "its dataset does not say which columns are code and name"


@dataclass(frozen=True)
class Induk:
    """A public Data Induk.

    :ivar owner: title of the organization that keeps it
    :ivar changed: when its dataset changed last, UTC
    :ivar file: address of the file it is, empty where the table is all there is
    """

    master: Master
    package_id: str
    dataset: str
    title: str
    notes: str
    owner: str
    owner_name: str
    changed: dt.datetime
    file: str

    @property
    def name(self) -> str:
        """Its name, as in its address."""
        return self.master.name

    @property
    def uri(self) -> str:
        """Its address, which has no language in it."""
        return uri(self.name)

    @property
    def columns(self) -> tuple[Column, ...]:
        """Columns of its table."""
        return self.master.columns


def uri(name: str, code: str = "") -> str:
    """Return the address of a Data Induk or of one of its rows."""
    return f"{config.alamat()}/id/{segment(name)}" + (f"/{segment(code)}" if code else "")


def find(name: str) -> Induk | Missing:
    """Return the public Data Induk of a name, or why there is none."""
    try:
        owner = owner_of(list_name(name))
    except InvalidValueError:
        return Missing.UNKNOWN
    return Missing.UNKNOWN if owner is None else _public(owner, name)


def every() -> list[Induk]:
    """Return all public Data Induk by title."""
    found = [_public(package, name) for name, package in owners().items()]
    return sorted((each for each in found if isinstance(each, Induk)),
                  key=lambda each: each.title.casefold())


def _public(package_id: str, name: str) -> Induk | Missing:
    package, owner = model.Package, model.Group
    row = model.Session.execute(
        sa.select(package.name, package.title, package.notes, package.extras,
                  package.metadata_modified, owner.title.label("owner"),
                  owner.name.label("owner_name"))
        .outerjoin(owner, owner.id == package.owner_org)
        .where(package.id == package_id, package.type == "dataset",
               package.state == model.State.ACTIVE, package.private.is_(False))).first()
    if row is None:
        return Missing.UNKNOWN
    said: dict[str, Any] = dict(row.extras or {})
    if said.get("data_induk") != name:
        return Missing.ENDED
    if level_of(said.get("access_rights")).restricted:
        return Missing.CLOSED
    resource = model.Resource
    files = model.Session.execute(
        sa.select(resource.id, resource.extras, resource.url, resource.url_type)
        .where(resource.package_id == package_id, resource.state == model.State.ACTIVE)
        .order_by(resource.position)).all()
    master = master_of({**said, "resources": [
        {**(each.extras or {}), "id": each.id} for each in files]})
    if master is None:
        return Missing.INCOMPLETE
    held = next(each for each in files if each.id == master.resource)
    return Induk(
        master, package_id, row.name, row.title or row.name, row.notes or "", row.owner or "",
        row.owner_name or "", row.metadata_modified.replace(tzinfo=dt.timezone.utc),
        _address(package_id, held))


def _address(package_id: str, resource: Any) -> str:
    """Return where the file of a list is; the rows of a table alone are a dump of it."""
    if resource.url_type == "upload":
        filename = str(resource.url or "").rpartition("/")[2]
        return (f"{config.alamat()}/dataset/{package_id}/resource/{resource.id}/download/"
                f"{segment(filename)}")
    return f"{config.alamat()}/datastore/dump/{resource.id}"
