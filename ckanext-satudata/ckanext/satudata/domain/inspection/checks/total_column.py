"""A column of totals that is not the sum of its parts in some rows."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import numbers
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.parts import sums
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["TotalColumn"]


class TotalColumn(Check):
    """Where most rows add up, those that do not are wrong somewhere; rounding is forgiven."""

    code = "total-column"
    principle = Principle.STANDAR_DATA
    severity = Severity.SEBAIKNYA
    title = N_("Jumlah berbeda dari rinciannya")
    template = N_("Baris {row}: {column} tertulis {figure}, padahal {parts} berjumlah {sum} "
                  "(selisih {difference}).")
    how = N_("Periksa {column} atau salah satu rinciannya di baris itu. Angka Anda tidak kami "
             "ubah.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        for each in sums(table):
            rows = np.flatnonzero(each.known & ~each.holds)
            if len(rows):
                figures = numbers(table, each.total)[rows]
                shown = each.parts if len(each.parts) <= 4 else (
                    *each.parts[:2], "…", each.parts[-1])
                yield Hits(self, each.total, rows, {
                    "parts": " + ".join(map(table.spoken, shown))}, {
                    "figure": pa.array(figures),
                    "sum": pa.array(np.round(figures - each.difference[rows], 6)),
                    "difference": pa.array(np.round(each.difference[rows], 6)),
                })
