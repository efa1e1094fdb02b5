"""Readers that are not ours, and slow ones: all can read, and none is in another's way."""
from __future__ import annotations

import base64
import configparser
import contextlib
import json
import os
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import requests
from rdflib import RDF, Graph, Namespace
from rdflib.compare import to_isomorphic

sys.path.insert(0, str(Path(__file__).parent))
import opening
from slow_reader import slowly
from stock_portal import Portal

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
SYNTAXES = {"ttl": "turtle", "xml": "xml", "rdf": "xml", "jsonld": "json-ld", "nt": "nt",
            "n3": "n3"}
#: More than a machine keeps for a reader of what it sends.
LARGE = 8_000_000


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as made:
        made.trust_env = False
        yield made


def page(session: requests.Session, url: str, extension: str) -> Graph:
    """Return what a page says of the catalog, without where it stands among the others."""
    answer = session.get(url.format(extension), timeout=60)
    answer.raise_for_status()
    found = Graph().parse(data=answer.content, format=SYNTAXES[extension])
    for each in list(found.subjects(RDF.type, HYDRA.PagedCollection)):
        found.remove((each, None, None))
    return found


@pytest.mark.parametrize("extension", [each for each in SYNTAXES if each != "ttl"])
def test_each_page_says_the_same_in_every_syntax(
    portal: Any, session: requests.Session, extension: str
) -> None:
    url = f"{portal.url}/catalog.{{}}"
    while url:
        answer = session.head(url.format("ttl"), timeout=60)
        one, other = page(session, url, "ttl"), page(session, url, extension)
        assert len(one) > 100
        assert to_isomorphic(one) == to_isomorphic(other)
        url = answer.links.get("next", {}).get("url", "").replace("catalog.ttl", "catalog.{}")


@pytest.mark.parametrize("way", [[], ["--get-request"]], ids=["post", "get"])
@pytest.mark.parametrize("path", ["", "/nasional"])
def test_ckanapi_dumps_every_dataset(
    portal: Any, tmp_path: Path, path: str, way: list[str]
) -> None:
    file = tmp_path / "dump.jsonl"
    folder = Path(sys.executable).parent
    done = subprocess.run(
        [folder / "ckanapi", "dump", "datasets", "--all", "-q", *way, "-r", portal.url + path,
         "-O", file], capture_output=True, text=True, timeout=120,
        env={**os.environ, "NO_PROXY": "*", "PATH": f"{folder}:{os.environ['PATH']}"})
    assert done.returncode == 0, done.stderr[-3000:]
    dumped = {each["id"]: each["title"] for each in map(json.loads, file.open())}
    kinds = "dataset_type:dataset" if path else "*:*"
    said = json.loads(portal.get(f"/api/3/action/package_search?rows=1000&fq={kinds}"))
    assert dumped == {each["id"]: each["title"] for each in said["result"]["results"]}


# ---------------------------------------------------------------- slow readers
@pytest.fixture(scope="module")
def large(portal: Any, api_token: str) -> Iterator[str]:
    """An agency whose datasets have more words than any buffer holds; returns its name.

    Random words, which no compression makes few. No form takes so many: they are written in SQL.
    """
    ours = Portal(portal.url, portal.ini, portal.python)
    ours.token = api_token
    mark, count = secrets.token_hex(3), 4
    owner = ours.call("organization_create", name=f"besar-{mark}", title="Dinas Besar")
    made: list[dict[str, Any]] = []
    try:
        for number in range(count):
            made.append(ours.call("package_create", name=f"besar-{mark}-{number}", notes="Besar.",
                                  title=f"Besar {number}", owner_org=owner["id"]))
        opening.publish(ours.python, ours.ini, *(each["id"] for each in made))
        with database(portal) as connection, connection.cursor() as cursor:
            for each in made:
                cursor.execute("UPDATE package SET notes = %s WHERE id = %s",
                               (words(LARGE // count), each["id"]))
                cursor.execute("INSERT INTO satudata_feed_mark (package_id, urgent)"
                               " VALUES (%s, true)", (each["id"],))
        yield owner["name"]
    finally:
        with database(portal) as connection, connection.cursor() as cursor:
            cursor.execute("UPDATE package SET notes = '' WHERE owner_org = %s", (owner["id"],))
        for each in made:
            opening.purge(ours.call, each)
        ours.call("organization_purge", id=owner["id"])


def words(length: int) -> str:
    """Return words that mean nothing, as many letters as are asked for."""
    said = base64.urlsafe_b64encode(os.urandom(length * 3 // 4)).decode()
    return " ".join(said[at:at + 60] for at in range(0, len(said), 60))


@contextlib.contextmanager
def database(portal: Any) -> Iterator[Any]:
    """Look into the portal's database, or write into it beside the portal."""
    settings = configparser.RawConfigParser(strict=False)
    settings.read(portal.ini)
    connection = psycopg2.connect(settings["app:main"]["sqlalchemy.url"])
    try:
        with connection:
            yield connection
    finally:
        connection.close()


def median(ask: Callable[[], None]) -> float:
    """Return the middle of the seconds of some answers."""
    taken = []
    for _ in range(9):
        begun = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def connections(portal: Any) -> int:
    """Return how many connections to the portal's database are in use, when least are."""
    found = []
    with database(portal) as connection:
        for _ in range(10):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND state <> 'idle' AND pid <> pg_backend_pid()")
                found.append(cursor.fetchone()[0])
            connection.rollback()
            time.sleep(0.1)
    return min(found)


def test_slow_readers_are_in_nobodys_way(
    portal: Any, session: requests.Session, large: str
) -> None:
    asked = {
        "page": "/dataset/", "action": "/api/3/action/package_search?rows=5",
        "catalog": "/catalog.ttl?page=999", "changes": "/catalog/changes?since=0",
    }

    def ask(path: str) -> None:
        session.get(portal.url + path, timeout=60).raise_for_status()

    end = time.monotonic() + 60
    while session.head(f"{portal.url}/catalog.ttl", timeout=60).status_code == 503:
        assert time.monotonic() < end, "the feed does not take in what was written"
    for path in asked.values():
        ask(path)
    alone = {name: median(lambda path=path: ask(path)) for name, path in asked.items()}
    used = connections(portal)
    # So the server is busy with both to the end: nobody else takes so much for a reader.
    kept = int(Path("/proc/sys/net/ipv4/tcp_wmem").read_text().split()[2])
    urls = f"{portal.url}/catalog.nt.gz", f"{portal.url}/catalog.ttl?fq=organization:{large}"
    for url in urls:
        answer = session.get(url, timeout=60, headers={"Accept-Encoding": "identity"})
        assert len(answer.content) > kept * 1.2
    with slowly(*urls) as readers:
        end = time.monotonic() + 30
        while not all(each.taken for each in readers):
            assert time.monotonic() < end, "the slow readers are told nothing"
            time.sleep(0.1)
        beside = {name: median(lambda path=path: ask(path)) for name, path in asked.items()}
        still = connections(portal)
        assert not any(each.over for each in readers)
    assert all(each.taken.startswith(b"HTTP/1.1 200") for each in readers)
    assert still <= used
    for name, seconds in beside.items():
        assert seconds <= alone[name] * 3 + 0.05, (name, alone, beside)
