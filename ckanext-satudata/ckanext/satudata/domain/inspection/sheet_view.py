"""What of a sheet is shown beside its clean table: the head, the foot, and the rows with marks.

Zones: ``judul`` (above or below the table), ``kepala``, ``isi``, ``jumlah``, ``lewat``.
"""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ckanext.satudata.domain.inspection.flow import mask
from ckanext.satudata.domain.inspection.notes import Finding
from ckanext.satudata.domain.inspection.sheet import Cell, Kind, RawFile, Sheet, column_letters
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["place_of", "sheets"]

_MAX_SHEETS = 12
_MAX_ROWS, _MAX_COLUMNS = 90, 40
_HEAD, _FOOT, _AROUND = 8, 3, 1
_MAX_TEXT = 120
_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_NUMBERING = re.compile(r"\(?[0-9]{1,3}\)?")

#: Of which kind the data of a column are that was left out: nothing of them is shown.
_DROPPED = "dibuang"

Listed = Sequence[tuple[int | None, Finding]]
Tables = Sequence[tuple[TidyTable, Mapping[str, str]]]


def place_of(cell: str | None) -> tuple[int, int] | None:
    """Return (row, column) from 0 of ``B5``."""
    found = _CELL.fullmatch(cell or "")
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def sheets(file: RawFile, tables: Tables, listed: Listed) -> list[dict[str, Any]]:
    """Return the shown part of each sheet; findings are numbered as they are listed, from 1."""
    made: list[dict[str, Any]] = []
    for sheet in file.sheets[:_MAX_SHEETS]:
        own = [(table, masked) for table, masked in tables if table.sheet == sheet.name]
        if not own and made and not sheet.n_rows:
            continue
        marks: dict[tuple[int, int], list[tuple[int, str]]] = {}
        for number, (_, finding) in enumerate(listed, 1):
            place = place_of(finding.cell) if finding.sheet == sheet.name else None
            if place:
                marks.setdefault(place, []).append((number, finding.severity.value))
        made.append(_view(sheet, own, marks))
    return made


def _view(
    sheet: Sheet, tables: Tables, marks: Mapping[tuple[int, int], list[tuple[int, str]]]
) -> dict[str, Any]:
    zones, shown = _zones(sheet, [table for table, _ in tables], {row for row, _ in marks})
    width = min(sheet.n_columns, _MAX_COLUMNS)
    masked = _masked(tables)
    rows: list[dict[str, Any]] = []
    for row in shown:
        inside = zones.get(row) in ("isi", "jumlah", "lewat")
        cells = [_cell(cell, zone_of(zones, row, cell), marks.get((row, column), ()),
                       masked.get(column, "") if inside else "")
                 for column, cell in enumerate(sheet.rows(row, row + 1)[0][:width])]
        rows.append({"n": row + 1, "cells": cells})
    merged = [[span.top + 1, span.left, span.bottom + 1, span.right] for span in sheet.merged
              if span.left < width and set(range(span.top, span.bottom + 1)) <= set(shown)]
    return {"name": sheet.name, "n_rows": sheet.n_rows, "n_columns": sheet.n_columns,
            "letters": [column_letters(column) for column in range(width)], "rows": rows,
            "merged": merged[:500]}


def _zones(
    sheet: Sheet, tables: Sequence[TidyTable], marked: set[int]
) -> tuple[dict[int, str], list[int]]:
    """Return the zone of the rows that matter, and which rows are shown."""
    zones: dict[int, str] = {}
    wanted: set[int] = set()
    for table in tables:
        inside = np.zeros(sheet.n_rows, dtype=bool)
        inside[table.sheet_rows] = True
        top, bottom = table.span.top, min(table.span.bottom, sheet.n_rows - 1)
        # A total of a row ("L + P") stands in a row of data.
        totals = {total.row for each in table.totals.values() for total, _ in each
                  if total.columns is None or len(total.members) != 1
                  or int(total.members[0]) != total.row}
        first = int(table.sheet_rows.min(initial=bottom + 1))
        head = range(max(top - _HEAD, 0), min(first + _HEAD, sheet.n_rows))
        foot = range(max(bottom - _FOOT, 0), min(bottom + _HEAD, sheet.n_rows))
        wanted.update(head, foot)
        wanted.update(row + step for row in sorted(marked) for step in range(-_AROUND, _AROUND + 1)
                      if top <= row <= bottom and top <= row + step <= bottom)
        for row in wanted:
            if not top <= row <= bottom:
                continue
            if row in totals:
                zones[row] = "jumlah"
            elif row < first:
                zones[row] = "lewat" if _is_numbering(sheet, row) else "kepala"
            else:
                zones[row] = "isi" if inside[row] else "lewat"
    if not tables:
        wanted.update(range(min(sheet.n_rows, _HEAD)))
    wanted |= set(list(marked)[:_MAX_ROWS])
    shown = sorted(row for row in wanted if 0 <= row < sheet.n_rows)
    return zones, shown[:_MAX_ROWS]


def _is_numbering(sheet: Sheet, row: int) -> bool:
    texts = [cell.text.strip() for cell in sheet.rows(row, row + 1)[0] if cell.text.strip()]
    return len(texts) > 1 and all(_NUMBERING.fullmatch(text) for text in texts)


def zone_of(zones: Mapping[int, str], row: int, cell: Cell) -> str:
    """Return the zone of a cell; an empty one outside a table has none."""
    return zones.get(row) or ("judul" if cell.text.strip() else "")


def _masked(tables: Tables) -> dict[int, str]:
    """Return the columns of the sheet that hold personal data, and of which kind."""
    found: dict[int, str] = {}
    for table, masked in tables:
        for name, kind in masked.items():
            if name in table.cells:
                columns = np.unique(table.cells[name])
                found.update((int(column), kind) for column in columns if column >= 0)
        for cells in table.dropped.values():  # left out mostly for what stands in them
            found.update((int(column), _DROPPED) for column in np.unique(cells) if column >= 0)
    return found


def _cell(
    cell: Cell, zone: str, marks: Sequence[tuple[int, str]], personal: str
) -> dict[str, Any]:
    text = cell.text.strip()[:_MAX_TEXT]
    made: dict[str, Any] = {"t": mask(text, personal) if personal and text else text}
    if zone:
        made["z"] = zone
    if cell.kind == Kind.NUMBER:
        made["n"] = 1
    if marks:
        made["f"] = [number for number, _ in marks][:5]
        made["s"] = min((severity for _, severity in marks),
                        key=("wajib", "sebaiknya", "saran").index)
    return made
