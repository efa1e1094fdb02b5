"""The metadata of the demo by the scale of data.europa.eu, from its real pages and real answers.

Every point that is missing is named here, with the reason why it is.
"""
from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections import defaultdict
from typing import Any

import pytest
from rdflib import URIRef
from test_catalog import walk

from ckanext.satudata.domain.federation.mqa import Facts, Score, average, score
from ckanext.satudata.domain.federation.terms import DCAT, DCT, EU

OPEN = EU["access-right/PUBLIC"]


def answer(address: str) -> int:
    """Ask an address as a checker of links does, without the body."""
    try:
        with urllib.request.urlopen(
                urllib.request.Request(address, method="HEAD"), timeout=60) as said:
            return int(said.status)
    except urllib.error.HTTPError as error:
        return error.code


@pytest.fixture(scope="module")
def facts(portal: Any) -> Facts:
    return Facts(walk(portal, "ttl"))


@pytest.fixture(scope="module")
def scores(portal: Any, facts: Facts) -> dict[URIRef, Score]:
    """Points of the demo's own datasets; other tests publish on this portal, too."""
    listed = json.loads(portal.get(
        "/api/3/action/package_search?rows=1000&fq=name:contoh-*&fl=id,name"))["result"]
    demo = [URIRef(f"{portal.url}/dataset/{each['id']}") for each in listed["results"]
            if each.get("type", "dataset") == "dataset"]
    demo = [ref for ref in demo if facts.is_a(ref, DCAT.Dataset)]
    addresses = {
        str(address) for ref in demo for file in facts.all(ref, DCAT.distribution)
        for term in (DCAT.accessURL, DCAT.downloadURL) for address in facts.all(file, term)}
    answers = {address: answer(address) for address in addresses}
    return {ref: score(facts, ref, answers) for ref in demo}


def test_open_data_has_nearly_all_points(facts: Facts, scores: dict[URIRef, Score]) -> None:
    open_ones = [each for ref, each in scores.items() if facts.all(ref, DCT.accessRights) == [OPEN]]
    assert len(open_ones) > 20
    assert average(open_ones) >= 400
    # By the best file alone, as the software of data.europa.eu counts, nothing is missing.
    assert {each.best for each in open_ones} == {405}


def test_each_missing_point_of_the_catalog_is_named(
    facts: Facts, scores: dict[URIRef, Score]
) -> None:
    missing: dict[tuple[str, str], float] = defaultdict(float)
    for found in scores.values():
        for mark in found.marks:
            for missed in mark.missed:
                missing[mark.metric.code, missed.why.value] += missed.points
    restricted = [ref for ref in scores if facts.all(ref, DCT.accessRights) != [OPEN]]
    excel = EU["file-type/XLSX"]
    shares = [
        sum(facts.all(file, DCT["format"]) == [excel] for file in files) / len(files)
        for ref in scores if (files := facts.all(ref, DCAT.distribution))]
    assert missing == {
        # The download of restricted data opens only to who was granted it.
        ("downloadUrlStatusCode", "tidak_terbuka"): 30 * len(restricted),
        # XLSX beside CSV, for who works in Excel.
        ("formatMediaTypeNonProprietary", "format_berpemilik"): pytest.approx(20 * sum(shares)),
    }
    assert average(scores.values()) == pytest.approx(405 - sum(missing.values()) / len(scores))
    # As the software of data.europa.eu counts, a dataset is worth its best file.
    assert sum(each.best for each in scores.values()) / len(scores) >= 400


def test_the_portal_says_of_its_datasets_what_a_reader_finds(
    portal: Any, scores: dict[URIRef, Score]
) -> None:
    for ref, found in scores.items():
        said = json.loads(portal.get(
            f"/api/3/action/satudata_mqa_show?id={ref.rpartition('/')[2]}"))["result"]
        assert (said["total"], said["unknown"]) == (pytest.approx(found.total), 0)
