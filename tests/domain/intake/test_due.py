"""What is due is told by its promise, and nobody is late by an estimate."""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.domain.intake.due import Standing, next_edition, on_schedule
from ckanext.satudata.domain.intake.periods import STEPS, Period, coverage

TODAY = date(2026, 11, 22)


def span(start: str, end: str = "") -> Period:
    found = coverage([{"start": start, "end": end}])
    assert found is not None
    return found


@pytest.mark.parametrize(("frequency", "covered", "promised", "period", "due"), [
    # The promise was for what it covers: next year on the same day.
    ("tahunan", span("2025"), "2026-03-15", span("2026"), "2027-03-15"),
    # It covers less than it should: the day of the year that lacks.
    ("tahunan", span("2024"), "2025-03-15", span("2025"), "2026-03-15"),
    # The promise is of the next one already.
    ("tahunan", span("2025"), "2027-03-15", span("2026"), "2027-03-15"),
    # Promised later than the schedule would have it: a promise is not brought forward.
    ("tahunan", span("2024"), "2027-03-15", span("2025"), "2027-03-15"),
    # No edition is due before its period is over.
    ("tahunan", span("2025"), "2026-12-15", span("2026"), "2027-12-15"),
    ("tahunan", span("2021", "2025"), "2026-02-28", span("2026"), "2027-02-28"),
    ("semesteran", span("2026-01", "2026-06"), "2026-08-10", span("2026-07", "2026-12"),
     "2027-02-10"),
    ("triwulanan", span("2026-04", "2026-06"), "2026-07-15", span("2026-07", "2026-09"),
     "2026-10-15"),
    ("empat_bulanan", span("2026-01", "2026-04"), "2026-05-31", span("2026-05", "2026-08"),
     "2026-09-30"),
    ("bulanan", span("2026-09"), "2026-10-15", span("2026-10"), "2026-11-15"),
    ("mingguan", span("2026-11-09", "2026-11-15"), "2026-11-17", span("2026-11-16", "2026-11-22"),
     "2026-11-24"),
    ("harian", span("2026-11-20"), "2024-01-01", span("2026-11-21"), "2026-11-22"),
    ("dua_tahunan", span("2024"), "2025-06-30", span("2026"), "2027-06-30"),
    ("lima_tahunan", span("2021"), "2022-06-01", span("2026"), "2027-06-01"),
    ("sepuluh_tahunan", span("2020"), "2021-01-21", span("2030"), "2031-01-21"),
])
def test_the_next_edition_follows_its_frequency_and_its_promise(
    frequency: str, covered: Period, promised: str, period: Period, due: str
) -> None:
    found = next_edition(frequency, covered, date.fromisoformat(promised))
    assert found is not None
    assert (found.period, found.due, found.promised) == (period, date.fromisoformat(due), True)


@pytest.mark.parametrize("frequency", [
    "waktu_nyata", "sekali", "sewaktu_waktu", "lebih_dua_tahunan", "", "tiap purnama"])
def test_what_comes_once_or_when_it_comes_is_never_due(frequency: str) -> None:
    assert next_edition(frequency, span("2025"), TODAY) is None


def test_without_a_period_nothing_is_claimed() -> None:
    assert next_edition("tahunan", None, date(2026, 3, 15)) is None


@pytest.mark.parametrize("frequency", sorted(STEPS))
def test_without_a_promise_it_is_an_estimate_and_nobody_is_late(frequency: str) -> None:
    found = next_edition(frequency, span("2010"), None)
    assert found is not None
    assert found.due is not None and not found.promised
    assert found.days_late(TODAY) == 0
    assert found.standing(date(2100, 1, 1)) is Standing.NOW


def test_a_first_version_is_due_when_it_was_promised() -> None:
    first = next_edition("sekali", span("2025"), date(2026, 11, 20), published=False)
    assert first is not None
    assert (first.period, first.due) == (span("2025"), date(2026, 11, 20))
    assert first.standing(TODAY) is Standing.LATE
    assert first.days_late(TODAY) == 2
    blank = next_edition("tahunan", None, None, published=False)
    assert blank is not None
    assert (blank.due, blank.standing(TODAY)) == (None, Standing.LATER)


@pytest.mark.parametrize(("covered", "promised", "standing"), [
    (span("2024"), "2025-03-15", Standing.LATE), (span("2024"), "2027-03-15", Standing.NOW),
    (span("2025"), "2026-03-15", Standing.LATER), (span("2025"), "2027-01-05", Standing.LATER),
])
def test_what_is_late_comes_before_what_can_be_sent(
    covered: Period, promised: str, standing: Standing
) -> None:
    found = next_edition("tahunan", covered, date.fromisoformat(promised))
    assert found is not None
    assert found.standing(TODAY) is standing


def test_what_is_promised_within_a_month_is_announced() -> None:
    found = next_edition("bulanan", span("2026-10"), date(2026, 11, 5))
    assert found is not None
    assert (found.due, found.standing(TODAY)) == (date(2026, 12, 5), Standing.SOON)


@given(st.sampled_from(sorted(STEPS)), st.dates(date(1900, 1, 1), date(2100, 1, 1)),
       st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_the_day_is_the_first_of_the_schedule_after_the_period(
    frequency: str, promised: date, end: date
) -> None:
    found = on_schedule(promised, STEPS[frequency], end)
    assert found is not None
    assert found > end
    if promised > end:
        assert found == promised
    elif frequency == "harian":
        assert found == end + timedelta(1)
    else:
        longest = STEPS[frequency].days or STEPS[frequency].months * 31
        assert (found - end).days <= longest
