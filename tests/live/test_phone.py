"""Pages on a small phone: nothing sticks out, nothing fails, nothing is asked of another host."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

sys.path.insert(0, str(Path(__file__).parent))
from browser import PHONE, phone

PUBLIC = ("/", "/dataset/", "/organization/", "/user/login", "/kode-referensi",
          "/dataset/contoh-stunting", "/dataset/contoh-pelayanan-ibu-hamil/versi")


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_fits(portal: Any, browser: Browser, path: str) -> None:
    with phone(browser) as page:
        assert looked(page, portal.url, path) == []


def looked(page: Page, url: str, path: str) -> list[str]:
    """Open a page and return what is wrong with it."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("request", lambda asked: wrong.append(f"asks {asked.url}")
            if urlsplit(asked.url).netloc not in ("", urlsplit(url).netloc) else None)
    page.on("response", lambda answer: wrong.append(f"{answer.status} {answer.url}")
            if answer.status >= 400 else None)
    page.goto(url + path)
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > PHONE[0]:
        wrong.append(f"{width} px wide")
    return wrong
