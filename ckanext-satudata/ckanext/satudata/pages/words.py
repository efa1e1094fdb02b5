"""Numbers, dates, sizes and periods as people write them, in Indonesian or English."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

__all__ = ["date", "day_and_month", "month", "month_in_full", "number", "period", "size"]

_UNITS = ("B", "KB", "MB", "GB", "TB")


@lru_cache(maxsize=4096, typed=True)
def number(value: float | int, lang: str) -> str:
    """Write a number with the marks of the language (``1.234,5`` in Indonesian)."""
    return format_decimal(value, locale=lang)


def size(count: Any, lang: str) -> str:
    """Write a count of bytes in the unit people use (``18 KB``); nothing for what is no count.

    Steps of 1,000, as file managers on phones show them.
    """
    try:
        value = float(count)
    except (TypeError, ValueError, OverflowError):
        return ""
    if not 0 < value < 1e18:
        return ""
    step = 0
    while value >= 999.5 and step < len(_UNITS) - 1:
        value /= 1000
        step += 1
    rounded = round(value, 1) if value < 10 and step else round(value)
    return f"{number(rounded, lang)} {_UNITS[step]}"


def date(value: Any, lang: str) -> str:
    """Write an ISO date or time as "3 November 2026"; what is no date comes back as it is."""
    parsed = _parse(value)
    return format_date(parsed, "d MMMM y", locale=lang) if parsed else str(value or "")


def month(value: Any, lang: str) -> str:
    """Write an ISO month ("2026-11") as "Nov 2026"; what is none comes back as it is."""
    parsed = _parse(f"{value}-01")
    return format_date(parsed, "MMM y", locale=lang) if parsed else str(value or "")


def day_and_month(value: Any, lang: str) -> tuple[str, str]:
    """Split an ISO date into day and short month ("24", "Nov"); empty for what is no date."""
    parsed = _parse(value)
    if not parsed:
        return "", ""
    return str(parsed.day), format_date(parsed, "MMM", locale=lang)


def month_in_full(value: Any, lang: str) -> str:
    """Write the month of an ISO date as "November 2026"; what is no date comes back as it is."""
    parsed = _parse(value)
    return format_date(parsed, "MMMM y", locale=lang) if parsed else str(value or "")


def period(coverage: Iterable[Mapping[str, Any]] | None) -> str:
    """Span the years of a ``temporal_coverage`` list: "2019-2025", "2025", or an empty string.

    Whole years only: the exact days stand in the metadata table. Entries without a
    readable year are passed over.
    """
    starts: list[int] = []
    ends: list[int] = []
    for entry in coverage or []:
        if not isinstance(entry, Mapping):
            continue
        start, end = _year(entry.get("start")), _year(entry.get("end"))
        if start or end:
            starts.append(start or end or 0)
            ends.append(end or start or 0)
    if not starts:
        return ""
    first, last = min(starts), max(ends)
    return str(first) if first == last else f"{first}–{last}"


def _year(value: Any) -> int | None:
    text = str(value or "")[:4]
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() else None


def _parse(value: Any) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value or "")[:10])
    except ValueError:
        return None
