"""Whether a dataset keeps DCAT-AP 3.0.1: presence, number and kind, in our own words.

The official shapes ask for the same in SHACL; the engine that runs them takes a second a dataset
and is no part of what is installed. A test holds both verdicts against each other, on sound
datasets and on spoilt ones. What stands here is what the shapes ask of a dataset and of all it
leads to; of lists of the EU they have separate shapes, which the method does not run.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from rdflib import Literal, URIRef
from rdflib.term import Node

from ckanext.satudata.domain.federation.mqa.facts import Facts
from ckanext.satudata.domain.federation.terms import (
    ADMS,
    DCAT,
    DCATAP,
    DCT,
    ELI,
    FOAF,
    LOCN,
    PROV,
    RDF,
    SKOS,
    SPDX,
    VCARD,
    XSD,
)

__all__ = ["Fault", "faults"]


class Fault(NamedTuple):
    """One break of a rule: of what, in which property, and which rule.

    ``rule`` is ``missing``, ``twice``, ``kind`` (a text for a thing or the other way round),
    ``class`` (what is pointed at is not said to be what it must be) or ``datatype``.
    """

    thing: str
    property: str
    rule: str


_NEEDED: Mapping[URIRef, tuple[URIRef, ...]] = {
    DCAT.Dataset: (DCT.title, DCT.description),
    DCAT.Distribution: (DCAT.accessURL,),
    DCAT.DataService: (DCAT.endpointURL, DCT.title),
    DCAT.Relationship: (DCAT.hadRole, DCT.relation),
    FOAF.Agent: (FOAF.name,),
    SKOS.Concept: (SKOS.prefLabel,),
    SKOS.ConceptScheme: (DCT.title,),
    SPDX.Checksum: (SPDX.algorithm, SPDX.checksumValue),
}
_ONCE: Mapping[URIRef, tuple[URIRef, ...]] = {
    DCAT.Dataset: (
        DCT.publisher, DCT.issued, DCT.modified, DCT.accessRights, DCT.accrualPeriodicity,
        DCAT.version, DCAT.spatialResolutionInMeters, DCAT.temporalResolution),
    DCAT.Distribution: (
        DCT["format"], DCT.issued, DCT.modified, DCT.license, DCT.rights, SPDX.checksum,
        ADMS.status, DCAT.byteSize, DCAT.mediaType, DCAT.compressFormat, DCAT.packageFormat,
        DCATAP.availability, DCAT.spatialResolutionInMeters, DCAT.temporalResolution),
    DCAT.DataService: (DCT.accessRights, DCT.license, DCT.publisher),
    DCT.Location: (DCAT.bbox, DCAT.centroid, LOCN.geometry),
    DCT.PeriodOfTime: (DCAT.startDate, DCAT.endDate),
    FOAF.Agent: (DCT.type,),
    ADMS.Identifier: (SKOS.notation,),
    SPDX.Checksum: (SPDX.algorithm, SPDX.checksumValue),
}
#: Properties whose value is text.
_TEXT: Mapping[URIRef, tuple[URIRef, ...]] = {
    DCAT.Dataset: (DCT.title, DCT.description, DCT.identifier, DCAT.keyword, DCAT.version,
                   ADMS.versionNotes),
    DCAT.Distribution: (DCT.title, DCT.description),
    DCAT.DataService: (DCT.title, DCT.description, DCAT.keyword),
    DCT.Location: (DCAT.bbox, DCAT.centroid, LOCN.geometry),
    FOAF.Agent: (FOAF.name,),
    SKOS.Concept: (SKOS.prefLabel,),
    SKOS.ConceptScheme: (DCT.title,),
}
#: Properties whose value is a thing, and what that must be said to be (None: anything).
_CLASSES: Mapping[URIRef, Mapping[URIRef, URIRef | None]] = {
    DCAT.Dataset: {
        DCT.accessRights: DCT.RightsStatement, DCT.accrualPeriodicity: DCT.Frequency,
        DCATAP.applicableLegislation: ELI.LegalResource, DCT.conformsTo: DCT.Standard,
        DCAT.contactPoint: VCARD.Kind, DCT.creator: FOAF.Agent,
        DCAT.distribution: DCAT.Distribution, DCAT.hasVersion: DCAT.Dataset,
        ADMS.identifier: ADMS.Identifier, DCAT.inSeries: DCAT.DatasetSeries,
        DCAT.landingPage: FOAF.Document, DCT.language: DCT.LinguisticSystem,
        FOAF.page: FOAF.Document, DCT.provenance: DCT.ProvenanceStatement,
        DCT.publisher: FOAF.Agent, PROV.qualifiedAttribution: PROV.Attribution,
        DCAT.qualifiedRelation: DCAT.Relationship, ADMS.sample: DCAT.Distribution,
        DCT.source: DCAT.Dataset, DCT.spatial: DCT.Location, DCT.temporal: DCT.PeriodOfTime,
        DCAT.theme: SKOS.Concept, DCT.type: SKOS.Concept, PROV.wasGeneratedBy: PROV.Activity,
        DCT.isReferencedBy: None, DCT.relation: None,
    },
    DCAT.Distribution: {
        DCAT.accessService: DCAT.DataService, DCATAP.applicableLegislation: ELI.LegalResource,
        DCATAP.availability: SKOS.Concept, SPDX.checksum: SPDX.Checksum,
        DCAT.compressFormat: DCT.MediaType, DCT.conformsTo: DCT.Standard,
        DCT["format"]: DCT.MediaTypeOrExtent, DCT.language: DCT.LinguisticSystem,
        DCT.license: DCT.LicenseDocument, DCAT.mediaType: DCT.MediaType,
        DCAT.packageFormat: DCT.MediaType, FOAF.page: FOAF.Document,
        DCT.rights: DCT.RightsStatement, ADMS.status: SKOS.Concept,
        DCAT.accessURL: None, DCAT.downloadURL: None,
    },
    DCAT.DataService: {
        DCT.accessRights: DCT.RightsStatement, DCATAP.applicableLegislation: ELI.LegalResource,
        DCT.conformsTo: DCT.Standard, DCAT.contactPoint: VCARD.Kind,
        DCT["format"]: DCT.MediaTypeOrExtent, DCAT.landingPage: FOAF.Document,
        DCT.license: DCT.LicenseDocument, DCT.publisher: FOAF.Agent,
        DCAT.servesDataset: DCAT.Dataset, DCAT.theme: SKOS.Concept,
        DCAT.endpointURL: None, DCAT.endpointDescription: None,
    },
    DCT.LicenseDocument: {DCT.type: SKOS.Concept},
    FOAF.Agent: {DCT.type: SKOS.Concept},
}
_DATATYPES: Mapping[URIRef, Mapping[URIRef, URIRef]] = {
    DCAT.Dataset: {DCAT.spatialResolutionInMeters: XSD.decimal,
                   DCAT.temporalResolution: XSD.duration},
    DCAT.Distribution: {DCAT.byteSize: XSD.nonNegativeInteger,
                        DCAT.spatialResolutionInMeters: XSD.decimal,
                        DCAT.temporalResolution: XSD.duration},
    SPDX.Checksum: {SPDX.checksumValue: XSD.hexBinary},
}
_MOMENTS = (DCT.issued, DCT.modified)
_MOMENT = frozenset({XSD.date, XSD.dateTime, XSD.gYear, XSD.gYearMonth})
_OF_MOMENTS = frozenset({DCAT.Dataset, DCAT.Distribution})


#: Other things of a catalog a dataset may lead to; they are judged for themselves.
_OTHERS = frozenset({DCAT.Catalog, DCAT.CatalogRecord, DCAT.Dataset, DCAT.DatasetSeries})


def faults(facts: Facts, dataset: Node) -> list[Fault]:
    """Return every break of a rule in a dataset and in what belongs to it."""
    found: list[Fault] = []
    for thing in facts.around(dataset, apart=_OTHERS):
        told = facts.said.get(thing, {})
        for cls in told.get(RDF.type, ()):
            if isinstance(cls, URIRef):
                found += _of(facts, thing, told, cls)
    return found


def _of(facts: Facts, thing: Node, told: Mapping[Node, list[Node]], cls: URIRef) -> list[Fault]:
    found: list[tuple[URIRef, str]] = [
        *((each, "missing") for each in _NEEDED.get(cls, ()) if not told.get(each)),
        *((each, "twice") for each in _ONCE.get(cls, ()) if len(told.get(each, ())) > 1),
        *((each, "kind") for each in _TEXT.get(cls, ())
          if any(not isinstance(value, Literal) for value in told.get(each, ()))),
    ]
    for predicate, wanted in _CLASSES.get(cls, {}).items():
        for value in told.get(predicate, ()):
            if isinstance(value, Literal):
                found.append((predicate, "kind"))
            elif wanted is not None and not facts.is_a(value, wanted):
                found.append((predicate, "class"))
    for predicate, datatype in _DATATYPES.get(cls, {}).items():
        found += [(predicate, "datatype") for value in told.get(predicate, ())
                  if not isinstance(value, Literal) or value.datatype != datatype]
    if cls in _OF_MOMENTS:
        found += [(predicate, "datatype") for predicate in _MOMENTS
                  for value in told.get(predicate, ())
                  if not isinstance(value, Literal) or value.datatype not in _MOMENT]
    return [Fault(str(thing), str(predicate), rule) for predicate, rule in found]
