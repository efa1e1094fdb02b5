"""Codes of a Data Induk that were published and are no more."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import encoded
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["MasterGone"]

_LISTED = 8


class MasterGone(Check):
    """A code may end; who publishes knows it, for other data may still refer to it."""

    code = "master-code-gone"
    principle = Principle.KODE_REFERENSI
    severity = Severity.SEBAIKNYA
    title = N_("Kode Data Induk hilang")
    template = N_("{count} kode yang sudah terbit tidak ada lagi: {codes}. Alamatnya akan menyebut "
                  "kode itu tidak berlaku lagi.")
    how = N_("Kembalikan barisnya bila terlewat. Kode yang memang berakhir jangan dipakai untuk "
             "yang lain.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        if previous is None or facts.key not in table.data.column_names or (
                facts.key not in previous.data.column_names):
            return
        now = {str(each) for each in encoded(table, facts.key).names}
        before = dict.fromkeys(str(each) for each in previous.data.column(facts.key).to_pylist()
                               if each is not None)
        gone = [each for each in before if each not in now]
        if gone:
            shown = ", ".join(gone[:_LISTED]) + (" …" if len(gone) > _LISTED else "")
            yield Hits(self, facts.key, np.empty(0, np.int64),
                       {"count": len(gone), "codes": shown})
