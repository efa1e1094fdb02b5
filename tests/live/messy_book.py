"""A workbook as an office makes it for printing, with what usually goes wrong in one."""
from __future__ import annotations

import io
import random
import zipfile
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from ckanext.satudata.domain import wilayah

__all__ = ["NIK", "WRONG", "messy", "total"]

#: Kabupaten Serang.
HOME = "36.04"
#: So much too high is the total as typed, where it is wrong at all.
WRONG = 1_000
#: Header of the column that may not get out.
NIK = "NIK Penanggung Jawab"
_LAST = "G"


def _figures(year: int) -> list[tuple[str, int, int, int]]:
    """Name, puskesmas, men and women of each kecamatan; the same for the same year."""
    chance = random.Random(year)
    return [(each.name, chance.randint(0, 3) if at % 10 else 0, chance.randint(8_000, 30_000),
             chance.randint(8_000, 30_000))
            for at, each in enumerate(wilayah.children(HOME))]


def total(year: int) -> int:
    """Return how many came in a year."""
    return sum(men + women for _name, _places, men, women in _figures(year))


def _dots(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def messy(year: int, *, wrong: bool = False, personal: bool = False, weight: int = 0) -> bytes:
    """Return the workbook of a year: titles, two rows of heads, numbers below, a sum, a source.

    :param wrong: the sum is off by :data:`WRONG`
    :param personal: with a column of NIK
    :param weight: bytes of a picture in it, so that an upload takes a while
    """
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "Rekap"
    sheet["A1"] = "DATA KUNJUNGAN RAWAT JALAN PUSKESMAS MENURUT KECAMATAN"
    sheet["A2"] = f"KABUPATEN SERANG TAHUN {year}"
    for row in (1, 2):
        sheet.merge_cells(f"A{row}:{_LAST}{row}")
        sheet.cell(row, 1).font = Font(bold=True)
        sheet.cell(row, 1).alignment = Alignment(horizontal="center")
    heads = ["No", "Kecamatan", "Puskesmas", "Kunjungan (orang)"]
    for column, head in enumerate(heads, 1):
        sheet.cell(4, column, head)
    sheet.merge_cells("D4:F4")
    for column, head in zip("DEF", ("L", "P", "JML"), strict=True):
        sheet[f"{column}5"] = head
    for column in "ABC":
        sheet.merge_cells(f"{column}4:{column}5")
    if personal:
        sheet[f"{_LAST}4"] = NIK
        sheet.merge_cells(f"{_LAST}4:{_LAST}5")
    for column in range(1, 7 + personal):
        sheet.cell(6, column, f"({column})")
    chance = random.Random(year)
    figures = _figures(year)
    for at, (name, places, men, women) in enumerate(figures):
        row = [at + 1, name.upper() if at % 7 == 3 else name, places or "-", _dots(men),
               _dots(women), _dots(men + women)]
        if personal:
            row.append(f"3604{chance.randint(1, 29):02}{chance.randint(1, 28):02}"
                       f"{chance.randint(1, 12):02}{chance.randint(60, 99):02}"
                       f"{chance.randint(1, 9999):04}")
        for column, value in enumerate(row, 1):
            sheet.cell(7 + at, column, value)
    last = 7 + len(figures)
    sheet.cell(last, 1, "JUMLAH")
    sheet.merge_cells(f"A{last}:B{last}")
    sums = [sum(each[at] for each in figures) for at in (1, 2, 3)]
    for column, value in zip("CDEF", (
            sums[0], _dots(sums[1]), _dots(sums[2]),
            _dots(sums[1] + sums[2] + (WRONG if wrong else 0))), strict=True):
        sheet[f"{column}{last}"] = value
    sheet.cell(last + 2, 1, "Sumber: Dinas Kesehatan Kabupaten Serang")
    stream = io.BytesIO()
    book.save(stream)
    if weight:
        with zipfile.ZipFile(stream, "a") as parts:
            parts.writestr("xl/media/logo.jpeg", random.Random(7).randbytes(weight))
    return stream.getvalue()
