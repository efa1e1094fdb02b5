"""Periods are read as titles write them, and go on as calendars do."""
from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata.domain.intake.periods import (
    STEPS,
    Period,
    Step,
    coverage,
    day_of,
    following,
    later,
    named,
    of_text,
)
from ckanext.satudata.domain.vocabulary import get


def span(start: str, end: str = "") -> Period:
    found = coverage([{"start": start, "end": end}])
    assert found is not None
    return found


@pytest.mark.parametrize(("written", "first", "last"), [
    ("2025", date(2025, 1, 1), date(2025, 12, 31)),
    ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
    ("2025-03-31", date(2025, 3, 31), date(2025, 3, 31)),
    ("2025-03-31T08:00:00+07:00", date(2025, 3, 31), date(2025, 3, 31)),
])
def test_a_year_a_month_and_a_day_are_read(written: str, first: date, last: date) -> None:
    assert (day_of(written), day_of(written, last=True)) == (first, last)


@pytest.mark.parametrize("written", [
    None, "", 2025, "25", "2025-13", "2025-02-30", "0000", "9999", "setiap tahun", ["2025"]])
def test_what_is_no_period_is_none(written: object) -> None:
    assert day_of(written) is None


@pytest.mark.parametrize(("groups", "expected"), [
    ([{"start": "2025"}], Period(date(2025, 1, 1), date(2025, 12, 31))),
    ([{"start": "2021-01-01", "end": "2025-12-31"}], Period(date(2021, 1, 1), date(2025, 12, 31))),
    ([{"start": "2023"}, {"start": "2025", "end": ""}],
     Period(date(2023, 1, 1), date(2025, 12, 31))),
    ([{"start": "2025", "end": "2024"}], None), ([], None), (None, None), ("2025", None),
    ([{"end": "2025"}], None), (["2025"], None),
])
def test_the_whole_of_a_coverage_counts(groups: object, expected: Period | None) -> None:
    assert coverage(groups) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("Jumlah penduduk menurut kecamatan tahun 2025", span("2025")),
    ("KUNJUNGAN PUSKESMAS TAHUN 2021-2025", span("2021", "2025")),
    ("Panjang jalan, 2024/2025", span("2024", "2025")),
    ("Harga rata-rata Oktober 2026", span("2026-10")),
    ("Balita stunting Semester I 2026", span("2026-01", "2026-06")),
    ("Produksi perikanan Triwulan III Tahun 2026", span("2026-07", "2026-09")),
    ("Realisasi TW 2 2026", span("2026-04", "2026-06")),
    ("Keadaan 31 Desember 2025", span("2025-12-31")),
    ("Data tanpa tahun", None), ("Tahun 2024 dan tahun 2025", None),
    ("Perda 5 tentang 1.2025 hal", None), ("Januari 2025 sampai Maret 2025", None),
    ("Semester III 2025", None), ("Tanggal 31 Februari 2025", None), ("120251", None),
])
def test_a_title_names_one_period_or_none(text: str, expected: Period | None) -> None:
    assert of_text(text) == expected


def test_every_frequency_of_the_vocabulary_has_a_step_or_surely_none() -> None:
    without = {"waktu_nyata", "lebih_dua_tahunan", "sekali", "sewaktu_waktu"}
    assert {each.code for each in get("frekuensi")} - set(STEPS) == without


@pytest.mark.parametrize(("covered", "frequency", "expected"), [
    (span("2025"), "tahunan", span("2026")),
    (span("2021", "2025"), "tahunan", span("2026")),
    (span("2025-12-31"), "tahunan", span("2026-12-31")),
    (span("2025-07", "2026-06"), "tahunan", span("2026-07", "2027-06")),
    (span("2026-01", "2026-06"), "semesteran", span("2026-07", "2026-12")),
    (span("2026-01"), "bulanan", span("2026-02")),
    (span("2026-02"), "triwulanan", span("2026-05")),
    (span("2024"), "dua_tahunan", span("2026")),
    (span("2020"), "sepuluh_tahunan", span("2030")),
    (span("2026-11-21"), "harian", span("2026-11-22")),
    (span("2026-11-16", "2026-11-22"), "mingguan", span("2026-11-23", "2026-11-29")),
])
def test_the_next_period_follows(covered: Period, frequency: str, expected: Period) -> None:
    assert following(covered, STEPS[frequency]) == expected


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 4000),
       st.sampled_from(sorted(STEPS)))
def test_what_follows_never_overlaps_and_never_stands_still(
    start: date, days: int, frequency: str
) -> None:
    covered = Period(start, start + timedelta(days))
    found = following(covered, STEPS[frequency])
    assert found is not None
    assert found.start > covered.end
    assert found.end >= found.start


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_the_end_of_a_month_stays_one(day: date, months: int) -> None:
    end = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    found = later(end, Step(months))
    assert found is not None
    assert found.day == calendar.monthrange(found.year, found.month)[1]


def test_the_end_of_time_is_no_error() -> None:
    assert later(date(2199, 6, 1), Step(12)) is None
    assert later(date(2199, 6, 1), Step(days=1), 1000) is None
    assert following(span("2199"), STEPS["tahunan"]) is None


@pytest.mark.parametrize(("period", "said"), [
    (span("2026"), "2026"), (span("2021", "2025"), "2021–2025"), (span("2026-10"), "Oktober 2026"),
    (span("2026-07", "2026-09"), "Triwulan III 2026"),
    (span("2026-07", "2026-12"), "Semester II 2026"),
    (span("2025-12-31"), "31 Desember 2025"),
    (span("2025-07", "2026-06"), "Juli 2025 sampai Juni 2026"),
    (span("2026-11-16", "2026-11-22"), "16 November 2026 sampai 22 November 2026"),
])
def test_periods_have_the_names_people_use(period: Period, said: str) -> None:
    assert named(period).text() == said
