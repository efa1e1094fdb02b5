"""Which dataset a name of a Data Induk belongs to, for ever.

The first publication under a name is an event, and events are never erased nor rewritten
(``shared/audit.py``): so a name that stood in an address of this portal is never given to another
dataset, not after a withdrawal, nor when its dataset was purged.
"""
from __future__ import annotations

from collections.abc import Mapping

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.errors import TakenNameError
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.shared.audit import Event, record
from ckanext.satudata.shared.db import lock
from ckanext.satudata.shared.row_addresses import begins_a_page

__all__ = ["KIND", "claim", "name_of", "owner_of", "owners", "refusal"]

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
