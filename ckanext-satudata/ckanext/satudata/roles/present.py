"""Grants as the API and the page show them: names, dates of this place, standing, trail."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins.toolkit import _

from ckanext.satudata import config
from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.roles import SCOPES, Role, ScopeKind
from ckanext.satudata.domain.standing import HELD_BY_MEMBERS, Standing
from ckanext.satudata.roles import words
from ckanext.satudata.roles.service import EVENT, LEAST_WALIDATA
from ckanext.satudata.shared import actor
from ckanext.satudata.shared.actor import RoleGrant
from ckanext.satudata.shared.audit import ACCOUNT, Event

__all__ = ["grants", "trail", "warnings"]

#: Say that all walidata end soon, so many days before.
SOON = dt.timedelta(days=30)


def grants(rows: Sequence[RoleGrant]) -> list[dict[str, Any]]:
    """Return grants as dictionaries, each with its standing and its trail."""
    stands = actor.standings(rows)
    people = _people({each for row in rows
                      for each in (row.user_id, row.granted_by, row.revoked_by) if each})
    places = _places({row.scope for row in rows if row.scope} | {actor.walidata_id()})
    trails: dict[str, list[dict[str, Any]]] = {}
    for event in _events([row.id for row in rows]):
        trails.setdefault(event.data["grant"], []).append(_step(event))
    for steps in trails.values():
        for step in steps:
            step["actor"] = people.get(step.pop("actor_id") or "")
    return [_grant(row, stands[row.id], people, places, trails.get(row.id, [])) for row in rows]


def trail(limit: int, offset: int = 0) -> tuple[int, list[dict[str, Any]]]:
    """Return how often roles were given or taken, and one page of it, newest first.

    Among them what was changed of another's account, which could decide in its name.
    """
    ours = Event.kind.in_([EVENT, ACCOUNT])
    query = sa.select(Event).where(ours)
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(Event).where(ours))
    events = list(model.Session.scalars(
        query.order_by(Event.id.desc()).limit(limit).offset(offset)))
    people = _people({each for event in events
                      for each in (event.actor_id, event.data.get("user")) if each})
    places = _places({event.data.get("scope") or "" for event in events})
    return count or 0, [{
        **_step(event), "kind": event.kind, "actor": people.get(event.actor_id or ""),
        "user": people.get(event.data.get("user") or ""),
        "role": event.data.get("role"),
        "role_label": words.role_label(event.data.get("role") or ""),
        "scope_label": _scope_label(event.data.get("role") or "", event.data.get("scope") or "",
                                    places, event.data.get("scope_title") or ""),
    } for event in events]


def warnings() -> list[dict[str, str]]:
    """Return what endangers the four eyes: too few walidata, or all of them ending soon."""
    rows = list(model.Session.scalars(sa.select(RoleGrant).where(
        RoleGrant.role == Role.WALIDATA.value, RoleGrant.revoked_at.is_(None))))
    stands = actor.standings(rows)
    held = [row for row in rows if stands[row.id] is Standing.BERLAKU]
    people = {row.user_id for row in held}
    found: list[dict[str, str]] = []
    if not people:
        found.append({"code": "walidata_tidak_ada", "message": _(
            "Belum ada walidata yang berlaku: tidak ada data yang dapat diperiksa atau terbit. "
            "Beri peran walidata kepada sedikitnya dua orang.")})
    elif len(people) < LEAST_WALIDATA:
        found.append({"code": "walidata_satu_orang", "message": _(
            "Baru satu orang memegang peran walidata. Yang mengisi atau mengirim tidak boleh "
            "menyetujui, jadi perlu sedikitnya dua orang.")})
    soon = dt.datetime.now(dt.timezone.utc) + SOON
    if held and all(row.until is not None and row.until <= soon for row in held):
        last = max(row.until for row in held if row.until is not None)
        found.append({"code": "walidata_segera_berakhir", "message": _(
            "Semua peran walidata berakhir paling lambat {tanggal}. Beri peran baru sebelum "
            "hari itu.").format(tanggal=words.day(words.last_day(last)))})
    return found


def _grant(
    row: RoleGrant, stands: Standing, people: dict[str, dict[str, Any]],
    places: dict[str, dict[str, str]], steps: list[dict[str, Any]],
) -> dict[str, Any]:
    since, until = words.first_day(row.since), words.last_day(row.until)
    revoked = words.first_day(row.revoked_at) if row.revoked_at else None
    rests_on = actor.walidata_id() if row.role == Role.WALIDATA.value else row.scope
    return {
        "id": row.id,
        "user": people.get(row.user_id) or _unknown(row.user_id),
        "role": row.role,
        "role_label": words.role_label(row.role),
        "scope": row.scope,
        "scope_label": _scope_label(row.role, row.scope, places),
        "scope_name": places.get(row.scope, {}).get("name", ""),
        "rests_on": places.get(rests_on, {}).get("name", "")
        if row.role in {each.value for each in HELD_BY_MEMBERS} else "",
        "decree": row.decree,
        "since": since.isoformat(),
        "until": until.isoformat() if until else None,
        "granted_by": people.get(row.granted_by or ""),
        "granted_at": _iso(row.granted_at),
        "revoked_by": people.get(row.revoked_by or ""),
        "revoked_at": _iso(row.revoked_at),
        "revoke_reason": row.revoke_reason,
        "standing": stands.value,
        "standing_label": words.standing_label(
            stands, since=since, until=until, revoked=revoked,
            organization=places.get(rests_on, {}).get("title", rests_on)),
        "effective": stands is Standing.BERLAKU,
        "trail": steps,
    }


def _scope_label(
    role: str, scope: str, places: dict[str, dict[str, str]], otherwise: str = ""
) -> str:
    kind = SCOPES[Role(role)] if role in {each.value for each in Role} else None
    if kind is ScopeKind.INSTANSI:
        return places.get(scope, {}).get("title") or otherwise or scope
    if kind is ScopeKind.JENIS_DATA:
        return words.jenis_data_label(scope)
    return scope or _("Seluruh pemerintah daerah")


def _step(event: Event) -> dict[str, Any]:
    """Return an event: what was done, when, and the decree or reason."""
    done = {
        "beri": _("Diberi"), "cabut": _("Dicabut"),
        "sandi": _("Kata sandi diganti"), "surel": _("Alamat surel diganti"),
        "sysadmin_diberi": _("Dijadikan pengelola portal"),
        "sysadmin_dicabut": _("Bukan pengelola portal lagi"),
        "token_dibuat": _("Token API dibuat"), "token_dicabut": _("Token API dicabut"),
    }
    return {
        "event": event.id, "grant": event.data.get("grant"), "what": event.transition,
        "what_label": done.get(event.transition or "", event.transition or ""),
        "at": _iso(event.at), "note": event.note, "actor_id": event.actor_id,
    }


def _events(identifiers: list[str]) -> list[Event]:
    if not identifiers:
        return []
    return list(model.Session.scalars(
        sa.select(Event)
        .where(Event.kind == EVENT, Event.data["grant"].astext.in_(identifiers))
        .order_by(Event.id)))


def _people(identifiers: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return who these are; a deleted account keeps its name and says so."""
    wanted = set(identifiers)
    if not wanted:
        return {}
    rows = model.Session.scalars(sa.select(model.User).where(model.User.id.in_(wanted)))
    return {user.id: {
        "id": user.id, "name": user.name, "fullname": user.fullname or user.name,
        "active": user.state == "active",
    } for user in rows}


def _unknown(identifier: str) -> dict[str, Any]:
    return {"id": identifier, "name": "", "fullname": _("Pengguna yang sudah dihapus"),
            "active": False}


def _places(identifiers: Iterable[str]) -> dict[str, dict[str, str]]:
    wanted = {each for each in identifiers if each}
    if not wanted:
        return {}
    rows = model.Session.execute(
        sa.select(model.Group.id, model.Group.name, model.Group.title)
        .where(model.Group.id.in_(wanted)))
    return {identifier: {"name": name, "title": title or name}
            for identifier, name, title in rows}


def _iso(moment: dt.datetime | None) -> str | None:
    return workdays.local(moment, config.zona_waktu()).isoformat(
        timespec="seconds") if moment else None
