"""There is nothing in the file."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import FileCheck

__all__ = ["SourceError"]


class SourceError(FileCheck):
    """An empty upload is a mistake, not a table without rows."""

    code = "source-error"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Berkas kosong")
    template = N_("Berkas ini kosong.")
    how = N_("Unggah berkas yang berisi tabel.")
