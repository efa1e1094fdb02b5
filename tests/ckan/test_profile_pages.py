"""The profile as it is served: a table for people, shapes that a catalog is checked with."""

from __future__ import annotations

import re
from typing import Any

import pyshacl
import pytest
from bs4 import BeautifulSoup
from publishing import published
from rdflib import Graph, URIRef
from rdflib.namespace import SH

from ckanext.satudata.domain.federation.profile_table import lines

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
SITE = "http://test.ckan.net"
HOME = "/kode-referensi/profil"


def test_the_profile_is_a_page_json_and_shapes(app: Any) -> None:
    page = BeautifulSoup(app.get(HOME).body, "html.parser")
    assert len(page.select("tbody tr")) == len(lines())
    assert "Frekuensi" in page.text and "dct:accrualPeriodicity" in page.text
    english = BeautifulSoup(app.get(f"/en{HOME}").body, "html.parser")
    assert "Metadata profile" in english.h1.text
    told = app.get(HOME, headers={"Accept": "application/json"})
    assert told.json["count"] == len(lines()) and "Accept" in told.headers["Vary"]
    answer = app.get(HOME, headers={"Accept": "text/turtle"})
    assert answer.headers["Content-Type"].startswith("text/turtle")
    graph = Graph().parse(data=answer.body, format="turtle")
    assert (URIRef(f"{SITE}{HOME}#dataset"), SH.targetClass, None) in graph


@pytest.mark.parametrize("end", ["ttl", "json"])
def test_any_page_of_the_web_may_read_it_and_keep_it(app: Any, end: str) -> None:
    answer = app.get(f"{HOME}.{end}")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "no-cache"
    kept = app.get(f"{HOME}.{end}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (kept.status_code, kept.data) == (304, b"")


def test_the_catalog_conforms_as_the_guide_has_it_checked(app: Any) -> None:
    published()
    catalog = Graph().parse(data=app.get("/catalog.ttl").body, format="turtle")
    shapes = Graph().parse(data=app.get(f"{HOME}.ttl").body, format="turtle")
    _, report, _ = pyshacl.validate(catalog, shacl_graph=shapes, advanced=True)
    assert not list(report.subjects(SH.resultSeverity, SH.Violation)), report.serialize()


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_address_in_the_guide_answers(app: Any, language: str) -> None:
    page = BeautifulSoup(app.get(f"{language}/panduan/profil-metadata").body, "html.parser")
    guide = page.select_one(".sd-guide")
    assert "{{" not in guide.text
    named = set(re.findall(rf"{SITE}(/[^\s'\"<>`{{}}]*)", str(guide)))
    assert len(named) >= 4
    for each in sorted(named):
        assert app.get(each, headers={"Accept": "*/*"}).status_code == 200, each
    assert app.get("/panduan/tidak-ada", status=404)
