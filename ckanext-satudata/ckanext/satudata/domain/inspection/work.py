"""A table while it is being tidied: its columns with their values, and what was done so far."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import whole
from ckanext.satudata.domain.inspection.notes import Change, Message, Question
from ckanext.satudata.domain.inspection.recipe import TableRecipe
from ckanext.satudata.domain.inspection.sheet import cell_name
from ckanext.satudata.domain.inspection.table import RawColumn, RawTable, Role, TotalRow
from ckanext.satudata.domain.inspection.values import Reading

__all__ = ["NUMERIC", "Item", "Work"]

NUMERIC = ("integer", "number")


@dataclass
class Item:
    """One column: ``at`` in the sheet, or ``cells`` per row where it came of several columns."""

    name: str
    type: str
    role: Role
    values: pa.Array
    at: int = -1
    unit: str | None = None
    header: str = ""
    title: str = ""
    path: tuple[str, ...] = ()
    status: pa.Array | None = None
    cells: np.ndarray | None = None
    reference: str | None = None
    asked: bool = False

    @classmethod
    def of(cls, column: RawColumn, reading: Reading) -> Item:
        """Make the column of a table from what was read."""
        role = reading.role_hint or (
            Role.UKURAN if reading.type in NUMERIC else
            Role.WAKTU if reading.type in ("year", "yearmonth", "date", "datetime")
            else Role.DIMENSI)
        return cls(
            column.name, reading.type, role, whole(reading.values), column.at,
            reading.unit or column.unit, column.header, column.header, column.path,
            None if reading.status is None else whole(reading.status),
            asked=any(question.answer is None for question in reading.questions))

    def take(self, picked: np.ndarray) -> None:
        """Keep some rows, in the order given."""
        index = pa.array(picked)
        self.values = self.values.take(index)
        if self.status is not None:
            self.status = self.status.take(index)
        if self.cells is not None:
            self.cells = self.cells[picked]

    @property
    def is_empty(self) -> bool:
        return self.values.null_count == len(self.values)


@dataclass
class Work:
    """A table under way. ``rows`` are the sheet's rows of its body at this moment."""

    raw: RawTable
    mark: str
    recipe: TableRecipe
    rows: np.ndarray
    items: list[Item] = field(default_factory=list[Item])
    changes: list[Change] = field(default_factory=list[Change])
    questions: list[Question] = field(default_factory=list[Question])
    totals: dict[str, list[tuple[TotalRow, float]]] = field(
        default_factory=dict[str, list[tuple[TotalRow, float]]])

    def change(
        self, step: str, cell: str, what: str, why: str, *, certain: bool = True, count: int = 1,
        **values: Any,
    ) -> None:
        """List something that was done."""
        given = {"count": count, **values}
        self.changes.append(Change(
            step, cell, Message(what, given), Message(why, given), certain, count))

    def keep(self, picked: np.ndarray) -> None:
        """Keep some rows of all columns (positions, in order)."""
        for item in self.items:
            item.take(picked)
        self.rows = self.rows[picked]

    def item(self, name: str) -> Item:
        return next(item for item in self.items if item.name == name)

    def cell_maker(self, item: Item) -> Callable[[int], str]:
        """Return a function that names the sheet's cell of a row of a column."""
        rows, cells, at = self.rows, item.cells, item.at

        def name(row: int) -> str:
            column = int(cells[row]) if cells is not None else at
            return cell_name(int(rows[row]), column) if column >= 0 else ""

        return name
