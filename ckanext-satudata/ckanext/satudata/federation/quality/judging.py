"""The points of one dataset, from what harvesters read of it or would read."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rdflib import URIRef

from ckanext.satudata.domain.federation.mqa import Facts, Score, score
from ckanext.satudata.domain.federation.terms import as_records, iri, segment
from ckanext.satudata.federation.beside import beside, told
from ckanext.satudata.federation.feed.building import serializer
from ckanext.satudata.federation.site import site

__all__ = ["is_public", "judge"]


def is_public(record: Mapping[str, Any]) -> bool:
    """Tell whether everybody reads a dataset."""
    return not record.get("private") and record.get("state") == "active"


def judge(record: Mapping[str, Any]) -> Score:
    """Judge a dataset as ``package_show`` gives it; a draft as if it were published."""
    described = serializer()
    ref = described.graph_from_dataset(told(dict(record), beside(str(record["id"]))))
    return score(Facts(described.g.triples((None, None, None))), URIRef(ref), _answers(record))


def _answers(record: Mapping[str, Any]) -> dict[str, int]:
    """Return the addresses that are known to answer: those of our own, of what is public.

    The portal serves the page of each file, and the file where it is in its storage. What lies
    elsewhere nobody has asked, nor what is not public yet.
    """
    if not is_public(record):
        return {}
    page = f"{site().url}/dataset/{segment(record['id'])}/resource"
    found: dict[str, int] = {}
    for resource in as_records(record.get("resources")):
        found[f"{page}/{segment(resource.get('id') or '')}"] = 200
        if resource.get("url_type") == "upload":
            for name in ("url", "access_url", "download_url"):
                address = iri(resource.get(name) or "")
                if address is not None:
                    found[str(address)] = 200
    return found
