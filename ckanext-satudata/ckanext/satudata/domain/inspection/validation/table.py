"""The core: blocks of cells against the fields, then what only the whole column can tell."""
from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.validation.columns import Judge, Judged, plain
from ckanext.satudata.domain.inspection.validation.keys import (
    NOTHING,
    Values,
    codes_of,
    combined,
    found_in,
    missing_everywhere,
    repeated,
)
from ckanext.satudata.domain.inspection.validation.labels import Dialect
from ckanext.satudata.domain.inspection.validation.result import Found
from ckanext.satudata.domain.inspection.validation.schema import (
    BadSchemaError,
    Field,
    ForeignKey,
    Schema,
)
from ckanext.satudata.domain.inspection.validation.text import Block

__all__ = ["Rows", "Table"]

_WORKERS = 4


@dataclass
class Rows:
    """A judged block: its columns, errors by position, and the numbers of its rows."""

    n: int
    columns: list[Judged]
    errors: list[tuple[str, str, int | None, np.ndarray, pa.Array | None]] = field(
        default_factory=list[Any])
    numbers: np.ndarray | None = None


class Table:
    """Judges a table block by block.

    :param needed: fields whose values are to be kept, beside those of keys
    :param first: number of the first row in the file
    """

    def __init__(self, schema: Schema, fields: Sequence[Field], first: int,
                 needed: Iterable[str] = ()) -> None:
        self.schema = schema
        self.fields = list(fields)
        self.first = first
        names = {one.name for one in fields}
        self.primary = schema.primary_key if set(schema.primary_key) <= names else ()
        self.foreign = [key for key in schema.foreign_keys if set(key.fields) <= names]
        kept = {*self.primary, *needed, *(one.name for one in fields if one.unique)}
        for key in self.foreign:
            kept |= {*key.fields, *(() if key.resource else key.others)}
        self.judges = [Judge(one, one.name in kept) for one in fields]
        self.kept = {judge.field.name: Values(judge) for judge in self.judges
                     if judge.field.name in kept}
        self.found: list[Found] = []
        self.n = 0
        self._numbers: list[np.ndarray] = []
        self._filtered = False

    def read(self, blocks: Iterable[Callable[[], Block]], dialect: Dialect) -> None:
        """Judge all blocks, several at a time where no row must be counted first."""
        if dialect.filters:
            self._filtered = True
            start = self.first
            for make in blocks:
                block = make()
                count = block.n
                block, numbers = _filtered(block, dialect, start)
                start += count
                self._add(self._judged(block, numbers))
            return
        for rows in _parallel(blocks, lambda make: self._judged(make())):
            self._add(rows)

    def add_objects(self, columns: Sequence[Sequence[Any]], n: int,
                    numbers: np.ndarray | None) -> None:
        """Judge rows of a workbook; all are of the same width."""
        self._filtered = numbers is not None
        width = len(columns)
        columns = [*columns, *[[""] * n] * (len(self.fields) - width)][:len(self.fields)]
        judged = [judge.objects(column)
                  for judge, column in zip(self.judges, columns, strict=True)]
        rows = Rows(n, judged, numbers=numbers)
        texts = [lambda at, column=column: pa.array([
            None if column[int(one)] is None else str(plain(column[int(one)])) for one in at],
            pa.string()) for column in columns]
        self._errors(rows, texts)
        self._ragged(rows, Block(n, [], width))
        self._add(rows)

    def add_judged(self, columns: Sequence[Judged], n: int,
                   texts: Sequence[Callable[[np.ndarray], pa.Array]]) -> None:
        """Take columns judged elsewhere; ``texts`` give the cells at some positions."""
        rows = Rows(n, list(columns))
        self._errors(rows, texts)
        self._add(rows)

    def row_numbers(self, positions: np.ndarray) -> np.ndarray:
        """Return the row numbers in the file of rows counted from 0."""
        if not self._filtered:
            return positions + self.first
        return np.concatenate([*self._numbers, np.empty(0, np.int64)])[positions]

    def number_of(self, name: str) -> int:
        return next(at for at, one in enumerate(self.fields, start=1) if one.name == name)

    def _judged(self, block: Block, numbers: np.ndarray | None = None) -> Rows:
        columns = [block.columns[at] if at < len(block.columns) else pa.nulls(block.n, pa.string())
                   for at in range(len(self.fields))]
        judged = [judge.texts(column) for judge, column in zip(self.judges, columns, strict=True)]
        rows = Rows(block.n, judged, numbers=numbers)
        self._errors(rows, [lambda at, column=column: column.take(pa.array(at))
                            for column in columns])
        self._ragged(rows, block)
        return rows

    def _errors(self, rows: Rows, texts: Sequence[Callable[[np.ndarray], pa.Array]]) -> None:
        blank = _everywhere([one.nothing for one in rows.columns], rows.n)
        for number, (judged, text) in enumerate(zip(rows.columns, texts, strict=True), start=1):
            kind = self.fields[number - 1].type
            for name, note, at in (("type-error", kind, judged.bad),
                                   *(("constraint-error", which, at)
                                     for which, at in judged.broken)):
                at = _but(at, blank)
                if len(at):
                    rows.errors.append((name, note, number, at, text(at)))
        if len(blank):
            rows.errors.append(("blank-row", "", None, blank, None))

    def _ragged(self, rows: Rows, block: Block) -> None:
        count = len(self.fields)
        if not block.widths and block.width == count:
            return
        widths = np.full(block.n, block.width, np.int64)
        if block.widths:
            widths[list(block.widths)] = list(block.widths.values())
        blank = next((at for name, _, _, at, _ in rows.errors if name == "blank-row"),
                     np.empty(0, np.int64))
        for number in range(1, max(count, int(widths.max()) if block.n else 0) + 1):
            if number <= count:
                at, name = np.flatnonzero(widths < number), "missing-cell"
            else:
                at, name = np.flatnonzero(widths >= number), "extra-cell"
            at = _but(at, blank)
            if len(at):
                cells = (block.columns[number - 1].take(pa.array(at))
                         if count < number <= len(block.columns) else None)
                rows.errors.append((name, "", number, at, cells))

    def _add(self, rows: Rows) -> None:
        if rows.numbers is not None:
            self._numbers.append(rows.numbers)
        for name, note, number, at, cells in rows.errors:
            named = self.fields[number - 1].name if number and number <= len(self.fields) else ""
            rowed = at + self.n + self.first if rows.numbers is None else rows.numbers[at]
            self.found.append(Found(name, note, number, named, rowed, cells))
        for one, judged in zip(self.fields, rows.columns, strict=True):
            if one.name in self.kept:
                self.kept[one.name].add(judged)
        self.n += rows.n

    def finish(self, others: Mapping[str, pa.Table]) -> None:
        """Judge what needs all rows: unique fields, the primary key, foreign keys.

        :param others: the tables foreign keys may name
        """
        codes: dict[str, np.ndarray] = {}

        def code(name: str) -> np.ndarray:
            if name not in codes:
                codes[name] = codes_of([self.kept[name]])[0]
            return codes[name]

        for one in self.fields:
            if one.unique:
                at, before = repeated(code(one.name), missing_everywhere([code(one.name)]))
                self._rowed("unique-error", at, one.name, before)
        if self.primary and self.n:
            key = [code(name) for name in self.primary]
            none = missing_everywhere(key)
            self._rowed("primary-key", none)
            at, before = repeated(combined(key), none)
            self._rowed("primary-key", at, "", before)
        for key in self.foreign:
            self._foreign(key, others)

    def _foreign(self, key: ForeignKey, others: Mapping[str, pa.Table]) -> None:
        if key.resource and key.resource not in others:
            raise BadSchemaError(f"Skema: tabel rujukan “{key.resource}” tidak tersedia.")
        if not self.n:
            return
        mine: list[np.ndarray] = []
        theirs: list[np.ndarray] = []
        for name, other in zip(key.fields, key.others, strict=True):
            left = self.kept[name]
            if not key.resource and other not in self.kept:  # a column the file lacks
                mine.append(codes_of([left])[0])
                theirs.append(np.full(self.n, NOTHING))
                continue
            right = self.kept[other] if not key.resource else self._values(
                name, others[key.resource].column(other))
            if left.alike(right):
                first, second = codes_of([left, right])
            else:
                first, second = _as_python(left, right)
            mine.append(first)
            theirs.append(second)
        wanted = [np.concatenate(pair) for pair in zip(mine, theirs, strict=True)]
        joined = combined(wanted)
        target, source = joined[:self.n], joined[self.n:]
        known = np.delete(source, missing_everywhere(theirs))
        lost = ~found_in(target, known)
        lost[missing_everywhere(mine)] = False
        self._rowed("foreign-key", np.flatnonzero(lost), note=", ".join(key.fields))

    def _values(self, name: str, column: pa.ChunkedArray) -> Values:
        judge = self.judges[self.number_of(name) - 1]
        values = Values(judge)
        for chunk in column.cast(pa.string()).chunks:
            values.add(judge.texts(chunk))
        return values

    def _rowed(self, kind: str, at: np.ndarray, name: str = "", before: np.ndarray | None = None,
               note: str = "") -> None:
        if len(at):
            number = self.number_of(name) if name else None
            self.found.append(Found(kind, note, number, name, self.row_numbers(at), None,
                                    None if before is None else self.row_numbers(before)))


def _as_python(left: Values, right: Values) -> tuple[np.ndarray, np.ndarray]:
    """Compare values of two types as Python does: 1 is 1.0, but no text is a number."""
    known: dict[Any, int] = {}

    def coded(values: Values) -> np.ndarray:
        return np.array([NOTHING if cell is None else known.setdefault(cell, len(known))
                         for cell in values.cells()], np.int64)

    return coded(left), coded(right)


def _everywhere(parts: Sequence[np.ndarray], n: int) -> np.ndarray:
    """Return the positions that are in all parts."""
    if not parts:
        return np.arange(n)
    if any(len(part) == 0 for part in parts):
        return np.empty(0, np.int64)
    counts = np.zeros(n, np.int32)
    for part in parts:
        counts[part] += 1
    return np.flatnonzero(counts == len(parts))


def _but(at: np.ndarray, blank: np.ndarray) -> np.ndarray:
    return np.setdiff1d(at, blank, assume_unique=True) if len(blank) and len(at) else at


def _parallel(made: Iterable[Any], work: Callable[[Any], Rows]) -> Iterator[Rows]:
    """Yield the results in order; only a few blocks are in memory at a time."""
    workers = min(_WORKERS, os.cpu_count() or 1)
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Any] = deque()
        for one in made:
            waiting.append(pool.submit(work, one))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _filtered(block: Block, dialect: Dialect, start: int) -> tuple[Block, np.ndarray]:
    """Leave out comments and, where they are to be skipped, blank rows."""
    numbers = np.arange(start, start + block.n)
    kept = ~np.isin(numbers, list(dialect.comment_rows))
    if dialect.comment_char and block.columns:
        marked = pc.fill_null(pc.starts_with(block.columns[0], dialect.comment_char), False)
        kept &= ~marked.to_numpy(zero_copy_only=False)
    if dialect.skip_blank_rows:
        filled = np.zeros(block.n, bool)
        for column in block.columns:
            filled |= pc.fill_null(pc.not_equal(column, ""), False).to_numpy(zero_copy_only=False)
        kept &= filled
    at = np.flatnonzero(kept)
    moved = np.cumsum(kept) - 1
    widths = {int(moved[old]): width for old, width in block.widths.items() if kept[old]}
    columns = [column.take(pa.array(at)) for column in block.columns]
    return Block(len(at), columns, block.width, widths), numbers[at]
