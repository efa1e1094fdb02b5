"""A text much longer than the others of its column."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import FileCheck

__all__ = ["DeviatedCell"]


class DeviatedCell(FileCheck):
    """Often a whole table pasted into one cell."""

    code = "deviated-cell"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.SARAN
    title = N_("Isi sel terlalu panjang")
    template = N_("Baris {row}, kolom {column}: isinya jauh lebih panjang dari sel lain.")
    how = N_("Periksa apakah isi sel itu benar.")
