"""Lists of submissions: what waits for me, for others, what is late, what is done."""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.roles import (
    GRANTS,
    SCOPES,
    Actor,
    Permission,
    Reach,
    ScopeKind,
)
from ckanext.satudata.domain.workflow import EDITABLE, OPEN, State
from ckanext.satudata.workflow.model import Submission

__all__ = ["BOXES", "count_boxes", "visible", "waits_for"]

BOXES = ("menunggu_saya", "menunggu_lain", "berjalan", "lewat_tenggat", "selesai")

S, P = State, Permission
_OPEN = sorted(each.value for each in OPEN)
_CLOSED = sorted(each.value for each in State if each not in OPEN)


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition that leaves what somebody may read."""
    return sa.true() if actor.sysadmin else _reach(actor, Permission.BACA)


def waits_for(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition that leaves what this person is the next to act on.

    A submission somebody inspects waits for that inspector, not for colleagues; what is approved
    and has a date waits for nobody.
    """
    mine = sa.or_(Submission.inspector_id == actor.id, Submission.inspector_id.is_(None))
    typed = sa.and_(Submission.on_behalf_by.is_not(None), Submission.confirmed_at.is_(None))
    parts: list[tuple[Permission, sa.ColumnElement[bool]]] = [
        (P.AJUKAN, sa.and_(Submission.state.in_([each.value for each in EDITABLE]), ~typed)),
        (P.KONFIRMASI, sa.and_(
            Submission.state.in_([each.value for each in EDITABLE]), typed)),
        (P.PERIKSA, Submission.state == S.DIAJUKAN.value),
        (P.PERIKSA, sa.and_(Submission.state == S.DIPERIKSA_WALIDATA.value, mine)),
        (P.PERIKSA_PEMBINA, Submission.state == S.DIPERIKSA_PEMBINA.value),
        (P.TERUSKAN, Submission.state == S.DIKEMBALIKAN_PEMBINA.value),
        (P.TERBITKAN, sa.and_(Submission.state == S.DISETUJUI.value,
                              Submission.release_at.is_(None))),
    ]
    return sa.or_(sa.false(), *[
        sa.and_(condition, _reach(actor, permission)) for permission, condition in parts])


def _reach(actor: Actor, permission: Permission) -> sa.ColumnElement[bool]:
    """Return where the actor's roles give a permission; the same rule as ``roles.may``."""
    organizations: list[str] = []
    kinds: dict[bool, list[str]] = {True: [], False: []}
    conditions: list[sa.ColumnElement[bool]] = []
    for grant in actor.grants:
        reach = GRANTS[grant.role].get(permission)
        if reach is None:
            continue
        kind = SCOPES[grant.role]
        if reach is Reach.RESTRICTED:
            conditions.append(Submission.restricted.is_(True))
        elif kind is ScopeKind.INSTALASI:
            return sa.true()
        elif kind is ScopeKind.INSTANSI:
            organizations.append(grant.scope)
        else:
            kinds[reach is Reach.AT_PEMBINA].append(grant.scope)
    if organizations:
        conditions.append(Submission.owner_org.in_(organizations))
    if kinds[False]:
        conditions.append(Submission.jenis_data.in_(kinds[False]))
    if kinds[True]:
        conditions.append(sa.and_(
            Submission.jenis_data.in_(kinds[True]), Submission.at_pembina.is_(True)))
    return sa.or_(sa.false(), *conditions)


def in_box(box: str, actor: Actor, now: dt.datetime) -> sa.ColumnElement[bool]:
    """Return the condition of one box."""
    is_open = Submission.state.in_(_OPEN)
    if box == "menunggu_saya":
        return waits_for(actor)
    if box == "menunggu_lain":
        return sa.and_(is_open, ~waits_for(actor))
    if box == "berjalan":
        return is_open
    if box == "lewat_tenggat":
        return sa.and_(is_open, Submission.due_at < now)
    return Submission.state.in_(_CLOSED)


def count_boxes(actor: Actor, condition: sa.ColumnElement[bool]) -> dict[str, int]:
    """Return how many submissions each box holds, in one query."""
    now = dt.datetime.now(dt.timezone.utc)
    seen = sa.and_(visible(actor), condition)
    # What is done is most of it and needs no more than its number: an index has that alone.
    done = sa.select(sa.func.count()).where(seen, in_box("selesai", actor, now))
    row: Any = model.Session.execute(sa.select(
        *[sa.func.count().filter(in_box(box, actor, now)) for box in BOXES[:-1]],
        done.scalar_subquery(),
    ).where(seen, Submission.state.in_(_OPEN))).one()
    return dict(zip(BOXES, row, strict=True))
