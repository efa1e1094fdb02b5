"""Notices that something was handed in by a link: to whoever may take it into the draft.

A hundred units may send on one day, so a person who has not read the last one of a dataset hears
no second; what they open says how many wait by then.
"""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.mail_text import one_line
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.notices import Kind
from ckanext.satudata.domain.roles import Permission, Subject
from ckanext.satudata.notices.model import Notice
from ckanext.satudata.notices.telling import letter, told
from ckanext.satudata.shared import mail, outbox
from ckanext.satudata.shared.actor import permitted
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.shared.language import default_language

__all__ = ["KIND", "MAIL", "MESSAGE", "send_mail", "shown", "tell"]

#: Of the events; the message that tells of one; the mail.
KIND, MESSAGE, MAIL = "tautan_setor", "kiriman_tautan", "surel_kiriman_tautan"
_INTAKE = sa.table("satudata_intake", sa.column("package_id"), sa.column("state"),
                   sa.column("link_id"))
_HEADLINE = N_("Ada kiriman lewat tautan: {judul}")
_TEXT = N_("{jumlah} berkas untuk “{judul}” menunggu Anda terima atau buang.")
_NONE = N_("Kiriman untuk “{judul}” sudah diputuskan.")


@outbox.handles(MESSAGE)
def tell(payload: dict[str, Any]) -> None:
    """Write an entry for each who may take it and has none unread, and put a mail."""
    event = model.Session.get(Event, int(payload["event_id"]))
    package = _package(event)
    if event is None or package is None or not _waiting(package.id):
        return
    for person in _people(package):
        if not _has_unread(person, package.id):
            told(event, person, Kind.TUGAS, MAIL)


@outbox.handles(MAIL)
def send_mail(payload: dict[str, Any]) -> None:
    """Send one person the mail of one event, if there is still something to take.

    :raises Exception: as :func:`ckanext.satudata.shared.mail.deliver`
    """
    event = model.Session.get(Event, int(payload["event_id"]))
    user = model.Session.get(model.User, str(payload["user_id"]))
    package = _package(event)
    if event is None or user is None or user.state != "active" or package is None:
        return
    count = _waiting(package.id)
    if not count or user.id not in _people(package):
        return
    with default_language():
        written = letter(
            _words(_HEADLINE, package, count),
            _words(_TEXT, package, count),
            tk.h.url_for("satudata_intake_desk.index", id=package.name, qualified=True),
            tk._("Lihat kiriman"))
        mail.deliver(user, f"{MAIL}:{event.id}:{user.id}", written, event.at)


def shown(event: Event, person: str) -> dict[str, Any] | None:
    """Return the words and address of a notice, or ``None`` for whom it concerns no more."""
    package = _package(event)
    if package is None or person not in _people(package):
        return None
    count = _waiting(package.id)
    return {
        "url": tk.h.url_for("satudata_intake_desk.index", id=package.name),
        "headline": _words(_HEADLINE, package, count),
        "text": _words(_TEXT if count else _NONE, package, count), "note": "",
    }


def _package(event: Event | None) -> model.Package | None:
    found = model.Session.get(model.Package, event.package_id) if (
        event is not None and event.package_id) else None
    return found if found is not None and found.state == "active" else None


def _people(package: model.Package) -> list[str]:
    """Return who may take what came for a dataset now."""
    return permitted(Permission.ISI, Subject(organization=package.owner_org or ""))


def _waiting(package_id: str) -> int:
    return model.Session.scalar(
        sa.select(sa.func.count()).select_from(_INTAKE).where(
            _INTAKE.c.package_id == package_id, _INTAKE.c.state == "menunggu",
            _INTAKE.c.link_id.is_not(None))) or 0


def _has_unread(person: str, package_id: str) -> bool:
    return model.Session.scalar(
        sa.select(sa.literal(1)).select_from(Notice).join(Event, Event.id == Notice.event_id)
        .where(Notice.user_id == person, Notice.read_at.is_(None), Event.kind == KIND,
               Event.package_id == package_id).limit(1)) is not None


def _words(text: str, package: model.Package, count: int) -> str:
    return str(tk._(text)).format(
        judul=one_line(package.title or package.name, 200), jumlah=count)
