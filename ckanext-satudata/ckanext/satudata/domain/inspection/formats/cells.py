"""From the values a parser gives to columns of a sheet."""
from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.formats.grid import ErrorText
from ckanext.satudata.domain.inspection.sheet import Column, Kind

__all__ = ["text_column", "typed_column"]


#: Above this a double no longer holds every whole number.
_EXACT = float(2 ** 53)
_KINDS: dict[type, int] = {
    str: Kind.TEXT, float: Kind.NUMBER, int: Kind.NUMBER, bool: Kind.BOOL,
    datetime.date: Kind.DATE, datetime.datetime: Kind.DATE, datetime.time: Kind.DATE,
    datetime.timedelta: Kind.DATE, ErrorText: Kind.ERROR,
}


def number_text(number: float) -> str:
    """Return the shortest text of a number: ``1420``, ``0.5``."""
    if math.isfinite(number) and number == int(number) and abs(number) <= _EXACT:
        return str(int(number))
    return repr(number)


def value_text(value: Any) -> str:
    """Return a value as a sheet keeps it: ISO dates, no midnight, ``TRUE``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        return number_text(float(value)) if abs(value) < 2 ** 63 else repr(value)
    if isinstance(value, datetime.datetime):
        at_midnight = value.time() == datetime.time()
        return value.date().isoformat() if at_midnight else value.isoformat(" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return str(value)


def text_column(values: Sequence[str]) -> Column:
    """Return a column of a text file."""
    return Column(pa.chunked_array([pa.array(values, pa.string())]))


def typed_column(values: Sequence[Any]) -> Column:
    """Return a column of a workbook from Python values; empty texts are empty cells."""
    kinds = np.fromiter(map(_KINDS.get, map(type, values)), np.uint8, len(values))
    count = len(values)
    numbers = np.full(count, np.nan)
    present = set(np.unique(kinds).tolist())
    at = np.flatnonzero(kinds == Kind.NUMBER)
    if len(at) == count:
        numbers = np.array(values, np.float64)
        return Column(_chunked(_number_texts(numbers)), kinds, numbers)
    if len(at):
        numbers[at] = np.array([values[n] for n in at.tolist()], np.float64)
    if present <= {Kind.TEXT, Kind.NUMBER}:
        texts = pa.array([value if type(value) is str else None for value in values]
                         if len(at) else values, pa.string())
    else:
        texts = pa.array([None if kind == Kind.NUMBER else value_text(value)
                          for kind, value in zip(kinds.tolist(), values, strict=True)], pa.string())
    if len(at):
        shown = _number_texts(numbers[at])
        # each number's place among the texts: the nulls, in order
        texts = pc.replace_with_mask(texts, pa.array(kinds == Kind.NUMBER), shown)
    blank = pc.equal(pc.utf8_trim_whitespace(texts), "")
    kinds[blank.to_numpy(zero_copy_only=False) & (kinds == Kind.TEXT)] = Kind.EMPTY
    return Column(_chunked(texts), kinds, numbers)


def _chunked(array: Any) -> pa.ChunkedArray:
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def _number_texts(numbers: np.ndarray) -> pa.Array:
    whole = (np.abs(numbers) <= _EXACT) & (numbers == np.trunc(numbers))
    if whole.all():
        return pa.array(numbers.astype(np.int64)).cast(pa.string())
    texts = pa.array(numbers).cast(pa.string())
    if whole.any():
        plain = pa.array(numbers[whole].astype(np.int64)).cast(pa.string())
        texts = pc.replace_with_mask(texts, pa.array(whole), plain)
    return texts
