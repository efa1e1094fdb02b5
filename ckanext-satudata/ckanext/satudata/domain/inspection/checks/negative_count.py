"""A count below zero."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import measures, numbers
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.table import TidyTable
from ckanext.satudata.domain.inspection.units import label_words, rows_where, unit_of
from ckanext.satudata.domain.inspection.wording import about, is_count, may_be_negative

__all__ = ["NegativeCount"]


class NegativeCount(Check):
    """People and things are not counted below zero; changes and balances may be."""

    code = "negative-count"
    principle = Principle.STANDAR_DATA
    severity = Severity.WAJIB
    title = N_("Jumlah di bawah nol")
    template = N_("Baris {row}, kolom {column}: {value}; jumlah tidak boleh di bawah nol.")
    how = N_("Tulis jumlah yang benar. Bila ini selisih atau perubahan, sebutkan itu di nama "
             "kolom.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        for column in measures(table):
            said = about(table, column)
            if may_be_negative(said) or not is_count(said, unit_of(table, column, facts.unit)):
                continue
            bad = numbers(table, column.name) < 0
            for _, labels in label_words(table):
                bad = bad & ~rows_where(labels, may_be_negative) if bad.any() else bad
            rows = np.flatnonzero(bad)
            if len(rows):
                yield Hits(self, column.name, rows)
