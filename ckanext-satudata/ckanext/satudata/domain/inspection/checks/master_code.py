"""A Data Induk whose codes tell its rows not apart, or cannot stand in an address."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.data_induk import is_code
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import encoded
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["MasterCode"]


class MasterCode(Check):
    """One code, one row, one address (Perpres 39/2019 article 10).

    Only in the table that has the column its dataset names as that of the codes.
    """

    code = "master-code"
    principle = Principle.KODE_REFERENSI
    severity = Severity.WAJIB
    title = N_("Kode Data Induk tidak tunggal")
    template = N_("Baris {row}: kode {value} sudah dipakai baris {other}. Satu kode untuk satu "
                  "baris.")
    how = N_("Beri setiap baris kode sendiri, dari huruf, angka, titik, dan tanda hubung.")
    empty = N_("Baris {row}: kolom {column} kosong. Setiap baris Data Induk punya kode.")
    strange = N_("Baris {row}: kode “{value}” tidak dapat menjadi alamat. Pakai huruf, angka, "
                 "titik, dan tanda hubung, tanpa spasi atau garis miring.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        if facts.key not in table.data.column_names:
            return
        column = encoded(table, facts.key)
        missing = np.flatnonzero(column.codes < 0)
        if len(missing):
            yield Hits(self, facts.key, missing, template=self.empty)
        names = [str(each) for each in column.names]
        wrong = np.array([not is_code(each) for each in names] + [False], dtype=bool)
        strange = np.flatnonzero(wrong[column.codes])
        if len(strange):
            yield Hits(self, facts.key, strange, template=self.strange)
        first = np.full(len(names) + 1, -1, dtype=np.int64)
        # Backwards, so that what stays is the first row of each code.
        first[column.codes[::-1]] = np.arange(len(column.codes))[::-1]
        twice = np.flatnonzero((column.codes >= 0)
                               & (first[column.codes] != np.arange(len(column.codes))))
        if len(twice):
            yield Hits(self, facts.key, twice, values={
                "other": pa.array(table.numbered(first[column.codes[twice]]))})
