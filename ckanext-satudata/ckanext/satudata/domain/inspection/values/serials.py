"""Dates whose format was lost: ``45691`` below "Tanggal" is 3 February 2025."""
from __future__ import annotations

import re

import numpy as np

from ckanext.satudata.domain.folding import fold
from ckanext.satudata.domain.inspection.values.model import Cells

__all__ = ["are_serials"]

#: Heads of dates, and words that make something else of them; days since 1900 of our times.
_DATE_HEADS = frozenset({"tanggal", "tgl", "date", "tmt", "hari"})
_NO_DATE = frozenset({"jumlah", "jml", "kerja", "ke"})
_FIRST_DAY, _LAST_DAY = 20_000, 60_000
_SAMPLE = 300


def are_serials(cells: Cells) -> bool:
    """Tell whether a column headed as dates holds whole days since 1900, as a lost format leaves.

    They are days of 1954 to 2064; ``Tanggal`` over 1 to 31 is something else.
    """
    column = cells.column
    said = re.findall(r"[a-z]+", fold(column.path[-1] if column.path else column.name))
    if not said or said[0] not in _DATE_HEADS or _NO_DATE & set(said):
        return False
    if cells.is_number().any():
        numbers = np.asarray(cells.numbers)
        numbers = numbers[~np.isnan(numbers)]
        if any(word.strip() for word in cells.distinct.slice(0, _SAMPLE).to_pylist()):
            return False
        fits = (numbers >= _FIRST_DAY) & (numbers < _LAST_DAY) & (numbers == np.floor(numbers))
        return bool(fits.all())
    words = cells.distinct.slice(0, _SAMPLE).to_pylist()
    if len(cells.distinct) > _SAMPLE and all(map(_is_serial, words)):
        words = cells.distinct.to_pylist()
    return any(words) and all(map(_is_serial, words))


def _is_serial(word: str) -> bool:
    """Tell whether a word is a day since 1900, or nothing."""
    word = word.strip()
    return not word or (len(word) == 5 and word.isascii() and word.isdigit()
                        and _FIRST_DAY <= int(word) < _LAST_DAY)
