"""A sheet filled cell by cell, under its limits; nothing heavy is loaded until it is whole."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.satudata.domain.inspection.bounds import (
    Extent,
    damaged,
    too_many_cells,
)
from ckanext.satudata.domain.inspection.limits import Limits

if TYPE_CHECKING:
    from ckanext.satudata.domain.inspection.sheet import Sheet

__all__ = ["FORMAT_CELLS", "FORMAT_ROWS", "ErrorText", "Grid"]

FORMAT_ROWS = 2_000
FORMAT_CELLS = 100 * FORMAT_ROWS
_MERGES = 100_000
#: The largest sheet there is; a place beyond it is written by nobody's spreadsheet.
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


class ErrorText(str):
    """What an error cell shows (``#REF!``)."""

    __slots__ = ()


class Grid:
    """Cells by place; blank ones are not kept."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.merged: list[tuple[int, int, int, int]] = []
        self.formats: dict[tuple[int, int], str] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.extent = Extent(name, limits)
        self.height = self.width = 0
        self._cells: dict[int, list[tuple[int, Any]]] = {}

    def put(self, row: int, column: int, value: Any, code: str = "") -> bool:
        """Set a cell; return whether anything is kept of it.

        :param code: its number format
        """
        if value is None or (isinstance(value, str) and not value.strip()):
            return False
        if not (0 <= row < _LAST_ROW and 0 <= column < _LAST_COLUMN):
            raise damaged()
        self.extent.add(row, column)
        if self.extent.cells > self.limits.workbook_cells:
            raise too_many_cells(self.extent.cells, self.limits.workbook_cells, self.name)
        self._cells.setdefault(column, []).append((row, value))
        self.height, self.width = max(self.height, row + 1), max(self.width, column + 1)
        if code and row < FORMAT_ROWS and len(self.formats) < FORMAT_CELLS:
            self.formats[row, column] = code
        return True

    def merge(self, top: int, left: int, down: int, across: int) -> None:
        """Note a merged block of so many rows and columns."""
        if (down > 1 or across > 1) and len(self.merged) < _MERGES:
            self.merged.append((top, left, top + down - 1, left + across - 1))

    def sheet(self, typed: bool = True) -> Sheet:
        """Return the sheet.

        :param typed: whether cells have kinds, as in a workbook
        :raises RefusedFile: it reaches too far
        """
        self.extent.check()
        from ckanext.satudata.domain.inspection.formats.cells import text_column, typed_column
        from ckanext.satudata.domain.inspection.sheet import Sheet, Span

        columns = [(typed_column if typed else text_column)(self._values(number))
                   for number in range(self.width)]
        merged = sorted(Span(*each) for each in self.merged
                        if each[0] < self.height and each[1] < self.width)
        return Sheet(self.name, columns, merged, frozenset(self.hidden_rows),
                     frozenset(self.hidden_columns), self.formats)

    def _values(self, column: int) -> list[Any]:
        values: list[Any] = [""] * self.height
        for row, value in self._cells.get(column, ()):
            values[row] = value
        return values
