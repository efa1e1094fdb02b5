"""DCAT profile ``sdi_dcat_ap``: the table of ``domain.federation`` on top of DCAT-AP 3.

What the table knows it writes and reads itself; what only other portals use
(series, data services, relations) is left to ckanext-dcat's own profile.
"""
from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.dcat.profiles import EuropeanDCATAP3Profile
from rdflib import BNode, Graph, URIRef
from rdflib.term import Node

from ckanext.satudata.domain.federation.catalogue import write_catalog, write_described
from ckanext.satudata.domain.federation.describing import Triples
from ckanext.satudata.domain.federation.mapping import (
    DATASET,
    DATASET_OF_OTHERS,
    DISTRIBUTION,
    DISTRIBUTION_OF_OTHERS,
    Direction,
    Site,
)
from ckanext.satudata.domain.federation.reading import Reader
from ckanext.satudata.domain.federation.terms import DCAT, DCT, LOCN, RDF, cleaned
from ckanext.satudata.domain.federation.writing import Writer
from ckanext.satudata.federation.beside import beside, told
from ckanext.satudata.federation.site import site

__all__ = ["SdiDcatApProfile"]

log = logging.getLogger(__name__)

_OURS = frozenset(row.name for row in DATASET if row.direction is Direction.BOTH)
_OURS_OF_FILES = frozenset(
    row.name for row in DISTRIBUTION if row.direction is not Direction.OUT)
#: Fields only ckanext-dcat's own profile writes: what other portals sent.
_THEIRS = tuple(row.name for row in DATASET_OF_OTHERS)
_THEIRS_OF_FILES = tuple(row.name for row in DISTRIBUTION_OF_OTHERS)
_REST_OF_FILES = ("id", "package_id", "uri", *_THEIRS_OF_FILES)
#: Names the base profile gives to what our table reads as a field of its own.
_OTHER_NAMES = frozenset({
    "dcat_type", "spatial", "spatial_uri", "spatial_text", "spatial_bbox", "spatial_centroid",
    "temporal_start", "temporal_end", "homepage",
}) | {
    f"{who}_{what}" for who in ("publisher", "creator", "contact")
    for what in ("uri", "name", "email", "url", "type", "identifier")
}


#: What a thing that several datasets share may say only once (DCAT-AP).
_SINGLE = frozenset({DCT.type, LOCN.geometry, DCAT.bbox, DCAT.centroid})


class SdiDcatApProfile(EuropeanDCATAP3Profile):
    """DCAT-AP 3 with every field of Satu Data Indonesia, both ways."""

    # ------------------------------------------------------------------ out
    def graph_from_catalog(self, catalog_dict: Mapping[str, Any], catalog_ref: URIRef) -> None:
        """Add the catalog; ``catalog_dict`` may say its title, description and times."""
        told = catalog_dict or {}
        given = {key: told[key] for key in ("title", "description") if told.get(key)}
        moments = {
            name: told[name] if name in told else self._moment(sort)
            for name, sort in (
                ("issued", "metadata_created asc"), ("modified", "metadata_modified desc")
            )
        }
        ours = Site(**{**_as_dict(site()), **given, **moments})
        write_catalog(Writer(self.g, ours), catalog_ref)

    def _moment(self, sort: str) -> str:
        """Return when the first public dataset was made, or the last one changed (UTC)."""
        field = sort.split()[0]
        found = tk.get_action("package_search")({"ignore_auth": True}, {
            "sort": sort, "rows": 1, "fq": "dataset_type:dataset", "fl": ["id", field],
        })["results"]
        stamp = str(found[0].get(field) or "") if found else ""
        return stamp if not stamp or stamp.endswith("Z") else f"{stamp}Z"

    def graph_from_dataset(self, dataset_dict: dict[str, Any], dataset_ref: URIRef) -> None:
        """Add a dataset, or a kegiatan or indikator as what it is to data.

        One that cannot be written is logged and reduced to its title: it must
        not take the page of a hundred others with it.
        """
        ours = site()
        if dataset_dict.get("type") in ("kegiatan", "indikator"):
            write_described(Writer(self.g, ours), dataset_ref, dataset_dict)
            return
        try:
            if "mutu" not in dataset_dict and dataset_dict.get("id"):
                dataset_dict = told(dataset_dict, beside(dataset_dict["id"]))
            part = Triples()
            Writer(part, ours).dataset(dataset_ref, dataset_dict)
            self._rest(part, dataset_dict, dataset_ref)
        except Exception:
            log.exception("Dataset %s cannot be written as DCAT", dataset_dict.get("id"))
            part = Triples()
            Writer(part, ours).dataset(dataset_ref, {
                "id": dataset_dict.get("id"), "title": dataset_dict.get("title"),
                "name": dataset_dict.get("name"),
            })
        Writer.bind(self.g)
        others = (None, None, None) in self.g
        said: set[tuple[Node, Node]] = set()
        for triple in part:
            subject, predicate, _ = triple
            # Two datasets may say different things of one organization or place.
            if predicate in _SINGLE and subject != dataset_ref:
                once = subject, predicate
                if once in said or (others and (*once, None) in self.g):
                    continue
                said.add(once)
            self.g.add(triple)

    def _rest(self, part: Triples, dataset_dict: Mapping[str, Any], ref: URIRef) -> None:
        """Let the base profile write the fields that are not in our table."""
        rest = {key: dataset_dict[key] for key in _THEIRS if dataset_dict.get(key)}
        extras = [
            extra for extra in dataset_dict.get("extras") or []
            if extra.get("key") not in _OURS | _OTHER_NAMES
        ]
        resources = [
            {key: resource[key] for key in _REST_OF_FILES if resource.get(key)}
            for resource in dataset_dict.get("resources") or []
            if any(resource.get(key) for key in _THEIRS_OF_FILES)
        ]
        if not (rest or extras or resources):
            return
        kept, self.g = self.g, Graph()
        try:
            super().graph_from_dataset(
                {**rest, "extras": extras, "resources": resources, "type": "dataset"}, ref
            )
            added, self.g = self.g, kept
        finally:
            self.g = kept
        for subject, predicate, node in _named(added, str(ref)):
            part.add((subject, predicate, cleaned(node)))

    # ------------------------------------------------------------------ in
    def parse_dataset(self, dataset_dict: dict[str, Any], dataset_ref: Node) -> dict[str, Any]:
        """Fill a dataset dict: fields of the table as codes, the rest as the base reads it."""
        super().parse_dataset(dataset_dict, dataset_ref)
        read = Reader(self.g, site()).dataset(dataset_ref)
        files = {each["distribution_ref"]: each for each in read.pop("resources")}
        extras: list[dict[str, Any]] = []
        for extra in dataset_dict.get("extras") or []:
            if extra["key"] in _OURS:
                if extra["key"] not in read and extra["value"]:
                    # Not a code of ours: kept, but not as a value the schema would refuse.
                    extras.append({"key": f"dcat_{extra['key']}", "value": extra["value"]})
            elif extra["key"] not in _OTHER_NAMES:
                extras.append(extra)
        for name in _OURS:
            found = dataset_dict.pop(name, None)
            if name not in read and isinstance(found, str) and found:
                extras.append({"key": f"dcat_{name}", "value": found})
        dataset_dict.update(read)
        dataset_dict["extras"] = extras
        for resource in dataset_dict.get("resources") or []:
            known = files.get(str(resource.get("distribution_ref")), {})
            for name in _OURS_OF_FILES - {"url", "name"}:
                resource.pop(name, None)
            resource.update(known)
        return dataset_dict


def _as_dict(ours: Site) -> dict[str, Any]:
    return {name: getattr(ours, name) for name in ours.__dataclass_fields__}


def _named(graph: Graph, page: str) -> list[tuple[Node, Node, Node]]:
    """Return the triples with an IRI for each blank node, the same ones every time."""
    blanks = {node for triple in graph for node in triple if isinstance(node, BNode)}
    content = {
        node: json.dumps(sorted(
            [str(p), "" if isinstance(o, BNode) else str(o)]
            for p, o in graph.predicate_objects(node)
        )) for node in blanks
    }
    names = {
        node: URIRef(f"{page}#simpul={at}")
        for at, node in enumerate(sorted(blanks, key=lambda each: content[each]), 1)
    }
    return [
        (names.get(s, s), p, names.get(o, o))  # type: ignore[arg-type, call-overload]
        for s, p, o in graph
        if (p, o) != (RDF.type, DCAT.Dataset)
    ]
