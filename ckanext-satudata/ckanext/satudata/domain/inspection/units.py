"""Which unit each figure of a table is in: that of its column, of its row, or of the dataset."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ckanext.satudata.domain.inspection.figures import Encoded, columns_of, encoded, is_numeric
from ckanext.satudata.domain.inspection.table import Role, TidyColumn, TidyTable
from ckanext.satudata.domain.inspection.wording import unit_code, words

__all__ = ["UnitColumn", "label_words", "rows_where", "unit_column", "unit_of"]


#: "satuan ukur", not "satuan kerja".
_OF_WHAT = frozenset({"ukur", "ukuran", "pengukuran", "data", "hitung", "barang", "nilai",
                      "indikator", "variabel"})


@dataclass
class UnitColumn:
    """A column with a unit for every row."""

    name: str
    column: Encoded

    @property
    def spellings(self) -> list[str]:
        return self.column.names


def unit_column(table: TidyTable) -> UnitColumn | None:
    """Return the column that names the units, if the table has one."""
    for column in columns_of(table, Role.SATUAN):
        return UnitColumn(column.name, encoded(table, column.name))
    for column in table.columns:
        said = words(column.name)
        if said[:1] in (("satuan",), ("unit",)) and set(said[1:]) <= _OF_WHAT and (
                column.type == "string" and not is_numeric(table, column)):
            made = UnitColumn(column.name, encoded(table, column.name))
            # "unit" may as well be the office: a column of units has one of the list.
            if said == ("satuan",) or any(unit_code(text) for text in made.spellings):
                return made
    return None


def unit_of(table: TidyTable, column: TidyColumn, fallback: str = "") -> str | None:
    """Return the one unit of a whole column; ``None`` where it is not said or differs by row."""
    if column.unit:
        return column.unit
    beside = unit_column(table)
    if beside is not None:
        meant = {unit_code(text) or text for text in beside.spellings}
        return beside.spellings[0] if len(meant) == 1 else None
    return fallback or None


def label_words(table: TidyTable) -> list[tuple[str, Encoded]]:
    """Return the columns whose labels say what a row measures: indicators, categories."""
    found: list[tuple[str, Encoded]] = []
    for column in columns_of(table, Role.DIMENSI, Role.KETERANGAN):
        if column.type == "string":
            labels = encoded(table, column.name)
            if 1 < len(labels.labels) <= max(1000, table.data.num_rows // 2):
                found.append((column.name, labels))
    return found


def rows_where(labels: Encoded, rule: Callable[[frozenset[str]], bool]) -> np.ndarray:
    """Return a truth value per row: whether its label obeys a rule on words."""
    picked = np.array([rule(frozenset(words(text))) for text in labels.names] + [False])
    return picked[labels.codes]
