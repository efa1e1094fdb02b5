"""A column is named otherwise than the schema says."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import LabelCheck

__all__ = ["IncorrectLabel"]


class IncorrectLabel(LabelCheck):
    """Either the name or the order of the columns is wrong."""

    code = "incorrect-label"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Nama kolom tidak sesuai skema")
    template = N_("Kolom ke-{number} bernama “{label}”, menurut skema “{name}”.")
    how = N_("Samakan nama dan urutan kolom dengan skema.")
