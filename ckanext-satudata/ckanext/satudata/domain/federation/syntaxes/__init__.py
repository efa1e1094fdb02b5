"""One dataset's triples in every syntax we serve, as fragments that join to pages.

A graph is built once for a dataset and written in all syntaxes; the fragments are
stored, and a page is ``opening + separator.join(fragments) + closing``. So a fragment
declares nothing: prefixes are those of one fixed table (``spelling.TABLE``), and blank
nodes have names no other dataset uses.

Turtle and N-Triples 1.1, RDF/XML 1.1, JSON-LD 1.1 (W3C). Everything is UTF-8.
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from dataclasses import dataclass, replace
from typing import TypeVar

from rdflib import URIRef

from ckanext.satudata.domain.federation.syntaxes.ordering import (
    TYPE,
    Described,
    Triple,
    described,
)
from ckanext.satudata.domain.federation.syntaxes.spelling import TABLE, Node, iri_node, name
from ckanext.satudata.domain.federation.terms import DCAT

__all__ = ["EDITION", "SERVED", "SYNTAXES", "Syntax", "fragment", "fragments", "membership", "page",
           "standalone"]

#: Raise by one with every change of what :func:`fragments` writes.
_WRITING = 1

Part = TypeVar("Part", bound=Sized)


@dataclass(frozen=True)
class Syntax:
    """A syntax, and how fragments of it join.

    ``name`` is its extension and its key in :func:`fragments`; ``rdflib`` the name of its
    parser there. ``content_type`` says the charset where the media type has that parameter.
    """

    name: str
    content_type: str
    rdflib: str
    opening: bytes = b""
    separator: bytes = b""
    closing: bytes = b""


#: What fragments are made in.
SYNTAXES: Mapping[str, Syntax] = {
    syntax.name: syntax for syntax in (
        Syntax(
            "ttl", "text/turtle; charset=utf-8", "turtle",
            opening="".join(
                f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in TABLE.items()
            ).encode() + b"\n",
            separator=b"\n",
        ),
        Syntax(
            "xml", "application/rdf+xml; charset=utf-8", "xml",
            opening=(
                '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF'
                + "".join(f'\n  xmlns:{prefix}="{iri}"' for prefix, iri in TABLE.items()) + ">\n"
            ).encode(),
            closing=b"</rdf:RDF>\n",
        ),
        Syntax(
            "jsonld", "application/ld+json", "json-ld",
            # On one line, so that one fragment alone is a line of a dump.
            opening=b'{"@context":' + json.dumps(TABLE, separators=(",", ":")).encode()
            + b',"@graph":[',
            separator=b",\n",
            closing=b"]}\n",
        ),
        Syntax("nt", "application/n-triples", "nt"),
    )
}
#: The syntaxes by every extension they are served under; the last two are ckanext-dcat's.
SERVED: Mapping[str, Syntax] = {
    **SYNTAXES,
    "rdf": SYNTAXES["xml"],
    "n3": replace(SYNTAXES["ttl"], content_type="text/n3; charset=utf-8"),
}
#: Changes with the openings and the writing: fragments of another edition are to be made anew.
EDITION: str = hashlib.sha256(
    b"\0".join([b"%d" % _WRITING, *(
        part for syntax in SYNTAXES.values()
        for part in (syntax.opening, syntax.separator, syntax.closing)
    )])
).hexdigest()[:12]


def fragments(triples: Iterable[Triple], subject: URIRef | None) -> dict[str, bytes]:
    """Return the fragment of each of :data:`SYNTAXES`, empty where there is nothing to say.

    ``subject`` is the dataset (or catalog), which comes first; blank nodes get names
    within it. Equal graphs give equal bytes, whatever the order of the triples.

    All syntaxes say the same, but RDF/XML, where a property is the name of an element: a
    triple whose property does not end in a name (``…/123``), is not in ASCII (``…/é``) or
    is a word of RDF/XML itself (``rdf:li``) is left out there.
    """
    found = described(triples, subject)
    return {name: write(*found).encode() for name, write in _WRITERS.items()}


def fragment(syntax: Syntax, triples: Iterable[Triple], subject: URIRef | None) -> bytes:
    """Return the one of :func:`fragments` that is wanted."""
    return _WRITERS[syntax.name](*described(triples, subject)).encode()


def membership(syntax: Syntax, catalog: str, iris: Iterable[str]) -> bytes:
    """Return the fragment that makes datasets those of a catalog.

    The same as :func:`fragment` of these triples, sooner: every page has others.
    """
    named = {node.key: node for each in iris if (node := iri_node(each))}
    members = [named[key] for key in sorted(named)]
    start, dataset = iri_node(catalog), name(str(DCAT.dataset))
    if start is None or dataset is None or not members:
        return b""
    ambiguous = any(node.ambiguous for node in (start, *members))
    return _WRITERS[syntax.name]([Described(start, [(dataset, [*members])])], ambiguous).encode()


def page(syntax: Syntax, parts: Iterable[Part]) -> Iterator[Part | bytes]:
    """Return the parts of a page of fragments, in this order; empty fragments are passed over.

    A fragment may be bytes or anything with a length that stands for bytes
    (``joined.Stored``): what comes out is joined by whoever knows how.
    """
    yield syntax.opening
    first = True
    for part in parts:
        if len(part):
            if not first:
                yield syntax.separator
            yield part
            first = False
    yield syntax.closing


def standalone(syntax: Syntax, fragment: bytes) -> bytes:
    """Return one fragment as a document of its own; in JSON-LD that is one line."""
    return b"".join(page(syntax, [fragment]))


def _turtle(nodes: list[Described], _ambiguous: bool) -> str:
    return "".join(
        node.turtle + " " + " ;\n    ".join([
            f"{'a' if term.key == TYPE else term.turtle} "
            + ", ".join([each.turtle for each in found])
            for term, found in properties
        ]) + " .\n"
        for node, properties in nodes
    )


def _ntriples(nodes: list[Described], _ambiguous: bool) -> str:
    return "".join([
        f"{node.key} {term.key} {each.key} .\n"
        for node, properties in nodes for term, found in properties for each in found
    ])


def _xml(nodes: list[Described], _ambiguous: bool) -> str:
    lines: list[str] = []
    for node, properties in nodes:
        element, inner = "rdf:Description", list[str]()
        for term, found in properties:
            start, end = term.start, term.end
            if not start:
                continue
            for at, each in enumerate(found):
                if isinstance(each, Node):
                    if at == 0 and term.key == TYPE and (typed := _element(each)):
                        element = typed
                        continue
                    inner.append(f"  <{start}{each.resource}/>\n")
                else:
                    inner.append(f"  <{start}{each.attributes}>{each.content}</{end}>\n")
        if inner:
            lines += (f"<{element}{node.about}>\n", *inner, f"</{element}>\n")
        elif element != "rdf:Description":
            lines.append(f"<{element}{node.about}/>\n")
    return "".join(lines)


def _element(kind: Node) -> str:
    """Return the element of a class, nothing where it needs a namespace of its own."""
    named = name(kind.key[1:-1]) if kind.key.startswith("<") else None
    return named.start if named is not None and named.start == named.end else ""


def _jsonld(nodes: list[Described], ambiguous: bool) -> str:
    """Return node objects joined by commas, on one line.

    Where some IRI looks like a compact one (``dct:title`` itself, as an IRI), a context
    is of harm: every node then does without, which JSON-LD says by ``null``.
    """
    made: list[str] = []
    for node, properties in nodes:
        members = [f'"@context":null,"@id":{node.json}' if ambiguous else f'"@id":{node.json}']
        for term, found in properties:
            if term.key == TYPE:
                kinds = [_kind(each, ambiguous) for each in found if isinstance(each, Node)]
                if kinds:
                    members.append(f'"@type":{_one_or_list(kinds)}')
                found = [each for each in found if not isinstance(each, Node)]
                if not found:
                    continue
            members.append(f"{term.full if ambiguous else term.json}:" + _one_or_list([
                f'{{"@id":{each.json}}}' if isinstance(each, Node)
                else each.full if ambiguous else each.json
                for each in found
            ]))
        made.append(f"{{{','.join(members)}}}")
    return ",".join(made)


def _kind(kind: Node, ambiguous: bool) -> str:
    named = None if ambiguous or kind.key.startswith("_") else name(kind.key[1:-1])
    return named.json if named is not None else kind.json


def _one_or_list(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"[{','.join(items)}]"


_WRITERS: Mapping[str, Callable[[list[Described], bool], str]] = {
    "ttl": _turtle, "xml": _xml, "jsonld": _jsonld, "nt": _ntriples,
}
