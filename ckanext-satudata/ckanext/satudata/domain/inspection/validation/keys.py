"""Equal values: within a column, within a key of columns, and in another table."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.validation.columns import Judge, Judged
from ckanext.satudata.domain.inspection.validation.kernels import restored

__all__ = ["Values", "codes_of", "combined", "found_in", "repeated", "typed_codes"]

#: Code of "no value".
NOTHING = -(2 ** 63)


class Values:
    """All values of a column, gathered from its blocks."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.parts: list[pa.Array] = []
        self.odd: dict[int, Any] = {}
        self.n = 0
        self.ids = False

    def add(self, judged: Judged) -> None:
        self.parts.append(judged.values)
        self.odd.update({self.n + at: value for at, value in judged.odd.items()})
        self.n += judged.n
        self.ids = self.ids or judged.ids

    def array(self) -> pa.ChunkedArray:
        return pa.chunked_array(self.parts, None if self.parts else self.judge.stored_as)

    def alike(self, other: Values) -> bool:
        """Say whether the values of both are kept in the same way."""
        kinds = {_ALIKE.get(one.judge.field.type, one.judge.field.type) for one in (self, other)}
        if self.ids or other.ids:
            return self.judge is other.judge
        return len(kinds) == 1

    def cells(self) -> list[Any]:
        """Return the values as Python has them."""
        cells: list[Any] = self.array().to_pylist()
        if self.ids:
            known = self.judge.by_number()
            return [None if cell is None else known[cell] for cell in cells]
        made = restored(self.judge.field)
        if made is not None:
            cells = [None if cell is None else made(cell) for cell in cells]
        for at, value in self.odd.items():
            cells[at] = value
        return cells


_ALIKE = {"any": "string", "year": "integer"}


def codes_of(columns: Sequence[Values]) -> list[np.ndarray]:
    """Return a number per cell, equal where the values are, across the columns given.

    They must be of one type; :data:`NOTHING` is no value.
    """
    arrays = [column.array() for column in columns]
    whole = pa.chunked_array([part for array in arrays for part in array.chunks],
                             arrays[0].type if arrays else None)
    numbers, none = _numbers(whole)
    if none is not None:
        numbers = np.where(none, NOTHING, numbers)
    start, made = 0, []
    odd: dict[Any, int] = {}
    for column in columns:
        part = numbers[start:start + column.n]
        if column.odd:
            part = part.copy()
            for at, value in column.odd.items():
                # Beside every code there is: those start at 0 or are values of their own.
                key = value if value == value else object()
                part[at] = odd.setdefault(key, NOTHING + 1 + len(odd))
        made.append(part)
        start += column.n
    return made


def _numbers(values: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray | None]:
    kind = values.type
    none = None
    if values.null_count:
        none = pc.is_null(values).to_numpy()
    if pa.types.is_null(kind):
        return np.zeros(len(values), np.int64), none
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        encoded = values.combine_chunks()
        encoded = encoded if isinstance(encoded, pa.Array) else pa.concat_arrays(encoded.chunks)
        indices = encoded.dictionary_encode().indices
        return pc.fill_null(indices, 0).to_numpy(zero_copy_only=False).astype(np.int64), none
    if pa.types.is_floating(kind):
        found = pc.fill_null(values, 0.0).to_numpy() + 0.0  # -0.0 is 0.0
        return found.view(np.int64), none
    if pa.types.is_boolean(kind):
        return pc.fill_null(values, False).to_numpy().astype(np.int64), none
    if pa.types.is_date32(kind):
        values = values.cast(pa.int32())
    return pc.fill_null(values.cast(pa.int64()), 0).to_numpy(), none


def typed_codes(values: pa.ChunkedArray) -> np.ndarray:
    """Return a number per cell of a typed column, equal where the values are."""
    numbers, none = _numbers(values)
    return numbers if none is None else np.where(none, NOTHING, numbers)


def combined(codes: Sequence[np.ndarray]) -> np.ndarray:
    """Return one number per row for several columns, equal where all of them are equal."""
    made = codes[0]
    for other in codes[1:]:
        made = _pair(made, other)
    return made


def _pair(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    if not len(first):
        return first
    low, high = int(first.min()), int(first.max())
    least, most = int(second.min()), int(second.max())
    width = most - least + 1
    if (high - low + 1) * width < 2 ** 62:
        return (first - low) * width + (second - least)
    left, right = _dense(first), _dense(second)
    return left * (int(right.max()) + 1) + right


def _dense(codes: np.ndarray) -> np.ndarray:
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    steps = np.empty(len(codes), np.int64)
    steps[0] = 0
    np.cumsum(ordered[1:] != ordered[:-1], out=steps[1:])
    made = np.empty(len(codes), np.int64)
    made[order] = steps
    return made


def repeated(codes: np.ndarray, but: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions of all but the first of equal numbers, and of the one before each.

    :param but: positions that are left out
    """
    if but is not None and len(but):
        kept = np.ones(len(codes), bool)
        kept[but] = False
        at = np.flatnonzero(kept)
        again, before = repeated(codes[at])
        return at[again], at[before]
    none = np.empty(0, np.int64)
    rising = np.count_nonzero(codes[1:] > codes[:-1])
    if rising + 1 >= len(codes):
        return none, none
    if rising < 0.9 * len(codes):  # else nearly in order: the second sort costs no more
        ordered = np.sort(codes)
        if not (ordered[1:] == ordered[:-1]).any():
            return none, none
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    same = ordered[1:] == ordered[:-1]
    again, before = order[1:][same], order[:-1][same]
    sort = np.argsort(again, kind="stable")
    return again[sort], before[sort]


def found_in(codes: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Say per number whether it is among others."""
    return np.isin(codes, among)


def missing_everywhere(codes: Iterable[np.ndarray]) -> np.ndarray:
    """Return the positions where no column of a key has a value."""
    none: np.ndarray | None = None
    for column in codes:
        here = column == NOTHING
        none = here if none is None else none & here
    return np.empty(0, np.int64) if none is None else np.flatnonzero(none)
