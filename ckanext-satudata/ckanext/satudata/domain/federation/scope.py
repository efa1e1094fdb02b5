"""Rows about topic, place and time."""
from __future__ import annotations

import re
from typing import Any

from rdflib import Literal, URIRef

from ckanext.satudata.domain import wilayah, wilayah_letak
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.federation.describing import (
    Describer,
    Subject,
    code_list,
    concept_iri,
)
from ckanext.satudata.domain.federation.lists import EU_THEMES
from ckanext.satudata.domain.federation.mapping import Field
from ckanext.satudata.domain.federation.terms import (
    DCAT,
    DCT,
    EU,
    IANA,
    LOCN,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    as_list,
    as_records,
    date_literal,
    iri,
    literal,
)

__all__ = ["ScopeRows"]

_GEOJSON = IANA["application/vnd.geo+json"]
_WKT = URIRef("http://www.opengis.net/ont/geosparql#wktLiteral")


class ScopeRows(Describer):
    """Writes themes, areas, places and periods."""

    def _theme(self, on: Subject, row: Field, given: Any) -> None:
        for code in code_list(given):
            node, concept = self._concept(row.vocabulary, code)
            if concept is None:
                self._add(node, RDF.type, SKOS.Concept)
                self._add(node, SKOS.prefLabel, literal(code))
            self._add(on.ref, row.predicate, node)
            if concept is not None and concept.iri.startswith(EU["data-theme"]):
                self._eu_theme(on, row, URIRef(concept.iri))

    def _foreign_theme(self, on: Subject, row: Field, given: Any) -> None:
        for theme in as_list(given):
            node = iri(theme)
            if node is not None:
                self._eu_theme(on, row, node)

    def _eu_theme(self, on: Subject, row: Field, node: URIRef) -> None:
        self._add(on.ref, row.predicate, node)
        self._add(node, RDF.type, SKOS.Concept)
        scheme, _, code = str(node).rpartition("/")
        if scheme == str(EU["data-theme"]) and code in EU_THEMES:
            self._labels(node, *EU_THEMES[code])
            self._add(node, SKOS.inScheme, URIRef(scheme))
        else:  # DCAT-AP wants a label of every concept
            self._add(node, SKOS.prefLabel, literal(re.split(r"[/#]", str(node))[-1] or node))

    def _area(self, on: Subject, row: Field, given: Any) -> None:
        codes = code_list(given)
        shown = codes
        if len(codes) > 1:
            common = _common_area(codes)
            shown = [common] if common else codes
            node = self._property(on.node(row.name), row.name, row.label)
            self._add(on.ref, SCHEMA.additionalProperty, node)
            for code in codes:
                self._add(node, SCHEMA.value, literal(code))
                self._add(node, SCHEMA.valueReference, concept_iri(self.site, row.vocabulary, code))
        for code in shown:
            self._add(on.ref, row.predicate, self.area(code))

    def area(self, code: str) -> URIRef:
        """Describe an area and return its IRI."""
        node = concept_iri(self.site, "wilayah", code)
        try:
            full, short = wilayah.display(code), wilayah.get(code).name
        except UnknownCodeError:
            full = short = code
        self._add(node, RDF.type, DCT.Location)
        self._add(node, RDFS.label, literal(full))
        self._add(node, SKOS.prefLabel, literal(short, "id"))
        self._add(node, DCT.identifier, literal(code))
        lies = wilayah_letak.get(code)
        if lies is not None:
            self._add(node, DCAT.bbox, Literal(lies.box, datatype=_WKT))
            self._add(node, DCAT.centroid, Literal(lies.centre, datatype=_WKT))
        return node

    def _place(self, on: Subject, row: Field, given: Any) -> None:
        for position, place in enumerate(as_records(given), 1):
            node = iri(place.get("uri") or "") or on.node(row.name, position)
            self._add(on.ref, row.predicate, node)
            self._add(node, RDF.type, DCT.Location)
            if place.get("text"):
                self._add(node, SKOS.prefLabel, literal(place["text"]))
            for name, predicate in (
                ("geom", LOCN.geometry), ("bbox", DCAT.bbox), ("centroid", DCAT.centroid)
            ):
                text = literal(place[name]) if place.get(name) else None
                if text is not None:
                    kind = _GEOJSON if text.lstrip().startswith("{") else _WKT
                    self._add(node, predicate, Literal(str(text), datatype=kind))

    def _period(self, on: Subject, row: Field, given: Any) -> None:
        for position, period in enumerate(as_records(given), 1):
            start, end = (
                date_literal(period[key]) if period.get(key) else None for key in ("start", "end")
            )
            if start is None and end is None:
                continue
            node = on.node("periode", position)
            self._add(on.ref, row.predicate, node)
            self._add(node, RDF.type, DCT.PeriodOfTime)
            for terms in (DCAT, SCHEMA):
                self._add(node, terms.startDate, start)
                self._add(node, terms.endDate, end)


def _common_area(codes: list[str]) -> str:
    """Return the smallest area that holds all: parents are prefixes in Kemendagri's codes."""
    split = [code.split(".") for code in codes]
    common: list[str] = []
    for parts in zip(*split, strict=False):
        if len(set(parts)) > 1:
            break
        common.append(parts[0])
    return ".".join(common)
