"""What the clock has to tell of access: deadlines, permissions and tests that end.

Each is told once: the event carries a name of what it tells, and one of that name is not written
twice. However often the scheduler looks, and however many run, nobody hears again.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata import config
from ckanext.satudata.access.basis import basis
from ckanext.satudata.access.model import AccessGrant
from ckanext.satudata.access.request_model import AccessRequest
from ckanext.satudata.access.requests import KIND, MAIL, lapse
from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.access import Holder
from ckanext.satudata.domain.requests import GRANT_WARNING_DAYS, OPEN, Urgency, urgency
from ckanext.satudata.shared import audit, outbox
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.scheduler import timed

__all__ = ["look"]


@timed("satudata_akses", dt.timedelta(minutes=30))
def look(now: dt.datetime) -> None:
    """Tell what is due, and forget requests nobody stood up for."""
    lapse(now)
    for found in (_deadlines(now), _permissions(now), _tests(now)):
        _tell(list(found), now)


def _deadlines(now: dt.datetime) -> Iterator[dict[str, Any]]:
    """Yield requests that are late, or soon will be; an extension counts anew."""
    holidays, zone = config.hari_libur(), config.zona_waktu()
    for row in model.Session.scalars(sa.select(AccessRequest).where(
            AccessRequest.state.in_([state.value for state in OPEN]))):
        found = urgency(row.status, row.due_at, now, holidays, zone)
        if found is not Urgency.NONE and row.due_at is not None:
            yield {"transition": found.value, "request": row.id, "number": row.number,
                   "package": row.package_id, "owner_org": row.owner_org,
                   "once": f"{found.value}:{row.id}:{row.due_at.date().isoformat()}"}


def _permissions(now: dt.datetime) -> Iterator[dict[str, Any]]:
    """Yield permissions of people that end soon; one that was shorter than that says so itself."""
    warned = dt.timedelta(days=GRANT_WARNING_DAYS)
    for row in model.Session.scalars(sa.select(AccessGrant).where(
            AccessGrant.revoked_at.is_(None), AccessGrant.until > now,
            AccessGrant.until <= now + warned, AccessGrant.until - AccessGrant.since > warned,
            AccessGrant.kind.in_((Holder.ORANG.value, Holder.PERMOHONAN.value)))):
        yield {"transition": "izin_berakhir", "grant": row.id, "package": row.package_id,
               "request": row.request_id, "kind": row.kind, "holder": row.holder,
               "until": row.until.isoformat(), "once": f"izin:{row.id}"}


def _tests(now: dt.datetime) -> Iterator[dict[str, Any]]:
    """Yield tests of consequences that end soon or are over, of data that is public now."""
    day = workdays.local(now, config.zona_waktu()).date()
    extras = model.Package.extras
    for row in model.Session.execute(
            sa.select(model.Package.id, model.Package.owner_org, extras).where(
                model.Package.type == "dataset", model.Package.state == "active",
                model.Package.private.is_(False),
                extras["access_rights"].astext.in_(("terbatas", "tertutup")))):
        for test in basis(row.extras or {}, day)["tests"]:
            if test["state"] in ("segera", "lewat"):
                yield {"transition": "uji_berakhir", "package": row.id,
                       "owner_org": row.owner_org or "", "until": test["until"],
                       "number": test["number"], "once": f"uji:{row.id}:{test['until'][:10]}"}


def _tell(found: list[dict[str, Any]], now: dt.datetime) -> None:
    told = _told(each["once"] for each in found)
    for each in found:
        if each["once"] in told:
            continue
        with unit_of_work():
            event = audit.record(KIND, actor=None, at=now, transition=each.pop("transition"),
                                 data=each)
            outbox.put(KIND, f"{KIND}:{event.id}", {"event_id": event.id}, event_id=event.id)
            if each.get("kind") == Holder.PERMOHONAN.value:
                outbox.put(MAIL, f"{MAIL}:{event.id}", {"event_id": event.id}, event_id=event.id)


def _told(names: Iterable[str]) -> set[str]:
    wanted = sorted(set(names))
    if not wanted:
        return set()
    once = Event.data["once"].astext
    return set(model.Session.scalars(
        sa.select(once).where(Event.kind == KIND, once.in_(wanted))))
