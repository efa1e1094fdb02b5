"""A stock CKAN harvests us by each of its paths while datasets come, change and leave.

What changes does so between two pages of one reading, once in the first run and once in the
second: nothing that was public throughout may be missed or deleted, and whatever was read before
it changed must be right after a later run.
"""
from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

sys.path.insert(0, str(Path(__file__).parent))
from feed_cast import RESTRICTED, Agency, agency
from relay import Relay
from stock_portal import StockPortal

#: Datasets of a page.
SIZE = 3
#: Our portal once more, with small pages; run by the portal's own environment.
SMALL_PAGES = """
import datetime, sys
from ckan.cli import load_config
from ckan.config.middleware import make_app
from werkzeug.serving import run_simple
config = load_config(sys.argv[1])
config["ckanext.dcat.datasets_per_page"] = sys.argv[3]
app = make_app(config)
from ckanext.satudata.federation.feed import pod_views
pod_views.SIZE = int(sys.argv[3])
pod_views.WALK = datetime.timedelta(0)  # such small pages were emptied by other tests just now
run_simple("127.0.0.1", int(sys.argv[2]), app, threaded=True)
"""
NEW_NAME = "Dinas dengan nama baru"
#: What a dataset of the cast says (``marks.FILLED``), as the national copy keeps it.
EXTRAS = {"satuan": "kunjungan", "ukuran": "Jumlah", "urusan": '["1.02"]', "kategori": "Kesehatan",
          "Hasil_Pemeriksaan_SKDN": "1", "konsep": "Kunjungan", "accessRights": "terbuka"}
PATHS = {"dcat_rdf": "/catalog.ttl", "dcat_json": "/data.json", "ckan": "/nasional"}


def small_rows(path: str) -> str:
    """Return what a CKAN harvester asks for, which is 100 rows each time, in small pages."""
    asked = urlsplit(path)
    if not asked.path.endswith("/package_search"):
        return path
    given = {name: each[0] for name, each in parse_qs(asked.query).items()}
    given["start"] = str(int(given["start"]) // int(given["rows"]) * SIZE)
    return f"{asked.path}?{urlencode({**given, 'rows': SIZE})}"


@pytest.fixture(scope="module")
def relay(portal: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """What the stock portal reads through; it asks our portal with small pages."""
    log = tmp_path_factory.mktemp("small") / "web.log"
    port = _free_port()
    env = {key: value for key, value in os.environ.items() if not key.startswith("CKAN_")}
    with log.open("wb") as said:
        web = subprocess.Popen(
            [portal.python, "-I", "-c", SMALL_PAGES, portal.ini, str(port), str(SIZE)],
            stdout=said, stderr=subprocess.STDOUT, env=env)
    relay = Relay(portal.url, f"http://127.0.0.1:{port}", small_rows)
    relay.serve()
    try:
        yield relay
    finally:
        relay.close()
        web.terminate()
        web.wait(15)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def reader(relay: Relay, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StockPortal]:
    """The stock portal, which knows nothing of the relay but a proxy's address."""
    stock = StockPortal(tmp_path_factory.mktemp("stock"), sys.executable, os.environ, schema=False)
    stock.through = relay.environment()
    try:
        stock.start()
        yield stock
    finally:
        stock.stop()


@pytest.fixture(scope="module")
def opd(portal: Any, api_token: str) -> Iterator[Agency]:
    with agency(portal, api_token) as made:
        yield made


@dataclass
class Cast:
    """Datasets of one agency by what becomes of them, in the order in which a reader comes by.

    Between what is behind the reader when all happens and what is ahead lies a page or more; and
    no page is emptied, for a walk over ``data.json`` would be ended then.

    :ivar left_behind: withdrawn when the reader has just read it
    :ivar left_later: withdrawn in the second run
    :ivar left_ahead: withdrawn before the reader comes to it
    """

    edited_behind: str
    left_behind: str
    left_later: str
    steady: str
    left_ahead: str
    restricted_ahead: str
    newcomer: str


def assembled(opd: Agency, kind: str) -> Cast:
    """Publish a cast, and prepare what is to happen to it."""
    title = f"{opd.owner['title']} {kind}"
    ids = opd.published(*(f"{title} {each}" for each in range(6)))
    if kind == "ckan":
        ids.sort()  # the order of its pages; of the others, in which they were published
    cast = Cast(*ids, newcomer=opd.prepared(f"{title} baru"))
    for each in (cast.edited_behind, cast.restricted_ahead):
        opd.edited(each, title=f"{opd.titles[each]} diubah",
                   **(RESTRICTED if each == cast.restricted_ahead else {}))
    return cast


class Source:
    """A harvest source of the stock portal that reads our portal."""

    def __init__(self, kind: str, url: str, relay: Relay, reader: StockPortal) -> None:
        self.relay, self.reader = relay, reader
        self.name = f"umpan-{kind.replace('_', '-')}"
        self.id = reader.source(self.name, url, kind)

    def run(self, do: Callable[[], None] | None = None, behind: str = "") -> Any:
        """Run it to the end; do something behind the first page that says a word."""
        del self.relay.reads[:]
        if do is not None:
            self.relay.when([behind], do)
        job = self.reader.harvest(self.id, 60)
        assert not self.relay.failed, self.relay.failed
        assert not self.relay.waits, (behind, self.relay.reads)
        assert job["gather_error_summary"] == [], (job["gather_error_summary"], self.relay.reads)
        assert job["stats"].get("errored", 0) == 0, str(job["report"])[:3000]
        # Stock ckanext-harvest 1.6.3 leaves its source in the index without source_type.
        self.reader.ckan("search-index", "rebuild", self.id)
        return job

    def copies(self) -> dict[str, dict[str, Any]]:
        """Return what is public downstream, by the number and word of our title."""
        return {each["title"]: each for each in self.reader.datasets_of(self.name)}


@dataclass
class Harvested:
    """What came of two runs of one source, during both of which data changed.

    :ivar before: titles by id when the first run began; ``meanwhile`` when the second did
    :ivar copies: titles downstream -> records, after each run
    """

    kind: str
    cast: Cast
    source: Source
    before: dict[str, str]
    meanwhile: dict[str, str]
    copies: list[dict[str, dict[str, Any]]]


def last_page(relay: Relay) -> str:
    """Return the number of the last page of the catalog, on which nothing of a cast stands yet."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(f"http://{relay.to}/catalog.ttl", timeout=60)
    return parse_qs(urlsplit(answer.links["last"]["url"]).query)["page"][0]


def rename(opd: Agency, dataset: str) -> None:
    """Give the organization another name, and wait until the feed says so."""
    opd.call("organization_patch", "walidata", id=opd.owner["id"], title=NEW_NAME)
    end = time.monotonic() + 60
    address = f"{opd.url}/nasional/api/3/action/package_show?id={dataset}"
    with requests.Session() as session:
        session.trust_env = False
        while session.get(address, timeout=60).json()["result"]["author"] != NEW_NAME:
            assert time.monotonic() < end, "the new name is not in the feed"
            time.sleep(0.2)


@pytest.fixture(scope="module", params=PATHS)
def harvested(
    request: pytest.FixtureRequest, opd: Agency, relay: Relay, reader: StockPortal
) -> Harvested:
    url = opd.url + PATHS[request.param]
    if request.param == "dcat_rdf":  # the rest of the catalog is read by the two others
        url += f"?page={last_page(relay)}"
    cast = assembled(opd, request.param)
    source = Source(request.param, url, relay, reader)

    def first() -> None:
        for each in (cast.left_behind, cast.left_ahead):
            opd.withdraw(each)
        for each in (cast.edited_behind, cast.restricted_ahead, cast.newcomer):
            opd.publish(each)

    made = Harvested(request.param, cast, source, dict(opd.titles), {}, [])
    source.run(first, cast.left_behind)
    made.copies.append(source.copies())
    made.meanwhile = dict(opd.titles)
    if request.param == "ckan":
        rename(opd, cast.steady)
    source.run(lambda: opd.withdraw(cast.left_later), cast.left_later)
    made.copies.append(source.copies())
    return made


ONLY_CKAN = pytest.mark.parametrize("harvested", ["ckan"], indirect=True)
OTHERS = pytest.mark.parametrize("harvested", ["dcat_rdf", "dcat_json"], indirect=True)


def test_nothing_that_stayed_public_is_missed_or_deleted(harvested: Harvested) -> None:
    throughout = set(harvested.before.values()) & set(harvested.meanwhile.values())
    throughout.discard(harvested.before[harvested.cast.left_later])
    assert throughout  # of the two casts before this one, too
    for copies in harvested.copies:
        assert throughout <= set(copies)


def test_a_copy_is_the_same_after_each_run(harvested: Harvested) -> None:
    one, two = harvested.copies
    steady = harvested.before[harvested.cast.steady]
    assert one[steady]["id"] == two[steady]["id"]
    assert one[steady]["name"] == two[steady]["name"]


def test_what_was_edited_behind_the_reader_arrives_with_the_next_run(
    harvested: Harvested
) -> None:
    one, two = harvested.copies
    old, new = (each[harvested.cast.edited_behind]
                for each in (harvested.before, harvested.meanwhile))
    assert old != new
    assert old in one and new not in one
    assert new in two and old not in two


@OTHERS
def test_a_reader_is_told_what_is_ahead_of_it_as_it_is_now(harvested: Harvested) -> None:
    one = harvested.copies[0]
    assert harvested.before[harvested.cast.left_ahead] not in one
    assert harvested.before[harvested.cast.restricted_ahead] not in one
    assert harvested.meanwhile[harvested.cast.newcomer] in one
    restricted = one[harvested.meanwhile[harvested.cast.restricted_ahead]]
    assert [each["url"] for each in restricted["resources"]] != []
    assert "contoh.go.id" not in str([each["url"] for each in restricted["resources"]])


def test_what_was_withdrawn_ahead_of_the_reader_is_gone(harvested: Harvested) -> None:
    assert harvested.before[harvested.cast.left_ahead] not in harvested.copies[1]


def test_what_was_withdrawn_behind_the_reader_is_gone_after_the_next_run(
    harvested: Harvested
) -> None:
    assert harvested.before[harvested.cast.left_behind] in harvested.copies[0]
    assert harvested.before[harvested.cast.left_behind] not in harvested.copies[1]


@ONLY_CKAN
def test_the_fields_of_satu_data_arrive_as_extras(harvested: Harvested, opd: Agency) -> None:
    copy = harvested.copies[1][harvested.before[harvested.cast.steady]]
    extras = {each["key"]: each["value"] for each in copy["extras"]}
    assert {name: extras.get(name) for name in EXTRAS} == EXTRAS
    assert copy["id"] == harvested.cast.steady


@ONLY_CKAN
def test_a_new_name_of_the_organization_arrives(harvested: Harvested, opd: Agency) -> None:
    steady = harvested.before[harvested.cast.steady]
    one, two = (each[steady]["author"] for each in harvested.copies)
    assert one == opd.owner["title"] and two == NEW_NAME


@ONLY_CKAN
def test_what_was_withdrawn_is_deleted_and_then_nothing_is_written(
    harvested: Harvested, reader: StockPortal
) -> None:
    harvested.source.run()
    settled = harvested.source.copies()
    for each in (harvested.cast.left_behind, harvested.cast.left_ahead, harvested.cast.left_later):
        gone = reader.call("package_show", id=each)
        assert (gone["state"], gone["title"], gone["resources"]) == ("deleted", "Data ditarik", [])
    job = harvested.source.run()
    assert [job["stats"].get(name, 0) for name in ("added", "updated", "deleted")] == [0, 0, 0]
    assert harvested.source.copies() == settled
