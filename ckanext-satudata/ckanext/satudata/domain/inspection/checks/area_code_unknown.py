"""A kode wilayah that no list has."""
from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from ckanext.satudata.domain.inspection.area_codes import area_columns, by_name
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["AreaCodeUnknown"]


class AreaCodeUnknown(Check):
    """A code must be in the list in force or in the one before it (Permendagri 72/2019)."""

    code = "area-code-unknown"
    principle = Principle.KODE_REFERENSI
    severity = Severity.WAJIB
    title = N_("Kode wilayah tidak ada")
    template = N_("Baris {row}, kolom {column}: kode wilayah {value} tidak ada{nearest}.")
    how = N_("Ganti kode di baris itu menurut Kepmendagri 300.2.2-2138/2025.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        for column in area_columns(table):
            # A column of BPS codes below the kab/kota has no list here to be held against.
            rows = column.column.rows(column.chosen(
                lambda code: code.area is None and not (code.form == "bps" and len(code.text) > 4)))
            if not len(rows):
                continue
            named = by_name(table, column, rows)
            yield Hits(self, column.name, rows, values={
                "nearest": pa.array([f" ({area.full_name}: {area.code})" if area else ""
                                     for area in named], pa.string()),
            }, proposed=pa.array([area.code if area else None for area in named], pa.string()))
