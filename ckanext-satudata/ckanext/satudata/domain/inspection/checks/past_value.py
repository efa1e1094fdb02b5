"""A value of the last release that is another now."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import columns_of, encoded, labels_at, numbers
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.releases import matched, numbers_before, shared_measures
from ckanext.satudata.domain.inspection.series import time_columns
from ckanext.satudata.domain.inspection.table import Role, TidyTable
from ckanext.satudata.domain.inspection.wording import words

__all__ = ["PastValue"]

_REVISED = "perbaikan"
_REASONS = frozenset({"alasan", "sebab", "keterangan", "catatan", "penjelasan", "ket"})


class PastValue(Check):
    """What was published may be corrected, said to be, and with a reason.

    The status is ``perbaikan`` (r) in ``status_angka``; the reason stands in a column of notes of
    that row, or was given for the release as a whole. A gap that is filled now is no change.
    """

    code = "past-value-changed"
    principle = Principle.STANDAR_DATA
    severity = Severity.WAJIB
    title = N_("Angka yang sudah terbit berubah")
    template = N_("Baris {row}, kolom {column}: sudah terbit {before}, sekarang {now}. Status "
                  "angka: {status}; alasan: {reason}.")
    how = N_("Kembalikan ke {before}; atau beri status angka diperbaiki (r) dan tulis alasannya.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        # Without time in its key a table is of its own year: all its figures are new.
        if previous is None or not set(time_columns(table)) & set(previous.data.column_names):
            return
        found = matched(table, previous)
        if found is None:
            return
        reasoned = self._reasoned(table, facts)[found.rows]
        for name in shared_measures(table, previous):
            new = numbers(table, name)[found.rows]
            old = numbers_before(previous, name)[found.before]
            same = np.abs(new - old) <= 1e-9 * np.maximum(1.0, np.abs(old))
            changed = np.isfinite(old) & ~same
            if not changed.any():
                continue
            status, revised = _status(table, name, found.rows)
            at = np.flatnonzero(changed & ~(revised & reasoned))
            if len(at):
                rows = found.rows[at]
                yield Hits(self, name, rows, values={
                    "before": pa.array(old[at]),
                    "now": pa.array([None if np.isnan(value) else value for value in new[at]],
                                    pa.float64()),
                    "status": status.take(pa.array(at)),
                    "reason": pa.array(np.where(reasoned[at], "✓", "–")),
                })

    def _reasoned(self, table: TidyTable, facts: Facts) -> np.ndarray:
        given = np.full(table.data.num_rows, bool(facts.correction.strip()))
        for column in table.columns:
            if column.type == "string" and not _REASONS.isdisjoint(words(column.name)):
                given |= encoded(table, column.name).codes >= 0
        return given


def _status(table: TidyTable, name: str, rows: np.ndarray) -> tuple[pa.Array, np.ndarray]:
    """Return the status of some rows of a measure as text, and whether it says revised."""
    columns = {column.name for column in columns_of(table, Role.STATUS)}
    own = next((each for each in (f"status_{name}", "status_angka") if each in columns), None)
    if own is None:
        return pa.array(["–"] * len(rows)), np.zeros(len(rows), dtype=bool)
    labels = encoded(table, own)
    revised = np.array([text.strip().lower() in (_REVISED, "r") for text in labels.names] + [False])
    return labels_at(labels, rows).fill_null("–"), revised[labels.codes[rows]]
