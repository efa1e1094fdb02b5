"""A year outside the period the metadata state."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import years
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["YearOutside"]


class YearOutside(Check):
    """The stated period is that of the metadata (``temporal_coverage``), by years."""

    code = "year-outside-period"
    principle = Principle.METADATA
    severity = Severity.SEBAIKNYA
    title = N_("Tahun di luar periode")
    template = N_("Baris {row}, kolom {column}: {value} di luar periode {first}–{last} di "
                  "metadata.")
    how = N_("Betulkan tahunnya, atau sesuaikan periode data di metadata.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        year = years(table)
        if year.column is None or not (facts.first_day or facts.last_day):
            return
        first = facts.first_day.year if facts.first_day else 0
        last = facts.last_day.year if facts.last_day else 9999
        rows = np.flatnonzero((year.values >= 0) & ((year.values < first) | (year.values > last)))
        if len(rows):
            yield Hits(self, year.column, rows, {
                "first": first or "…", "last": last if facts.last_day else "…"})
