"""Rows about figures: what the inspection found of them, and how they are built.

Terms: W3C Data Quality Vocabulary for the first, W3C RDF Data Cube with the SDMX
dimensions that statistical offices share for the second.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from rdflib import Literal, URIRef

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.describing import Describer, Subject, concept_iri, value
from ckanext.satudata.domain.federation.mapping import Field
from ckanext.satudata.domain.federation.terms import (
    DQV,
    OA,
    QB,
    RDF,
    SDMX_ATTRIBUTE,
    SDMX_DIMENSION,
    XSD,
    as_list,
    iri,
    literal,
    segment,
)

__all__ = ["MeasuredRows"]

_MEASURES = "mutu"


class MeasuredRows(Describer):
    """Writes quality, resolution and structure."""

    def _quality(self, on: Subject, row: Field, given: Any) -> None:
        """Write scores of 0 to 100 a principle; ``given`` is a mapping of code to score."""
        if not isinstance(given, Mapping):
            return
        for code, score in cast("Mapping[str, Any]", given).items():
            if code not in vocabulary.get(_MEASURES) or not isinstance(score, int):
                continue
            node = on.node(row.name, code)
            self._add(on.ref, row.predicate, node)
            self._add(node, RDF.type, DQV.QualityMeasurement)
            self._add(node, DQV.isMeasurementOf, concept_iri(self.site, _MEASURES, code))
            self._add(node, DQV.value, Literal(str(score), datatype=XSD.integer))

    def _certificate(self, on: Subject, row: Field, given: Any) -> None:
        """Say that the walidata looked at it and found that it conforms."""
        if given is not True:
            return
        node = on.node(row.name)
        self._add(on.ref, row.predicate, node)
        self._add(node, RDF.type, DQV.QualityCertificate)
        self._add(node, OA.motivatedBy, DQV.qualityAssessment)
        self._add(node, OA.hasTarget, on.ref)
        self._add(node, OA.hasBody, concept_iri(self.site, "hasil_periksa", "memenuhi"))

    def _level(self, on: Subject, row: Field, given: Any) -> None:
        known = vocabulary.get(row.vocabulary)
        if isinstance(given, str) and given in known:
            self._add(on.ref, row.predicate, literal(known[given].label_id, "id"))

    def _structure(self, on: Subject, row: Field, given: Any) -> None:
        """Write what is measured, of what and when: only where an indikator says what."""
        measures = [
            iri(each) or URIRef(f"{self.site.url}/indikator/{segment(each)}")
            for each in as_list(given)
        ]
        if not measures:
            return
        parts: list[tuple[URIRef, URIRef]] = [(QB.measure, each) for each in measures]
        if value(on.record, "kode_wilayah"):
            parts.append((QB.dimension, SDMX_DIMENSION.refArea))
        if value(on.record, "temporal_coverage"):
            parts.append((QB.dimension, SDMX_DIMENSION.refPeriod))
        unit = str(value(on.record, "satuan") or "")
        if unit in vocabulary.get("satuan"):
            parts.append((QB.attribute, SDMX_ATTRIBUTE.unitMeasure))
            self._add(on.ref, SDMX_ATTRIBUTE.unitMeasure, concept_iri(self.site, "satuan", unit))
        node = on.node("struktur")
        self._add(on.ref, RDF.type, QB.DataSet)
        self._add(on.ref, row.predicate, node)
        self._add(node, RDF.type, QB.DataStructureDefinition)
        for position, (predicate, component) in enumerate(parts, 1):
            part = on.node("struktur", position)
            self._add(node, QB.component, part)
            self._add(part, RDF.type, QB.ComponentSpecification)
            self._add(part, predicate, component)
