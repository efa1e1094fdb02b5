"""The stream of changes, as JSON lines and as Linked Data Event Streams: what stands in an answer.

The database keeps one list of changes, numbered from 1 without gaps in the order of
commit. It is told in three ways; serialising and HTTP are elsewhere.

**The log** (``View.LOG``), full history. A page holds a fixed range of numbers: a full
one never changes and may be cached for ever. For that it says nothing of a dataset but
its IRI, which is made of its id: what is withdrawn tomorrow, because it held somebody's
name, must not stand in a copy that nobody can call back. A reader dereferences the
dataset: its content now, or 404/410.

**The latest activities** (``View.LATEST``), one for each dataset, with its content. Its
pages cover the same ranges and only lose members: as soon as a dataset changes, its
older activity is gone. Never immutable, to be asked for with ``If-None-Match``.

**JSON lines since a number**: each dataset that changed since, once (``kind_since``).

What conforms to what:

- LDES and TREE (drafts of 2026): both views. Nodes form a tree: the root leads to the
  shelves of 250 full pages and to the pages after them, each by its first moment and
  the first moment of the next, so that a client starts at either end. No node but the
  root mentions what is still moving.
- SEMIC DCAT-AP Feeds: the latest activities, served as JSON-LD or TriG (Turtle has no
  named graphs). Keeping only the last activity is what it recommends, said as
  ``ldes:LatestVersionSubset``. The content belongs into the graph named by
  :func:`event_iri`. Not followed: agents shared by datasets, and the catalog, are no
  activities of their own; files and agents come with each dataset.
- The log breaks one rule of it, that every activity carries its content. Its members do
  satisfy the shape, but it does not name that shape (``tree:shape``): a harvester of
  DCAT-AP Feeds would replace each dataset by nothing.
- The shape is closed: an activity has a type, ``as:object`` and ``as:published``, and
  nothing else. So the hash is in the JSON lines only, the number in the IRI, and order
  rests on the time alone: times must grow from change to change (:func:`moment`).
- No ``as:Tombstone`` here: it would say of the dataset, for ever, what ends when it is
  published again. ``as:Delete`` with the IRI says that it left.

Sources: https://semiceu.github.io/LDES-DCAT-AP-feeds/, https://w3id.org/ldes/specification,
https://w3id.org/tree/specification, https://www.w3.org/TR/activitystreams-vocabulary/.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import pairwise
from typing import Literal as OneOf

from rdflib import Literal, Namespace, URIRef
from rdflib.term import Node

from ckanext.satudata.domain.federation.mapping import Site
from ckanext.satudata.domain.federation.terms import DCAT, RDF, XSD, iri

__all__ = [
    "ACTIVITY_SHAPE", "AS", "LDES", "PAGE", "PREFIXES", "SHELF", "TREE",
    "Change", "ChangeKind", "Stream", "View",
    "ending", "event_iri", "is_immutable", "kind_since", "line", "moment", "page_of",
    "page_triples", "pages_of_root", "pages_of_shelf", "range_of", "root_triples",
    "shelf_triples",
]

AS = Namespace("https://www.w3.org/ns/activitystreams#")
LDES = Namespace("https://w3id.org/ldes#")
TREE = Namespace("https://w3id.org/tree#")
ACTIVITY_SHAPE = URIRef("https://semiceu.github.io/LDES-DCAT-AP-feeds/shape.ttl#ActivityShape")

#: What the triples here need; a page with content needs those of ``terms`` besides.
PREFIXES: Mapping[str, Namespace] = {"as": AS, "dcat": DCAT, "ldes": LDES, "tree": TREE}

#: Changes of a page, and pages of a shelf. Never to be altered: cached pages hold these ranges.
PAGE = 250
SHELF = 250

#: Seconds a client may let pass between two looks. A change can be read at once.
_POLLING = 300

ChangeKind = OneOf["create", "update", "delete"]
Triple = tuple[URIRef, URIRef, Node]

_ACTIVITY: Mapping[ChangeKind, URIRef] = {
    "create": AS.Create, "update": AS.Update, "delete": AS.Delete,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the public catalog: a dataset came, changed or left.

    ``sequence`` counts from 1 without gaps in the order of commit; ``iri`` is the
    dataset's; ``at`` is aware, in UTC, later than that of the change before
    (:func:`moment`); ``hash`` is of the content. It holds nothing of the content.

    :raises ValueError: a value that cannot be written, or no time in UTC.
    """

    sequence: int
    kind: ChangeKind
    package_id: str
    iri: str
    at: datetime
    hash: str

    def __post_init__(self) -> None:
        if self.sequence < 1:
            raise ValueError(f"Changes are numbered from 1, not {self.sequence}")
        if self.kind not in _ACTIVITY:
            raise ValueError(f"No kind of change: {self.kind}")
        if self.at.utcoffset() != timedelta(0):
            raise ValueError(f"Change {self.sequence} has no time in UTC: {self.at}")
        if str(iri(self.iri)) != self.iri:
            raise ValueError(f"Change {self.sequence} is of no IRI: {self.iri}")


def moment(now: datetime, before: datetime | None) -> datetime:
    """Return the time of a new change, later than that of the change before it.

    Clocks step back, and a thousand datasets change in one commit; but readers order
    by time alone, and LDES allows no member earlier than one already there. Call it
    under the lock that gives the number.
    """
    return now if before is None else max(now, before + timedelta(microseconds=1))


# ---------------------------------------------------------------- pages
def page_of(sequence: int) -> int:
    """Return the page (from 1) a change stands on."""
    return (sequence - 1) // PAGE + 1


def range_of(page: int) -> tuple[int, int]:
    """Return the first and last number of a page, both on it."""
    return (page - 1) * PAGE + 1, page * PAGE


def is_immutable(page: int, last_sequence: int) -> bool:
    """Say if a page of the log is full, and so never changes again.

    True of the log only: a page of the latest activities goes on losing members.
    """
    return range_of(page)[1] <= last_sequence


def pages_of_root(last_page: int) -> list[int]:
    """Return the pages whose first moment the root needs, when ``last_page`` is the newest.

    The first of each shelf that is complete, then each page after those.
    """
    complete = (last_page - 1) // SHELF if last_page else 0
    return [
        *(shelf * SHELF + 1 for shelf in range(complete)),
        *range(complete * SHELF + 1, last_page + 1),
    ]


def pages_of_shelf(shelf: int) -> list[int]:
    """Return the pages whose first moment a shelf needs: its own, and the one after them.

    A shelf is there once that next page has begun, and never changes.
    """
    return list(range((shelf - 1) * SHELF + 1, shelf * SHELF + 2))


# ---------------------------------------------------------------- linked data
class View(Enum):
    """Which stream; the value is the last part of its address, ``<site>/catalog/<value>``."""

    LOG = "changes"
    LATEST = "latest"


@dataclass(frozen=True)
class Stream:
    """A stream as it is served under one address.

    ``suffix`` is what the address was asked with (``.ttl``, ``.jsonld``, or nothing
    where the client negotiates): a client looks for relations *of the address it asked*,
    so nodes carry the suffix; stream and activities are the same in every syntax.
    """

    site: Site
    view: View = View.LOG
    suffix: str = ""

    @property
    def ref(self) -> URIRef:
        """The stream itself."""
        return URIRef(f"{self.site.url}/catalog/{self.view.value}#stream")

    @property
    def root(self) -> URIRef:
        """The node to start at."""
        return URIRef(f"{self.site.url}/catalog/{self.view.value}{self.suffix}")

    def shelf(self, number: int) -> URIRef:
        """Return the node of a shelf (from 1)."""
        return URIRef(f"{self.root}?shelf={number}")

    def page(self, number: int) -> URIRef:
        """Return the node of a page (from 1)."""
        return URIRef(f"{self.root}?page={number}")


def event_iri(site: Site, sequence: int) -> URIRef:
    """Return the IRI of a change as an activity, and of the graph that holds its content."""
    return URIRef(f"{site.url}/catalog/changes/{sequence}")


def root_triples(stream: Stream, starts: Mapping[int, datetime]) -> Iterator[Triple]:
    """Return the node to start at: what the stream is, and where its pages are.

    :param starts: page to the time of its first change, for ``pages_of_root`` of the
        newest page; empty when there are no changes. That change counts also in the
        latest activities, where it may no longer be.
    :raises ValueError: other pages than those.
    """
    last_page = max(starts, default=0)
    if sorted(starts) != pages_of_root(last_page):
        raise ValueError(f"Not the pages the root needs when the newest is {last_page}")
    yield stream.root, RDF.type, TREE.Node
    yield from _described(stream)
    children = [
        stream.page(page) if page > (last_page - 1) // SHELF * SHELF
        else stream.shelf(page // SHELF + 1)
        for page in sorted(starts)
    ]
    moments = [starts[page] for page in sorted(starts)]
    yield from _relations(stream.root, children, moments)


def shelf_triples(
    stream: Stream, shelf: int, starts: Mapping[int, datetime]
) -> Iterator[Triple]:
    """Return the node of a complete shelf: where its pages are.

    :param starts: page to the time of its first change, for ``pages_of_shelf``.
    :raises ValueError: other pages than those, so also a shelf that is not complete.
    """
    pages = pages_of_shelf(shelf)
    if sorted(starts) != pages:
        raise ValueError(f"Not the pages of shelf {shelf} and the one after it")
    yield from _node(stream, stream.shelf(shelf), full=True)
    children = [stream.page(page) for page in pages[:-1]]
    yield from _relations(stream.shelf(shelf), children, [starts[page] for page in pages])


def page_triples(stream: Stream, page: int, changes: Sequence[Change]) -> Iterator[Triple]:
    """Return a page: its members in the order of their numbers, one after the other.

    Of the latest activities the content is missing here: the triples of a dataset that
    is not deleted belong into the graph :func:`event_iri`.

    :param changes: of the log all of the page's range that there are; of the latest
        activities those that are the last of their dataset.
    :raises ValueError: changes of another page, out of order, or with a hole in the log.
    """
    first, last = range_of(page)
    numbers = [change.sequence for change in changes]
    if stream.view is View.LOG and numbers != list(range(first, first + len(numbers))):
        # A hole would be cached for ever.
        raise ValueError(f"Page {page} of the log needs its changes from {first}, without gaps")
    if any(not first <= number <= last for number in numbers):
        raise ValueError(f"Page {page} holds changes {first} to {last}")
    if any(a.sequence >= b.sequence or a.at >= b.at for a, b in pairwise(changes)):
        raise ValueError(f"The changes of page {page} do not grow in number and time")
    yield from _node(stream, stream.page(page), full=len(numbers) == PAGE)
    for change in changes:
        event, dataset = event_iri(stream.site, change.sequence), URIRef(change.iri)
        yield stream.ref, TREE.member, event
        yield event, RDF.type, _ACTIVITY[change.kind]
        yield event, AS.object, dataset
        yield event, AS.published, _time(change.at)
        if stream.view is View.LOG and change.kind != "delete":
            yield dataset, RDF.type, DCAT.Dataset


def _described(stream: Stream) -> Iterator[Triple]:
    """Return what a client must know of the stream; it reads that of the root only."""
    yield stream.ref, RDF.type, LDES.EventStream
    yield stream.ref, TREE.view, stream.root
    yield stream.ref, LDES.timestampPath, AS.published
    yield stream.ref, LDES.versionOfPath, AS.object
    yield stream.ref, LDES.versionCreateObject, AS.Create
    yield stream.ref, LDES.versionUpdateObject, AS.Update
    yield stream.ref, LDES.versionDeleteObject, AS.Delete
    yield stream.ref, LDES.pollingInterval, Literal(_POLLING)
    if stream.view is View.LATEST:
        policy = URIRef(f"{stream.root}#retention")
        yield stream.ref, TREE.shape, ACTIVITY_SHAPE
        yield stream.root, LDES.retentionPolicy, policy
        # Once as DCAT-AP Feeds says it, once as the LDES of 2026 does.
        yield policy, RDF.type, LDES.LatestVersionSubset
        yield policy, LDES.amount, Literal(1)
        yield policy, LDES.versionAmount, Literal(1)


def _node(stream: Stream, node: URIRef, *, full: bool) -> Iterator[Triple]:
    yield node, RDF.type, TREE.Node
    # Not tree:view of this node: a client that starts here would take it for all there is.
    yield stream.ref, TREE.view, stream.root
    if full and stream.view is View.LOG:
        yield node, LDES.immutable, Literal(True)


def _relations(
    node: URIRef, children: Iterable[URIRef], moments: Sequence[datetime]
) -> Iterator[Triple]:
    """Return the links to the children, each from its own first moment to the next one.

    The last has no end when there is no moment after its own: it is still growing.
    """
    for at, child in enumerate(children):
        bounds = [("since", TREE.GreaterThanOrEqualToRelation, moments[at])]
        if at + 1 < len(moments):
            bounds.append(("before", TREE.LessThanRelation, moments[at + 1]))
        for name, relation, bound in bounds:
            link = URIRef(f"{child}#{name}")
            yield node, TREE.relation, link
            yield link, RDF.type, relation
            yield link, TREE.node, child
            yield link, TREE.path, AS.published
            yield link, TREE.value, _time(bound)


def _time(at: datetime) -> Literal:
    return Literal(at.isoformat(), datatype=XSD.dateTime)


# ---------------------------------------------------------------- JSON lines
def kind_since(
    since: int, *, created_sequence: int, latest_sequence: int, deleted: bool
) -> ChangeKind | None:
    """Return what a reader who knows all up to ``since`` is told of a dataset; ``None``: nothing.

    ``created_sequence`` begins the dataset's present life: publishing again after a
    withdrawal is a new one. Then a reader who holds the old life is told "create", not
    "update": what was withdrawn meanwhile has to go, with whatever was kept of it.

    "create" and "update" both put this state in the place of whatever the reader holds,
    be it nothing: one whose answer came in parts and who stands between two of them is
    told "update" of a dataset that was created before that place and changed after it,
    which no part has brought him. "delete" may be of a dataset he never had.

    :raises ValueError: a dataset that was changed before it was created.
    """
    if created_sequence > latest_sequence:
        raise ValueError(f"Created by {created_sequence}, but last changed by {latest_sequence}")
    if latest_sequence <= since:
        return None
    if deleted:
        return "delete"
    return "create" if created_sequence > since else "update"


def line(change: Change, kind: ChangeKind | None = None, **more: object) -> dict[str, object]:
    """Return one line: a change, as ``kind`` relative to its reader, and ``more`` of the dataset.

    :raises ValueError: ``more`` of a deleted dataset, or under the name of something else.
    """
    said = {
        "sequence": change.sequence, "kind": kind or change.kind, "id": change.package_id,
        "iri": change.iri, "at": change.at.isoformat(), "hash": change.hash,
    }
    if more and said["kind"] == "delete":
        raise ValueError(f"Change {change.sequence} deletes: nothing more is said of the dataset")
    if taken := said.keys() & more.keys():
        raise ValueError(f"A line says already: {', '.join(sorted(taken))}")
    return {**said, **more}


def ending(position: int, *, more: bool) -> dict[str, object]:
    """Return the last line of an answer; one without it was cut, and is to be asked for again.

    ``position`` is the ``since`` of the next question: where ``more`` is to come, the
    number of the last line; else the newest number there is, of the same snapshot.
    """
    return {"position": position, "more": more}
