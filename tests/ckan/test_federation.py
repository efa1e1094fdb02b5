"""The documents a portal of others reads, parsed as they would parse them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.dcat.processors import RDFParser, RDFSerializer
from publishing import publish
from rdflib import RDF, Graph, Literal, URIRef

from ckanext.satudata import config
from ckanext.satudata.domain.federation.terms import DCAT, DCT, FOAF, PROV, SKOS, VCARD

SYNTAXES = {"ttl": "turtle", "xml": "xml", "jsonld": "json-ld"}
EU = "http://publications.europa.eu/resource/authority/"
pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
]


def create(action: str = "package_create", **fields: Any) -> dict[str, Any]:
    return call_action(action, {"user": factories.Sysadmin()["name"]}, **fields)


def site_url() -> str:
    return tk.config["ckan.site_url"].rstrip("/")


@pytest.fixture
def produsen(clean_db: Any) -> dict[str, Any]:
    return create("organization_create", name="dinkes", title="Dinas Kesehatan")


@pytest.fixture
def full(produsen: dict[str, Any]) -> dict[str, Any]:
    """A public dataset as a produsen would fill it."""
    made = create(
        name="kunjungan",
        title="Kunjungan puskesmas 2025",
        type="dataset",
        notes="Menurut kecamatan.",
        owner_org=produsen["id"],
        license_id="cc-by",
        tag_string="puskesmas,kesehatan",
        urusan=["1.02"],
        jenis_data="statistik",
        frequency="tahunan",
        access_rights="terbuka",
        language=["id"],
        kode_wilayah=["36.04"],
        temporal_coverage=[{"start": "2025-01-01", "end": "2025-12-31"}],
        satuan="orang",
        konsep="Kunjungan",
        ukuran="Jumlah",
        definisi="Banyaknya orang.",
        sifat_angka="tetap",
        id_dds="36.04-2026-0137",
        prioritas_tahun=["2026"],
        provenance="Laporan bulanan.",
        resources=[{"url": "https://contoh.go.id/a.csv", "name": "Tabel", "format": "CSV"}],
    )
    return publish(made)


def read(app: Any, path: str, syntax: str) -> Graph:
    answer = app.get(f"{path}.{syntax}")
    assert answer.status_code == 200
    return Graph().parse(data=answer.get_data(as_text=True), format=SYNTAXES[syntax])


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_catalog_says_what_dcat_ap_wants(app: Any, full: dict[str, Any], syntax: str) -> None:
    graph = read(app, "/catalog", syntax)
    catalog = graph.value(predicate=RDF.type, object=DCAT.Catalog)
    assert catalog == URIRef(site_url())
    for predicate in (
        DCT.title,
        DCT.description,
        DCT.publisher,
        DCT.license,
        DCT.language,
        DCT.issued,
        DCT.modified,
        DCT.spatial,
        FOAF.homepage,
        DCAT.themeTaxonomy,
    ):
        assert (catalog, predicate, None) in graph, predicate
    assert list(graph.objects(catalog, DCAT.dataset)) == [
        URIRef(f"{site_url()}/dataset/{full['id']}")
    ]


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_dataset_says_who_what_where_and_when(
    app: Any, full: dict[str, Any], syntax: str
) -> None:
    graph = read(app, f"/dataset/{full['id']}", syntax)
    ref = URIRef(f"{site_url()}/dataset/{full['id']}")
    assert graph.value(ref, DCT.title) == Literal("Kunjungan puskesmas 2025", lang="id")
    assert graph.value(ref, DCT.accrualPeriodicity) == URIRef(f"{EU}frequency/ANNUAL")
    assert graph.value(ref, DCT.accessRights) == URIRef(f"{EU}access-right/PUBLIC")
    assert set(graph.objects(ref, DCAT.theme)) == {
        URIRef(f"{EU}data-theme/HEAL"),
        URIRef(f"{site_url()}/kode-referensi/urusan/1.02"),
    }
    creators = list(graph.objects(ref, DCT.creator))
    assert [str(graph.value(each, FOAF.name)) for each in creators] == ["Dinas Kesehatan"]
    publishers = list(graph.objects(ref, DCT.publisher))
    assert [str(graph.value(each, FOAF.name)) for each in publishers] == [
        config.nama_pemerintah()
    ]
    contact = graph.value(ref, DCAT.contactPoint)
    assert graph.value(contact, VCARD.fn)
    [file] = graph.objects(ref, DCAT.distribution)
    assert graph.value(file, DCAT.accessURL) == URIRef("https://contoh.go.id/a.csv")
    assert graph.value(file, DCAT.downloadURL) == URIRef("https://contoh.go.id/a.csv")
    assert graph.value(file, DCT["format"]) == URIRef(f"{EU}file-type/CSV")
    period = graph.value(ref, DCT.temporal)
    assert str(graph.value(period, DCAT.startDate)) == "2025-01-01"


def test_the_document_has_no_blank_node_and_is_the_same_twice(
    app: Any, full: dict[str, Any]
) -> None:
    first, again = (read(app, f"/dataset/{full['id']}", "ttl") for _ in range(2))
    assert set(first) == set(again)
    assert not [node for triple in first for node in triple if node.__class__.__name__ == "BNode"]


def test_a_private_dataset_is_not_in_the_catalog(
    app: Any, produsen: dict[str, Any], full: dict[str, Any]
) -> None:
    hidden = create(
        name="rahasia", title="Rahasia", type="dataset", owner_org=produsen["id"]
    )
    graph = read(app, "/catalog", "ttl")
    assert str(hidden["id"]) not in {str(ref).rpartition("/")[2] for ref in graph.subjects()}


def test_a_query_nobody_can_read_is_refused(app: Any, full: dict[str, Any]) -> None:
    app.get('/catalog.ttl?fq="', status=409)


def test_one_bad_dataset_does_not_take_the_page_with_it(app: Any, full: dict[str, Any]) -> None:
    bad = dict(
        full,
        id="0b",
        name="buruk",
        title="Judul \x08 <b>",
        notes="\ud800",
        url="http://[::1",
        uri="https://contoh.go.id/ada spasi<>",
        frequency="http://x y",
        temporal_coverage="{",
        resources=[{"id": "r", "package_id": "0b", "url": 'http://a b/"><', "size": "banyak"}],
    )
    for syntax, name in SYNTAXES.items():
        page = RDFSerializer().serialize_catalog({}, [bad, full], _format=syntax)
        graph = Graph().parse(data=page, format=name)
        assert len(list(graph.subjects(RDF.type, DCAT.Dataset))) == 2


def test_a_harvested_dataset_keeps_the_iri_of_its_source(full: dict[str, Any]) -> None:
    serializer = RDFSerializer()
    made = serializer.graph_from_dataset(dict(full, uri="https://data.bantenprov.go.id/dataset/1"))
    assert made == URIRef("https://data.bantenprov.go.id/dataset/1")


def test_a_failure_of_ours_leaves_the_title(
    monkeypatch: pytest.MonkeyPatch, full: dict[str, Any]
) -> None:
    broken = dict(full, resources=[None])
    graph = Graph().parse(
        data=RDFSerializer().serialize_dataset(broken, _format="ttl"), format="turtle"
    )
    ref = URIRef(f"{site_url()}/dataset/{full['id']}")
    assert graph.value(ref, DCT.title) == Literal("Kunjungan puskesmas 2025", lang="id")


def test_a_harvester_with_our_profile_gets_the_codes_back(app: Any, full: dict[str, Any]) -> None:
    parser = RDFParser()
    parser.parse(app.get("/catalog.xml").get_data(as_text=True), "xml")
    [got] = parser.datasets()
    for name in (
        "title",
        "notes",
        "urusan",
        "jenis_data",
        "frequency",
        "access_rights",
        "language",
        "kode_wilayah",
        "temporal_coverage",
        "satuan",
        "konsep",
        "ukuran",
        "definisi",
        "sifat_angka",
        "id_dds",
        "prioritas_tahun",
        "provenance",
    ):
        assert got[name] == full[name], name
    assert not {extra["key"] for extra in got["extras"]} & set(full)
    [file] = got["resources"]
    assert (file["url"], file["format"], file["name"]) == (
        "https://contoh.go.id/a.csv",
        "CSV",
        "Tabel",
    )


def test_what_only_others_use_goes_through_the_base_profile(full: dict[str, Any]) -> None:
    record = dict(
        full,
        has_version=["https://contoh.go.id/v2"],
        qualified_relation=[
            {
                "uri": "",
                "relation": "https://contoh.go.id/lain",
                "role": "https://contoh.go.id/peran",
            }
        ],
    )
    serializer = RDFSerializer()
    ref = serializer.graph_from_dataset(record)
    assert (ref, DCAT.hasVersion, URIRef("https://contoh.go.id/v2")) in serializer.g
    relation = serializer.g.value(ref, DCAT.qualifiedRelation)
    assert isinstance(relation, URIRef)
    assert serializer.g.value(relation, DCT.relation) == URIRef("https://contoh.go.id/lain")


def test_a_kegiatan_is_an_activity_and_no_dataset(app: Any, produsen: dict[str, Any]) -> None:
    made = publish(create(
        type="kegiatan", name="kompilasi", title="Kompilasi data", owner_org=produsen["id"],
    ))
    assert not list(read(app, "/catalog", "ttl").objects(None, DCAT.dataset))
    graph = RDFSerializer()
    graph.graph_from_dataset(made)
    page = URIRef(f"{site_url()}/kegiatan/kompilasi")
    assert (page, RDF.type, PROV.Activity) in graph.g
    assert not list(graph.g.subjects(RDF.type, DCAT.Dataset))


def test_a_concept_is_labelled_in_two_languages(app: Any, full: dict[str, Any]) -> None:
    graph = read(app, "/catalog", "ttl")
    concept = URIRef(f"{site_url()}/kode-referensi/urusan/1.02")
    assert {label.language for label in graph.objects(concept, SKOS.prefLabel)} == {"id", "en"}


def test_a_harvest_source_keeps_its_type_after_a_reindex(produsen: dict[str, Any]) -> None:
    source = create(
        "harvest_source_create",
        url="https://contoh.go.id/catalog.ttl",
        name="sumber",
        title="Sumber",
        source_type="dcat_rdf",
        owner_org=produsen["id"],
    )
    call_action("harvest_source_reindex", id=source["id"])
    shown = call_action("harvest_source_show", id=source["id"])
    assert (shown["source_type"], shown["url"]) == ("dcat_rdf", "https://contoh.go.id/catalog.ttl")


def test_a_title_cannot_run_as_script_in_the_page(app: Any, produsen: dict[str, Any]) -> None:
    """The page holds the dataset once more as schema.org data, inside a script element."""
    title = "Judul </script><script>alert(1)</script>"
    publish(create(
        name="jahat", title=title, type="dataset", owner_org=produsen["id"],
        notes="Uraian <!-- </SCRIPT >",
    ))
    page = BeautifulSoup(app.get("/dataset/jahat").get_data(as_text=True), "html.parser")
    scripts = page.find_all("script", type="application/ld+json")
    assert scripts
    assert not [
        each for each in page.find_all("script") if "alert(1)" in each.text and not each.get("type")
    ]
    assert title in [json.loads(each.text).get("name") for each in scripts]


def test_what_another_portal_wrote_is_read_as_far_as_it_is_known(produsen: dict[str, Any]) -> None:
    parser = RDFParser()
    parser.parse(
        """
        @prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
        <https://lain.go.id/1> a dcat:Dataset ; dct:title "Data lain" ;
            dct:accrualPeriodicity <https://lain.go.id/setiap-jam> ;
            dcat:theme <https://lain.go.id/tema/x> ;
            dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://lain.go.id/a.csv> ;
                dct:format "CSV" ; dcat:byteSize 12 ] , [ a dcat:Distribution ;
                dcat:accessURL <https://lain.go.id/b.pdf> ; dct:format "PDF" ] .
        """,
        "ttl",
    )
    [got] = parser.datasets()
    assert got["theme"] == ["https://lain.go.id/tema/x"]
    # Not a code of ours: kept beside the fields, for the schema would refuse it.
    assert "frequency" not in got
    assert {extra["key"] for extra in got["extras"]} == {"uri", "dcat_frequency"}
    files = {each["url"]: each for each in got["resources"]}
    assert {url: each["format"] for url, each in files.items()} == {
        "https://lain.go.id/a.csv": "CSV",
        "https://lain.go.id/b.pdf": "PDF",
    }
    assert files["https://lain.go.id/a.csv"]["size"] == 12


@pytest.mark.parametrize("path", ["/catalog.json", "/catalog.foo", "/dataset/kunjungan.json"])
def test_a_syntax_that_is_none_is_refused_in_words(
    path: str, full: dict[str, Any], app: Any
) -> None:
    answer = app.get(path, status=409)
    assert "ttl" in answer.body and "tidak ada" in answer.body
