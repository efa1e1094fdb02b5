"""What the reading of values takes and gives, and the cells of one column of a found table."""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.notes import Change, Question
from ckanext.satudata.domain.inspection.sheet import Kind, Sheet, cell_name
from ckanext.satudata.domain.inspection.table import RawColumn, RawTable, Role

__all__ = ["Cells", "Reading", "Settings", "bare_format", "cells_of", "formats_by_column", "place"]

#: Values looked at to see whether a column repeats itself.
_SAMPLE = 30_000
#: Single cells named in a change before a range is given instead.
_NAMED = 4


@dataclass
class Settings:
    """What the officer decided, and what else is known about the file.

    :ivar off: codes of steps that are switched off
    :ivar answers: code of the chosen answer by question key
    :ivar types: type by column name, as the officer wants it
    :ivar delimiter: of a text file; ``;`` suggests a decimal comma
    :ivar others: other tables of the same file, where the same figures may stand written out
    """

    off: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    types: Mapping[str, str] = field(default_factory=dict[str, str])
    delimiter: str | None = None
    others: Sequence[RawTable] = ()


@dataclass
class Reading:
    """A column understood: as many values as the table has rows, and how they came about.

    :ivar type: of Table Schema; the Arrow type of ``values`` is that of ``TidyTable.data``
    :ivar status: codes of ``status_angka`` per row, once the meaning of a sign was answered;
        null where a sign is still unanswered
    :ivar unit: as found in the cells or their number format, if it was
    """

    type: str
    values: pa.Array
    status: pa.Array | None = None
    unit: str | None = None
    role_hint: Role | None = None
    changes: list[Change] = field(default_factory=list[Change])
    questions: list[Question] = field(default_factory=list[Question])


@dataclass
class Cells:
    """The cells of a column that matter, in the order of ``rows``.

    :ivar numbers: a workbook's numbers, ``nan`` for any other cell; ``None`` where there are none
    :ivar words: the text of every cell that is no such number; empty otherwise
    :ivar distinct: the different words, and ``index`` the place of each row's word among them;
        ``index`` is ``None`` where ``distinct`` is ``words`` itself, for hardly any repeats
    :ivar formats: number formats, by place among ``rows``, as far as the sheet keeps them
    """

    sheet: Sheet
    column: RawColumn
    rows: np.ndarray
    text: pa.Array
    kinds: np.ndarray | None
    numbers: np.ndarray | None
    words: pa.Array
    distinct: pa.Array
    index: np.ndarray | None
    formats: dict[int, str] = field(default_factory=dict[int, str])

    def __len__(self) -> int:
        return len(self.rows)

    def spread(self, by_word: np.ndarray) -> np.ndarray:
        """Return per row what is given per distinct word."""
        return by_word if self.index is None else by_word[self.index]

    def spread_arrow(self, by_word: pa.Array) -> pa.Array:
        """Return per row what is given per distinct word, for Arrow values."""
        return by_word if self.index is None else by_word.take(pa.array(self.index))

    def is_number(self) -> np.ndarray:
        """Return which rows hold a workbook's number."""
        if self.numbers is None:
            return np.zeros(len(self), dtype=bool)
        return ~np.isnan(self.numbers)

    def reworded(self, words: pa.Array, **more: Any) -> Cells:
        """Return the same cells with other words.

        :param more: other fields that change with them
        """
        distinct, index = _encode(words)
        return replace(self, words=words, distinct=distinct, index=index, **more)

    def where(self, mask: np.ndarray) -> str:
        """Return the place of some rows, as a :class:`Change` names it."""
        return place(self.column.at, self.rows[mask])


def place(column: int, rows: np.ndarray) -> str:
    """Return ``B7``, ``B7,B19`` for a few cells, ``B7:B36`` for more."""
    if len(rows) == 0:
        return ""
    if len(rows) <= _NAMED:
        return ",".join(cell_name(int(row), column) for row in rows)
    return f"{cell_name(int(rows.min()), column)}:{cell_name(int(rows.max()), column)}"


def bare_format(text: str) -> str:
    """Return a number format without colours, conditions and quoted text, in lower case."""
    return re.sub(r"\[[^\]]*\]|\\.|\"[^\"]*\"", "", text).lower()


def formats_by_column(sheet: Sheet) -> dict[int, dict[int, str]]:
    """Return the number formats of a sheet, by column and row."""
    found: dict[int, dict[int, str]] = {}
    for (row, column), text in sheet.formats.items():
        found.setdefault(column, {})[row] = text
    return found


def cells_of(sheet: Sheet, column: RawColumn, rows: np.ndarray,
             formats: Mapping[int, str] = MappingProxyType({})) -> Cells:
    """Return the cells of a column in some rows of its sheet.

    :param formats: number formats of the column by row of the sheet
    """
    found = sheet.columns[column.at]
    text = _pick(found.text, rows)
    kinds = numbers = None
    words = text
    if found.kinds is not None and found.numbers is not None:
        kinds = found.kinds[rows]
        numeric = kinds == Kind.NUMBER
        if numeric.any():
            numbers = np.where(numeric, found.numbers[rows], np.nan)
            words = pc.if_else(pa.array(numeric), "", text)
    distinct, index = _encode(words)
    last = 1 + max(formats, default=-1)
    shown = {at: formats[row] for at, row in enumerate(rows[:last].tolist()) if row in formats}
    return Cells(sheet, column, rows, text, kinds, numbers, words, distinct, index, shown)


def _pick(text: pa.ChunkedArray, rows: np.ndarray) -> pa.Array:
    if len(rows) and rows[-1] - rows[0] + 1 == len(rows) and bool((np.diff(rows) == 1).all()):
        picked = text.slice(int(rows[0]), len(rows))
    else:
        picked = text.take(pa.array(rows))
    if isinstance(picked, pa.ChunkedArray):
        picked = picked.combine_chunks()
    if isinstance(picked, pa.ChunkedArray):  # no chunk at all
        picked = pa.array([], pa.string())
    if picked.type != pa.string():
        picked = picked.cast(pa.string())
    return picked.fill_null("") if picked.null_count else picked


def _encode(words: pa.Array) -> tuple[pa.Array, np.ndarray | None]:
    if len(words) > 2 * _SAMPLE:
        step = len(words) // _SAMPLE
        sample = words.take(pa.array(np.arange(0, len(words), step)))
        if pc.count_distinct(sample).as_py() > len(sample) // 2:
            return words, None
    encoded = words.dictionary_encode()
    return encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False)
