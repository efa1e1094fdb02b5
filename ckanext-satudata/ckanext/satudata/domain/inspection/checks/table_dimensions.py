"""A table has not as many rows or columns as were asked for."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import FileCheck

__all__ = ["TableDimensions"]


class TableDimensions(FileCheck):
    """Asked for with bounds; no bounds, no error."""

    code = "table-dimensions"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Ukuran tabel di luar batas")
    template = N_("Ukuran tabel di luar batas: {note}.")
    how = N_("Periksa apakah tabelnya lengkap.")
