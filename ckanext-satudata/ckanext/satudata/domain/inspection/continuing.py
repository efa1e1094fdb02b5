"""The periods that are published already, put before those of a file that has only new ones.

A template asks for the next period, and an agency's next sheet often holds nothing else. What is
published has all the others: without this, handing in a year would take them away. Whoever wants
that says so, by switching the step off.
"""
from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.checks.base import Previous
from ckanext.satudata.domain.inspection.notes import N_, Change, Message
from ckanext.satudata.domain.inspection.sheet import range_name
from ckanext.satudata.domain.inspection.steps import CONTINUE
from ckanext.satudata.domain.inspection.table import Release, Role, TidyColumn, TidyTable
from ckanext.satudata.domain.inspection.values.signs import NORMAL

__all__ = ["continued", "spans"]

_YEAR = re.compile(r"(?<!\d)(?:1[89]|2[01])\d\d(?!\d)")
_TIMES = frozenset({"year", "yearmonth", "date", "datetime", "string"})


def continued(
    table: TidyTable, previous: Previous | None, dataset: str, off: Collection[str] = (),
    replaces: bool = False,
) -> tuple[TidyTable, Message | None]:
    """Return a table with the published rows of other periods before its own.

    Those of a template are put before it in any case; those of another file only where it holds
    no year that is published: a year that stands in both may be a correction of the whole table.

    :param dataset: id of the one that is inspected: a template of another continues nothing
    :param off: steps that are switched off
    :param replaces: the clean table takes the place of the published one, whoever made its file
    :returns: the table, and what is to be said where its rows do not fit the published ones
    """
    if previous is None:
        return table, None
    mark = table.template
    ours = mark is not None and mark.dataset == dataset
    name = mark.continues if mark is not None and ours else ""
    if not name and (ours or mark is None) and replaces:
        name = _new_years(table, previous)
    made, said = _with(table, previous, name, bool(mark and mark.continues)) if (
        name and CONTINUE not in off) else (table, None)
    if not replaces:
        return made, said
    kept = made.data.num_rows - table.data.num_rows
    return replace(made, release=_release(
        made, previous, name, kept, bool(kept) or (bool(name) and CONTINUE in off))), said


def _with(
    table: TidyTable, previous: Previous, name: str, asks: bool
) -> tuple[TidyTable, Message | None]:
    """Put the published rows of periods that a table does not hold before its own.

    :param name: of the column of time; ``asks``: the template asked for the next period alone
    """
    if name not in [column.name for column in table.columns] or not table.data.num_rows:
        return table, None
    before = _fitted(table.columns, previous.data.drop_columns(
        [each for each in table.dropped if each in previous.data.column_names]))
    if before is None or name not in previous.data.column_names:
        return table, Message(N_(
            "Baris periode sebelumnya tidak disertakan: kolomnya berbeda dari tabel yang terbit. "
            "Bila tabel ini hanya memuat periode baru, periode lama akan hilang saat terbit."))
    here = table.data.column(name)
    there = before.column(name)
    kept = np.flatnonzero(~np.asarray(pc.is_in(there, value_set=pa.concat_arrays(
        here.cast(there.type).chunks)), dtype=bool))
    if not len(kept):
        return table, None
    columns = [replace(column, type="number") if column.type == "integer" and pa.types.is_floating(
        before.schema.field(column.name).type) else column for column in table.columns]
    past = before.take(pa.array(kept))
    data = pa.concat_tables([past, table.data.cast(past.schema)])
    made = np.full(len(kept), -1, dtype=np.int64)
    return replace(
        table, columns=columns, data=data, rows=np.concatenate([made, table.rows]),
        cells={name: np.concatenate([made, cells]) for name, cells in table.cells.items()},
        dropped={name: np.concatenate([made, cells]) for name, cells in table.dropped.items()},
        changes=[*table.changes, Change(
            CONTINUE, range_name(table.span), Message(
                N_("{count} baris periode sebelumnya disertakan dari tabel yang terbit."),
                {"count": len(kept)}),
            Message(N_("Templat hanya menanyakan periode baru.") if asks else N_(
                "Berkas ini hanya berisi tahun yang belum terbit.")), count=len(kept))]), None


def _new_years(table: TidyTable, previous: Previous) -> str:
    """Return the column of years of a table that fits the published one and has none of its."""
    there = set(previous.data.column_names)
    name = next((column.name for column in table.columns if column.role is Role.WAKTU
                 and column.type == "year" and column.name in there), "")
    if not name:
        return ""
    before, here = _years(previous.data.column(name)), _years(table.data.column(name))
    fits = before and here and not before & here and _fitted(
        table.columns, previous.data.drop_columns(
            [each for each in table.dropped if each in there])) is not None
    return name if fits else ""


def _release(
    table: TidyTable, previous: Previous, name: str, kept: int, may: bool
) -> Release:
    """Tell what becomes of the published table.

    :param name: of the column of time, if it is known; ``kept``: published rows put before
    :param may: the published periods can be put before, and taken away again
    """
    there = set(previous.data.column_names)
    name = name or next((column.name for column in table.columns if column.role is Role.WAKTU
                         and column.type in _TIMES and column.name in there), "")
    before = _years(previous.data.column(name)) if name in there else set[int]()
    now = _years(table.data.column(name)) if name in table.data.column_names else set[int]()
    given = {"before": spans(before), "now": spans(now), "added": spans(now - before),
             "gone": spans(before - now)}
    if not before or not now:
        said = Message(N_("Mengganti tabel yang terbit ({rows} baris)."),
                       {"rows": previous.data.num_rows})
    elif before - now:
        said = Message(N_(
            "Mengganti data {before} dengan {now}: tahun {gone} tidak ikut terbit lagi, hanya "
            "terbaca di versi lama."), given)
    elif now - before:
        said = Message(N_("Menambah tahun {added} pada data {before}."), given)
    else:
        said = Message(N_("Memperbarui data {before}. Tidak ada tahun yang bertambah atau hilang."),
                       given)
    return Release(said, kept, may and bool(before))


def _years(values: pa.ChunkedArray) -> set[int]:
    """Return the years that a column of time names."""
    texts = pc.unique(values.cast(pa.string())).to_pylist()
    return {int(year) for each in texts if each for year in _YEAR.findall(each)}


def spans(years: Iterable[int]) -> str:
    """Return years as people write them: 2018, 2020–2024."""
    parts: list[list[int]] = []
    for year in sorted(years):
        if parts and year == parts[-1][-1] + 1:
            parts[-1].append(year)
        else:
            parts.append([year])
    return ", ".join(f"{each[0]}–{each[-1]}" if len(each) > 1 else str(each[0])
                     for each in parts)


def _fitted(columns: Sequence[TidyColumn], data: pa.Table) -> pa.Table | None:
    """Return published rows in the columns of a table, nothing where they do not fit."""
    wanted = {column.name: column for column in columns}
    if not set(data.column_names) <= set(wanted):
        return None
    found: dict[str, pa.ChunkedArray] = {}
    for name, column in wanted.items():
        if name in data.column_names:
            values = _cast(data.column(name), column)
        elif column.role is Role.STATUS:
            values = pa.chunked_array([pa.array([NORMAL] * data.num_rows, pa.string())])
        else:
            values = None
        if values is None:
            return None
        found[name] = values
    return pa.table(found)


def _cast(values: pa.ChunkedArray, column: TidyColumn) -> pa.ChunkedArray | None:
    kinds = {"string": pa.string(), "yearmonth": pa.string(), "integer": pa.int64(),
             "year": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(),
             "date": pa.date32(), "datetime": pa.timestamp("ms")}
    wanted = kinds.get(column.type)
    if column.type == "integer" and pa.types.is_floating(values.type):
        wanted = pa.float64()  # a figure of the past has a fraction
    texts = pa.types.is_string(values.type)
    if wanted is None or (texts and not pa.types.is_string(wanted)) or (
            pa.types.is_string(wanted) and not texts and not pa.types.is_integer(values.type)):
        return None
    try:
        return values.cast(wanted)
    except pa.ArrowInvalid:
        return None
