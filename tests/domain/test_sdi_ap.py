"""Our application profile: what we write conforms, and each constraint finds what breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from federation_samples import FULL, ID, MINIMAL, SITE, Maker
from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import SH, XSD

from ckanext.satudata.domain.federation.mapping import DATASET, DISTRIBUTION, Kind
from ckanext.satudata.domain.federation.terms import (
    ADMS,
    DCAT,
    DCATAP,
    DCT,
    DQV,
    EU,
    FOAF,
    PROV,
    SCHEMA,
    SPDX,
    VCARD,
)
from ckanext.satudata.domain.federation.writing import Writer

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
FILE = Path(__file__).resolve().parents[2] / "schemas" / "shacl" / "sdi-ap.ttl"
SHAPES = Graph().parse(FILE)
REF = URIRef(f"{SITE.url}/dataset/{ID}")
#: What CKAN stores of a dataset of which nothing but its title was typed.
POOR: dict[str, Any] = dict(
    MINIMAL, id="m", access_rights="terbuka", organization={"id": "o", "title": "Dinas Kesehatan"}
)
#: One dataset in which every constraint has something to look at.
WHOLE: dict[str, Any] = dict(
    FULL,
    mutu={"metadata": 88},
    pemeriksaan=True,
    resources=FULL["resources"][:1],
    temporal_coverage=[{"start": "2024-01-01", "end": "2024-12-31"}],
)


def graph_of(*records: dict[str, Any]) -> Graph:
    graph = Graph()
    writer = Writer(graph, SITE)
    for record in records:
        writer.dataset(URIRef(f"{SITE.url}/dataset/{record['id']}"), record)
    return graph


def found(graph: Graph, severity: URIRef | None = None) -> list[str]:
    """Return the messages and paths of what the shapes find."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=SHAPES, advanced=True)
    return sorted(
        f"{report.value(each, SH.resultPath)} {report.value(each, SH.resultMessage)}"
        for each in report.subjects(RDF.type, SH.ValidationResult)
        if severity in (None, report.value(each, SH.resultSeverity))
    )


CASES: dict[str, tuple[dict[str, Any], ...]] = {
    "full": (FULL,),
    "whole": (WHOLE,),
    "minimal": (POOR,),
    "restricted": (dict(FULL, access_rights="terbatas", dasar_hukum="UU 14/2008 pasal 17"),),
    "closed": (dict(FULL, access_rights="tertutup", dasar_hukum="UU 14/2008 pasal 17"),),
    "generated": tuple(
        dict(Maker(seed).dataset(), id=f"g{seed}", **{
            key: POOR[key] for key in ("access_rights", "organization")
        })
        for seed in range(8)
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_we_write_conforms(case: str) -> None:
    assert found(graph_of(*CASES[case]), SH.Violation) == []


def test_a_whole_dataset_lacks_nothing_that_is_recommended() -> None:
    assert found(graph_of(WHOLE)) == []


def test_a_poor_dataset_is_told_what_to_add() -> None:
    said = found(graph_of(POOR), SH.Warning)
    assert any("Kata kunci" in each for each in said)
    assert any("Periode data" in each for each in said)


# ---------------------------------------------------------------- every constraint can fail
def without(*paths: URIRef) -> Callable[[Graph], None]:
    def broken(graph: Graph) -> None:
        for path in paths:
            graph.remove((None, path, None))

    return broken


def first(graph: Graph, path: URIRef) -> Any:
    """Return the dataset where it says something by a path, else the first that does."""
    return REF if (REF, path, None) in graph else min(graph.subjects(path, None), key=str)


def more(path: URIRef, node: Any, of: URIRef | None = None) -> Callable[[Graph], None]:
    """Say one more thing of the first that says something by a path."""

    def broken(graph: Graph) -> None:
        subject = of or first(graph, path)
        graph.add((subject, path, node))

    return broken


def instead(path: URIRef, node: Any) -> Callable[[Graph], None]:
    def broken(graph: Graph) -> None:
        subject = first(graph, path)
        graph.remove((subject, path, None))
        graph.add((subject, path, node))

    return broken


def untyped(cls: URIRef) -> Callable[[Graph], None]:
    def broken(graph: Graph) -> None:
        graph.remove((None, RDF.type, cls))

    return broken


def restricted_without_page(graph: Graph) -> None:
    graph.remove((REF, DCT.accessRights, None))
    graph.add((REF, DCT.accessRights, EU["access-right/RESTRICTED"]))
    for file, address in list(graph.subject_objects(DCAT.downloadURL)):
        graph.add((file, DCAT.accessURL, address))


STRANGE = URIRef("urn:x-test:strange")
TEXT = Literal("text")
#: (path, constraint) of the shapes -> what breaks it. Paths as in the file.
BROKEN: dict[tuple[Any, URIRef], Callable[[Graph], None]] = {
    **{
        (path, SH.minCount): without(path)
        for path in (
            DCT.title, DCT.description, DCT.identifier, DCT.publisher, DCT.creator,
            DCAT.contactPoint, DCT.accessRights, DCAT.landingPage, DCATAP.applicableLegislation,
            DCAT.keyword, DCAT.theme, DCT.temporal, DCT.accrualPeriodicity,
            SCHEMA.variableMeasured, DCT.provenance, DCAT.distribution, DCAT.accessURL,
            DCT["format"], DCT.license, SPDX.checksum, SPDX.algorithm, SPDX.checksumValue,
            DQV.isMeasurementOf, DQV.value, SCHEMA.propertyID, SCHEMA.name, VCARD.fn,
        )
    },
    (DCAT.startDate, SH.minCount): without(DCAT.startDate, DCAT.endDate),
    (DCAT.endDate, SH.minCount): without(DCAT.startDate, DCAT.endDate),
    (SCHEMA.value, SH.minCount): without(SCHEMA.value, SCHEMA.valueReference),
    (SCHEMA.valueReference, SH.minCount): without(SCHEMA.value, SCHEMA.valueReference),
    **{
        (path, SH.nodeKind): instead(path, STRANGE)
        for path in (DCT.title, DCT.description, DCT.identifier, DCT.issued, DCT.modified)
    },
    **{
        (path, SH.nodeKind): instead(path, TEXT)
        for path in (
            DCAT.landingPage, DCT.accrualPeriodicity, PROV.wasGeneratedBy, DCAT.accessURL,
            DCAT.downloadURL, DQV.isMeasurementOf, VCARD.hasEmail,
        )
    },
    **{
        (path, SH.maxCount): more(path, STRANGE)
        for path in (
            DCT.publisher, DCT.accessRights, DCT.accrualPeriodicity, DCT.issued, DCT.modified,
            DCT["format"], SPDX.checksum, SPDX.algorithm, SPDX.checksumValue,
            DQV.isMeasurementOf, DQV.value, SCHEMA.propertyID,
        )
    },
    (DCT.license, SH.maxCount): more(
        DCT.license, STRANGE, URIRef(f"{REF}/resource/{WHOLE['resources'][0]['id']}")),
    (DCAT.byteSize, SH.maxCount): more(
        DCAT.byteSize, Literal("1", datatype=XSD.nonNegativeInteger)),
    **{
        (path, SH.maxCount): more(path, Literal("2023-01-01", datatype=XSD.date))
        for path in (DCAT.startDate, DCAT.endDate)
    },
    (DCAT.distribution, SH.node): restricted_without_page,
    (DCAT.accessURL, SH.disjoint): restricted_without_page,
    (DCT.publisher, SH["class"]): untyped(FOAF.Agent),
    (DCT.creator, SH["class"]): untyped(FOAF.Agent),
    (DCAT.contactPoint, SH["class"]): untyped(VCARD.Kind),
    (DCATAP.applicableLegislation, SH["class"]): more(DCATAP.applicableLegislation, STRANGE),
    (DCT.spatial, SH["class"]): untyped(DCT.Location),
    (PROV.wasGeneratedBy, SH["class"]): untyped(PROV.Activity),
    (ADMS.identifier, SH["class"]): untyped(ADMS.Identifier),
    (DCT["format"], SH["class"]): untyped(DCT.MediaTypeOrExtent),
    (DCT.license, SH["class"]): untyped(DCT.LicenseDocument),
    (DCT.accessRights, SH["in"]): instead(DCT.accessRights, STRANGE),
    (SCHEMA.propertyID, SH["in"]): instead(SCHEMA.propertyID, TEXT),
    (DCATAP.applicableLegislation, SH.hasValue): instead(DCATAP.applicableLegislation, STRANGE),
    (DCT.accessRights, SH.hasValue): restricted_without_page,
    (DCT.accrualPeriodicity, SH.pattern): instead(DCT.accrualPeriodicity, STRANGE),
    (DCAT.accessURL, SH.pattern): instead(DCAT.accessURL, STRANGE),
    (DCAT.downloadURL, SH.pattern): instead(DCAT.downloadURL, STRANGE),
    (SPDX.checksumValue, SH.pattern): instead(SPDX.checksumValue, TEXT),
    (DQV.isMeasurementOf, SH.pattern): instead(DQV.isMeasurementOf, STRANGE),
    (VCARD.hasEmail, SH.pattern): instead(VCARD.hasEmail, STRANGE),
    (DCAT.byteSize, SH.datatype): instead(DCAT.byteSize, TEXT),
    (DQV.value, SH.minInclusive): instead(DQV.value, Literal(-1)),
    (DQV.value, SH.maxInclusive): instead(DQV.value, Literal(101)),
    (DCAT.theme, SH.qualifiedMinCount): instead(DCAT.theme, STRANGE),
    (DCT.spatial, SH.qualifiedMinCount): instead(DCT.spatial, STRANGE),
    (DQV.hasQualityMeasurement, SH.node): without(DQV.value),
    (SPDX.checksum, SH.node): without(SPDX.algorithm),
}
_SAID = {
    SH.minCount, SH.maxCount, SH.nodeKind, SH["class"], SH["in"], SH.hasValue, SH.pattern,
    SH.datatype, SH.minInclusive, SH.maxInclusive, SH.qualifiedMinCount,
    SH.node, SH.disjoint,
}


def constraints() -> Iterator[tuple[Any, URIRef]]:
    for shape in set(SHAPES.objects(None, SH.property)):
        path = SHAPES.value(shape, SH.path)
        if isinstance(path, BNode):
            path = "/".join(each.n3(SHAPES.namespace_manager)
                            for each in Collection(SHAPES, path))
        for constraint in set(SHAPES.predicates(shape)) & _SAID:
            yield path, constraint


def test_every_constraint_of_the_file_is_broken_below() -> None:
    assert set(constraints()) == set(BROKEN)


@pytest.mark.parametrize(
    ("path", "constraint"), BROKEN, ids=lambda each: str(each).rpartition("/")[2])
def test_a_broken_document_is_found(path: Any, constraint: URIRef) -> None:
    graph = graph_of(WHOLE)
    BROKEN[path, constraint](graph)
    assert found(graph) != []


def test_the_fields_of_the_profile_are_those_of_the_table() -> None:
    listed = {
        str(each) for head in SHAPES.objects(None, SH["in"])
        for each in Collection(SHAPES, head) if isinstance(each, Literal)
    }
    assert listed == {
        row.name for row in (*DATASET, *DISTRIBUTION)
        if row.predicate == SCHEMA.additionalProperty or row.kind is Kind.AREA
    }


def test_every_constraint_says_in_words_what_is_wrong() -> None:
    shapes = set(SHAPES.subjects(SH.targetClass)) | set(SHAPES.subjects(SH.targetObjectsOf))
    for shape in shapes:
        for each in SHAPES.objects(shape, SH.property):
            said = SHAPES.value(each, SH.message)
            assert said is not None and said.language == "id", SHAPES.value(each, SH.path)
