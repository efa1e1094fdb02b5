"""Triples of one dataset, looked up by subject and property."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from ckanext.satudata.domain.federation.terms import RDF

__all__ = ["Facts"]

_Triple = tuple[Node, Node, Node]


class Facts:
    """What is said, as mappings: collecting them costs a tenth of filling a graph."""

    def __init__(self, triples: Iterable[_Triple]) -> None:
        self.said: dict[Node, dict[Node, list[Node]]] = {}
        for subject, predicate, value in triples:
            self.said.setdefault(subject, {}).setdefault(predicate, []).append(value)

    @classmethod
    def of(cls, text: str) -> Facts:
        """Read N-Triples.

        :raises ParserError: it is none
        """
        return cls(Graph().parse(data=text, format="nt"))

    @classmethod
    def stored(cls, text: str) -> Facts:
        """Read N-Triples as this software writes them: a triple a line, single blanks.

        A tenth of the time of a parser; texts keep their escapes, which no metric looks at.
        """
        terms: dict[str, Node] = {}

        def term(said: str) -> Node:
            found = terms.get(said)
            if found is None:
                found = terms[said] = _term(said)
            return found

        return cls(
            (term(subject), term(predicate), term(value))
            for subject, predicate, value in (
                line[:-2].split(" ", 2) for line in text.split("\n") if line))

    def all(self, subject: Node, predicate: Node) -> list[Node]:
        """Return all values of a property; none is an empty list."""
        return self.said.get(subject, {}).get(predicate, [])

    def is_a(self, subject: Node, cls: URIRef) -> bool:
        """Tell whether a thing is said to be of a class."""
        return cls in self.all(subject, RDF.type)

    def around(self, subject: Node, apart: Collection[Node] = ()) -> Iterator[Node]:
        """Return a thing and all it leads to, itself first; things of the classes ``apart`` and
        what they lead to are left out."""
        met, waiting = {subject}, [subject]
        while waiting:
            at = waiting.pop()
            yield at
            for values in self.said.get(at, {}).values():
                for value in values:
                    if value in met or value not in self.said:
                        continue
                    met.add(value)
                    if not any(cls in apart for cls in self.all(value, RDF.type)):
                        waiting.append(value)

    @cached_property
    def by_class(self) -> dict[Node, list[Node]]:
        """Return the things of each class."""
        found: dict[Node, list[Node]] = {}
        for subject, told in self.said.items():
            for cls in told.get(RDF.type, ()):
                found.setdefault(cls, []).append(subject)
        return found


def _term(said: str) -> Node:
    if said.startswith("<"):
        return URIRef(said[1:-1])
    if said.startswith("_:"):
        return BNode(said[2:])
    content, _, kind = said.rpartition('"')
    return Literal(content[1:], lang=kind[1:] if kind.startswith("@") else None,
                   datatype=URIRef(kind[3:-1]) if kind.startswith("^^") else None,
                   normalize=False)
