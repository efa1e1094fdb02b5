"""A column of numbers that do not follow one another."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import FileCheck

__all__ = ["SequentialValue"]


class SequentialValue(FileCheck):
    """Asked for by column."""

    code = "sequential-value"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.SEBAIKNYA
    title = N_("Nomor tidak berurutan")
    template = N_("Baris {row}, kolom {column}: “{value}” tidak melanjutkan urutan.")
    how = N_("Periksa apakah ada baris yang hilang.")
