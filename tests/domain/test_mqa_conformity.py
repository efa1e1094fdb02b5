"""Our words for DCAT-AP agree with its official shapes, on sound datasets and on spoilt ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from federation_samples import FULL, MINIMAL, SITE, Maker
from rdflib import RDF, XSD, Graph, Literal, URIRef
from rdflib.namespace import SH

from ckanext.satudata.domain.federation.describing import Triples
from ckanext.satudata.domain.federation.mqa import Facts
from ckanext.satudata.domain.federation.mqa.conformity import faults
from ckanext.satudata.domain.federation.terms import DCAT, DCT, FOAF, SKOS, SPDX
from ckanext.satudata.domain.federation.writing import Writer

SHAPES = Path(__file__).resolve().parents[3] / "shared" / "data" / "shacl"
NOWHERE = URIRef("https://contoh.go.id/tak-dikenal")
Spoil = Callable[[Graph, URIRef, URIRef], object]


def drop(predicate: URIRef, of_file: bool = False) -> Spoil:
    return lambda graph, ref, file: graph.remove((file if of_file else ref, predicate, None))


def add(predicate: URIRef, value: Any, of_file: bool = False) -> Spoil:
    return lambda graph, ref, file: graph.add((file if of_file else ref, predicate, value))


def change(predicate: URIRef, value: Any, of_file: bool = False) -> Spoil:
    return lambda graph, ref, file: graph.set((file if of_file else ref, predicate, value))


def forget(predicate: URIRef, what: URIRef) -> Spoil:
    """Remove a property of what the dataset or its file leads to by another."""
    def done(graph: Graph, ref: URIRef, file: URIRef) -> None:
        for thing in (ref, file):
            for node in list(graph.objects(thing, predicate)):
                graph.remove((node, what, None))
    return done


SPOILT: dict[str, Spoil] = {
    "no title": drop(DCT.title),
    "no description": drop(DCT.description),
    "title is a thing": change(DCT.title, NOWHERE),
    "two issued": add(DCT.issued, Literal("2020-01-01", datatype=XSD.date)),
    "two publishers": add(DCT.publisher, NOWHERE),
    "publisher in words": change(DCT.publisher, Literal("Pemerintah")),
    "keyword is a thing": add(DCAT.keyword, NOWHERE),
    "contact of no class": change(DCAT.contactPoint, NOWHERE),
    "theme of no class": add(DCAT.theme, NOWHERE),
    "area in words": add(DCT.spatial, Literal("Serang")),
    "no accessURL": drop(DCAT.accessURL, of_file=True),
    "accessURL in words": change(DCAT.accessURL, Literal("https://a.id"), of_file=True),
    "two formats": add(DCT["format"], NOWHERE, of_file=True),
    "format in words": change(DCT["format"], Literal("CSV"), of_file=True),
    "media type in words": change(DCAT.mediaType, Literal("text/csv"), of_file=True),
    "size in words": change(DCAT.byteSize, Literal("2 KB"), of_file=True),
    "two licences": add(DCT.license, NOWHERE, of_file=True),
    "agent without a name": forget(DCT.publisher, FOAF.name),
    "concept without a label": forget(DCAT.theme, SKOS.prefLabel),
    "checksum without its sum": forget(SPDX.checksum, SPDX.checksumValue),
    "issued is no date": change(DCT.issued, Literal("kemarin"), of_file=True),
}
SOUND: dict[str, dict[str, Any]] = {
    "full": FULL, "minimal": MINIMAL, "closed": dict(FULL, access_rights="tertutup"),
    **{f"generated {seed}": Maker(seed).dataset() for seed in range(6)},
}
#: A small dataset with all that is spoilt.
SMALL = {name: FULL[name] for name in (
    "title", "notes", "urusan", "tags", "kode_wilayah", "issued", "license_id", "contact")}


def made(record: dict[str, Any], at: int) -> tuple[Graph, URIRef, URIRef]:
    """Write a dataset under an address of its own, so that none mends another's faults."""
    site = f"{SITE.url}/{at}"
    ref = URIRef(f"{site}/dataset/{record['id']}")
    written = Triples()
    Writer(written, type(SITE)(**{**SITE.__dict__, "url": site})).dataset(ref, record)
    graph = Graph()
    for triple in written:
        graph.add(triple)
    return graph, ref, next(graph.objects(ref, DCAT.distribution), ref)  # type: ignore[return-value]


@pytest.mark.beside("shacl")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_both_verdicts_are_the_same() -> None:
    cases: dict[str, tuple[Graph, URIRef]] = {}
    for at, (name, record) in enumerate(SOUND.items()):
        graph, ref, _ = made(dict(record, id=f"s{at}"), at)
        cases[name] = graph, ref
    for at, (name, spoil) in enumerate(SPOILT.items(), len(SOUND)):
        graph, ref, file = made(dict(SMALL, id=f"s{at}", name="x", resources=[
            dict(FULL["resources"][0], license="", rights="Bebas.")]), at)
        spoil(graph, ref, file)
        cases[name] = graph, ref
    shapes = Graph()
    for name in ("dcat-ap-3.0.1-shapes.ttl", "dcat-ap-3.0.1-range.ttl"):
        shapes.parse(SHAPES / name)
    ours = {name: bool(faults(Facts(graph), ref)) for name, (graph, ref) in cases.items()}
    theirs: dict[str, bool] = {}
    for name, (graph, _) in cases.items():
        _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, advanced=True)
        theirs[name] = any(
            report.value(result, SH.resultSeverity) == SH.Violation
            for result in report.subjects(RDF.type, SH.ValidationResult))
    assert ours == theirs
    assert {name for name, broken in theirs.items() if broken} == set(SPOILT)


def test_things_of_others_are_judged_for_themselves() -> None:
    graph, ref, _ = made(dict(SMALL, id="s", name="x", resources=[]), 0)
    other = URIRef("https://lain.go.id/dataset/1")
    graph.add((ref, DCT.relation, other))
    graph.add((other, RDF.type, DCAT.Dataset))  # without a title
    assert faults(Facts(graph), ref) == []
    assert {each.rule for each in faults(Facts(graph), other)} == {"missing"}
