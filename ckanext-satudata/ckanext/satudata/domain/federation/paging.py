"""Pages of the catalog: ranges of slots, and the links from one to the next.

A dataset keeps its slot for life, so page *n* always means the same slots. One that leaves makes a
hole and shifts nothing; one that enters stands at the end. Links lead past pages that are nothing
but holes.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from rdflib import Literal, Namespace, URIRef
from rdflib.term import Node

from ckanext.satudata.domain.federation.terms import RDF

__all__ = ["HYDRA", "Links", "link_header", "page_of", "page_url", "paging", "slots_of"]

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")

#: Predicates of each link: data.go.id knows only the deprecated ones.
_PREDICATES: Mapping[str, tuple[URIRef, ...]] = {
    "first": (HYDRA.firstPage, HYDRA.first),
    "previous": (HYDRA.previousPage, HYDRA.previous),
    "next": (HYDRA.nextPage, HYDRA.next),
    "last": (HYDRA.lastPage, HYDRA.last),
}
_RELATIONS = {"first": "first", "previous": "prev", "next": "next", "last": "last"}


@dataclass(frozen=True)
class Links:
    """Where a page stands.

    :ivar current: its own address; ``others`` holds ``first``, ``previous``, ``next``, ``last``
        as far as there are any
    :ivar total: datasets in all pages
    :ivar size: the most on one page
    """

    current: str
    total: int
    size: int
    others: Mapping[str, str] = field(default_factory=dict[str, str])


def page_of(slot: int, size: int) -> int:
    """Return the number of the page (from 1) a slot (from 1) stands on."""
    return (slot - 1) // size + 1


def slots_of(page: int, size: int) -> tuple[int, int]:
    """Return the first and the last slot of a page."""
    return (page - 1) * size + 1, page * size


def page_url(base: str, given: Mapping[str, str], **more: object) -> str:
    """Return the address of a page: what was asked, encoded, and what is asked beside."""
    asked = {**given, **{key: str(each) for key, each in more.items()}}
    return f"{base}?{urlencode(asked, quote_via=quote)}" if asked else base


def paging(links: Links) -> Iterator[tuple[Node, Node, Node]]:
    """Yield the triples that tell a harvester where the other pages are, as ckanext-dcat does."""
    here = URIRef(links.current)
    yield here, RDF.type, HYDRA.PagedCollection
    yield here, HYDRA.totalItems, Literal(links.total)
    yield here, HYDRA.itemsPerPage, Literal(links.size)
    for name, address in links.others.items():
        for predicate in _PREDICATES[name]:
            yield here, predicate, Literal(address)


def link_header(links: Links) -> str:
    """Return the value of the HTTP header ``Link`` (RFC 8288)."""
    return ", ".join(
        f'<{address}>; rel="{_RELATIONS[name]}"' for name, address in links.others.items())
