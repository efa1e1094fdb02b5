"""A request as a dictionary, for the API and the pages: each reader gets what is theirs to see."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.plugins.toolkit import _

from ckanext.satudata import config
from ckanext.satudata.access.request_model import AccessRequest
from ckanext.satudata.access.words import day_of
from ckanext.satudata.domain import requests as law
from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.errors import WorkflowError
from ckanext.satudata.domain.request_forms import DURATIONS
from ckanext.satudata.domain.requests import (
    ANSWERED,
    GROUNDS,
    LABELS,
    STEPS,
    Ground,
    Party,
    State,
)
from ckanext.satudata.domain.roles import Actor
from ckanext.satudata.shared import moment

__all__ = ["duration_label", "full", "ground_label", "objection", "state_label", "summaries"]


def state_label(state: str) -> str:
    """Return what people read on a badge."""
    return _(LABELS[State(state)])


def ground_label(code: str) -> str:
    """Return a ground of refusal in the law's words."""
    return _(GROUNDS[Ground(code)])


def duration_label(days: int) -> str:
    """Return how long is asked for, in words."""
    return _(DURATIONS[days]) if days in DURATIONS else str(days)


def summaries(rows: Sequence[AccessRequest], actor: Actor) -> list[dict[str, Any]]:
    """Return requests as a list shows them."""
    now = moment.now()
    seen = law.desk(actor)
    packages, groups = _packages(row.package_id for row in rows), _groups(
        row.owner_org for row in rows)
    return [_summary(row, actor, seen, now, packages, groups) for row in rows]


def full(row: AccessRequest, actor: Actor | None) -> dict[str, Any]:
    """Return one request with all that its reader may know.

    :param actor: who reads; ``None`` for the holder of its personal link
    """
    now = moment.now()
    reader = actor or Actor("")
    mine = actor is None or (bool(actor.id) and row.user_id == actor.id)
    shown = _summary(row, reader, law.desk(reader), now, _packages([row.package_id]),
                     _groups([row.owner_org]))
    if mine:
        shown["requester"]["email"] = row.email
    opened = set(row.answer.get("files") or [])
    shown |= {
        "purpose": row.purpose, "version": row.version, "mine": mine,
        "files": [{**each, "opened": each["id"] in opened} for each in row.files],
        "days": row.days, "days_label": duration_label(row.days),
        "extended_at": _iso(row.extended_at), "extension_reason": row.extension_reason,
        "answer": _answer(row), "answered_by": _person(row.answered_by) if not mine else None,
        "grant_id": row.grant_id if not mine else None,
        "objection": objection(row) if row.status in ANSWERED else "",
        "actions": [name for name in STEPS if _may(row, name, reader, mine, now)],
    }
    return shown


def objection(row: AccessRequest) -> str:
    """Say to whom and until when somebody objects to an answer (UU 14/2008 art. 35 to 37)."""
    assert row.closed_at is not None
    due = law.objection_due(row.closed_at, config.hari_libur(), config.zona_waktu())
    whom = config.keberatan()
    return _(
        "Bila keberatan atas jawaban ini, Anda dapat mengajukannya secara tertulis kepada atasan "
        "PPID{whom} paling lambat {date} (UU 14/2008 pasal 35 dan 36). Atasan PPID menanggapinya "
        "dalam 30 hari kerja. Bila tanggapan itu tidak memuaskan, sengketanya dapat dibawa ke "
        "Komisi Informasi dalam 14 hari kerja (pasal 37).").format(
            whom=f" ({whom})" if whom else "", date=day_of(due))


def _may(row: AccessRequest, name: str, actor: Actor, mine: bool, now: dt.datetime) -> bool:
    parties = STEPS[name].parties
    party = Party.PEMOHON if mine and Party.PEMOHON in parties else Party.PPID
    if name == "buktikan" and row.user_id is not None:
        return False
    try:
        law.decide(row.facts(), name, party, now, actor)
    except WorkflowError:
        return False
    return True


def _summary(
    row: AccessRequest, actor: Actor, seen: law.Desk, now: dt.datetime,
    packages: dict[str, tuple[str, str]], groups: dict[str, str],
) -> dict[str, Any]:
    holidays, zone = config.hari_libur(), config.zona_waktu()
    name, state = packages.get(row.package_id, ("", "deleted"))
    return {
        "id": row.id, "number": row.number, "state": row.state,
        "state_label": state_label(row.state),
        "dataset": {"id": row.package_id, "name": name or row.package_id, "title": row.title,
                    "url": tk.h.url_for("dataset.read", id=name) if state == "active" else ""},
        "organization": {"id": row.owner_org, "title": groups.get(row.owner_org, "")},
        "requester": {
            "name": row.name, "institution": row.institution, "account": bool(row.user_id),
            # UU 27/2022 art. 27: the OPD reads what its data is wanted for, not how to write.
            "email": row.email if seen.addresses else "",
            "proven": row.received_at is not None,
        },
        "created_at": _iso(row.created_at), "received_at": _iso(row.received_at),
        "due_at": _iso(row.due_at), "closed_at": _iso(row.closed_at),
        "urgency": law.urgency(row.status, row.due_at, now, holidays, zone).value,
        "days_late": workdays.working_days_late(row.due_at, now, holidays, zone)
        if row.due_at is not None and row.status in law.OPEN else 0,
        "days_left": workdays.working_days_left(now, row.due_at, holidays, zone)
        if row.due_at is not None and row.status in law.OPEN else 0,
        "url": tk.h.url_for("satudata_access_requests.show", id=row.id),
    }


def _answer(row: AccessRequest) -> dict[str, Any] | None:
    if row.status not in ANSWERED:
        return None
    given = row.answer
    return {
        **given, "files": list(given.get("files") or []),
        "grounds": [{"code": each, "label": ground_label(each)}
                    for each in given.get("grounds") or []]}


def _packages(identifiers: Iterable[str]) -> dict[str, tuple[str, str]]:
    rows = model.Session.execute(
        sa.select(model.Package.id, model.Package.name, model.Package.state)
        .where(model.Package.id.in_(set(identifiers))))
    return {row.id: (row.name, row.state) for row in rows}


def _groups(identifiers: Iterable[str]) -> dict[str, str]:
    rows = model.Session.execute(
        sa.select(model.Group.id, model.Group.name, model.Group.title)
        .where(model.Group.id.in_({each for each in identifiers if each})))
    return {row.id: row.title or row.name for row in rows}


def _person(identifier: str | None) -> str:
    found = model.Session.get(model.User, identifier) if identifier else None
    return (found.fullname or found.name) if found is not None else ""


def _iso(value: dt.datetime | None) -> str | None:
    return value.astimezone(dt.timezone.utc).isoformat() if value is not None else None
