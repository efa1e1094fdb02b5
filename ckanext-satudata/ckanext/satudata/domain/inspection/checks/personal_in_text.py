"""Personal data inside longer text: a note, an address, a description."""
from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.personal import KINDS, find
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["PersonalInText"]


class PersonalInText(Check):
    """As :class:`.personal_data.PersonalData`; here the text is mended, the column stays."""

    code = "personal-in-text"
    principle = Principle.STANDAR_DATA
    severity = Severity.WAJIB
    title = N_("Data pribadi di dalam teks")
    template = N_("Baris {row}, kolom {column}: di dalam teks ada {kind}. Data pribadi tidak boleh "
                  "terbit.")
    how = N_("Hapus {kind} dari teks di baris itu, atau buang kolom {column}.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        for each in find(table):
            if each.inside:
                soft = each.office or each.kind in ("nip", "npwp")
                yield Hits(self, each.column, each.rows, {"kind": KINDS[each.kind]},
                           severity=Severity.SEBAIKNYA if soft else None, masked=True)
