"""A page joined of stored fragments says what its datasets say, in every syntax."""
from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
from federation_samples import FULL, HOSTILE, IRIS, MINIMAL, SITE, Maker
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from ckanext.satudata.domain.federation.catalogue import write_catalog
from ckanext.satudata.domain.federation.describing import Triples
from ckanext.satudata.domain.federation.syntaxes import (
    SERVED,
    SYNTAXES,
    Syntax,
    fragment,
    fragments,
    membership,
    page,
    standalone,
)
from ckanext.satudata.domain.federation.syntaxes.spelling import TABLE
from ckanext.satudata.domain.federation.terms import DCAT, DCT, EU, RDF, XSD, iri
from ckanext.satudata.domain.federation.writing import Writer

#: rdflib's own JSON-LD parser still uses what rdflib deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

EX = Namespace("https://contoh.go.id/")
REF = EX["dataset/1"]
EVERY = pytest.mark.parametrize("key", SYNTAXES)

Triple = tuple[Any, Any, Any]


@pytest.fixture(autouse=True, scope="module")
def literals_as_they_are() -> Iterator[None]:
    """rdflib writes ``01`` as ``1`` where it knows the datatype; here only texts count."""
    kept, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    yield
    rdflib.NORMALIZE_LITERALS = kept


def dataset(record: dict[str, Any], number: int = 1) -> tuple[list[Triple], URIRef]:
    """Return the triples of a dataset of its own id, and its IRI."""
    made = dict(record, id=f"{number:08d}-5f0e-4c39-9f43-1d0a2b8c7e11")
    ref = URIRef(f"{SITE.url}/dataset/{made['id']}")
    part = Triples()
    Writer(part, SITE).dataset(ref, made)
    return list(part), ref


def catalog() -> tuple[list[Triple], URIRef]:
    part, ref = Triples(), URIRef(f"{SITE.url}/")
    write_catalog(Writer(part, SITE), ref)
    return list(part), ref


def parsed(content: bytes, syntax: Syntax) -> Graph:
    return Graph().parse(data=content, format=syntax.rdflib)


def joined(key: str, made: Iterable[dict[str, bytes]]) -> Graph:
    return parsed(b"".join(page(SYNTAXES[key], [each[key] for each in made])), SYNTAXES[key])


def in_all_syntaxes(triples: list[Triple], subject: URIRef | None = REF) -> set[Triple]:
    """Return the triples as they are read, the same ones in every syntax."""
    made = fragments(triples, subject)
    etree.fromstring(standalone(SYNTAXES["xml"], made["xml"]))
    read = {key: set(joined(key, [made])) for key in SYNTAXES}
    assert read["ttl"] == read["nt"]
    assert read["jsonld"] == read["nt"]
    assert read["xml"] == read["nt"]
    return read["nt"]


# -------------------------------------------------------------------- pages of datasets
SAMPLES = [FULL, MINIMAL, *(Maker(seed).dataset() for seed in range(12))]


@EVERY
def test_a_page_says_what_its_datasets_and_the_catalog_say(key: str) -> None:
    parts = [catalog(), *(dataset(record, at) for at, record in enumerate(SAMPLES))]
    union = {triple for triples, _ in parts for triple in triples}
    assert set(joined(key, [fragments(*part) for part in parts])) == union


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1000, 10**9), max_size=3, unique=True), st.randoms())
def test_fragments_of_any_datasets_join_in_any_order(seeds: list[int], chance: Any) -> None:
    parts = [dataset(Maker(seed).dataset(), at) for at, seed in enumerate(seeds)]
    union = {triple for triples, _ in parts for triple in triples}
    made = [fragments(*part) for part in parts]
    chance.shuffle(made)
    for key in SYNTAXES:
        assert set(joined(key, made)) == union


@pytest.mark.parametrize("record", SAMPLES[:6], ids=range(6))
def test_the_order_of_the_triples_is_of_no_account(record: dict[str, Any]) -> None:
    triples, ref = dataset(record)
    shuffled = triples * 2
    random.Random(1).shuffle(shuffled)
    assert fragments(shuffled, ref) == fragments(triples, ref)


def test_every_process_writes_the_same_bytes() -> None:
    said: set[str] = set()
    for seed in ("0", "1", "4242"):
        done = subprocess.run(
            [sys.executable, "-c", (
                "import hashlib, test_syntaxes as t\n"
                "made = t.fragments(*t.dataset(t.FULL)) | t.fragments(t.knot(), t.REF)\n"
                "print(hashlib.sha256(repr(sorted(made.items())).encode()).hexdigest())\n"
            )],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(
                [str(Path(__file__).parent), *sys.path])},
            capture_output=True, text=True, check=True, timeout=60,
        )
        said.add(done.stdout)
    assert len(said) == 1


@EVERY
def test_a_page_without_datasets_or_with_empty_fragments_can_be_read(key: str) -> None:
    nothing = fragments([], REF)
    assert set(nothing.values()) == {b""}
    assert len(joined(key, [])) == 0
    triples, ref = dataset(MINIMAL)
    made = fragments(triples, ref)
    assert set(joined(key, [nothing, made, nothing, made])) == set(triples)


@EVERY
def test_a_fragment_alone_is_a_document(key: str) -> None:
    triples, ref = dataset(FULL)
    syntax = SYNTAXES[key]
    assert set(parsed(standalone(syntax, fragments(triples, ref)[key]), syntax)) == set(triples)


def test_the_dump_of_json_lines_has_one_document_a_line() -> None:
    parts = [dataset(record, at) for at, record in enumerate(SAMPLES)]
    lines = b"".join(
        standalone(SYNTAXES["jsonld"], fragments(*part)["jsonld"]) for part in parts
    ).decode().splitlines()
    assert len(lines) == len(parts)
    for line, (_, ref) in zip(lines, parts, strict=True):
        document = json.loads(line)
        assert set(document) == {"@context", "@graph"}
        assert document["@context"] == TABLE
        assert document["@graph"][0]["@id"] == str(ref)


def test_ntriples_are_a_line_a_triple() -> None:
    for record in SAMPLES:
        triples, ref = dataset(record)
        content = fragments(triples, ref)["nt"].decode()
        assert content.endswith(" .\n")
        assert len(content.splitlines()) == len(set(triples))


@pytest.mark.parametrize("key", SYNTAXES)
@given(st.lists(st.one_of(
    st.uuids().map(lambda each: f"https://data.contoh.go.id/dataset/{each}"),
    st.sampled_from(["dct:judul", "relatif", "https://data.contoh.go.id/é", "urn:a", ""])),
    unique=True, max_size=6))
@settings(deadline=None, max_examples=30)
def test_what_makes_datasets_those_of_the_catalog_is_what_the_triples_say(
    key: str, iris: list[str]
) -> None:
    catalog = URIRef("https://data.contoh.go.id")
    assert membership(SYNTAXES[key], str(catalog), iris) == fragment(
        SYNTAXES[key], [(catalog, DCAT.dataset, URIRef(each)) for each in iris], catalog)


@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning")
def test_older_extensions_are_served() -> None:
    assert SERVED["rdf"] == SERVED["xml"]
    triples, ref = dataset(FULL)
    notation3 = standalone(SERVED["n3"], fragments(triples, ref)[SERVED["n3"].name])
    assert set(Graph().parse(data=notation3, format="n3")) == set(triples)
    assert SERVED["n3"].content_type.startswith("text/n3")


# -------------------------------------------------------------------- what old readers see
@EVERY
def test_a_format_is_first_of_all_a_dct_imt(key: str) -> None:
    """An older reader looks at the first class only."""
    graph = joined(key, [fragments(*dataset(record, at)) for at, record in enumerate(SAMPLES)])
    formats = set(graph.objects(None, DCT["format"]))
    assert EU["file-type/CSV"] in formats
    for node in formats:
        assert next(graph.objects(node, RDF.type)) == DCT.IMT


def test_a_dataset_is_an_element_of_that_name_and_comes_first() -> None:
    triples, ref = dataset(FULL)
    root = etree.fromstring(standalone(SYNTAXES["xml"], fragments(triples, ref)["xml"]))
    about = f"{{{RDF}}}about"
    assert (root[0].tag, root[0].get(about)) == (f"{{{DCAT}}}Dataset", str(ref))
    files = {str(node) for _, predicate, node in triples if predicate == DCAT.distribution}
    assert {each.get(about) for each in root[1 : 1 + len(files)]} == files


# -------------------------------------------------------------------- odd literals
def is_character(each: str) -> bool:
    """Return whether XML 1.0 knows a character (section 2.2, written from its table)."""
    code = ord(each)
    return code in (0x9, 0xA, 0xD) or 0x20 <= code <= 0xD7FF or (
        0xE000 <= code <= 0xFFFD) or 0x10000 <= code <= 0x10FFFF


texts = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.text(st.sampled_from(list("\"'\\\n\r\t \x85\u2028\u2029&<>]{}@^.;,#_:abn\U0001f642")),
            max_size=20),
    st.sampled_from(HOSTILE),
    st.sampled_from(["true", "1", "01", "+1.0", "1e400", "NaN", "2025-13-45", "", " ", "null",
                     '{"a":[1,2]}', "<b>x</b>", "]]>", '"""', "\\u0041\\U0001F642"]),
)
languages = st.sampled_from(["id", "en", "jv-Java", "de-CH-1996", "x-private"])
datatypes = st.sampled_from([
    *(XSD[each] for each in ("boolean", "integer", "double", "decimal", "date", "gYear", "string",
                             "anyURI", "hexBinary", "nonNegativeInteger", "duration")),
    *(RDF[each] for each in ("JSON", "HTML", "XMLLiteral", "PlainLiteral")),
    URIRef("http://www.opengis.net/ont/geosparql#wktLiteral"),
    URIRef("https://www.iana.org/assignments/media-types/application/vnd.geo+json"),
])
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(lambda text, tag: Literal(text, lang=tag), texts, languages),
    st.builds(lambda text, kind: Literal(text, datatype=kind), texts, datatypes),
)


# rdflib warns of each literal that is not of its datatype.
@pytest.mark.filterwarnings("ignore")
@settings(max_examples=250, deadline=None)
@given(st.lists(literals, min_size=1, max_size=8))
def test_any_literal_comes_back_as_it_was(given_: list[Literal]) -> None:
    kept = {
        Literal("".join(filter(is_character, each)), lang=each.language, datatype=each.datatype)
        for each in given_
    }
    triples = [(REF, DCT.title, each) for each in given_]
    assert in_all_syntaxes(triples) == {(REF, DCT.title, each) for each in kept}


def test_a_class_may_be_anything_a_graph_holds() -> None:
    triples = {
        (REF, RDF.type, Literal("Dataset")), (REF, RDF.type, DCAT.Dataset),
        (REF, RDF.type, EX["kelas-1"]), (EX.a, RDF.type, EX["1"]), (EX.b, RDF.type, RDF.Statement),
        (EX.c, RDF.type, RDF.li), (EX.d, RDF.type, RDF.Description), (EX.e, RDF.type, RDF.List),
    }
    assert in_all_syntaxes(list(triples)) == triples


# -------------------------------------------------------------------- odd IRIs
tails = st.text(st.characters(exclude_categories=()), max_size=30)


@settings(max_examples=150, deadline=None)
@given(st.lists(tails, min_size=1, max_size=5))
def test_an_address_we_accept_is_in_every_syntax_the_same(given_: list[str]) -> None:
    made = {node for tail in given_ if (node := iri(f"https://contoh.go.id/x{tail}")) is not None}
    triples = {(REF, DCT.relation, node) for node in made}
    assert in_all_syntaxes(list(triples)) == triples


@settings(max_examples=150, deadline=None)
@given(st.lists(tails, min_size=1, max_size=5))
def test_no_iri_breaks_a_page(given_: list[str]) -> None:
    """What no IRI may hold is encoded, in all syntaxes alike."""
    nodes = [URIRef(f"https://contoh.go.id/x{tail}.") for tail in given_]
    triples = [
        *((REF, DCT.relation, node) for node in nodes), *((node, EX.p, node) for node in nodes),
        *((REF, EX.tipe, Literal("x", datatype=node)) for node in nodes),
    ]
    read = in_all_syntaxes(triples)
    assert (REF in {one for one, _, _ in read}) and len(read) >= 3
    assert len(read) <= len(set(triples))


def test_an_iri_is_never_taken_for_a_shortened_one() -> None:
    for prefix in TABLE:
        assert iri(f"{prefix}:title") is None
        node = URIRef(f"{prefix}:title")
        triples = {
            (REF, DCT.title, Literal("Judul", lang="id")), (REF, RDF.type, DCAT.Dataset),
            (REF, DCT.relation, node), (node, DCT.issued, Literal("2025", datatype=XSD.gYear)),
            (REF, RDF.type, node), (EX.a, EX.p, Literal("x", datatype=node)),
        }
        assert in_all_syntaxes(list(triples)) == triples


@pytest.mark.parametrize("address", [
    *IRIS, "mailto:data@contoh.go.id", "urn:uuid:6f1f3d0a-5f0e-4c39-9f43-1d0a2b8c7e11",
    "doi:10.1000/182", "tag:contoh.go.id,2025:a", "http://www.w3.org/ns/dcat#",
    "http://www.w3.org/ns/dcat#a.b", "http://www.w3.org/ns/dcat#a/b", "http://schema.org/-a",
    "http://purl.org/dc/terms/a'b&c", "http://purl.org/dc/terms/100%25",
])
def test_addresses_in_use_come_back(address: str) -> None:
    triples = {
        (URIRef(address), DCT.relation, URIRef(address)),
        (URIRef(address), RDF.type, URIRef(address)),
        (REF, DCT.title, Literal("x", datatype=URIRef(address))),
    }
    assert in_all_syntaxes(list(triples)) == triples


def test_a_relative_address_is_left_out() -> None:
    triples = [
        (REF, DCT.relation, URIRef("berkas.csv")), (URIRef(""), DCT.title, Literal("x")),
        (REF, URIRef("judul"), Literal("x")), (REF, RDF.type, DCAT.Dataset),
    ]
    assert in_all_syntaxes(triples) == {(REF, RDF.type, DCAT.Dataset)}


@settings(max_examples=100, deadline=None)
@given(tails)
def test_no_property_breaks_a_page(tail: str) -> None:
    triples = [(REF, EX[tail], Literal("x")), (REF, DCT.title, EX.a)]
    made = fragments(triples, REF)
    etree.fromstring(standalone(SYNTAXES["xml"], made["xml"]))
    read = {key: set(joined(key, [made])) for key in SYNTAXES}
    assert read["ttl"] == read["jsonld"] == read["nt"]
    assert read["xml"] in (read["nt"], {(REF, DCT.title, EX.a)})


@pytest.mark.parametrize("predicate", [
    EX.istilah, EX["a-1.b"], EX["1.-a"], URIRef("urn:isbn"), EX["x#_"], EX["a&b=c"], EX["%3Ca"],
    DCT["a.b"], RDF["_1"], RDF.value,
])
def test_properties_outside_the_table_are_said_in_every_syntax(predicate: URIRef) -> None:
    triples = {(REF, predicate, Literal("x", lang="id")), (REF, predicate, EX.a)}
    assert in_all_syntaxes(list(triples)) == triples


@pytest.mark.parametrize("predicate", [
    EX["123"], EX["a/"], EX["\u00e9"], EX["\u00e9tat"], EX["\u00e9#a"], EX["%41"], RDF.li,
    RDF.about, URIRef("urn:1"), URIRef("http://www.w3.org/2000/xmlns/a"),
    URIRef("http://www.w3.org/XML/1998/namespacea"),
])
def test_only_xml_leaves_out_a_property_that_is_no_name(predicate: URIRef) -> None:
    triples = {(REF, predicate, Literal("x")), (REF, predicate, EX.a), (REF, DCT.title, EX.b)}
    made = fragments([*triples, (EX.a, predicate, EX.b)], REF)
    for key in ("ttl", "jsonld", "nt"):
        assert set(joined(key, [made])) == triples | {(EX.a, predicate, EX.b)}
    if not predicate.startswith("http://www.w3.org/XML"):  # said after all, split elsewhere
        assert set(joined("xml", [made])) == {(REF, DCT.title, EX.b)}


# -------------------------------------------------------------------- blank nodes
def knot() -> list[Triple]:
    """Return a graph whose blank nodes only their neighbours tell apart, and two that nothing."""
    a, b, c, d, e = (BNode() for _ in range(5))
    return [
        (REF, DCT.provenance, a), (REF, DCT.provenance, b), (a, DCT.relation, b),
        (b, DCT.relation, c), (c, DCT.relation, a), (c, DCT.title, Literal("c")),
        (REF, DCAT.contactPoint, d), (REF, DCAT.contactPoint, e),
        (d, DCT.title, Literal("kembar")), (e, DCT.title, Literal("kembar")),
        (d, RDF.type, c),
    ]


def renamed(triples: Iterable[Triple], chance: random.Random) -> list[Triple]:
    """Return the same graph under other labels in another order."""
    labels: dict[BNode, BNode] = {}

    def other(node: Any) -> Any:
        return labels.setdefault(node, BNode()) if isinstance(node, BNode) else node

    made = [(other(one), predicate, other(node)) for one, predicate, node in triples]
    chance.shuffle(made)
    return made


def graph_of(triples: Iterable[Triple]) -> Graph:
    graph = Graph()
    for triple in triples:
        graph.add(triple)
    return graph


blanks = st.sampled_from([BNode() for _ in range(5)])
knots = st.lists(
    st.tuples(
        st.one_of(blanks, st.sampled_from([REF, EX.a])), st.sampled_from([DCT.relation, EX.p]),
        st.one_of(blanks, st.sampled_from([EX.a, Literal("x"), Literal("y", lang="id")])),
    ),
    min_size=1, max_size=9,
)


@settings(max_examples=80, deadline=None)
@given(knots, st.integers(0, 10**6))
def test_blank_nodes_have_names_that_follow_from_what_is_said(
    triples: list[Triple], seed: int
) -> None:
    made = fragments(triples, REF)
    assert fragments(renamed(triples, random.Random(seed)), REF) == made
    for key in SYNTAXES:
        assert isomorphic(joined(key, [made]), graph_of(triples))


def test_datasets_share_no_blank_node() -> None:
    two = graph_of(knot()) + graph_of(renamed(knot(), random.Random(2)))
    made = [fragments(knot(), REF), fragments(knot(), EX["dataset/2"])]
    for key in SYNTAXES:
        assert isomorphic(joined(key, made), two)


def test_blank_nodes_of_no_dataset_are_named_by_what_is_said() -> None:
    other = [*knot(), (BNode(), DCT.title, Literal("lain"))]
    made = [fragments(knot(), None), fragments(other, None)]
    assert fragments(knot(), None) == made[0]
    both = graph_of(knot()) + graph_of(renamed(other, random.Random(3)))
    for key in SYNTAXES:
        assert isomorphic(joined(key, made), both)
