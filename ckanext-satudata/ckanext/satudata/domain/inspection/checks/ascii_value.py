"""A text with letters beyond ASCII."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import FileCheck

__all__ = ["AsciiValue"]


class AsciiValue(FileCheck):
    """Asked for; names in Indonesia may well have such letters."""

    code = "ascii-value"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.SARAN
    title = N_("Huruf di luar ASCII")
    template = N_("Baris {row}, kolom {column}: “{value}” memuat huruf di luar ASCII.")
    how = N_("Ganti huruf itu bila tidak disengaja.")
