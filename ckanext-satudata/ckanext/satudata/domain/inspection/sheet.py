"""A sheet as it was handed in: every cell, nothing judged.

Cells are kept by column. ``text`` is what the cell says (never null, blanks around it kept, empty
for an empty cell); a workbook's numbers and dates also have a kind, and numbers their value, so
that ``1420`` typed as a number and ``"1420"`` typed as text stay two things. Rows and columns
count from 0 here and are shown to people as a spreadsheet names them (``B5``).
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.names import cell_name, column_letters
from ckanext.satudata.domain.inspection.notes import Message

__all__ = ["Cell", "Column", "Kind", "RawFile", "Sheet", "Span", "cell_name", "column_letters",
           "range_name"]


_BATCH = 10_000


class Kind(IntEnum):
    """What a cell holds. A text file knows only the first two."""

    EMPTY = 0
    TEXT = 1
    NUMBER = 2
    DATE = 3
    BOOL = 4
    ERROR = 5


class Cell(NamedTuple):
    """One cell; ``number`` is ``nan`` unless its kind is NUMBER."""

    text: str
    kind: Kind
    number: float


class Span(NamedTuple):
    """A block of cells, both ends included, counted from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Column:
    """All cells of one column of a sheet.

    :ivar text: Arrow strings without nulls. Numbers are written shortest (``1420``, ``0.5``),
        dates as ISO 8601, truth as ``TRUE``/``FALSE``, an error as Excel shows it (``#REF!``).
    :ivar kinds: :class:`Kind` per cell (uint8); ``None`` in a text file.
    :ivar numbers: float64 per cell, ``nan`` where it is no number; ``None`` in a text file.
    """

    text: pa.ChunkedArray
    kinds: np.ndarray | None = None
    numbers: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.text)


@dataclass
class Sheet:
    """One sheet of a workbook, one table of a document, or a whole text file.

    :ivar columns: all of the same length; blank rows and columns around the content are kept,
        so that position 4 is row 5 of the file.
    :ivar merged: merged blocks; only the first cell of one has content.
    :ivar formats: number format of cells that are shown otherwise than they are stored
        (``{(row, column): "0.0%"}``), of the first 2,000 rows.
    """

    name: str
    columns: list[Column]
    merged: list[Span] = field(default_factory=list[Span])
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formats: dict[tuple[int, int], str] = field(default_factory=dict[tuple[int, int], str])
    remarks: list[Message] = field(default_factory=list[Message])

    @property
    def n_rows(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @property
    def n_columns(self) -> int:
        return len(self.columns)

    def cell(self, row: int, column: int) -> Cell:
        """Return one cell; one outside the sheet is empty."""
        if not (0 <= column < len(self.columns) and 0 <= row < self.n_rows):
            return Cell("", Kind.EMPTY, float("nan"))
        found = self.columns[column]
        text = found.text[row].as_py()
        if found.kinds is None or found.numbers is None:
            return Cell(text, Kind.TEXT if text.strip() else Kind.EMPTY, float("nan"))
        return Cell(text, Kind(int(found.kinds[row])), float(found.numbers[row]))

    def rows(self, start: int, stop: int) -> list[list[Cell]]:
        """Return the cells of some rows, for looking at the head or the foot of a sheet."""
        start, stop = max(start, 0), min(stop, self.n_rows)
        count = max(stop - start, 0)
        texts = [column.text.slice(start, count).to_pylist() for column in self.columns]
        made: list[list[Cell]] = [[] for _ in range(count)]
        for column, values in zip(self.columns, texts, strict=True):
            for at, text in enumerate(values):
                if column.kinds is None or column.numbers is None:
                    kind, number = Kind.TEXT if text.strip() else Kind.EMPTY, float("nan")
                else:
                    kind = Kind(int(column.kinds[start + at]))
                    number = float(column.numbers[start + at])
                made[at].append(Cell(text, kind, number))
        return made


    def lines(self, left: int = 0) -> Iterator[tuple[int, list[str]]]:
        """Yield the number (from 1) and the texts of each row that is not blank.

        :param left: the first column that is wanted
        """
        for start in range(0, self.n_rows, _BATCH):
            texts = [column.text.slice(start, _BATCH).to_pylist() for column in self.columns[left:]]
            for number, cells in enumerate(zip(*texts, strict=True), start + 1):
                if any(cells):
                    yield number, list(cells)

    def blank_left(self) -> int:
        """Return the number of blank columns before the first that holds anything."""
        return next((number for number, column in enumerate(self.columns)
                     if any(map(str.strip, column.text.to_pylist()))), 0)


@dataclass
class RawFile:
    """What the reader made of a file.

    :ivar kind: what it is, whatever its name says: ``csv``, ``tsv``, ``xlsx``, ``xls``, ``ods``,
        ``html``, ``xml``, ``docx``, ``json``, ``geojson``, ``pdf``, ``image``.
    :ivar to_confirm: the tables were found by their place on a page (PDF): a person must confirm
        each figure before any of it is used.
    :ivar proof: no table is read from it at all (a scan, a photo): kept beside typed figures.
    :ivar encoding: and ``delimiter``: of a text file, as found.
    :ivar hidden: sheets nobody sees: no table is taken of them, but they are handed out with the
        file, so that personal data are looked for.
    """

    name: str
    kind: str
    sheets: list[Sheet] = field(default_factory=list[Sheet])
    encoding: str | None = None
    delimiter: str | None = None
    to_confirm: bool = False
    proof: bool = False
    remarks: list[Message] = field(default_factory=list[Message])
    hidden: list[Sheet] = field(default_factory=list[Sheet])


def range_name(span: Span) -> str:
    """Return ``A4:G36``, or ``A4`` for a single cell."""
    first, last = cell_name(span.top, span.left), cell_name(span.bottom, span.right)
    return first if first == last else f"{first}:{last}"
