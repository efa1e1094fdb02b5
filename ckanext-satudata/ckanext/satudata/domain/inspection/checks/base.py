"""What a check is, and what it may look at.

A check is a subclass of :class:`Check` in a file of its own; :mod:`.registry` names them all. It
yields findings lazily and for every row, without a cap of its own: counting and capping is the
engine's work, so that no cut-off is silent.
"""
from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.display import written
from ckanext.satudata.domain.inspection.flow import mask
from ckanext.satudata.domain.inspection.notes import Finding, Message, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["Check", "Facts", "Hits", "MasterList", "Previous"]


@dataclass(frozen=True)
class MasterList:
    """A Data Induk that a column refers to, as it is published.

    :ivar name: as in its address
    :ivar codes: each with its name
    """

    name: str
    codes: dict[str, str]


@dataclass(frozen=True)
class Facts:
    """What the metadata of the dataset says, as far as checks need it. Empty where unknown.

    :ivar home: kode wilayah of the government whose portal this is (``36.04``)
    :ivar areas: kode wilayah the dataset says it covers
    :ivar level: code of ``tingkat_penyajian`` (``kecamatan``)
    :ivar first_day: and ``last_day``: the stated period
    :ivar unit: ``satuan`` of the dataset
    :ivar correction: the reason given for values that differ from the last release
    :ivar dataset: id of the dataset
    :ivar key: column of the codes, where the dataset is a Data Induk, and ``label`` of the names
    :ivar masters: by column: the Data Induk its codes are of
    :ivar today: the day of the inspection; the machine's own where it is not given
    """

    home: str = ""
    areas: tuple[str, ...] = ()
    level: str = ""
    first_day: date | None = None
    last_day: date | None = None
    unit: str = ""
    title: str = ""
    correction: str = ""
    dataset: str = ""
    key: str = ""
    label: str = ""
    masters: Mapping[str, MasterList] = field(default_factory=dict[str, MasterList])
    today: date | None = None


@dataclass(frozen=True)
class Previous:
    """The table of the last release, typed as :attr:`TidyTable.data`."""

    data: pa.Table
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Hits:
    """Findings of one kind, by row: made into :class:`Finding` only as far as they are listed.

    :ivar rows: rows of the tidy table, from 0 (int64), in order; empty for one of the whole table
    :ivar values: template values per row, as Arrow arrays of the same length, and shared ones
    :ivar template: and ``severity``, where they are not the check's own
    """

    check: Check
    column: str | None
    rows: np.ndarray
    shared: Mapping[str, Any] = field(default_factory=dict[str, Any])
    values: Mapping[str, pa.Array] = field(default_factory=dict[str, pa.Array])
    severity: Severity | None = None
    proposed: pa.Array | None = None
    masked: bool = False
    template: str | None = None


class Check(ABC):
    """One rule. The class attributes are its documentation and are shown to people.

    :cvar code: kebab-case; frictionless' own type where frictionless has the check
    :cvar template: what is wrong; its places are filled from the values of the hits
    :cvar how: how to mend it
    """

    code: ClassVar[str]
    principle: ClassVar[Principle]
    severity: ClassVar[Severity]
    title: ClassVar[str]
    template: ClassVar[str]
    how: ClassVar[str]

    @abstractmethod
    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        """Yield what is wrong with a table, vectorised: no Python loop over rows."""

    @staticmethod
    def _spoken(table: TidyTable, column: str | None, row: int | None) -> str:
        cells = table.cells.get(column or "")
        return table.spoken(column or "", None if row is None or cells is None
                            else int(cells[row]))

    def finding(self, table: TidyTable, hits: Hits, at: int) -> Finding:
        """Make the ``at``-th hit a finding, with its cell in the sheet handed in."""
        row = int(hits.rows[at]) if len(hits.rows) else None
        values = table.named(hits.shared)
        values.update({name: written(array[at].as_py()) for name, array in hits.values.items()})
        cell = value = None
        if row is not None and hits.column is not None:
            cell = table.cell_of(hits.column, row)
            value = table.text_of(hits.column, row)
            if value is not None and hits.masked:
                value = mask(value)
        names = [column.name for column in table.columns]
        values.setdefault("column", self._spoken(table, hits.column, row))
        values.setdefault("row", 1 if row is None else int(
            table.numbered(hits.rows[at:at + 1])[0]))
        values.setdefault("value", value or "")
        return Finding(
            code=self.code, principle=self.principle, severity=hits.severity or self.severity,
            message=Message(hits.template or self.template, values), how=Message(self.how, values),
            sheet=table.sheet, column=hits.column, row=None if row is None else row + 1,
            cell=cell, value=value[:200] if value else value,
            proposed=None if hits.proposed is None else hits.proposed[at].as_py(),
            field_position=names.index(hits.column) + 1 if hits.column in names else None,
        )
