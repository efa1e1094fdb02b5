"""Triples of a Data Induk: the list as a SKOS concept scheme, each row as a concept in it.

A cell whose column nobody gave a meaning is a ``schema:PropertyValue`` named by its column, as
fields without a standard term are (``mapping``). What the Table Schema does say is used: a code of
a list is linked, an area is where the thing lies, and columns typed as latitude and longitude
(``rdfType`` of the W3C Basic Geo vocabulary) are those of the thing. Nothing is guessed from names.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from rdflib import Literal, Namespace, URIRef
from rdflib.term import Node

from ckanext.satudata.domain import vocabulary, wilayah
from ckanext.satudata.domain.data_induk import Column, Master
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.federation.describing import concept_iri, list_iri
from ckanext.satudata.domain.federation.mapping import Site
from ckanext.satudata.domain.federation.paging import Links, paging
from ckanext.satudata.domain.federation.terms import (
    DCAT,
    DCT,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    XSD,
    iri,
    literal,
    segment,
)

__all__ = ["GEO", "Triple", "list_triples", "row_triples"]

Triple = tuple[Node, Node, Node]
#: W3C Basic Geo (WGS84 lat/long).
GEO = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")
_BOUNDS: Mapping[str, int] = {str(GEO.lat): 90, str(GEO.long): 180}
_WILAYAH = "wilayah"


def list_triples(
    of: Master, title: str, package_id: str, site: Site, links: Links | None = None,
) -> Iterator[Triple]:
    """Yield what a list is, and where its other pages are."""
    node = list_iri(site, of.name)
    yield node, RDF.type, SKOS.ConceptScheme
    yield from _said((
        (node, SKOS.prefLabel, literal(title, "id")), (node, DCT.title, literal(title, "id")),
        (node, DCT.type, concept_iri(site, "golongan_data", "data_induk")),
    ))
    dataset = _dataset(site, package_id)
    yield node, DCT.isPartOf, dataset
    yield dataset, RDF.type, DCAT.Dataset
    if links is not None:
        yield from paging(links)


def row_triples(
    of: Master, package_id: str, values: Mapping[str, Any], site: Site
) -> Iterator[Triple]:
    """Yield what a row says.

    :param values: its cells by column; one without a code says nothing
    """
    code = _text(values.get(of.key))
    if not code:
        return
    node = list_iri(site, of.name, code)
    scheme = list_iri(site, of.name)
    name = literal(_text(values.get(of.label)) or code, "id")
    yield node, RDF.type, SKOS.Concept
    yield from _said((
        (node, SKOS.prefLabel, name), (node, RDFS.label, name),
        (node, SKOS.notation, literal(code)), (node, DCT.identifier, literal(code)),
        (node, SKOS.inScheme, scheme), (node, DCT.isPartOf, _dataset(site, package_id)),
    ))
    for column in of.columns:
        value = values.get(column.name)
        if column.name not in (of.key, of.label) and _text(value):
            yield from _cell(node, column, value, site)


def _cell(node: URIRef, column: Column, value: Any, site: Site) -> Iterator[Triple]:
    bound = _BOUNDS.get(column.meaning)
    if bound is not None:
        degrees = _degrees(value, bound)
        if degrees is not None:
            yield node, URIRef(column.meaning), degrees
            return
    meant = _meant(column, _text(value), site)
    if meant is not None and column.reference == _WILAYAH:
        yield node, DCT.spatial, meant
    part = URIRef(f"{node}#{segment(column.name)}")
    yield node, SCHEMA.additionalProperty, part
    yield part, RDF.type, SCHEMA.PropertyValue
    yield from _said((
        (part, SCHEMA.propertyID, literal(column.name)),
        (part, SCHEMA.name, literal(column.label, "id")),
        (part, SCHEMA.value, literal(value)), (part, SCHEMA.valueReference, meant),
        *_unit(part, column.unit, site),
    ))


def _unit(part: URIRef, unit: str, site: Site) -> Iterator[tuple[Node, Node, Node | None]]:
    known = vocabulary.get("satuan")
    if unit in known:
        yield part, SCHEMA.unitCode, concept_iri(site, "satuan", unit)
        yield part, SCHEMA.unitText, literal(known[unit].notation or known[unit].label_id)
    elif unit:
        yield part, SCHEMA.unitText, literal(unit)


def _meant(column: Column, text: str, site: Site) -> URIRef | None:
    """Return the IRI of what a cell refers to, nothing for a value or an unknown code."""
    if column.master:
        return list_iri(site, column.master, text)
    if column.reference == _WILAYAH:
        try:
            return concept_iri(site, _WILAYAH, wilayah.get(text).code)
        except UnknownCodeError:
            return None
    if column.reference in vocabulary.names() and text in vocabulary.get(column.reference):
        return concept_iri(site, column.reference, text)
    return iri(text) if text.startswith(("http://", "https://")) else None


def _degrees(value: Any, bound: int) -> Literal | None:
    try:
        number = Decimal(_text(value))
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) > bound:
        return None
    return Literal(format(number, "f"), datatype=XSD.decimal)


def _dataset(site: Site, package_id: str) -> URIRef:
    return URIRef(f"{site.url}/dataset/{segment(package_id)}")


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _said(triples: Iterable[tuple[Node, Node, Node | None]]) -> Iterator[Triple]:
    for subject, predicate, node in triples:
        if node is not None:
            yield subject, predicate, node
