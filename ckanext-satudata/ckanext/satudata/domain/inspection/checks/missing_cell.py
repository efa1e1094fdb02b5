"""A row has fewer cells than there are columns."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import FileCheck

__all__ = ["MissingCell"]


class MissingCell(FileCheck):
    """Usually a broken line. A clean table has none."""

    code = "missing-cell"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Sel kurang")
    template = N_("Baris {row} tidak punya sel untuk kolom {column}.")
    how = N_("Lengkapi baris itu; sel kosong pun tetap dipisah tandanya.")
