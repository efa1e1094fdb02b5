"""Readers on a slow line: they ask for much and take a kilobyte a second."""
from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

__all__ = ["slowly"]

#: What the operating system may hold for a reader; it would take a small answer whole.
_BUFFER = 4096
_PIECE, _SECONDS = 1024, 1.0


class _Slow(threading.Thread):
    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        site = urlsplit(url)
        self.line = socket.socket()
        self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self.line.connect((site.hostname or "", site.port or 80))
        self.line.sendall(f"GET {site.path}?{site.query} HTTP/1.1\r\nHost: {site.netloc}\r\n\r\n"
                          .encode())
        self.ended, self.taken, self.over = threading.Event(), b"", False

    def run(self) -> None:
        while not self.ended.wait(_SECONDS):
            piece = self.line.recv(_PIECE)
            self.taken += piece
            if not piece:
                self.over = True
                return


@contextlib.contextmanager
def slowly(*urls: str) -> Iterator[list[_Slow]]:
    """Read some addresses a kilobyte a second until the block ends.

    :returns: the readers; ``taken`` is what each has, ``over`` whether it has all
    """
    readers = [_Slow(each) for each in urls]
    for each in readers:
        each.start()
    try:
        yield readers
    finally:
        for each in readers:
            each.ended.set()
            each.join(10)
            each.line.close()
