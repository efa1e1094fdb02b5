"""A value is not of the type the schema declares."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import RowCheck

__all__ = ["TypeError_"]


class TypeError_(RowCheck):
    """A word among numbers cannot be summed, a date written otherwise cannot be sorted."""

    code = "type-error"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Isi tidak sesuai jenis kolom")
    template = N_("Baris {row}, kolom {column}: “{value}” bukan {kind}.")
    how = N_("Tulis {kind} saja, atau kosongkan bila nilainya tidak ada.")
