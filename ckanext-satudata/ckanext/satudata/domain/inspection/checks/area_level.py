"""An area of another level than the table is about: a kabupaten among its kecamatan."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ckanext.satudata.domain.inspection.area_codes import finest
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import measures
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable
from ckanext.satudata.domain.vocabulary import get
from ckanext.satudata.domain.wilayah import LEVELS

__all__ = ["AreaLevel"]

_NEARLY_ALL = 0.9


class AreaLevel(Check):
    """The stated tingkat penyajian counts; without one, the level of nearly all rows.

    A single row of another level blocks where the level is stated and nearly all others have it:
    whoever sums the column counts that area twice.
    """

    code = "area-level"
    principle = Principle.KODE_REFERENSI
    severity = Severity.WAJIB
    title = N_("Tingkat wilayah berbeda")
    template = N_("Baris {row}, kolom {column}: {value} adalah {level}, sedangkan data ini per "
                  "{stated}.")
    how = N_("Keluarkan baris itu bila ia jumlah dari baris lain, atau betulkan kodenya. Bila "
             "seluruh tabel memang per {level}, ganti tingkat penyajian di metadata.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        column = finest(table)
        if column is None:
            return
        levels = np.array([code.code.count(".") if code.area else -1 for code in column.codes])
        per_row = np.append(levels, -1)[column.column.codes]
        counts = np.bincount(per_row[per_row >= 0], minlength=len(LEVELS))
        if not counts.sum():
            return
        common = int(counts.argmax())
        share = counts[common] / counts.sum()
        stated = LEVELS.index(facts.level) if facts.level in LEVELS else common
        if facts.level not in LEVELS and (share < _NEARLY_ALL or not measures(table)):
            return  # a table of several levels, or a list of areas: nobody said it is of one
        sure = facts.level in LEVELS and stated == common and share >= _NEARLY_ALL
        rows = np.flatnonzero((per_row >= 0) & (per_row != stated))
        if len(rows):
            named = get("tingkat_penyajian")
            yield Hits(self, column.name, rows, {"stated": named[LEVELS[stated]].label().lower()},
                       {"level": column.of_labels(
                           lambda code: named[code.area.level].label().lower()
                           if code.area else "", rows)},
                       severity=None if sure else Severity.SEBAIKNYA)
