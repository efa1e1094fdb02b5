"""Clean tables from rows as a person writes them, for the tests of the checks."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Previous
from ckanext.satudata.domain.inspection.notes import Finding
from ckanext.satudata.domain.inspection.sheet import Span
from ckanext.satudata.domain.inspection.table import Role, TidyColumn, TidyTable, TotalRow

#: Sheet row of the first row of the tidy table: a title, a blank and a header stand above.
FIRST = 3


def role_of(name: str, values: Sequence[Any]) -> Role:
    if name.startswith("satuan"):
        return Role.SATUAN
    if name.startswith("status_angka"):
        return Role.STATUS
    if name in ("tahun", "bulan", "tanggal", "triwulan"):
        return Role.WAKTU
    if any(word in name for word in ("kode", "nik", "npsn")):
        return Role.WILAYAH if "wilayah" in name else Role.KODE
    if name.removeprefix("nama_") in ("provinsi", "kabupaten_kota", "kecamatan", "desa"):
        return Role.WILAYAH
    if any(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        return Role.UKURAN
    return Role.KETERANGAN if name in ("keterangan", "catatan", "alamat") else Role.DIMENSI


def type_of(name: str, values: Sequence[Any]) -> str:
    known = [value for value in values if value is not None]
    if name == "tahun" and all(isinstance(value, int) for value in known):
        return "year"
    if known and all(isinstance(value, int) for value in known):
        return "integer"
    return "number" if known and all(isinstance(v, (int, float)) for v in known) else "string"


_ARROW = {"integer": pa.int64(), "year": pa.int64(), "number": pa.float64(), "string": pa.string()}


def tidy(
    columns: Mapping[str, Sequence[Any]], *, units: Mapping[str, str] | None = None,
    roles: Mapping[str, Role] | None = None, references: Mapping[str, str] | None = None,
    title: str = "", about: Mapping[str, str] | None = None,
    totals: Mapping[str, Sequence[tuple[str, Sequence[int], float]]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> TidyTable:
    """Make a table; ``totals``: column -> (label, rows of this table from 0, value)."""
    size = len(next(iter(columns.values())))
    made = [
        TidyColumn(name, type_of(name, values),
                   (roles or {}).get(name, role_of(name, values)), title=(headers or {}).get(
                       name, ""), unit=(units or {}).get(name),
                   reference=(references or {}).get(name))
        for name, values in columns.items()
    ]
    data = pa.table({column.name: pa.array(columns[column.name], _ARROW[column.type])
                     for column in made})
    kept = {
        name: [(TotalRow(FIRST + size, label, np.array(rows, dtype=np.int64) + FIRST), value)
               for label, rows, value in each]
        for name, each in (totals or {}).items()
    }
    return TidyTable(
        "Rekap", title, Span(0, 0, size + FIRST, len(made)), made, data,
        np.arange(size, dtype=np.int64) + FIRST,
        {name: np.full(size, at, dtype=np.int64) for at, name in enumerate(columns)},
        "x", about=dict(about or {}), totals=kept)


def found_by(
    check: type[Check], table: TidyTable, facts: Facts | None = None,
    previous: Previous | None = None,
) -> list[Finding]:
    """Return all findings of a check."""
    made = check()
    return [
        made.finding(table, hits, at)
        for hits in made.run(table, facts or Facts(), previous)
        for at in range(max(1, len(hits.rows)))
    ]


def places(findings: Iterable[Finding]) -> list[tuple[str | None, int | None]]:
    return [(finding.column, finding.row) for finding in findings]


def release(table: TidyTable) -> Previous:
    """Return a table as the last release."""
    return Previous(table.data, table.schema())
