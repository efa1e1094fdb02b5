"""Styles and scripts travel compressed: on a slow line they are most of a first visit.

Only files that are the same for everybody. Pages carry a token against forged requests beside what
people typed, so their compressed length would tell of it (BREACH); downloads, dumps and feeds go as
they are or compress themselves.
"""
from __future__ import annotations

import gzip

from flask import Flask, Response, request

__all__ = ["install"]

#: Where the files of CKAN and of plugins come from: public folders, and bundles of webassets.
_ENDPOINTS = frozenset({"static", "webassets.index"})
_TYPES = frozenset({"text/css", "text/javascript", "application/javascript"})
#: Bytes below which a header costs what is saved, and above which nothing of ours is.
_LEAST, _MOST = 500, 5_000_000
#: Files kept compressed by each process; they change with an installation only.
_KEPT = 300
_made: dict[tuple[str, str], bytes] = {}


def install(app: Flask) -> None:
    """Compress what an application serves of such files."""
    app.after_request(compressed)


def compressed(response: Response) -> Response:
    """Compress a file, and let its ETag say so; whoever has it already is told that it stayed."""
    if request.endpoint not in _ENDPOINTS or response.mimetype not in _TYPES:
        return response
    response.vary.add("Accept-Encoding")
    etag, is_weak = response.get_etag()
    size = response.content_length or 0
    if (response.status_code != 200 or not etag or is_weak or not _LEAST <= size <= _MOST
            or request.accept_encodings.quality("gzip") <= 0
            or {"Content-Encoding", "X-Sendfile"} & set(response.headers.keys())):
        return response
    response.set_data(_gzipped(response, etag))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)  # a part of it would be one of other bytes
    response.set_etag(f"{etag}-gzip")
    return response.make_conditional(request)


def _gzipped(response: Response, etag: str) -> bytes:
    known = _made.get((request.path, etag))
    if known is not None:
        response.close()
        return known
    response.direct_passthrough = False
    made = gzip.compress(response.get_data(), 9, mtime=0)
    if len(_made) >= _KEPT:
        _made.clear()
    _made[request.path, etag] = made
    return made
