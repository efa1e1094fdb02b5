"""A code that the Data Induk its column refers to does not have."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.data_induk import nearest
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import encoded
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["MasterUnknown"]

#: Unknown codes for which the one that was meant is looked for; each costs a look at the list.
_MEANT = 50
#: A longer list is not looked through for what was meant.
_LOOKED = 20_000


class MasterUnknown(Check):
    """The column says by ``data_induk`` which list its codes are of, as it is published now."""

    code = "master-code-unknown"
    principle = Principle.KODE_REFERENSI
    severity = Severity.WAJIB
    title = N_("Kode tidak ada di Data Induk")
    template = N_("Baris {row}, kolom {column}: kode {value} tidak ada di Data Induk "
                  "{list}{nearest}.")
    how = N_("Ganti dengan kode yang ada di daftarnya, atau minta pengelolanya menambahkan baris.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        for name, known in facts.masters.items():
            if name not in table.data.column_names or not known.codes:
                continue
            column = encoded(table, name)
            labels = [str(each) for each in column.names]
            wrong = np.array([each not in known.codes for each in labels] + [False], dtype=bool)
            rows = np.flatnonzero(wrong[column.codes])
            if not len(rows):
                continue
            meant = self._meant([each for at, each in enumerate(labels) if wrong[at]], known.codes)
            codes = [labels[column.codes[row]] for row in rows]
            yield Hits(self, name, rows, {"list": known.name}, {
                "nearest": pa.array([f" ({known.codes[near]}: {near})" if (
                    near := meant.get(each, "")) else "" for each in codes], pa.string()),
            }, proposed=pa.array([meant.get(each) or None for each in codes], pa.string()))

    @staticmethod
    def _meant(unknown: list[str], codes: dict[str, str]) -> dict[str, str]:
        if len(codes) > _LOOKED:
            return {}
        return {each: nearest(each, codes) for each in unknown[:_MEANT]}
