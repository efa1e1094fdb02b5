"""Every IRI we mint answers: a page for people, JSON for machines."""
from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from ckan.plugins import toolkit as tk

from ckanext.satudata.domain import vocabulary

pytestmark = pytest.mark.usefixtures("with_plugins")
JSON = {"Accept": "application/json"}


def page(app: Any, path: str, status: int = 200, **options: Any) -> BeautifulSoup:
    response = app.get(path, status=status, **options)
    assert response.headers["Content-Type"].startswith("text/html")
    return BeautifulSoup(response.body, "html.parser")


def text(soup: BeautifulSoup) -> str:
    return " ".join(soup.get_text(" ").split())


def test_every_concept_address_is_alive(app: Any) -> None:
    """One request per vocabulary proves the list, each code is asked as JSON."""
    listed = json.loads(app.get("/kode-referensi.json").body)["results"]
    assert {each["name"] for each in listed} == {
        *vocabulary.names(), "wilayah", "wilayah_bps"}
    for each in listed:
        whole = json.loads(app.get(urlsplit(each["uri"]).path, headers=JSON).body)
        assert whole["uri"] == each["uri"] and whole["results"]
        for concept in (*whole["results"][:3], whole["results"][-1]):
            one = app.get(urlsplit(concept["uri"]).path, headers=JSON)
            assert json.loads(one.body)["uri"] == concept["uri"]


def test_pages_have_a_heading_and_lead_on(app: Any) -> None:
    index = page(app, "/kode-referensi/")
    assert index.h1.get_text() == "Kode referensi"
    links = {a.get("href") for a in index.find_all("a")}
    assert "/kode-referensi/frekuensi" in links and "/kode-referensi/wilayah" in links
    table = page(app, "/kode-referensi/frekuensi")
    assert table.h1.get_text() == "Frekuensi pemutakhiran"
    assert "/kode-referensi/frekuensi/bulanan" in {a.get("href") for a in table.find_all("a")}
    concept = page(app, "/kode-referensi/frekuensi/bulanan")
    assert concept.h1.get_text() == "Bulanan"
    site = tk.config["ckan.site_url"].rstrip("/")
    assert concept.find(id="kr-iri")["value"] == f"{site}/kode-referensi/frekuensi/bulanan"
    assert "authority/frequency/MONTHLY" in text(concept)


def test_english_pages_have_english_labels_and_the_same_address(app: Any) -> None:
    assert page(app, "/en/kode-referensi/frekuensi/bulanan").h1.get_text() == "Monthly"
    english = json.loads(app.get("/en/kode-referensi/frekuensi/bulanan", headers=JSON).body)
    plain = json.loads(app.get("/kode-referensi/frekuensi/bulanan.json").body)
    assert english["uri"] == plain["uri"]
    assert (english["label"], plain["label"]) == ("Monthly", "Bulanan")


def test_a_client_gets_what_it_accepts(app: Any) -> None:
    kinds = {
        "text/html,application/xhtml+xml,*/*;q=0.8": "text/html", "*/*": "text/html",
        "": "text/html", "application/json": "application/json",
        "application/json;q=0.2, text/html": "text/html",
        "text/turtle": "text/turtle", "application/rdf+xml": "application/rdf+xml",
        "application/ld+json": "application/ld+json", "text/csv": "text/csv",
        "application/n-triples": "application/n-triples", "nonsense": "text/html",
        "application/vnd.ms-excel": "text/html",
    }
    for accept, kind in kinds.items():
        response = app.get("/kode-referensi/akses/terbuka", headers={"Accept": accept})
        assert response.headers["Content-Type"].split(";")[0] == kind, accept
        assert "Accept" in response.headers["Vary"]


def test_browsing_from_a_province_to_a_village(app: Any) -> None:
    path = "/kode-referensi/wilayah"
    for code in ("36", "36.04", "36.04.05", "36.04.05.2001"):
        links = {a.get("href") for a in page(app, path).find_all("a")}
        path = f"/kode-referensi/wilayah/{code}"
        assert path in links
    village = page(app, path)
    assert village.h1.get_text() == "Desa Kramatwatu"
    assert "Kecamatan Kramatwatu" in text(village)
    answer = json.loads(app.get(path + ".json").body)
    assert [uri.rsplit("/", 1)[1] for uri in answer["broader"]] == ["36.04.05", "36.04", "36"]


def test_a_retired_area_answers_and_names_its_successor(app: Any) -> None:
    soup = page(app, "/kode-referensi/wilayah/91.01")
    assert "tidak berlaku lagi" in text(soup)
    assert "/kode-referensi/wilayah/93.01" in {a.get("href") for a in soup.find_all("a")}


def test_search_in_a_list_and_among_areas(app: Any) -> None:
    found = page(app, "/kode-referensi/satuan?q=rupiah")
    assert "juta rupiah" in text(found) and "hektare" not in text(found.find("table"))
    assert "36.04.05" in text(page(app, "/kode-referensi/wilayah?q=kramatwatu"))
    nothing = page(app, "/kode-referensi/wilayah?q=zzzzzz")
    assert "Tidak ada wilayah yang cocok dengan “zzzzzz”" in text(nothing)
    assert "Tidak ada kode yang cocok" in text(page(app, "/kode-referensi/satuan?q=zzzzzz"))


def test_a_long_list_has_pages(app: Any) -> None:
    first = page(app, "/kode-referensi/satuan")
    assert len(first.find("tbody").find_all("tr")) == 100
    second = page(app, "/kode-referensi/satuan?page=2")
    assert len(second.find("tbody").find_all("tr")) == len(vocabulary.get("satuan")) - 100
    assert any("page=2" in (a.get("href") or "") for a in first.find_all("a"))


def test_a_page_that_does_not_exist_is_no_error(app: Any) -> None:
    for number in ("0", "-1", "x", "99999", "9" * 5000, "٣"):
        page(app, "/kode-referensi/satuan?page=" + number)


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999", "9" * 30])
def test_who_follows_pages_is_told_where_they_end(app: Any, number: str) -> None:
    for suffix in ("json", "ttl"):
        app.get(f"/kode-referensi/wilayah.{suffix}?page={number}", status=404)
        app.get(f"/kode-referensi/frekuensi.{suffix}?page={number}", status=404)
    assert "Halaman tidak ada" in app.get(
        f"/kode-referensi/wilayah.json?page={number}", status=404).json["error"]["message"]


def test_an_unknown_address_says_so_and_leads_on(app: Any) -> None:
    leads = {
        "/kode-referensi/frekuensi/bulanann": "/kode-referensi/frekuensi/bulanan",
        "/kode-referensi/wilayah/3604": "/kode-referensi/wilayah/36.04",
        "/kode-referensi/wilayah/99.99": "/kode-referensi/wilayah",
        "/kode-referensi/tidak_ada": "/kode-referensi",
        "/kode-referensi/tidak_ada/x": "/kode-referensi",
    }
    for path, leads_to in leads.items():
        soup = page(app, path, status=404)
        assert soup.h1.get_text() == "Kode tidak ditemukan"
        assert leads_to in {a["href"].rstrip("/") for a in soup.find("article").find_all("a")}
        answer = json.loads(app.get(path + ".json", status=404).body)
        assert answer["error"]["__type"] == "Not Found Error"


def test_hostile_addresses_are_not_found(app: Any) -> None:
    for path in (
        "/kode-referensi/%00", "/kode-referensi/frekuensi/%00", "/kode-referensi/..%2f..%2fetc",
        "/kode-referensi/wilayah/" + "9" * 3000, "/kode-referensi/frekuensi/%F0%9F%90%98",
        "/kode-referensi/vocabularies", "/kode-referensi/frekuensi/<script>alert(1)</script>",
    ):
        assert "<script>alert(1)" not in app.get(path, status=404).body


def test_hostile_queries_are_shown_harmless(app: Any) -> None:
    attack = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E%00" + "x" * 5000
    for name in ("satuan", "wilayah"):
        response = app.get(f"/kode-referensi/{name}?q={attack}")
        assert "<script>alert(1)" not in response.body
