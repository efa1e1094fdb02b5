"""The end of tidying: columns under way get their final names, and become a clean table."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection import corrections, header
from ckanext.satudata.domain.inspection.notes import Change, Message
from ckanext.satudata.domain.inspection.recipe import TableRecipe
from ckanext.satudata.domain.inspection.spoken import spoken
from ckanext.satudata.domain.inspection.table import RawTable, Role, TidyColumn, TidyTable
from ckanext.satudata.domain.inspection.work import Item, Work

__all__ = ["finished"]

#: Places of a sentence where the name of a column stands.
_COLUMNS = ("column", "kolom")


def finished(work: Work, raw: RawTable, recipe: TableRecipe) -> TidyTable:
    """Give the work its final names and types."""
    dropped = _dropped(work, recipe)
    names = corrections.names_of(work)
    columns: list[TidyColumn] = []
    arrays: list[pa.Array] = []
    cells: dict[str, np.ndarray] = {}
    renamed: dict[str, str] = {}
    for item, name in zip(work.items, names, strict=True):
        renamed[item.name] = name
        unit = recipe.units.get(item.name) or recipe.units.get(name) or item.unit
        columns.append(TidyColumn(
            name, item.type, item.role, item.title, (header.unit_code(unit) or unit) if unit
            else None, item.header, item.reference))
        arrays.append(item.values)
        cells[name] = _cells_of(item, len(work.rows))
    _add_status(work, names, columns, arrays, cells)
    names = [column.name for column in columns]
    title = raw.about.get("judul", "") or raw.sheet.name
    headers = {column.at: column.header for column in raw.columns}
    called = {each.name: spoken(headers, [each.at], each.name) for each in raw.columns}
    return TidyTable(
        raw.sheet.name, title, raw.span, columns, pa.table(arrays, names=names), work.rows, cells,
        work.mark, dict(raw.about),
        {renamed.get(name, name): list(each) for name, each in work.totals.items()
         if name not in dropped},
        [_spoken(each, called) for each in work.changes],
        [replace(question, column=renamed.get(question.column, question.column))
         if question.column else question for question in work.questions
         if question.column not in dropped], dropped=dropped,
        headers=headers)


def _spoken(change: Change, called: Mapping[str, str]) -> Change:
    """Return what was done in the words of the sheet: nobody there knows the clean names."""
    def told(message: Message) -> Message:
        return replace(message, values={
            name: called.get(each, each) if name in _COLUMNS and isinstance(each, str) else each
            for name, each in message.values.items()})

    return replace(change, what=told(change.what), why=told(change.why))


def _dropped(work: Work, recipe: TableRecipe) -> dict[str, np.ndarray]:
    """Take the columns out that the officer does not want; one at least stays."""
    wanted = [item for item in work.items if item.name not in recipe.drop]
    if not wanted or len(wanted) == len(work.items):
        return {}
    dropped = {item.name: _cells_of(item, len(work.rows)) for item in work.items
               if item.name in recipe.drop}
    work.items = wanted
    return dropped


def _cells_of(item: Item, count: int) -> np.ndarray:
    """Return the column of the sheet each cell of a column came from."""
    return item.cells if item.cells is not None else np.full(count, item.at, dtype=np.int64)


def _add_status(
    work: Work, names: list[str], columns: list[TidyColumn], arrays: list[pa.Array],
    cells: dict[str, np.ndarray],
) -> None:
    """Add a column of status_angka for each measure in which a sign was given its meaning."""
    told = [(item, name) for item, name in zip(work.items, names, strict=True)
            if item.status is not None]
    for item, name in told:
        wanted = "status_angka" if len(told) == 1 else f"status_{name}"
        status = header.unique([*(column.name for column in columns), wanted])[-1]
        at = next(number for number, column in enumerate(columns) if column.name == name) + 1
        columns.insert(at, TidyColumn(status, "string", Role.STATUS, "Status angka",
                                      reference="status_angka"))
        arrays.insert(at, item.status)
        cells[status] = cells[name]
