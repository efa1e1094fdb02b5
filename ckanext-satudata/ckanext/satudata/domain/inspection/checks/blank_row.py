"""A row in which nothing stands."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import RowCheck

__all__ = ["BlankRow"]


class BlankRow(RowCheck):
    """Left over from a sheet made for printing."""

    code = "blank-row"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.SEBAIKNYA
    title = N_("Baris kosong")
    template = N_("Baris {row} kosong.")
    how = N_("Hapus baris itu.")
