"""A value far from the average of its column."""
from __future__ import annotations

from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.validation.checking import FileCheck

__all__ = ["DeviatedValue"]


class DeviatedValue(FileCheck):
    """Asked for by column; by itself a column of many areas is never of one size."""

    code = "deviated-value"
    principle = Principle.INTEROPERABILITAS
    severity = Severity.SARAN
    title = N_("Nilai jauh dari rata-rata")
    template = N_("Baris {row}, kolom {column}: {value} jauh dari nilai lain.")
    how = N_("Periksa angkanya dengan sumbernya.")
