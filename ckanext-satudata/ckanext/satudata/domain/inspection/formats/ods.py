"""ODS: its content read as a stream, since a repeated cell or row is a bomb in a few bytes."""
from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.satudata.domain.inspection.bounds import (
    Archive,
    check_size,
    damaged,
    encrypted,
    too_many_cells,
)
from ckanext.satudata.domain.inspection.formats.grid import ErrorText, Grid
from ckanext.satudata.domain.inspection.formats.look import hidden_sheets, no_cells
from ckanext.satudata.domain.inspection.limits import Limits
from ckanext.satudata.domain.inspection.markup import Handler, parse

if TYPE_CHECKING:
    from ckanext.satudata.domain.inspection.sheet import RawFile

__all__ = ["read"]

#: Cells that one row, repeated, may become: alike rows by the hundred thousand are no data.
_REPEATED = 100_000
_MARKS = {"day": "d", "month": "m", "year": "yy", "hours": "h", "minutes": "m", "seconds": "s"}


def read(path: Path, name: str, limits: Limits) -> RawFile:
    """Read all visible sheets.

    :raises RefusedFile: encrypted, damaged, or reaching beyond the limits
    """
    check_size(path, limits.file_bytes)
    archive = Archive(path, limits)
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise encrypted()
    walk = _Walk(limits)
    for part in ("styles.xml", "content.xml"):
        found = archive.find(part)
        if found is not None:
            parse(archive.pieces(found), walk)
        elif part == "content.xml":
            raise damaged()
    sheets = [grid.sheet() for grid in walk.grids if grid.height]
    if not sheets:
        raise no_cells()
    from ckanext.satudata.domain.inspection.sheet import RawFile

    return RawFile(name, "ods", sheets, remarks=hidden_sheets(walk.hidden),
                   hidden=[grid.sheet() for grid in walk.unseen if grid.height])


class _Styles:
    """Number formats by the name of a cell's style."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}
        self._of_cell: dict[str, str] = {}
        self._building: str | None = None
        self.hidden_tables: set[str] = set()
        self._style = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "style":
            self._style = attributes.get("name", "")
            if attributes.get("family") == "table-cell":
                self._of_cell[self._style] = attributes.get("data-style-name", "")
        elif name == "table-properties" and attributes.get("display") == "false":
            self.hidden_tables.add(self._style)
        elif name in ("number-style", "percentage-style", "date-style"):
            self._building = attributes.get("name", "")
            self._codes[self._building] = ""
        elif self._building is not None:
            self._codes[self._building] += self._mark(name, attributes)

    def _mark(self, name: str, attributes: Mapping[str, str]) -> str:
        if name == "number":
            places = _count(attributes.get("decimal-places"), 0)
            whole = "0" * min(_count(attributes.get("min-integer-digits"), 1), 30) or "#"
            if attributes.get("grouping") == "true":
                whole = "#,##" + whole
            return whole + ("." + "0" * min(places, 30) if places else "")
        mark = _MARKS.get(name, "")
        if name == "month" and attributes.get("textual") == "true":
            return "mmmm" if attributes.get("style") == "long" else "mmm"
        return mark * 2 if attributes.get("style") == "long" else mark

    def end(self, name: str) -> None:
        if name in ("number-style", "percentage-style", "date-style"):
            if name == "percentage-style" and self._building is not None:
                self._codes[self._building] += "%"
            self._building = None

    def text(self, data: str) -> None:
        if self._building is not None and data.strip() != "%":
            self._codes[self._building] += data

    def code(self, style: str) -> str:
        """Return the number format of a style; nothing for a plain one."""
        found = self._codes.get(self._of_cell.get(style, ""), "").strip()
        return "" if found == "0" else found


class _Walk(Handler):
    """Follows the tables, and the number formats before them."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.grids: list[Grid] = []
        self.hidden: list[str] = []
        self.unseen: list[Grid] = []
        self._styles = _Styles()
        self._grid: Grid | None = None
        self._depth = self._row = self._column = self._next = 0
        self._rows = 1
        self._hide = False
        self._defaults: list[tuple[int, int, str]] = []
        self._cell: Mapping[str, str] | None = None
        self._filled: list[tuple[int, Any, str]] = []
        self._said: list[str] = []
        self._open = self._note = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "table":
            self._depth += 1
            if self._depth == 1:
                self._start_table(attributes)
        elif self._depth == 0:
            self._styles.start(name, attributes)
        elif self._depth > 1:
            return
        elif name == "table-column":
            self._start_column(attributes)
        elif name == "table-row":
            self._rows = _count(attributes.get("number-rows-repeated"), 1)
            self._hide = attributes.get("visibility") in ("collapse", "filter")
            self._column, self._filled = 0, []
        elif name in ("table-cell", "covered-table-cell"):
            self._cell, self._said, self._open = attributes, [], 0
        elif name == "annotation":
            self._note += 1
        elif self._cell is not None and not self._note:
            self._start_text(name, attributes)

    def _start_text(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in ("p", "h"):
            if self._said:
                self._said.append("\n")
            self._open += 1
        elif name == "s":
            self._said.append(" " * min(_count(attributes.get("c"), 1), 1_000))
        elif name in ("tab", "line-break"):
            self._said.append("\t" if name == "tab" else "\n")

    def end(self, name: str) -> None:
        if name == "table":
            self._depth -= 1
            if not self._depth and self._grid is not None:
                self._grid.extent.check()
                self._grid = None
        elif self._depth == 0:
            self._styles.end(name)
        elif self._depth > 1:
            return
        elif name == "annotation":
            self._note -= 1
        elif name in ("p", "h") and not self._note:
            self._open -= 1
        elif name in ("table-cell", "covered-table-cell"):
            self._end_cell(covered=name != "table-cell")
        elif name == "table-row":
            self._end_row()

    def text(self, data: str) -> None:
        if self._depth == 0:
            self._styles.text(data)
        elif self._open and not self._note:
            self._said.append(data)

    def _start_table(self, attributes: Mapping[str, str]) -> None:
        given = attributes.get("name", "")
        self._row = self._next = 0
        self._defaults = []
        if attributes.get("style-name") in self._styles.hidden_tables:
            self.hidden.append(given)
            self._grid = Grid(given, self.limits)
            self.unseen.append(self._grid)
        else:
            self._grid = Grid(given, self.limits)
            self.grids.append(self._grid)

    def _start_column(self, attributes: Mapping[str, str]) -> None:
        start = self._next
        self._next += _count(attributes.get("number-columns-repeated"), 1)
        if "default-cell-style-name" in attributes:
            self._defaults.append((start, self._next, attributes["default-cell-style-name"]))
        if self._grid is not None and attributes.get("visibility") in ("collapse", "filter"):
            self._grid.hidden_columns.update(range(start, min(self._next, 16_384)))

    def _end_cell(self, covered: bool) -> None:
        cell = self._cell or {}
        self._cell = None
        times = _count(cell.get("number-columns-repeated"), 1)
        if self._grid is None:
            return
        if not covered:
            self._grid.merge(self._row, self._column, _count(cell.get("number-rows-spanned"), 1),
                             _count(cell.get("number-columns-spanned"), 1))
            value = _value(cell, "".join(self._said))
            if not isinstance(value, str) or value.strip():
                if len(self._filled) + times > 20_000:
                    raise too_many_cells(len(self._filled) + times, 20_000, self._grid.name)
                style = cell.get("style-name") or self._default()
                self._filled += [(self._column + n, value, style) for n in range(times)]
        self._column += times

    def _default(self) -> str:
        return next((style for start, stop, style in self._defaults
                     if start <= self._column < stop), "")

    def _end_row(self) -> None:
        grid, rows = self._grid, self._rows
        if grid is not None and self._filled:
            if rows > 1 and rows * len(self._filled) > _REPEATED:
                raise too_many_cells(rows * len(self._filled), _REPEATED, grid.name)
            for column, value, style in self._filled:
                code = self._styles.code(style)
                for row in range(self._row, self._row + rows):
                    grid.put(row, column, value, code)
            if self._hide:
                grid.hidden_rows.update(range(self._row, self._row + rows))
        self._row += rows


def _count(given: str | None, default: int) -> int:
    return int(given) if given and given.isdigit() and len(given) < 9 else default


def _value(cell: Mapping[str, str], text: str) -> Any:
    kind = cell.get("value-type", "")
    try:
        if kind in ("float", "percentage", "currency"):
            return float(cell.get("value", ""))
        if kind == "date":
            return datetime.datetime.fromisoformat(cell.get("date-value", ""))
        if kind == "boolean":
            return cell.get("boolean-value") == "true"
    except ValueError:
        return text
    if kind == "error" or (cell.get("formula") and text.startswith(("#", "Err:"))):
        return ErrorText(text)
    return text or cell.get("string-value", "")
