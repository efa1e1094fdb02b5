"""The file is not the one whose hash was stated."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import FileCheck

__all__ = ["HashCount"]


class HashCount(FileCheck):
    """It changed on its way."""

    code = "hash-count"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Isi berkas tidak sesuai")
    template = N_("Sidik berkas {found}, menurut keterangannya {stated}.")
    how = N_("Unggah ulang berkas yang asli.")
