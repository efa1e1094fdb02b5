"""Periods that figures are about: read from texts, moved on, and named."""
from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from ckanext.satudata.domain.inspection.notes import N_, Message
from ckanext.satudata.domain.months import MONTHS

__all__ = [
    "STEPS", "Period", "Step", "coverage", "day_of", "following", "later", "named", "of_text",
]

_FIRST, _LAST = 1800, 2199
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[T ].*)?")
_YEARS = re.compile(
    r"(?<![\d.,])((?:18|19|20|21)\d\d)(?!\d)(?:\s*[-–/]\s*((?:19|20|21)\d\d)(?!\d))?")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_PART = re.compile(
    r"\b(triwulan|tw|kuartal|quartal|semester|smt)\.?\s*(?:ke-?\s*)?(iii|ii|iv|i|[1-4])\b"
    r"[\s,]*(?:tahun\s+)?((?:19|20|21)\d\d)", re.IGNORECASE)
_MONTH = re.compile(
    r"\b(?:(\d{1,2})\s+)?([a-z]{3,9})\.?,?\s+(?:tahun\s+)?((?:19|20|21)\d\d)\b", re.IGNORECASE)
_NAMES = (N_("Januari"), N_("Februari"), N_("Maret"), N_("April"), N_("Mei"), N_("Juni"),
          N_("Juli"), N_("Agustus"), N_("September"), N_("Oktober"), N_("November"), N_("Desember"))


@dataclass(frozen=True, order=True)
class Period:
    """From the first day to the last, both included.

    :raises ValueError: it ends before it begins
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"{self.start} is after {self.end}")


@dataclass(frozen=True)
class Step:
    """From one edition to the next: so many months, or so many days."""

    months: int = 0
    days: int = 0


#: By code of ``frekuensi``. What comes all the time, once, or when it comes has no next edition.
STEPS: Mapping[str, Step] = {
    "harian": Step(days=1), "mingguan": Step(days=7), "bulanan": Step(1), "triwulanan": Step(3),
    "empat_bulanan": Step(4), "semesteran": Step(6), "tahunan": Step(12),
    "dua_tahunan": Step(24), "lima_tahunan": Step(60), "sepuluh_tahunan": Step(120),
}


def day_of(written: Any, last: bool = False) -> date | None:
    """Return the day of ``2025``, ``2025-03`` or ``2025-03-31``; ``None`` for anything else.

    :param last: the last day of that year or month, instead of the first
    """
    found = _DAY.fullmatch(written.strip()) if isinstance(written, str) else None
    if found is None or not _FIRST <= int(found[1]) <= _LAST:
        return None
    year, month = int(found[1]), int(found[2] or (12 if last else 1))
    if not 1 <= month <= 12:
        return None
    end = calendar.monthrange(year, month)[1]
    day = int(found[3] or (end if last else 1))
    return date(year, month, day) if 1 <= day <= end else None


def coverage(groups: Any) -> Period | None:
    """Return the whole of a ``temporal_coverage``, ``None`` where it says nothing readable."""
    found: list[Period] = []
    for group in cast("Sequence[Any]", groups) if isinstance(groups, (list, tuple)) else ():
        if not isinstance(group, Mapping):
            continue
        said = cast("Mapping[str, Any]", group)
        start = day_of(said.get("start"))
        end = day_of(said.get("end") or said.get("start"), last=True)
        if start and end and start <= end:
            found.append(Period(start, end))
    if not found:
        return None
    return Period(min(each.start for each in found), max(each.end for each in found))


def later(day: date, step: Step, times: int = 1) -> date | None:
    """Return a day so many steps on; the last day of a month stays one. ``None`` beyond 2199."""
    if step.days:
        days = step.days * times
        return day + timedelta(days) if days < (date(_LAST, 12, 31) - day).days else None
    whole = day.year * 12 + day.month - 1 + step.months * times
    year, month = divmod(whole, 12)
    if not _FIRST <= year <= _LAST:
        return None
    end = calendar.monthrange(year, month + 1)[1]
    ends = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, end if ends and day.day >= 28 else min(day.day, end))


def following(covered: Period, step: Step) -> Period | None:
    """Return the period after one that is covered.

    What is shorter than a step (a count on the last day of the year, a survey of one year every
    two) moves on by a step; a longer one is a series, which goes on for one step after its end.
    """
    after = covered.end + timedelta(1)
    moved_end = later(covered.end, step)
    if moved_end is None:
        return None
    begins = later(covered.start, step)
    if begins is not None and begins > after:
        return Period(begins, max(begins, moved_end))
    return Period(after, max(after, moved_end))


def of_text(text: str) -> Period | None:
    """Return the one period a title names: a quarter, half-year, month, day, year or span of years.

    ``None`` where it names none, or several that do not make one span.
    """
    parts = {_of_part(each) for each in _PART.finditer(text)}
    if parts:
        return _one(parts)
    months = {_of_month(each, MONTHS[each[2].lower()]) for each in _MONTH.finditer(text)
              if each[2].lower() in MONTHS}
    if months:
        return _one(months)
    years = [Period(date(int(each[1]), 1, 1), date(int(each[2] or each[1]), 12, 31))
             for each in _YEARS.finditer(text) if int(each[2] or each[1]) >= int(each[1])]
    return _one(set(years))


def _one(found: set[Period | None]) -> Period | None:
    return next(iter(found)) if len(found) == 1 else None


def _of_part(found: re.Match[str]) -> Period | None:
    number, year = _ROMAN[found[2].lower()], int(found[3])
    months = 6 if found[1].lower() in ("semester", "smt") else 3
    if number * months > 12:
        return None
    last = number * months
    return Period(date(year, last - months + 1, 1),
                  date(year, last, calendar.monthrange(year, last)[1]))


def _of_month(found: re.Match[str], month: int) -> Period | None:
    year = int(found[3])
    end = calendar.monthrange(year, month)[1]
    if found[1] is None:
        return Period(date(year, month, 1), date(year, month, end))
    day = int(found[1])
    return Period(date(year, month, day), date(year, month, day)) if 1 <= day <= end else None


def named(period: Period) -> Message:
    """Return what people call a period: 2026, Triwulan III 2026, Oktober 2026, or its two days.

    Names of months stand in ``values`` as they are to be translated (``month``, ``until``).
    """
    start, end = period.start, period.end
    from_month = start.day == 1
    to_month = end.day == calendar.monthrange(end.year, end.month)[1]
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if from_month and to_month and start.month == 1 and end.month == 12:
        return Message("{year}" if start.year == end.year else "{year}–{last}",
                       {"year": start.year, "last": end.year})
    if from_month and to_month and start.year == end.year:
        if months == 1:
            return Message("{month} {year}", {"month": _NAMES[start.month - 1], "year": end.year})
        if months == 3 and end.month % 3 == 0:
            return Message(N_("Triwulan {part} {year}"),
                           {"part": ("I", "II", "III", "IV")[end.month // 3 - 1], "year": end.year})
        if months == 6 and end.month % 6 == 0:
            return Message(N_("Semester {part} {year}"),
                           {"part": "I" if end.month == 6 else "II", "year": end.year})
    if from_month and to_month:
        return Message(N_("{month} {year} sampai {until} {last}"), {
            "month": _NAMES[start.month - 1], "year": start.year,
            "until": _NAMES[end.month - 1], "last": end.year})
    first = {"day": start.day, "month": _NAMES[start.month - 1], "year": start.year}
    if start == end:
        return Message("{day} {month} {year}", first)
    return Message(N_("{day} {month} {year} sampai {last_day} {until} {last}"), {
        **first, "last_day": end.day, "until": _NAMES[end.month - 1], "last": end.year})
