"""Which dataset a name of a Data Induk belongs to, for ever, and what was published under it.

The first publication under a name is an event, and events are never erased nor rewritten
(``shared/audit.py``): so a name that stood in an address of this portal is never given to another
dataset, not after a withdrawal, nor when its dataset was purged.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.domain.access import level_of
from ckanext.satudata.domain.data_induk import Master, master_of
from ckanext.satudata.domain.errors import TakenNameError
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.shared.audit import Event, record
from ckanext.satudata.shared.db import lock
from ckanext.satudata.shared.row_addresses import begins_a_page

__all__ = ["KIND", "Edition", "claim", "editions", "name_of", "owner_of", "owners",
           "published_table", "refusal"]

#: Of versions, read by name and never written here.
_VERSION = sa.table("satudata_version", *(sa.column(each) for each in (
    "submission_id", "package_id", "number", "ended_at", "withdrawn_at", "purged_at")),
    sa.column("content", JSONB))
_FILE = sa.table("satudata_version_file", *(sa.column(each) for each in (
    "submission_id", "resource_id", "sha256", "table_sha256", "format")))
#: Kind of the events.
KIND = "data_induk"
_TAKEN = N_(
    "Nama Data Induk “{name}” sudah menjadi alamat data lain di portal ini. Pilih nama lain.")
_PAGE = N_(
    "Nama Data Induk “{name}” sudah dipakai untuk halaman portal ini. Pilih nama lain.")
_FIXED = N_(
    "Data ini sudah terbit sebagai Data Induk “{name}” dan alamat baris-barisnya sudah dipakai. "
    "Kembalikan nama itu, atau kosongkan bila tidak lagi Data Induk.")


def owners() -> Mapping[str, str]:
    """Return the id of the dataset of every name that was ever published."""
    return dict(model.Session.execute(
        sa.select(Event.data["name"].astext, Event.package_id)
        .where(Event.kind == KIND).order_by(Event.id)).tuples().all())


def owner_of(name: str) -> str | None:
    """Return the id of the dataset a name belongs to; nothing where it was never published."""
    return model.Session.scalar(sa.select(Event.package_id).where(
        Event.kind == KIND, Event.data["name"].astext == name).limit(1))


def name_of(package_id: str) -> str | None:
    """Return the name a dataset was published under as a Data Induk."""
    return model.Session.scalar(sa.select(Event.data["name"].astext).where(
        Event.kind == KIND, Event.package_id == package_id).limit(1))


def refusal(name: str, package_id: str) -> str:
    """Return why a dataset may not take a name, in the user's language; empty where it may.

    :param package_id: of the dataset as the public knows it, empty for one not made yet
    """
    message, said = _refused(name, package_id)
    return tk._(message).format(name=said) if message else ""


def claim(name: str, package_id: str, submission_id: str, number: int, state: str) -> None:
    """Give a name to a dataset that is being published under it, in the running transaction.

    :raises TakenNameError: it is another's, or the dataset has another name
    """
    lock(KIND, name)
    message, said = _refused(name, package_id)
    if message:
        raise TakenNameError(message, state, name=said)
    if owner_of(name) is None:
        record(KIND, actor=None, submission_id=submission_id, package_id=package_id,
               version=number, data={"name": name})


@dataclass(frozen=True)
class Edition:
    """The table of a list as one version published it.

    :ivar ended: ISO day its version ended, empty while it is public
    :ivar sha256: of its rows as CSV
    """

    name: str
    number: int
    ended: str
    sha256: str
    master: Master


def published_table(name: str) -> Edition | None:
    """Return the table of a list that is public and open; nothing where there is none as CSV."""
    owner = owner_of(name)
    package = None if owner is None else model.Session.get(model.Package, owner)
    if package is None or package.private or package.state != model.State.ACTIVE or (
            level_of((package.extras or {}).get("access_rights")).restricted):
        return None
    return next((each for each in editions(name, package.id, 1) if not each.ended), None)


def editions(name: str, package_id: str, most: int) -> list[Edition]:
    """Return the tables a list was published as, newest first.

    A version that was withdrawn or purged says nothing here, as it says nothing anywhere; nor does
    one that was restricted, whatever the dataset is now.

    :param most: versions that are looked at
    """
    version = _VERSION.c
    rows = model.Session.execute(
        sa.select(version.submission_id, version.number, version.ended_at, version.content)
        .where(version.package_id == package_id, version.withdrawn_at.is_(None),
               version.purged_at.is_(None), version.content["data_induk"].astext == name)
        .order_by(version.number.desc()).limit(most)).all()
    found = [_edition(name, each) for each in rows
             if not level_of(each.content.get("access_rights")).restricted]
    return [each for each in found if each is not None]


def _edition(name: str, row: Any) -> Edition | None:
    master = master_of(row.content)
    file = None if master is None else model.Session.execute(
        sa.select(_FILE.c.sha256, _FILE.c.table_sha256, _FILE.c.format)
        .where(_FILE.c.submission_id == row.submission_id,
               _FILE.c.resource_id == master.resource)).first()
    if master is None or file is None:
        return None
    sha256 = file.table_sha256 or (file.sha256 if file.format.upper() == "CSV" else None)
    ended = "" if row.ended_at is None else row.ended_at.date().isoformat()
    return Edition(name, row.number, ended, sha256, master) if sha256 else None


def _refused(name: str, package_id: str) -> tuple[str, str]:
    owner = owner_of(name)
    if owner is None and begins_a_page(name):
        return _PAGE, name
    if owner is not None and owner != package_id:
        return _TAKEN, name
    before = name_of(package_id) if package_id else None
    if before is not None and before != name:
        return _FIXED, before
    return "", ""
