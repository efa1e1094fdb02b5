"""Cells of a column that are of the type asked for, without a doubt; else the column is left.

Nothing is guessed here: ``1.234`` as text may be a thousand, a code typed as a number may have lost
its zeros, and both are matters of :mod:`.values`.
"""
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.notes import N_, Change, Message
from ckanext.satudata.domain.inspection.sheet import Kind
from ckanext.satudata.domain.inspection.table import RawColumn, RawTable
from ckanext.satudata.domain.inspection.values.codes import nulled
from ckanext.satudata.domain.inspection.values.model import Cells, cells_of, formats_by_column
from ckanext.satudata.domain.inspection.values.signs import canonical_sign
from ckanext.satudata.domain.inspection.values.texts import tidied
from ckanext.satudata.domain.intake.template_mark import SIGNS

__all__ = ["Typed", "typed"]

#: Different words looked at one by one; a column of more is no column of figures and signs.
_MANY = 5_000
_YEARS = 1900, 2200
_EXACT = 2.0**53
_PLAIN = re.compile(r"-?\d{1,15}")
_DAY = r"^\d{4}-\d{2}-\d{2}$"
_TIME = r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}:\d{2})?$"
_MONTH = r"^\d{4}-(?:0[1-9]|1[0-2])$"


@dataclass
class Typed:
    """A column as it was asked for.

    :ivar values: null where a sign stands; ``signs``: rows of each sign
    """

    type: str
    values: pa.Array
    cells: Cells
    signs: dict[str, np.ndarray] = field(default_factory=dict[str, np.ndarray])

    def change(self, mask: np.ndarray, sign: str, meaning: str) -> Change:
        """Return what was done with a sign."""
        return Change("tanda", self.cells.where(mask), Message(
            N_("Tanda “{tanda}” diberi status {status}."), {"tanda": sign, "status": meaning}),
            Message(N_("Begitulah artinya menurut petunjuk templat.")), count=int(mask.sum()))


def typed(raw: RawTable, column: RawColumn, kind: str, strict: bool = False) -> Typed | None:
    """Return a column of a workbook in a type, nothing where a cell may mean something else.

    :param strict: a number in a column of text is a code that a spreadsheet may have damaged
    """
    formats = formats_by_column(raw.sheet).get(column.at, {}) if kind != "string" else {}
    cells = cells_of(raw.sheet, column, raw.rows, formats)
    if cells.kinds is None:
        return None
    if kind in ("integer", "number", "year"):
        return _numbers(cells, kind)
    made = _OTHERS[kind](cells, strict)
    return None if made is None else Typed(kind, made, cells)


def _numbers(cells: Cells, kind: str) -> Typed | None:
    assert cells.kinds is not None
    if any("%" in each for each in cells.formats.values()):
        return None
    if not set(np.unique(cells.kinds).tolist()) <= {Kind.EMPTY, Kind.TEXT, Kind.NUMBER}:
        return None
    values = np.full(len(cells), np.nan) if cells.numbers is None else cells.numbers
    if len(cells.distinct) > _MANY:
        return None
    plain = np.full(len(cells.distinct), np.nan)
    places: dict[str, list[int]] = {}
    for at, word in enumerate(cells.distinct.to_pylist()):
        sign = canonical_sign(word)
        if _PLAIN.fullmatch(word.strip()):
            plain[at] = float(word)
        elif sign in SIGNS and kind != "year":
            places.setdefault(sign, []).append(at)
        elif word.strip():
            return None
    values = np.where(np.isnan(values), cells.spread(plain), values)
    signs = {sign: cells.spread(np.isin(np.arange(len(plain)), at))
             for sign, at in places.items()}
    made = _stored(values, kind)
    return None if made is None else Typed(kind, made, cells, signs)


def _stored(values: np.ndarray, kind: str) -> pa.Array | None:
    missing = np.isnan(values)
    known = values[~missing]
    if not np.isfinite(known).all() or bool((np.abs(known) >= _EXACT).any()):
        return None
    if kind == "number":
        return pa.array(values, pa.float64(), mask=missing)
    if bool((known != np.round(known)).any()):
        return None
    if kind == "year" and bool(((known < _YEARS[0]) | (known > _YEARS[1])).any()):
        return None
    return pa.array(np.where(missing, 0, values).astype(np.int64), pa.int64(), mask=missing)


def _texts(cells: Cells, strict: bool) -> pa.Array | None:
    assert cells.kinds is not None
    allowed = {Kind.EMPTY, Kind.TEXT} | (set() if strict else {Kind.NUMBER})
    if not set(np.unique(cells.kinds).tolist()) <= allowed or tidied(cells.text)[1] is not None:
        return None
    return nulled(cells.text)


def _matching(cells: Cells, pattern: str, kinds: set[Kind]) -> pa.Array | None:
    """Return the texts, null where empty, if all others are of a form."""
    assert cells.kinds is not None
    if not set(np.unique(cells.kinds).tolist()) <= kinds | {Kind.EMPTY, Kind.TEXT}:
        return None
    texts = nulled(pc.utf8_trim_whitespace(cells.text))
    fits = pc.all(pc.match_substring_regex(texts, pattern)).as_py()
    return texts if fits is not False else None


def _days(cells: Cells, _strict: bool) -> pa.Array | None:
    return _cast(_matching(cells, _DAY, {Kind.DATE}), pa.date32())


def _times(cells: Cells, _strict: bool) -> pa.Array | None:
    return _cast(_matching(cells, _TIME, {Kind.DATE}), pa.timestamp("ms"))


def _cast(texts: pa.Array | None, kind: pa.DataType) -> pa.Array | None:
    if texts is None:
        return None
    try:
        return pc.cast(texts, kind)
    except pa.ArrowInvalid:  # no such day
        return None


def _months(cells: Cells, _strict: bool) -> pa.Array | None:
    return _matching(cells, _MONTH, set())


def _truths(cells: Cells, _strict: bool) -> pa.Array | None:
    texts = _matching(cells, r"^(?i:true|false)$", {Kind.BOOL})
    return None if texts is None else pc.equal(pc.utf8_lower(texts), "true")


_OTHERS: dict[str, Callable[[Cells, bool], Any]] = {
    "string": _texts, "date": _days, "datetime": _times, "yearmonth": _months,
    "boolean": _truths,
}
