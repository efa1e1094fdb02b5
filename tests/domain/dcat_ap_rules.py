"""What DCAT-AP 3.0.1 demands, in our own words: the part of its shapes that needs no list.

The official shapes are not part of this repository; this table stands in for them
where they are absent.
"""

from __future__ import annotations

from typing import Any

from rdflib import RDF, BNode, Graph, URIRef

from ckanext.satudata.domain.federation.terms import (
    ADMS,
    DCAT,
    DCT,
    FOAF,
    PROV,
    SKOS,
    SPDX,
    VCARD,
)

__all__ = ["faults"]

#: DCAT-AP 3.0.1: of each class, what it must have, and what it may have only once.
NEEDED: dict[URIRef, set[URIRef]] = {
    DCAT.Catalog: {DCT.title, DCT.description, DCT.publisher},
    DCAT.Dataset: {DCT.title, DCT.description},
    DCAT.Distribution: {DCAT.accessURL},
    FOAF.Agent: {FOAF.name},
    SKOS.Concept: {SKOS.prefLabel},
    SKOS.ConceptScheme: {DCT.title},
    SPDX.Checksum: {SPDX.algorithm, SPDX.checksumValue},
}
ONCE: dict[URIRef, set[URIRef]] = {
    DCAT.Catalog: {DCT.publisher, DCT.issued, DCT.modified, DCT.license, FOAF.homepage},
    DCAT.Dataset: {
        DCT.publisher,
        DCT.issued,
        DCT.modified,
        DCT.accessRights,
        DCT.accrualPeriodicity,
        DCAT.version,
    },
    DCAT.Distribution: {
        DCT["format"],
        DCT.issued,
        DCT.modified,
        DCT.license,
        DCT.rights,
        SPDX.checksum,
        ADMS.status,
        DCAT.byteSize,
        DCAT.mediaType,
        DCAT.temporalResolution,
    },
    DCT.PeriodOfTime: {DCAT.startDate, DCAT.endDate},
    FOAF.Agent: {DCT.type},
    ADMS.Identifier: {SKOS.notation},
}
CLASSES: dict[URIRef, URIRef] = {
    DCT.publisher: FOAF.Agent,
    DCT.creator: FOAF.Agent,
    DCAT.contactPoint: VCARD.Kind,
    DCT.spatial: DCT.Location,
    DCT.temporal: DCT.PeriodOfTime,
    DCT.license: DCT.LicenseDocument,
    DCT.accessRights: DCT.RightsStatement,
    DCT.accrualPeriodicity: DCT.Frequency,
    DCT.provenance: DCT.ProvenanceStatement,
    DCT.language: DCT.LinguisticSystem,
    DCT.conformsTo: DCT.Standard,
    DCT["format"]: DCT.MediaTypeOrExtent,
    DCAT.theme: SKOS.Concept,
    DCAT.mediaType: DCT.MediaType,
    DCAT.landingPage: FOAF.Document,
    FOAF.page: FOAF.Document,
    ADMS.identifier: ADMS.Identifier,
    DCAT.distribution: DCAT.Distribution,
    SPDX.checksum: SPDX.Checksum,
    PROV.wasGeneratedBy: PROV.Activity,
}


def faults(graph: Graph) -> list[tuple[Any, ...]]:
    """Return what breaks DCAT-AP: a missing, a second or a wrongly classed value."""
    found: list[tuple[Any, ...]] = []
    for cls, wanted in NEEDED.items():
        for node in graph.subjects(RDF.type, cls):
            found += [(node, each, "missing") for each in wanted if (node, each, None) not in graph]
    for cls, single in ONCE.items():
        for node in graph.subjects(RDF.type, cls):
            found += [
                (node, each, "twice") for each in single if len(list(graph.objects(node, each))) > 1
            ]
    for predicate, cls in CLASSES.items():
        for node, value in graph.subject_objects(predicate):
            if (value, RDF.type, cls) not in graph:
                found.append((node, predicate, value))
    found += [triple for triple in graph if any(isinstance(node, BNode) for node in triple)]
    return found
