"""Proof of how the figures of a column are to be read, from other figures of the file.

A total that equals the sum of its members under one reading and not under another proves the
reading; so do parts that add up across columns, and the same figure written out elsewhere.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ckanext.satudata.domain.inspection.table import RawTable
from ckanext.satudata.domain.inspection.values.figures import (
    DECIMAL,
    THOUSANDS,
    THOUSANDS_ALL,
    Figures,
)
from ckanext.satudata.domain.inspection.values.model import cells_of
from ckanext.satudata.domain.inspection.values.tokens import Marks, tokens_of

__all__ = ["Sum", "by_parts", "by_totals", "elsewhere", "example_sum", "members_of",
           "sums_elsewhere", "whole_thousands", "written_elsewhere"]

#: Rows of a table looked at for sums across columns.
_ROWS = 400
#: Columns to each side in which the parts of a whole are looked for.
_NEAR = 4
#: Share of sums that must hold under the proved reading, and may hold under another.
_HOLDS, _FAILS = 0.8, 0.2


@dataclass(frozen=True)
class Sum:
    """``parts`` of a row add up to ``whole``: names of columns and the row among the body rows."""

    parts: tuple[int, ...]
    whole: int
    row: int


def _proved(held: dict[str, float]) -> str | None:
    """Return the one reading under which the sums hold, if there is exactly one."""
    good = [reading for reading, share in held.items() if share >= _HOLDS]
    if len(good) == 1 and all(share <= _FAILS for reading, share in held.items()
                              if reading != good[0]):
        return good[0]
    return None


def members_of(table: RawTable) -> list[np.ndarray]:
    """Return the members of each total as positions among the body rows."""
    found: list[np.ndarray] = []
    for total in table.totals:
        at = np.searchsorted(table.rows, total.members)
        at = at[at < len(table.rows)]
        found.append(at[np.isin(table.rows[at], total.members)])
    return found


def by_totals(found: Figures, members: Sequence[np.ndarray]) -> str | None:
    """Return the reading under which totals equal the sum of their members, if only one does."""
    held: dict[str, float] = {}
    for reading in found.readings():
        values, totals = found.values(reading), found.total_values(reading)
        tested = good = 0
        for at, total in zip(members, totals.tolist(), strict=True):
            some = values[at]
            some = some[~np.isnan(some)]
            if len(some) < 2 or np.isnan(total) or total == 0:
                continue
            tested += 1
            good += abs(float(some.sum()) - total) <= _slack(some, total)
        if not tested:
            return None
        held[reading] = good / tested
    return _proved(held)


def _slack(values: np.ndarray, total: float) -> float:
    """Return how far rounding alone can move a sum."""
    if bool((values == np.floor(values)).all()):
        return 0.5 + 1e-9 * abs(total)
    return 0.0005 * (len(values) + 1) + 1e-9 * abs(total)


def by_parts(found: Figures, figures: Sequence[Figures]) -> str | None:
    """Return the reading under which parts and whole of a row fit, if only one does.

    Columns that are open as well are read the same way: one hand wrote the table.
    """
    for parts, whole in _triples(found, figures):
        fits = {reading: _fits(parts, whole, reading)[0] for reading in found.readings()}
        tested = _fits(parts, whole, DECIMAL)[1]
        held = {reading: int(each.sum()) for reading, each in fits.items()}
        best = max(held, key=lambda reading: held[reading])
        if int(tested.sum()) < 3 or held[best] < _HOLDS * int(tested.sum()):
            continue
        # 24.308 + 26.052 = 50.36 holds either way: only rows that tell the readings apart count.
        telling = np.any([each != fits[best] for each in fits.values()], axis=0)
        proved = _proved({reading: float(each[telling].sum()) / max(int(telling.sum()), 1)
                          for reading, each in fits.items()})
        if int(telling.sum()) >= 2 and proved is not None:
            return proved
    return None


def example_sum(found: Figures, figures: Sequence[Figures], reading: str) -> Sum | None:
    """Return a row in which a marked figure of the column is part or whole of a sum that holds."""
    marked = found.body.marked(found.mark)[:_ROWS]
    for parts, whole in _triples(found, figures):
        fits, tested = _fits(parts, whole, reading)
        if int(tested.sum()) >= 3 and fits.sum() >= _HOLDS * tested.sum() \
                and (fits & marked).any():
            row = int(np.flatnonzero(fits & marked)[0])
            return Sum(tuple(part.at for part in parts), whole.at, row)
    return None


def _triples(found: Figures, figures: Sequence[Figures]) -> list[tuple[tuple[Figures, ...],
                                                                       Figures]]:
    near = [each for each in figures if abs(each.at - found.at) <= _NEAR and each is not found]
    pairs = [(one, other) for i, one in enumerate(near) for other in near[i + 1:]]
    return [triple for one, other in pairs
            for triple in (((one, other), found), ((found, one), other), ((found, other), one))]


def _fits(parts: Sequence[Figures], whole: Figures, reading: str) -> tuple[np.ndarray,
                                                                           np.ndarray]:
    values = [_under(part, reading) for part in parts]
    total = _under(whole, reading)
    tested = ~np.isnan(total) & (total != 0)
    for each in values:
        tested &= ~np.isnan(each)
    summed = np.sum(values, axis=0)
    slack = np.where(total == np.floor(total), 0.01, 0.0015) if reading != DECIMAL else 0.0015
    return tested & (np.abs(summed - total) <= slack), tested


def _under(found: Figures, reading: str) -> np.ndarray:
    reading = reading if reading in found.readings() else found.readings()[-1]
    part = found.body
    cut = type(part)(part.literal[:_ROWS], part.marks[:_ROWS], part.mark[:_ROWS],
                     part.decimals[:_ROWS], part.grain)
    return cut.read(found.mark, reading)


def written_elsewhere(table: RawTable, others: Sequence[RawTable]) -> np.ndarray:
    """Return the figures of the other tables that are beyond doubt, in order, each once."""
    known = [np.zeros(0)]
    for other in others[:20]:
        if other is table:
            continue
        for column in other.columns[:60]:
            written = cells_of(other.sheet, column, other.rows[:20_000])
            tokens = tokens_of(written.distinct)
            known.append(tokens.literal[(tokens.marks == Marks.NONE)
                                        | (tokens.marks == Marks.GROUPED)])
            if written.numbers is not None:
                known.append(written.numbers)
    found = np.unique(np.concatenate(known))
    return found[~np.isnan(found)]


def elsewhere(found: Figures, known: np.ndarray) -> int:
    """Return how many of the marked figures stand written out as thousands in another table.

    Zero unless at least three do, and half of them.
    """
    raised = found.body.literal[found.body.marked(found.mark)]
    raised = np.unique(np.round(raised * 1000))
    raised = raised[np.abs(raised) >= 1000]
    hits = int(np.isin(raised, known).sum())
    return hits if hits >= max(3, len(raised) / 2) else 0


def sums_elsewhere(found: Figures, known: np.ndarray, parts: Sequence[np.ndarray]) -> str | None:
    """Return the reading under which sums of the column stand in another table, if only one does.

    :param parts: ways to part the rows (by year, by kind): a group number per row each
    """
    size = 10_000
    known = known[np.abs(known) >= size]
    if not len(known):
        return None
    hits = dict.fromkeys(found.readings(), 0)
    for reading in hits:
        values = np.nan_to_num(found.values(reading))
        for groups in (np.zeros(len(values), dtype=np.int64), *parts):
            sums = np.bincount(groups, weights=values)
            sums = sums[np.abs(sums) >= size]
            near = np.clip(np.searchsorted(known, sums), 1, max(len(known) - 1, 1))
            gap = np.minimum(np.abs(known[near - 1] - sums),
                             np.abs(known[np.minimum(near, len(known) - 1)] - sums))
            hits[reading] += int((gap < 0.5).sum())
    best = max(hits, key=lambda reading: hits[reading])
    # A sum can meet one of many figures by chance, but hardly twice.
    others = sum(count for reading, count in hits.items() if reading != best)
    return best if not others and hits[best] >= (1 if len(known) < 100 else 2) else None


def whole_thousands(found: Figures, figures: Sequence[Figures]) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows whose plain figure is a thousand that lost all three zeros, and those where
    it surely is none.

    ``2`` beside the parts 900 and 1,100 can only have been ``2.000``; 686 and 1,024 that make
    1,710 are what they are; 2 and 3 that make 5 prove nothing.
    """
    n = len(found.body.literal)
    raised, told = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    plain = found.body.doubtful()
    if not found.lost or found.decided != THOUSANDS or not plain.any():
        return raised, told
    for parts, whole in _triples(found, figures):
        three = (*parts, whole)
        if any(each.decided in (None, THOUSANDS_ALL) for each in three):
            continue
        values = [part.values() for part in parts]
        total = whole.values()
        known = ~np.isnan(total) & ~np.isnan(values[0]) & ~np.isnan(values[1])
        holds = (np.abs(values[0] + values[1] - total) < 0.01) & known
        if known.sum() < 3 or holds.sum() < _HOLDS * known.sum():
            continue
        told |= holds & ~np.all([each.body.doubtful() for each in three], axis=0)
        own = found.values()
        more = own * 999 if whole is found else -own * 999
        raised |= plain & known & ~holds & (np.abs(total + more - values[0] - values[1]) < 0.01)
    return raised, told
