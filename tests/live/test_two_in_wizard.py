"""Two officers on one draft in Kirim data, in real browsers: nothing is lost, each is told."""
from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, TimeoutError, expect

sys.path.insert(0, str(Path(__file__).parent))
import two_officers
from browser import phone, signed_in
from messy_book import messy


class Desk(two_officers.Desk):
    """Both in Kirim data, at a draft with a workbook that was read."""

    def opens(self, page: Page, who: int, step: str) -> None:
        """Sign in and go to a step of the draft, as its links lead."""
        signed_in(page, self.url, self.names[who], self.password)
        page.goto(f"{self.url}/kirim/{self.draft['id']}")
        if step:
            goes(page, f"a:has-text('{step}') >> visible=true")


def goes(page: Page, press: str) -> None:
    """Press what leads to another page; again where the browser lost the click.

    On a machine that is very busy Chromium now and then takes a click and tells no form of it. A
    form that was sent and brought no answer is a fault.
    """
    page.evaluate("addEventListener('submit', () => { window.wasSent = true; }, true)")
    try:
        with page.expect_navigation(timeout=40_000):
            page.locator(press).first.click()
    except TimeoutError:
        assert not page.evaluate("window.wasSent"), f"{page.url} was sent and brought no answer"
        with page.expect_navigation(timeout=40_000):
            page.locator(press).first.click()


def hands_in(page: Page, book: Path) -> None:
    """Choose a file; a form that asks nothing else sends itself."""
    with page.expect_navigation(timeout=90_000):
        page.set_input_files("#berkas", str(book))
        if page.locator("[data-upload][data-submit='']").count():
            expect(page.locator("[data-up=numbers]")).to_contain_text("lengkap", timeout=90_000)
            page.locator("button:has-text('Kirim dan baca berkasnya')").click()


@pytest.fixture
def desk(portal: Any, api_token: str, browser: Browser, tmp_path: Path) -> Iterator[Desk]:
    book = tmp_path / "rekap 2025.xlsx"
    book.write_bytes(messy(2025))
    with two_officers.sat_down(Desk, portal.url, api_token, "Jumlah kunjungan") as found:
        with phone(browser) as page:
            found.opens(page, 0, "")
            hands_in(page, book)
        yield found


def test_both_save_other_fields_of_the_last_step(desk: Desk, browser: Browser) -> None:
    with phone(browser) as ani, phone(browser) as budi:
        desk.opens(ani, 0, "Lanjut ke langkah 3")
        desk.opens(budi, 1, "Lanjut ke langkah 3")
        ani.fill("[name=definisi]", "Semua kedatangan.")
        goes(ani, "#isi button[type=submit]")
        budi.fill("[name=jadwal_rilis]", "15-03-2026")
        goes(budi, "#isi button[type=submit]")
        now = desk.now()
        assert (now["definisi"], now["jadwal_rilis"]) == ("Semua kedatangan.", "2026-03-15")
        assert "orang lain mengubah “Definisi”" in budi.inner_text(".flash-messages")
        # The same field: the words of both are in sight, and a person decides.
        for page in (ani, budi):
            page.goto(f"{desk.url}/kirim/{desk.draft['id']}/ajukan?ubah=definisi")
        ani.fill("[name=definisi]", "Kata Ani.")
        goes(ani, "#isi button[type=submit]")
        budi.fill("[name=definisi]", "Kata Budi.")
        goes(budi, "#isi button[type=submit]")
        assert "Kata Ani." in budi.inner_text("#field-definisi-err")
        assert budi.input_value("[name=definisi]") == "Kata Budi."
        assert desk.now()["definisi"] == "Kata Ani."
        goes(budi, "#isi button[type=submit]")
        assert desk.now()["definisi"] == "Kata Budi."


def test_one_answers_while_the_other_replaces_the_file(
    desk: Desk, browser: Browser, tmp_path: Path
) -> None:
    book = tmp_path / "rekap 2025 revisi.xlsx"
    book.write_bytes(messy(2025, weight=1_000))
    with phone(browser) as ani, phone(browser) as budi:
        desk.opens(ani, 0, "Periksa hasil baca")
        ani.get_by_label("Tidak ada atau nol").first.check()
        desk.opens(budi, 1, "Periksa hasil baca")
        goes(budi, ".ip-file a:has-text('Ganti')")
        assert budi.locator("[name=ganti]:checked").get_attribute("value")
        hands_in(budi, book)
        assert "rekap 2025 revisi" in budi.inner_text(".ip-file")
        goes(ani, "button:has-text('Simpan jawaban')")
        assert "diganti sejak Anda membukanya" in ani.inner_text(".flash-messages")
        assert "rekap 2025 revisi" in ani.inner_text(".ip-file")
        assert "pertanyaan" not in ani.inner_text("#ringkas")  # the answer is of use all the same
        # Budi's page is the older one now: what he answers otherwise is his to look at again.
        budi.get_by_label("Data tidak atau belum tersedia").first.check()
        goes(budi, "button:has-text('Simpan jawaban')")
        assert "menjawab pertanyaan yang sama" in budi.inner_text(".flash-messages")
        kept = desk.ask("satudata_recipe_show", id=desk.draft["id"])["recipe"]["tables"]
        assert [code for each in kept for code in each["answers"].values()] == ["nol"]
        listed = desk.ask("satudata_intake_list", id=desk.draft["id"])["results"]
        assert [each["filename"] for each in listed] == ["rekap 2025 revisi.xlsx",
                                                         "rekap 2025.xlsx"]
