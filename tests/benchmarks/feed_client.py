"""A portal's web processes for a benchmark, and somebody who harvests them by HTTP."""
from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import ckanext.satudata.stack

__all__ = ["Answer", "Client", "Server", "Walk", "serving"]

#: ``hydra:next`` in Turtle, RDF/XML and JSON-LD.
_NEXT = re.compile(rb"(?:hydra:|core#)next\b\W*(?:value\W*)?(https?://[^\"<\s]+)")
_NEXT_LINK = re.compile(r'<([^>]+)>;\s*rel="next"')
_START = 120.0


@dataclass(frozen=True)
class Server:
    """gunicorn as ``./deploy/portal`` runs it."""

    host: str
    process: int

    def workers(self) -> list[int]:
        """Return the ids of its worker processes."""
        path = Path(f"/proc/{self.process}/task/{self.process}/children")
        return [int(each) for each in path.read_text().split()]

    def memory(self) -> dict[int, float]:
        """Return what each worker has in memory (RSS), in MB."""
        return {each: _resident(each) for each in self.workers()}


def _resident(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise SystemExit(f"process {process} is gone")


@contextmanager
def serving(ini: str, folder: Path, workers: int = 2) -> Iterator[Server]:
    """Serve the CKAN of an ini file while the block runs, until then it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host = f"127.0.0.1:{probe.getsockname()[1]}"
    conf = Path(ckanext.satudata.stack.__path__[0]) / "gunicorn_conf.py"
    with (folder / f"web-{host.rpartition(':')[2]}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-I", "-m", "gunicorn", "-c", str(conf),
             "ckanext.satudata.stack.wsgi:app"],
            env={**os.environ, "CKAN_INI": ini, "SATUDATA_BIND": host,
                 "SATUDATA_WEB_WORKERS": str(workers)},
            stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait(process, host, log.name)
        yield Server(host, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def _wait(process: subprocess.Popen[bytes], host: str, log: str) -> None:
    ends = time.monotonic() + _START
    while True:
        try:
            if Client(host).get("/api/3").status == 200:
                return
        except OSError:
            pass
        if process.poll() is not None or time.monotonic() > ends:
            raise SystemExit(f"{host} does not answer:\n{Path(log).read_text()[-3000:]}")
        time.sleep(0.3)


@dataclass(frozen=True)
class Answer:
    """What came.

    :ivar raw: as it came; ``body`` is unpacked
    :ivar seconds: until all of it was read, not unpacked
    """

    status: int
    headers: Mapping[str, str]
    raw: bytes
    seconds: float

    @property
    def sent(self) -> int:
        """Return the bytes that came over the wire."""
        return len(self.raw)

    @cached_property
    def body(self) -> bytes:
        """Return what was said."""
        if self.headers.get("Content-Encoding") != "gzip":
            return self.raw
        return zlib.decompress(self.raw, zlib.MAX_WBITS | 16)

    def next(self) -> str | None:
        """Return where the next page is: by ``Link``, or by hydra."""
        found = _NEXT_LINK.search(self.headers.get("Link", ""))
        if found is not None:
            return found.group(1)
        said = _NEXT.search(self.body)
        return said.group(1).decode() if said is not None else None


@dataclass(frozen=True)
class Walk:
    """All pages, or a sample of them scaled to all.

    :ivar seconds: ``pages`` the seconds of each page that was read
    :ivar sent: bytes over the wire
    """

    seconds: float
    pages: Sequence[float]
    sent: int
    size: int
    datasets: int


class Client:
    """Somebody who reads over one connection.

    :param gzip: whether compressed answers are taken
    """

    def __init__(self, host: str, gzip: bool = False) -> None:
        self._line = http.client.HTTPConnection(host, timeout=600)
        self._headers = {"Accept-Encoding": "gzip" if gzip else "identity"}

    def get(self, address: str, expect: int = 200, **headers: str) -> Answer:
        """Read an address, whatever host it names."""
        parts = urllib.parse.urlsplit(address)
        path = urllib.parse.urlunsplit(("", "", parts.path, parts.query, ""))
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        began = time.perf_counter()
        self._line.request("GET", path, headers={**self._headers, **named})
        answer = self._line.getresponse()
        raw = answer.read()
        took = time.perf_counter() - began
        if answer.status != expect:
            raise SystemExit(f"{address}: {answer.status} {raw[:300]!r}")
        return Answer(answer.status, dict(answer.headers), raw, took)

    def walk(self, address: str, sign: bytes) -> Walk:
        """Follow the pages to the end.

        :param sign: what stands once for each dataset, to count them; not timed
        """
        pages: list[float] = []
        sent = size = datasets = 0
        found: str | None = address
        while found is not None:
            answer = self.get(found)
            began = time.perf_counter()
            found = answer.next()
            pages.append(answer.seconds + time.perf_counter() - began)
            sent, size = sent + answer.sent, size + len(answer.body)
            datasets += answer.body.count(sign)
        return Walk(sum(pages), pages, sent, size, datasets)

    def sampled(self, address: str, sign: bytes, numbers: Sequence[int], all_pages: int) -> Walk:
        """Read some pages by number and scale them to all."""
        pages: list[float] = []
        sent = size = datasets = 0
        for each in numbers:
            answer = self.get(f"{address}?page={each}")
            began = time.perf_counter()
            onward = answer.next()
            pages.append(answer.seconds + time.perf_counter() - began)
            if each < all_pages and (onward or "").rpartition("=")[2] != str(each + 1):
                raise SystemExit(f"{address}: page {each} leads to {onward}")
            sent, size = sent + answer.sent, size + len(answer.body)
            datasets += answer.body.count(sign)
        share = all_pages / len(numbers)
        return Walk(sum(pages) * share, pages, round(sent * share), round(size * share),
                    round(datasets * share))

    def drain(self, address: str) -> tuple[float, int]:
        """Read something large bit by bit; return seconds and bytes."""
        began, size = time.perf_counter(), 0
        self._line.request("GET", address, headers=self._headers)
        answer = self._line.getresponse()
        while piece := answer.read(64 * 1024):
            size += len(piece)
        return time.perf_counter() - began, size


class Watch:
    """Looks at the memory of a server's workers while a block runs."""

    def __init__(self, server: Server) -> None:
        self._server, self._over = server, threading.Event()
        self.before = server.memory()
        self.most = dict(self.before)
        self.after = dict(self.before)

    def __enter__(self) -> Watch:
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_more: object) -> None:
        self._over.set()
        self._thread.join()
        self.after = self._server.memory()

    def _look(self) -> None:
        while not self._over.wait(0.02):
            for each, now in self._server.memory().items():
                self.most[each] = max(self.most[each], now)

    def grown(self) -> tuple[float, float, float]:
        """Return MB before, at most and after, of the worker that grew most."""
        worker = max(self.most, key=lambda each: self.most[each] - self.before[each])
        return self.before[worker], self.most[worker], self.after[worker]
