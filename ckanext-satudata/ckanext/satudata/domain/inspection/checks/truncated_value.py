"""A value as long or as large as a program's limit."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.checks.base import Facts, Hits, Previous
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable
from ckanext.satudata.domain.inspection.validation.checking import StandardCheck
from ckanext.satudata.domain.inspection.validation.optional import (
    TRUNCATED_INTEGERS,
    TRUNCATED_LENGTH,
)

__all__ = ["TruncatedValue"]

_INTEGERS = pa.array([one for one in TRUNCATED_INTEGERS if one < 2 ** 63], pa.int64())


class TruncatedValue(StandardCheck):
    """Texts of 255 characters and the largest integers are where databases and programs cut."""

    code = "truncated-value"
    principle = Principle.STANDAR_DATA
    severity = Severity.SARAN
    title = N_("Isi mungkin terpotong")
    template = N_("Baris {row}, kolom {column}: “{value}” tepat pada batas sebuah program, mungkin "
                  "terpotong.")
    how = N_("Bandingkan dengan sumbernya.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        for column in table.columns:
            values = table.data.column(column.name)
            if pa.types.is_string(values.type):
                hits = pc.equal(pc.utf8_length(values), TRUNCATED_LENGTH)
            elif pa.types.is_int64(values.type):
                hits = pc.is_in(values, value_set=_INTEGERS)
            else:
                continue
            rows = np.flatnonzero(pc.fill_null(hits, False).to_numpy())
            if len(rows):
                yield Hits(self, column.name, rows)
