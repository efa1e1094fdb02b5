"""The words and signs with which findings are shown, the same in every form of the report."""
from __future__ import annotations

from typing import Any

from ckanext.satudata.domain.inspection.notes import N_

__all__ = ["PRINCIPLES", "SEVERITIES", "TYPES", "figure", "written"]

SEVERITIES = {"wajib": N_("Wajib diperbaiki"), "sebaiknya": N_("Sebaiknya diperbaiki"),
              "saran": N_("Saran")}
PRINCIPLES = {"standar_data": N_("Standar data"), "metadata": N_("Metadata"),
              "interoperabilitas": N_("Interoperabilitas"), "kode_referensi": N_("Kode referensi")}
#: Types of Table Schema, for people.
TYPES = {"string": N_("teks"), "integer": N_("angka bulat"), "number": N_("angka"),
         "boolean": N_("ya atau tidak"), "date": N_("tanggal"), "datetime": N_("waktu"),
         "year": N_("tahun"), "yearmonth": N_("bulan")}


_MARKS = str.maketrans(",.", ".,")


def figure(value: float, decimals: int = 10) -> str:
    """Write a number the Indonesian way: 1.234,5."""
    text = f"{value:,}" if isinstance(value, int) else (
        f"{value:,.{decimals}f}".rstrip("0").rstrip("."))
    return text.translate(_MARKS)


def written(value: Any) -> Any:
    """Return a value as sentences say it: a number to six decimals, a dash for nothing."""
    if value is None:
        return "–"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return figure(value, 6)
