"""Reads a list of codes written as SKOS: Turtle, RDF/XML, N-Triples or JSON-LD of any portal.

Threats: entities of XML that grow without end or read the server's own files; contexts of JSON-LD
that are fetched from an address of the sender's choice. Neither is needed to write a list, so both
refuse the file before a parser sees it.
"""
from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, cast

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, Namespace
from rdflib.term import Node

from ckanext.satudata.domain.inspection.notes import N_, RefusedFile
from ckanext.satudata.domain.vocabulary_changes.cleaning import code_problem, proposed_code
from ckanext.satudata.domain.vocabulary_changes.given import Given, bounded
from ckanext.satudata.domain.vocabulary_changes.proposing import GivenRow

__all__ = ["read"]

_SCHEMA = (Namespace("http://schema.org/"), Namespace("https://schema.org/"))
_HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
_EUVOC = Namespace("http://publications.europa.eu/ontology/euvoc#")
_FROM = [*(each.validFrom for each in _SCHEMA), _EUVOC.startDate]
_TO = [*(each.validThrough for each in _SCHEMA), _EUVOC.endDate]
_NOTES = [SKOS.definition, SKOS.scopeNote, SKOS.note, DCTERMS.description, RDFS.comment]
_LABELS = [SKOS.prefLabel, RDFS.label]


def read(content: bytes, form: str) -> Given:
    """Return the concepts of one scheme.

    :param form: turtle, xml, nt or json-ld
    :raises RefusedFile: it is not that, would fetch something, or holds no or several schemes
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedFile("encoding", N_(
            "Berkas RDF harus UTF-8. Unduh lagi dari portal asalnya.")) from None
    _guard(text, form)
    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=text, format=form)
    # Parsers of strangers' text raise whatever their own code meets.
    except Exception:
        raise _broken() from None
    concepts = sorted({each for each in (
        *graph.subjects(RDF.type, SKOS.Concept), *graph.subjects(SKOS.inScheme),
        *graph.subjects(SKOS.topConceptOf)) if isinstance(each, URIRef)})
    schemes = sorted({*graph.objects(None, SKOS.inScheme), *graph.subjects(
        RDF.type, SKOS.ConceptScheme)}, key=str)
    if len(schemes) > 1:
        schemes = sorted({*graph.objects(None, SKOS.inScheme)}, key=str)
    if len(schemes) > 1:
        raise RefusedFile("several_schemes", N_(
            "Berkas ini memuat {jumlah} daftar. Unggah satu daftar per berkas."),
            jumlah=len(schemes))
    if {*graph.subjects(_HYDRA.next), *graph.subjects(_HYDRA.previous)}:
        raise RefusedFile("cut", N_(
            "Ini hanya satu halaman dari daftarnya. Unduh bentuk CSV-nya, yang memuat semua."))
    codes = {each: _code(graph, each) for each in concepts}
    scheme = schemes[0] if schemes else None
    titles = _texts(graph, scheme, [DCTERMS.title, SKOS.prefLabel, RDFS.label]) if scheme else {}
    return Given(
        bounded([GivenRow(number, _values(graph, each, codes), str(each))
                 for number, each in enumerate(concepts, 1)]),
        form, str(scheme or ""), titles.get("id", "")[:200], titles.get("en", "")[:200])


def _broken() -> RefusedFile:
    return RefusedFile("broken_rdf", N_(
        "Berkas ini tidak terbaca sebagai RDF. Unduh lagi dari portal asalnya, dalam Turtle, "
        "RDF/XML atau JSON-LD."))


def _guard(text: str, form: str) -> None:
    if form == "xml" and re.search(r"<!(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise RefusedFile("doctype", N_(
            "Berkas XML ini memuat definisi DOCTYPE dan tidak dibuka demi keamanan. Simpan ulang "
            "tanpa DOCTYPE."))
    if form == "json-ld":
        try:
            said: Any = json.loads(text)
        except (ValueError, RecursionError):
            raise _broken() from None
        if _fetches(said):
            raise RefusedFile("remote_context", N_(
                "JSON-LD ini menunjuk @context di alamat lain, yang tidak diambil demi keamanan. "
                "Unduh bentuk Turtle-nya."))


def _fetches(said: Any) -> bool:
    """Tell whether reading would ask an address: a context or import that is one."""
    waiting: list[Any] = [said]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += cast("list[Any]", each)
        elif isinstance(each, dict):
            known = cast("dict[str, Any]", each)
            context = known.get("@context")
            if "@import" in known or any(isinstance(one, str) for one in (
                    cast("list[Any]", context) if isinstance(context, list) else [context])):
                return True
            waiting += known.values()
    return False


def _code(graph: Graph, concept: URIRef) -> str:
    """Return the code of a concept: its notation that is one, else the end of its IRI."""
    ending = re.split(r"[/#]", str(concept).rstrip("/#"))[-1]
    signs = sorted(str(each) for each in graph.objects(concept, SKOS.notation))
    for each in (*(sign for sign in signs if sign == ending), ending, *signs):
        if code_problem(each) is None:
            return each
    return next((code for each in (ending, *signs) if (code := proposed_code(each))), "")


def _values(graph: Graph, concept: URIRef, codes: dict[URIRef, str]) -> dict[str, str]:
    labels, notes = _texts(graph, concept, _LABELS), _texts(graph, concept, _NOTES)
    code = codes[concept]
    values = {
        "kode": code, "label_id": labels.get("id") or labels.get("", ""),
        "label_en": labels.get("en", ""),
        "keterangan": notes.get("id") or notes.get("") or notes.get("en", ""),
        "induk": _known(codes, graph.objects(concept, SKOS.broader)),
        "berlaku_sejak": _first(graph, concept, _FROM),
        "berlaku_sampai": _first(graph, concept, _TO),
        "notasi": next((sign for sign in sorted(map(str, graph.objects(
            concept, SKOS.notation))) if sign != code), ""),
        "alias": "|".join(sorted({str(each).replace("|", "/") for each in graph.objects(
            concept, SKOS.altLabel)} | {str(each).replace("|", "/") for each in graph.objects(
                concept, SKOS.hiddenLabel)})),
        "pengganti": _known(codes, graph.objects(concept, DCTERMS.isReplacedBy)),
        "iri": next((str(each) for relation in (SKOS.exactMatch, SKOS.closeMatch, OWL.sameAs)
                     for each in sorted(graph.objects(concept, relation), key=str)
                     if isinstance(each, URIRef)), ""),
    }
    values["label_id"] = values["label_id"] or values["label_en"]
    # What a form of theirs has no word for says nothing; it does not empty ours.
    return {name: text for name, text in values.items() if text or name == "kode"}


def _known(codes: dict[URIRef, str], nodes: Iterable[Node]) -> str:
    return next((codes[each] for each in sorted(nodes, key=str)
                 if isinstance(each, URIRef) and each in codes), "")


def _texts(graph: Graph, node: Node, predicates: list[URIRef]) -> dict[str, str]:
    """Return texts by language (two letters), the first predicate first; no language is ""."""
    found: dict[str, str] = {}
    for predicate in predicates:
        for each in sorted(graph.objects(node, predicate), key=str):
            if isinstance(each, Literal):
                found.setdefault((each.language or "")[:2].lower(), str(each))
    return found


def _first(graph: Graph, concept: URIRef, predicates: list[URIRef]) -> str:
    return next((str(each) for predicate in predicates
                 for each in sorted(graph.objects(concept, predicate), key=str)), "")
