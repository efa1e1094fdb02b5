"""The feed at other addresses than the usual ones, and at none."""
from __future__ import annotations

import json
from typing import Any

import pytest
from feed_reader import PARSERS
from publishing import published
from rdflib import Graph, URIRef

from ckanext.satudata.domain.federation.terms import DCAT, DCT
from ckanext.satudata.vocabulary import present

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


def linked(answer: Any) -> list[str]:
    return [each.partition(">")[0].lstrip(" <") for each in answer.headers["Link"].split(",")]


@pytest.mark.ckan_config("ckanext.dcat.catalog_endpoint", "/katalog.{_format}")
@pytest.mark.ckan_config("ckanext.dcat.datasets_per_page", "1")
def test_the_catalog_stands_where_ckanext_dcat_is_told_to_put_it(app: Any) -> None:
    made = {published(title=f"Data {number}")["id"] for number in range(2)}
    found = Graph()
    path = "/katalog.ttl"
    while path:
        answer = app.get(path)
        found.parse(data=answer.get_data(), format=PARSERS["ttl"])
        path = next((each for each in linked(answer) if "page=2" in each), "") if (
            "page=2" not in path) else ""
    assert {str(each).rpartition("/")[2] for each in found.objects(None, DCAT.dataset)} == made
    assert app.get("/katalog.nt.gz").status_code == 200
    assert app.get("/katalog", headers={"Accept": "text/turtle"}).content_type.startswith(
        "text/turtle")


@pytest.mark.ckan_config("ckanext.dcat.enable_rdf_endpoints", False)
def test_who_wants_no_rdf_serves_none_and_the_rest_as_before(app: Any) -> None:
    made = published(title="Ada")
    # ckanext-dcat's own are made when its module is loaded: they stand in this process already.
    assert not any(each.startswith("satudata_feed.") for each in app.flask_app.view_functions)
    assert made["title"] in app.get("/data.json").body
    assert made["id"] in app.get("/catalog/changes").body
    assert app.get("/nasional/api/3/action/package_list").json["result"] == [made["name"]]


@pytest.mark.ckan_config("ckan.root_path", "/data/{{LANG}}")
@pytest.mark.ckan_config("ckanext.dcat.datasets_per_page", "1")
def test_links_and_names_hold_the_path_the_portal_stands_under(app: Any) -> None:
    made = [published(title=f"Data {number}") for number in range(2)]
    home = "http://test.ckan.net/data"
    answer = app.get("/catalog.ttl")
    assert f"{home}/catalog.ttl?page=2" in linked(answer)
    found = Graph().parse(data=answer.get_data(), format="turtle")
    assert set(found.objects(None, DCAT.dataset)) == {
        URIRef(f"{home}/dataset/{made[0]['id']}")}
    assert made[0]["id"] in app.get(f"/dataset/{made[0]['id']}.ttl").body
    assert f"{home}/catalog/changes.ttl?page=1" in app.get("/catalog/changes.ttl").body
    assert f"{home}/dataset/{made[0]['id']}" in app.get("/catalog/changes").body
    led = app.get("/catalog/changes/1", follow_redirects=False)
    assert led.headers["Location"] == f"{home}/catalog/changes.ttl?page=1"
    one = URIRef(f"{home}/dataset/{made[0]['id']}")
    assert found.value(one, DCT.publisher) == URIRef(f"{home}/#pemerintah")
    assert found.value(one, DCT.creator) == URIRef(f"{home}/organization/{made[0]['owner_org']}")
    said = json.loads(app.get("/data.json").body)["dataset"][0]
    assert said["landingPage"].startswith(f"{home}/dataset/")
    assert f"{home}/catalog.ttl" in app.get("/panduan/memanen").body
    place = found.value(one, DCT.spatial)
    assert str(place) == present.uri("wilayah", "36.04") == f"{home}/kode-referensi/wilayah/36.04"


@pytest.mark.ckan_config("ckanext.dcat.base_uri", "https://id.contoh.go.id/kab")
@pytest.mark.ckan_config("ckanext.dcat.datasets_per_page", "1")
def test_names_may_begin_with_another_address_but_pages_are_where_they_are(app: Any) -> None:
    made = [published(title=f"Data {number}") for number in range(2)]
    answer = app.get("/catalog.ttl")
    assert "http://test.ckan.net/catalog.ttl?page=2" in linked(answer)
    found = Graph().parse(data=answer.get_data(), format="turtle")
    assert set(found.objects(None, DCAT.dataset)) == {
        URIRef(f"https://id.contoh.go.id/kab/dataset/{made[0]['id']}")}
    log = app.get("/catalog/changes.ttl?page=1").body
    assert "<http://test.ckan.net/catalog/changes.ttl?page=1>" in log
    assert f"https://id.contoh.go.id/kab/dataset/{made[0]['id']}" in log
