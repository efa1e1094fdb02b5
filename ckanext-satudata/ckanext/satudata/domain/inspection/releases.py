"""This table beside that of the last release: which row continues which."""
from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.checks.base import Previous
from ckanext.satudata.domain.inspection.figures import (
    is_numeric,
    key_columns,
    measures,
    remembered,
    years,
)
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["Latest", "Matched", "latest", "matched", "numbers_before", "shared_keys",
           "shared_measures"]


@dataclass(frozen=True)
class Matched:
    """Rows of one key, here and in the last release; keys that stand twice are left out.

    :ivar added: rows only here; ``removed``: rows only there
    """

    rows: np.ndarray
    before: np.ndarray
    added: np.ndarray
    removed: np.ndarray


def shared_keys(table: TidyTable, previous: Previous) -> list[str]:
    """Return the key columns both releases have."""
    there = set(previous.data.column_names)
    return [name for name in key_columns(table) if name in there]


def shared_measures(table: TidyTable, previous: Previous) -> list[str]:
    """Return the measures both releases have as numbers."""
    kinds = {field.name: field.type for field in previous.data.schema}
    return [column.name for column in measures(table) if is_numeric(table, column)
            and (kind := kinds.get(column.name)) is not None
            and (pa.types.is_integer(kind) or pa.types.is_floating(kind))]


def numbers_before(previous: Previous, name: str) -> np.ndarray:
    """Return a column of the last release as float64."""
    return np.asarray(previous.data.column(name).cast(pa.float64(), safe=False).to_numpy())


def _texts(data: pa.Table, name: str) -> pa.ChunkedArray:
    column = data.column(name)
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


@remembered
def _matched(table: TidyTable, names: tuple[str, ...], previous: _ById) -> Matched | None:
    import pandas as pd

    before = previous.it.data
    size, old = table.data.num_rows, before.num_rows
    made = np.zeros(size + old, dtype=np.int64)
    for name in names:
        both = pa.chunked_array([*_texts(table.data, name).chunks, *_texts(before, name).chunks],
                                pa.string()).combine_chunks()
        if isinstance(both, pa.ChunkedArray):
            both = pa.concat_arrays(both.chunks)
        encoded = both.dictionary_encode()
        codes = np.asarray(encoded.indices.fill_null(-1)).astype(np.int64) + 1
        made = pd.factorize(made * (len(encoded.dictionary) + 1) + codes)[0].astype(np.int64)
    here, there = made[:size], made[size:]
    groups = int(made.max(initial=-1)) + 1
    counts = np.bincount(here, minlength=groups), np.bincount(there, minlength=groups)
    where = np.full(groups, -1, dtype=np.int64)
    where[there] = np.arange(old)
    rows = np.flatnonzero((counts[0][here] == 1) & (counts[1][here] == 1))
    return Matched(rows, where[here[rows]], np.flatnonzero(counts[1][here] == 0),
                   np.flatnonzero(counts[0][there] == 0))


class _ById:
    """A release as part of a key to remember by: its data are the same object or another."""

    def __init__(self, it: Previous) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it.data)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.it.data is self.it.data


def matched(table: TidyTable, previous: Previous, leave: str | None = None) -> Matched | None:
    """Match rows on the key columns both releases have; nothing where they share none."""
    names = tuple(name for name in shared_keys(table, previous) if name != leave)
    return _matched(table, names, _ById(previous)) if names else None


@dataclass(frozen=True)
class Latest:
    """Rows of the newest year here and, for the same key, of the newest year before."""

    rows: np.ndarray
    before: np.ndarray
    measures: list[str]


def latest(table: TidyTable, previous: Previous) -> Latest | None:
    """Match the newest year of this table with that of the last release, if it moved on."""
    year = years(table)
    if year.column is None or year.column not in previous.data.column_names:
        return None
    kind = previous.data.schema.field(year.column).type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        return None
    now, old = year.values, numbers_before(previous, year.column)
    if not np.isfinite(old).any() or now.max(initial=-1) <= np.nanmax(old):
        return None
    here, there = np.flatnonzero(now == now.max()), np.flatnonzero(old == np.nanmax(old))
    names = [name for name in shared_keys(table, previous) if name != year.column]
    if not names:
        return None
    newest = replace(table, data=table.data.take(pa.array(here)))
    found = matched(newest, Previous(previous.data.take(pa.array(there)), previous.schema),
                    year.column)
    if found is None:
        return None
    return Latest(here[found.rows], there[found.before], shared_measures(table, previous))
