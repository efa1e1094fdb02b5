"""Which releases a dataset promises: the day it named, and the next by its frequency.

Perpres 39/2019 art. 29 letter b demands a release schedule, art. 36 that the portal gives access
to it. Only what was promised stands in it: a dataset that named no day has none, and nobody is
late by an estimate.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from ckanext.satudata.domain.intake.due import next_edition
from ckanext.satudata.domain.intake.periods import STEPS, Period, following

__all__ = ["Planned", "Release", "Standing", "Wanted", "releases", "schedule", "upcoming"]


class Standing(str, Enum):
    """How a promised release stands; the values are those of API and addresses."""

    LATE = "terlambat"
    AHEAD = "terjadwal"
    DONE = "terbit"


@dataclass(frozen=True, slots=True)
class Planned:
    """A public dataset as the plan sees it.

    :ivar organization: id of the producer, with its ``organization_name`` and
        ``organization_title``; empty where there is none
    :ivar promised: the day it named (``jadwal_rilis``)
    :ivar covered: the period its figures are about
    :ivar priority_years: years in which it is Data Prioritas, e.g. ``"2026"``
    :ivar criterion: code of ``kriteria_prioritas``, or empty
    :ivar modified: when it last changed, aware
    """

    id: str
    name: str
    title: str
    modified: datetime
    organization: str = ""
    organization_name: str = ""
    organization_title: str = ""
    promised: date | None = None
    frequency: str = ""
    covered: Period | None = None
    affairs: tuple[str, ...] = ()
    priority_years: tuple[str, ...] = ()
    criterion: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """One edition of a dataset and the day it was promised for.

    :ivar period: that its figures are about, ``None`` where unknown
    """

    dataset: Planned
    day: date
    standing: Standing
    period: Period | None = None

    @property
    def uid(self) -> str:
        """Names this edition for ever, also when its day is moved or it has come out."""
        edition = self.period.end.isoformat() if self.period else "rilis"
        return f"{self.dataset.id}.{edition}"

    def days_late(self, today: date) -> int:
        """Return how many days it is late, 0 unless it is."""
        return (today - self.day).days if self.standing is Standing.LATE else 0


@dataclass(frozen=True)
class Wanted:
    """What is asked for; whatever is empty asks nothing.

    :ivar organization: id or name of the producer
    :ivar priority: a year of Data Prioritas, ``"*"`` for any
    :ivar first: earliest day of a release, ``last`` the latest, both included
    """

    organization: str = ""
    affair: str = ""
    priority: str = ""
    criterion: str = ""
    standings: frozenset[Standing] = field(default_factory=frozenset[Standing])
    first: date | None = None
    last: date | None = None

    def takes_dataset(self, each: Planned) -> bool:
        """Tell whether a dataset is asked for."""
        return (
            (not self.organization
             or self.organization in (each.organization, each.organization_name))
            and (not self.affair or self.affair in each.affairs)
            and (not self.criterion or self.criterion == each.criterion)
            and (not self.priority or (bool(each.priority_years) if self.priority == "*"
                                       else self.priority in each.priority_years))
        )

    def takes_release(self, each: Release) -> bool:
        """Tell whether a release is asked for."""
        return (
            self.takes_dataset(each.dataset)
            and (not self.standings or each.standing in self.standings)
            and (self.first is None or self.first <= each.day)
            and (self.last is None or each.day <= self.last)
        )


def releases(of: Planned, today: date) -> Iterator[Release]:
    """Yield the releases a dataset promises: the one it named, and the next where that is over.

    A day to come is about the edition after the one that is public. A day that has passed is
    kept, for what it promised is public, and the frequency says when the next is due.
    """
    if of.promised is None:
        return
    if of.promised >= today:
        yield Release(of, of.promised, Standing.AHEAD, _after(of))
        return
    yield Release(of, of.promised, Standing.DONE, of.covered)
    following_one = next_edition(of.frequency, of.covered, of.promised)
    if following_one is not None and following_one.due is not None:
        standing = Standing.LATE if following_one.due < today else Standing.AHEAD
        yield Release(of, following_one.due, standing, following_one.period)


def _after(of: Planned) -> Period | None:
    step = STEPS.get(of.frequency)
    return following(of.covered, step) if step is not None and of.covered is not None else None


def upcoming(of: Planned, today: date) -> Release | None:
    """Return the release of a dataset that is to come next or is late, ``None`` where none is."""
    return next((each for each in releases(of, today) if each.standing is not Standing.DONE), None)


def schedule(datasets: Iterable[Planned], today: date) -> list[Release]:
    """Return all releases, by day, then title."""
    found = (each for dataset in datasets for each in releases(dataset, today))
    return sorted(found, key=lambda each: (each.day, each.dataset.title.casefold(), each.uid))
