"""A column without a single value."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import encoded
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["EmptyColumn"]


class EmptyColumn(Check):
    """A form's unused column tells readers nothing; blank text counts as nothing."""

    code = "empty-column"
    principle = Principle.STANDAR_DATA
    severity = Severity.SEBAIKNYA
    title = N_("Kolom kosong")
    template = N_("Kolom {column} tidak berisi apa pun.")
    how = N_("Isi kolom {column}, atau buang kolom itu.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        if not table.data.num_rows:
            return
        for column in table.columns:
            values = table.data.column(column.name)
            if values.null_count == len(values) or (
                    column.type == "string" and not len(encoded(table, column.name).counts.nonzero(
                    )[0])):
                yield Hits(self, column.name, np.zeros(0, dtype=np.int64))
