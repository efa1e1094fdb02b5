"""Release schedule and Data Prioritas as people, calendars and programs get them."""
from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from freezegun import freeze_time
from icalendar import Calendar
from lxml import etree
from publishing import publish

pytestmark = pytest.mark.usefixtures("with_plugins")
Data = dict[str, Any]
ATOM = {"a": "http://www.w3.org/2005/Atom"}
HOSTILE = 'Gizi; <b>"balita"</b>, \\n & 😀'


@pytest.fixture(scope="module")
def made() -> list[Data]:
    return []


@pytest.fixture(autouse=True)
def cast(made: list[Data], request: pytest.FixtureRequest) -> Iterator[dict[str, Data]]:
    """Four datasets: one ahead, one late, one draft, one that promised nothing."""
    if not made:
        for name in ("clean_db", "clean_index"):
            request.getfixturevalue(name)
        organization = factories.Organization(title="Dinas Kesehatan")

        def dataset(title: str, public: bool = True, **fields: Any) -> Data:
            given = factories.Dataset(
                title=title, owner_org=organization["id"], urusan=["1.02"], frequency="tahunan",
                temporal_coverage=[{"start": "2024-01-01", "end": "2024-12-31"}], **fields)
            return publish(given) if public else given

        made.append({
            "ahead": dataset(HOSTILE, jadwal_rilis="2027-03-15", prioritas_tahun=["2026", "2027"],
                             kriteria_prioritas="sdgs"),
            "late": dataset("Stunting", jadwal_rilis="2025-03-15", prioritas_tahun=["2025"],
                            kriteria_prioritas="mendesak"),
            "draft": dataset("Rahasia zqdraf", False, jadwal_rilis="2026-12-31",
                             prioritas_tahun=["2026"]),
            "silent": dataset("Tanpa janji", jadwal_rilis=""),
            "organization": organization,
        })
    with freeze_time("2026-11-22"):
        yield made[0]


def titles(found: Data) -> list[str]:
    return [(each.get("dataset") or each)["title"] for each in found["results"]]


def ask(name: str, **asked: Any) -> Data:
    return helpers.call_action(name, {"user": "", "ignore_auth": False}, **asked)


def test_the_schedule_says_what_is_late(cast: dict[str, Data]) -> None:
    found = ask("satudata_jadwal_rilis_list")
    assert [(each["date"], each["status"], each["days_late"]) for each in found["results"]] == [
        ("2025-03-15", "terbit", 0), ("2026-03-15", "terlambat", 252),
        ("2027-03-15", "terjadwal", 0)]
    assert found["count"] == 3
    assert found["counts"] == {"terlambat": 1, "terjadwal": 1, "terbit": 1}
    ahead = found["results"][2]
    assert ahead["dataset"]["organization"]["title"] == "Dinas Kesehatan"
    assert ahead["period"] == {"start": "2025-01-01", "end": "2025-12-31"}
    assert ahead["uid"] == f"{cast['ahead']['id']}.2025-12-31"


def test_each_filter_narrows_it(cast: dict[str, Data]) -> None:
    def found(**asked: Any) -> list[str]:
        return titles(ask("satudata_jadwal_rilis_list", **asked))

    assert found(year=2027) == found(prioritas="2027") == [HOSTILE]
    assert found(status="terlambat") == found(year="2026") == ["Stunting"]
    assert found(kriteria="mendesak", status="terbit,terlambat") == ["Stunting"] * 2
    assert len(found(urusan="Kesehatan", organization=cast["organization"]["name"])) == 3
    assert found(urusan="1.03") == found(organization="lain") == []
    assert found(since="2026-03-16", until="2027-03-15") == [HOSTILE]
    assert found(limit=1, offset=1) == ["Stunting"] and found(limit=0) == []


@pytest.mark.parametrize("asked", [
    {"year": "kini"}, {"since": "15-03-2026"}, {"urusan": "9.99"}, {"status": "batal"},
    {"prioritas": "semua"}, {"limit": 1001}, {"limit": -1}, {"offset": "x"},
    {"organization": ["a"]}, {"organization": "a\x00"}, {"kriteria": "k" * 5000},
])
def test_what_there_is_not_is_refused(asked: Data) -> None:
    for name in ("satudata_jadwal_rilis_list", "satudata_data_prioritas_list"):
        with pytest.raises(tk.ValidationError):
            ask(name, **asked)


def test_a_draft_is_in_none_of_it(app: Any, cast: dict[str, Data]) -> None:
    admin = factories.SysadminWithToken()
    for path in ("/jadwal-rilis", "/jadwal-rilis?tahun=2026", "/jadwal-rilis.ics",
                 "/jadwal-rilis.json", "/data-prioritas", "/data-prioritas.json",
                 "/data-prioritas.atom", "/data-prioritas.csv",
                 "/api/action/satudata_jadwal_rilis_list",
                 "/api/action/satudata_data_prioritas_list"):
        for headers in ({}, {"Authorization": admin["token"]}):
            body = app.get(path, headers=headers).body
            assert "zqdraf" not in body and "Stunting" in body, path


def test_what_is_withdrawn_is_gone_at_once(app: Any, cast: dict[str, Data]) -> None:
    model.Session.execute(sa.update(model.Package).where(
        model.Package.id == cast["late"]["id"]).values(private=True))
    try:
        assert titles(ask("satudata_jadwal_rilis_list")) == [HOSTILE]
        assert titles(ask("satudata_data_prioritas_list")) == [HOSTILE]
    finally:
        model.Session.rollback()


def test_what_was_read_before_is_not_told_again(cast: dict[str, Data]) -> None:
    """Neither a dataset's new words nor its producer's, by whatever way they were written."""
    datasets, groups = model.Package.__table__, model.Group.__table__
    assert "Stunting" in titles(ask("satudata_jadwal_rilis_list"))
    model.Session.execute(sa.update(datasets).where(
        datasets.c.id == cast["late"]["id"]).values(title="Nama baru"))
    try:
        found = ask("satudata_jadwal_rilis_list", status="terlambat")["results"][0]
        assert found["dataset"]["title"] == "Nama baru"
        model.Session.execute(sa.update(groups).where(
            groups.c.id == cast["organization"]["id"]).values(title="Dinas baru"))
        found = ask("satudata_jadwal_rilis_list", status="terlambat")["results"][0]
        assert found["dataset"]["organization"]["title"] == "Dinas baru"
    finally:
        model.Session.rollback()
    assert "Stunting" in titles(ask("satudata_jadwal_rilis_list"))


def test_the_page_leads_to_each_dataset_and_to_the_calendar(app: Any) -> None:
    soup = BeautifulSoup(app.get("/jadwal-rilis").body, "html.parser")
    assert [each.get_text() for each in soup.select("a.home-title")] == ["Stunting", HOSTILE]
    assert [each.get_text() for each in soup.select(".pl-month > h2")] == [
        "Maret 2026", "Maret 2027"]
    assert "Terlambat 252 hari" in soup.get_text()
    assert soup.select_one('a[href^="webcal://"][href$="/jadwal-rilis.ics"]')
    assert soup.select_one('link[type="text/calendar"]')
    year = BeautifulSoup(app.get("/jadwal-rilis?tahun=2025&status=").body, "html.parser")
    assert "Sudah terbit" in year.select_one(".pl-month").get_text()
    assert year.select_one('.pl-years a[aria-current="page"]').get_text() == "2025"
    none = app.get("/jadwal-rilis?tahun=2031").body
    assert "Tidak ada rilis yang cocok" in none
    wrong = app.get("/jadwal-rilis?status=entah", status=400)
    assert "Status yang ada" in wrong.body and "Hapus saringan" in wrong.body


def test_the_calendar_is_read_by_a_calendar(app: Any, cast: dict[str, Data]) -> None:
    answer = app.get("/jadwal-rilis.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    of = Calendar.from_ical(answer.data)
    assert of["X-WR-TIMEZONE"] == "Asia/Jakarta"
    found = {str(each["UID"]).partition("@")[0]: each for each in of.events}
    assert len(found) == 2  # what came out more than a year ago is no news
    every = Calendar.from_ical(app.get("/jadwal-rilis.ics?since=2000-01-01").data).events
    assert len(every) == 3
    ahead = found[f"{cast['ahead']['id']}.2025-12-31"]
    assert str(ahead["SUMMARY"]) == HOSTILE
    assert ahead["URL"].endswith(f"/dataset/{cast['ahead']['name']}")
    assert {"Dinas Kesehatan", "Kesehatan", "Data Prioritas"} == {
        str(each) for each in ahead["CATEGORIES"].cats}
    late = found[f"{cast['late']['id']}.2025-12-31"]
    assert str(late["SUMMARY"]) == "Terlambat: Stunting" and late["STATUS"] == "TENTATIVE"
    again = app.get("/jadwal-rilis.ics", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert len(Calendar.from_ical(app.get("/jadwal-rilis.ics?opd=lain").data).events) == 0
    assert "Tahun" in json.dumps(app.get("/jadwal-rilis.ics?tahun=x", status=400).json)


def test_data_prioritas_in_every_form(app: Any, cast: dict[str, Data]) -> None:
    found = app.get("/data-prioritas.json?kriteria=sdgs").json
    assert found == ask("satudata_data_prioritas_list", kriteria="sdgs")
    [one] = found["results"]
    assert one["prioritas_tahun"] == ["2026", "2027"] and one["status"] == "terbit"
    assert one["next"]["date"] == "2027-03-15"
    assert titles(app.get("/data-prioritas.json?tahun=2025").json) == ["Stunting"]
    assert titles(app.get("/data-prioritas.json?status=terlambat").json) == ["Stunting"]
    rows = list(csv.DictReader(io.StringIO(app.get("/data-prioritas.csv").body)))
    assert [(row["judul"], row["hari_terlambat"]) for row in rows] == [
        (HOSTILE, "0"), ("Stunting", "252")]
    page = BeautifulSoup(app.get("/data-prioritas").body, "html.parser")
    assert [each.get_text() for each in page.select("table th[scope=row] a")] == [
        HOSTILE, "Stunting"]
    assert "Tujuan pembangunan berkelanjutan" in page.get_text()


def test_the_feed_is_atom_with_what_changed_last_first(app: Any, cast: dict[str, Data]) -> None:
    answer = app.get("/data-prioritas.atom")
    feed = etree.fromstring(answer.data)
    assert feed.xpath("a:entry/a:title/text()", namespaces=ATOM) == ["Stunting", HOSTILE]
    [newest, *_] = feed.xpath("a:entry/a:updated/text()", namespaces=ATOM)
    assert feed.xpath("a:updated/text()", namespaces=ATOM) == [newest]
    assert feed.xpath("a:entry[2]/a:id/text()", namespaces=ATOM)[0].endswith(cast["ahead"]["id"])
    assert feed.xpath("a:link[@rel='self']/@href", namespaces=ATOM)[0].endswith(
        "/data-prioritas.atom")
    assert app.get("/data-prioritas.atom", headers={
        "If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_control_character_breaks_no_feed(app: Any, cast: dict[str, Data]) -> None:
    table = model.Package.__table__
    title = "Rusak\x0b\x1b\n=cmd()"
    model.Session.execute(sa.update(table).where(table.c.id == cast["late"]["id"]).values(
        title=title))
    model.Session.commit()
    try:
        etree.fromstring(app.get("/data-prioritas.atom").data)
        assert len(Calendar.from_ical(app.get("/jadwal-rilis.ics").data).events) == 2
        assert app.get("/jadwal-rilis").status_code == 200
    finally:
        model.Session.execute(sa.update(table).where(table.c.id == cast["late"]["id"]).values(
            title="Stunting"))
        model.Session.commit()
