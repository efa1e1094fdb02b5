"""A value that was said to occur does not."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import FileCheck

__all__ = ["RequiredValue"]


class RequiredValue(FileCheck):
    """Asked for by column and values."""

    code = "required-value"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Nilai yang harus ada tidak ditemukan")
    template = N_("Kolom {column}: “{note}” harus ada, tetapi tidak ditemukan.")
    how = N_("Lengkapi tabel dengan baris yang memuat nilai itu.")
