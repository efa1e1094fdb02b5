"""Public answers over HTTP: conditional, compressed, for any page of the web to read.

What is stored compressed is sent compressed, in one gzip member; who cannot read that gets it
inflated. Whether an answer changed is known from numbers, before any of it is read.
"""
from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Response
from werkzeug.datastructures import Headers
from werkzeug.http import is_resource_modified

from ckanext.satudata.domain.federation.joined import Stored, gzip_page, plain_page

__all__ = [
    "FOREVER", "Answer", "PublicResponse", "opened", "preflight", "refused", "send", "send_made",
    "streamed", "version_of",
]

_PACKET = 64 * 1024
#: What readers may send beside what every page of the web may.
_ASKED_WITH = "If-None-Match, If-Modified-Since, Content-Type"
FOREVER = "public, max-age=31536000, immutable"


class PublicResponse(Response):
    """A public answer, which says itself what caches may do.

    CKAN writes its own ``Cache-Control`` over what a view says, after every hook it offers.

    :ivar cache: the header; unless given, whoever keeps the answer must ask each time
    """

    cache = "no-cache"

    def get_wsgi_headers(self, environ: Any) -> Headers:
        """Return the headers as they are sent."""
        headers = super().get_wsgi_headers(environ)
        headers["Cache-Control"] = self.cache
        return headers


@dataclass(frozen=True)
class Answer:
    """What is said, and what tells whether it was said before.

    :ivar version: changes whenever the answer does; see :func:`version_of`
    :ivar changed_at: when it last changed, where that is known
    :ivar cache: ``Cache-Control``, where it is not the usual
    :ivar parts: makes the answer, stored pieces or plain bytes, in order
    """

    content_type: str
    version: str
    parts: Callable[[], Sequence[Stored | bytes]]
    changed_at: dt.datetime | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    cache: str = PublicResponse.cache


def version_of(*said: object) -> str:
    """Return a short digest of what an answer is made from."""
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def send(answer: Answer) -> PublicResponse:
    """Send an answer, or 304 where the reader has it."""
    compressed = tk.request.accept_encodings.quality("gzip") > 0
    etag = f'"{answer.version}{"-gzip" if compressed else ""}"'
    modified = _settled_second(answer.changed_at)
    if is_resource_modified(tk.request.environ, etag, None, modified):
        response = _whole(answer, compressed)
    else:
        response = PublicResponse(status=304)
    response.headers["ETag"] = etag
    if modified is not None:
        response.last_modified = modified
    response.cache = answer.cache
    return opened(response, answer.headers)


def send_made(body: bytes, content_type: str, status: int = 200) -> PublicResponse:
    """Send what had to be made to know whether it changed; what is no answer is never 304."""
    if status == 200:
        return send(Answer(content_type, version_of(body), lambda: [body]))
    return opened(PublicResponse(body, status, content_type=content_type), {})


def _settled_second(at: dt.datetime | None) -> dt.datetime | None:
    """Return a time for ``Last-Modified``, whose unit is a second; none while it still runs.

    Two changes in one second would be one to who asks by time.
    """
    if at is None:
        return None
    second = at.astimezone(dt.timezone.utc).replace(microsecond=0)
    passed = dt.datetime.now(dt.timezone.utc) - second
    return second if passed >= dt.timedelta(seconds=1) else None


def _whole(answer: Answer, compressed: bool) -> PublicResponse:
    parts = answer.parts()
    body = b"".join(gzip_page(parts)) if compressed else plain_page(parts)
    response = PublicResponse(body, content_type=answer.content_type)
    if compressed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def streamed(parts: Iterator[bytes], content_type: str, filename: str) -> PublicResponse:
    """Send something large as it is made; the reader's pace decides."""
    response = PublicResponse(_gathered(parts), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return opened(response, {})


def _gathered(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Join small parts, each of which would be a packet of its own."""
    waiting: list[bytes] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= _PACKET:
            yield b"".join(waiting)
            waiting, size = [], 0
    yield b"".join(waiting)


def opened(response: PublicResponse, headers: dict[str, str]) -> PublicResponse:
    """Add what lets any page of the web read an answer; it is public anyway."""
    response.vary.update(("Accept-Encoding",))
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Link, ETag, Retry-After"
    for name, value in headers.items():
        response.headers[name] = value
    return response


def preflight(response: Response) -> Response:
    """Let programs in a browser send headers of ours (Fetch standard, CORS preflight)."""
    if tk.request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Headers"] = _ASKED_WITH
    return response


def refused(message: str, status: int = 400) -> PublicResponse:
    """Say in words what was wrong with a question."""
    response = PublicResponse(message + "\n", status, content_type="text/plain; charset=utf-8")
    response.cache = "no-store"
    return opened(response, {})
