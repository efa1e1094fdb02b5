"""A row has more cells than there are columns."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import FileCheck

__all__ = ["ExtraCell"]


class ExtraCell(FileCheck):
    """Usually a decimal comma, or a separator in a text without quotes. A clean table has none."""

    code = "extra-cell"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Sel berlebih")
    template = N_("Baris {row} punya sel ke-{number}, padahal kolomnya hanya {count}.")
    how = N_("Hapus isi di luar tabel; apit teks yang memuat pemisah dengan tanda kutip.")
