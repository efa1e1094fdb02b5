"""A category "Jumlah" among the categories of a dimension that is not their sum."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import (
    columns_of,
    decimals,
    encoded,
    groups,
    key_columns,
    measures,
    numbers,
)
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.parts import tolerance
from ckanext.satudata.domain.inspection.table import Role, TidyTable
from ckanext.satudata.domain.inspection.units import unit_of
from ckanext.satudata.domain.inspection.wording import TOTAL_WORDS, about, is_additive, words

__all__ = ["TotalCategory"]

_SUMS = TOTAL_WORDS | {"l+p", "dan", "perempuan", "laki", "semua", "gabungan"}
_HOLDS = 0.5


class TotalCategory(Check):
    """In long form a total stands among its parts; it is held against them, group by group."""

    code = "total-category"
    principle = Principle.STANDAR_DATA
    severity = Severity.SEBAIKNYA
    title = N_("Kategori jumlah berbeda dari rinciannya")
    template = N_("Baris {row}: {column} untuk {label} tertulis {figure}, padahal rinciannya "
                  "berjumlah {sum}.")
    how = N_("Periksa angka itu atau salah satu rinciannya; baris jumlah sebaiknya tidak ikut "
             "menjadi data.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        for dimension in columns_of(table, Role.DIMENSI):
            labels = encoded(table, dimension.name)
            if not 3 <= len(labels.labels) <= 200:
                continue
            totals = [bool(said := set(words(text))) and said <= _SUMS
                      and bool(said & (TOTAL_WORDS | {"l+p", "semua"})) for text in labels.names]
            if sum(totals) != 1:
                continue
            is_total = np.append(totals, False)[labels.codes]
            group = groups(table, [name for name in key_columns(table) if name != dimension.name])
            size = int(group.max(initial=0)) + 1
            for column in measures(table):
                if is_additive(about(table, column) - {"nilai", "angka"},
                               unit_of(table, column, facts.unit)):
                    yield from self._of(table, column.name, is_total, group, size,
                                        labels.names[totals.index(True)])

    def _of(self, table: TidyTable, name: str, is_total: np.ndarray, group: np.ndarray, size: int,
            label: str) -> Iterable[Hits]:
        values = numbers(table, name)
        parts = ~is_total & np.isfinite(values)
        added = np.bincount(group[parts], values[parts], minlength=size)
        terms = np.bincount(group[parts], minlength=size)
        gaps = np.bincount(group[~is_total & ~np.isfinite(values)], minlength=size)
        rows = np.flatnonzero(is_total & np.isfinite(values))
        rows = rows[(terms[group[rows]] >= 2) & (gaps[group[rows]] == 0)]
        if not len(rows):
            return
        off = np.abs(values[rows] - added[group[rows]])
        bad = off > tolerance(decimals(values), int(terms.max()), False)
        if bad.any() and bad.mean() <= _HOLDS:
            at = rows[bad]
            yield Hits(self, name, at, {"label": label}, {
                "figure": pa.array(values[at]), "sum": pa.array(added[group[at]])})
