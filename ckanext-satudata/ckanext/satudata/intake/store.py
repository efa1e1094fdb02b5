"""Rows of what was handed in."""
from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.intake.states import State
from ckanext.satudata.intake.model import Intake

__all__ = ["by_receipt", "counts", "find", "locked", "old", "page", "waiting"]


def find(identifier: str) -> Intake:
    """Return a setoran.

    :raises ObjectNotFound: there is none
    """
    found = model.Session.get(Intake, identifier)
    if found is None:
        raise tk.ObjectNotFound(tk._("Kiriman tidak ditemukan."))
    return found


def locked(identifier: str) -> Intake:
    """Return a setoran and hold it until the commit; the dataset's versions are held before it.

    :raises ObjectNotFound: there is none
    """
    found = model.Session.get(Intake, identifier, with_for_update=True, populate_existing=True)
    if found is None:
        raise tk.ObjectNotFound(tk._("Kiriman tidak ditemukan."))
    return found


def by_receipt(sha256: str) -> Intake | None:
    """Return what somebody without an account handed in."""
    return model.Session.scalars(
        sa.select(Intake).where(Intake.receipt_sha256 == sha256).limit(1)).first()


def page(
    package_id: str, state: State | None, link_id: str, limit: int, offset: int
) -> tuple[int, Sequence[Intake]]:
    """Return how many setoran a dataset has, and some of them, newest first."""
    wanted: list[Any] = [Intake.package_id == package_id]
    if state is not None:
        wanted.append(Intake.state == state.value)
    if link_id:
        wanted.append(Intake.link_id == link_id)
    count = model.Session.scalar(
        sa.select(sa.func.count()).select_from(Intake).where(*wanted)) or 0
    rows = model.Session.scalars(
        sa.select(Intake).where(*wanted).order_by(Intake.created_at.desc(), Intake.id)
        .limit(limit).offset(offset)).all() if limit else []
    return count, rows


def counts(package_id: str) -> dict[str, int]:
    """Return how many setoran of a dataset are in each state."""
    rows = model.Session.execute(
        sa.select(Intake.state, sa.func.count().label("count_"))
        .where(Intake.package_id == package_id)
        .group_by(Intake.state))
    return {each.value: 0 for each in State} | {each.state: each.count_ for each in rows}


def waiting(package_id: str) -> int:
    """Return how many setoran of a dataset nobody decided on."""
    return counts(package_id)[State.MENUNGGU.value]


def old(before: dt.datetime, limit: int = 500) -> Sequence[str]:
    """Return the setoran thrown away before a time whose bytes are still kept."""
    return model.Session.scalars(
        sa.select(Intake.id).where(
            Intake.state == State.DIBUANG.value, Intake.purged_at.is_(None),
            Intake.decided_at < before)
        .order_by(Intake.decided_at).limit(limit)).all()
