"""A value ten, a hundred or a thousand times its neighbours in time."""
from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import groups, key_columns, measures, numbers
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.series import Series, series
from ckanext.satudata.domain.inspection.table import TidyTable

__all__ = ["JumpSeries"]

_NEAR = 0.15
_AGREE = 0.3
#: Beyond a factor of thirty the number of zeros is of no matter, nor a moving neighbour.
_FAR = 1.5
_NEIGHBOURS = 0.5
_SMALL = 50
_CALM = 0.15
#: More jumps than these are how the measure behaves.
_SHARE = 0.05
_FEW = 2


class JumpSeries(Check):
    """A lost or doubled zero, a dot read as a comma: seen on a log scale, area by area.

    The neighbours must agree with each other, counts must be large enough to be steady, and the
    measure as a whole must be calm: floods may well be ten times last year's. Never repaired.
    """

    code = "jump-series"
    principle = Principle.STANDAR_DATA
    severity = Severity.SEBAIKNYA
    title = N_("Angka meloncat dari periode di dekatnya")
    template = N_("Baris {row}, kolom {column}: {figure}, kira-kira {factor} kali angka di periode "
                  "sebelum dan sesudahnya ({near}).")
    how = N_("Periksa nol, titik, dan koma pada angka itu. Bila benar, tulis sebabnya di catatan. "
             "Angka Anda tidak kami ubah.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        line = series(table)
        if line is None:
            return
        group = groups(table, [name for name in key_columns(table) if name not in line.columns])
        ordered = np.lexsort((line.at, group))
        for column in measures(table):
            values = numbers(table, column.name)
            yield from self._of(column.name, values, line, group, ordered)

    def _of(self, name: str, values: np.ndarray, line: Series, group: np.ndarray,
            ordered: np.ndarray) -> Iterable[Hits]:
        known = np.isfinite(values) & (values > 0) & np.isfinite(line.at)
        order = ordered[known[ordered]]
        if len(order) < 4:
            return
        log, of, when = np.log10(values[order]), group[order], line.at[order]
        counts = bool(np.all(values[order] == np.round(values[order])))

        def step(by: int) -> np.ndarray:
            """Return the log of the value ``by`` places on in the same series, else nan."""
            moved = np.full(len(log), np.nan)
            source = slice(by, None) if by > 0 else slice(None, by)
            target = slice(None, -by) if by > 0 else slice(-by, None)
            same = (of[target] == of[source]) & (when[target] != when[source])
            moved[target] = np.where(same, log[source], np.nan)
            return moved

        before, after = step(-1), step(1)
        one = np.where(np.isnan(before), step(2), before)
        other = np.where(np.isnan(after), step(-2), after)
        near = (one + other) / 2
        away = log - near
        power = np.round(away)
        with np.errstate(invalid="ignore"):
            bad = (np.abs(power) >= 1) & (np.abs(power) <= 3) & (np.abs(away - power) <= _NEAR) & (
                np.abs(one - other) <= _AGREE)
            bad |= (np.abs(away) >= _FAR) & (np.abs(one - other) <= _NEIGHBOURS)
            if counts:
                bad &= np.maximum(log, near) >= np.log10(_SMALL)
        if bad.any() and _is_calm(away, bad):
            rows = order[bad]
            sort = np.argsort(rows)
            rows, near = rows[sort], near[bad][sort]
            whole = np.abs(away - power) <= _NEAR
            times = 10.0 ** np.where(whole, power, away)[bad][sort]
            yield Hits(self, name, rows, values={
                "figure": pa.array(values[rows]), "factor": pa.array(_short(times)),
                "near": pa.array(np.round(10**near, 0 if counts else 4))})


def _is_calm(away: np.ndarray, bad: np.ndarray) -> bool:
    """Tell whether a measure moves little, the jumps and what stands next to them left out."""
    if bad.sum() > max(_FEW, _SHARE * len(bad)):
        return False
    beside = bad.copy()
    for by in (1, 2):
        beside[by:] |= bad[:-by]
        beside[:-by] |= bad[by:]
    rest = np.abs(away[~beside & np.isfinite(away)])
    return bool(len(rest)) and float(np.median(rest)) <= _CALM


def _short(times: np.ndarray) -> list[float]:
    return [float(f"{each:.2g}") for each in times]
