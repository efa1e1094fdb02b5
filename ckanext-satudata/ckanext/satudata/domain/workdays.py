"""Working days of a government office: deadlines, lateness, and the minute of a release.

Perpres 39/2019 sets no deadline for an inspection; local rules count theirs in *hari kerja*.
A government works Monday to Friday (Perpres 21/2023), without the national holidays and
shared leave days of each year's joint decree (SKB tiga menteri), which are a list to be
given: they are decreed, not computed. Times come in and go out aware; days are days of the
installation's own zone, so that a file handed in at 23.30 in Jayapura counts for that day.
"""
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from types import MappingProxyType

from ckanext.satudata.domain.errors import SatuDataError

__all__ = [
    "MAX_DAYS",
    "ZONES",
    "CalendarError",
    "add_working_days",
    "at",
    "is_working_day",
    "local",
    "parse_holidays",
    "parse_time",
    "parse_zone",
    "working_days_late",
    "working_days_left",
]

#: The three zones of Indonesia (Keppres 41/1987). None has ever kept summer time since, so
#: a fixed offset is exact and needs no zone database on the machine.
ZONES: Mapping[str, dt.tzinfo] = MappingProxyType({
    "Asia/Jakarta": dt.timezone(dt.timedelta(hours=7), "WIB"),
    "Asia/Makassar": dt.timezone(dt.timedelta(hours=8), "WITA"),
    "Asia/Jayapura": dt.timezone(dt.timedelta(hours=9), "WIT"),
})

#: Longest deadline that can be asked for, in working days: four years, far past any rule.
MAX_DAYS = 1000

#: A decree's longest run of days off is about ten; a longer range is a slip of the pen.
LONGEST_RANGE = dt.timedelta(days=31)

#: Years a portal can meet; a date outside them is a slip too.
_YEARS = range(2000, 2200)
_LAST_MINUTE = dt.time(23, 59)
_DATE = r"\d{4}-\d{2}-\d{2}"
_ITEM = re.compile(rf"({_DATE})(?:(?:\.\.|/)({_DATE}))?")
_TIME = re.compile(r"([01]\d|2[0-3])[:.]([0-5]\d)")


class CalendarError(SatuDataError, ValueError):
    """A configured holiday, zone or time of day cannot be read; the text says how to mend it."""


def parse_zone(name: str) -> dt.tzinfo:
    """Return the zone of this name.

    :raises CalendarError: for anything but the three zones of Indonesia.
    """
    try:
        return ZONES[name.strip()]
    except KeyError:
        raise CalendarError(
            f"{name!r} is not a time zone of Indonesia. Write one of: {', '.join(ZONES)}"
        ) from None


def parse_time(text: str) -> dt.time:
    """Return a time of day written ``08:00`` (or ``08.00``, as Indonesian letters do).

    :raises CalendarError: for anything else.
    """
    found = _TIME.fullmatch(text.strip())
    if not found:
        raise CalendarError(f"{text!r} is not a time of day. Write hours and minutes, as in 08:00")
    return dt.time(int(found[1]), int(found[2]))


def parse_holidays(text: str) -> frozenset[dt.date]:
    """Return the days off listed in a text.

    Dates are ISO (``2026-01-01``), separated by blanks, commas or lines. A range is
    ``2026-03-18..2026-03-24`` or, as ISO 8601 writes it, ``2026-03-18/2026-03-24``, both
    ends included and at most 31 days long.

    :raises CalendarError: naming the item that cannot be read.
    """
    days: set[dt.date] = set()
    for item in re.split(r"[\s,;]+", text.strip()):
        if item:
            days.update(_range(item))
    return frozenset(days)


def _range(item: str) -> list[dt.date]:
    found = _ITEM.fullmatch(item)
    if not found:
        raise CalendarError(
            f"{item!r} is not a date. Write 2026-01-01, or a range as 2026-03-18..2026-03-24"
        )
    first = _date(found[1])
    last = _date(found[2]) if found[2] else first
    if last < first:
        raise CalendarError(f"{item!r} ends before it begins. Write the earlier date first")
    if last - first >= LONGEST_RANGE:
        raise CalendarError(
            f"{item!r} is longer than {LONGEST_RANGE.days} days. Check the years, or write it "
            "as several ranges"
        )
    return [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]


def _date(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise CalendarError(f"{text!r} is no day of the calendar. Mend the month or day") from None
    if day.year not in _YEARS:
        raise CalendarError(f"{text!r} has an unlikely year. Write four digits, as in 2026-01-01")
    return day


def is_working_day(day: dt.date, holidays: Collection[dt.date]) -> bool:
    """Tell whether offices are open on a day: Monday to Friday and not in the list."""
    return day.weekday() < 5 and day not in holidays


def local(moment: dt.datetime, tz: dt.tzinfo) -> dt.datetime:
    """Return the same moment as the installation's clock shows it.

    :raises ValueError: when the moment has no zone: guessing one is how a release is early.
    """
    if moment.utcoffset() is None:
        raise ValueError(f"{moment!r} has no zone")
    return moment.astimezone(tz)


def at(day: dt.date, time: dt.time, tz: dt.tzinfo) -> dt.datetime:
    """Return a local day and time of day as a moment in UTC."""
    return dt.datetime.combine(day, time, tz).astimezone(dt.timezone.utc)


def add_working_days(
    start: dt.datetime, days: int, holidays: Collection[dt.date], tz: dt.tzinfo
) -> dt.datetime:
    """Return when a deadline of so many working days from ``start`` ends, in UTC.

    The day of ``start`` itself is not counted, however early it was: five working days from
    a Friday end on the next Friday. The deadline is that day's last minute, 23.59 local.
    Nought means the same day, or the next working day when that one is off.

    :param days: working days, 0 to ``MAX_DAYS``
    :raises ValueError: for another count, or a start without a zone.
    """
    if not 0 <= days <= MAX_DAYS:
        raise ValueError(f"A deadline is 0 to {MAX_DAYS} working days, not {days}")
    off = frozenset(holidays)
    day = local(start, tz).date()
    left = days
    while left or not is_working_day(day, off):
        day += dt.timedelta(days=1)
        if left and is_working_day(day, off):
            left -= 1
    return at(day, _LAST_MINUTE, tz)


def working_days_late(
    due: dt.datetime, now: dt.datetime, holidays: Collection[dt.date], tz: dt.tzinfo
) -> int:
    """Return how many working days have begun since a deadline ended; nought while it runs.

    Days off do not make anybody later: what was due on Friday is late by nothing on Sunday
    and by one day on Monday.
    """
    if now <= due:
        return 0
    return _working_days_after(local(due, tz).date(), local(now, tz).date(), holidays)


def working_days_left(
    now: dt.datetime, due: dt.datetime, holidays: Collection[dt.date], tz: dt.tzinfo
) -> int:
    """Return how many working days follow today until a deadline; nought on its day and after."""
    if now >= due:
        return 0
    return _working_days_after(local(now, tz).date(), local(due, tz).date(), holidays)


def _working_days_after(first: dt.date, last: dt.date, holidays: Collection[dt.date]) -> int:
    """Count the working days after ``first`` up to and with ``last``, by whole weeks.

    An inbox asks this for every row, and a deadline may be years old: no walk day by day.
    """
    if last <= first:
        return 0
    weeks, rest = divmod((last - first).days, 7)
    count = 5 * weeks + sum(
        (last - dt.timedelta(days=n)).weekday() < 5 for n in range(rest)
    )
    return count - sum(first < day <= last and day.weekday() < 5 for day in set(holidays))
