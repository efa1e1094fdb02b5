"""Rows about topic, place and time, read."""
from __future__ import annotations

from typing import Any

from rdflib import Literal, URIRef
from rdflib.term import Node

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.foreign import interval
from ckanext.satudata.domain.federation.mapping import Field
from ckanext.satudata.domain.federation.terms import (
    DCAT,
    LOCN,
    RDFS,
    SCHEMA,
    SKOS,
    TIME,
    concept_of,
)
from ckanext.satudata.domain.federation.understanding import Source, Understanding, position

__all__ = ["ScopeReading"]


class ScopeReading(Understanding):
    """Reads themes, areas, places and periods."""

    def _theme(self, on: Source, row: Field) -> list[str]:
        return [
            code for node in self._objects(on.ref, row.predicate)
            if (code := self._meaning(node, row.vocabulary))
        ]

    def _foreign_theme(self, on: Source, row: Field) -> list[str]:
        nodes = [node for node in self._objects(on.ref, row.predicate) if isinstance(node, URIRef)]
        known = vocabulary.get("urusan")
        derived = {
            known[code].iri for node in nodes
            if (code := self._meaning(node, "urusan")) and code in known
        }
        return [
            str(node) for node in nodes
            if self._meaning(node, "urusan") is None and str(node) not in derived
        ]

    def _area(self, on: Source, row: Field) -> list[str]:
        listed = [
            str(node) for named in on.properties.get(row.name, [])
            for node in self._objects(named, SCHEMA.value)
        ]
        return listed or [
            code for node in self._objects(on.ref, row.predicate)
            if (code := self._meaning(node, row.vocabulary))
        ]

    def _place(self, on: Source, row: Field) -> list[dict[str, Any]]:
        places: list[dict[str, Any]] = []
        for node in sorted(self.graph.objects(on.ref, row.predicate), key=position):
            if concept_of(node):
                continue
            if isinstance(node, Literal):
                places.append({"text": str(node)})
                continue
            place = {
                "uri": self._uri(node, row),
                "text": self._string(node, SKOS.prefLabel) or self._string(node, RDFS.label),
                "geom": self._string(node, LOCN.geometry),
                "bbox": self._string(node, DCAT.bbox),
                "centroid": self._string(node, DCAT.centroid),
            }
            places.append({key: each for key, each in place.items() if each})
        return [place for place in places if place]

    def _period(self, on: Source, row: Field) -> list[dict[str, str]]:
        periods: list[dict[str, str]] = []
        for node in sorted(self.graph.objects(on.ref, row.predicate), key=position):
            found = interval(node) if isinstance(node, Literal) else None
            period = dict(zip(("start", "end"), found, strict=True)) if found else {
                name: self._string(node, DCAT[f"{name}Date"])
                or self._string(node, SCHEMA[f"{name}Date"])
                or self._instant(node, instant)
                for name, instant in (("start", TIME.hasBeginning), ("end", TIME.hasEnd))
            }
            periods.append({key: each for key, each in period.items() if each})
        return [period for period in periods if period]

    def _instant(self, node: Node, predicate: URIRef) -> str:
        """Return the day, month or year of a moment in OWL-Time."""
        for moment in self._objects(node, predicate):
            for name in ("inXSDDate", "inXSDDateTimeStamp", "inXSDgYearMonth", "inXSDgYear",
                         "inXSDDateTime"):
                found = self._string(moment, TIME[name])
                if found:
                    return found
        return ""
