"""The points of one dataset, from what harvesters read of it or would read."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rdflib import URIRef

from ckanext.satudata.domain.federation.mqa import Facts, Score, score
from ckanext.satudata.domain.federation.terms import DCAT, DCT, EU, segment
from ckanext.satudata.federation.beside import beside, told
from ckanext.satudata.federation.feed.building import serializer
from ckanext.satudata.federation.site import site

__all__ = ["is_public", "judge", "judge_stored"]


def is_public(record: Mapping[str, Any]) -> bool:
    """Tell whether everybody reads a dataset."""
    return not record.get("private") and record.get("state") == "active"


def judge(record: Mapping[str, Any]) -> Score:
    """Judge a dataset as ``package_show`` gives it; a draft as if it were published."""
    described = serializer()
    ref = URIRef(described.graph_from_dataset(told(dict(record), beside(str(record["id"])))))
    facts = Facts(described.g.triples((None, None, None)))
    known = _answers(facts, ref, str(record["id"])) if is_public(record) else {}
    return score(facts, ref, known)


def judge_stored(package_id: str, iri: str, text: str) -> Score:
    """Judge a public dataset by the N-Triples the feed keeps of it."""
    facts, ref = Facts.stored(text), URIRef(iri)
    return score(facts, ref, _answers(facts, ref, package_id))


def _answers(facts: Facts, ref: URIRef, package_id: str) -> dict[str, int]:
    """Return the addresses of a public dataset that are known to answer: those of our own.

    The portal serves the page of each file, and the file that lies in its storage; a restricted
    one it refuses. What lies elsewhere nobody has asked.
    """
    pages = f"{site().url}/dataset/{segment(package_id)}/resource/"
    opens = 200 if facts.all(ref, DCT.accessRights) == [EU["access-right/PUBLIC"]] else 403
    known: dict[str, int] = {}
    for file in facts.all(ref, DCAT.distribution):
        if not str(file).startswith(pages):
            continue
        known[str(file)] = 200
        for address in map(str, (*facts.all(file, DCAT.accessURL),
                                 *facts.all(file, DCAT.downloadURL))):
            if f"{address}/".startswith(f"{file}/download/"):
                known[address] = opens
    return known
