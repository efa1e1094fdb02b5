"""There are not as many columns as were stated."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import FileCheck

__all__ = ["FieldCount"]


class FieldCount(FileCheck):
    """A column came or went."""

    code = "field-count"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Banyak kolom tidak sesuai")
    template = N_("Ada {found} kolom, menurut keterangannya {stated}.")
    how = N_("Samakan berkas dengan keterangannya.")
