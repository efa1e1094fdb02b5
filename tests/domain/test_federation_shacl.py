"""No violation of the official DCAT-AP 3.0.1 shapes, for any kind of dataset.

The shapes are SEMIC's (CC BY 4.0) and not part of this repository: the tests read
them from a folder beside it and do not run where there is none. What they demand of
presence, number and class stands in our words in ``test_federation_graph``, which
runs everywhere.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from federation_samples import FULL, MINIMAL, SITE, Maker
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import SH

from ckanext.satudata.domain.federation.catalogue import write_catalog, write_described
from ckanext.satudata.domain.federation.terms import ADMS, DCAT, DCATAP, DCT, SPDX
from ckanext.satudata.domain.federation.writing import Writer

ROOT = Path(__file__).resolve().parents[2]
SHAPES = ROOT.parent / "shared" / "data" / "shacl"
pytestmark = [
    pytest.mark.beside("shacl"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]
RESTRICTED: dict[str, Any] = dict(FULL, access_rights="tertutup", id="t", name="tertutup")
KEGIATAN = {"type": "kegiatan", "id": "k", "name": "kompilasi-data-kesehatan", "title": "Kompilasi"}
#: Where an Indonesian code has no twin in a list of the EU; all else is coded as the EU wants.
NO_TWIN = {
    DCT.publisher,
    DCT.spatial,
    DCT.type,
    DCAT.theme,  # of themes the EU one stands beside ours
    SPDX.algorithm,  # the shape wants https://spdx.org, SPDX's own namespace is http://
}
CODED = {
    DCT.accrualPeriodicity,
    DCT.language,
    DCT.accessRights,
    DCT["format"],
    DCAT.mediaType,
    ADMS.status,
    DCATAP.availability,
}


def catalog(*records: dict[str, Any]) -> Graph:
    graph = Graph()
    writer = Writer(graph, replace(SITE, issued="2026-01-01", modified="2026-03-01T00:00:00Z"))
    root = URIRef(SITE.url)
    write_catalog(writer, root)
    for record in records:
        ref = URIRef(f"{SITE.url}/dataset/{record['id']}")
        if record.get("type") == "kegiatan":
            write_described(writer, ref, record)
            continue
        writer.dataset(ref, record)
        graph.add((root, DCAT.dataset, ref))
    return graph


def findings(graph: Graph, shapes: str, severity: URIRef = SH.Violation) -> list[str]:
    _, report, _ = pyshacl.validate(
        graph, shacl_graph=Graph().parse(SHAPES / shapes), advanced=True
    )
    return sorted(
        " ".join(
            str(report.value(result, predicate))
            for predicate in (SH.focusNode, SH.resultPath, SH.value, SH.resultMessage)
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
        if report.value(result, SH.resultSeverity) == severity
    )


CASES: dict[str, tuple[dict[str, Any], ...]] = {
    "empty": (),
    "full": (FULL,),
    "minimal": (MINIMAL,),
    "restricted": (RESTRICTED,),
    "all": (FULL, dict(MINIMAL, id="m"), RESTRICTED, KEGIATAN),
    "generated": tuple(dict(Maker(seed).dataset(), id=f"g{seed}") for seed in range(8)),
}


@pytest.mark.parametrize("shapes", ["dcat-ap-3.0.1-shapes.ttl", "dcat-ap-3.0.1-range.ttl"])
@pytest.mark.parametrize("case", CASES)
def test_no_violation(case: str, shapes: str) -> None:
    assert findings(catalog(*CASES[case]), shapes) == []


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_no_dataset_at_all_violates(seed: int) -> None:
    assert findings(catalog(dict(Maker(seed).dataset(), id="g")), "dcat-ap-3.0.1-shapes.ttl") == []


def test_everything_recommended_is_said_of_a_full_dataset() -> None:
    # The OPD from its organization: what a person typed about an agent may say less.
    full = dict(
        FULL,
        creator=[],
        resources=[dict(FULL["resources"][0], datastore_active=True)],
        kode_wilayah=["36.04"],
        temporal_coverage=FULL["temporal_coverage"][:1],
    )
    del full["spatial_coverage"]
    found = findings(catalog(full), "dcat-ap-3.0.1-shapes_recommended.ttl", SH.Warning)
    assert found == []


def test_our_codes_have_their_twin_in_the_lists_of_the_eu() -> None:
    graph = catalog(FULL, dict(MINIMAL, id="m"))
    shapes = Graph().parse(SHAPES / "dcat-ap-3.0.1-mdr-vocabularies.shape.ttl")
    assert set(shapes.objects(None, SH.path)) >= CODED
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, advanced=True)
    things = {DCAT.Dataset, DCAT.Distribution, DCAT.Catalog, SPDX.Checksum}
    paths = {
        report.value(result, SH.resultPath)
        for result in report.subjects(RDF.type, SH.ValidationResult)
        if things & set(graph.objects(report.value(result, SH.focusNode), RDF.type))
    }
    assert paths <= NO_TWIN
