"""XML spreadsheets of 2003 (SpreadsheetML), which many applications still export as ``.xls``."""
from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.satudata.domain.inspection.bounds import PIECE, check_size, damaged
from ckanext.satudata.domain.inspection.formats.grid import ErrorText, Grid
from ckanext.satudata.domain.inspection.formats.look import hidden_sheets, no_cells
from ckanext.satudata.domain.inspection.limits import Limits
from ckanext.satudata.domain.inspection.markup import Handler, parse

if TYPE_CHECKING:
    from ckanext.satudata.domain.inspection.sheet import RawFile

__all__ = ["read"]

_NAMED = {"Percent": "0.00%", "Short Date": "dd/mm/yyyy", "Medium Date": "d-mmm-yy",
          "Long Date": "dd mmmm yyyy", "General Date": "dd/mm/yyyy h:mm", "Fixed": "0.00",
          "Standard": "#,##0.00", "Currency": "#,##0.00", "Euro Currency": "#,##0.00"}


def read(path: Path, name: str, limits: Limits) -> RawFile:
    """Read all visible sheets.

    :raises RefusedFile: damaged, defining entities, or reaching beyond the limits
    """
    check_size(path, limits.markup_bytes)
    walk = _Walk(limits)
    with path.open("rb") as stream:
        # some exporters leave a line before the declaration, which XML forbids
        head = stream.read(PIECE).lstrip()
        parse(_chain(head, stream), walk)
    sheets = [grid.sheet() for grid in walk.grids if grid.height]
    if not sheets:
        raise no_cells()
    from ckanext.satudata.domain.inspection.sheet import RawFile

    return RawFile(name, "xml", sheets, remarks=hidden_sheets(walk.hidden))


def _chain(head: bytes, stream: Any) -> Any:
    yield head
    while piece := stream.read(PIECE):
        yield piece


class _Walk(Handler):
    """Follows worksheets, rows and cells, whose places may be given or follow each other."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.grids: list[Grid] = []
        self.hidden: list[str] = []
        self._grid: Grid | None = None
        self._codes: dict[str, str] = {}
        self._style = self._type = ""
        self._cell_style = self._row_style = ""
        self._row = self._column = self._next = -1
        self._said: list[str] | None = None
        self._value: Any = None
        self._option: list[str] | None = None
        self._note = False
        self._span = (1, 1)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Style":
            self._style = attributes.get("ID", "")
        elif name == "NumberFormat":
            code = attributes.get("Format", "")
            self._codes[self._style] = _NAMED.get(code, "" if code in ("General", "@") else code)
        elif name == "Worksheet":
            self._grid = Grid(attributes.get("Name", ""), self.limits)
            self.grids.append(self._grid)
            self._row, self._next = -1, 0
        elif name == "Visible":
            self._option = []
        elif self._grid is None:
            return
        elif name == "Column":
            self._next = _number(attributes, "Index", self._next + 1) - 1
            last = self._next + 1 + _number(attributes, "Span", 0)
            if attributes.get("Hidden") == "1":
                self._grid.hidden_columns.update(range(self._next, min(last, 16_384)))
            self._next = last
        elif name == "Row":
            self._row = _number(attributes, "Index", self._row + 2) - 1
            self._column = -1
            self._row_style = attributes.get("StyleID", "")
            if attributes.get("Hidden") == "1":
                self._grid.hidden_rows.add(self._row)
        elif name == "Cell":
            self._column = _number(attributes, "Index", self._column + 2) - 1
            self._cell_style = attributes.get("StyleID", "") or self._row_style
            self._span = (_number(attributes, "MergeDown", 0) + 1,
                          _number(attributes, "MergeAcross", 0) + 1)
            self._value = None
        elif name == "Comment":
            self._note = True
        elif name == "Data" and not self._note:
            self._type, self._said = attributes.get("Type", "String"), []

    def end(self, name: str) -> None:
        if name == "Worksheet" and self._grid is not None:
            self._grid.extent.check()
            self._grid = None
        elif name == "Visible" and self._option is not None:
            if "Hidden" in "".join(self._option) and self._grid is not None:
                self.hidden.append(self._grid.name)
                self.grids.remove(self._grid)
                self._grid = None
            self._option = None
        elif name == "Comment":
            self._note = False
        elif name == "Data" and self._said is not None:
            self._value = _value(self._type, "".join(self._said))
            self._said = None
        elif name == "Cell" and self._grid is not None:
            self._grid.put(self._row, self._column, self._value,
                           self._codes.get(self._cell_style, ""))
            self._grid.merge(self._row, self._column, *self._span)
            self._column += self._span[1] - 1
        elif name == "Row" and self._row >= 2 ** 20:
            raise damaged()

    def text(self, data: str) -> None:
        if self._said is not None:
            self._said.append(data)
        elif self._option is not None:
            self._option.append(data)


def _number(attributes: Mapping[str, str], name: str, default: int) -> int:
    given = attributes.get(name, "")
    return int(given) if given.isdigit() and len(given) < 9 else default


def _value(kind: str, text: str) -> Any:
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            return datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        return text
    if kind == "Boolean":
        return text.strip() == "1"
    return ErrorText(text) if kind == "Error" else text
