"""A grid filled and a table pasted in a real browser, on a small phone and a slow line."""
from __future__ import annotations

import datetime as dt
import io
import json
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent))
from browser import phone, signed_in, throttled
from story_cast import FILLED, Cast

from ckanext.satudata.domain.intake import cells
from ckanext.satudata.domain.intake.cells import WrongCellError

SCHEMA = {"fields": [
    {"name": "tahun", "type": "year"},
    {"name": "kode_kecamatan", "type": "string", "kode_referensi": "wilayah"},
    {"name": "nama_kecamatan", "type": "string"},
    {"name": "jumlah", "type": "integer", "satuan": "kunjungan"},
    {"name": "cakupan", "type": "number", "satuan": "persen"}]}
AREAS = (("36.04.05", "Kramatwatu"), ("36.04.06", "Waringinkurung"), ("36.04.07", "Bojonegara"))
TABLE = "tahun,kode_kecamatan,nama_kecamatan,jumlah,cakupan\n" + "".join(
    f"2025,{code},{name},,\n" for code, name in AREAS)


@pytest.fixture
def dataset(cast: Cast) -> Iterator[dict[str, Any]]:
    """A draft of the OPD with a table to fill."""
    headers = {"Authorization": cast.token("opd")}
    name = f"uji-petak-{secrets.token_hex(4)}"
    url = f"{cast.portal.url}/api/action"
    made = requests.post(f"{url}/package_create", headers=headers, timeout=120, json={
        "name": name, "title": "Kunjungan 2025", "owner_org": cast.agency["id"],
        "temporal_coverage": [{"start": "2025"}], **FILLED}).json()["result"]
    requests.post(f"{url}/resource_create", headers=headers, timeout=120, data={
        "package_id": made["id"], "name": "Kunjungan", "format": "CSV",
        "skema": json.dumps(SCHEMA)}, files={"upload": ("data.csv", io.BytesIO(TABLE.encode()))},
    ).raise_for_status()
    cast.made.append(name)
    yield made


def called(cast: Cast, action: str, **data: Any) -> Any:
    answer = requests.post(f"{cast.portal.url}/api/action/{action}", json=data, timeout=120,
                           headers={"Authorization": cast.token("opd")})
    answer.raise_for_status()
    return answer.json()["result"]


def opened(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_function("window.satudataGrid && window.satudataGrid.ready")


def cell(page: Page, row: int, column: int) -> Any:
    return page.locator(f".tabulator-row:nth-child({row}) [tabulator-field=c{column}]")


def rows(page: Page) -> list[list[str]]:
    return page.evaluate("window.satudataGrid.rows()")


def copied(page: Page, text: str, html: str = "") -> None:
    """Put into the clipboard what a spreadsheet would."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(
        """async ([text, html]) => {
          const held = {'text/plain': new Blob([text], {type: 'text/plain'})};
          if (html) held['text/html'] = new Blob([html], {type: 'text/html'});
          await navigator.clipboard.write([new ClipboardItem(held)]);
        }""", [text, html])


def test_a_grid_is_filled_mended_left_and_handed_in_on_a_phone(
    cast: Cast, browser: Browser, dataset: dict[str, Any]
) -> None:
    url = f"{cast.portal.url}/dataset/{dataset['name']}/petak"
    with phone(browser) as page:
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        signed_in(page, cast.portal.url, cast.name("opd"), cast.password)
        throttled(page)
        opened(page, url)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        cell(page, 1, 3).tap()
        page.keyboard.type("12,5")
        page.keyboard.press("Enter")
        told = page.locator("[data-es-bad-list]")
        assert "Baris 1, Jumlah" in told.inner_text() and "bilangan bulat" in told.inner_text()
        page.locator("[data-es-bad-list] button").tap()
        page.wait_for_function("document.activeElement.className === 'es-input'")
        page.keyboard.type("12500")
        page.keyboard.press("Enter")
        page.locator("[data-es-bad]").wait_for(state="hidden")
        assert rows(page)[0][3] == "12.500"
        copied(page, "7.000\t50,5\n-\t20\n")
        cell(page, 2, 3).tap()
        page.keyboard.press("Control+v")
        page.wait_for_function("window.satudataGrid.rows()[1][4] === '50,5'")
        assert "2 baris, 2 kolom" in page.inner_text("[data-es-told]")
        assert "bisa berarti nol" in told.inner_text()
        page.locator("[data-es-undo]").tap()
        page.wait_for_function("window.satudataGrid.rows()[1][4] === ''")
        page.locator("[data-es-redo]").tap()
        page.locator("[data-es-state][data-state=saved]").wait_for()
        page.close()
        page = page.context.new_page()
        opened(page, url)
        assert rows(page)[1:] == [
            ["2025", "36.04.06", "Waringinkurung", "7.000", "50,5"],
            ["2025", "36.04.07", "Bojonegara", "-", "20"]]
        page.locator("[data-es-submit] button").tap()  # nothing wrong is handed in
        page.wait_for_function("document.activeElement.className === 'es-input'")
        page.keyboard.press("Control+a")
        page.keyboard.type("0")
        page.keyboard.press("Enter")
        page.locator("[data-es-bad]").wait_for(state="hidden")
        with page.expect_navigation(url="**/pemeriksaan"):
            page.locator("[data-es-submit] button").tap()
        assert wrong == []
    (sent,) = called(cast, "satudata_intake_list", id=dataset["id"])["results"]
    assert (sent["way"], sent["state"]) == ("petak", "diterima")
    assert sent["filename"] == f"petak-{dt.datetime.now(dt.timezone.utc):%Y-%m-%d}.csv"
    assert called(cast, "satudata_grid_show", id=dataset["id"])["drafts"] == []


def test_a_line_that_breaks_and_another_person_lose_nothing(
    cast: Cast, browser: Browser, dataset: dict[str, Any]
) -> None:
    url = f"{cast.portal.url}/dataset/{dataset['name']}/petak"
    with phone(browser) as page:
        signed_in(page, cast.portal.url, cast.name("opd"), cast.password)
        opened(page, url)
        page.context.set_offline(True)
        cell(page, 1, 3).tap()
        page.keyboard.type("1")
        page.keyboard.press("Enter")
        page.locator("[data-es-state][data-state=bad]").wait_for()
        page.context.set_offline(False)
        page.locator("[data-es-state][data-state=saved]").wait_for()
        seen = called(cast, "satudata_grid_show", id=dataset["id"])
        assert seen["rows"][0][3] == "1"
        called(cast, "satudata_grid_update", id=dataset["id"], draft_id=seen["draft_id"],
               version=seen["version"], rows=[["2025", "36.04.05", "orang lain", "9", ""]])
        cell(page, 2, 3).tap()
        page.keyboard.type("2")
        page.keyboard.press("Enter")
        page.locator("[data-es-conflict]").wait_for()
        page.locator("[data-es-copy]").tap()
        page.locator("[data-es-conflict]").wait_for(state="hidden")
        drafts = called(cast, "satudata_grid_show", id=dataset["id"])["drafts"]
        kept = {called(cast, "satudata_grid_show", id=dataset["id"], draft_id=each["draft_id"])[
            "rows"][0][2] for each in drafts}
        assert kept == {"Kramatwatu", "orang lain"}


def test_a_table_pasted_from_a_spreadsheet_is_shown_before_it_is_sent(
    cast: Cast, browser: Browser, dataset: dict[str, Any]
) -> None:
    with phone(browser) as page:
        signed_in(page, cast.portal.url, cast.name("opd"), cast.password)
        page.goto(f"{cast.portal.url}/dataset/{dataset['name']}/tempel")
        copied(page, "Kecamatan\tKunjungan\t\nAnyar\t1.234\t5\n", (
            "<table><tr><td>Kecamatan</td><td colspan=2>Kunjungan</td></tr><tr><td>Anyar</td>"
            "<td onclick='x'>1.234</td><td>5</td></tr></table>"))
        page.locator("#tempelan").tap()
        page.keyboard.press("Control+v")
        page.locator("[data-es-preview]").wait_for()
        assert "2 baris, 3 kolom" in page.inner_text("[data-es-count]")
        assert page.locator("[data-es-rows] td[colspan='2']").inner_text() == "Kunjungan"
        assert "colspan" in page.input_value("[data-es-html]")
        assert "onclick" not in page.input_value("[data-es-html]")
        with page.expect_navigation(url="**/pemeriksaan"):
            page.locator("form[data-es-paste] button").tap()
    (sent,) = called(cast, "satudata_intake_list", id=dataset["id"])["results"]
    assert (sent["way"], sent["filename"]) == ("tempel", "tempelan.html")


SAMPLES = (
    "", " 1.234 ", "1 234", "1.234,5", "50.36", "1,234.5", "1,5", "-7", "−7", "+3", "0012", "-0",
    "-", "…", "n/a", "x", "12 orang", "1e5", "٣", "9999999999999999", "2026", "26", "2026-03",
    "3/2026", "Maret 2026", "Mart 2026", "13-2026", "15-03-2026", "5/3/2026", "2026-02-30",
    "15-03-2026 08:30", "2026-03-15T08:30:05", "15-03-2026 25:00", "ya", "Tidak", "benar", "=1+1",
    "a" * 1001, "0,50", "00,5", "1.2.3", "1.234.567", "99.99", "0001-01-01", "a\tb\u00a0 c")


def test_a_cell_means_the_same_on_the_page_and_on_the_server(
    cast: Cast, browser: Browser, dataset: dict[str, Any]
) -> None:
    with phone(browser) as page:
        signed_in(page, cast.portal.url, cast.name("opd"), cast.password)
        opened(page, f"{cast.portal.url}/dataset/{dataset['name']}/petak")
        theirs = page.evaluate(
            """([types, samples]) => {
              const data = JSON.parse(document.querySelector('[data-es-data]').textContent);
              const C = window.satudataCells;
              return types.map(type => samples.map(text => {
                try {
                  const value = C.read(text, type, data.months);
                  return [value, C.shown(value, type)];
                }
                catch (wrong) { return [wrong.code]; }
              }));
            }""", [list(cells.TYPES), list(SAMPLES)])
    assert theirs == [[answered(text, kind) for text in SAMPLES] for kind in cells.TYPES]


def answered(text: str, kind: str) -> list[str]:
    try:
        value = cells.read(text, kind)
    except WrongCellError as wrong:
        return [wrong.code]
    return [value, cells.shown(value, kind)]
