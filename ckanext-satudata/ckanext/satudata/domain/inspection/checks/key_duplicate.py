"""Two rows about the same area, time and category with different figures."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.area_codes import finest
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import first_rows, groups, key_columns, measures
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["KeyDuplicate"]

_FEW = 0.1
#: A column of these names tells records apart, and makes a table one of records.
_RECORD = frozenset({"id", "uuid", "objectid", "fid", "gid", "no", "nomor", "index"})


class KeyDuplicate(Check):
    """The key is area, time, categories and codes together. Equal rows are ``duplicate-row``.

    Where many rows share keys, or rows have an identity of their own, the table may be one of
    records (events, packages), or a dimension got lost: then nothing blocks.
    """

    code = "key-duplicate"
    principle = Principle.STANDAR_DATA
    severity = Severity.WAJIB
    title = N_("Baris ganda dengan angka berbeda")
    template = N_("Baris {row} dan baris {other} sama dalam {keys}, tetapi angkanya berbeda.")
    how = N_("Hapus salah satu, jumlahkan keduanya, atau tambahkan kolom yang membedakannya.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        figures = [column.name for column in measures(table)]
        records = [column.name for column in table.columns
                   if column.name.split("_")[0] in _RECORD and column.name not in figures]
        keys = key_columns(table, records)
        size = table.data.num_rows
        if not figures or not keys or size < 2:
            return
        group = groups(table, keys)
        first, counts = first_rows(group), np.bincount(group)
        twice = counts[group] > 1
        if not twice.any():
            return
        if records and any(column.type in ("date", "datetime") for column in table.columns):
            return  # events, each with its day and an identity of its own
        # An area that was not found has no code, and is not known to be another's twin.
        column = finest(table)
        if column is not None:
            twice &= column.column.codes >= 0
        # Rows equal in everything are another finding.
        whole = groups(table, [*keys, *figures])
        fresh = np.zeros(size, dtype=bool)
        fresh[first_rows(whole)] = True
        rows = np.flatnonzero(twice & fresh & (first[group] != np.arange(size)))
        if not len(rows):
            return
        is_few = twice.sum() <= max(2, _FEW * size)
        if records and not is_few:
            return
        shown = ", ".join(map(table.spoken, keys[:4])) + (" …" if len(keys) > 4 else "")
        yield Hits(self, keys[0], rows, {"keys": shown},
                   {"other": pa.array(table.numbered(first[group[rows]]))},
                   severity=None if is_few and not records else Severity.SEBAIKNYA)
