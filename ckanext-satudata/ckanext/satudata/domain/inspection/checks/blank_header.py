"""The header row is empty."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import FileCheck

__all__ = ["BlankHeader"]


class BlankHeader(FileCheck):
    """Frictionless knows the error but tells an empty header as blank labels, and so do we."""

    code = "blank-header"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Baris kepala kosong")
    template = N_("Baris kepala kosong.")
    how = N_("Tulis nama kolom di baris pertama tabel.")
