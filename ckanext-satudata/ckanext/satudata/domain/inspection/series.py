"""Time in a table as something to go along: years, months, days, quarters, in order."""
from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection import words
from ckanext.satudata.domain.inspection.figures import (
    columns_of,
    encoded,
    pc,
    remembered,
    years,
)
from ckanext.satudata.domain.inspection.table import Role, TidyTable

__all__ = ["Series", "series", "time_columns"]

_ROMAN = {"I": 0.0, "II": 1.0, "III": 2.0, "IV": 3.0}
_PART = {"triwulan": 3, "semester": 6, "caturwulan": 4}


class Series(NamedTuple):
    """When each row is (in months, ``nan`` where unknown), and the columns that say it.

    ``step``: ``year``, ``month`` or ``day``, the finest that is told apart.
    """

    at: np.ndarray
    columns: tuple[str, ...]
    step: str


def _within_year(text: str) -> float:
    """Return how far into a year a label lies, in months; ``nan`` where it is no such part."""
    for word in text.split():
        if (month := words.month_of(word)) is not None:
            return month - 1.0
    kind, _, number = (words.quarter_of(text) or "").partition(" ")
    return _ROMAN[number] * _PART[kind] if kind in _PART else float("nan")


@remembered
def series(table: TidyTable) -> Series | None:
    """Return the time of each row, nothing where the table is of one moment."""
    at, names, step = None, list[str](), "year"
    for column in columns_of(table, Role.WAKTU):
        kind = table.data.schema.field(column.name).type
        if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
            days = table.data.column(column.name).cast(pa.date32()).cast(pa.int32())
            at = np.asarray(days.cast(pa.float64()).to_numpy()) / 30.4375
            names, step = [column.name], "day"
            break
        if pa.types.is_string(kind):
            labels = encoded(table, column.name)
            if bool(pc.all(pc.match_substring_regex(labels.labels, r"^\d{4}-\d{2}$")).as_py()):
                months = [int(text[:4]) * 12 + int(text[5:]) - 1.0 for text in labels.names]
                at = np.array([*months, np.nan])[labels.codes]
                names, step = [column.name], "month"
                break
    if at is None:
        year = years(table)
        if year.column is not None:
            at, names = np.where(year.values >= 0, year.values * 12.0, np.nan), [year.column]
        for column in columns_of(table, Role.WAKTU):
            if column.name in names or column.type != "string":
                continue
            labels = encoded(table, column.name)
            if len(labels.labels) > 1000:
                continue
            parts = np.array([_within_year(text) for text in labels.names] + [np.nan])
            if np.isfinite(parts[:-1]).all() and len(labels.labels):
                at = (0.0 if at is None else at) + parts[labels.codes]
                names.append(column.name)
                step = "month"
    if at is None or len(np.unique(at[np.isfinite(at)])) < 2:
        return None
    return Series(at, tuple(names), step)


def time_columns(table: TidyTable) -> list[str]:
    """Return the columns of time."""
    return [column.name for column in columns_of(table, Role.WAKTU)]
