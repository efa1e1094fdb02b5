"""The stream of changes as linked data: what a client that walks it or keeps it gets."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from change_samples import change, changes
from federation_samples import FULL, MINIMAL, SITE
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib.namespace import SH

from ckanext.satudata.domain.federation.changes import (
    ACTIVITY_SHAPE,
    AS,
    LDES,
    PAGE,
    PREFIXES,
    SHELF,
    TREE,
    Change,
    Stream,
    Triple,
    View,
    event_iri,
    is_immutable,
    moment,
    page_of,
    page_triples,
    pages_of_root,
    pages_of_shelf,
    range_of,
    root_triples,
    shelf_triples,
)
from ckanext.satudata.domain.federation.terms import DCAT
from ckanext.satudata.domain.federation.writing import Writer

SHAPES = Path(__file__).resolve().parents[3] / "shared" / "data" / "shacl"
LOG = Stream(SITE, View.LOG, ".ttl")
LATEST = Stream(SITE, View.LATEST, ".jsonld")


def starts(pages: Iterable[int]) -> dict[int, datetime]:
    return {page: change(range_of(page)[0]).at for page in pages}


def served(stream: Stream, count: int, bodies: bool = True) -> dict[URIRef, list[Triple]]:
    """Return every node there is after ``count`` changes, by its address."""
    last_page = page_of(count) if count else 0
    made = {stream.root: list(root_triples(stream, starts(pages_of_root(last_page))))}
    for shelf in range(1, (last_page - 1) // SHELF + 1):
        made[stream.shelf(shelf)] = list(
            shelf_triples(stream, shelf, starts(pages_of_shelf(shelf)))
        )
    for page in range(1, last_page + 1):
        first, last = range_of(page)
        body = changes(first, min(last, count)) if bodies else []
        made[stream.page(page)] = list(page_triples(stream, page, body))
    return made


@dataclass
class Link:
    node: URIRef
    since: Any = None
    before: Any = None


def links(node: URIRef, triples: list[Triple]) -> list[Link]:
    """Return the children of a node in the order of time, as a client of TREE reads them."""
    graph = graph_of(triples)
    found: dict[URIRef, Link] = {}
    for relation in graph.objects(node, TREE.relation):
        child = graph.value(relation, TREE.node, any=False)
        assert isinstance(child, URIRef)
        assert graph.value(relation, TREE.path, any=False) == AS.published
        bound = graph.value(relation, TREE.value, any=False)
        assert isinstance(bound, Literal) and bound.datatype == XSD.dateTime
        link = found.setdefault(child, Link(child))
        kind = graph.value(relation, RDF.type, any=False)
        if kind == TREE.GreaterThanOrEqualToRelation:
            assert link.since is None
            link.since = bound.toPython()
        else:
            assert kind == TREE.LessThanRelation and link.before is None
            link.before = bound.toPython()
    return sorted(found.values(), key=lambda link: link.since)


def graph_of(triples: Iterable[Triple]) -> Graph:
    graph = Graph()
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for triple in triples:
        graph.add(triple)
    return graph


def walk(stream: Stream, nodes: dict[URIRef, list[Triple]], newest: bool = False) -> Iterator[int]:
    """Yield the numbers of the members, by the links from the root; each node is read once."""
    seen: set[URIRef] = set()

    def read(node: URIRef, since: Any, before: Any) -> Iterator[int]:
        assert node not in seen
        seen.add(node)
        graph = graph_of(nodes[node])
        members: list[tuple[Any, int]] = []
        for member in graph.objects(stream.ref, TREE.member):
            at: Any = graph.value(member, AS.published).toPython()
            assert (since is None or at >= since) and (before is None or at < before)
            members.append((at, int(str(member).rsplit("/", 1)[1])))
        yield from (number for _, number in sorted(members, reverse=newest))
        below = links(node, nodes[node])
        for link in reversed(below) if newest else below:
            assert since is None or link.since >= since
            yield from read(link.node, link.since, link.before or before)

    yield from read(stream.root, None, None)
    assert seen == set(nodes)


counts = st.integers(0, 4 * PAGE) | st.sampled_from(
    [0, 1, PAGE - 1, PAGE, PAGE + 1, 2 * PAGE, 2 * PAGE + 1]
)


# ---------------------------------------------------------------- pages
@given(st.integers(1, 10**9))
def test_each_change_has_one_page(sequence: int) -> None:
    first, last = range_of(page_of(sequence))
    assert first <= sequence <= last
    assert last - first + 1 == PAGE
    assert page_of(last + 1) == page_of(sequence) + 1


def test_a_page_is_done_with_its_last_change() -> None:
    assert not is_immutable(1, PAGE - 1)
    assert is_immutable(1, PAGE)
    assert not is_immutable(2, PAGE)


@settings(max_examples=40, deadline=None)
@given(counts)
def test_every_change_is_reached_once_and_in_order(count: int) -> None:
    nodes = served(LOG, count)
    assert list(walk(LOG, nodes)) == list(range(1, count + 1))


@settings(max_examples=15, deadline=None)
@given(counts)
def test_a_reader_may_begin_with_the_newest(count: int) -> None:
    assert list(walk(LOG, served(LOG, count), newest=True)) == list(range(count, 0, -1))


@pytest.mark.parametrize("pages", [SHELF - 1, SHELF, SHELF + 1, 2 * SHELF, 2 * SHELF + 3])
def test_full_pages_move_to_shelves_and_none_is_lost(pages: int) -> None:
    nodes = served(LOG, pages * PAGE, bodies=False)
    assert list(walk(LOG, nodes)) == []  # went through every node, each once
    below = links(LOG.root, nodes[LOG.root])
    shelves = [link for link in below if "?shelf=" in link.node]
    assert len(shelves) == (pages - 1) // SHELF
    assert len(below) - len(shelves) == pages - len(shelves) * SHELF <= SHELF
    read = [
        link
        for top in below
        for link in (links(top.node, nodes[top.node]) if top in shelves else [top])
    ]
    assert [link.node for link in read] == [LOG.page(page) for page in range(1, pages + 1)]
    # Each ends where the next begins; only the newest is open.
    assert [link.before for link in read[:-1]] == [link.since for link in read[1:]]
    assert read[-1].before is None


@settings(max_examples=30, deadline=None)
@given(counts, st.integers(0, 2 * PAGE))
def test_what_is_immutable_never_changes(count: int, later: int) -> None:
    then, now = served(LOG, count), served(LOG, count + later)
    for page in range(1, count // PAGE + 1):
        assert is_immutable(page, count)
        node = LOG.page(page)
        assert then[node] == now[node]
        assert (node, LDES.immutable, Literal(True)) in then[node]


def test_a_shelf_never_changes() -> None:
    then = served(LOG, SHELF * PAGE + 1, bodies=False)[LOG.shelf(1)]
    assert then == served(LOG, (2 * SHELF + 2) * PAGE, bodies=False)[LOG.shelf(1)]
    assert (LOG.shelf(1), LDES.immutable, Literal(True)) in then


def test_what_can_change_is_not_called_immutable() -> None:
    for count, growing in ((PAGE - 1, 1), (PAGE + 1, 2), (2 * PAGE - 1, 2)):
        nodes = served(LOG, count)
        for node in (LOG.root, LOG.page(growing)):
            assert not graph_of(nodes[node]).value(node, LDES.immutable)
    latest = served(LATEST, 2 * PAGE + 1)  # loses members when datasets change
    said = {predicate for triples in latest.values() for _, predicate, _ in triples}
    assert TREE.member in said and LDES.immutable not in said


@pytest.mark.parametrize("given_changes", [
    changes(2, 5), [*changes(1, 3), change(5)], changes(1, PAGE + 1), [change(2), change(1)],
])
def test_a_page_of_the_log_with_a_hole_is_refused(given_changes: list[Change]) -> None:
    with pytest.raises(ValueError, match=r"without gaps|holds changes"):
        list(page_triples(LOG, 1, given_changes))


def test_times_that_do_not_grow_are_refused() -> None:
    with pytest.raises(ValueError, match="do not grow"):
        list(page_triples(LOG, 1, [change(1), replace(change(2), at=change(1).at)]))


def test_a_node_is_not_made_of_other_pages_than_it_needs() -> None:
    with pytest.raises(ValueError, match="the root needs"):
        list(root_triples(LOG, starts([1, 3])))
    with pytest.raises(ValueError, match="of shelf 1"):
        list(shelf_triples(LOG, 1, starts(range(1, SHELF + 1))))


@given(st.lists(st.datetimes(timezones=st.just(UTC), max_value=datetime(2100, 1, 1)), min_size=2))
def test_times_grow_whatever_the_clock_does(clock: list[datetime]) -> None:
    given_times: list[datetime] = []
    for now in clock:
        given_times.append(moment(now, given_times[-1] if given_times else None))
        assert given_times[-1] >= now
    assert all(a < b for a, b in pairwise(given_times))


# ---------------------------------------------------------------- what it says
def test_an_activity_says_kind_thing_and_time_and_nothing_else() -> None:
    given_changes = [change(1, "create"), change(2, "update"), change(3, "delete")]
    graph = graph_of(page_triples(LOG, 1, given_changes))
    for each, kind in zip(given_changes, (AS.Create, AS.Update, AS.Delete), strict=True):
        event = event_iri(SITE, each.sequence)
        assert set(graph.predicate_objects(event)) == {
            (RDF.type, kind),
            (AS.object, URIRef(each.iri)),
            (AS.published, Literal(each.at.isoformat(), datatype=XSD.dateTime)),
        }
        # Of the thing itself no more than what it is; of what is gone nothing.
        assert set(graph.predicate_objects(URIRef(each.iri))) == (
            set() if each.kind == "delete" else {(RDF.type, DCAT.Dataset)}
        )


def test_each_member_stands_in_one_piece_after_what_the_page_is() -> None:
    # The TREE profile: what a client needs to read a page while it comes in.
    triples = list(page_triples(LOG, 1, changes(1, 20)))
    begins = [at for at, triple in enumerate(triples) if triple[1] == TREE.member]
    assert {LOG.page(1), LOG.ref} >= {subject for subject, _, _ in triples[: begins[0]]}
    for number, (at, end) in enumerate(pairwise([*begins, len(triples)]), 1):
        event, dataset = event_iri(SITE, number), URIRef(change(number).iri)
        assert triples[at][2] == event
        assert {subject for subject, _, _ in triples[at + 1 : end]} <= {event, dataset}


@pytest.mark.parametrize("stream", [LOG, LATEST])
def test_only_the_root_is_an_entrance(stream: Stream) -> None:
    nodes = served(stream, PAGE + 1)
    for node, triples in nodes.items():
        assert list(graph_of(triples).objects(stream.ref, TREE.view)) == [stream.root], node
    root = graph_of(nodes[stream.root])
    assert (stream.ref, RDF.type, LDES.EventStream) in root
    assert (stream.ref, LDES.timestampPath, AS.published) in root
    assert (stream.ref, LDES.versionOfPath, AS.object) in root


def test_only_the_stream_with_content_promises_to_be_a_feed_of_dcat_ap() -> None:
    log, latest = (graph_of(root_triples(stream, {})) for stream in (LOG, LATEST))
    assert (LATEST.ref, TREE.shape, ACTIVITY_SHAPE) in latest
    policy = latest.value(LATEST.root, LDES.retentionPolicy)
    assert latest.value(policy, LDES.versionAmount) == Literal(1)
    # It keeps everything, and a harvester of such feeds would empty each dataset.
    assert not log.value(LOG.ref, TREE.shape)
    assert not log.value(LOG.root, LDES.retentionPolicy)


def test_syntaxes_differ_in_their_nodes_only() -> None:
    json = replace(LOG, suffix=".jsonld")
    assert json.root != LOG.root and json.page(1) != LOG.page(1)
    assert json.ref == LOG.ref
    members = [
        {triple for triple in page_triples(stream, 1, changes(1, 9)) if triple[1] == TREE.member}
        for stream in (json, LOG)
    ]
    assert members[0] == members[1]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's JSON-LD, of itself
@pytest.mark.parametrize("syntax", ["turtle", "json-ld", "nt", "xml"])
@pytest.mark.parametrize("stream", [LOG, LATEST])
def test_every_syntax_reads_back_the_same(stream: Stream, syntax: str) -> None:
    for node, triples in served(stream, PAGE + 2).items():
        graph = graph_of(triples)
        assert not [each for triple in triples for each in triple if isinstance(each, BNode)]
        again = Graph().parse(data=graph.serialize(format=syntax), format=syntax)
        assert set(again) == set(graph) == set(triples), node


@pytest.mark.parametrize(("wrong", "said"), [
    ({"sequence": 0}, "numbered"),
    ({"kind": "purge"}, "kind"),
    ({"at": datetime(2026, 1, 1)}, "UTC"),
    ({"at": datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=7)))}, "UTC"),
    ({"iri": "https://a.go.id/ spasi"}, "IRI"),
    ({"iri": "javascript:alert(1)"}, "IRI"),
])
def test_a_change_that_cannot_be_written_is_refused(wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(change(1), **wrong)


# ---------------------------------------------------------------- SHACL
def findings(graph: Graph, *shapes: str) -> list[str]:
    rules = Graph()
    for name in shapes:
        rules.parse(SHAPES / name)
    conforms, report, _ = pyshacl.validate(graph, shacl_graph=rules, advanced=True)
    assert isinstance(report, Graph)
    found = [str(report.value(each, SH.focusNode)) for each in report.objects(None, SH.result)]
    assert conforms == (not found)
    return found


@pytest.mark.beside("shacl")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
class TestShape:
    """SEMIC's shape of an activity (not part of this repository)."""

    SHAPE = "ldes-dcat-ap-feeds-shape.ttl"

    def test_the_log_satisfies_it(self) -> None:
        for triples in served(LOG, PAGE + 5).values():
            assert findings(graph_of(triples), self.SHAPE) == []

    def test_it_refuses_anything_more_of_an_activity(self) -> None:
        graph = graph_of(page_triples(LOG, 1, changes(1, 3)))
        graph.add((event_iri(SITE, 2), AS.actor, URIRef(SITE.url)))
        assert findings(graph, self.SHAPE) == [str(event_iri(SITE, 2))]

    def test_the_latest_with_their_content_satisfy_it_and_dcat_ap(self) -> None:
        # Of the second the content is missing: the shape must see that.
        datasets = [dict(FULL, id="a"), dict(MINIMAL, id="b")]
        kept = [
            replace(change(3, "create"), iri=f"{SITE.url}/dataset/a"),
            replace(change(7, "update"), iri=f"{SITE.url}/dataset/b"),
            change(9, "delete"),
        ]
        graph = graph_of(page_triples(LATEST, 1, kept))
        Writer(graph, SITE).dataset(URIRef(kept[0].iri), datasets[0])
        assert findings(graph, self.SHAPE) == [str(event_iri(SITE, 7))]
        Writer(graph, SITE).dataset(URIRef(kept[1].iri), datasets[1])
        assert findings(graph, self.SHAPE, "dcat-ap-3.0.1-shapes.ttl") == []
