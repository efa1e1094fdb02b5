"""A row that is there again, equal in everything."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.checks.base import Facts, Hits, Previous
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable
from ckanext.satudata.domain.inspection.validation.checking import StandardCheck
from ckanext.satudata.domain.inspection.validation.keys import combined, repeated, typed_codes

__all__ = ["DuplicateRow"]


class DuplicateRow(StandardCheck):
    """Rows of the same figures for the same area and time are counted twice in every sum.

    A row without any value is a blank row, not a duplicate.
    """

    code = "duplicate-row"
    principle = Principle.STANDAR_DATA
    severity = Severity.SEBAIKNYA
    title = N_("Baris ganda")
    template = N_("Baris {row} sama persis dengan baris {other}.")
    how = N_("Hapus salah satu. Bila keduanya memang berbeda, tambahkan kolom yang membedakannya.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        if table.data.num_rows < 2 or not table.data.num_columns:
            return
        filled = np.zeros(table.data.num_rows, bool)
        codes: list[np.ndarray] = []
        for column in table.data.columns:
            codes.append(typed_codes(column))
            filled |= column.is_valid().to_numpy()
        rows, before = repeated(combined(codes), np.flatnonzero(~filled))
        if len(rows):
            yield Hits(self, None, rows, {}, {"other": pa.array(table.numbered(before))})
