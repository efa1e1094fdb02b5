"""Finding requests, as far as somebody may read them."""
from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Sequence

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.access.request_model import AccessRequest, AccessToken
from ckanext.satudata.domain.requests import OPEN, Desk, State, desk
from ckanext.satudata.domain.roles import Actor

__all__ = ["BOXES", "by_token", "earlier", "find", "late", "listed", "locked", "may_read"]

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
#: How long after it was closed a personal link still shows what was answered.
_SHOWN = dt.timedelta(days=365)
_OPEN = [state.value for state in OPEN]
#: What each part of the desk holds.
BOXES: dict[str, Collection[str]] = {
    "terbuka": _OPEN,
    "belum_terbukti": [State.MENUNGGU_BUKTI.value],
    "selesai": [state.value for state in State
                if state not in OPEN and state is not State.MENUNGGU_BUKTI],
    "semua": [state.value for state in State],
}


def find(identifier: str) -> AccessRequest | None:
    """Return a request by id."""
    return model.Session.get(AccessRequest, identifier)


def locked(identifier: str) -> AccessRequest | None:
    """Return a request whose row is held until this transaction ends."""
    return model.Session.scalar(
        sa.select(AccessRequest).where(AccessRequest.id == identifier)
        .with_for_update().execution_options(populate_existing=True))


def by_token(token: str, now: dt.datetime) -> AccessRequest | None:
    """Return the request a personal link leads to, while it does."""
    if not _TOKEN.fullmatch(token):
        return None
    digest = hashlib.sha256(token.encode()).hexdigest()
    row = model.Session.scalar(
        sa.select(AccessRequest).join(AccessToken, AccessToken.request_id == AccessRequest.id)
        .where(AccessToken.sha256 == digest))
    if row is None or (row.closed_at is not None and now > row.closed_at + _SHOWN):
        return None
    return row


def may_read(actor: Actor, row: AccessRequest) -> bool:
    """Tell whether somebody may read a request: their own, or one on their desk."""
    return (bool(actor.id) and row.user_id == actor.id) or desk(actor).sees(row.owner_org)


def listed(
    actor: Actor, *, box: str, organization: str, package: str, query: str, limit: int,
    offset: int,
) -> tuple[int, Sequence[AccessRequest]]:
    """Return how many requests somebody may read, and a page of them.

    What is open comes by its deadline, so that what is late stands on top; the rest newest first.

    :param box: of ``BOXES``, or ``saya`` for those made with this account
    :param organization: only of this OPD (id); empty for all
    :param package: only for this dataset (id)
    :param query: part of a number, title, or name of who asks
    """
    parts = [AccessRequest.user_id == actor.id] if box == "saya" else [
        _visible(actor, desk(actor)), AccessRequest.state.in_(BOXES[box])]
    if organization:
        parts.append(AccessRequest.owner_org == organization)
    if package:
        parts.append(AccessRequest.package_id == package)
    if query:
        parts.append(sa.or_(*(column.icontains(query, autoescape=True) for column in (
            AccessRequest.number, AccessRequest.title, AccessRequest.name,
            AccessRequest.institution))))
    wanted = sa.and_(*parts)
    count = model.Session.scalar(
        sa.select(sa.func.count()).select_from(AccessRequest).where(wanted)) or 0
    order = AccessRequest.due_at.asc() if box == "terbuka" else AccessRequest.created_at.desc()
    rows = model.Session.scalars(
        sa.select(AccessRequest).where(wanted)
        .order_by(order, AccessRequest.id).limit(limit).offset(offset)).all()
    return count, rows


def late(actor: Actor, now: dt.datetime) -> int:
    """Return how many requests on a person's desk are past their deadline."""
    return model.Session.scalar(
        sa.select(sa.func.count()).select_from(AccessRequest).where(
            _visible(actor, desk(actor)), AccessRequest.state.in_(_OPEN),
            AccessRequest.due_at < now)) or 0


def waiting(actor: Actor) -> int:
    """Return how many requests wait for a person's answer; nobody answers their own."""
    if not desk(actor).answers:
        return 0
    return model.Session.scalar(
        sa.select(sa.func.count()).select_from(AccessRequest).where(
            AccessRequest.state.in_(_OPEN),
            AccessRequest.user_id.is_distinct_from(actor.id))) or 0


def earlier(row: AccessRequest, limit: int = 10) -> Sequence[AccessRequest]:
    """Return what the same person asked before: by their account, or by a proven address."""
    same = AccessRequest.user_id == row.user_id if row.user_id else sa.and_(
        AccessRequest.user_id.is_(None), AccessRequest.received_at.is_not(None),
        AccessRequest.email != "", sa.func.lower(AccessRequest.email) == row.email.lower())
    return model.Session.scalars(
        sa.select(AccessRequest).where(
            same, AccessRequest.id != row.id, AccessRequest.created_at <= row.created_at)
        .order_by(AccessRequest.created_at.desc()).limit(limit)).all()


def _visible(actor: Actor, seen: Desk) -> sa.ColumnElement[bool]:
    """Write :func:`may_read` as a condition; a test holds the two together."""
    if seen.organizations is None:
        return sa.true()
    parts: list[sa.ColumnElement[bool]] = [
        AccessRequest.owner_org.in_(sorted(seen.organizations))]
    if actor.id:
        parts.append(AccessRequest.user_id == actor.id)
    return sa.or_(*parts)
