"""Answers of the feed over HTTP: conditional, compressed, never holding more than one page.

What is stored compressed is sent compressed, in one gzip member; who cannot read that gets it
inflated. Whether an answer changed is known from numbers, before any of it is read.
"""
from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import ckan.lib.search as search
import ckan.plugins.toolkit as tk
from ckanext.dcat.exceptions import RDFProfileException
from flask import Response
from werkzeug.datastructures import Headers
from werkzeug.http import is_resource_modified

from ckanext.satudata.domain.federation.joined import Stored, gzip_page, plain_page
from ckanext.satudata.federation.feed.reading import settled
from ckanext.satudata.federation.feed.settling import UnsettledError

__all__ = [
    "Answer", "come_again", "current", "preflight", "refused", "send", "streamed", "version_of",
]

#: Seconds after which who comes too early shall try again.
AGAIN = 5
_PACKET = 64 * 1024
#: What readers may send beside what every page of the web may.
_ASKED_WITH = "If-None-Match, If-Modified-Since, Content-Type"
FOREVER = "public, max-age=31536000, immutable"


class FeedResponse(Response):
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
    cache: str = FeedResponse.cache


def version_of(*said: object) -> str:
    """Return a short digest of what an answer is made from."""
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def send(answer: Answer) -> FeedResponse:
    """Send an answer, or 304 where the reader has it."""
    compressed = tk.request.accept_encodings.quality("gzip") > 0
    etag = f'"{answer.version}{"-gzip" if compressed else ""}"'
    modified = _settled_second(answer.changed_at)
    if is_resource_modified(tk.request.environ, etag, None, modified):
        response = _whole(answer, compressed)
    else:
        response = FeedResponse(status=304)
    response.headers["ETag"] = etag
    if modified is not None:
        response.last_modified = modified
    response.cache = answer.cache
    return _open(response, answer.headers)


def _settled_second(at: dt.datetime | None) -> dt.datetime | None:
    """Return a time for ``Last-Modified``, whose unit is a second; none while it still runs.

    Two changes in one second would be one to who asks by time.
    """
    if at is None:
        return None
    second = at.astimezone(dt.timezone.utc).replace(microsecond=0)
    passed = dt.datetime.now(dt.timezone.utc) - second
    return second if passed >= dt.timedelta(seconds=1) else None


def _whole(answer: Answer, compressed: bool) -> FeedResponse:
    parts = answer.parts()
    body = b"".join(gzip_page(parts)) if compressed else plain_page(parts)
    response = FeedResponse(body, content_type=answer.content_type)
    if compressed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def streamed(parts: Iterator[bytes], content_type: str, filename: str) -> FeedResponse:
    """Send something large as it is made; the reader's pace decides."""
    response = FeedResponse(_gathered(parts), content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return _open(response, {})


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


def _open(response: FeedResponse, headers: dict[str, str]) -> FeedResponse:
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


def current(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer from a feed that knows all that was committed before, or say when to come again.

    The view is given that moment of the feed first; it is over before anything is sent.
    """
    @wraps(view)
    def answered(*args: Any, **named: Any) -> Any:
        try:
            with settled() as reading:
                return view(reading, *args, **named)
        except tk.ValidationError as error:
            return refused(_words(error), 409)
        except search.SearchError:
            return refused(tk._("Pencarian tidak berjalan"), 409)
        except (search.SolrConnectionError, UnsettledError):
            return come_again(tk._("Katalog sedang diperbarui. Coba lagi beberapa detik lagi."))
        except RDFProfileException as error:
            return refused(str(error), 409)
    return answered


def _words(error: Any) -> str:
    return "; ".join(str(each) for several in error.error_dict.values() for each in (
        several if isinstance(several, list) else [several]))


def come_again(message: str) -> FeedResponse:
    """Say that the feed cannot answer now: an answer cut short would be taken for deletions."""
    response = FeedResponse(message + "\n", 503, content_type="text/plain; charset=utf-8")
    response.headers["Retry-After"] = str(AGAIN)
    response.cache = "no-store"
    return _open(response, {})


def refused(message: str, status: int = 400) -> FeedResponse:
    """Say in words what was wrong with a question."""
    response = FeedResponse(message + "\n", status, content_type="text/plain; charset=utf-8")
    response.cache = "no-store"
    return _open(response, {})
