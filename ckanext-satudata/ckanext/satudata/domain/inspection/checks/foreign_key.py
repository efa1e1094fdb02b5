"""A code that is not in the list it refers to."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import RowCheck

__all__ = ["ForeignKey"]


class ForeignKey(RowCheck):
    """Codes of one list are what makes tables of different offices fit together."""

    code = "foreign-key"
    principle = Principle.KODE_REFERENSI
    severity = Severity.WAJIB
    title = N_("Kode tidak ada dalam rujukan")
    template = N_("Baris {row}, kolom {column}: “{value}” tidak ada dalam daftar {list}.")
    how = N_("Pakai kode dari daftar {list}.")
