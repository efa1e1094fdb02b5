"""A setoran as the API shows it."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.intake.states import STATE_LABELS, WAY_LABELS, State, Way
from ckanext.satudata.intake.model import Intake

__all__ = ["name_of", "shown"]

_LINK = sa.table("satudata_upload_link", *(sa.column(each) for each in (
    "id", "label", "unit_code", "unit_name", "recap_id")))


def name_of(identifier: str) -> str:
    """Return the name under which the inspection knows a setoran."""
    return f"setoran/{identifier}"


def shown(rows: Iterable[Intake]) -> list[dict[str, Any]]:
    """Return setoran with people and units by name, times in ISO 8601, UTC."""
    rows = list(rows)
    users = {each.id: each for each in model.Session.query(model.User).filter(model.User.id.in_(
        [each for row in rows for each in (row.sent_by, row.decided_by) if each]))}
    links = {each.id: each for each in model.Session.execute(sa.select(_LINK).where(
        _LINK.c.id.in_([row.link_id for row in rows if row.link_id])))}
    return [_one(each, users, links) for each in rows]


def _one(row: Intake, users: dict[str, Any], links: dict[str, Any]) -> dict[str, Any]:
    link = links.get(row.link_id or "")
    return {
        "id": row.id, "package_id": row.package_id, "content_id": row.content_id,
        "way": row.way, "way_label": tk._(WAY_LABELS[Way(row.way)]),
        "filename": row.filename, "size": row.size, "sha256": row.sha256,
        "sent_by": _person(users.get(row.sent_by or "")), "sender": row.sender,
        "created_at": _iso(row.created_at), "note": row.note,
        "state": row.state, "state_label": tk._(STATE_LABELS[State(row.state)]),
        "decided_by": _person(users.get(row.decided_by or "")),
        "decided_at": _iso(row.decided_at), "purged_at": _iso(row.purged_at),
        "replaces": row.replaces, "resources": list(row.resources),
        "link_id": row.link_id, "link_label": link.label if link is not None else "",
        "recap_id": link.recap_id if link is not None else None,
        "unit": {"code": link.unit_code, "name": link.unit_name}
        if link is not None and link.unit_code else None,
    }


def _person(user: model.User | None) -> dict[str, str] | None:
    return None if user is None else {
        "id": user.id, "name": user.name, "fullname": user.fullname or user.name}


def _iso(value: dt.datetime | None) -> str | None:
    return value.astimezone(dt.timezone.utc).isoformat() if value is not None else None
