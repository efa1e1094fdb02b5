"""A kode wilayah that was no longer in force in the year the row is about."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.area_codes import area_columns
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import years
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["AreaCodeRetired"]


class AreaCodeRetired(Check):
    """The list of the data's own year counts: a code of the older list is right for older years.

    The year is that of the row, else the end of the period the metadata state. Where no year is
    known it is only a hint.
    """

    code = "area-code-retired"
    principle = Principle.KODE_REFERENSI
    severity = Severity.WAJIB
    title = N_("Kode wilayah tidak berlaku lagi")
    template = N_("Baris {row}, kolom {column}: kode {value} ({area}) tidak berlaku lagi sejak "
                  "Kepmendagri 300.2.2-2138/2025{successor}.")
    how = N_("Ganti dengan kode yang berlaku pada tahun data. Bila datanya memang dari tahun "
             "sebelum kode itu dicabut, tulis tahunnya di kolom tahun.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        for column in area_columns(table):
            limits = [code.area.valid_to.year if code.area and code.area.valid_to else 0
                      for code in column.codes]
            rows = column.column.rows(np.array(limits) > 0)
            if not len(rows):
                continue
            year = years(table).values[rows]
            if facts.last_day:
                year = np.where(year < 0, facts.last_day.year, year)
            last = np.array(limits)[column.column.codes[rows]]
            for severity, chosen in ((self.severity, year > last),
                                     (Severity.SARAN, year < 0)):
                if chosen.any():
                    at = rows[chosen]
                    heirs = column.of_labels(
                        lambda code: code.area.successor or None if code.area else None, at)
                    yield Hits(self, column.name, at, severity=severity, values={
                        "area": column.of_labels(
                            lambda code: code.area.name if code.area else "", at),
                        "successor": column.of_labels(
                            lambda code: f" → {code.area.successor}"
                            if code.area and code.area.successor else "", at),
                    }, proposed=pa.array(heirs))
