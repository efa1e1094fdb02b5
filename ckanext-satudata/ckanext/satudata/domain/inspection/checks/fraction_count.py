"""A fraction in a count of people or things."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import measures, numbers
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable
from ckanext.satudata.domain.inspection.units import unit_of
from ckanext.satudata.domain.inspection.wording import about, is_count, is_forecast

__all__ = ["FractionCount"]

class FractionCount(Check):
    """Half a person is a wrong mark in a number, or a mean under the wrong header."""

    code = "fraction-count"
    principle = Principle.STANDAR_DATA
    severity = Severity.SEBAIKNYA
    title = N_("Jumlah dengan pecahan")
    template = N_("Baris {row}, kolom {column}: {figure}; yang dihitung satu per satu tidak "
                  "mempunyai pecahan.")
    how = N_("Periksa titik dan koma pada angka itu. Bila ini rata-rata atau dalam ribuan, "
             "sebutkan itu di nama kolom atau satuannya.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        for column in measures(table):
            said = about(table, column)
            if is_forecast(said) or not is_count(said, unit_of(table, column, facts.unit)):
                continue
            values = numbers(table, column.name)
            rows = np.flatnonzero(np.isfinite(values) & (np.abs(values - np.round(values)) > 1e-6))
            if len(rows):
                yield Hits(self, column.name, rows, values={"figure": pa.array(values[rows])})
