"""There are not as many rows as were stated."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import FileCheck

__all__ = ["RowCount"]


class RowCount(FileCheck):
    """Rows came or went."""

    code = "row-count"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Banyak baris tidak sesuai")
    template = N_("Ada {found} baris, menurut keterangannya {stated}.")
    how = N_("Samakan berkas dengan keterangannya.")
