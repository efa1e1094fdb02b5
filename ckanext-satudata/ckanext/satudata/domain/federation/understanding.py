"""What every row of the reader needs, and what is being read."""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.foreign import meant
from ckanext.satudata.domain.federation.lists import AGREED
from ckanext.satudata.domain.federation.mapping import Field, Site
from ckanext.satudata.domain.federation.terms import (
    DCT,
    RDFS,
    SCHEMA,
    concept_of,
    unsegment,
    value_of,
)

__all__ = ["PART", "Source", "Understanding", "part_of", "position"]

_ISO_639_1 = "http://id.loc.gov/vocabulary/iso639-1/"
#: A named part of a page of ours: ``#<field>`` or ``#<field>=<key>``.
PART = re.compile(r"#([a-z_0-9]+)(?:=([^#]*))?$")


def _codes(name: str) -> Mapping[str, str]:
    """Return the code of each agreed IRI of a vocabulary."""
    return vocabulary.get(name).by_iri


def part_of(node: Node, name: str) -> str | None:
    """Return the key of a part of that name, ``None`` for any other node."""
    found = PART.search(str(node)) if isinstance(node, URIRef) else None
    return unsegment(found.group(2) or "") if found and found.group(1) == name else None


def position(node: Node) -> tuple[int, str]:
    found = re.search(r"=(\d{1,9})$", str(node))
    return int(found.group(1)) if found else 0, str(node)


class Source:
    """What is being read: its node, its property values by name, its dataset."""

    __slots__ = ("parent", "properties", "ref")

    def __init__(
        self, ref: Node, properties: Mapping[str, list[Node]], parent: Node | None = None
    ) -> None:
        self.ref = ref
        self.properties = properties
        self.parent = parent


class Understanding:
    """Looks things up in one graph."""

    def __init__(self, graph: Graph, site: Site) -> None:
        self.graph = graph
        self.site = site

    def _objects(self, on: Node, predicate: URIRef | None) -> list[Node]:
        return sorted(self.graph.objects(on, predicate), key=str) if predicate else []

    def _best(self, on: Node, predicate: URIRef) -> Node | None:
        """Return the value in the language of the portal, else one without, else any."""
        def rank(node: Node) -> int:
            lang = node.language if isinstance(node, Literal) else None
            return 0 if lang == self.site.language else 1 if lang is None else 2
        found = sorted(self._objects(on, predicate), key=rank)
        return found[0] if found else None

    def _string(self, on: Node, predicate: URIRef) -> str:
        found = self._best(on, predicate)
        return "" if found is None else str(found)

    def _meaning(self, node: Node, name: str) -> str | None:
        """Return the code of a vocabulary that a node means."""
        ours = concept_of(node)
        if ours:
            return ours[1] if ours[0] == name else None
        if name in AGREED:
            code = _codes(name).get(str(node))
            if code is None and name == "bahasa" and str(node).startswith(_ISO_639_1):
                code = str(node)[len(_ISO_639_1):]
            return code or meant(name, str(node))
        return None

    def _shown(self, node: Node) -> str:
        """Return an IRI or a text; of a blank node what it is called."""
        if isinstance(node, (URIRef, Literal)):
            return str(node)
        return self._string(node, RDFS.label) or self._string(node, DCT.title)

    def _uri(self, node: Node, row: Field) -> str:
        """Return the IRI of a node, unless it is only a part of the dataset's page."""
        return str(node) if isinstance(node, URIRef) and part_of(node, row.name) is None else ""

    def _email(self, node: Node, predicate: URIRef) -> str:
        return unsegment(self._string(node, predicate).removeprefix("mailto:"))

    def _parts(self, node: Node) -> dict[str, Any]:
        return {
            str(name): value_of(content)
            for part in self.graph.objects(node, SCHEMA.valueReference)
            for name in self.graph.objects(part, SCHEMA.propertyID)
            for content in self._objects(part, SCHEMA.value)
        }
