"""A column judged as a whole: which cells say nothing, are of a wrong type, break a constraint."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from math import nan
from typing import Any

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.validation.cells import breaks, reader, typed
from ckanext.satudata.domain.inspection.validation.kernels import (
    EXACT_DIGITS,
    bytes_of,
    kernel,
    storage,
    store,
)
from ckanext.satudata.domain.inspection.validation.schema import Field

__all__ = ["Judge", "Judged", "plain"]

_NONE = np.empty(0, np.int64)
_NUMERIC = ("integer", "number", "string", "year")


@dataclass
class Judged:
    """What a column holds.

    :ivar values: typed, null where there is no value or :attr:`odd` holds it
    :ivar nothing: positions of cells that say nothing; ``bad``: of a wrong type
    :ivar odd: values Arrow has no place for (a number of 30 digits)
    :ivar broken: ``(constraint, positions)``, one entry per constraint broken
    :ivar ids: the values are no values but numbers: equal where the values are
    """

    n: int
    values: pa.Array
    nothing: np.ndarray = field(default_factory=lambda: _NONE)
    bad: np.ndarray = field(default_factory=lambda: _NONE)
    odd: dict[int, Any] = field(default_factory=dict[int, Any])
    broken: list[tuple[str, np.ndarray]] = field(default_factory=list[tuple[str, np.ndarray]])
    ids: bool = False


class Judge:
    """Judges cells of one field. Made once; may be used by several threads.

    :param exact: values are compared with each other, so that 0.1 and 0.1000000000000000055 must
        stay two
    """

    def __init__(self, of: Field, exact: bool = False) -> None:
        self.field = of
        self.exact = exact
        self._read = reader(of)
        self._limits = [(name, given, typed(of, name, given)) for name, given in of.judged()]
        self._missing = pa.array(sorted(set(of.missing)), pa.string())
        self._kernel = kernel(of)
        self._known: dict[Any, tuple[Any, bool, tuple[str, ...]]] = {}
        self._ids: dict[Any, int] = {}
        self._next = count()  # one a value, whichever thread meets it first
        if self._kernel and not all(self._vectorised(name, limit)
                                    for name, _, limit in self._limits):
            self._kernel = None
        if of.type == "any" and len(of.constraints.get("enum", ())):
            self._kernel = None

    def _vectorised(self, name: str, limit: Any) -> bool:
        if name in ("required", "minLength", "maxLength", "pattern", "enum"):
            return True
        return limit is not None and store(self.field, limit) is not None

    @property
    def stored_as(self) -> pa.DataType:
        """The Arrow type of the values."""
        return pa.int64() if self._kernel is None else storage(self.field)

    def by_number(self) -> dict[int, Any]:
        """Return the values by the numbers given to them."""
        return {number: value for value, number in self._ids.items()}

    def texts(self, cells: pa.Array) -> Judged:
        """Judge texts; null is a cell that is not there."""
        nothing = self._nothing(cells)
        rest = cells
        if nothing is not None:
            rest = pc.if_else(nothing, pa.scalar(None, pa.string()), cells)
        blank = _NONE if nothing is None else _where(nothing)
        if self._kernel is None:
            encoded = rest.dictionary_encode()
            codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
            judged = self._each(encoded.dictionary.to_pylist(), codes)
        else:
            judged = self._most(rest)
        return self._blank(judged, blank)

    def objects(self, cells: Sequence[Any]) -> Judged:
        """Judge cells of a workbook: texts, numbers, dates, truth; an empty text is no cell."""
        kinds = set(map(type, cells))
        if kinds <= {str}:
            texts = pa.array(cells, pa.string())
            return self.texts(pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts))
        if kinds <= {float, str} and self._kernel is not None and self.field.type in _NUMERIC and (
                len(kinds) == 1 or set(filter(_is_text, cells)) == {""}):
            numbers = np.array([nan if cell == "" else cell for cell in cells], np.float64)
            return self._numbers(numbers)
        missing = set(self.field.missing)
        made = map(plain, cells)
        known: dict[Any, int] = {}
        codes = np.fromiter((-1 if cell is None or str(cell) in missing else
                             known.setdefault((type(cell), cell), len(known))
                             for cell in made), np.int32, len(cells))
        judged = self._each([cell for _, cell in known], codes)
        return self._blank(judged, np.flatnonzero(codes < 0))

    def stored(self, values: pa.Array) -> Judged:
        """Judge values that are typed already; null is no value."""
        if self._kernel is None:
            return self.texts(pc.cast(values, pa.string()))
        judged = Judged(len(values), values)
        self._all_limits(judged, pa.nulls(len(values), pa.string()), None)
        return self._blank(judged, _where(pc.is_null(values)) if values.null_count else _NONE)

    def _numbers(self, numbers: np.ndarray) -> Judged:
        """Judge a column of a workbook that holds nothing but numbers."""
        none = np.isnan(numbers)
        for text in self.field.missing:
            try:
                number = float(text)
            except ValueError:
                continue
            if str(plain(number)) == text:
                none |= numbers == number
        bad = ~none
        if self.field.type == "number":
            bad[:] = False
            values = pa.array(numbers, mask=none)
        elif self.field.type == "string":
            values = pa.nulls(len(numbers), pa.string())
        else:
            bad &= (numbers % 1 != 0) | (np.abs(numbers) >= 2 ** 53)
            if self.field.type == "year":
                bad |= ~none & ((numbers < 0) | (numbers > 9999))
            values = pa.array(np.where(none | bad, 0, numbers).astype(np.int64), mask=none | bad)
        judged = Judged(len(numbers), values, bad=np.flatnonzero(bad))
        self._all_limits(judged, pa.nulls(len(numbers), pa.string()), None)
        return self._blank(judged, np.flatnonzero(none))

    def _blank(self, judged: Judged, nothing: np.ndarray) -> Judged:
        judged.nothing = nothing
        if self.field.required and len(nothing):
            judged.broken.append(("required", nothing))
        return judged

    def _nothing(self, cells: pa.Array) -> pa.Array | None:
        if len(self._missing) == 1:
            found = pc.equal(cells, self._missing[0])
        elif len(self._missing):
            found = pc.is_in(cells, value_set=self._missing)
        else:
            found = pc.is_null(cells)
        if cells.null_count:
            found = pc.or_(pc.fill_null(found, False), pc.is_null(cells))
        return found if found.true_count else None

    def _most(self, rest: pa.Array) -> Judged:
        """Take what the kernel accepts, judge the rest one distinct value at a time."""
        assert self._kernel is not None
        values = self._kernel(rest)
        judged = Judged(len(rest), values)
        long = None
        if self.field.type == "number":
            long = pc.greater(pc.binary_length(rest), EXACT_DIGITS)
            if self.exact and pc.any(long).as_py():
                values = pc.if_else(pc.fill_null(long, False), pa.scalar(None, values.type), values)
                judged.values = values
        if values.null_count > rest.null_count:
            self._doubtful(rest, judged)
        self._all_limits(judged, rest, long)
        return judged

    def _all_limits(self, judged: Judged, rest: pa.Array, long: pa.Array | None) -> None:
        for name, given, limit in self._limits:
            if name != "required":
                self._limit(judged, name, given, limit, rest, long)

    def _doubtful(self, rest: pa.Array, judged: Judged) -> None:
        at = _where(pc.and_(pc.is_null(judged.values), pc.is_valid(rest)))
        encoded = rest.take(pa.array(at)).dictionary_encode()
        texts = encoded.dictionary.to_pylist()
        codes = encoded.indices.to_numpy(zero_copy_only=False)
        found = [self._value(text) for text in texts]
        bad = np.fromiter((value is None for value in found), bool, len(found))
        judged.bad = at[bad[codes]]
        kept = [None if value is None else store(self.field, value) for value in found]
        fits = np.fromiter((value is not None for value in kept), bool, len(kept))
        if fits.any():
            mask = np.zeros(judged.n, bool)
            chosen = fits[codes]
            mask[at[chosen]] = True
            filling = pa.array(kept, storage(self.field)).take(pa.array(codes[chosen]))
            judged.values = pc.replace_with_mask(judged.values, pa.array(mask), filling)
        for code in np.flatnonzero(~bad & ~fits):
            for position in at[codes == code]:
                judged.odd[int(position)] = found[code]

    def _value(self, text: Any) -> Any:
        return self._outcome(type(text), text)[0]

    def _outcome(self, kind: type, cell: Any) -> tuple[Any, bool, tuple[str, ...]]:
        known = self._known.get((kind, cell))
        if known is None:
            value = self._read(cell)
            broken = () if value is None else tuple(
                name for name, _, limit in self._limits if breaks(name, limit, value))
            known = (value, value is None, broken)
            if len(self._known) < 100_000:
                self._known[(kind, cell)] = known
        return known

    def _each(self, cells: list[Any], codes: np.ndarray) -> Judged:
        """Judge each distinct cell; equal values get the same number. Code -1 is no cell."""
        ids = np.empty(len(cells) + 1, np.int64)
        ids[-1] = -1
        bad = np.zeros(len(cells) + 1, bool)
        broken: dict[str, np.ndarray] = {}
        for at, cell in enumerate(cells):
            value, bad[at], names = self._outcome(type(cell), cell)
            ids[at] = -1 if bad[at] else self._id(value)
            for name in names:
                broken.setdefault(name, np.zeros(len(cells) + 1, bool))[at] = True
        taken = ids[codes]
        return Judged(
            len(codes), pa.array(taken, mask=taken < 0), bad=np.flatnonzero(bad[codes]),
            broken=[(name, np.flatnonzero(mask[codes])) for name, mask in broken.items()],
            ids=True)

    def _id(self, value: Any) -> int:
        try:
            return self._ids.setdefault(value, next(self._next))
        except TypeError:  # a list, an object: equal where they are written alike
            return self._ids.setdefault(repr(value), next(self._next))

    def _limit(self, judged: Judged, name: str, given: Any, limit: Any, rest: pa.Array,
               long: pa.Array | None) -> None:
        values = judged.values
        long = long if long is not None and long.true_count else None
        extra = [position for position, value in judged.odd.items() if breaks(name, limit, value)]
        if name == "enum":
            wanted = [store(self.field, one) for one in limit if one is not None]
            good = pc.is_in(values, value_set=pa.array([one for one in wanted if one is not None],
                                                       values.type))
            wrong = pc.and_(pc.is_valid(values), pc.invert(good))
            if long is not None:
                extra += [int(one) for one in _where(pc.and_(long, good))
                          if self._value(rest[int(one)].as_py()) not in limit]
        elif name == "pattern":
            wrong = self._unmatched(values, str(given), limit)
        elif name in ("minLength", "maxLength"):
            lengths = pc.utf8_length(values)
            wrong = pc.less(lengths, limit) if name == "minLength" else pc.greater(lengths, limit)
        else:
            compare = {"minimum": pc.less, "maximum": pc.greater,
                       "exclusiveMinimum": pc.less_equal, "exclusiveMaximum": pc.greater_equal}
            wrong = compare[name](values, pa.scalar(store(self.field, limit), values.type))
        at = _where(wrong) if wrong.true_count else _NONE
        if long is not None and name != "enum":
            at, more = self._ties(at, judged, limit, name, rest, long)
            extra += more
        if extra:
            at = np.unique(np.concatenate([at, np.array(extra, np.int64)]))
        if len(at):
            judged.broken.append((name, at))

    def _ties(self, at: np.ndarray, judged: Judged, limit: Any, name: str, rest: pa.Array,
              long: pa.Array) -> tuple[np.ndarray, list[int]]:
        """Compare exactly what a double cannot tell from the bound."""
        same = pc.equal(judged.values, pa.scalar(store(self.field, limit), judged.values.type))
        doubt = _where(pc.and_(same, long))
        if not len(doubt):
            return at, []
        exact = [int(one) for one in doubt
                 if breaks(name, limit, self._value(rest[int(one)].as_py()))]
        return np.setdiff1d(at, doubt), exact

    def _unmatched(self, values: pa.Array, given: str, limit: Any) -> pa.Array:
        good: Any = None
        plain = bytes_of(values)
        if "[:" not in given and "{," not in given and (
                not len(plain) or (plain.min() >= 32 and plain.max() < 127)):
            try:
                good = pc.match_substring_regex(values, f"^(?:^{given}$)")
            except pa.ArrowInvalid:  # looks ahead, refers back
                good = None
        rest = values if good is None else pc.if_else(good, pa.scalar(None, pa.string()), values)
        if rest.null_count == len(rest):
            return pa.array(np.zeros(len(values), bool))
        encoded = rest.dictionary_encode()
        wrong = [limit.match(one) is None for one in encoded.dictionary.to_pylist()]
        return pc.fill_null(pa.array(wrong, pa.bool_()).take(encoded.indices), False)


def _where(mask: pa.Array) -> np.ndarray:
    return pc.indices_nonzero(mask).to_numpy().astype(np.int64)


def _is_text(cell: Any) -> bool:
    return isinstance(cell, str)


def plain(cell: Any) -> Any:
    """Return a cell of a workbook as other readers give it: ``None``, a whole number, a moment."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime(cell.year, cell.month, cell.day)
    return cell
