"""No column at all is one of the schema."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import LabelCheck

__all__ = ["UnmatchedHeader"]


class UnmatchedHeader(LabelCheck):
    """Most likely the wrong file, or the wrong schema."""

    code = "unmatched-header"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.WAJIB
    title = N_("Tidak ada kolom yang cocok")
    template = N_("Tidak satu pun kolom cocok dengan skema.")
    how = N_("Pastikan berkas dan skemanya sepasang.")
