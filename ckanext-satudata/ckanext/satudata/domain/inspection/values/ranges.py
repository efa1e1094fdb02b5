"""Ranges that a spreadsheet took for dates: the age group ``5-9`` became 5 September.

Among other ranges (``0-4``, ``15-19``) such a date is none. What was typed is the one of its
numbers that rises: no group runs from 9 to 5.
"""
from __future__ import annotations

import re
from datetime import datetime

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.notes import N_, Change, Message
from ckanext.satudata.domain.inspection.sheet import Kind
from ckanext.satudata.domain.inspection.values.model import Cells, bare_format

__all__ = ["ranged"]

_RANGE = re.compile(r"\s*(\d{1,3})\s*[-–]\s*(\d{1,3})\b.{0,12}")
#: Other cells that must be ranges, and their share: ``75+`` and ``Jumlah`` are none.
_FEWEST, _SHARE = 3, 0.6
_MOST = 300


def ranged(cells: Cells) -> tuple[Cells, Change] | None:
    """Return the column with its dates written as ranges again, ``None`` if they are none."""
    if cells.kinds is None or not (cells.kinds == Kind.DATE).any():
        return None
    dated = cells.kinds == Kind.DATE
    rows = np.flatnonzero(dated)
    others = [text for row in np.flatnonzero((cells.kinds != Kind.EMPTY) & ~dated)[:_MOST]
              if (text := cells.text[int(row)].as_py().strip())]
    alike = [found for text in others if (found := _RANGE.fullmatch(text))]
    if len(rows) > _MOST or len(alike) < _FEWEST or len(alike) < _SHARE * len(others):
        return None
    made = {int(row): typed for row in rows if (typed := _typed(cells, int(row)))}
    if len(made) < len(rows):
        return None
    texts = [made.get(row, text) for row, text in enumerate(cells.text.to_pylist())]
    text = pa.array(texts, pa.string())
    kinds = np.array(cells.kinds)
    kinds[rows] = Kind.TEXT
    words = pc.if_else(pa.array(cells.is_number()), "", text)
    first = int(rows[0])
    when = datetime.fromisoformat(cells.text[first].as_py().strip())
    return cells.reworded(
        words, text=text, kinds=kinds,
        formats={row: each for row, each in cells.formats.items() if not dated[row]},
    ), Change("tanggal", cells.where(dated), Message(
        N_("Tanggal buatan Excel menjadi rentang lagi: {dari} menjadi {ke}."),
        {"dari": when.date().isoformat(), "ke": made[first]}),
        Message(N_("Sel lain di kolom ini rentang, dan Excel mengubah 5-9 menjadi tanggal.")),
        certain=False, count=len(rows))


def _typed(cells: Cells, row: int) -> str | None:
    """Return the range that became a date, ``None`` where no rising one did."""
    try:
        when = datetime.fromisoformat(cells.text[row].as_py().strip())
    except ValueError:
        return None
    if (when.hour, when.minute, when.second) != (0, 0, 0):
        return None
    shown = bare_format(cells.formats.get(row, ""))
    low, high = sorted((when.day, when.month))
    # "10-14" is no day of a month: it became the first of October 2014.
    if when.day == 1 and "d" not in shown and when.month < when.year % 100:
        low, high = when.month, when.year % 100
    return f"{low}-{high}" if low < high else None
