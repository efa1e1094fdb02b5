"""The catalog of the running portal, walked page by page as a harvester walks it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pyshacl
import pytest
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.namespace import SH

from ckanext.satudata.domain.federation.terms import DCAT, DCT

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "domain"))
from dcat_ap_rules import faults  # noqa: E402

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SYNTAXES = {"ttl": "turtle", "xml": "xml", "jsonld": "json-ld"}
SHAPES = ROOT.parent / "shared" / "data" / "shacl"


def walk(portal: Any, syntax: str) -> Graph:
    """Return all pages in one graph."""
    whole, path = Graph(), f"/catalog.{syntax}"
    for _ in range(1000):
        page = Graph().parse(data=portal.get(path), format=SYNTAXES[syntax])
        for triple in page:
            whole.add(triple)
        following = page.value(predicate=HYDRA.next)
        if following is None:
            return whole
        path = str(following).removeprefix(portal.url)
    raise AssertionError("the catalog has no end")


@pytest.fixture(scope="module")
def catalog(portal: Any) -> Graph:
    return walk(portal, "ttl")


def test_every_public_dataset_is_listed_and_nothing_else(portal: Any, catalog: Graph) -> None:
    said = json.loads(portal.get("/api/3/action/package_search?rows=1000&fq=dataset_type:dataset"))
    ids = {each["id"] for each in said["result"]["results"]}
    assert said["result"]["count"] == len(ids)
    listed = {
        str(ref).rpartition("/")[2] for ref in catalog.objects(URIRef(portal.url), DCAT.dataset)
    }
    assert (
        listed
        == ids
        == {str(ref).rpartition("/")[2] for ref in catalog.subjects(RDF.type, DCAT.Dataset)}
    )


#: What stands in our graphs with an address of its own.
DESCRIBED = ("dataset", "id", "indikator", "kegiatan", "kode-referensi", "organization", "seri")


def test_every_address_of_ours_says_in_rdf_what_it_is(portal: Any, catalog: Graph) -> None:
    kinds: dict[tuple[str, ...], URIRef] = {}
    for node in {each for triple in catalog for each in triple if isinstance(each, URIRef)}:
        path = str(node).removeprefix(f"{portal.url}/").split("/")
        if path[0] in DESCRIBED and "#" not in node and "download" not in path and not (
                path[0] == "organization" and len(path[1]) != 36):  # a page, by its name
            # A file is part of its dataset; of the lists each has one.
            kinds[(*path[:2],) if path[0] == "kode-referensi" else (path[0], *path[2:3])] = node
    assert {kind[0] for kind in kinds} >= {*DESCRIBED} - {"seri"}
    assert ("dataset", "resource") in kinds
    for node in kinds.values():
        with urlopen(Request(str(node), headers={"Accept": "text/turtle"})) as answer:
            assert answer.headers["Content-Type"].startswith("text/turtle"), node
            assert "Accept" in answer.headers["Vary"]
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            said = Graph().parse(data=answer.read(), format="turtle")
        assert set(said.predicate_objects(node)), node


@pytest.mark.parametrize("path", [
    "/dataset/tak-ada.ttl", "/dataset/tak-ada", "/kegiatan/tak-ada", "/indikator/tak-ada.xml",
    "/seri/tak-ada/x.ttl"])
def test_a_reader_of_rdf_is_refused_in_words(portal: Any, path: str) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(portal.url + path, headers={"Accept": "text/turtle"}))
    assert refused.value.code == 404
    assert refused.value.headers["Content-Type"] == "text/plain; charset=utf-8"


def test_nothing_changed_before_it_was_there(catalog: Graph) -> None:
    assert [ref for ref in catalog.subjects(RDF.type, DCAT.Dataset)
            if not catalog.value(ref, DCT.issued) <= catalog.value(ref, DCT.modified)] == []


def test_the_catalog_is_dcat_ap(catalog: Graph) -> None:
    assert faults(catalog) == []


def test_all_syntaxes_say_the_same(portal: Any, catalog: Graph) -> None:
    def told(graph: Graph) -> set[Any]:
        pages = set(graph.subjects(RDF.type, HYDRA.PagedCollection))
        return {triple for triple in graph if triple[0] not in pages}

    assert told(walk(portal, "xml")) == told(catalog)
    assert told(walk(portal, "jsonld")) == told(catalog)


@pytest.mark.beside("shacl")
@pytest.mark.parametrize("shapes", ["dcat-ap-3.0.1-shapes.ttl", "dcat-ap-3.0.1-range.ttl"])
def test_the_official_shapes_find_no_violation(catalog: Graph, shapes: str) -> None:
    _, report, _ = pyshacl.validate(
        catalog, shacl_graph=Graph().parse(SHAPES / shapes), advanced=True
    )
    assert [
        (report.value(result, SH.focusNode), report.value(result, SH.resultMessage))
        for result in report.subjects(SH.resultSeverity, SH.Violation)
    ] == []


@pytest.mark.beside("shacl")
def test_all_that_is_recommended_is_said(catalog: Graph) -> None:
    _, report, _ = pyshacl.validate(
        catalog, shacl_graph=Graph().parse(SHAPES / "dcat-ap-3.0.1-shapes_recommended.ttl"),
        advanced=True,
    )
    missing = {
        (str(report.value(result, SH.focusNode)), report.value(result, SH.resultPath))
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }
    # Where a kecamatan or desa lies is not known: no such list may be passed on.
    small = {
        (node, path) for node, path in missing
        if path in (DCAT.bbox, DCAT.centroid)
        and node.rpartition("/wilayah/")[2].count(".") > 1
    }
    assert missing - small == set()


def test_our_own_profile_finds_no_violation(portal: Any, catalog: Graph) -> None:
    shapes = Graph().parse(data=portal.get("/kode-referensi/profil.ttl"), format="turtle")
    _, report, _ = pyshacl.validate(catalog, shacl_graph=shapes, advanced=True)
    assert [
        (report.value(result, SH.focusNode), report.value(result, SH.resultMessage))
        for result in report.subjects(SH.resultSeverity, SH.Violation)
    ] == []
