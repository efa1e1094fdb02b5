"""A year no data are from: 202, 20233."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import columns_of, numbers
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import Role, TidyTable

__all__ = ["YearImplausible"]


class YearImplausible(Check):
    """Years are four digits from 1900 on; what is ahead is for ``year-in-future``."""

    code = "year-implausible"
    principle = Principle.STANDAR_DATA
    severity = Severity.WAJIB
    title = N_("Tahun keliru")
    template = N_("Baris {row}, kolom {column}: {value} bukan tahun.")
    how = N_("Tulis tahun dengan empat angka, misalnya 2025.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        for column in columns_of(table, Role.WAKTU):
            if column.type == "year":
                values = numbers(table, column.name)
                rows = np.flatnonzero(np.isfinite(values) & ((values < 1900) | (values > 2200)))
                if len(rows):
                    yield Hits(self, column.name, rows)
