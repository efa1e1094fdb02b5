"""Triples of one dataset in the one order in which every syntax writes them."""
from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple, cast

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.compare import (
    to_canonical_graph,  # pyright: ignore[reportUnknownVariableType]
)
from rdflib.term import Node as Term

from ckanext.satudata.domain.federation.syntaxes.spelling import (
    Name,
    Node,
    Value,
    blank_node,
    iri_node,
    name,
    value,
)
from ckanext.satudata.domain.federation.terms import DCAT, DCT, RDF

__all__ = ["TYPE", "Described", "Triple", "described"]

Triple = tuple[Term, Term, Term]

TYPE = f"<{RDF.type}>"
_DISTRIBUTION = f"<{DCAT.distribution}>"
#: Classes that come before a node's others: older readers look at the first one only, and take
#: a format for one by dct:IMT.
_FIRST_CLASSES = frozenset(
    f"<{each}>" for each in (DCT.IMT, DCAT.Dataset, DCAT.Distribution, DCAT.Catalog)
)


class Described(NamedTuple):
    """A node and all that is said of it."""

    node: Node
    properties: list[tuple[Name, list[Node | Value]]]


def described(triples: Iterable[Triple], subject: URIRef | None) -> tuple[list[Described], bool]:
    """Return what is said of each node, and whether some IRI looks like a compact one.

    ``subject`` comes first, then its distributions, then the other nodes by their IRI;
    of each its classes, then its other properties by their IRI, with the values sorted:
    equal graphs give equal results, whatever order the triples came in. Left out is
    what no syntax can say: a triple with a relative IRI, or with a literal or blank
    node where only an IRI may stand.
    """
    nodes: dict[str, Node] = {}
    names: dict[str, Name] = {}
    said: dict[str, dict[str, dict[str, Node | Value]]] = {}
    ambiguous = False
    for one, predicate, other in _spelled(triples, subject):
        ambiguous = ambiguous or one.ambiguous or predicate.ambiguous or other.ambiguous
        nodes[one.key] = one
        names[predicate.key] = predicate
        said.setdefault(one.key, {}).setdefault(predicate.key, {})[other.key] = other
    first = iri_node(str(subject)) if subject is not None else None
    files: Mapping[str, object] = (
        said.get(first.key, {}).get(_DISTRIBUTION, {}) if first is not None else {}
    )

    def rank(key: str) -> tuple[int, str]:
        if first is not None and key == first.key:
            return 0, key
        return (1 if key in files else 2), key

    return [
        Described(nodes[key], [
            (names[each], _sorted(each, found)) for each, found in sorted(
                said[key].items(), key=lambda item: (item[0] != TYPE, item[0])
            )
        ])
        for key in sorted(said, key=rank)
    ], ambiguous


def _sorted(predicate: str, found: dict[str, Node | Value]) -> list[Node | Value]:
    if len(found) == 1:
        return list(found.values())
    if predicate == TYPE:
        return [found[key] for key in sorted(found, key=lambda key: (
            key not in _FIRST_CLASSES, key))]
    return [found[key] for key in sorted(found)]


def _spelled(
    triples: Iterable[Triple], subject: URIRef | None
) -> Iterable[tuple[Node, Name, Node | Value]]:
    """Return the triples that can be said, spelled."""
    made: list[tuple[Node | Term, Name, Node | Value | Term]] = []
    blanks = False
    for one, predicate, other in triples:
        named = name(str(predicate)) if isinstance(predicate, URIRef) else None
        start, end = _term(one), _term(other)
        if named is None or start is None or end is None or isinstance(start, Value):
            continue
        blanks = blanks or isinstance(start, BNode) or isinstance(end, BNode)
        made.append((start, named, end))
    if blanks:
        return _named(made, str(subject or ""))
    return cast("list[tuple[Node, Name, Node | Value]]", made)


def _term(term: Term) -> Node | Value | BNode | None:
    """Return a term spelled; a blank node as it is, for its label depends on all others."""
    if isinstance(term, URIRef):
        return iri_node(str(term))
    if isinstance(term, Literal):
        language, datatype = term.language, term.datatype
        return value(
            str(term), language and str(language), None if datatype is None else str(datatype)
        )
    return term if isinstance(term, BNode) else None


def _named(
    triples: list[tuple[Node | Term, Name, Node | Value | Term]], scope: str
) -> list[tuple[Node, Name, Node | Value]]:
    """Give the blank nodes labels that follow from what is said, and of which dataset.

    Two builds then give the same bytes, and on a page no two datasets share a node. The
    canonical form is rdflib's (Hogan, "Canonical Forms for Isomorphic and Equivalent RDF
    Graphs", 2017), taken of the spelled triples so that nothing but their text counts.
    """
    stood: dict[str, Node | Value] = {}
    graph = Graph()
    for one, predicate, other in triples:
        graph.add((_stand_in(one, stood), URIRef(_digest(predicate.key)), _stand_in(other, stood)))
    predicates = {_digest(predicate.key): predicate for _, predicate, _ in triples}
    if not scope:
        scope = "\n".join(sorted(f"{one} {predicate} {other}" for one, predicate, other in (
            to_canonical_graph(graph))))

    def back(term: Term) -> Node | Value:
        if isinstance(term, BNode):
            return blank_node(f"b{_digest(f'{scope} {term}')[4:24]}")
        return stood[str(term)]

    return [
        (cast(Node, back(one)), predicates[str(predicate)], back(other))
        for one, predicate, other in to_canonical_graph(graph)
    ]


def _stand_in(term: Node | Value | Term, stood: dict[str, Node | Value]) -> URIRef | BNode:
    if isinstance(term, BNode):
        return term
    assert isinstance(term, (Node, Value))
    digest = _digest(term.key)
    stood[digest] = term
    return URIRef(digest)


def _digest(text: str) -> str:
    return "urn:" + hashlib.sha256(text.encode()).hexdigest()
