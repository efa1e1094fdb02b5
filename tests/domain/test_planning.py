"""What a dataset promises to publish and when, and the calendar people subscribe to."""
from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from ckanext.satudata.domain.intake.periods import STEPS, Period
from ckanext.satudata.domain.planning.ical import About, Entry, calendar
from ckanext.satudata.domain.planning.priority import listed
from ckanext.satudata.domain.planning.releases import (
    Planned,
    Standing,
    Wanted,
    releases,
    schedule,
    upcoming,
)

TODAY = date(2026, 11, 22)
CHANGED = datetime(2026, 3, 1, 8, 30, 15, 999, tzinfo=timezone.utc)
YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
ABOUT = About("Jadwal rilis", "Kapan data terbit.", "https://data.contoh.go.id/jadwal-rilis",
              "data.contoh.go.id", "id", "Asia/Jakarta")


def planned(**fields: Any) -> Planned:
    return Planned(**{"id": "a1", "name": "stunting", "title": "Stunting", "modified": CHANGED,
                      "frequency": "tahunan", "covered": YEAR, **fields})


def told(of: Planned, today: date = TODAY) -> list[tuple[str, date]]:
    return [(each.standing.value, each.day) for each in releases(of, today)]


def test_a_day_to_come_is_the_one_promised() -> None:
    ahead = planned(promised=date(2027, 3, 15))
    assert told(ahead) == [("terjadwal", date(2027, 3, 15))]
    assert told(ahead, date(2027, 3, 15)) == [("terjadwal", date(2027, 3, 15))]


def test_what_came_out_is_followed_by_its_next_edition() -> None:
    of = planned(promised=date(2026, 3, 15))
    assert told(of) == [("terbit", date(2026, 3, 15)), ("terjadwal", date(2027, 3, 15))]


def test_an_edition_whose_day_has_passed_is_late() -> None:
    old = Period(date(2024, 1, 1), date(2024, 12, 31))
    of = planned(promised=date(2025, 3, 15), covered=old)
    assert told(of) == [("terbit", date(2025, 3, 15)), ("terlambat", date(2026, 3, 15))]
    late = upcoming(of, TODAY)
    assert late is not None and late.days_late(TODAY) == 252
    assert late.period == YEAR


def test_nobody_is_late_who_promised_nothing() -> None:
    assert told(planned(promised=None)) == []
    assert told(planned(promised=date(2020, 1, 2), frequency="sekali")) == [
        ("terbit", date(2020, 1, 2))]
    assert told(planned(promised=date(2020, 1, 2), covered=None)) == [("terbit", date(2020, 1, 2))]


def test_an_edition_keeps_its_name_when_it_is_moved_and_when_it_comes_out() -> None:
    before = upcoming(planned(promised=date(2026, 3, 15)), TODAY)
    moved = upcoming(planned(promised=date(2027, 4, 1)), TODAY)
    out = planned(promised=date(2026, 11, 1), covered=Period(date(2026, 1, 1), date(2026, 12, 31)))
    assert before is not None and moved is not None
    assert before.uid == moved.uid == next(releases(out, TODAY)).uid == "a1.2026-12-31"


@given(st.sampled_from(sorted(STEPS)), st.dates(date(2000, 1, 1), date(2030, 1, 1)),
       st.integers(0, 4000), st.dates(date(2000, 1, 1), date(2035, 1, 1)))
def test_a_dataset_promises_one_release_ahead_at_most(
    frequency: str, start: date, days: int, promised: date,
) -> None:
    of = planned(frequency=frequency, promised=promised,
                 covered=Period(start, start + timedelta(days)))
    found = list(releases(of, TODAY))
    assert len({each.uid for each in found}) == len(found)
    assert sum(each.standing is not Standing.DONE for each in found) <= 1
    for each in found:
        assert (each.days_late(TODAY) > 0) == (each.standing is Standing.LATE)
        assert each.standing is not Standing.AHEAD or each.day >= TODAY


def test_the_schedule_is_narrowed_by_each_filter() -> None:
    one = planned(id="1", title="Z", promised=date(2027, 1, 1), organization="o1",
                  organization_name="dinkes", affairs=("1.02",), priority_years=("2026",),
                  criterion="sdgs")
    other = planned(id="2", title="a", promised=date(2027, 1, 1))

    def found(**asked: Any) -> list[str]:
        return [each.dataset.id for each in schedule([one, other], TODAY)
                if Wanted(**asked).takes_release(each)]

    assert found() == ["2", "1"]
    for asked in ({"organization": "o1"}, {"organization": "dinkes"}, {"affair": "1.02"},
                  {"priority": "2026"}, {"priority": "*"}, {"criterion": "sdgs"}):
        assert found(**asked) == ["1"], asked
    assert found(priority="2025") == found(affair="1.03") == []
    assert found(first=date(2027, 1, 2)) == found(last=date(2026, 12, 31)) == []
    assert found(first=date(2027, 1, 1), last=date(2027, 1, 1)) == ["2", "1"]
    assert found(standings=frozenset({Standing.LATE})) == []


def test_data_prioritas_say_what_is_late() -> None:
    old = Period(date(2024, 1, 1), date(2024, 12, 31))
    late = planned(id="1", title="B", promised=date(2025, 3, 15), covered=old,
                   priority_years=("2025", "2026"))
    well = planned(id="2", title="A", priority_years=("2026",))
    none = planned(id="3")
    found = listed([late, well, none], Wanted(), TODAY)
    assert [(each.dataset.id, each.standing.value) for each in found] == [
        ("2", "terbit"), ("1", "terlambat")]
    assert found[0].ahead is None and found[1].ahead is not None
    asked = Wanted(standings=frozenset({Standing.LATE}))
    assert [each.dataset.id for each in listed([late, well, none], asked, TODAY)] == ["1"]


# ------------------------------------------------------------------ calendar
def entry(**fields: Any) -> Entry:
    return Entry(**{
        "uid": "a1.2026-12-31", "day": date(2027, 3, 15), "summary": "Stunting",
        "description": "Dinas Kesehatan", "address": "https://data.contoh.go.id/dataset/stunting",
        "categories": ("Dinas Kesehatan", "Data Prioritas"), "modified": CHANGED, **fields})


def read(made: bytes) -> Any:
    return Calendar.from_ical(made)


def test_the_calendar_has_what_a_subscription_needs() -> None:
    made = calendar(ABOUT, [entry()])
    of = read(made)
    assert (of["VERSION"], of["METHOD"], of["X-WR-CALNAME"]) == ("2.0", "PUBLISH", "Jadwal rilis")
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT12H\r\n" in made
    assert b"\r\nX-PUBLISHED-TTL:PT12H\r\n" in made
    [event] = of.events
    assert event["UID"] == "a1.2026-12-31@data.contoh.go.id"
    assert event["DTSTART"].dt == date(2027, 3, 15) and event["DTEND"].dt == date(2027, 3, 16)
    assert event["LAST-MODIFIED"].dt == event["DTSTAMP"].dt == CHANGED.replace(microsecond=0)
    assert event["URL"] == "https://data.contoh.go.id/dataset/stunting"
    assert [str(each) for each in event["CATEGORIES"].cats] == ["Dinas Kesehatan", "Data Prioritas"]
    assert event["STATUS"] == "CONFIRMED" and event["TRANSP"] == "TRANSPARENT"
    assert made == calendar(ABOUT, [entry()])


def test_an_empty_schedule_is_a_calendar_too() -> None:
    assert read(calendar(ABOUT, [])).events == []


@pytest.mark.parametrize("title", [
    "Judul\r\nEND:VEVENT\r\nBEGIN:VALARM", "a;b,c\\n\\,", "👩‍👩‍👧‍👦" * 60, "x" * 10_000, "\\" * 200,
    "é" * 74 + "\u2028" + "b", '"; ATTACH=:', "\x00\x08\x1b[2J", "\u202eterbalik",
])
def test_a_hostile_title_stays_a_title(title: str) -> None:
    is_title(title)


@settings(max_examples=200)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_any_title_comes_back_as_it_was(title: str) -> None:
    is_title(title)


def is_title(title: str) -> None:
    made = calendar(ABOUT, [entry(summary=title, description=title, categories=(title, "B"))])
    for line in made.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # folded between characters
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line)
    [event] = read(made).events
    kept = " ".join("".join(each for each in title if each in "\n\t" or not (
        each < " " or "\x7f" <= each <= "\x9f")).split())
    assert str(event.get("SUMMARY", "")) == kept
    assert [str(each) for each in event["CATEGORIES"].cats] == [*([kept] if kept else []), "B"]
    assert event["UID"] == "a1.2026-12-31@data.contoh.go.id" and not event.subcomponents
