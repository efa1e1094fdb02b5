"""What a validation found: every error counted and kept as numbers, written out when asked."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.validation.schema import Schema

__all__ = ["Error", "Found", "Validation"]

_BATCH = 50_000


class Error(NamedTuple):
    """One error; rows count from 1 as in the file, header included; columns from 1.

    :ivar type: frictionless' own (``type-error``)
    :ivar note: which constraint, the row it repeats, ...
    """

    type: str
    row_number: int | None
    field_number: int | None
    field_name: str
    cell: str
    note: str


@dataclass(frozen=True)
class Found:
    """Errors of one kind in one column.

    :ivar rows: row numbers; empty for an error of the whole table or its header
    :ivar cells: what stands there, same length, or ``None``
    :ivar others: per row, a row number the note speaks of
    """

    type: str
    note: str = ""
    field_number: int | None = None
    field_name: str = ""
    rows: np.ndarray | None = None
    cells: pa.Array | None = None
    others: np.ndarray | None = None

    def __len__(self) -> int:
        return 1 if self.rows is None else len(self.rows)

    def error(self, at: int) -> Error:
        if self.rows is None:
            return Error(self.type, None, self.field_number, self.field_name, "", self.note)
        cell = None if self.cells is None else self.cells[at].as_py()
        note = self.note if self.others is None else str(int(self.others[at]))
        return Error(self.type, int(self.rows[at]), self.field_number, self.field_name,
                     "" if cell is None else str(cell), note)


SCHEMA = pa.schema([("type", pa.string()), ("row_number", pa.int64()),
                    ("field_number", pa.int32()), ("field_name", pa.string()),
                    ("cell", pa.string()), ("note", pa.string())])


@dataclass
class Validation:
    """The verdict on a table.

    :ivar rows: rows of the table, without header and comments
    :ivar counts: errors by type, complete however many are listed
    :ivar errors: the first of them: header first, then row by row
    :ivar labels: the header as it stands in the file
    :ivar schema: and ``stated``: what it was held against
    """

    rows: int = 0
    labels: list[str] = field(default_factory=list[str])
    found: list[Found] = field(default_factory=list[Found])
    limit: int = 1000
    schema: Schema = field(default_factory=Schema)
    stated: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def valid(self) -> bool:
        return not any(len(one) for one in self.found)

    @property
    def counts(self) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for one in self.found:
            counts[one.type] += len(one)
        return {name: count for name, count in sorted(counts.items()) if count}

    @property
    def errors(self) -> list[Error]:
        listed: list[Error] = []
        for at, position in self._order():
            if len(listed) >= self.limit:
                break
            listed.append(self.found[at].error(position))
        return listed

    @property
    def more(self) -> int:
        """How many errors are not listed."""
        return max(sum(len(one) for one in self.found) - self.limit, 0)

    def all_errors(self) -> Iterator[pa.RecordBatch]:
        """Yield every error in order, in batches of columns ``type`` ... ``note``."""
        batch: list[Error] = []
        for at, position in self._order():
            batch.append(self.found[at].error(position))
            if len(batch) == _BATCH:
                yield _batch(batch)
                batch = []
        if batch:
            yield _batch(batch)

    def _order(self) -> Iterator[tuple[int, int]]:
        rows: list[np.ndarray] = []
        whose: list[np.ndarray] = []
        which: list[np.ndarray] = []
        for at, one in enumerate(self.found):
            if one.rows is None:
                yield at, 0
            else:
                rows.append(one.rows)
                whose.append(np.full(len(one.rows), at))
                which.append(np.arange(len(one.rows)))
        if not rows:
            return
        order = np.argsort(np.concatenate(rows), kind="stable")
        owners, positions = np.concatenate(whose), np.concatenate(which)
        for index in order:
            yield int(owners[index]), int(positions[index])


def _batch(errors: list[Error]) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays(
        [pa.array([error[at] for error in errors], kind.type) for at, kind in enumerate(SCHEMA)],
        schema=SCHEMA)
