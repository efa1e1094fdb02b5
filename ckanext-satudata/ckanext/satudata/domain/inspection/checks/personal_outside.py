"""Personal data beside the tables: titles, notes, headers, totals, hidden sheets, names."""
from __future__ import annotations

from collections.abc import Iterable

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["PersonalOutside"]


class PersonalOutside(Check):
    """What is published is the file as well, with all that stands around its tables.

    It looks at the whole file and not at a table: see :mod:`..outside`.
    """

    code = "personal-outside"
    principle = Principle.STANDAR_DATA
    severity = Severity.WAJIB
    title = N_("Data pribadi di luar isi tabel")
    template = N_("Lembar “{sheet}”, sel {cell}: ada {kind} di luar isi tabel ({count} sel). Data "
                  "pribadi tidak boleh terbit.")
    how = N_("Hapus {kind} dari berkas, lalu unggah lagi.")
    #: Where a sheet nobody sees holds it, and where a name does.
    hidden = N_("Lembar tersembunyi “{sheet}”, sel {cell}: ada {kind} ({count} sel). Data pribadi "
                "tidak boleh terbit, juga di lembar tersembunyi.")
    of_sheet = N_("Nama lembar “{sheet}” memuat {kind}. Data pribadi tidak boleh terbit.")
    of_file = N_("Nama berkas memuat {kind}. Data pribadi tidak boleh terbit.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        return ()
