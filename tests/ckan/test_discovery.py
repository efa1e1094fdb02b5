"""How search engines and browsers find their way: sitemap, robots.txt, OpenSearch."""
from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from lxml import etree
from publishing import publish, published

from ckanext.satudata.pages import sitemap_views

pytestmark = pytest.mark.usefixtures("with_plugins")
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9",
         "o": "http://a9.com/-/spec/opensearch/1.1/"}


def read(app: Any, address: str) -> Any:
    parts = urlsplit(address)
    answer = app.get(parts.path + (f"?{parts.query}" if parts.query else ""))
    assert answer.headers["Content-Type"].startswith("application/")
    return etree.fromstring(answer.data)


def places(document: Any) -> list[str]:
    return document.xpath("//s:loc/text()", namespaces=NAMES)


def walk(app: Any) -> list[str]:
    return [each for address in places(read(app, "/sitemap.xml"))
            for each in places(read(app, address))]


@pytest.mark.usefixtures("clean_db", "clean_index")
def test_every_public_page_is_in_the_sitemap_and_nothing_else(
    app: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sitemap_views, "SIZE", 2)
    organization = factories.Organization(name="dinkes")
    shown = [published(owner_org=organization["id"]) for _ in range(3)]
    for kind in ("kegiatan", "indikator"):
        shown.append(publish(factories.Dataset(type=kind, owner_org=organization["id"])))
    draft = factories.Dataset(owner_org=organization["id"])
    harvest = factories.Dataset(owner_org=organization["id"])
    tk.get_action("package_delete")(
        {"user": factories.Sysadmin()["name"]}, {"id": harvest["id"]})
    documents = places(read(app, "/sitemap.xml"))
    assert len(documents) == 1 + 3  # five data, two a page
    found = walk(app)
    site = tk.config["ckan.site_url"].rstrip("/")
    data = [each for each in found if each.split("/")[-2] in ("dataset", "kegiatan", "indikator")
            and each.split("/")[-1]]
    assert sorted(data) == sorted(
        f"{site}{language}/{each['type']}/{each['name']}" for each in shown
        for language in ("", "/en"))
    assert len(set(found)) == len(found)
    assert not any(each["name"] in address for each in (draft, harvest) for address in found)
    assert f"{site}/organization/dinkes" in found and f"{site}/kode-referensi/wilayah" in found
    for address in found:
        if "/kode-referensi/" not in address:
            assert app.get(urlsplit(address).path, follow_redirects=False).status_code == 200, (
                address)


def test_robots_are_told_where_the_sitemap_is(app: Any) -> None:
    body = app.get("/robots.txt").body
    assert body.rstrip().endswith(f"Sitemap: {tk.config['ckan.site_url'].rstrip('/')}/sitemap.xml")
    assert "Disallow: /api/" in body  # CKAN's own stays


@pytest.mark.parametrize("after", ["", "zzz", "%00", "x" * 5000, "'; DROP TABLE package --"])
def test_a_page_that_is_not_there_is_empty(app: Any, after: str) -> None:
    assert app.get(f"/sitemap/data.xml?sesudah={after}").status_code == 200


def test_browsers_learn_to_search(app: Any) -> None:
    page = BeautifulSoup(app.get("/about").body, "html.parser")
    link = page.select_one('link[rel="search"]')
    answer = app.get(link["href"])
    assert answer.headers["Content-Type"].startswith(link["type"])
    made = etree.fromstring(answer.data)
    assert len(made.findtext("o:ShortName", namespaces=NAMES)) <= 16
    kinds = {each.get("type"): each.get("template") for each in made.findall("o:Url", NAMES)}
    for kind in ("text/html", "application/atom+xml", "application/json"):
        address = urlsplit(kinds[kind])
        for terms in ("air", "", "%22a%20b%22%20OR%20%26%3C"):
            found = app.get(f"{address.path}?{address.query}".replace("{searchTerms}", terms))
            assert found.status_code == 200 and kind in found.headers["Content-Type"], terms
