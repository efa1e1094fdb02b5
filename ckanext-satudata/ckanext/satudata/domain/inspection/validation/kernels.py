"""Whole columns of text as typed values: what is beyond doubt, by type.

A kernel returns typed values, null where it does not know; a cell it leaves null is judged
exactly elsewhere. So a kernel may be narrow, but what it accepts must be what the exact reading
gives: Arrow alone also takes ``0x1F`` for a number.
"""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.validation.cells import YearMonth
from ckanext.satudata.domain.inspection.validation.schema import Field

__all__ = ["EXACT_DIGITS", "bytes_of", "kernel", "restored", "storage", "store"]

#: Numbers of at most so many characters are told apart by a double.
EXACT_DIGITS = 15
#: Longer numbers may be more than a double holds.
_LONGEST = 300
_PIECE = 4000
_INTEGER = "^-?[0-9]{1,18}$"
_NUMBER = r"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,2})?$"
_PLAIN = {"bareNumber": True, "groupChar": "", "decimalChar": "."}
_PARTS = {"%d": ("([0-3][0-9])", "day"), "%m": ("([01][0-9])", "month"), "%Y": ("([0-9]{4})",
          "year")}
Kernel = Callable[[pa.Array], pa.Array]


def storage(field: Field) -> pa.DataType:
    """Return the Arrow type values of a field are kept as."""
    kept = {"any": pa.string(), "string": pa.string(), "integer": pa.int64(), "year": pa.int64(),
            "yearmonth": pa.int64(), "number": pa.float64(), "boolean": pa.bool_(),
            "date": pa.date32(), "datetime": pa.timestamp("us")}
    return kept[field.type]


def store(field: Field, value: Any) -> Any:
    """Return a value as :func:`storage` keeps it, ``None`` where it cannot."""
    kind = field.type
    if kind == "number":
        number = float(value) + 0.0
        return number if isfinite(number) and Decimal(repr(number)) == value else None
    if kind in ("integer", "year"):
        return int(value) if -(2 ** 63) <= value < 2 ** 63 else None
    if kind == "yearmonth":
        return value[0] * 100 + value[1] if 0 <= value[0] < 10 ** 12 else None
    if kind == "datetime":
        return value if value.tzinfo is None else None
    return value if kind in ("boolean", "date") or isinstance(value, str) else None


def restored(field: Field) -> Callable[[Any], Any] | None:
    """Return what makes a stored value the value again, ``None`` where it is the value."""
    if field.type == "number":
        return lambda number: Decimal(repr(number))
    if field.type == "yearmonth":
        return lambda number: YearMonth(*divmod(number, 100))
    return None


def kernel(field: Field) -> Kernel | None:
    """Return the kernel of a field, ``None`` where there is none: then each value is judged."""
    plain = {name: value for name, value in field.options.items()
             if name in _PLAIN and _PLAIN[name] != value}
    if field.type == "any" or (field.type == "string" and field.format == "default"):
        return lambda cells: cells
    if field.type == "integer" and not plain:
        return _integers
    if field.type == "number" and "bareNumber" not in plain and not field.options.get(
            "floatNumber"):
        group, mark = field.options.get("groupChar", ""), field.options.get("decimalChar", ".")
        return _numbers if not plain else lambda cells: _numbers(_marked(cells, group, mark))
    if field.type == "year":
        return lambda cells: _integers(_only(cells, pc.equal(pc.binary_length(cells), 4)))
    if field.type == "yearmonth":
        return _months
    if field.type == "boolean":
        return _booleans(field)
    if field.type == "date":
        return _dates(field.format)
    return _moments if field.type == "datetime" and field.format == "default" else None


def bytes_of(cells: pa.Array) -> np.ndarray:
    """Return the bytes of all texts of an array, one after another."""
    offset, count = cells.offset, len(cells)
    _, ends, data = cells.buffers()
    if data is None or not count:
        return np.empty(0, np.uint8)
    at = np.frombuffer(ends, np.int32, count=count + 1, offset=4 * offset)
    return np.frombuffer(data, np.uint8, count=int(at[-1] - at[0]), offset=int(at[0]))


def _only(cells: pa.Array, which: pa.Array) -> pa.Array:
    return pc.if_else(which, cells, pa.scalar(None, pa.string()))


def _digits_only(cells: pa.Array) -> bool:
    """Say that no letter is in it (and no ``_``, which Python reads inside numbers)."""
    found = bytes_of(cells)
    return not len(found) or int(found.max()) <= ord("9")


def _cast(cells: pa.Array, to: pa.DataType) -> pa.Array | None:
    try:
        return pc.cast(cells, to)
    except pa.ArrowInvalid:
        return None


def _matching(cells: pa.Array, pattern: str) -> pa.Array:
    return _only(cells, pc.match_substring_regex(cells, pattern))


def _either(cells: pa.Array, quick: Callable[[pa.Array], pa.Array | None],
            slow: Kernel) -> pa.Array:
    """Convert all at once; where that fails, only the few rows around what is wrong slowly."""
    found = quick(cells)
    if found is not None:
        return found
    if len(cells) <= _PIECE:
        return slow(cells)
    parts: list[pa.Array] = []
    for start in range(0, len(cells), _PIECE):
        piece = cells.slice(start, _PIECE)
        found = quick(piece)
        parts.append(slow(piece) if found is None else found)
    return pa.concat_arrays(parts)


def _integers(cells: pa.Array) -> pa.Array:
    return _either(
        cells, lambda some: _cast(some, pa.int64()) if _digits_only(some) else None,
        lambda some: pc.cast(_matching(pc.ascii_trim_whitespace(some), _INTEGER), pa.int64()))


def _numbers(cells: pa.Array) -> pa.Array:
    def quick(some: pa.Array) -> pa.Array | None:
        fits = (pc.max(pc.binary_length(some)).as_py() or 0) <= _LONGEST and _digits_only(some)
        return _cast(some, pa.float64()) if fits else None

    def slow(some: pa.Array) -> pa.Array:
        some = pc.ascii_trim_whitespace(some)
        some = _only(some, pc.less_equal(pc.binary_length(some), _LONGEST))
        return pc.cast(_matching(some, _NUMBER), pa.float64())

    # "-0" is no other number than "0", but another double.
    return pc.add(_either(cells, quick, slow), 0.0)


def _marked(cells: pa.Array, group: str, mark: str) -> pa.Array:
    if group:
        cells = pc.replace_substring(cells, group, "")
    if mark != ".":
        cells = _only(cells, pc.invert(pc.match_substring(cells, ".")))
        cells = pc.replace_substring(cells, mark, ".")
    return cells


def _months(cells: pa.Array) -> pa.Array:
    good = _matching(cells, "^[0-9]{4}-(0[1-9]|1[0-2])$")
    return pc.cast(pc.replace_substring(good, "-", ""), pa.int64())


def _booleans(field: Field) -> Kernel:
    true = pa.array(field.options.get("trueValues", ["true", "True", "TRUE", "1"]), pa.string())
    false = pa.array(field.options.get("falseValues", ["false", "False", "FALSE", "0"]),
                     pa.string())

    def found(cells: pa.Array) -> pa.Array:
        no = pc.is_in(cells, value_set=false)
        known = pc.or_(pc.is_in(cells, value_set=true), no)
        return pc.if_else(known, pc.invert(no), pa.scalar(None, pa.bool_()))

    return found


def _dates(form: str) -> Kernel | None:
    pattern, order = ("", "") if form != "default" else _iso("%Y-%m-%d")
    if form != "default":
        made = _iso(form)
        if made is None:
            return None
        pattern, order = made
    whole = form in ("default", "%Y-%m-%d")

    def slow(cells: pa.Array) -> pa.Array:
        kept = _matching(cells, "^[0-9]{4}-[0-9]{2}-[0-9]{2}$").dictionary_encode()
        return pa.array([_day(one) for one in kept.dictionary.to_pylist()],
                        pa.date32()).take(kept.indices)

    def found(cells: pa.Array) -> pa.Array:
        if not whole:
            cells = pc.replace_substring_regex(_matching(cells, pattern), pattern, order)
        values = _either(cells, lambda some: _cast(some, pa.date32()), slow)
        return _of_our_era(values, pa.scalar(date(1, 1, 1)))

    return found


def _day(text: str) -> Any:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _iso(form: str) -> Any:
    """Return pattern and replacement that make a date of day, month and year ISO 8601."""
    parts = re.findall("%.|[^%]+", form)
    if sorted(part for part in parts if part[0] == "%") != sorted(_PARTS):
        return None
    if any(part[0] != "%" and not re.fullmatch("[-/. ,]+", part) for part in parts):
        return None
    pattern = "".join(_PARTS[part][0] if part in _PARTS else re.escape(part) for part in parts)
    order = [_PARTS[part][1] for part in parts if part in _PARTS]
    made = "-".join(f"\\{order.index(name) + 1}" for name in ("year", "month", "day"))
    return f"^{pattern}$", made


def _moments(cells: pa.Array) -> pa.Array:
    good = _matching(cells, r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}"
                            r"(\.[0-9]{1,6})?$")
    values = _cast(good, pa.timestamp("us"))
    if values is None:
        return pa.nulls(len(cells), pa.timestamp("us"))
    return _of_our_era(values, pa.scalar(datetime(1, 1, 1), pa.timestamp("us")))


def _of_our_era(values: pa.Array, first: pa.Scalar) -> pa.Array:
    """Leave out the year 0, which Python has no date for."""
    before = pc.less(values, first)
    return pc.if_else(before, pa.scalar(None, values.type), values) if before.true_count else values
