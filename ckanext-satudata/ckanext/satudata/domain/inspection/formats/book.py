"""Sheets of a workbook by calamine, with what was found beside it."""
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import python_calamine

from ckanext.satudata.domain.inspection.bounds import damaged, encrypted, too_many_cells
from ckanext.satudata.domain.inspection.formats.cells import typed_column
from ckanext.satudata.domain.inspection.formats.look import (
    Look,
    hidden_sheets,
    no_cells,
)
from ckanext.satudata.domain.inspection.limits import Limits
from ckanext.satudata.domain.inspection.notes import N_, Message, RefusedFile
from ckanext.satudata.domain.inspection.sheet import Column, Kind, RawFile, Sheet, Span

__all__ = ["read"]


def read(path: Path, name: str, kind: str, limits: Limits, looks: Mapping[str, Look]) -> RawFile:
    """Read the visible sheets that hold anything.

    :raises RefusedFile: damaged, encrypted, or without any cell
    """
    found = RawFile(name, kind)
    hidden: list[str] = []
    try:
        with path.open("rb") as stream:
            # by content, not by the file's name: an .xls is often an .xlsx in truth
            book: Any = python_calamine.CalamineWorkbook.from_filelike(stream)
            for each in book.sheets_metadata:
                if each.typ != python_calamine.SheetTypeEnum.WorkSheet:
                    continue
                if each.visible != python_calamine.SheetVisibleEnum.Visible:
                    hidden.append(each.name)
                    unseen = _sheet(book, each.name, Look(), limits)
                    found.hidden += [unseen] if unseen is not None else []
                    continue
                sheet = _sheet(book, each.name, looks.get(each.name) or Look(), limits)
                if sheet is not None:
                    found.sheets.append(sheet)
    except python_calamine.PasswordError as error:
        raise encrypted() from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise damaged(error) from error
    found.remarks.extend(hidden_sheets(hidden))
    if not found.sheets:
        raise no_cells()
    return found


def _sheet(book: Any, name: str, look: Look, limits: Limits) -> Sheet | None:
    source = book.get_sheet_by_name(name)
    if source.end is None:
        return None
    area = (source.end[0] + 1) * (source.end[1] + 1)
    if area > limits.workbook_cells:
        raise too_many_cells(area, limits.workbook_cells, name)
    rows: Any = _cells(source)
    columns: list[Column] = [typed_column(values) for values in zip(*rows, strict=True)]
    del rows
    sheet = Sheet(name, columns, hidden_rows=frozenset(look.hidden_rows),
                  hidden_columns=frozenset(look.hidden_columns), formats=look.formats)
    merged = look.merged
    if merged is None:
        merged = [(*first, *last) for first, last in source.merged_cell_ranges or ()]
    sheet.merged = sorted(Span(*each) for each in merged
                          if each[0] < sheet.n_rows and each[1] < sheet.n_columns)
    _put_errors(sheet, look.errors)
    if look.uncomputed:
        sheet.remarks.append(Message(N_(
            "{count} sel berisi rumus yang belum dihitung, misalnya {cell}, sehingga terbaca "
            "kosong. Buka berkas di Excel atau LibreOffice, simpan, lalu unggah lagi."),
            {"count": len(look.uncomputed), "cell": look.uncomputed[0]}))
    return sheet


def _cells(source: Any) -> Any:
    """Return the cells of a sheet.

    :raises RefusedFile: a number beyond all calendars is shown as a date, at which calamine panics
    """
    try:
        return source.to_python(skip_empty_area=False)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # which is no Exception
            raise
        raise RefusedFile("bad_date", N_(
            "Ada sel berformat tanggal yang isinya bukan tanggal, misalnya nomor yang panjang. "
            "Ubah format sel itu menjadi teks atau angka, simpan, lalu unggah lagi.")) from None


def _put_errors(sheet: Sheet, errors: Mapping[tuple[int, int], str]) -> None:
    """Put errors in, which calamine leaves empty."""
    import pyarrow as pa

    places: dict[int, dict[int, str]] = {}
    for (row, number), text in errors.items():
        if row < sheet.n_rows and number < sheet.n_columns:
            places.setdefault(number, {})[row] = text
    for number, texts in places.items():
        column = sheet.columns[number]
        values = column.text.to_pylist()
        for row, text in texts.items():
            values[row] = text
            if column.kinds is not None:
                column.kinds[row] = Kind.ERROR
        column.text = pa.chunked_array([pa.array(values, pa.string())])
