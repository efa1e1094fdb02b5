"""What every row of the writer needs, and what is being written."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from rdflib import Graph, URIRef
from rdflib.term import Node

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.federation.lists import ADMS_LISTS, AGREED
from ckanext.satudata.domain.federation.mapping import Site
from ckanext.satudata.domain.federation.matching import matching
from ckanext.satudata.domain.federation.terms import (
    DCT,
    EU,
    PREFIXES,
    RDF,
    SCHEMA,
    SKOS,
    as_list,
    as_records,
    clean_text,
    iri,
    literal,
    segment,
    words,
)

__all__ = ["Describer", "Subject", "Triples", "address", "code_list", "concept_iri",
           "list_iri", "value"]


def concept_iri(site: Site, name: str, code: str) -> URIRef:
    """Return our IRI of a code, which answers on every installation."""
    return URIRef(f"{site.url}/kode-referensi/{name}/{segment(code)}")


def list_iri(site: Site, name: str, code: str = "") -> URIRef:
    """Return our IRI of a Data Induk, or of one of its rows."""
    return URIRef(f"{site.url}/id/{segment(name)}" + (f"/{segment(code)}" if code else ""))


def value(record: Mapping[str, Any], name: str) -> Any:
    """Return the value of a field: of its own, or of the extra of that name."""
    found = record.get(name)
    if found in (None, "", []):
        for extra in as_records(record.get("extras")):
            if extra.get("key") == name:
                return extra.get("value")
    return found


class Triples:
    """Triples in the order they were made, each once: cheaper than a graph to collect in."""

    def __init__(self) -> None:
        self._made: dict[tuple[Node, Node, Node], None] = {}

    def add(self, triple: tuple[Node, Node, Node]) -> None:
        self._made[triple] = None

    def __iter__(self) -> Iterator[tuple[Node, Node, Node]]:
        return iter(self._made)


class Subject:
    """What is being written: its IRI, its page (where its parts have their IRIs), its dict."""

    __slots__ = ("page", "parent", "record", "ref")

    def __init__(
        self, ref: URIRef, page: str, record: Mapping[str, Any], parent: Subject | None = None
    ) -> None:
        self.ref = ref
        self.page = page
        self.record = record
        self.parent = parent

    def node(self, name: str, key: object = "") -> URIRef:
        """Return the IRI of a part; ``key`` tells several of one field apart."""
        return URIRef(f"{self.page}#{name}" + (f"={segment(key)}" if key != "" else ""))


class Describer:
    """Adds what every row needs: triples, labels, concepts, property values."""

    def __init__(self, graph: Graph | Triples, site: Site) -> None:
        self.graph = graph
        self.site = site
        if isinstance(graph, Graph):
            self.bind(graph)

    @staticmethod
    def bind(graph: Graph) -> None:
        """Give a graph the usual prefixes."""
        for prefix, namespace in PREFIXES.items():
            graph.bind(prefix, namespace, replace=True)

    def _add(self, subject: URIRef, predicate: URIRef | None, node: Any) -> None:
        if predicate is not None and node is not None:
            self.graph.add((subject, predicate, node))

    def _is_ours(self, on: Subject) -> bool:
        """Tell whether a dataset is this portal's: its IRI did not come from elsewhere."""
        return (on.parent or on).ref.startswith(f"{self.site.url}/")

    def _concept(self, name: str, code: str) -> tuple[URIRef, vocabulary.Concept | None]:
        """Describe a code and return its IRI: the agreed one, else ours."""
        node, concept, triples = _described(self.site.url, name, code, _known(name))
        for triple in triples:
            self.graph.add(triple)
        return node, concept

    def _labels(self, node: URIRef, in_id: str, in_en: str) -> None:
        # Not rdfs:label: an old reader would show it instead of the IRI.
        self._add(node, SKOS.prefLabel, words(in_id, "id"))
        self._add(node, SKOS.prefLabel, words(in_en, "en"))

    def _listed(self, node: URIRef, in_id: str, in_en: str, scheme: str) -> None:
        """Describe a concept of a list that is not ours."""
        self._add(node, RDF.type, SKOS.Concept)
        self._labels(node, in_id, in_en)
        if scheme.startswith((EU, ADMS_LISTS)):
            self._add(node, SKOS.inScheme, URIRef(scheme))
            self._add(URIRef(scheme), RDF.type, SKOS.ConceptScheme)
            self._add(URIRef(scheme), DCT.title, words(scheme.split("/")[-1], "en"))

    def _property(self, node: URIRef, name: str, label: str) -> URIRef:
        self._add(node, RDF.type, SCHEMA.PropertyValue)
        self._add(node, SCHEMA.propertyID, words(name))
        self._add(node, SCHEMA.name, words(label, "id"))
        return node


def code_list(given: object) -> list[str]:
    """Return codes that have something to be called by."""
    return [code for each in as_list(given) if (code := clean_text(each).strip())]


def address(given: object) -> URIRef | None:
    """Return the IRI of a field that may hold words instead: words have blanks."""
    return None if re.search(r"\s", str(given)) else iri(given)


_Concept = tuple[URIRef, vocabulary.Concept | None, tuple[tuple[Node, Node, Node], ...]]


def _known(name: str) -> vocabulary.Vocabulary | None:
    try:
        return vocabulary.get(name)
    except UnknownCodeError:
        return None


@lru_cache(maxsize=4096)
def _described(url: str, name: str, code: str, known: vocabulary.Vocabulary | None) -> _Concept:
    """Return IRI, concept and triples of a code; made once, for every dataset says the same.

    ``known`` is the list as it stands now: an edited one is another.
    """
    if known is None or code not in known:
        return URIRef(f"{url}/kode-referensi/{name}/{segment(code)}"), None, ()
    concept = known[code]
    agreed = AGREED.get(name)
    if agreed is not None and concept.iri.startswith(agreed):
        node = URIRef(concept.iri)
        return node, concept, ((node, SKOS.inScheme, agreed),)
    node = URIRef(f"{url}/kode-referensi/{name}/{segment(code)}")
    said: list[tuple[URIRef, Node | None]] = [
        (RDF.type, SKOS.Concept),
        (SKOS.notation, literal(code)),
        (SKOS.prefLabel, literal(concept.label_id, "id")),
        (SKOS.prefLabel, literal(concept.label_en, "en")),
        (SKOS.inScheme, URIRef(f"{url}/kode-referensi/{name}")),
    ]
    relation = matching(known, concept)
    if relation is not None:
        said.append((relation, iri(concept.iri)))
    return node, concept, tuple(
        (node, predicate, value) for predicate, value in said if value is not None
    )
