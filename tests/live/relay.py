"""A proxy on loopback through which a harvester reads, and which acts between its page reads.

Harvesters of others cannot be told to stop between two pages; but all they know of a portal comes
over HTTP. What the relay is told to do happens after an answer was made and before the reader has
it, so that the next page it asks for is of a catalog that has changed.
"""
from __future__ import annotations

import gzip
import http.client
import threading
from collections.abc import Callable, Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

__all__ = ["Relay"]

#: Headers of one connection only (RFC 9110, 7.6.1).
_OF_THE_CONNECTION = frozenset({
    "connection", "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer",
    "transfer-encoding", "upgrade",
})


class Relay(ThreadingHTTPServer):
    """An HTTP proxy; ``serve`` and ``close`` begin and end it.

    :ivar reads: method, address and status of each read of the site, in order
    """

    daemon_threads = True

    def __init__(
        self, site: str, to: str, rewritten: Callable[[str], str] = lambda path: path
    ) -> None:
        """Read through to any host; what is asked of ``site`` is asked of ``to``.

        :param site: address whose reads are watched, such as ``http://127.0.0.1:5000``
        :param rewritten: makes of a path of the site the one that is asked for
        """
        super().__init__(("127.0.0.1", 0), _Handler)
        self.site, self.to, self.rewritten = urlsplit(site).netloc, urlsplit(to).netloc, rewritten
        self.reads: list[tuple[str, str, int]] = []
        self.failed: list[BaseException] = []
        self._awaited: tuple[tuple[bytes, ...], Callable[[], None]] | None = None
        self._lock = threading.Lock()

    def environment(self) -> dict[str, str]:
        """Return what makes a program read through this relay."""
        address = f"http://127.0.0.1:{self.server_address[1]}"
        return {"http_proxy": address, "HTTP_PROXY": address, "no_proxy": "", "NO_PROXY": ""}

    def serve(self) -> None:
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.shutdown()
        self.server_close()

    def when(self, holds: Iterable[str], do: Callable[[], None]) -> None:
        """Do something once, behind the first answer of the site that says one of some words."""
        self._awaited = (tuple(each.encode() for each in holds), do)

    @property
    def waits(self) -> bool:
        """Whether what is to be done was not done yet."""
        return self._awaited is not None

    def answered(self, method: str, path: str, status: int, body: bytes) -> None:
        with self._lock:
            self.reads.append((method, path, status))
            if self._awaited is None or not any(each in body for each in self._awaited[0]):
                return
            (_, do), self._awaited = self._awaited, None
            try:
                do()
            except BaseException as error:
                self.failed.append(error)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Relay

    def _pass_on(self) -> None:
        asked = urlsplit(self.path)
        path = f"{asked.path}?{asked.query}" if asked.query else asked.path or "/"
        watched = asked.netloc == self.server.site
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        headers = self._kept(self.headers)
        other = http.client.HTTPConnection(
            self.server.to if watched else asked.netloc, timeout=120)
        try:
            other.request(
                self.command, self.server.rewritten(path) if watched else path, body, headers)
            answer = other.getresponse()
            said = answer.read()
        finally:
            other.close()
        if watched:
            packed = answer.headers.get("Content-Encoding") == "gzip" and said
            self.server.answered(
                self.command, path, answer.status, gzip.decompress(said) if packed else said)
        self.send_response_only(answer.status, answer.reason)
        for name, value in self._kept(answer.headers).items():
            if name.lower() != "content-length":
                self.send_header(name, value)
        self.send_header("Content-Length", answer.headers.get("Content-Length", "0")
                         if self.command == "HEAD" else str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_GET = do_HEAD = do_POST = _pass_on

    @staticmethod
    def _kept(headers: Mapping[str, str]) -> dict[str, str]:
        return {name: value for name, value in headers.items()
                if name.lower() not in _OF_THE_CONNECTION}

    def log_message(self, *_more: object) -> None:
        """Say nothing: what was read stands in ``reads``."""
