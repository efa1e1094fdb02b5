"""A year that has not begun."""
from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import years
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable
from ckanext.satudata.domain.inspection.units import label_words, rows_where
from ckanext.satudata.domain.inspection.wording import is_forecast, words

__all__ = ["YearFuture"]

_FEW = 0.3


class YearFuture(Check):
    """Blocks a few rows of the future among others; a table of targets or projections may.

    Where a good part of the rows lies ahead and no word says target or projection, that word is
    what is missing.
    """

    code = "year-in-future"
    principle = Principle.STANDAR_DATA
    severity = Severity.WAJIB
    title = N_("Tahun belum berjalan")
    template = N_("Baris {row}, kolom {column}: tahun {value} belum berjalan.")
    how = N_("Betulkan tahunnya. Bila ini target atau proyeksi, sebutkan itu di judul atau nama "
             "kolom.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        year = years(table)
        today = facts.today or date.today()
        ahead = year.values > today.year
        if year.column is None or not ahead.any():
            return
        said = {*words(facts.title), *words(table.title), *words(table.about.get("judul", ""))}
        for column in table.columns:
            said |= {*words(column.name), *words(column.title)}
        if is_forecast(said):
            return
        for _, labels in label_words(table):
            ahead &= ~rows_where(labels, is_forecast)
        rows = np.flatnonzero(ahead)
        if len(rows):
            yield Hits(self, year.column, rows, severity=None if len(rows) <= max(
                1, _FEW * table.data.num_rows) else Severity.SEBAIKNYA)
