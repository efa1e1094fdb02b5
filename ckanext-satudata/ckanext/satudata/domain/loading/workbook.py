"""Workbooks (.xlsx, .xls): bounds before reading, then the first sheet.

Threat: a workbook of 5 kB may declare 17 billion cells or unpack to gigabytes.
An .xlsx is walked through as a stream first, for sizes and for the farthest
cell that really occurs (the declared dimension may lie); an .xls, which cannot
be, is read under the memory limit of the child process alone.
"""
from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.problems import N_, LoadError, Place
from ckanext.satudata.domain.loading.table import NotATable

__all__ = ["check_xlsx", "first_sheet"]

_CELL = re.compile(rb'\br="([A-Z]{1,4})(\d{1,8})"')
_MAX_PARTS = 5_000
_CHUNK = 1024 * 1024


def check_xlsx(path: Path, limits: Limits, place: Place) -> None:
    """Refuse a workbook that is no zip, unpacks too large or reaches too far.

    :raises LoadError: naming the sheet part and the cell.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise LoadError(place, N_(
            "berkas bukan buku kerja Excel yang utuh ({error}). Buka di Excel lalu simpan ulang."),
            error=str(error)) from error
    with archive:
        parts = archive.infolist()
        if len(parts) > _MAX_PARTS:
            raise LoadError(place, N_("buku kerja berisi {count} bagian dan tidak dibuka."),
                            count=len(parts))
        if sum(part.file_size for part in parts) > limits.workbook_bytes:
            raise _too_large(place, limits)
        left = limits.workbook_bytes
        for part in parts:
            if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                left = _walk(archive, part, left, limits, place)


def _too_large(place: Place, limits: Limits) -> LoadError:
    return LoadError(
        place,
        N_("isi buku kerja melebihi {limit} MB setelah dibuka dan tidak dibaca."),
        limit=limits.workbook_bytes // 1_000_000,
    )


def _walk(
    archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, limits: Limits, place: Place
) -> int:
    """Find the farthest cell of one sheet without building it; return the bytes left."""
    last_row = last_column = 0
    tail = b""
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise _too_large(place, limits)
                for letters, digits in _CELL.findall(tail + chunk):
                    row, column = int(digits), _column_number(letters)
                    last_row, last_column = max(last_row, row), max(last_column, column)
                    if row * column > limits.cells or column > 16_384 or (
                        last_row * last_column > limits.cells
                    ):
                        raise LoadError(
                            Place(place.file, row, letters.decode(), part.filename), N_(
                                "sel {cell} membuat lembar ini terlalu luas untuk dibaca. "
                                "Hapus baris dan kolom kosong di luar tabel, lalu simpan ulang."),
                            cell=(letters + digits).decode())
                tail = chunk[-32:]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise LoadError(place, N_(
            "berkas bukan buku kerja Excel yang utuh ({error}). Buka di Excel lalu simpan ulang."),
            error=str(error)) from error
    return left


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def first_sheet(
    path: Path, limits: Limits, place: Place
) -> tuple[str, list[str], list[tuple[int, list[str]]]]:
    """Return name of the first sheet that holds anything, names of the other such, its rows.

    :raises NotATable: for a workbook without cells, or with merged cells in its table.
    :raises LoadError: for a damaged workbook.
    """
    import python_calamine  # only the child process needs it

    stream = path.open("rb")
    try:
        # by content, not by the file's name: an .xls is often an .xlsx in truth
        book = python_calamine.CalamineWorkbook.from_filelike(stream)
        found: list[tuple[str, Any]] = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height and sheet.total_width:
                found.append((name, sheet))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise LoadError(place, N_(
            "berkas bukan buku kerja Excel yang utuh ({error}). Buka di Excel lalu simpan ulang."),
            error=str(error)) from error
    if not found:
        raise NotATable(place, N_("buku kerja tidak berisi sel apa pun."))
    name, sheet = found[0]
    here = Place(place.file, sheet=name)
    if sheet.height * sheet.width > limits.cells:
        raise NotATable(here, N_("sel melebihi batas {limit}."), limit=limits.cells)
    merged = getattr(sheet, "merged_cell_ranges", None)
    if merged:
        (row, column), _ = min(merged)
        raise NotATable(Place(place.file, row + 1, _letters(column), name), N_(
            "ada {count} sel gabungan. Pisahkan sel gabungan agar setiap kolom punya satu judul."),
            count=len(merged))
    return name, [other for other, _ in found[1:]], list(_sheet_rows(sheet))


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    for offset, row in enumerate(sheet.iter_rows()):
        cells = [_text(cell) for cell in row]
        if any(cells):
            # calamine yields from the sheet's first row on, whatever is empty above
            yield offset + 1, cells


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _text(value: Any) -> str:
    """Return a cell as it would be typed: no ``3201.0``, no midnight on a date."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        at_midnight = value.time() == datetime.time()
        return value.date().isoformat() if at_midnight else value.isoformat(" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value)
