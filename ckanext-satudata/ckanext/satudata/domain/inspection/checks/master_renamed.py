"""A code of a Data Induk that was published for something else."""
from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.folding import fold
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["MasterRenamed"]

#: Names less alike than this are another thing's, not another spelling.
_ALIKE = 0.5


class MasterRenamed(Check):
    """Names change; a name that has nothing in common with the old one may be another thing's."""

    code = "master-renamed"
    principle = Principle.KODE_REFERENSI
    severity = Severity.SEBAIKNYA
    title = N_("Kode Data Induk berganti arti")
    template = N_("Baris {row}: kode {key} sudah terbit sebagai “{before}”, sekarang “{value}”.")
    how = N_("Beri kode baru bila ini bukan yang dahulu; bila hanya berganti nama, biarkan.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        asked = {facts.key, facts.label}
        if previous is None or not asked <= set(table.data.column_names) or (
                not asked <= set(previous.data.column_names)):
            return
        before = dict(zip(*(previous.data.column(name).to_pylist()
                            for name in (facts.key, facts.label)), strict=True))
        codes, names = (table.data.column(name).to_pylist() for name in (facts.key, facts.label))
        rows = [at for at, (code, name) in enumerate(zip(codes, names, strict=True))
                if code is not None and name and before.get(code)
                and not _alike(str(before[code]), str(name))]
        if rows:
            yield Hits(self, facts.label, np.array(rows, np.int64), values={
                "key": pa.array([str(codes[at]) for at in rows]),
                "before": pa.array([str(before[codes[at]])[:100] for at in rows])})


def _alike(one: str, other: str) -> bool:
    one, other = fold(one)[:200], fold(other)[:200]
    return one == other or SequenceMatcher(None, one, other).ratio() >= _ALIKE
