"""Tables of a DOCX document, with the lines above and below them."""
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ckanext.satudata.domain.inspection.bounds import Archive, check_size, damaged
from ckanext.satudata.domain.inspection.formats.blocks import Table, grids
from ckanext.satudata.domain.inspection.limits import Limits
from ckanext.satudata.domain.inspection.markup import Handler, parse
from ckanext.satudata.domain.inspection.notes import N_, RefusedFile

if TYPE_CHECKING:
    from ckanext.satudata.domain.inspection.sheet import RawFile

__all__ = ["read"]


def read(path: Path, name: str, limits: Limits) -> RawFile:
    """Read all tables.

    :raises RefusedFile: damaged, without a table, or beyond the limits
    """
    check_size(path, limits.file_bytes)
    archive = Archive(path, limits)
    part = archive.find("word/document.xml")
    if part is None:
        raise damaged()
    walk = _Walk()
    parse(archive.pieces(part), walk)
    found = [grid for grid in grids(walk.blocks, limits) if grid.height]
    if not found:
        raise RefusedFile("no_table", N_(
            "Dokumen ini tidak berisi tabel. Salin angkanya ke XLSX atau CSV, atau unggah dokumen "
            "yang memuat tabelnya."))
    sheets = [grid.sheet(typed=False) for grid in found]
    from ckanext.satudata.domain.inspection.sheet import RawFile

    return RawFile(name, "docx", sheets)


class _Cell:
    def __init__(self) -> None:
        self.said: list[str] = []
        self.across = 1
        self.goes_on = False  # the lower part of a cell merged downwards


class _Open:
    """A table that is being read."""

    def __init__(self) -> None:
        self.rows: list[list[_Cell]] = []
        self.before: list[int] = []  # grid columns left out at the begin of each row
        self.cell: _Cell | None = None


class _Walk(Handler):
    """Follows paragraphs and tables; a table inside a cell is a table of its own."""

    def __init__(self) -> None:
        self.blocks: list[str | Table] = []
        self._open: list[_Open] = []
        self._line: list[str] = []
        self._in_text = False
        self._deleted = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        table = self._open[-1] if self._open else None
        cell = table.cell if table is not None else None
        if name == "tbl":
            self._open.append(_Open())
        elif name in ("del", "moveFrom"):
            self._deleted += 1
        elif name == "t":
            self._in_text = not self._deleted
        elif name in ("tab", "br", "cr"):
            self._say(" " if name == "tab" else "\n")
        elif table is None:
            return
        elif name == "tr":
            table.rows.append([])
            table.before.append(0)
        elif name == "gridBefore" and table.before:
            table.before[-1] = _count(attributes.get("val"), 0)
        elif name == "tc":
            table.cell = _Cell()
        elif cell is not None and name == "gridSpan":
            cell.across = _count(attributes.get("val"), 1)
        elif cell is not None and name == "vMerge":
            cell.goes_on = attributes.get("val", "continue") == "continue"

    def end(self, name: str) -> None:
        if name == "t":
            self._in_text = False
        elif name in ("del", "moveFrom"):
            self._deleted -= 1
        elif name == "p":
            if self._open:
                self._say("\n")
            else:
                text = "".join(self._line)
                self.blocks.extend(line.strip() for line in text.split("\n") if line.strip())
                self._line = []
        elif name == "tc" and self._open:
            table = self._open[-1]
            if table.cell is not None and table.rows:
                table.rows[-1].append(table.cell)
            table.cell = None
        elif name == "tbl" and self._open:
            self.blocks.append(_table(self._open.pop()))

    def text(self, data: str) -> None:
        if self._in_text:
            self._say(data)

    def _say(self, text: str) -> None:
        if not self._open:
            self._line.append(text)
            return
        cell = self._open[-1].cell
        if cell is not None:
            cell.said.append(text)


def _table(found: _Open) -> Table:
    """Return a table whose cells say how many rows they cover."""
    placed: list[dict[int, _Cell]] = []
    for cells, before in zip(found.rows, found.before, strict=True):
        row: dict[int, _Cell] = {}
        column = before
        for cell in cells:
            row[column] = cell
            column += cell.across
        placed.append(row)
    made = Table()
    for number, row in enumerate(placed):
        line: list[tuple[str, int, int]] = [("", 1, 1)] * (
            found.before[number] if row else 0)
        for column, cell in row.items():
            if cell.goes_on and number and column in placed[number - 1]:
                continue
            down = 1
            while (number + down < len(placed) and column in placed[number + down]
                   and placed[number + down][column].goes_on):
                down += 1
            text = "\n".join(part.strip() for part in "".join(cell.said).split("\n")
                             if part.strip())
            line.append((text, down, cell.across))
        made.rows.append(line)
    return made


def _count(given: str | None, default: int) -> int:
    return min(int(given), 1_000) if given and given.isdigit() and len(given) < 6 else default
