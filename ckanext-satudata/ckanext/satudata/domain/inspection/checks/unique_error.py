"""A value that may stand once stands twice."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import RowCheck

__all__ = ["UniqueError"]


class UniqueError(RowCheck):
    """The schema says the column tells the rows apart."""

    code = "unique-error"
    principle = Principle.STANDAR_DATA
    severity = Severity.WAJIB
    title = N_("Nilai ganda")
    template = N_("Baris {row}, kolom {column}: “{value}” sudah ada di baris {other}.")
    how = N_("Hapus baris yang ganda, atau perbaiki nilainya.")
