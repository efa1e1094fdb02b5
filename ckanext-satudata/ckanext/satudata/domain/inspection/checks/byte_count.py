"""The file is not as large as was stated."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import FileCheck

__all__ = ["ByteCount"]


class ByteCount(FileCheck):
    """A transfer broke off, or it is another file."""

    code = "byte-count"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Ukuran berkas tidak sesuai")
    template = N_("Ukuran berkas {found} bita, menurut keterangannya {stated}.")
    how = N_("Unggah ulang berkas yang utuh.")
