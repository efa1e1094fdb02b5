"""Use of data as it is counted over the wire, by the web processes of a running portal."""
from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

CHROME = ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
          "Chrome/131.0.0.0 Safari/537.36")
ROBOT = "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)"


def ask(address: str, person: int, method: str = "GET", **headers: str) -> tuple[int, Any]:
    """Ask as a person's browser behind the web server of this machine; read all of the answer."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    asked = urllib.request.Request(address, method=method, headers={
        "User-Agent": CHROME, "X-Forwarded-For": f"198.51.100.{person}", **named})
    try:
        with urllib.request.urlopen(asked, timeout=60) as answer:
            answer.read()
            return answer.status, answer.headers
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers


def figures(portal: Any, name: str) -> tuple[int, int]:
    shown = json.loads(portal.get(f"/api/3/action/satudata_usage_show?id={name}"))["result"]
    return shown["views"], shown["downloads"]


def test_people_are_counted_and_what_else_asks_is_not(portal: Any) -> None:
    found = json.loads(portal.get(
        "/api/3/action/package_search?fq=dataset_type:dataset&rows=50"))
    data, file = next(
        (each, resource) for each in found["result"]["results"]
        for resource in each["resources"]
        if resource["url_type"] == "upload" and each["access_rights"] == "terbuka")
    page, name = f"{portal.url}/dataset/{data['name']}", data["name"]
    portal.ckan("satudata", "usage", "settle")
    views, downloads = figures(portal, name)

    for _again in range(3):  # whichever process answers, it is one person's double click
        assert ask(page, 1)[0] == 200
    status, headers = ask(file["url"], 1)
    assert status == 200
    for person in (2, 3):
        assert ask(page, person)[0] == 200
        assert ask(page, person, "HEAD")[0] == 200
        assert ask(page, person + 10, User_Agent=ROBOT)[0] == 200
        assert ask(page, person + 20, Sec_Purpose="prefetch")[0] == 200
        assert ask(file["url"], person, "HEAD")[0] == 200
        assert ask(file["url"], person, User_Agent=ROBOT)[0] == 200
        assert ask(file["url"], person, If_None_Match=headers["ETag"])[0] == 304
        assert ask(file["url"], person, Range="bytes=5-")[0] == 206
    assert ask(file["url"], 4, User_Agent="curl/8.5.0")[0] == 200

    portal.ckan("satudata", "usage", "settle")
    assert figures(portal, name) == (views + 3, downloads + 2)
