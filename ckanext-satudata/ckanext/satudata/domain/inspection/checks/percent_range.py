"""A percentage of a whole below 0 or above 100."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import measures, numbers
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyColumn, TidyTable
from ckanext.satudata.domain.inspection.units import label_words, rows_where, unit_column, unit_of
from ckanext.satudata.domain.inspection.wording import (
    about,
    is_about_change,
    may_exceed_hundred,
    says_share,
    unit_code,
    words,
)

__all__ = ["PercentRange"]

_ALL_ABOVE = 0.5


class PercentRange(Check):
    """A share lies between 0 and 100. Growth, inflation, ratios and attainment need not.

    Blocks where the header or the label of the row says share; where only the unit is percent it
    is shown, for the unit may be all that tells growth from share.
    """

    code = "percent-out-of-range"
    principle = Principle.STANDAR_DATA
    severity = Severity.WAJIB
    title = N_("Persen di luar 0 sampai 100")
    template = N_("Baris {row}, kolom {column}: {figure} persen; persentase dari suatu "
                  "keseluruhan tidak boleh di bawah 0 atau di atas 100.")
    how = N_("Periksa angka pembilang dan penyebutnya. Bila ini pertumbuhan atau capaian, "
             "sebutkan itu di nama kolom.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        import pyarrow as pa

        titled = frozenset({*words(facts.title), *words(table.title)})
        for column in measures(table):
            in_percent, share = _where(table, column, facts.unit)
            if not in_percent.any() or may_exceed_hundred(about(table, column)):
                continue
            values = numbers(table, column.name)
            bad = in_percent & ((values > 100 + 1e-6) | (values < -1e-6))
            known = in_percent & np.isfinite(values)
            if not bad.any() or (bad & (values > 0)).sum() > _ALL_ABOVE * known.sum():
                continue  # so many that the unit is wrong: unit-content says it
            # A title is about all columns: its growth may be this one's.
            sure = share & bad & np.array(not is_about_change(titled))
            for severity, chosen in ((self.severity, sure), (Severity.SEBAIKNYA, bad & ~sure)):
                rows = np.flatnonzero(chosen)
                if len(rows):
                    yield Hits(self, column.name, rows, severity=severity,
                               values={"figure": pa.array(values[rows])})


def _where(table: TidyTable, column: TidyColumn, fallback: str) -> tuple[np.ndarray, np.ndarray]:
    """Return per row whether it is in percent, and whether it says it is a share."""
    size = table.data.num_rows
    said = says_share(about(table, column))
    if said or unit_code(unit_of(table, column, fallback)) == "persen":
        in_percent = np.ones(size, dtype=bool)
    else:
        beside = unit_column(table)
        if beside is None or column.unit:
            return np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
        picked = [unit_code(text) == "persen" for text in beside.spellings]
        in_percent = np.array([*picked, False])[beside.column.codes]
    share = np.full(size, said)
    for _, labels in label_words(table):
        in_percent &= ~rows_where(labels, may_exceed_hundred)
        share |= rows_where(labels, says_share)
    return in_percent, share
