"""Who oversees: where everything stands per organization, every number leading to its list."""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from ckan.tests import factories
from test_workflow_pages import browse, cast, soup, walk  # noqa: F401  (fixtures)
from workflow_cast import Cast, Data, call, grant

from ckanext.satudata.workflow.model import Submission

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
OVERSEERS = ("koordinator", "pimpinan", "sekretariat")


@pytest.fixture
def portal(cast: Cast) -> dict[str, Data]:  # noqa: F811
    """One submission of every stage at Dinas Kesehatan, the inspected one late and escalated."""
    made = {state: walk(cast, cast.make(title=f"Data {state}"), state)
            for state in ("draf", "dikembalikan", "diajukan", "diperiksa_walidata", "disetujui",
                          "terbit")}
    late = dt.datetime.now(dt.timezone.utc) - dt.timedelta(days=30)
    model.Session.execute(sa.update(Submission).values(due_at=None))
    model.Session.execute(
        sa.update(Submission).where(Submission.id == made["diperiksa_walidata"]["id"])
        .values(due_at=late, escalated_at=late))
    model.Session.execute(
        sa.update(Submission).where(Submission.id == made["diajukan"]["id"]).values(due_at=late))
    model.Session.commit()
    grant(cast.people["warga"], "sekretariat")
    cast.people["sekretariat"] = cast.people["warga"]
    return made


def numbers(row: Any) -> dict[str, str]:
    return {each["data-l"]: each.get_text().replace(each["data-l"], "").strip()
            for each in row.select("td[data-l]")}


def titles(page: BeautifulSoup) -> set[str]:
    return {each.text for each in page.select("[data-wf-row] h3")}


@pytest.mark.parametrize("who", OVERSEERS)
def test_who_oversees_opens_on_where_everything_stands(
    who: str, portal: dict[str, Data], browse: Any  # noqa: F811
) -> None:
    page = soup(browse(who).get("/tugas", status=200))
    assert page.h1.text == "Pemantauan"
    lead = page.select_one(".sd-lead").text
    assert "5 pengajuan sedang berjalan di 1 perangkat daerah. 2 lewat tenggat." in lead
    assert "1 sudah disampaikan kepada koordinator." in lead
    (row,) = page.select("tbody tr")
    assert numbers(row) == {
        "Draf": "1", "Dikembalikan": "1", "Menunggu pemeriksaan": "1", "Sedang diperiksa": "1",
        "Disetujui": "1", "Lewat tenggat": "2", "Ke koordinator": "1", "Terbit": "1"}
    widths = [float(each["width"].rstrip("%")) for each in row.select("rect")]
    assert widths == [40, 40, 20]


def test_every_number_opens_the_list_it_counts(
    portal: dict[str, Data], browse: Any  # noqa: F811
) -> None:
    browser = browse("koordinator")
    row = soup(browser.get("/tugas", status=200)).select_one("tbody tr")
    wanted = {
        "Draf": {"draf"}, "Dikembalikan": {"dikembalikan"}, "Menunggu pemeriksaan": {"diajukan"},
        "Sedang diperiksa": {"diperiksa_walidata"}, "Disetujui": {"disetujui"},
        "Lewat tenggat": {"diajukan", "diperiksa_walidata"},
        "Ke koordinator": {"diperiksa_walidata"}, "Terbit": {"terbit"}}
    for name, states in wanted.items():
        link = row.select_one(f'td[data-l="{name}"] a')["href"]
        listed = soup(browser.get(link, status=200))
        assert titles(listed) == {f"Data {state}" for state in states}, name
        assert listed.select_one(".wf-set").text, "what is filtered is said"
    everything = soup(browser.get(row.select_one("th a")["href"], status=200))
    assert len(titles(everything)) == 5


def test_an_organization_without_anything_under_way_is_only_counted(
    cast: Cast, browse: Any  # noqa: F811
) -> None:
    page = soup(browse("koordinator").get("/tugas", status=200))
    assert page.select_one("table") is None
    assert page.select_one(".sd-empty b").text == "Tidak ada yang sedang berjalan"
    walk(cast, cast.make(), "terbit")
    page = soup(browse("koordinator").get("/tugas", status=200))
    assert page.select_one("table") is None and page.select_one(".sd-empty a")


def test_the_most_overdue_organization_stands_on_top_and_all_are_added_up(
    cast: Cast, portal: dict[str, Data], browse: Any  # noqa: F811
) -> None:
    call("package_create", cast.boss, title="Data lain", owner_org=cast.other, state="active")
    rows = soup(browse("pimpinan").get("/tugas", status=200)).select("tr")
    assert [each.th.text for each in rows[1:]] == ["Dinas Kesehatan", "Dinas Sosial", "Semua"]
    assert numbers(rows[-1])["Draf"] == "2"


def test_a_koordinator_who_also_works_for_an_opd_keeps_both(
    cast: Cast, portal: dict[str, Data], browse: Any  # noqa: F811
) -> None:
    call("organization_member_create", cast.boss, id=cast.opd,
         username=cast.koordinator["name"], role="admin")
    browser = browse("koordinator")
    page = soup(browser.get("/tugas", status=200))
    assert page.h1.text == "Pemantauan" and page.select_one("tbody tr")
    assert "Perlu Anda kerjakan2" in [each.text for each in page.select(".sd-tabs a")]
    own = soup(browser.get("/tugas?kotak=menunggu_saya", status=200))
    assert {each.text.split(":")[0] for each in own.select(".wf-do .sd-btn")} == {
        "Lanjutkan", "Perbaiki"}


@pytest.mark.parametrize("who", ["produsen", "anggota", "pembina", "ppid"])
def test_who_oversees_nothing_has_no_overview(
    who: str, portal: dict[str, Data], browse: Any  # noqa: F811
) -> None:
    browser = browse(who)
    page = soup(browser.get("/tugas?kotak=ringkasan", status=200))
    assert page.h1.text == "Tugas saya" and page.select_one(".wf-overview") is None
    assert "Ringkasan" not in [each.text for each in page.select(".sd-tabs a")]


# ------------------------------------------------------------------------ sysadmins


def test_being_sysadmin_makes_nobodys_work_ones_own(
    cast: Cast, portal: dict[str, Data], browse: Any  # noqa: F811
) -> None:
    other = factories.Sysadmin()
    cast.people["other_boss"] = other
    browser = browse("other_boss")
    assert soup(browser.get("/tugas", status=200)).select_one(".wf-overview") is not None
    assert titles(soup(browser.get("/tugas?kotak=menunggu_saya", status=200))) == set()
    grant(other, "pembina_data", "statistik")
    page = soup(browser.get("/tugas", status=200))
    assert page.select_one(".wf-overview") is not None, "a role without work: still the overview"
    call("organization_member_create", cast.boss, id=cast.opd, username=other["name"],
         role="editor")
    page = soup(browser.get("/tugas", status=200))
    assert titles(page) == {"Data draf", "Data dikembalikan"}


# ----------------------------------------------------------------------- many at once


def test_the_bar_for_many_offers_what_two_rows_have_in_common(
    cast: Cast, browse: Any  # noqa: F811
) -> None:
    browser = browse("walidata")

    def buttons(box: str = "menunggu_saya") -> tuple[set[str], int]:
        page = soup(browser.get(f"/tugas?kotak={box}", status=200))
        return ({each["value"] for each in page.select("[name=tindakan]")},
                len(page.select("input[name=pilih]")))

    cast.make(title="Draf saja")
    assert buttons("menunggu_lain") == (set(), 0)
    first = walk(cast, cast.make(), "diajukan")
    assert buttons() == (set(), 0), "one alone is opened, not ticked"
    inspected = walk(cast, cast.make(), "diperiksa_walidata")
    assert buttons() == (set(), 0), "two with nothing in common"
    walk(cast, cast.make(), "diajukan")
    assert buttons() == ({"periksa"}, 2)
    cast.step(cast.walidata, first["id"], "periksa")
    assert buttons() == ({"alihkan", "setujui", "kembalikan"}, 2)
    call("satudata_finding_create", cast.walidata, id=inspected["id"], principle="metadata",
         severity="wajib", message="Definisi belum lengkap")
    assert buttons() == ({"alihkan", "kembalikan"}, 2), "what may not be approved is not offered"


def test_the_list_tells_which_are_escalated(cast: Cast, portal: dict[str, Data]) -> None:  # noqa: F811
    def found(**more: Any) -> set[str]:
        return {each["state"] for each in call(
            "satudata_submission_list", cast.koordinator, box="berjalan", **more)["results"]}

    assert found(escalated=True) == {"diperiksa_walidata"}
    assert found(escalated=False) == {"draf", "dikembalikan", "diajukan", "disetujui"}
