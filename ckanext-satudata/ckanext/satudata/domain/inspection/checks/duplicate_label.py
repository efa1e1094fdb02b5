"""Two columns of one name."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import LabelCheck

__all__ = ["DuplicateLabel"]


class DuplicateLabel(LabelCheck):
    """Nobody can tell them apart."""

    code = "duplicate-label"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Nama kolom ganda")
    template = N_("Nama kolom “{label}” pada kolom ke-{number} sudah dipakai kolom ke-{note}.")
    how = N_("Beri tiap kolom nama yang berbeda.")
