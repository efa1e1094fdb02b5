"""Time in a table as something to go along: years, months, days, quarters, in order."""
from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.folding import fold
from ckanext.satudata.domain.inspection.figures import (
    columns_of,
    encoded,
    pc,
    remembered,
    years,
)
from ckanext.satudata.domain.inspection.table import Role, TidyTable

__all__ = ["Series", "series", "time_columns"]

_MONTHS = {name: number for number, names in enumerate((
    "januari january jan", "februari pebruari february feb peb", "maret march mar mrt",
    "april apr", "mei may", "juni june jun", "juli july jul", "agustus august agt agu ags aug",
    "september sept sep", "oktober october okt oct", "november nopember nov nop",
    "desember december des dec"), 1) for name in names.split()}
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_PART = {"triwulan": 3, "tw": 3, "kuartal": 3, "semester": 6, "caturwulan": 4}


class Series(NamedTuple):
    """When each row is (in months, ``nan`` where unknown), and the columns that say it.

    ``step``: ``year``, ``month`` or ``day``, the finest that is told apart.
    """

    at: np.ndarray
    columns: tuple[str, ...]
    step: str


def _within_year(text: str) -> float:
    """Return how far into a year a label lies, in months; ``nan`` where it is no such part."""
    for word in fold(text).replace(".", " ").split():
        if word in _MONTHS:
            return _MONTHS[word] - 1.0
    kind, _, number = fold(text).replace("-", " ").partition(" ")
    if kind in _PART and number.strip() in _ROMAN:
        return (_ROMAN[number.strip()] - 1.0) * _PART[kind]
    return float("nan")


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
