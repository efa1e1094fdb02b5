"""A column with the same value in every row."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ckanext.satudata.domain.inspection.area_codes import area_columns, name_column
from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import columns_of
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import Role, TidyTable
from ckanext.satudata.domain.inspection.units import unit_column

__all__ = ["ConstantColumn"]

_ENOUGH = 5


class ConstantColumn(Check):
    """Units, years and the area above are the same by nature; a figure or category seldom is."""

    code = "constant-column"
    principle = Principle.STANDAR_DATA
    severity = Severity.SARAN
    title = N_("Semua isi kolom sama")
    template = N_("Kolom {column} berisi {content} di semua {count} baris.")
    how = N_("Bila benar, pindahkan ke metadata; bila tidak, periksa isinya.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        size = table.data.num_rows
        if size < _ENOUGH:
            return
        beside = unit_column(table)
        areas = {name for column in area_columns(table)
                 for name in (column.name, name_column(table, column))}
        for column in columns_of(table, Role.UKURAN, Role.DIMENSI, Role.KETERANGAN):
            if column.name in areas or (beside and column.name == beside.name):
                continue
            values = table.data.column(column.name)
            first, last = pc.min_max(values).as_py().values()
            if not values.null_count and first == last and str(first).strip():
                yield Hits(self, column.name, np.zeros(0, dtype=np.int64),
                           {"content": str(first)[:80], "count": size})
