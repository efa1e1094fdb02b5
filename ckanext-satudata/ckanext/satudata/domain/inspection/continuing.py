"""The periods that are published already, put before those that were filled in a template.

A template of a table of several years asks for the next one only. What is published has all of
them: without this, handing in a year would take the others away.
"""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.checks.base import Previous
from ckanext.satudata.domain.inspection.notes import N_, Change, Message
from ckanext.satudata.domain.inspection.sheet import range_name
from ckanext.satudata.domain.inspection.table import Role, TidyColumn, TidyTable
from ckanext.satudata.domain.inspection.values.signs import NORMAL

__all__ = ["STEP", "continued"]

#: Code of the step: whoever wants the new periods alone switches it off.
STEP = "lanjut"


def continued(
    table: TidyTable, previous: Previous | None, dataset: str, off: Collection[str] = ()
) -> tuple[TidyTable, Message | None]:
    """Return a table of a template with the published rows of other periods before its own.

    :param dataset: id of the one that is inspected: a template of another continues nothing
    :param off: steps that are switched off
    :returns: the table, and what is to be said where its rows do not fit the published ones
    """
    mark = table.template
    if mark is None or not mark.continues or mark.dataset != dataset or previous is None or (
            STEP in off):
        return table, None
    names = [column.name for column in table.columns]
    if mark.continues not in names or not table.data.num_rows:
        return table, None
    before = _fitted(table.columns, previous.data.drop_columns(
        [name for name in table.dropped if name in previous.data.column_names]))
    if before is None or mark.continues not in previous.data.column_names:
        return table, Message(N_(
            "Baris periode sebelumnya tidak disertakan: kolomnya berbeda dari tabel yang terbit. "
            "Bila tabel ini hanya memuat periode baru, periode lama akan hilang saat terbit."))
    here = table.data.column(mark.continues)
    there = before.column(mark.continues)
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
            STEP, range_name(table.span), Message(
                N_("{count} baris periode sebelumnya disertakan dari tabel yang terbit."),
                {"count": len(kept)}),
            Message(N_("Templat hanya menanyakan periode baru.")), count=len(kept))]), None


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
