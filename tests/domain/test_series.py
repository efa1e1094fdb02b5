"""Datasets that follow one another are one series, however its name is spelled."""

from __future__ import annotations

from typing import Any

import pytest
from federation_samples import ID, MINIMAL, SITE
from rdflib import RDF, Graph, Literal, URIRef

from ckanext.satudata.domain.federation.reading import Reader
from ckanext.satudata.domain.federation.series import code_of, in_order, series_iri, write_series
from ckanext.satudata.domain.federation.terms import DCAT, DCT
from ckanext.satudata.domain.federation.writing import Writer

OFFICE = {"id": "0f3c", "title": "Dinas Kesehatan", "name": "dinkes"}
REF = URIRef(f"{SITE.url}/dataset/{ID}")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Jumlah penduduk menurut kecamatan", "jumlah-penduduk-menurut-kecamatan"),
        ("  JUMLAH  Penduduk, menurut Kecamatan.", "jumlah-penduduk-menurut-kecamatan"),
        ("Pénduduk", "penduduk"),
        ("2024/2025", "2024-2025"),
        ("../../etc", "etc"),
        ("…", ""),
        (None, ""),
        ("a" * 300, "a" * 80),
    ],
)
def test_two_spellings_are_one_series(name: Any, code: str) -> None:
    assert code_of(name) == code


def dataset(**record: Any) -> Graph:
    graph = Graph()
    Writer(graph, SITE).dataset(REF, {**MINIMAL, "id": ID, "organization": OFFICE, **record})
    return graph


def test_a_dataset_says_its_series_and_it_is_read_again() -> None:
    graph = dataset(seri="Jumlah Penduduk")
    series = graph.value(REF, DCAT.inSeries)
    assert series == series_iri(SITE, "0f3c", "jumlah-penduduk")
    assert (series, RDF.type, DCAT.DatasetSeries) in graph
    assert (series, DCT.title, Literal("Jumlah Penduduk", lang="id")) in graph
    assert Reader(graph, SITE).dataset(REF)["seri"] == "Jumlah Penduduk"
    # One that came from elsewhere has no page here.
    ref = URIRef("https://data.example.org/1")
    other = Graph()
    Writer(other, SITE).dataset(ref, {"id": ID, "title": "x", "seri": "S", "organization": OFFICE})
    assert not str(other.value(ref, DCAT.inSeries)).startswith(f"{SITE.url}/seri/")
    assert not list(dataset(seri="…").objects(REF, DCAT.inSeries))


def test_they_stand_in_the_order_of_what_they_cover() -> None:
    records = [
        {"title": "tanpa"},
        {"title": "b", "temporal_coverage": [{"start": "2025-01-01"}]},
        {"title": "a", "temporal_coverage": [{"start": "2023-01-01"}, {"end": "2024-12-31"}]},
    ]
    assert [each["title"] for each in in_order(records)] == ["a", "b", "tanpa"]


def test_a_series_leads_from_the_first_to_the_last() -> None:
    records = [
        {**MINIMAL, "name": f"d{year}", "title": f"D {year}", "seri": "D", "organization": OFFICE}
        for year in (2023, 2024, 2025)
    ]
    iris = [f"{SITE.url}/dataset/{year}" for year in (2023, 2024, 2025)]
    graph = Graph()
    ref = series_iri(SITE, "0f3c", "d")
    write_series(Writer(graph, SITE), ref, records, iris)
    assert graph.value(ref, DCAT.first) == URIRef(iris[0])
    assert graph.value(ref, DCAT.last) == URIRef(iris[2])
    assert graph.value(URIRef(iris[2]), DCAT.prev) == URIRef(iris[1])
    assert graph.value(URIRef(iris[0]), DCAT.prev) is None
    for node in graph.subjects(RDF.type, DCAT.Dataset):
        assert graph.value(node, DCT.title)  # an old reader stops at one without
