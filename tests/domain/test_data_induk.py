"""Data Induk: names, codes, the columns a dataset promises, and what a row says in RDF."""
from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from federation_samples import SITE
from rdflib import Graph, Literal, URIRef

from ckanext.satudata.domain.data_induk import (
    is_code,
    list_name,
    master_of,
    nearest,
    proposal,
)
from ckanext.satudata.domain.federation.masters import GEO, list_triples, row_triples
from ckanext.satudata.domain.federation.terms import DCT, RDFS, SCHEMA, SKOS, XSD
from ckanext.satudata.domain.metadata import completeness
from ckanext.satudata.domain.metadata_columns import table_schema
from ckanext.satudata.domain.metadata_values import InvalidValueError

FIELDS: list[dict[str, Any]] = [
    {"name": "kode", "type": "string", "title": "Kode puskesmas"},
    {"name": "nama", "type": "string", "title": "Nama puskesmas"},
    {"name": "kode_kecamatan", "type": "string", "kode_referensi": "wilayah"},
    {"name": "tempat_tidur", "type": "integer", "title": "Tempat tidur", "satuan": "unit"},
    {"name": "lintang", "type": "number", "rdfType": str(GEO.lat)},
    {"name": "bujur", "type": "number", "rdfType": str(GEO.long)},
    {"name": "opd", "type": "string", "data_induk": "perangkat-daerah"},
]
DATASET: dict[str, Any] = {
    "type": "dataset", "data_induk": "puskesmas", "kunci_induk": "kode", "nama_induk": "nama",
    "resources": [
        {"id": "panduan", "jenis_berkas": "dokumentasi", "format": "CSV",
         "skema": {"fields": [{"name": "kode", "type": "string"}]}},
        {"id": "tabel", "jenis_berkas": "data", "format": "CSV",
         "skema": json.dumps({"fields": FIELDS})},
    ],
}
ROW = {"kode": "P3604010101", "nama": "Puskesmas Anyar", "kode_kecamatan": "36.04.11",
       "tempat_tidur": 10, "lintang": "-6.05", "bujur": 105.93, "opd": "1.02"}


@pytest.mark.parametrize("name", ["puskesmas", "perangkat-daerah", "sd-negeri-2", "ab"])
def test_a_name_stands_in_an_address_as_it_is(name: str) -> None:
    assert list_name(f" {name} ") == name


@pytest.mark.parametrize("name", [
    "Puskesmas", "p", "2-sekolah", "a--b", "a-", "-a", "daftar puskesmas", "a/b", "a.json",
    "x" * 41,
    "pusk\u00e9smas", "", "a\u0000b",
])
def test_what_would_break_an_address_is_refused_with_one_that_would_do(name: str) -> None:
    with pytest.raises(InvalidValueError) as refused:
        list_name(name)
    example = refused.value.params["example"]
    assert list_name(example) == example


def test_a_proposal_keeps_the_words() -> None:
    assert proposal("Daftar Puskesmas Kab. Serang") == "daftar-puskesmas-kab-serang"
    assert proposal("2. Sekolah Dasar") == "sekolah-dasar"
    assert proposal("???") == ""


@pytest.mark.parametrize("code", [
    "P3604010101", "20604128", "1.02.0.00.0.00.01.0000", "a_b-c:d", "7"])
def test_codes_in_use_are_codes(code: str) -> None:
    assert is_code(code)


@pytest.mark.parametrize("code", ["", " ", "a b", "a/b", "..", ".", "a?", "a#", "-a", "a.", "é",
                                  "x" * 101, "a\n"])
def test_what_an_address_cannot_carry_is_none(code: str) -> None:
    assert not is_code(code)


def test_the_table_is_the_data_file_that_has_both_columns() -> None:
    found = master_of(DATASET)
    assert found is not None and (found.name, found.resource) == ("puskesmas", "tabel")
    assert found.column("tempat_tidur").unit == "unit" and found.column("opd").master


@pytest.mark.parametrize("change", [
    {"data_induk": ""}, {"kunci_induk": None}, {"nama_induk": "tiada"}, {"resources": None},
    {"resources": ["x"]}, {"kunci_induk": 7},
])
def test_without_its_columns_it_is_none_yet(change: dict[str, Any]) -> None:
    assert master_of({**DATASET, **change}) is None


def gaps(**change: Any) -> set[tuple[str, str]]:
    found = completeness({**DATASET, **change}, "dataset", date(2026, 1, 1)).gaps
    return {(each.field, each.explain()) for each in found
            if each.field in ("data_induk", "kunci_induk", "nama_induk")}


def test_name_code_and_label_go_together_before_publication() -> None:
    assert gaps() == set()
    assert gaps(data_induk="", kunci_induk="", nama_induk="") == set()
    assert {field for field, _ in gaps(data_induk="")} == {"data_induk"}
    assert {field for field, _ in gaps(kunci_induk="", nama_induk="")} == {
        "kunci_induk", "nama_induk"}
    [(field, said)] = gaps(kunci_induk="npsn")
    assert field == "kunci_induk" and "npsn" in said and "kode_kecamatan" in said
    [(field, said)] = gaps(nama_induk="alamat")
    assert field == "nama_induk" and "alamat" in said and "tempat_tidur" in said


def test_a_column_of_another_dataset_may_name_the_list_its_codes_are_of() -> None:
    made = table_schema({"fields": [{"name": "kode", "type": "string", "data_induk": "puskesmas"}]})
    assert made["fields"][0]["data_induk"] == "puskesmas"
    with pytest.raises(InvalidValueError):
        table_schema({"fields": [{"name": "kode", "type": "string", "data_induk": "Pusk esmas"}]})


def test_the_code_that_was_meant_is_found() -> None:
    assert nearest("P36040101O1", ["P3604010101", "P3604020101"]) == "P3604010101"
    assert nearest("xyz", ["P3604010101"]) == ""


def graph() -> Graph:
    master, made = master_of(DATASET), Graph()
    assert master is not None
    for triple in [*list_triples(master, "Daftar puskesmas", "abc", SITE),
                   *row_triples(master, "abc", ROW, SITE)]:
        made.add(triple)
    return made


def test_a_row_is_a_concept_of_its_list_and_part_of_its_dataset() -> None:
    made, node = graph(), URIRef(f"{SITE.url}/id/puskesmas/P3604010101")
    assert made.value(node, SKOS.prefLabel) == Literal("Puskesmas Anyar", lang="id")
    assert made.value(node, RDFS.label) == Literal("Puskesmas Anyar", lang="id")
    assert str(made.value(node, SKOS.notation)) == "P3604010101"
    assert made.value(node, SKOS.inScheme) == URIRef(f"{SITE.url}/id/puskesmas")
    assert made.value(node, DCT.isPartOf) == URIRef(f"{SITE.url}/dataset/abc")


def test_cells_say_what_the_schema_says_and_no_more() -> None:
    made, node = graph(), URIRef(f"{SITE.url}/id/puskesmas/P3604010101")
    assert made.value(node, DCT.spatial) == URIRef(f"{SITE.url}/kode-referensi/wilayah/36.04.11")
    assert made.value(node, GEO.lat) == Literal("-6.05", datatype=XSD.decimal)
    assert made.value(node, GEO.long) == Literal("105.93", datatype=XSD.decimal)
    beds = URIRef(f"{node}#tempat_tidur")
    assert made.value(beds, SCHEMA.value) == Literal("10", datatype=XSD.integer)
    assert made.value(beds, SCHEMA.name) == Literal("Tempat tidur", lang="id")
    assert made.value(beds, SCHEMA.unitCode) == URIRef(f"{SITE.url}/kode-referensi/satuan/unit")
    assert made.value(URIRef(f"{node}#opd"), SCHEMA.valueReference) == URIRef(
        f"{SITE.url}/id/perangkat-daerah/1.02")


@pytest.mark.parametrize("value", ["91", "-6,05", "NaN", "1e400", "selatan"])
def test_what_is_no_latitude_is_said_as_the_cell_it_is(value: str) -> None:
    master, made = master_of(DATASET), Graph()
    assert master is not None
    for triple in row_triples(master, "abc", {**ROW, "lintang": value}, SITE):
        made.add(triple)
    node = URIRef(f"{SITE.url}/id/puskesmas/P3604010101")
    assert made.value(node, GEO.lat) is None
    assert str(made.value(URIRef(f"{node}#lintang"), SCHEMA.value)) == value


def test_a_row_without_a_code_says_nothing() -> None:
    master = master_of(DATASET)
    assert master is not None
    assert list(row_triples(master, "abc", {**ROW, "kode": None}, SITE)) == []
