"""A value that was said not to occur."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import FileCheck

__all__ = ["ForbiddenValue"]


class ForbiddenValue(FileCheck):
    """Asked for by column and values."""

    code = "forbidden-value"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Nilai terlarang")
    template = N_("Baris {row}, kolom {column}: “{value}” tidak boleh dipakai.")
    how = N_("Ganti dengan nilai yang benar.")
