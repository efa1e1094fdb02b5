"""The rows of a table that are the area above all the others: BANTEN among its kabupaten."""
from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection.areas.columns import Distinct, header_levels
from ckanext.satudata.domain.inspection.areas.index import find, number_of
from ckanext.satudata.domain.inspection.areas.names import is_nation, plain
from ckanext.satudata.domain.inspection.areas.scope import mentions, scope_for
from ckanext.satudata.domain.wilayah_store import LEVELS

__all__ = ["parent_rows"]

#: Share of the names that must be areas of one level for the rest to be looked at.
_ENOUGH = 0.6
_MIN_BELOW = 2
_KINDS = frozenset({"provinsi", "prov", "kabupaten", "kab", "kota", "kecamatan", "kec", "distrik"})
#: Distinct labels of a column that may have a total: more are records, not a list of areas.
_MAX_LABELS = 20_000


def parent_rows(
    values: pa.Array, header: str = "", about: Mapping[str, str] | None = None, home: str = ""
) -> np.ndarray:
    """Say which rows of a column of labels name the area that others of them lie in.

    ``INDONESIA`` among provinces, ``BANTEN`` among its kabupaten and kota, ``Kabupaten Serang``
    among its kecamatan, and each kabupaten above its own kecamatan in one list. A row that may
    as well be one of the others (kecamatan Bandung in Kabupaten Bandung) is not taken for it.

    :returns: a boolean per row
    """
    about = about or {}
    distinct = Distinct(values)
    none = np.zeros(len(values), dtype=bool)
    if not distinct.filled or len(distinct.filled) > _MAX_LABELS:
        return none
    found = _main_level(distinct, header, about, home)
    if found is None:
        return none
    number, codes, loose = found
    members = {code for each in codes.values() for code in each}
    claims = Counter(code for each in codes.values() for code in each if len(each) == 1)
    upper = [text for text in distinct.filled if text.isupper()]
    above: list[bool] = []
    for text in distinct.texts:
        own = codes.get(text, ())
        apart = len(upper) <= max(len(distinct.filled) // 4, 1) and text in upper
        doubtful = bool(own) and not (apart or all(claims[code] > 1 for code in own))
        above.append(bool(text) and not doubtful and (not loose or _kind_said(text))
                     and _is_above(text, number, members - set(own)))
    flags = np.array([*above, False])[distinct.at]
    if not loose:
        _mark_edges(flags, distinct, number, codes)
    return flags


def _mark_edges(
    flags: np.ndarray, distinct: Distinct, number: int, codes: Mapping[str, tuple[str, ...]]
) -> None:
    """Mark a first or last row whose name stands once more between: Jambi, ..., Kota Jambi."""
    counts = np.bincount(distinct.at[distinct.at >= 0], minlength=len(distinct.texts))
    if np.median(counts[counts > 0]) != 1:
        return
    for row in (len(flags) - 1, 0):
        at = int(distinct.at[row])
        text = distinct.texts[at] if at >= 0 else ""
        own = codes.get(text, ())
        if own and counts[at] == 2 and not flags[distinct.at == at].any():
            others = {code for other, each in codes.items() if other != text for code in each}
            flags[row] = _is_above(text, number, others)


def _main_level(
    distinct: Distinct, header: str, about: Mapping[str, str], home: str
) -> tuple[int, dict[str, tuple[str, ...]], bool] | None:
    """Return the level most labels are of, the areas each may be, and if of the whole country."""
    said = header_levels(header)
    levels = (said[0] if said else []) or [1, 2, 3, 4]
    named = mentions(about, home)
    best: tuple[float, int, dict[str, tuple[str, ...]], bool] = (0.0, 0, {}, False)
    for number in sorted(set(levels)):
        level = LEVELS[number - 1]
        scope = scope_for(distinct.filled, level, named, home)
        # A list of several kabupaten, each above its kecamatan, lies in none of them.
        within = scope.code if scope else ""
        codes = {text: find(text, level, within).codes for text in distinct.filled}
        codes = {text: each for text, each in codes.items() if each}
        share = len(codes) / len(distinct.filled)
        if share > best[0]:
            best = (share, number, codes, scope is None)
    share, number, codes, loose = best
    if share < _ENOUGH or len(codes) < _MIN_BELOW:
        return None
    return number, codes, loose


def _kind_said(text: str) -> bool:
    return plain(text).split()[0] in _KINDS


def _is_above(text: str, number: int, members: set[str]) -> bool:
    if is_nation(text):
        return True
    for level in reversed(LEVELS[: number - 1]):
        for code in find(text, level, "").codes:
            inside = sum(wilayah.is_within(member, code) for member in members)
            if inside >= _MIN_BELOW or (inside and number_of(level) == number - 1):
                return True
    return False
