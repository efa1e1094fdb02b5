"""A column without a name."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import LabelCheck

__all__ = ["BlankLabel"]


class BlankLabel(LabelCheck):
    """The schema has a field there, the file no label."""

    code = "blank-label"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Kolom tanpa nama")
    template = N_("Kolom ke-{number} ({name}) tidak punya nama.")
    how = N_("Tulis nama kolom itu di baris kepala: {name}.")
