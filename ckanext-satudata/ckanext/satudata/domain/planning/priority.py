"""Data Prioritas: the public datasets fixed as such, and how each stands (art. 30-31)."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ckanext.satudata.domain.planning.releases import (
    Planned,
    Release,
    Standing,
    Wanted,
    upcoming,
)

__all__ = ["Priority", "listed"]


@dataclass(frozen=True)
class Priority:
    """A dataset that is Data Prioritas.

    :ivar ahead: the release to come, late or not; ``None`` where none was promised
    """

    dataset: Planned
    ahead: Release | None

    @property
    def standing(self) -> Standing:
        """How it stands as a whole: late by its promise, or published and well."""
        late = self.ahead is not None and self.ahead.standing is Standing.LATE
        return Standing.LATE if late else Standing.DONE


def listed(datasets: Iterable[Planned], wanted: Wanted, today: date) -> list[Priority]:
    """Return the Data Prioritas that are asked for, by title."""
    found = (Priority(each, upcoming(each, today)) for each in datasets
             if each.priority_years and wanted.takes_dataset(each))
    return sorted(
        (each for each in found if not wanted.standings or each.standing in wanted.standings),
        key=lambda each: (each.dataset.title.casefold(), each.dataset.id))
