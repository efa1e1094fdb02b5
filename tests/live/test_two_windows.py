"""Two officers on one draft, in real browsers: typed text is offered again, merged, forgotten."""
from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent))
import two_officers
from browser import phone, signed_in

HELD = "Object.keys(localStorage).filter(name => name.startsWith('satudata:isian:')).length"


class Desk(two_officers.Desk):
    """Both at the whole form."""

    def opens(self, page: Page) -> None:
        page.goto(f"{self.url}/dataset/edit/{self.draft['name']}")
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")

    def saves(self, page: Page) -> None:
        with page.expect_navigation():
            page.click("#dataset-edit .form-actions button[name=save]")


@pytest.fixture
def desk(portal: Any, api_token: str) -> Iterator[Desk]:
    with two_officers.sat_down(
            Desk, portal.url, api_token, "Kunjungan", konsep="Kunjungan", satuan="orang",
            definisi="Semua kedatangan.", temporal_coverage=[{"start": "2025"}]) as found:
        yield found


def test_what_was_left_unsaved_is_offered_merged_and_forgotten(
    desk: Desk, browser: Browser
) -> None:
    with phone(browser) as ani, phone(browser) as budi:
        signed_in(ani, desk.url, desk.names[0], desk.password)
        signed_in(budi, desk.url, desk.names[1], desk.password)
        desk.opens(ani)
        ani.fill("[name=definisi]", "Setengah jadi")
        ani.click("[data-satudata-repeat=temporal_coverage] [data-add]")
        ani.fill("[name='temporal_coverage-1-start']", "2024")
        ani.wait_for_function(f"{HELD} === 1")
        again = ani.context.new_page()  # a closed window
        ani.close()
        desk.opens(budi)
        budi.fill("[name=satuan]", "kunjungan")
        desk.saves(budi)

        desk.opens(again)
        assert again.input_value("[name=definisi]") == "Semua kedatangan."
        again.click(".sd-kept button:first-of-type")
        assert again.input_value("[name=definisi]") == "Setengah jadi"
        desk.saves(again)
        now = desk.now()
        assert (now["definisi"], now["satuan"]) == ("Setengah jadi", "kunjungan")
        assert [each["start"] for each in now["temporal_coverage"]] == ["2025", "2024"]
        assert "Budi Uji" in again.inner_text(".flash-messages")
        assert again.evaluate(HELD) == 0
        desk.opens(again)
        assert again.locator(".sd-kept").count() == 0


def test_signing_out_leaves_nothing_on_a_shared_computer(desk: Desk, browser: Browser) -> None:
    with phone(browser) as page:
        signed_in(page, desk.url, desk.names[0], desk.password)
        desk.opens(page)
        page.fill("[name=definisi]", "Rahasia")
        page.wait_for_function(f"{HELD} === 1")
        page.goto(f"{desk.url}/dataset/")  # a page without the script of forms
        with page.expect_navigation():
            page.evaluate("document.querySelector('form[action*=_logout]').submit()")
        page.wait_for_function(f"{HELD} === 0")


def test_a_session_that_ends_costs_a_sign_in(desk: Desk, browser: Browser) -> None:
    with phone(browser) as page:
        signed_in(page, desk.url, desk.names[0], desk.password)
        desk.opens(page)
        page.fill("[name=definisi]", "Diketik sebelum sesi berakhir")
        page.context.clear_cookies()
        desk.saves(page)
        with page.expect_popup() as opened:
            page.click(".sd-error a[target=_blank]")
        other = opened.value
        signed_in(other, desk.url, desk.names[0], desk.password)
        for _press in range(2):  # the sign-in gave the browser another token
            if page.locator(".sd-error form[method=post] button").count():
                with page.expect_navigation():
                    page.click(".sd-error form[method=post] button")
        assert desk.now()["definisi"] == "Diketik sebelum sesi berakhir"
