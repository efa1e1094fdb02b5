"""A column the declared schema does not have."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import LabelCheck

__all__ = ["ExtraLabel"]


class ExtraLabel(LabelCheck):
    """It is published only after it is described."""

    code = "extra-label"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Kolom di luar skema")
    template = N_("Kolom ke-{number} “{label}” tidak ada dalam skema.")
    how = N_("Hapus kolom itu, atau tambahkan ke skema.")
