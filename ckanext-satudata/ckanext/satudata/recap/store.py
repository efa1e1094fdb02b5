"""Rows of recaps, of the links that are their units, and of what came by these."""
from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.recap.model import Recap

__all__ = ["find", "forget", "links", "locked", "mark_reminded", "of_package", "open_count",
           "resources_of", "sent", "tally"]

_LINK = sa.table("satudata_upload_link", *(sa.column(each) for each in (
    "id", "recap_id", "unit_code", "unit_name", "expires_at", "revoked_at", "opened_at",
    "reminded_at")), sa.column("contact", JSONB))
_INTAKE = sa.table("satudata_intake", *(sa.column(each) for each in (
    "id", "link_id", "state", "created_at", "decided_at", "filename", "purged_at", "sha256")),
    sa.column("resources", JSONB))
_INSPECTION = sa.table("satudata_inspection", *(sa.column(each) for each in (
    "id", "resource_id", "state", "asked_at", "stripped_at")), sa.column("counts", JSONB),
    sa.column("files", JSONB), sa.column("report", JSONB))
#: Under which name the inspection knows a setoran.
_NAME = "setoran/"
_UNANSWERED = "$.tables[*].questions[*] ? (!(exists(@.answer)) || @.answer == null)"


def find(identifier: str) -> Recap:
    """Return a recap.

    :raises ObjectNotFound: there is none
    """
    found = model.Session.get(Recap, identifier)
    if found is None:
        raise tk.ObjectNotFound(tk._("Rekap tidak ditemukan."))
    return found


def locked(identifier: str) -> Recap:
    """Return a recap and hold it until the commit.

    :raises ObjectNotFound: there is none
    """
    found = model.Session.get(Recap, identifier, with_for_update=True, populate_existing=True)
    if found is None:
        raise tk.ObjectNotFound(tk._("Rekap tidak ditemukan."))
    return found


def of_package(package_id: str) -> Sequence[Recap]:
    """Return the recaps of a dataset, newest first."""
    return model.Session.scalars(
        sa.select(Recap).where(Recap.package_id == package_id)
        .order_by(Recap.created_at.desc(), Recap.id)).all()


def open_count(package_id: str) -> int:
    """Return how many recaps of a dataset are open."""
    return model.Session.scalar(
        sa.select(sa.func.count()).select_from(Recap)
        .where(Recap.package_id == package_id, Recap.closed_at.is_(None))) or 0


def tally(recaps: Collection[str]) -> dict[str, tuple[int, int]]:
    """Return of each recap how many units it has, and how many sent something that was kept."""
    sent_ = sa.exists(sa.select(_INTAKE.c.id).where(
        _INTAKE.c.link_id == _LINK.c.id, _INTAKE.c.state != "dibuang"))
    rows = model.Session.execute(
        sa.select(_LINK.c.recap_id, sa.func.count().label("units_"),
                  sa.func.count().filter(sent_).label("sent_"))
        .where(_LINK.c.recap_id.in_(list(recaps))).group_by(_LINK.c.recap_id))
    return {row.recap_id: (row.units_, row.sent_) for row in rows}


def links(recap_id: str) -> Sequence[Any]:
    """Return the units of a recap: their links, in the order of their codes."""
    return model.Session.execute(
        sa.select(_LINK).where(_LINK.c.recap_id == recap_id).order_by(_LINK.c.unit_code)).all()


def sent(recap_id: str) -> Sequence[Any]:
    """Return what the units of a recap sent, oldest first, and how each was read.

    Each reading is looked up on its own: joined as a set, PostgreSQL takes thousands that came in
    the last minute for one, and reads all of them again for each.
    """
    inspected = (
        sa.select(
            _INSPECTION.c.state.label("reading"), _INSPECTION.c.files,
            _INSPECTION.c.counts["wajib"].as_integer().label("mend"),
            sa.func.jsonb_array_length(_INSPECTION.c.report["tables"]).label("tables"),
            sa.func.jsonb_array_length(sa.func.jsonb_path_query_array(
                _INSPECTION.c.report, sa.cast(_UNANSWERED, sa.Text).op("::")(
                    sa.text("jsonpath")))).label("questions"),
            _INSPECTION.c.stripped_at)
        .where(_INSPECTION.c.resource_id == sa.literal(_NAME) + _INTAKE.c.id)
        .order_by(_INSPECTION.c.asked_at.desc(), _INSPECTION.c.id).limit(1)
        .correlate(_INTAKE).lateral())
    return model.Session.execute(
        sa.select(_INTAKE.c.id, _INTAKE.c.link_id, _INTAKE.c.state, _INTAKE.c.created_at,
                  _INTAKE.c.decided_at, _INTAKE.c.filename, inspected)
        .join(_LINK, _LINK.c.id == _INTAKE.c.link_id)
        .outerjoin(inspected, sa.true())
        .where(_LINK.c.recap_id == recap_id, _INTAKE.c.purged_at.is_(None))
        .order_by(_INTAKE.c.created_at, _INTAKE.c.id)).all()


def resources_of(intake_id: str | None) -> tuple[str, list[str]]:
    """Return the state of a setoran and which files of a draft it became."""
    row = model.Session.execute(
        sa.select(_INTAKE.c.state, _INTAKE.c.resources).where(_INTAKE.c.id == intake_id)).first()
    return ("", []) if row is None else (row.state, list(row.resources or []))


def mark_reminded(link_ids: Collection[str], at: dt.datetime) -> None:
    """Write down when units were reminded; commits nothing."""
    model.Session.execute(
        sa.update(_LINK).where(_LINK.c.id.in_(list(link_ids))).values(reminded_at=at))


def forget(package_id: str) -> None:
    """Delete the recaps of a dataset; their links go with them. Commits nothing."""
    model.Session.execute(sa.delete(Recap).where(Recap.package_id == package_id))
