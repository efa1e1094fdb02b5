"""Sitemaps as sitemaps.org wants them."""
from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ckanext.satudata.domain.sitemap import MOST, Place, index, urlset

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
ROOTS = {"id": "https://data.contoh.go.id", "en": "https://data.contoh.go.id/en"}
AT = datetime(2026, 3, 1, 7, 0, 5, 99, tzinfo=timezone(timedelta(hours=7)))


def test_each_language_stands_there_with_all_the_others() -> None:
    read = etree.fromstring(b"".join(urlset([Place("/dataset/a", AT), Place("/")], ROOTS)))
    assert read.xpath("s:url/s:loc/text()", namespaces=NAMES) == [
        "https://data.contoh.go.id/dataset/a", "https://data.contoh.go.id/en/dataset/a",
        "https://data.contoh.go.id/", "https://data.contoh.go.id/en/"]
    assert read.xpath("s:url/s:lastmod/text()", namespaces=NAMES) == ["2026-03-01T00:00:05Z"] * 2
    for each in read.findall("s:url", NAMES)[:2]:
        assert {(link.get("hreflang"), link.get("href"))
                for link in each.findall("x:link", NAMES)} == {
            ("id", "https://data.contoh.go.id/dataset/a"),
            ("en", "https://data.contoh.go.id/en/dataset/a"),
            ("x-default", "https://data.contoh.go.id/dataset/a")}


def test_a_document_stays_within_what_the_protocol_allows() -> None:
    many = (Place(f"/dataset/{'x' * 100}{number}", AT) for number in range(60_000))
    size = urls = 0
    for piece in urlset(many, ROOTS):
        size, urls = size + len(piece), urls + piece.count(b"<loc>")
    assert urls == MOST and size < 50_000_000
    assert next(many).path.endswith(str(MOST // 2 + 1))  # and the rest was never asked for


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=50))
def test_an_address_breaks_no_document(path: str) -> None:
    for made in (urlset([Place(path)], ROOTS), index([Place(path)], "https://a")):
        read = etree.fromstring(b"".join(made).replace("\ufffe".encode(), b"").replace(
            "\uffff".encode(), b""))
        assert len(read) in (1, 2)
