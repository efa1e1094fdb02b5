"""What a reader of our documents relies on, whoever it is and however odd the dataset."""

from __future__ import annotations

from typing import Any

import pytest
from dcat_ap_rules import faults
from federation_samples import FULL, HOSTILE, ID, MINIMAL, SITE, Maker
from rdflib import RDF, RDFS, Graph, Literal, URIRef

from ckanext.satudata.domain.federation.catalogue import write_catalog
from ckanext.satudata.domain.federation.reading import Reader
from ckanext.satudata.domain.federation.terms import (
    DCAT,
    DCT,
    EU,
    FOAF,
    IANA,
    SCHEMA,
    VCARD,
    email_iri,
    iri,
)
from ckanext.satudata.domain.federation.writing import Writer

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
REF = URIRef(f"{SITE.url}/dataset/{ID}")
SYNTAXES = {"turtle": "turtle", "pretty-xml": "xml", "json-ld": "json-ld"}


def graph_of(record: dict[str, Any]) -> Graph:
    graph = Graph()
    Writer(graph, SITE).dataset(REF, record)
    return graph


def read_again(graph: Graph, syntax: str) -> Graph:
    return Graph().parse(data=graph.serialize(format=syntax), format=SYNTAXES[syntax])


RECORDS = {"full": FULL, "minimal": MINIMAL} | {
    f"seed {seed}": Maker(seed).dataset() for seed in range(8)
}


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_every_document_is_dcat_ap_and_can_be_read_again(
    record: dict[str, Any], syntax: str
) -> None:
    graph = read_again(graph_of(record), syntax)
    assert faults(graph) == []
    assert set(graph) == set(graph_of(record))


@pytest.mark.parametrize("more", [{}, {"name": ""}], ids=["named", "without a page"])
def test_an_office_is_somebody_and_no_document(more: dict[str, str]) -> None:
    office = {"id": "b0c7", "name": "dinas", "title": "Dinas Kesehatan", **more}
    graph = graph_of({**MINIMAL, "creator": [], "organization": office})
    [maker] = graph.objects(REF, DCT.creator)
    assert set(graph.objects(maker, RDF.type)) == {FOAF.Agent}
    assert maker == Writer(Graph(), SITE).organization(office)
    assert {str(each) for each in graph.objects(maker, FOAF.homepage)} == (
        set() if more else {f"{SITE.url}/organization/dinas"})


def test_the_catalog_is_dcat_ap() -> None:
    graph = Graph()
    write_catalog(Writer(graph, SITE), URIRef(SITE.url))
    assert faults(graph) == []
    assert (
        URIRef(SITE.url),
        DCT.spatial,
        URIRef(f"{SITE.url}/kode-referensi/wilayah/36.04"),
    ) in graph


def test_the_same_dataset_makes_the_same_document() -> None:
    for syntax in SYNTAXES:
        assert graph_of(FULL).serialize(format=syntax) == graph_of(FULL).serialize(format=syntax)


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_an_old_reader_shows_the_format_by_its_name(syntax: str) -> None:
    """It takes the first class of the node and shows the label only of a dct:IMT."""
    graph = read_again(graph_of(FULL), syntax)
    node = graph.value(URIRef(f"{SITE.url}/dataset/{ID}/resource/r-1"), DCT["format"])
    assert node == EU["file-type/CSV"]
    if (
        syntax == "turtle"
    ):  # the other syntaxes keep no order of classes; their readers find the label
        assert next(graph.objects(node, RDF.type)) == DCT.IMT
    assert graph.value(node, RDFS.label) == Literal("CSV")


def test_a_media_type_is_an_address_at_iana_that_reads_as_its_name() -> None:
    graph = graph_of(FULL)
    node = graph.value(URIRef(f"{SITE.url}/dataset/{ID}/resource/r-1"), DCAT.mediaType)
    assert node == IANA["text/csv"]
    assert graph.value(node, RDFS.label) == Literal("text/csv")


def test_both_generations_of_readers_find_the_period() -> None:
    graph = graph_of(FULL)
    for period in graph.objects(REF, DCT.temporal):
        assert graph.value(period, DCAT.startDate) == graph.value(period, SCHEMA.startDate)


def test_the_licence_carries_the_title_an_old_reader_knows() -> None:
    graph = graph_of(dict(FULL, resources=[{"id": "x", "url": "https://contoh.go.id/a.csv"}]))
    licence = graph.value(URIRef(f"{SITE.url}/dataset/{ID}/resource/x"), DCT.license)
    assert licence == EU["licence/CC_BY_4_0"]
    assert graph.value(licence, DCT.title) == Literal("Creative Commons Attribution")


def test_several_areas_become_the_one_that_holds_them_all() -> None:
    graph = graph_of(dict(MINIMAL, kode_wilayah=["36.04.05", "36.04.06"]))
    assert list(graph.objects(REF, DCT.spatial)) == [
        URIRef(f"{SITE.url}/kode-referensi/wilayah/36.04")
    ]
    assert Reader(graph, SITE).dataset(REF)["kode_wilayah"] == ["36.04.05", "36.04.06"]


def test_areas_without_a_common_one_are_all_said() -> None:
    graph = graph_of(dict(MINIMAL, kode_wilayah=["36.04", "52.03"]))
    assert len(list(graph.objects(REF, DCT.spatial))) == 2


@pytest.mark.parametrize("access", ["terbatas", "tertutup", "rahasia", ["terbatas", "terbuka"]])
def test_restricted_data_says_its_page_and_nowhere_its_file(access: Any) -> None:
    graph = graph_of(dict(FULL, access_rights=access))
    for file in graph.objects(REF, DCAT.distribution):
        assert list(graph.objects(file, DCAT.accessURL)) == [file]
        # The door for those who were granted it, which knows no more than the file's own IRI.
        assert list(graph.objects(file, DCAT.downloadURL)) == [URIRef(f"{file}/download")]
    assert not [node for node in graph.objects() if str(node).endswith(("a.csv", "kedua.xlsx"))]


def test_this_portal_opens_no_restricted_file_of_another() -> None:
    graph = graph_of(dict(FULL, access_rights="terbatas", uri="https://lain.go.id/dataset/1"))
    assert graph.value(predicate=DCAT.downloadURL) is None


def test_there_is_one_publisher_the_government() -> None:
    [publisher] = graph_of(MINIMAL).objects(REF, DCT.publisher)
    assert graph_of(MINIMAL).value(publisher, FOAF.name) == Literal(SITE.government)


def test_the_government_is_not_the_catalog() -> None:
    given = [{"name": SITE.government, "uri": SITE.url}]
    graph = graph_of(dict(MINIMAL, publisher=given))
    assert list(graph.objects(REF, DCT.publisher)) == [URIRef(f"{SITE.url}/#pemerintah")]


def test_the_walidata_is_the_contact_where_none_is_given() -> None:
    graph = graph_of(MINIMAL)
    [contact] = graph.objects(REF, DCAT.contactPoint)
    assert graph.value(contact, VCARD.hasEmail) == URIRef(f"mailto:{SITE.walidata_email}")


def test_codes_of_another_installation_are_understood() -> None:
    graph = Graph()
    Writer(graph, SITE).dataset(REF, FULL)
    other = Reader(graph, SITE.__class__(url="https://data.bantenprov.go.id", government="Banten"))
    got = other.dataset(REF)
    assert (got["urusan"], got["kode_wilayah"], got["satuan"]) == (
        ["1.02", "2.16"],
        ["36.04"],
        "orang",
    )
    assert got["id_kegiatan"] == f"{SITE.url}/kegiatan/kompilasi-data-kesehatan"


@pytest.mark.parametrize(
    "given",
    [
        "javascript:alert(1)",
        "http://",
        "http://[::1",
        "bukan alamat",
        "http://a b/x",
        "",
        "//host/x",
        "http://contoh.go.id:porta/",
        "data:text/html,x",
        "file:///etc/passwd",
        "http://" + "a" * 5000,
        *HOSTILE,
    ],
)
def test_no_odd_address_gets_into_a_document(given: str) -> None:
    made = iri(given)
    if made is not None:
        assert str(made).startswith(("http://", "https://", "urn:"))
    record = dict(
        MINIMAL,
        url=given,
        documentation=[given],
        theme=[given],
        resources=[
            {"id": "r", "url": given, "license": given, "status": given, "access_url": given}
        ],
    )
    for syntax in SYNTAXES:
        read_again(graph_of(record), syntax)


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("https://contoh.go.id/a[1]?b=[2]#c[3]#d", "a%5B1%5D?b=%5B2%5D#c%5B3%5D%23d"),
        ("https://contoh.go.id/a\u3000b\u2028c\u202ed", "a%E3%80%80b%E2%80%A8c%E2%80%AEd"),
        ("https://contoh.go.id/\uf0b7 100%", "%EF%82%B7%20100%25"),
        ("https://contoh.go.id/\u00fc\ua9b2\U0001f642", "\u00fc\ua9b2\U0001f642"),
    ],
)
def test_an_address_holds_only_what_a_strict_reader_allows(given: str, made: str) -> None:
    assert iri(given) == URIRef(f"https://contoh.go.id/{made}")


@pytest.mark.parametrize("given", ["a@b@c", "a b@c.id", "@", "a@", "x@y.id,z@y.id", "<a@b.id>"])
def test_no_odd_mail_address_gets_into_a_document(given: str) -> None:
    assert email_iri(given) is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (-1, None),
        ("banyak", None),
        ("2048", 2048),
        (10**30, None),
        ("1e400000", None),
        ("NaN", None),
        (0, 0),
    ],
)
def test_a_size_is_a_whole_number_of_bytes_or_nothing(given: object, kept: int | None) -> None:
    graph = graph_of(
        dict(MINIMAL, resources=[{"id": "r", "url": "https://contoh.go.id/a", "size": given}])
    )
    size = graph.value(URIRef(f"{SITE.url}/dataset/{ID}/resource/r"), DCAT.byteSize)
    assert (size.toPython() if size is not None else None) == kept


@pytest.mark.parametrize(
    "record",
    [
        dict(MINIMAL, **{name: value})
        for name in (
            "urusan",
            "language",
            "temporal_coverage",
            "contact",
            "putus_seri",
            "spatial_coverage",
            "kode_wilayah",
            "frequency",
            "license_id",
            "creator",
            "prioritas_tahun",
        )
        for value in ("{", "[1, 2", {"a": {"b": []}}, [None, "", {}], 7, [[["x"]]], "\x00", True)
    ],
    ids=repr,
)
def test_a_value_of_another_shape_does_not_stop_the_writing(record: dict[str, Any]) -> None:
    assert faults(read_again(graph_of(record), "pretty-xml")) == []
