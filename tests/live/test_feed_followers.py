"""Programs that keep a copy of the catalog, while the catalog changes.

The programs are those of the guide "Memanen katalog ini", word for word: what it tells people to
run is run. And a client of Linked Data Event Streams, which knows TREE and ActivityStreams only.
"""
from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from rdflib import RDF, Dataset, Graph, Namespace, URIRef
from rdflib.compare import to_isomorphic

sys.path.insert(0, str(Path(__file__).parent))
from feed_cast import Agency, agency

from ckanext.satudata.domain.federation.terms import DCAT, DCT

GUIDE = (Path(__file__).resolve().parents[2]
         / "ckanext-satudata/ckanext/satudata/templates/satudata/panduan/memanen.en.md")
AS = Namespace("https://www.w3.org/ns/activitystreams#")
TREE = Namespace("https://w3id.org/tree#")


@pytest.fixture(scope="module")
def opd(portal: Any, api_token: str) -> Iterator[Agency]:
    with agency(portal, api_token) as made:
        yield made


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as made:
        made.trust_env = False
        yield made


def example(portal: Any, words: str) -> str:
    """Return the one program of the guide that says some words."""
    blocks = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(), re.MULTILINE | re.DOTALL)
    [found] = [each for each in blocks if words in each]
    return found.replace("{{ site }}", portal.url)


def run(program: str, folder: Path) -> str:
    """Run a program as a reader of the guide would, in a folder of its own."""
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True,
                          text=True, timeout=120, env={"NO_PROXY": "*", "PATH": "/usr/bin:/bin"})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def public(portal: Any) -> set[str]:
    """Return the ids of all public datasets, as CKAN's own search gives them."""
    said = json.loads(portal.get("/api/3/action/package_search?rows=1000&fq=dataset_type:dataset"))
    return {each["id"] for each in said["result"]["results"]}


def same(portal: Any, copy: Path) -> None:
    """Assert that a copy is the catalog: its datasets, and every word of each."""
    here = public(portal)
    assert {each.stem for each in copy.glob("*.jsonld")} == here
    for each in sorted(here):
        held = Graph().parse(copy / f"{each}.jsonld", format="json-ld")
        there = Graph().parse(data=portal.get(f"/dataset/{each}.jsonld"), format="json-ld")
        assert to_isomorphic(held) == to_isomorphic(there), each


class Changing:
    """Publishes, edits, withdraws and publishes again while something else is done."""

    def __init__(self, opd: Agency, word: str) -> None:
        self.opd, self.failed = opd, list[BaseException]()
        self.kept, self.left, self.again = opd.published(
            *(f"{opd.owner['title']} {word} {each}" for each in range(3)))
        self.new = opd.prepared(f"{opd.owner['title']} {word} baru")
        opd.edited(self.kept, title=f"{opd.titles[self.kept]} diubah")
        self.thread = threading.Thread(target=self._change)

    def _change(self) -> None:
        try:
            self.opd.withdraw(self.left)
            self.opd.publish(self.new)
            self.opd.publish(self.kept)
            self.opd.withdraw(self.again)
            self.opd.edited(self.new, title=f"{self.opd.titles[self.new]} diubah")
            self.opd.publish(self.new)
        except BaseException as error:
            self.failed.append(error)

    def __enter__(self) -> Changing:
        self.thread.start()
        return self

    @property
    def goes_on(self) -> bool:
        return self.thread.is_alive()

    def __exit__(self, *_more: object) -> None:
        self.thread.join(120)
        assert not self.failed, self.failed


def test_the_first_example_counts_every_dataset(portal: Any, tmp_path: Path) -> None:
    said = run(example(portal, "/catalog.ttl"), tmp_path)
    assert said == f"{len(public(portal))} datasets\n"


def test_who_follows_the_changes_holds_what_the_catalog_holds(
    portal: Any, opd: Agency, tmp_path: Path
) -> None:
    follow = example(portal, "/catalog/changes")
    run(follow, tmp_path)
    same(portal, tmp_path / "copy")
    rounds = 0
    with Changing(opd, "ikuti") as changing:
        while changing.goes_on:
            run(follow, tmp_path)
            rounds += 1
    assert rounds
    run(follow, tmp_path)
    assert not (tmp_path / "copy" / f"{changing.left}.jsonld").exists()
    assert (tmp_path / "copy" / f"{changing.new}.jsonld").exists()
    same(portal, tmp_path / "copy")


def test_who_begins_with_the_dump_loses_nothing_in_between(
    portal: Any, opd: Agency, session: requests.Session, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    with Changing(opd, "unduhan"):
        lines = gzip.decompress(session.get(
            f"{portal.url}/catalog.jsonl.gz", timeout=60).content).splitlines()
    *documents, end = lines
    for each in documents:
        [held] = Graph().parse(data=each, format="json-ld").subjects(RDF.type, DCAT.Dataset)
        (copy / f"{str(held).rpartition('/')[2]}.jsonld").write_bytes(each)
    (tmp_path / "position.txt").write_text(str(json.loads(end)["position"]))
    run(example(portal, "/catalog/changes"), tmp_path)
    same(portal, copy)


# ---------------------------------------------------------------- LDES
def members(session: requests.Session, start: str, syntax: str) -> tuple[Dataset, list[URIRef]]:
    """Follow the relations of a stream from its root; return all it says, and the nodes read."""
    whole, waiting, seen = Dataset(), [URIRef(start)], list[URIRef]()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.append(node)
        answer = session.get(node, timeout=60)
        answer.raise_for_status()
        page = Dataset().parse(data=answer.content, format=syntax)
        for quad in page.quads():
            whole.add(quad)
        for relation in set(page.objects(node, TREE.relation)):
            waiting += [each for each in page.objects(relation, TREE.node)
                        if isinstance(each, URIRef)]
    return whole, seen


def activities(told: Dataset) -> list[tuple[Any, URIRef, URIRef, URIRef]]:
    """Return time, kind, object and IRI of each member, in the order of time."""
    [stream] = set(told.subjects(TREE.member))
    found = []
    for each in told.objects(stream, TREE.member):
        [kind] = told.objects(each, RDF.type)
        [said] = told.objects(each, AS.object)
        [at] = told.objects(each, AS.published)
        found.append((at.toPython(), kind, said, each))
    assert len({each[0] for each in found}) == len(found), "two activities of one time"
    return sorted(found)


def test_all_changes_replayed_are_the_public_datasets(
    portal: Any, opd: Agency, session: requests.Session
) -> None:
    with Changing(opd, "arus"):
        pass
    told, nodes = members(session, f"{portal.url}/catalog/changes.ttl", "turtle")
    assert len(nodes) > 1
    held: set[str] = set()
    kinds = set()
    for _at, kind, about, _iri in activities(told):
        identifier = str(about).rpartition("/")[2]
        kinds.add(kind)
        if kind == AS.Delete:
            held.remove(identifier)
        elif kind == AS.Create:
            assert identifier not in held
            held.add(identifier)
        else:
            assert kind == AS.Update and identifier in held
    assert kinds == {AS.Create, AS.Update, AS.Delete}
    assert held == public(portal)


def test_the_latest_activities_hold_each_dataset_once_with_its_content(
    portal: Any, session: requests.Session
) -> None:
    told, _nodes = members(session, f"{portal.url}/catalog/latest.jsonld", "json-ld")
    found = activities(told)
    assert len({about for _at, _kind, about, _iri in found}) == len(found)
    here = {about: iri for _at, kind, about, iri in found if kind != AS.Delete}
    assert {str(each).rpartition("/")[2] for each in here} == public(portal)
    for about, iri in here.items():
        content = told.graph(iri)
        assert content.value(about, DCT.title) is not None, about
        there = Graph().parse(data=portal.get(
            f"/dataset/{str(about).rpartition('/')[2]}.jsonld"), format="json-ld")
        assert to_isomorphic(Graph() + content) == to_isomorphic(there)
    for _at, kind, _about, iri in found:
        if kind == AS.Delete:
            assert len(told.graph(iri)) == 0
