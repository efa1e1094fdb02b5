"""A list of codes as people and portals send it: read, or refused in time with what to do."""
from __future__ import annotations

import csv
import io
import json
import time
from datetime import date

import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, RDF, SKOS

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.inspection.notes import RefusedFile
from ckanext.satudata.domain.vocabulary import COLUMNS, row_of
from ckanext.satudata.domain.vocabulary_changes.policy import Editing
from ckanext.satudata.domain.vocabulary_changes.proposing import propose
from ckanext.satudata.domain.vocabulary_changes.reading import MOST_BYTES, Given, read, read_safely

HEAD = "kode,label_id\n"


def values(given: Given) -> list[dict[str, str]]:
    return [dict(each.values) for each in given.rows]


def ours(separator: str = ",", columns: tuple[str, ...] = COLUMNS) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=separator, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(map(row_of, vocabulary.get("satuan")))
    return text.getvalue()


@pytest.mark.parametrize("content", [
    ours().encode(), ours().encode("utf-8-sig"), ours(";").encode(), ours("\t").encode("utf-16"),
    ours(columns=COLUMNS[::-1]).encode(), ("sep=;\r\n" + ours(";")).encode("utf-8-sig"),
    ours().replace("kode,", "\"Kode\",").replace("label_id", "Nama Indonesia").encode(),
], ids=["plain", "marked", "semicolons", "utf-16 tabs", "other order", "sep=", "other names"])
def test_our_list_comes_back_as_it_was_however_a_spreadsheet_saved_it(content: bytes) -> None:
    found = vocabulary.get("satuan")
    proposal = propose(found, read(content).rows, Editing.ISI, date(2026, 11, 22), True)
    assert (proposal.changes, proposal.refused) == ((), ())
    assert len(proposal.unchanged) == len(found)


def test_rows_know_their_line_and_columns_that_are_none_of_ours_are_named() -> None:
    given = read(b"\n\nkode;nama;warna\n\"ikan\nasin\";Ikan;biru\n\nbuah;Buah\n")
    assert [(each.place, each.values) for each in given.rows] == [
        (4, {"kode": "ikan\nasin", "label_id": "Ikan"}), (7, {"kode": "buah", "label_id": "Buah"})]
    assert given.ignored == ["warna"]


def test_the_code_page_of_windows_is_read_where_it_is_one() -> None:
    assert values(read(f"{HEAD}cafe,Café\n".encode("cp1252"))) == [
        {"kode": "cafe", "label_id": "Café"}]


def test_json_of_another_portal_is_a_list_with_where_each_code_came_from() -> None:
    said = {"name": "pasar", "uri": "https://data.example.go.id/kode-referensi/pasar",
            "title_id": "Pasar", "title_en": "Markets", "count": 1, "results": [{
                "code": "ikan", "label": "Ikan", "label_id": "Ikan", "label_en": "Fish",
                "aliases": ["pasar ikan", "lelang"], "valid_from": None, "iri": "", "parent": "",
                "uri": "https://data.example.go.id/kode-referensi/pasar/ikan"}]}
    for whole in (said, {"help": "", "success": True, "result": said}):
        given = read(json.dumps(whole).encode(), "application/json; charset=utf-8")
        assert given.scheme == said["uri"] and given.title_en == "Markets"
        assert given.rows[0].values["alias"] == "pasar ikan|lelang"
        taken = propose(vocabulary.Vocabulary("pasar", "", "", "", {}), given.rows, Editing.ISI,
                        date(2026, 11, 22))
        assert taken.changes[0].after["iri"] == given.rows[0].origin
    with pytest.raises(RefusedFile, match="1 dari 9"):
        read(json.dumps(said | {"count": 9}).encode())


THEIRS = Namespace("https://id.example.org/pasar/")


def their_graph() -> Graph:
    graph, scheme = Graph(), URIRef("https://id.example.org/pasar")
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, DCTERMS.title, Literal("Pasar", lang="id")))
    for name, label, above in (("Fish Market", "Pasar ikan", None), ("a", "Lelang", "Fish Market")):
        node = THEIRS[name.replace(" ", "%20")]
        graph.add((node, RDF.type, SKOS.Concept))
        graph.add((node, SKOS.inScheme, scheme))
        graph.add((node, SKOS.prefLabel, Literal(label, lang="id")))
        graph.add((node, SKOS.prefLabel, Literal(f"{name} in English", lang="en")))
        graph.add((node, SKOS.altLabel, Literal(f"{label}an", lang="id")))
        if above:
            graph.add((node, SKOS.broader, THEIRS[above.replace(" ", "%20")]))
            graph.add((node, SKOS.exactMatch, URIRef("http://example.org/equal")))
    return graph


@pytest.mark.parametrize("form", ["turtle", "xml", "nt", "json-ld"])
def test_skos_of_any_portal_is_read_in_every_syntax(form: str) -> None:
    text = their_graph().serialize(format=form)
    given = read_safely(text.encode(), address=f"pasar.{form}")
    assert (given.scheme, given.title_id) == ("https://id.example.org/pasar", "Pasar")
    first, second = values(given)
    assert second == {"kode": "a", "label_id": "Lelang", "label_en": "a in English",
                      "alias": "Lelangan", "induk": first["kode"],
                      "iri": "http://example.org/equal"} or first["kode"] == "a"
    assert {each.values["label_id"] for each in given.rows} == {"Pasar ikan", "Lelang"}
    assert all(each.origin.startswith(str(THEIRS)) for each in given.rows)


DEEP = 100_000
REFUSED: list[tuple[str, bytes, str, str]] = [
    ("empty", b" \n", "", "kosong"),
    ("a workbook", b"PK\x03\x04" + b"x" * 99, "satuan.xlsx", "CSV UTF-8"),
    ("an old workbook", b"\xd0\xcf\x11\xe0" + b"x" * 99, "satuan.csv", "CSV UTF-8"),
    ("a page", b"<!DOCTYPE html><html>", "", "halaman web"),
    ("no column of codes", b"a,b\n1,2\n", "", "kode,label_id"),
    ("a column twice", b"kode,nama,label\nx,y,z\n", "", "dua kali"),
    ("no rows", HEAD.encode(), "", "satu kode pun"),
    ("a million rows", (HEAD + "a,b\n" * 1_000_000).encode(), "", "20000"),
    ("a line of 50 MB", (HEAD + "a" * 50_000_000).encode(), "", f"{MOST_BYTES // 1_000_000} MB"),
    ("a cell of 9 MB", (HEAD + 'a,"' + "x" * 9_000_000).encode(), "", "tanda kutip"),
    ("an open quote", (HEAD + 'a,"b\n' + "c,d\n" * 100_000).encode(), "", "tanda kutip"),
    ("columns without end", ("," * 5_000_000).encode(), "", "kode,label_id"),
    ("two encodings", f"{HEAD}a,Café\n".encode() + "b,Café\n".encode("cp1252"), "", "baris 3"),
    ("bytes of no encoding", HEAD.encode() + b"a,\x81\x8d\xff\n", "", "baris 2"),
    ("half of UTF-16", "kode".encode("utf-16") + b"x", "", "UTF-8"),
    ("no JSON", b'{"results": [', "x.json", "JSON"),
    ("JSON without bottom", b"[" * DEEP, "x.json", "JSON"),
    ("JSON of something else", b'{"results": [1, 2]}', "x.json", "/kode-referensi/satuan.json"),
    ("entities", b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "b">]><rdf:RDF/>', "x.rdf",
     "DOCTYPE"),
    ("entities in small letters", b'<?xml version="1.0"?><!doctype r><rdf:RDF/>', "x.rdf",
     "DOCTYPE"),
    ("XML in another encoding", "<?xml version='1.0'?><!DOCTYPE r>".encode("utf-16"), "x.rdf",
     "UTF-8"),
    ("XML without bottom", b"<a>" * DEEP, "x.rdf", "RDF"),
    ("a context that is fetched", b'{"@context": "http://127.0.0.1:1/c", "@id": "x:y"}', "x.jsonld",
     "@context"),
    ("a context within", b'{"@graph": [{"@context": [{}, "http://127.0.0.1:1/c"]}]}', "x.json",
     "@context"),
    ("an import", b'{"@context": {"@import": "http://127.0.0.1:1/c"}}', "x.jsonld", "@context"),
    ("Turtle without bottom", b"<x:y> <x:z> " + b"[<x:z> " * DEEP, "x.ttl", "RDF"),
    ("Turtle of something else", b"<x:y> <x:z> 1 .", "x.ttl", "satu kode pun"),
    ("too much Turtle", b"<x:y> <x:z> 1 .\n" * 500_000, "x.ttl", "6 MB"),
    ("no text", bytes(range(256)) * 1000, "", "baris"),
]


@pytest.mark.parametrize(("content", "name", "said"), [each[1:] for each in REFUSED],
                         ids=[each[0] for each in REFUSED])
def test_a_hostile_file_ends_in_time_with_what_to_do(content: bytes, name: str, said: str) -> None:
    began = time.monotonic()
    with pytest.raises(RefusedFile) as refused:
        read_safely(content, address=name)
    assert said in refused.value.message.text()
    assert time.monotonic() - began < 20


def test_a_full_list_is_read_and_weighed_in_seconds() -> None:
    text = "kode,label_id,label_en,induk,alias\n" + "".join(
        f"k{n},Nama ke-{n},Name {n},{f'k{n // 10}' if n else ''},lain {n}|lagi {n}\n"
        for n in range(20_000))
    began = time.monotonic()
    given = read_safely(text.encode())
    proposal = propose(vocabulary.Vocabulary("penuh", "", "", "", {}), given.rows, Editing.ISI,
                       date(2026, 11, 22))
    assert len(proposal.changes) == 20_000 and not proposal.refused
    assert time.monotonic() - began < 20
