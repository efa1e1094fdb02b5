"""The guide for who harvests this catalog says addresses that answer."""
from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from publishing import published

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
SITE = "http://test.ckan.net"


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_address_in_the_guide_answers(app: Any, language: str) -> None:
    made = published()
    page = BeautifulSoup(app.get(f"{language}/panduan/memanen").body, "html.parser")
    text = page.select_one(".sd-guide").get_text()
    assert "{{" not in text
    named = set(re.findall(rf"{SITE}(/[^\s'\"<>`{{}}]*)", text)) | set(
        re.findall(r"(?<![\w/])(/(?:catalog|data\.json|nasional|dataset)[^\s'\"<>`]*)", text))
    assert len(named) > 10
    for each in sorted(named):
        path = re.sub(r"since=\d+", "since=0", each.rstrip(".,:;)")).replace("<id>", made["id"])
        if "…" in path or "{" in path or path.count("/dataset/8") or path.endswith("/dataset/"):
            continue
        assert app.get(path, headers={"Accept": "*/*"}).status_code == 200, path


def test_who_comes_to_the_catalog_with_a_browser_is_led_to_it(app: Any) -> None:
    answer = app.get("/catalog", headers={"Accept": "text/html"}, follow_redirects=False)
    assert answer.status_code == 302 and answer.headers["Location"].endswith("/panduan/memanen")
    assert app.get("/nasional", follow_redirects=False).status_code == 302
