"""A measure without a unit."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import measures
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable
from ckanext.satudata.domain.inspection.units import unit_column
from ckanext.satudata.domain.inspection.wording import about, is_count, says_share

__all__ = ["UnitMissing"]

#: Measures that are pure numbers.
_PURE = frozenset({"indeks", "index", "rasio", "skor", "ipm", "idm", "iks", "ike", "ikl", "gini",
                   "peringkat", "ranking", "rank", "ntp", "nilai tukar", "latitude", "longitude",
                   "koordinat", "ikm", "epss", "ph"})


class UnitMissing(Check):
    """The unit of the column, of the row or of the dataset counts; so does "persen" in a name."""

    code = "unit-missing"
    principle = Principle.STANDAR_DATA
    severity = Severity.SEBAIKNYA
    title = N_("Satuan belum disebut")
    template = N_("Kolom {column} tidak menyebut satuannya.")
    how = N_("Tulis satuannya di kepala kolom dalam kurung, misalnya “(orang)”, atau pilih satuan "
             "di metadata.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        if facts.unit or unit_column(table) is not None:
            return
        for column in measures(table):
            said = about(table, column)
            if not column.unit and not says_share(said) and _PURE.isdisjoint(said):
                # "jumlah penduduk" tells what is counted, though not in a word of the list.
                yield Hits(self, column.name, np.zeros(0, dtype=np.int64),
                           severity=Severity.SARAN if is_count(said, None) else None)
