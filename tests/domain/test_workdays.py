"""Deadlines count working days of the installation's own zone, as a local rule words them."""
from __future__ import annotations

import datetime as dt
import random

import pytest

from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.workdays import (
    CalendarError,
    add_working_days,
    parse_holidays,
    working_days_late,
    working_days_left,
)

UTC = dt.timezone.utc
JAKARTA = workdays.ZONES["Asia/Jakarta"]
JAYAPURA = workdays.ZONES["Asia/Jayapura"]

#: Idulfitri 1447 H with its shared leave, over two weekends.
LEBARAN = parse_holidays("2026-03-18..2026-03-24")


def at(text: str, tz: dt.tzinfo = JAKARTA) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=tz)


def due(start: str, days: int, tz: dt.tzinfo = JAKARTA, off: frozenset[dt.date] = LEBARAN) -> str:
    ends = add_working_days(at(start, tz), days, off, tz)
    assert ends.utcoffset() == dt.timedelta(0), "the database keeps UTC"
    return ends.astimezone(tz).isoformat(" ", "minutes")[:16]


@pytest.mark.parametrize(("start", "days", "ends"), [
    ("2026-11-16 09:00", 1, "2026-11-17 23:59"),
    ("2026-11-16 00:00", 1, "2026-11-17 23:59"),  # the day itself never counts
    ("2026-11-20 16:00", 1, "2026-11-23 23:59"),  # Friday: the weekend is free
    ("2026-11-20 16:00", 5, "2026-11-27 23:59"),
    ("2026-11-21 10:00", 1, "2026-11-23 23:59"),  # handed in on a Saturday
    ("2026-11-22 23:59", 1, "2026-11-23 23:59"),
    ("2026-03-17 10:00", 2, "2026-03-26 23:59"),  # over Lebaran
    ("2026-03-20 10:00", 1, "2026-03-25 23:59"),  # within it
    ("2026-11-16 09:00", 0, "2026-11-16 23:59"),
    ("2026-11-21 09:00", 0, "2026-11-23 23:59"),
    ("2026-12-31 09:00", 1, "2027-01-01 23:59"),  # a holiday nobody listed is a working day
])
def test_a_deadline_counts_the_working_days_after_the_start(
    start: str, days: int, ends: str
) -> None:
    assert due(start, days) == ends


def test_the_day_is_the_installations_own() -> None:
    """Half past eleven at night in Jayapura is still the day before in Jakarta's morning."""
    moment = at("2026-11-16 23:30", JAYAPURA)
    assert moment.astimezone(UTC).hour == 14
    assert add_working_days(moment, 1, (), JAYAPURA) == at("2026-11-17 23:59", JAYAPURA)
    early = at("2026-11-17 00:30", JAYAPURA)  # 16 November, 22.30 in Jakarta
    assert add_working_days(early, 1, (), JAYAPURA) == at("2026-11-18 23:59", JAYAPURA)
    assert add_working_days(early, 1, (), JAKARTA) == at("2026-11-17 23:59", JAKARTA)


@pytest.mark.parametrize(("now", "late", "left"), [
    ("2026-11-19 08:00", 0, 1),
    ("2026-11-20 08:00", 0, 0),
    ("2026-11-20 23:59", 0, 0),
    ("2026-11-21 00:00", 0, 0),  # Saturday makes nobody later
    ("2026-11-22 23:59", 0, 0),
    ("2026-11-23 00:00", 1, 0),
    ("2026-11-27 12:00", 5, 0),
    ("2026-11-28 12:00", 5, 0),
    ("2026-11-12 12:00", 0, 6),
])
def test_lateness_counts_working_days_begun_since_the_deadline(
    now: str, late: int, left: int
) -> None:
    deadline = at("2026-11-20 23:59")
    assert working_days_late(deadline, at(now), (), JAKARTA) == late
    assert working_days_left(at(now), deadline, (), JAKARTA) == left


def test_a_holiday_makes_nobody_later() -> None:
    assert working_days_late(at("2026-03-17 23:59"), at("2026-03-24 12:00"), LEBARAN, JAKARTA) == 0
    assert working_days_late(at("2026-03-17 23:59"), at("2026-03-26 12:00"), LEBARAN, JAKARTA) == 2


def test_counting_by_weeks_equals_counting_by_days() -> None:
    chance = random.Random(39)
    for _ in range(300):
        first = dt.date(2024, 1, 1) + dt.timedelta(days=chance.randrange(800))
        last = first + dt.timedelta(days=chance.randrange(120))
        off = {first + dt.timedelta(days=chance.randrange(-5, 125)) for _ in range(9)}
        days = (first + dt.timedelta(days=n + 1) for n in range((last - first).days))
        walked = sum(workdays.is_working_day(day, off) for day in days)
        start, end = (dt.datetime.combine(day, dt.time(12), JAKARTA) for day in (first, last))
        assert working_days_late(start, end, off, JAKARTA) == walked
        if walked:
            ends = add_working_days(start, walked, off, JAKARTA)
            assert working_days_late(start, ends, off, JAKARTA) == walked


def test_dates_and_ranges_are_read_however_they_are_separated() -> None:
    assert parse_holidays("2026-01-01, 2026-05-01\n 2026-12-24..2026-12-26;2026-03-18/2026-03-19") \
        == {dt.date(2026, 1, 1), dt.date(2026, 5, 1), dt.date(2026, 12, 24),
            dt.date(2026, 12, 25), dt.date(2026, 12, 26), dt.date(2026, 3, 18),
            dt.date(2026, 3, 19)}
    assert parse_holidays(" \n ") == frozenset()


@pytest.mark.parametrize(("text", "reason"), [
    ("2026-01-01 1 Mei", "'1' is not a date"),
    ("01-01-2026", "not a date"),
    ("2026-02-30", "no day of the calendar"),
    ("2026-12-26..2026-12-24", "ends before"),
    ("2026-01-01..2027-01-01", "longer than 31 days"),
    ("0026-01-01", "unlikely year"),
    ("2026-01-01..", "not a date"),
])
def test_a_holiday_that_cannot_be_read_is_named(text: str, reason: str) -> None:
    with pytest.raises(CalendarError, match=reason):
        parse_holidays(text)


@pytest.mark.parametrize("name", ["", "WIB", "Asia/Pontianak", "Europe/Berlin", "asia/jakarta"])
def test_only_the_zones_of_indonesia_are_taken(name: str) -> None:
    with pytest.raises(CalendarError, match="Asia/Jakarta, Asia/Makassar, Asia/Jayapura"):
        workdays.parse_zone(name)


def test_a_time_of_day_has_hours_and_minutes() -> None:
    assert workdays.parse_time(" 08:00 ") == workdays.parse_time("08.00") == dt.time(8)
    assert workdays.at(dt.date(2026, 3, 2), dt.time(8), JAYAPURA) \
        == dt.datetime(2026, 3, 1, 23, tzinfo=UTC)
    for wrong in ("8", "24:00", "08:60", "08:00:30", "pagi", ""):
        with pytest.raises(CalendarError, match="08:00"):
            workdays.parse_time(wrong)


def test_no_deadline_without_end_and_no_moment_without_a_zone() -> None:
    for days in (-1, workdays.MAX_DAYS + 1):
        with pytest.raises(ValueError, match="working days"):
            add_working_days(at("2026-11-16 09:00"), days, (), JAKARTA)
    with pytest.raises(ValueError, match="no zone"):
        add_working_days(dt.datetime(2026, 11, 16), 1, (), JAKARTA)
