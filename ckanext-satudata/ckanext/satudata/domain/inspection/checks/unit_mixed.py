"""Two units in one measure."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import columns_of, groups, labels_at, measures
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import Role, TidyTable
from ckanext.satudata.domain.inspection.units import unit_column
from ckanext.satudata.domain.inspection.wording import unit_code, words

__all__ = ["UnitMixed"]


class UnitMixed(Check):
    """Rows may be of several indicators, each with its unit; one indicator has one unit.

    Where some dimension decides the unit, all is well. Where the units differ within each of its
    categories, the rarer unit is pointed out.
    """

    code = "unit-mixed"
    principle = Principle.STANDAR_DATA
    severity = Severity.SEBAIKNYA
    title = N_("Satuan bercampur")
    template = N_("Baris {row}: satuan {value}, sedangkan baris lain dari hal yang sama memakai "
                  "{common}.")
    how = N_("Ubah angkanya ke satuan {common}, atau betulkan satuannya.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        beside = unit_column(table)
        if beside is None or len(beside.spellings) < 2 or not measures(table):
            return
        meant = [unit_code(text) or text.casefold().strip() for text in beside.spellings]
        of = {unit: at for at, unit in enumerate(dict.fromkeys(meant))}
        units = np.append([of[unit] for unit in meant], -1)[beside.column.codes]
        if len(of) < 2:
            return
        dimensions = [column.name for column in columns_of(table, Role.DIMENSI, Role.KODE)
                      if column.name != beside.name and words(column.name)[:1] != ("id",)]
        group = groups(table, dimensions)
        known = units >= 0
        pairs = group * len(of) + units
        counts = np.bincount(pairs[known], minlength=(int(group.max(initial=0)) + 1) * len(of))
        counts = counts.reshape(-1, len(of))
        common = counts.argmax(axis=1)
        wrong = known & (units != common[group]) & (
            counts[group, np.maximum(units, 0)] < 0.5 * counts.sum(axis=1)[group])
        # A group of two units in equal shares says nothing about which is wrong.
        rows = np.flatnonzero(wrong)
        if len(rows):
            first = np.array([meant.index(unit) for unit in of])
            labels = beside.column.labels.take(np.asarray(first[common[group[rows]]]))
            yield Hits(self, beside.name, rows, values={
                "common": labels, "unit": labels_at(beside.column, rows)})
