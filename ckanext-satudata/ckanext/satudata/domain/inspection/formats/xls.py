"""XLS (BIFF in OLE): values by calamine, what they look like from the records themselves.

The records are walked through before calamine opens the file: an encrypted one is told, and a
sheet that reaches too far is refused with its cell.
"""
from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ckanext.satudata.domain.inspection.bounds import (
    Extent,
    check_size,
    damaged,
    encrypted,
)
from ckanext.satudata.domain.inspection.formats import numfmt
from ckanext.satudata.domain.inspection.formats.grid import FORMAT_ROWS
from ckanext.satudata.domain.inspection.formats.look import Look
from ckanext.satudata.domain.inspection.formats.ole import Container
from ckanext.satudata.domain.inspection.limits import Limits
from ckanext.satudata.domain.inspection.notes import N_, RefusedFile

if TYPE_CHECKING:
    from ckanext.satudata.domain.inspection.sheet import RawFile

__all__ = ["read"]

_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?",
           0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA"}
#: Records of a single cell: row, column and style are their first six bytes.
_FORMULA, _BOOL_ERROR = 0x0006, 0x0205
_CELLS = frozenset([0x0203, 0x027E, 0x00FD, 0x0204, _BOOL_ERROR, _FORMULA, 0x00D6])
_MULTIPLE = 0x00BD


def read(path: Path, name: str, limits: Limits) -> RawFile:
    """Read all visible sheets.

    :raises RefusedFile: encrypted, damaged, no workbook, or reaching beyond the limits
    """
    check_size(path, limits.workbook_bytes)
    with path.open("rb") as stream, mmap.mmap(
            stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        container = Container(content)
        names = {each.lower() for each in container.streams}
        if "encryptedpackage" in names:
            raise encrypted()
        if "worddocument" in names or "powerpoint document" in names:
            raise RefusedFile("not_a_table", N_(
                "Berkas ini dokumen Word atau PowerPoint versi lama, yang tidak dibaca. Simpan "
                "ulang sebagai DOCX, XLSX, atau CSV."))
        records = container.stream("Workbook") or container.stream("Book")
    if records is None:
        raise damaged()
    looks = _Walk(records, limits).looks
    from ckanext.satudata.domain.inspection.formats import book

    return book.read(path, name, "xls", limits, looks)


class _Walk:
    """What the records say beside the values."""

    def __init__(self, records: bytes, limits: Limits) -> None:
        self._records, self._limits = records, limits
        self.looks: dict[str, Look] = {}
        self._codes: list[str] = []
        try:
            self._globals()
        except (struct.error, IndexError) as error:
            raise damaged(error) from error

    def _globals(self) -> None:
        named: dict[int, str] = {}
        numbers: list[int] = []
        sheets: list[tuple[str, int]] = []
        wide = True
        for kind, at, size in self._from(0):
            data = self._records[at:at + size]
            if kind == 0x0809:
                wide = struct.unpack_from("<H", data)[0] >= 0x0600
            elif kind == 0x002F:
                raise encrypted()
            elif kind == 0x041E:
                number = struct.unpack_from("<H", data)[0]
                named[number] = _text(data[2:], 2) if wide else data[3:].decode("cp1252", "replace")
            elif kind == 0x00E0:
                numbers.append(struct.unpack_from("<H", data, 2)[0])
            elif kind == 0x0085:
                name = _text(data[6:], 1) if wide else data[7:].decode("cp1252", "replace")
                sheets.append((name, struct.unpack_from("<I", data)[0]))
            elif kind == 0x000A:
                break
        self._codes = [numfmt.known(number, named) for number in numbers]
        for name, at in sheets[:1_000]:
            self.looks[name] = self._sheet(name, at)

    def _from(self, at: int) -> Iterator[tuple[int, int, int]]:
        records = self._records
        while at + 4 <= len(records):
            kind, size = struct.unpack_from("<HH", records, at)
            yield kind, at + 4, size
            at += 4 + size

    def _sheet(self, name: str, at: int) -> Look:
        look = Look()
        merged: list[tuple[int, int, int, int]] = []
        extent = Extent(name, self._limits)
        depth = 0
        for kind, start, size in self._from(at):
            if kind == 0x0809:
                depth += 1
            elif kind == 0x000A:
                depth -= 1
                if not depth:
                    break
            elif depth > 1:
                continue  # a chart on the sheet
            elif kind in _CELLS:
                row, column, style = struct.unpack_from("<HHH", self._records, start)
                extent.add(row, column)
                self._show(look, row, column, style)
                if kind == _BOOL_ERROR and self._records[start + 7]:
                    look.errors[row, column] = _ERRORS.get(self._records[start + 6], "#N/A")
                elif kind == _FORMULA and self._records[start + 12:start + 14] == b"\xff\xff" and (
                        self._records[start + 6] == 2):
                    look.errors[row, column] = _ERRORS.get(self._records[start + 8], "#N/A")
            elif kind == _MULTIPLE:
                row, column = struct.unpack_from("<HH", self._records, start)
                for step in range(max((size - 6) // 6, 0)):
                    extent.add(row, column + step)
                    style = struct.unpack_from("<H", self._records, start + 4 + step * 6)[0]
                    self._show(look, row, column + step, style)
            elif kind == 0x0208 and self._records[start + 12] & 0x20:
                look.hidden_rows.add(struct.unpack_from("<H", self._records, start)[0])
            elif kind == 0x007D and self._records[start + 8] & 0x01:
                first, last = struct.unpack_from("<HH", self._records, start)
                look.hidden_columns.update(range(first, min(last, 255) + 1))
            elif kind == 0x00E5:
                for step in range(min(struct.unpack_from("<H", self._records, start)[0],
                                      (size - 2) // 8)):
                    top, bottom, left, right = struct.unpack_from(
                        "<4H", self._records, start + 2 + step * 8)
                    merged.append((top, left, bottom, right))
        if extent.cells:
            extent.check()
        look.merged = merged
        return look

    def _show(self, look: Look, row: int, column: int, style: int) -> None:
        if row < FORMAT_ROWS and style < len(self._codes) and self._codes[style]:
            look.formats[row, column] = self._codes[style]


def _text(data: bytes, lengths: int) -> str:
    """Return a text with its length in front, in one or two bytes a letter."""
    count = int.from_bytes(data[:lengths], "little")
    start = lengths + 1
    if data[lengths] & 0x01:
        return data[start:start + 2 * count].decode("utf-16-le", "replace")
    return data[start:start + count].decode("latin-1")
