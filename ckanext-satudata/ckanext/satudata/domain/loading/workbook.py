"""Workbooks: the first sheet, if it is a table without merged cells."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ckanext.satudata.domain.inspection import reader
from ckanext.satudata.domain.inspection.names import column_letters
from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.problems import N_, Place
from ckanext.satudata.domain.loading.table import NotATable

__all__ = ["Rows", "first_sheet"]

Rows = Iterator[tuple[int, list[str]]]


def first_sheet(path: Path, limits: Limits, place: Place) -> tuple[str, list[str], Rows, int]:
    """Return name of the first sheet that holds anything, names of the other such, rows, width.

    :raises NotATable: merged cells in its table.
    :raises RefusedFile: no workbook, damaged, or beyond the limits.
    """
    sheets = reader.read(path, place.file, limits).sheets
    if not sheets:
        raise NotATable(place, N_("berkas ini gambar, bukan tabel."))
    first = sheets[0]
    if first.merged:
        at = min(first.merged)
        raise NotATable(Place(place.file, at.top + 1, column_letters(at.left), first.name), N_(
            "ada {count} sel gabungan. Pisahkan sel gabungan agar setiap kolom punya satu judul."),
            count=len(first.merged))
    left = first.blank_left()
    return (first.name, [sheet.name for sheet in sheets[1:]], first.lines(left),
            first.n_columns - left)
