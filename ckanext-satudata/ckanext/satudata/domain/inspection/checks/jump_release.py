"""The newest figures against those of the last release."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import numbers, years
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.releases import latest, numbers_before
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["JumpRelease"]

_STEADY = 30
_FEW = 5
_LEAST = np.log10(1.4)


class JumpRelease(Check):
    """Each area's change is held against the change of all: a jump alone is worth a look.

    Only where both releases have a newest year and it moved on; changes within one year are
    ``past-value-changed``. A change by a power of ten is more than a hint.
    """

    code = "jump-release"
    principle = Principle.STANDAR_DATA
    severity = Severity.SARAN
    title = N_("Berubah jauh dari rilis lalu")
    template = N_("Baris {row}, kolom {column}: {before} pada rilis lalu menjadi {figure} "
                  "({percent} persen).")
    how = N_("Periksa angkanya. Bila benar, tulis sebabnya di catatan, misalnya cakupan yang "
             "bertambah.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        found = latest(table, previous) if previous else None
        if previous is None or found is None or years(table).column is None:
            return
        for name in found.measures:
            new = numbers(table, name)[found.rows]
            old = numbers_before(previous, name)[found.before]
            known = np.isfinite(new) & np.isfinite(old) & (new > 0) & (old > 0) & (
                np.maximum(new, old) >= _STEADY)
            if known.sum() < 2:
                continue
            change = np.log10(new[known] / old[known])
            middle = float(np.median(change)) if known.sum() >= _FEW else 0.0
            spread = 1.4826 * float(np.median(np.abs(change - middle)))
            off = np.abs(change - middle) > max(_LEAST, 5 * spread)
            ten = np.abs(change) >= 1 - 0.15
            for severity, chosen in ((Severity.SEBAIKNYA, off & ten), (None, off & ~ten)):
                if chosen.any():
                    at = np.flatnonzero(known)[chosen]
                    yield Hits(self, name, found.rows[at], severity=severity, values={
                        "before": pa.array(old[at]), "figure": pa.array(new[at]),
                        "percent": pa.array([f"{(a / b - 1) * 100:+.0f}" for a, b in zip(
                            new[at], old[at], strict=True)])})
