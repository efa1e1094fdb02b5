"""A table on its way: as found on the sheet (:class:`RawTable`), and clean (:class:`TidyTable`)."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.notes import Change, Message, Question
from ckanext.satudata.domain.inspection.sheet import Sheet, Span, cell_name
from ckanext.satudata.domain.inspection.spoken import spoken
from ckanext.satudata.domain.intake.template_mark import Mark

__all__ = ["RawColumn", "RawTable", "Release", "Role", "TidyColumn", "TidyTable", "TotalRow"]


@dataclass
class RawColumn:
    """A column of a found table.

    :ivar at: number of the column in the sheet
    :ivar path: its header, one text per header row, from the outermost; blanks tidied
    :ivar name: the name it will have: lower case, words joined by ``_``, unique in the table
    :ivar unit: taken out of the header (``ribu orang``), as written there
    """

    at: int
    path: tuple[str, ...]
    name: str
    unit: str | None = None

    @property
    def header(self) -> str:
        """The header as one text, for messages and for ``source_header``."""
        return " / ".join(part for part in self.path if part)


@dataclass
class TotalRow:
    """A total set apart: the cells that should add up to it.

    :ivar row: of the sheet, where the total stands; ``column`` where it is a total of a row
    :ivar members: rows of the sheet that are summed; ``columns``: columns of the sheet that are,
        where these are not simply the column of the total
    """

    row: int
    label: str
    members: np.ndarray
    columns: frozenset[int] | None = None
    column: int | None = None


@dataclass
class RawTable:
    """A table found on a sheet, cells untouched.

    :ivar span: header, body and totals together
    :ivar rows: rows of the sheet that are its body, in order (int64)
    :ivar about: proposals for metadata: ``judul``, ``sumber``, ``catatan``, ``tahun``, ``satuan``,
        ``wilayah``; texts as they stand on the sheet
    """

    sheet: Sheet
    span: Span
    header_rows: tuple[int, ...]
    columns: list[RawColumn]
    rows: np.ndarray
    totals: list[TotalRow] = field(default_factory=list[TotalRow])
    about: dict[str, str] = field(default_factory=dict[str, str])


class Role(str, Enum):
    """What a column is in the statistics."""

    WILAYAH = "wilayah"
    WAKTU = "waktu"
    DIMENSI = "dimensi"
    UKURAN = "ukuran"
    SATUAN = "satuan"
    KODE = "kode"
    STATUS = "status"
    KETERANGAN = "keterangan"


@dataclass
class TidyColumn:
    """A column of a clean table: a field of its Table Schema.

    :ivar type: of Table Schema: string, integer, number, boolean, date, datetime, year, yearmonth
    :ivar unit: as the vocabulary ``satuan`` spells it where it is known there, else as written
    :ivar source_header: what stood above it; empty for a column that was made
    :ivar title: for people, from the header
    :ivar reference: ``wilayah`` or the name of a vocabulary its codes come from
    """

    name: str
    type: str
    role: Role
    title: str = ""
    unit: str | None = None
    source_header: str = ""
    reference: str | None = None
    constraints: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Release:
    """What becomes of the published table when this one takes its place.

    :ivar said: in one sentence
    :ivar kept: rows of it that stand before the file's own
    :ivar may: it holds periods that may be put before, or be left out
    """

    said: Message
    kept: int = 0
    may: bool = False


@dataclass
class TidyTable:
    """A clean table, and how it came about.

    :ivar data: one Arrow column per field in the order of ``columns``: string, int64, float64,
        bool, date32 (``date``), timestamp[ms] (``datetime``); ``year`` is int64 and ``yearmonth``
        a string ``2026-03``. Null is missing; never 0 for missing.
    :ivar rows: row of the sheet each row came from (int64, -1 for one of the last release);
        ``cells`` gives, per column, the column of the sheet each cell came from (int64 per row,
        -1 where it was made).
    :ivar totals: totals by column: ``{name: [(TotalRow, value), ...]}``, to check sums against
    :ivar recipe: ``applied`` where kept corrections were, ``other_layout`` where there are some
        for a header that stands nowhere in this file
    :ivar template: what the hidden sheet of the template says it was typed into, if it was one
    :ivar dropped: columns the officer left out, with the column of the sheet of each cell
    :ivar headers: what is printed above each column of the sheet
    :ivar release: what becomes of the published table, where this one takes its place
    """

    sheet: str
    title: str
    span: Span
    columns: list[TidyColumn]
    data: pa.Table
    rows: np.ndarray
    cells: dict[str, np.ndarray]
    fingerprint: str
    about: dict[str, str] = field(default_factory=dict[str, str])
    totals: dict[str, list[tuple[TotalRow, float]]] = field(
        default_factory=dict[str, list[tuple[TotalRow, float]]])
    changes: list[Change] = field(default_factory=list[Change])
    questions: list[Question] = field(default_factory=list[Question])
    recipe: str | None = None
    template: Mark | None = None
    dropped: dict[str, np.ndarray] = field(default_factory=dict[str, np.ndarray])
    headers: dict[int, str] = field(default_factory=dict[int, str])
    release: Release | None = None

    @property
    def sheet_rows(self) -> np.ndarray:
        """The rows of the sheet that are rows of the table."""
        return self.rows[self.rows >= 0]

    def cell_of(self, column: str, row: int) -> str | None:
        """Return the cell of the sheet a cell of this table came from (rows from 0)."""
        at = int(self.cells[column][row]) if column in self.cells else -1
        return None if at < 0 else cell_name(int(self.rows[row]), at)

    def spoken(self, column: str, at: int | None = None) -> str:
        """Return what a column is called on the sheet, or the one of the sheet a cell came from."""
        cells = self.cells.get(column)
        if cells is None:
            return column
        places = np.unique(cells) if at is None else [at]
        return spoken(self.headers, (int(each) for each in places), column)

    def named(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of a sentence with columns called as on the sheet."""
        return {name: self.spoken(each) if isinstance(each, str) and each in self.cells else each
                for name, each in values.items()}

    def numbered(self, rows: np.ndarray) -> np.ndarray:
        """Return the numbers of rows (from 0) as the sheet counts them; their own without one."""
        at = self.rows[rows]
        return np.where(at < 0, rows, at) + 1

    def text_of(self, column: str, row: int) -> str | None:
        """Return the value of a cell as text, ``None`` where it is missing."""
        value = self.data.column(column)[row].as_py()
        return None if value is None else str(value)

    def schema(self) -> dict[str, Any]:
        """Return the frictionless Table Schema, with the portal's own keys of a column."""
        fields: list[dict[str, Any]] = []
        for column in self.columns:
            entry: dict[str, Any] = {"name": column.name, "type": column.type}
            if column.title and column.title != column.name:
                entry["title"] = column.title
            if column.unit:
                entry["satuan"] = column.unit
            if column.reference:
                entry["kode_referensi"] = column.reference
            if column.constraints:
                entry["constraints"] = column.constraints
            fields.append(entry)
        return {"fields": fields, "missingValues": [""]}
