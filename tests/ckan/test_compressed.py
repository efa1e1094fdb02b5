"""Styles and scripts come compressed to whoever takes that, and nothing else does."""
from __future__ import annotations

import gzip
import re
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("with_plugins")
TAKES = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def files(app: Any) -> list[str]:
    """The styles and scripts of the first page."""
    page = app.test_client().get("/user/login").get_data(as_text=True)
    found = re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js)(?:\?[^"]*)?)"', page)
    assert any(each.startswith("/webassets/") for each in found) and len(found) > 3
    return found


def test_each_style_and_script_is_smaller_and_the_same(app: Any, files: list[str]) -> None:
    browser, plain, packed = app.test_client(), 0, 0
    for path in files:
        whole = browser.get(path)
        small = browser.get(path, headers=TAKES)
        assert "Content-Encoding" not in whole.headers
        assert "Accept-Encoding" in whole.headers["Vary"], "for caches on the way"
        if len(whole.data) < 500:
            continue
        assert small.headers["Content-Encoding"] == "gzip", path
        assert "Accept-Encoding" in small.headers["Vary"]
        assert gzip.decompress(small.data) == whole.data
        assert int(small.headers["Content-Length"]) == len(small.data)
        assert small.headers["ETag"] != whole.headers["ETag"]
        plain, packed = plain + len(whole.data), packed + len(small.data)
    assert packed < plain / 3


def test_what_a_browser_has_is_not_sent_again(app: Any, files: list[str]) -> None:
    browser = app.test_client()
    for headers in ({}, TAKES):
        first = browser.get(files[0], headers=headers)
        again = browser.get(files[0], headers={**headers, "If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304 and not again.data
        assert again.headers["ETag"] == first.headers["ETag"]
        assert "Accept-Encoding" in again.headers["Vary"]


def test_a_part_of_a_file_and_who_takes_no_gzip_get_it_as_it_is(
    app: Any, files: list[str]
) -> None:
    browser = app.test_client()
    part = browser.get(files[0], headers={**TAKES, "Range": "bytes=0-99"})
    assert part.status_code == 206 and len(part.data) == 100
    assert "Content-Encoding" not in part.headers
    for said in ("identity", "gzip;q=0", "br", ""):
        assert "Content-Encoding" not in browser.get(
            files[0], headers={"Accept-Encoding": said}).headers
    assert "Content-Encoding" not in browser.head("/base/images/ckan.ico", headers=TAKES).headers


def test_pages_and_answers_of_the_api_are_not_compressed(app: Any) -> None:
    for path in ("/user/login", "/api/3/action/status_show", "/api/i18n/id"):
        answer = app.test_client().get(path, headers=TAKES)
        assert answer.status_code == 200 and "Content-Encoding" not in answer.headers, path
