"""A link from a chat, opened on a small phone on a slow line: sent, asked, mended, sent again."""
from __future__ import annotations

import io
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import requests
from playwright.sync_api import Browser, Page, expect

sys.path.insert(0, str(Path(__file__).parent))
from browser import PHONE, phone, throttled
from story_cast import FILLED, Cast

expect.set_options(timeout=60_000)


def sheet(dash: Any, total: int, note: str = "") -> bytes:
    """A sheet made for printing: a title, column numbers, men and women, a sum, a note below."""
    book = openpyxl.Workbook()
    page = book.active
    for row in (["REKAPITULASI KUNJUNGAN TAHUN 2026"], [], ["NO", "KECAMATAN", "L", "P", "JUMLAH"],
                ["(1)", "(2)", "(3)", "(4)", "(5)"], [1, "Anyar", 12, 14, 26],
                [2, "Cinangka", 9, dash, 9], [3, "Bojonegara", 21, 19, 40],
                [None, "JUMLAH", 42, total - 42, total], [note]):
        page.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


@pytest.fixture
def link(cast: Cast) -> Iterator[dict[str, Any]]:
    """A link to hand in by for a draft of the OPD."""
    headers = {"Authorization": cast.token("opd")}
    name = f"uji-tautan-{secrets.token_hex(4)}"
    url = f"{cast.portal.url}/api/action"
    made = requests.post(f"{url}/package_create", headers=headers, timeout=120, json={
        "name": name, "title": "Kunjungan 2026", "owner_org": cast.agency["id"], **FILLED}).json()
    cast.made.append(name)
    answer = requests.post(
        f"{url}/satudata_upload_link_create", timeout=120,
        headers={"Authorization": cast.token("walidata")},
        json={"id": made["result"]["id"], "label": "Puskesmas Cikande", "days": 7})
    answer.raise_for_status()
    yield answer.json()["result"]


def sent(page: Page, content: bytes, button: str) -> None:
    page.set_input_files("input[type=file]", {
        "name": "Rekap FIX.xlsx", "buffer": content,
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"})
    page.get_by_role("button", name=button, exact=True).click()
    # The page loads itself again until the file is read.
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(0)
    expect(page.locator("h2#hasil")).to_contain_text("terbaca")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth") <= PHONE[0])


def test_a_file_is_sent_answered_and_mended_without_an_account(
    browser: Browser, link: dict[str, Any]
) -> None:
    with phone(browser) as page:
        throttled(page)
        page.goto(link["url"])
        assert fits(page)
        sent(page, sheet("-", 75, "NIK petugas 3604120101900001"), "Kirim")
        ask = page.locator(".ip-ask")
        expect(ask).to_have_count(1)
        expect(ask.locator("h3")).to_have_text("Tanda “-” di kolom “P” (D), artinya apa?")
        ask.get_by_text("Tidak ada atau nol").tap()
        page.get_by_role("button", name="Simpan jawaban").tap()
        # Asked no more: what is left is the catatan, and the answer stays to be changed.
        expect(page.locator("section.ts-sum")).to_contain_text("Ada 1 catatan yang wajib")
        expect(page.locator(".ip-ask input:checked")).to_have_count(1)
        must = page.locator(".ip-part > .ip-notes .sd-finding")
        expect(must).to_have_count(1)
        assert "NIK" in must.inner_text() and "sel A9" in must.inner_text()
        assert fits(page)
        sent(page, sheet(0, 75), "Kirim perbaikan")
        expect(must).to_have_count(0)
        page.goto(link["url"])
        expect(page.locator(".ts-list")).to_contain_text("Rekap FIX.xlsx")


def test_a_link_taken_back_says_whom_to_ask(
    browser: Browser, cast: Cast, link: dict[str, Any]
) -> None:
    requests.post(f"{cast.portal.url}/api/action/satudata_upload_link_revoke", timeout=120,
                  headers={"Authorization": cast.token("walidata")},
                  json={"id": link["id"]}).raise_for_status()
    with phone(browser) as page:
        throttled(page)
        answer = page.goto(link["url"])
        assert answer is not None and answer.status == 410
        assert "minta tautan baru" in page.inner_text("main, [role=main]")
        assert fits(page)
