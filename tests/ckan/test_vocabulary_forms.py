"""Kode referensi as programs read them: every form, page by page, and nothing sent twice."""
from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from publishing import published
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import DCAT, RDFS, SKOS

from ckanext.satudata.domain import vocabulary, wilayah, wilayah_bps
from ckanext.satudata.domain.federation.paging import HYDRA
from ckanext.satudata.domain.federation.skos.triples import PAGE
from ckanext.satudata.vocabulary.usage import FIELDS

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]
FORMATS = {"ttl": "turtle", "xml": "xml", "jsonld": "json-ld", "nt": "nt"}
TYPES = {"ttl": "text/turtle", "xml": "application/rdf+xml", "jsonld": "application/ld+json",
         "nt": "application/n-triples"}


def home() -> str:
    return tk.config["ckan.site_url"].rstrip("/") + "/kode-referensi"


def graph(answer: Any, form: str) -> Graph:
    return Graph().parse(data=answer.get_data(), format=FORMATS[form])


@pytest.mark.parametrize("path", ["", "/frekuensi", "/frekuensi/bulanan", "/wilayah/36.04",
                                  "/wilayah_bps/3604220"])
def test_every_form_by_its_end_or_by_accept_says_the_same(app: Any, path: str) -> None:
    said = []
    for form, kind in TYPES.items():
        ended = app.get(f"/kode-referensi{path}.{form}")
        asked = app.get(f"/kode-referensi{path}", headers={"Accept": kind})
        assert ended.content_type.split(";")[0] == asked.content_type.split(";")[0] == kind
        assert "Accept" in asked.headers["Vary"] and "Accept" not in {
            each.strip() for each in ended.headers["Vary"].split(",")}
        assert ended.headers["Access-Control-Allow-Origin"] == "*"
        said += [set(graph(ended, form)), set(graph(asked, form))]
    assert said[0] and all(each == said[0] for each in said)
    described = {str(subject) for subject, _, _ in said[0]}
    assert home() + path in described
    assert app.get(f"/kode-referensi{path}.csv").content_type.startswith("text/csv")
    assert json.loads(app.get(f"/kode-referensi{path}.json").body)


def test_what_is_not_there_is_404_whatever_the_reader_has(app: Any) -> None:
    for path in ("/akses/tiada.json", "/tiada.json", "/akses/tiada.ttl", "/akses/tiada.csv"):
        answer = app.get(f"/kode-referensi{path}", headers={"If-None-Match": "*"})
        assert answer.status_code == 404 and answer.get_data(), path


def test_who_has_it_gets_304_in_every_form(app: Any) -> None:
    for path in (".ttl", "/akses.xml", "/akses/terbuka.jsonld", "/wilayah.nt", "/akses.csv",
                 "/wilayah.csv", "/akses.json"):
        first = app.get("/kode-referensi" + path)
        again = app.get("/kode-referensi" + path,
                        headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.get_data()) == (304, b""), path
        assert app.get("/kode-referensi" + path,
                       headers={"If-None-Match": '"lain"'}).status_code == 200


def test_areas_come_in_pages_that_lead_to_each_other(app: Any) -> None:
    first = app.get("/kode-referensi/wilayah.ttl")
    found, size = graph(first, "ttl"), wilayah.count() + wilayah.count_retired()
    assert len(first.get_data()) < 1_000_000
    assert int(next(found.objects(None, HYDRA.totalItems))) == size
    following = str(next(found.objects(None, HYDRA.next)))
    assert following == f"{home()}/wilayah.ttl?page=2"
    assert f'<{following}>; rel="next"' in first.headers["Link"]
    last = app.get(f"/kode-referensi/wilayah.ttl?page={-(-size // PAGE)}")
    held = list(graph(last, "ttl").subjects(RDF.type, SKOS.Concept))
    assert len(held) == size % PAGE
    assert (None, HYDRA.next, None) not in graph(last, "ttl")
    assert app.get(f"/kode-referensi/wilayah.ttl?page={-(-size // PAGE) + 1}").status_code == 404
    for bad in ("0", "-1", "x", "9" * 4000, "٣"):
        assert app.get("/kode-referensi/wilayah.ttl?page=" + bad).status_code == 404


def test_pages_of_json_hold_every_area_once(app: Any) -> None:
    start = json.loads(app.get("/kode-referensi/wilayah.json").body)
    assert (start["count"], len(start["results"])) == (38, 38)  # the provinces, as ever
    page = json.loads(app.get(start["first"].replace(home(), "/kode-referensi")).body)
    assert page["count"] == wilayah.count() + wilayah.count_retired()
    assert len(page["results"]) == PAGE and page["next"].endswith("/wilayah.json?page=2")
    assert page["results"][0]["code"] == "11"
    bps = json.loads(app.get("/kode-referensi/wilayah_bps.json").body)
    assert bps["count"] == 34 and bps["results"][0]["kode_kemendagri"] == "11"


def test_the_whole_list_of_areas_is_one_csv(app: Any) -> None:
    answer = app.get("/kode-referensi/wilayah.csv")
    assert 'filename="wilayah.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert len(rows) == wilayah.count() + wilayah.count_retired()
    area = next(row for row in rows if row["kode"] == "36.04.05.2001")
    assert (area["nama"], area["kode_bps"]) == ("Kramatwatu", "3604220004")


def test_a_search_is_answered_in_every_form(app: Any) -> None:
    found = graph(app.get("/kode-referensi/wilayah.ttl?q=kramatwatu"), "ttl")
    assert (URIRef(home() + "/wilayah/36.04.05"), SKOS.notation, None) in found
    rows = app.get("/kode-referensi/satuan.csv?q=hektare").get_data(as_text=True)
    assert "hektare" in rows and "rupiah" not in rows
    answer = json.loads(app.get("/kode-referensi/wilayah_bps.json?q=3604220").body)
    assert answer["results"][0]["kode_kemendagri"] == "36.04.05"
    assert "Kramatwatu" in app.get("/kode-referensi/wilayah_bps?q=kramatwatu").body


def test_what_is_not_there_is_said_in_the_form_asked_for(app: Any) -> None:
    for form, kind in TYPES.items():
        answer = app.get(f"/kode-referensi/frekuensi/bulanann.{form}", status=404)
        assert answer.content_type.split(";")[0] == kind
        found = graph(answer, form)
        assert URIRef(home() + "/frekuensi/bulanan") in set(found.objects(None, RDFS.seeAlso))
        assert app.get(f"/kode-referensi/tidak_ada.{form}", status=404)
    assert app.get("/kode-referensi/akses/x.csv", status=404).content_type.startswith("text/plain")
    assert "3604220" in app.get("/kode-referensi/wilayah_bps/360422", status=404).body
    assert app.get("/kode-referensi.pdf", status=404)


def test_a_page_offers_every_form_in_its_head_and_as_buttons(app: Any) -> None:
    for path in ("/kode-referensi", "/kode-referensi/wilayah", "/kode-referensi/wilayah/91.01",
                 "/kode-referensi/wilayah_bps/94", "/en/kode-referensi/urusan/1.02"):
        soup = BeautifulSoup(app.get(path).body, "html.parser")
        heads = {each["type"]: each["href"] for each in soup.head.find_all("link", rel="alternate")
                 if each["type"] in TYPES.values()}
        assert set(heads) == set(TYPES.values())
        shown = {each.get("href") for each in soup.find("article").find_all("a")}
        assert set(heads.values()) <= shown
        for kind, href in heads.items():
            assert app.get(href).content_type.startswith(kind), href


def test_pages_of_bps_say_where_a_code_is_only_near(app: Any) -> None:
    near = app.get("/kode-referensi/wilayah_bps/94").body
    assert "dekat, tidak persis" in near and "/kode-referensi/wilayah/91" in near
    same = app.get("/kode-referensi/wilayah_bps/3604220").body
    assert "sama dengan" in same and "tidak persis" not in same
    assert "/kode-referensi/wilayah_bps/3604220004" in same
    assert "/kode-referensi/wilayah_bps/3604220" in app.get("/kode-referensi/wilayah/36.04.05").body


def test_codes_of_bps_over_the_api() -> None:
    shown = call_action("satudata_vocabulary_show", name="wilayah_bps", q="3604220", limit=2)
    assert [each["code"] for each in shown["results"]] == ["3604220", "3604220001"]
    assert call_action("satudata_vocabulary_show", name="wilayah_bps")["count"] == 34
    one = call_action("satudata_vocabulary_show", name="wilayah_bps", code="94")["results"][0]
    assert (one["kode_kemendagri"], one["doubt"]) == ("91", "split")
    with pytest.raises(tk.ObjectNotFound):
        call_action("satudata_vocabulary_show", name="wilayah_bps", code="x")
    assert wilayah_bps.count() == call_action(
        "satudata_vocabulary_show", name="wilayah_bps", limit=0)["size"]


@pytest.mark.usefixtures("clean_db", "clean_index")
def test_a_code_says_who_uses_it_and_leads_there(app: Any) -> None:
    made = published(title="Data bulanan", frequency="bulanan", kode_wilayah=["36.04"])
    for path in ("frekuensi/bulanan", "wilayah/36.04", "wilayah/36"):
        soup = BeautifulSoup(app.get(f"/kode-referensi/{path}").body, "html.parser")
        link = next(a for a in soup.find("article").find_all("a") if a.text == "1 dataset")
        assert made["title"] in app.get(link["href"]).body
    assert "belum ada dataset" in app.get("/kode-referensi/frekuensi/tahunan").body
    assert "Dipakai oleh" not in app.get("/kode-referensi/prinsip").body


def test_what_is_counted_are_fields_of_a_dataset() -> None:
    schema = call_action("scheming_dataset_schema_show", type="dataset")
    fields = {field["field_name"]: field for field in schema["dataset_fields"]}
    for name, index in FIELDS.items():
        field = fields[index.removeprefix("vocab_")]
        assert field.get("vocabulary", name) == name
        assert name == "wilayah" or name in vocabulary.names()


def test_the_catalog_of_vocabularies_is_one_of_dcat(app: Any) -> None:
    found = graph(app.get("/kode-referensi.ttl"), "ttl")
    assert len(set(found.objects(URIRef(home()), DCAT.dataset))) == len(vocabulary.names()) + 2
    rows = list(csv.DictReader(io.StringIO(app.get("/kode-referensi.csv").get_data(as_text=True))))
    assert {row["name"] for row in rows} == {*vocabulary.names(), "wilayah", "wilayah_bps"}
