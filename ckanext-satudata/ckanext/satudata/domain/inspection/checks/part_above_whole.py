"""A part larger than its whole: more connections than households."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.checks.base import Check, Facts, Hits, Previous
from ckanext.satudata.domain.inspection.figures import (
    encoded,
    groups,
    key_columns,
    measures,
    numbers,
)
from ckanext.satudata.domain.inspection.notes import N_, Principle, Severity
from ckanext.satudata.domain.inspection.parts import extends, serves, sums
from ckanext.satudata.domain.inspection.table import TidyColumn, TidyTable
from ckanext.satudata.domain.inspection.units import label_words, unit_of
from ckanext.satudata.domain.inspection.wording import COUNTED, about, is_additive, unit_code, words

__all__ = ["PartAboveWhole"]

_ENOUGH = 5
_NEARLY_ALL = 0.95
_A_FEW = 5
_IN_FIVE = 0.2
_MOST = 0.5
_LABELS = 200


class _Pair(NamedTuple):
    """Rows of the part and of its whole, and how sure the relation is."""

    column: str
    part: str
    whole: str
    rows: np.ndarray
    parts: np.ndarray
    wholes: np.ndarray
    sure: bool


class PartAboveWhole(Check):
    """Blocks where the relation is beyond doubt: the words say it and the figures agree.

    The words: the part's name is the whole's with a condition added ("balita diukur", "balita"),
    or the whole is the sum of the parts, or one counts those reached of the other (connections,
    households). The figures: all but a few rows obey; where only half do it is shown.
    """

    code = "part-above-whole"
    principle = Principle.STANDAR_DATA
    severity = Severity.WAJIB
    title = N_("Bagian lebih besar dari keseluruhan")
    template = N_("Baris {row}: {part} {figure}, lebih besar dari {whole} {limit}. Bagian tidak "
                  "boleh melebihi keseluruhan.")
    how = N_("Periksa kedua angka di baris itu: {part} paling banyak {limit}, atau {whole} yang "
             "terlalu kecil.")

    def run(self, table: TidyTable, facts: Facts, previous: Previous | None) -> Iterable[Hits]:
        for pair in (*_across(table, facts.unit), *_by_label(table, facts.unit)):
            known = np.isfinite(pair.parts) & np.isfinite(pair.wholes)
            above = known & (pair.parts > pair.wholes * (1 + 1e-9) + 1e-9) & (pair.wholes >= 0)
            if not above.any():
                continue
            obey = 1 - above.sum() / known.sum()
            if obey < _MOST or (known.sum() < _ENOUGH and not pair.sure):
                continue
            few = min(_A_FEW, _IN_FIVE * known.sum())
            nearly = above.sum() <= max(few, (1 - _NEARLY_ALL) * known.sum())
            yield Hits(
                self, pair.column, pair.rows[above], {"part": pair.part, "whole": pair.whole},
                {"figure": pa.array(pair.parts[above]), "limit": pa.array(pair.wholes[above])},
                severity=None if pair.sure or nearly else Severity.SEBAIKNYA)


def _across(table: TidyTable, unit: str) -> Iterator[_Pair]:
    columns = [column for column in measures(table)
               if is_additive(about(table, column), unit_of(table, column, unit))]
    rows = np.arange(table.data.num_rows)
    apart = {(one, other) for each in sums(table) for one in each.parts for other in each.parts}
    summed = {(part, each.total) for each in sums(table) for part in each.parts
              if np.nanmin(numbers(table, part), initial=0) >= 0}
    for part in columns:
        for whole in columns:
            if part is whole or (part.name, whole.name) in apart:
                continue  # what is added to a whole is no part of it
            how = 2 if (part.name, whole.name) in summed else _relation(part, whole)
            if how:
                yield _Pair(part.name, part.name, whole.name, rows, numbers(table, part.name),
                            numbers(table, whole.name), how == 2)


def _relation(part: TidyColumn, whole: TidyColumn) -> int:
    """Return 0 for none, 1 for one that the figures must prove, 2 for one beyond doubt."""
    said, of = words(part.title or part.name), words(whole.title or whole.name)
    if not _same_kind(part.unit, whole.unit):
        return 0
    found = extends(said, of) or extends(words(part.name), words(whole.name))
    return found or int(serves((*said, *words(part.name)), (*of, *words(whole.name))))


def _same_kind(one: str | None, other: str | None) -> bool:
    """Units may differ where both only count (connections of families), else must be the same."""
    if not one or not other:
        return True
    codes = unit_code(one) or one, unit_code(other) or other
    return codes[0] == codes[1] or (codes[0] in COUNTED and codes[1] in COUNTED)


def _by_label(table: TidyTable, unit: str) -> Iterator[_Pair]:
    """Pairs in long form: rows whose category extends that of another row of the same group."""
    columns = [column for column in measures(table)
               if is_additive(about(table, column) - {"nilai", "angka"},
                              unit_of(table, column, unit))]
    if not columns:
        return
    for name, labels in label_words(table):
        if len(labels.labels) > _LABELS:
            continue
        said = [words(text) for text in labels.names]
        pairs = [(part, whole, how) for part in range(len(said)) for whole in range(len(said))
                 if part != whole and (how := extends(said[part], said[whole])
                                       or int(serves(said[part], said[whole])))]
        if not pairs:
            continue
        group = groups(table, [each for each in _keys(table, name) if each != name])
        codes = encoded(table, name).codes
        for part, whole, how in pairs:
            of_part, of_whole = np.flatnonzero(codes == part), np.flatnonzero(codes == whole)
            where = np.full(int(group.max(initial=0)) + 1, -1, dtype=np.int64)
            where[group[of_whole]] = of_whole
            at = where[group[of_part]]
            of_part, at = of_part[at >= 0], at[at >= 0]
            for column in columns:
                values = numbers(table, column.name)
                yield _Pair(column.name, labels.names[part], labels.names[whole], of_part,
                            values[of_part], values[at], how == 2)


def _keys(table: TidyTable, label: str) -> list[str]:
    """Return what the rows of one group share: area, time and other dimensions."""
    follows = set(key_columns(table))
    size = _count(table, label)
    # A code of the category changes with it and is no key of its own.
    return [name for name in follows if name != label and not (
        _count(table, name, label) == size
        and _count(table, name) > 1)]


def _count(table: TidyTable, *names: str) -> int:
    """Return how many groups rows equal in some columns make."""
    return int(groups(table, names).max(initial=-1)) + 1
