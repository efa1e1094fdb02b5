"""Two rows of one primary key, or a row without any."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import RowCheck

__all__ = ["PrimaryKey"]


class PrimaryKey(RowCheck):
    """A row that cannot be named cannot be corrected later."""

    code = "primary-key"
    principle = Principle.STANDAR_DATA
    severity = Severity.WAJIB
    title = N_("Kunci utama ganda atau kosong")
    template = N_("Baris {row}: kunci {keys} kosong atau sama dengan baris lain.")
    how = N_("Lengkapi kuncinya, atau hapus baris yang ganda.")
