"""A column the declared schema asks for is not there."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import LabelCheck

__all__ = ["MissingLabel"]


class MissingLabel(LabelCheck):
    """Whoever reads the series by its schema would find a hole."""

    code = "missing-label"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Kolom kurang")
    template = N_("Kolom “{name}” menurut skema harus ada, tetapi tidak ditemukan.")
    how = N_("Tambahkan kolom {name}, atau keluarkan dari skema.")
