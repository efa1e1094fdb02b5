"""When the next edition of a dataset is due, from what it promised and what it covers.

The promise is ``jadwal_rilis`` (Perpres 39/2019 art. 29 letter b: the Daftar Data names it); the
frequency says how it goes on. Where nothing was promised the usual delay is an estimate, and
nobody is late by an estimate.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from ckanext.satudata.domain.intake.periods import STEPS, Period, Step, following, later

__all__ = ["SOON", "Edition", "Standing", "next_edition", "on_schedule"]

#: Days before a promised day within which it is announced.
SOON = 30
#: Days after the end of a period in which figures usually come, where nothing was promised.
_USUAL: Mapping[str, int] = {
    "harian": 1, "mingguan": 7, "bulanan": 30, "triwulanan": 45, "empat_bulanan": 45,
    "semesteran": 60, "tahunan": 90, "dua_tahunan": 180, "lima_tahunan": 180,
    "sepuluh_tahunan": 365,
}


class Standing(str, Enum):
    """How pressing an edition is, most pressing first."""

    LATE = "telat"
    NOW = "sekarang"  # its period is over
    SOON = "segera"
    LATER = "nanti"


@dataclass(frozen=True)
class Edition:
    """What is to be handed in next.

    :param period: that its figures are about, ``None`` where unknown
    :param due: the day it is to be public, ``None`` where unknown
    :param promised: ``due`` was promised; else it is an estimate
    """

    period: Period | None
    due: date | None
    promised: bool = False

    def days_late(self, today: date) -> int:
        """Return how many days it is late; 0 for an estimate."""
        return max((today - self.due).days, 0) if self.due and self.promised else 0

    def standing(self, today: date) -> Standing:
        """Return how pressing it is on a day."""
        if self.days_late(today):
            return Standing.LATE
        if self.period is not None and self.period.end < today:
            return Standing.NOW
        if self.due is not None and self.due - timedelta(SOON) <= today:
            return Standing.SOON
        return Standing.LATER


def next_edition(
    frequency: str, covered: Period | None, promised: date | None, published: bool = True
) -> Edition | None:
    """Return the edition that is due next, ``None`` where none follows.

    :param frequency: code of ``frekuensi``
    :param covered: what the newest version covers
    :param promised: its ``jadwal_rilis``, or what the Daftar Data says
    :param published: a version was public; else the one being made is the one due
    """
    if not published:
        return Edition(covered, promised, promised is not None)
    step = STEPS.get(frequency)
    if step is None:
        return None
    period = following(covered, step) if covered is not None else None
    if period is None:
        return None
    if promised is not None:
        due = on_schedule(promised, step, period.end)
        return Edition(period, due, due is not None)
    return Edition(period, period.end + timedelta(_USUAL[frequency]))


def on_schedule(promised: date, step: Step, end: date) -> date | None:
    """Return the first day after the end of a period on the schedule that a promise began.

    A promise is not brought forward: whoever said "in two years" is not late in one.
    """
    if promised > end:
        return promised
    if step.days:
        times = (end - promised).days // step.days + 1
    else:
        months = (end.year - promised.year) * 12 + end.month - promised.month
        times = max(months // step.months, 0)
    while (due := later(promised, step, times)) is not None and due <= end:
        times += 1
    return due
