"""Whole columns of a clean table as numbers, labels and keys: what checks and profile reckon with.

What is made of a column is remembered while the same table is looked at, since a dozen checks
ask for the same.
"""
from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.table import Role, TidyColumn, TidyTable

__all__ = ["Encoded", "columns_of", "decimals", "encoded", "first_rows", "groups", "is_numeric",
           "key_columns", "labels_at", "measures", "numbers", "remembered", "texts", "years"]

T = TypeVar("T")
_NUMERIC = frozenset({"integer", "number", "year"})


def remembered(make: Callable[..., T]) -> Callable[..., T]:
    """Keep what a function made of a table until another table is asked about."""
    seen: list[Any] = [None, None]
    kept: dict[tuple[Any, ...], T] = {}

    @functools.wraps(make)
    def ask(table: TidyTable, *more: Any) -> T:
        if seen[0] is None or seen[0]() is not table or seen[1] != id(table.data):
            kept.clear()
            seen[:] = [weakref.ref(table, lambda _: kept.clear()), id(table.data)]
        if more not in kept:
            kept[more] = make(table, *more)
        return kept[more]

    return ask


@dataclass(frozen=True)
class Encoded:
    """A column as distinct labels, and per row the number of its label (-1 where missing)."""

    codes: np.ndarray
    labels: pa.Array

    @functools.cached_property
    def names(self) -> list[str]:
        return self.labels.to_pylist()

    @functools.cached_property
    def counts(self) -> np.ndarray:
        """Rows per label."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.labels))

    def rows(self, chosen: Any) -> np.ndarray:
        """Return the rows whose label is chosen (a truth value per label), in order."""
        picked = np.append(np.asarray(chosen, dtype=bool), False)
        return np.flatnonzero(picked[self.codes])


@remembered
def encoded(table: TidyTable, name: str) -> Encoded:
    """Return a column by its distinct values as text; blank text counts as missing."""
    column = table.data.column(name)
    if not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    whole = column.combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = pa.concat_arrays(whole.chunks) if whole.num_chunks else pa.array([], pa.string())
    found = whole.dictionary_encode()
    codes = np.asarray(found.indices.fill_null(-1)).astype(np.int64)
    labels = found.dictionary
    blank = np.asarray(pc.equal(pc.utf8_trim_whitespace(labels), ""))
    if blank.any():
        codes = np.where(np.append(blank, False)[codes], -1, codes)
    return Encoded(codes, labels)


@remembered
def numbers(table: TidyTable, name: str) -> np.ndarray:
    """Return a column of numbers as float64, ``nan`` where missing."""
    column = table.data.column(name)
    return np.asarray(column.cast(pa.float64(), safe=False).to_numpy())


def is_numeric(table: TidyTable, column: TidyColumn) -> bool:
    """Tell whether a column holds numbers one can reckon with."""
    kind = table.data.schema.field(column.name).type
    return column.type in _NUMERIC and (pa.types.is_integer(kind) or pa.types.is_floating(kind))


#: A column of numbers that begins so tells rows or places apart and measures nothing.
_NO_MEASURE = frozenset({"id", "no", "nomor", "kode", "kd", "latitude", "longitude", "lat", "lon",
                         "lng", "lintang", "bujur", "objectid", "fid", "gid", "tahun", "rt", "rw",
                         "minggu", "hari", "bulan", "tanggal", "npsn", "nik", "index", "urut"})


def measures(table: TidyTable) -> list[TidyColumn]:
    """Return the columns of figures; numbers of rows and places are none."""
    return [column for column in table.columns
            if column.role is Role.UKURAN and is_numeric(table, column)
            and column.name.split("_")[0] not in _NO_MEASURE]


def columns_of(table: TidyTable, *roles: Role) -> list[TidyColumn]:
    """Return the columns of some roles, in order."""
    return [column for column in table.columns if column.role in roles]


def texts(table: TidyTable, *roles: Role) -> list[TidyColumn]:
    """Return the columns of text, of all roles or of some."""
    return [column for column in table.columns
            if pa.types.is_string(table.data.schema.field(column.name).type)
            and (not roles or column.role in roles)]


def labels_at(column: Encoded, rows: np.ndarray) -> pa.Array:
    """Return the labels of some rows as an Arrow array, null where missing."""
    codes = column.codes[rows]
    return column.labels.take(pa.array(np.where(codes < 0, 0, codes), mask=codes < 0))


def groups(table: TidyTable, names: Sequence[str]) -> np.ndarray:
    """Return per row the number of its group: rows equal in all these columns share one.

    Groups are numbered from 0 in the order in which they first occur.
    """
    return _groups(table, tuple(names))


def first_rows(group: np.ndarray) -> np.ndarray:
    """Return the first row of each of the groups that :func:`groups` numbered."""
    return np.flatnonzero(np.diff(np.maximum.accumulate(group), prepend=-1))


@remembered
def _groups(table: TidyTable, names: tuple[str, ...]) -> np.ndarray:
    import pandas as pd

    made = np.zeros(table.data.num_rows, dtype=np.int64)
    size = 1
    for name in names:
        column = encoded(table, name)
        made = made * (len(column.labels) + 1) + column.codes + 1
        size *= len(column.labels) + 1
        if size > 1 << 31:  # before the products leave 64 bits
            made = pd.factorize(made)[0].astype(np.int64)
            size = int(made.max(initial=0)) + 1
    return pd.factorize(made)[0].astype(np.int64)


_KEY_ROLES = (Role.WILAYAH, Role.WAKTU, Role.DIMENSI, Role.KODE)


def key_columns(table: TidyTable, leave: Sequence[str] = ()) -> list[str]:
    """Return the columns that together should tell one row from another."""
    return [column.name for column in columns_of(table, *_KEY_ROLES) if column.name not in leave]


class Years(NamedTuple):
    """The year each row is about (-1 where it is not said), and the column that says it."""

    values: np.ndarray
    column: str | None


@remembered
def years(table: TidyTable) -> Years:
    """Return the year of each row, from the first column of time that has one."""
    for column in columns_of(table, Role.WAKTU):
        kind = table.data.schema.field(column.name).type
        if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            found = pc.year(table.data.column(column.name)).cast(pa.float64()).to_numpy()
        elif column.type == "year" or (pa.types.is_integer(kind) and "tahun" in column.name):
            found = numbers(table, column.name)
        elif pa.types.is_string(kind):
            text = encoded(table, column.name)
            cut = pc.replace_substring_regex(text.labels, r"^\D*((?:19|20)\d\d)\b.*$", r"\1")
            whole = np.asarray(pc.match_substring_regex(cut, r"^(?:19|20)\d\d$"), dtype=bool)
            if not whole.any():
                continue
            each = np.array([float(label) if ok else np.nan
                             for label, ok in zip(cut.to_pylist(), whole, strict=True)] + [np.nan])
            found = each[text.codes]
        else:
            continue
        known = np.isfinite(found) & (found >= 1900) & (found <= 2200)
        if known.any():
            return Years(np.where(known, np.nan_to_num(found), -1).astype(np.int64), column.name)
    return Years(np.full(table.data.num_rows, -1, dtype=np.int64), None)


def decimals(values: np.ndarray) -> int:
    """Return how many digits after the comma a column was written with, six at most."""
    known = values[np.isfinite(values)]
    known = known[np.abs(known) < 1e12]
    if len(known) > 20_000:
        known = known[:: len(known) // 20_000]
    for places in range(6):
        scaled = known * 10.0**places
        if np.all(np.abs(scaled - np.round(scaled)) <= 1e-6 * np.maximum(1.0, np.abs(scaled))):
            return places
    return 6
