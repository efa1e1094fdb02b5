"""Pages of text and tables: each table a sheet, with the lines that stand around it.

Above a table stands its title, below it source and notes; they become rows of its sheet, as they
would in a spreadsheet, so that whoever looks for a title looks in one way. Tables that only lay
out text (a letterhead, ``Provinsi : Banten``) are such lines too.
"""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ckanext.satudata.domain.inspection.bounds import too_many_columns
from ckanext.satudata.domain.inspection.formats.grid import Grid
from ckanext.satudata.domain.inspection.limits import Limits

__all__ = ["Table", "grids"]

_ABOVE, _BELOW = 6, 6
_NOTE = re.compile(r"\W*(?:sumber|catatan|keterangan|ket\b|note|source|\*|\d\))", re.IGNORECASE)
_LINE = 1_000
#: Columns that spans may reach, with nothing in them too.
_COLUMNS = 5_000


@dataclass
class Table:
    """A table as it was met: rows of cells, each with its text, rows and columns it spans."""

    caption: str = ""
    rows: list[list[tuple[str, int, int]]] = field(
        default_factory=list[list[tuple[str, int, int]]])


def grids(blocks: Sequence[str | Table], limits: Limits) -> list[Grid]:
    """Return a sheet for each table that holds one."""
    made: list[Grid] = []
    above: list[str] = []
    last: tuple[Grid, int] | None = None
    for block in blocks:
        lines = _lines(block) if isinstance(block, Table) else [block]
        if lines is not None:
            for line in lines:
                text = line.strip()[:_LINE]
                if not text:
                    continue
                if last is not None and not above and last[1] < _BELOW and (
                        _NOTE.match(text) or last[1]):
                    grid, count = last
                    grid.put(grid.height + (0 if count else 1), 0, text)
                    last = grid, count + 1
                else:
                    above.append(text)
            continue
        assert isinstance(block, Table)
        grid = Grid(f"Tabel {len(made) + 1}", limits)
        shown = [*above[-_ABOVE:], *([block.caption.strip()] if block.caption.strip() else [])]
        for row, text in enumerate(shown):
            grid.put(row, 0, text)
        _fill(grid, block, len(shown) + bool(shown))
        made.append(grid)
        above, last = [], (grid, 0)
    return made


def _lines(table: Table) -> list[str] | None:
    """Return the text of a table that only lays it out; ``None`` for a real one."""
    lines: list[str] = []
    for row in table.rows:
        filled = [text.strip() for text, _, _ in row if text.strip()]
        if len(filled) > 1 and not (len(filled) <= 3 and (
                filled[1].startswith(":") or filled[0].endswith(":"))):
            return None
        lines.append(" ".join(filled))
    return lines


def _fill(grid: Grid, table: Table, first: int) -> None:
    """Place cells as a browser does: past what cells above still cover."""
    covered: dict[int, int] = {}  # column: rows still covered
    for number, cells in enumerate(table.rows):
        row, column = first + number, 0
        ahead = dict(covered)
        covered = {at: left - 1 for at, left in covered.items() if left > 1}
        for text, down, across in cells:
            while column in ahead:
                column += 1
            if column >= _COLUMNS:
                raise too_many_columns(column + 1, grid.limits, grid.name)
            grid.put(row, column, text)
            down = min(max(down, 1), len(table.rows) - number)
            across = min(max(across, 1), _COLUMNS)
            grid.merge(row, column, down, across)
            if down > 1:
                covered.update(dict.fromkeys(range(column, column + across), down - 1))
            column += across
