"""What the published table says of its columns, and the rows of its last period.

The table is the clean CSV of an inspection: read twice, row by row, so that a long one takes no
more memory than its last period does.
"""
from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ckanext.satudata.domain.intake.template_mark import Field

__all__ = ["LONG", "MOST", "Seen", "Source", "moved", "read", "year_in"]

#: Rows of the last period from which a template holds nothing but their keys, and how many at most.
LONG, MOST = 20_000, 100_000
#: Different values of a column that are remembered, and the length of each.
_DISTINCT, _LONGEST = 60, 200
_FIELD_BYTES = 1_000_000
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|2[01]\d\d)(?!\d)")
_DATED = frozenset({"date", "datetime", "yearmonth"})


@dataclass
class Seen:
    """What stands in a column.

    :ivar distinct: its different values in the order they came, ``None`` for more than a few
    :ivar lowest: and ``highest``: of its figures
    :ivar decimals: digits behind the point, at most six
    """

    distinct: dict[str, int] | None = field(default_factory=dict[str, int])
    filled: int = 0
    longest: int = 0
    lowest: float | None = None
    highest: float | None = None
    decimals: int = 0

    def add(self, value: str, figure: bool) -> None:
        """Take a value into account."""
        if not value:
            return
        self.filled += 1
        self.longest = max(self.longest, min(len(value), _LONGEST))
        if figure:
            number = float(value)
            self.lowest = number if self.lowest is None else min(self.lowest, number)
            self.highest = number if self.highest is None else max(self.highest, number)
            _, _, behind = value.partition(".")
            self.decimals = min(max(self.decimals, 0 if behind in ("", "0") else len(behind)), 6)
        elif self.distinct is not None:
            self.distinct[value] = self.distinct.get(value, 0) + 1
            if len(self.distinct) > _DISTINCT or len(value) > _LONGEST:
                self.distinct = None


@dataclass
class Source:
    """A published table.

    :ivar seen: by column; ``period``: the column of time that moves on, if there is one
    :ivar last: rows of the last period, in order, at most :data:`MOST`; ``count``: all of them
    :ivar years: different years in the table; ``year``: the last of them
    """

    fields: Sequence[Field]
    seen: list[Seen]
    period: int | None
    last: list[list[str]]
    count: int
    years: int
    year: int | None


def read(path: Path, fields: Sequence[Field], whole: bool = False) -> Source | None:
    """Read a clean table; nothing where it is not what its columns say.

    :param fields: its columns, in order
    :param whole: all of its rows count as the last period
    """
    names = [each.name for each in fields]
    figures = [each.type in ("integer", "number", "year") for each in fields]
    seen = [Seen() for _ in fields]
    period = _period(fields)
    years: set[int] = set()
    try:
        for number, row in enumerate(_rows(path, names)):
            for value, one, figure in zip(row, seen, figures, strict=True):
                one.add(value, figure)
            year = year_in(row[period]) if period is not None else None
            if year is not None:
                years.add(year)
            if number == 0 and period is not None and year is None:
                period = None
    except (ValueError, csv.Error, UnicodeDecodeError):
        return None
    last = max(years, default=None)
    if last is None or whole:
        period = None
    kept: list[list[str]] = []
    count = 0
    for row in _rows(path, names):
        if period is None or year_in(row[period]) == last:
            count += 1
            if count <= MOST:
                kept.append(row)
    return Source(fields, seen, period, kept, count, len(years), last)


def _rows(path: Path, names: Sequence[str]) -> Iterator[list[str]]:
    csv.field_size_limit(_FIELD_BYTES)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream)
        if next(rows, None) != list(names):
            raise ValueError("not the columns of the table")
        for row in rows:
            if len(row) != len(names):
                raise ValueError("a row of another length")
            yield row


def _period(fields: Sequence[Field]) -> int | None:
    """Return the column whose year moves on: a year before all, then a date, then words."""
    times = [at for at, each in enumerate(fields) if each.role == "waktu"]
    years = [at for at in times if fields[at].type == "year" or (
        fields[at].type == "integer" and "tahun" in fields[at].name)]
    dates = [at for at in times if fields[at].type in _DATED]
    said = [at for at in times if fields[at].type == "string"]
    return next(iter((*years, *dates, *said)), None)


def year_in(value: str) -> int | None:
    """Return the last year a value of time names."""
    found = _YEAR.findall(value)
    return int(found[-1]) if found else None


def moved(values: Mapping[str, int] | Sequence[str], kind: str) -> dict[str, str]:
    """Return each value of time one year later; one that stays in its year is left out.

    Days that all are the same day of the week stay so: a market day is asked about next year, too.
    """
    weekly = kind == "date" and len(values) > 4 and len(
        {_day(value).weekday() for value in values}) == 1
    found: dict[str, str] = {}
    for value in values:
        later = (_day(value) + dt.timedelta(days=364)).isoformat() if weekly else _later(value)
        if year_in(later) != year_in(value):
            found[value] = later
    return found


def _day(value: str) -> dt.date:
    return dt.date.fromisoformat(value[:10])


def _later(value: str) -> str:
    if value[4:10] == "-02-29":
        value = f"{value[:4]}-02-28{value[10:]}"
    return _YEAR.sub(lambda match: str(int(match[0]) + 1), value)
