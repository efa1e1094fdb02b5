"""Which columns say what a row is about, so that the same row is found in both versions.

What a schema declares comes first. Otherwise the smallest set of leading columns with codes,
times or names whose values never repeat, in either version; a measure is never part of it, and
a column of time always is: the same area in another year is another row.
"""
from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations

from ckanext.satudata.domain.loading.columns import is_code_name

__all__ = ["is_numbering", "is_time_name", "propose"]

_TIMES = frozenset({
    "tahun", "thn", "tahun_data", "tahun_ajaran", "tahun_anggaran", "tahun_pelajaran", "year",
    "periode", "period", "periode_data", "waktu", "bulan", "bln", "month", "triwulan", "tw",
    "kuartal", "quarter", "caturwulan", "semester", "smt", "pekan", "minggu", "week", "time_period",
})
_NUMBERINGS = frozenset({
    "no", "nomor", "nomer", "nr", "num", "number", "no_urut", "nomor_urut", "nourut", "urut",
    "_id", "kolom_1", "row", "index", "#",
})
#: Columns that are tried, how many together, and how often all rows are asked.
_CANDIDATES, _TOGETHER, _CHECKS = 8, 4, 10


def is_time_name(name: str) -> bool:
    """Tell whether a column says when: ``Tahun``, ``Bulan``, ``Periode data``."""
    return _plain(name) in _TIMES


def is_numbering(name: str) -> bool:
    """Tell whether a column only numbers the rows: it changes with each row put between."""
    return _plain(name) in _NUMBERINGS


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name.strip().casefold()).strip("_") or name.strip()


def propose(
    names: Sequence[str],
    measures: Iterable[int],
    rows: tuple[int, int],
    distinct: Callable[[Sequence[int]], Mapping[int, tuple[int, int]]],
    unique: Callable[[tuple[int, ...]], bool],
) -> tuple[int, ...] | None:
    """Return positions of the columns that make a key, in their order; None where none does.

    :param names: of the columns in both versions
    :param measures: positions of those that hold numbers
    :param rows: of the old and the new version
    :param distinct: asks about how many values some have in the old and in the new version
    :param unique: asks all rows of both versions; called a bounded number of times
    """
    numbers = set(measures)
    times = [at for at, name in enumerate(names) if is_time_name(name)][:_TOGETHER]
    others = [
        at for at, name in enumerate(names)
        if at not in times and not is_numbering(name)
        and (at not in numbers or is_code_name(name))]
    # A number by which a database calls its rows serves where nothing speaks.
    last = [at for at, name in enumerate(names) if _plain(name) in ("id", "uuid") and at in numbers]
    others = [*others, *last][:_CANDIDATES]
    counts = distinct([*times, *others])
    checks = 0
    for size in range(0 if times else 1, _TOGETHER + 1):
        for chosen in combinations(others, size):
            columns = tuple(sorted([*times, *chosen]))
            if not _can_be(columns, counts, rows):
                continue
            if checks >= _CHECKS:
                return None
            checks += 1
            if unique(columns):
                return columns
    return None


def _can_be(
    columns: tuple[int, ...], distinct: Mapping[int, tuple[int, int]], rows: tuple[int, int]
) -> bool:
    """Leave out sets with too few combinations; the counts are estimates, so generously."""
    return all(
        math.prod(max(distinct[at][side], 1) * 1.2 for at in columns) >= rows[side]
        for side in (0, 1))
