"""Deadlines and times of release in the installation's own zone."""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata import config
from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.decision import MAX_AHEAD
from ckanext.satudata.domain.workflow import State

__all__ = ["days_late", "due_at", "planned_release", "read_time"]


def due_at(state: State, since: dt.datetime) -> dt.datetime | None:
    """Return when somebody has to have acted on a submission that came to a state, if ever."""
    days = config.sla(state.value)
    if days is None:
        return None
    return workdays.add_working_days(since, days, config.hari_libur(), config.zona_waktu())


def days_late(due: dt.datetime | None, now: dt.datetime) -> int:
    """Return the working days since a deadline ended; nought without one or before it."""
    if due is None:
        return 0
    return workdays.working_days_late(due, now, config.hari_libur(), config.zona_waktu())


def planned_release(extras: dict[str, Any], now: dt.datetime) -> dt.datetime | None:
    """Return the release the dataset's ``jadwal_rilis`` plans, if it is still to come.

    A year nobody meant is no plan: approved data would wait for it, and nobody be asked to act.
    """
    try:
        planned = read_time(extras.get("jadwal_rilis"))
    except tk.Invalid:
        return None
    return planned if planned is not None and now < planned <= now + MAX_AHEAD else None


def read_time(value: Any) -> dt.datetime | None:
    """Read a date or time of release: local unless it names a zone; a date means ``jam_rilis``.

    :returns: aware, in UTC, to the minute; ``None`` for nothing
    :raises Invalid: saying how to write it
    """
    if value is None or value == "":
        return None
    wrong = tk.Invalid(tk._(
        "Waktu rilis tidak terbaca. Tulis tanggal dan jam, misalnya 2026-12-01T08:00."))
    if not isinstance(value, str) or len(value) > 40:
        raise wrong
    text = value.strip().replace(" ", "T")
    zone = config.zona_waktu()
    try:
        if len(text) == 10:
            found = dt.datetime.combine(dt.date.fromisoformat(text), config.jam_rilis(), zone)
        else:
            found = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
            found = found if found.tzinfo else found.replace(tzinfo=zone)
        return found.astimezone(dt.timezone.utc).replace(second=0, microsecond=0)
    except (ValueError, OverflowError):
        raise wrong from None
