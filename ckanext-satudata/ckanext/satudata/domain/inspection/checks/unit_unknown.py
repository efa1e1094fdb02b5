"""A unit that the list of units does not know."""
from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.folding import fold
from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable
from ckanext.satudata.domain.inspection.units import unit_column
from ckanext.satudata.domain.inspection.wording import multiple, unit_code

__all__ = ["UnitUnknown", "is_known"]

_ALIKE = 0.8
_PER = re.compile(r"\s*(?:/|\bper\b)\s*")
#: What units are reckoned per, and is no unit by itself.
_BASES = frozenset({"kapita", "penduduk", "kelahiran hidup", "kelahiran", "km2", "panen", "musim",
                    "angkatan", "masa", "kk", "malam", "semester", "triwulan", "tahun anggaran"})


@vocabulary.remembered(4096)
def is_known(unit: str) -> bool:
    """Tell whether a unit is in the list, alone, as a multiple, or "per" something of it."""
    unit = unit.replace("⁰", "°").replace("º", "°")
    if unit_code(unit) is not None:
        return True
    first, *rest = _PER.split(fold(unit))
    return bool(first) and _is_one(first) and all(
        each in _BASES or _is_one(re.sub(r"^[\d.]+\s*", "", each)) or not each.strip("0123456789. ")
        for each in rest)


def _is_one(text: str) -> bool:
    return text in _BASES or unit_code(text) is not None or unit_code(
        multiple(text)[1]) is not None


def _near(unit: str) -> vocabulary.Concept | None:
    """Return the unit that was meant, not one that merely shares letters."""
    near = vocabulary.get("satuan").nearest(unit)
    wanted = fold(unit)
    return near if near and len(wanted) > 3 and any(
        SequenceMatcher(None, wanted, fold(text), autojunk=False).ratio() >= _ALIKE
        for text in (near.code, near.label(), near.notation, *near.aliases)) else None


class UnitUnknown(Check):
    """Units of the list can be compared and converted; others only read."""

    code = "unit-unknown"
    principle = Principle.STANDAR_DATA
    severity = Severity.SEBAIKNYA
    title = N_("Satuan tidak dikenal")
    template = N_("Kolom {column}: satuan “{unit}” tidak ada di daftar satuan{nearest}.")
    how = N_("Pilih satuan dari daftar, atau usulkan satuan baru ke walidata.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        for column in table.columns:
            if column.unit and not is_known(column.unit):
                yield self._hits(column.name, np.zeros(0, dtype=np.int64), column.unit)
        beside = unit_column(table)
        if beside is not None:
            for at, unit in enumerate(beside.spellings):
                if not is_known(unit):
                    rows = np.flatnonzero(beside.column.codes == at)
                    yield self._hits(beside.name, rows, unit)

    def _hits(self, column: str, rows: np.ndarray, unit: str) -> Hits:
        near = _near(unit)
        return Hits(self, column, rows, {
            "unit": unit, "nearest": f" ({near.label()}?)" if near else "",
        }, proposed=pa.array([near.label()] * max(1, len(rows))) if near else None)
