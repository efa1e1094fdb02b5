"""Columns of personal data."""
from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.personal import KINDS, find
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["PersonalData"]

#: Of civil servants and taxpayers, who may be offices: shown, and left to people to judge.
_SOFT = frozenset({"nip", "npwp"})


class PersonalData(Check):
    """UU 27/2022: personal data are not published. Data of offices are only pointed out."""

    code = "personal-data"
    principle = Principle.STANDAR_DATA
    severity = Severity.WAJIB
    title = N_("Kolom berisi data pribadi")
    template = N_("Baris {row}, kolom {column} berisi {kind} ({count} sel di kolom ini). "
                  "Data pribadi tidak boleh terbit.")
    how = N_("Buang kolom {column}; data lain tidak terpengaruh.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        for each in find(table):
            if not each.inside:
                soft = each.office or each.kind in _SOFT
                yield Hits(self, each.column, each.rows,
                           {"kind": KINDS[each.kind], "count": len(each.rows)},
                           severity=Severity.SEBAIKNYA if soft else None, masked=True)
