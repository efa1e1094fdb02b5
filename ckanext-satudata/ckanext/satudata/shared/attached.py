"""Answering with bytes that somebody uploaded: to keep, never as a page of this portal."""
from __future__ import annotations

from collections.abc import Iterator

from flask import Response

__all__ = ["attached"]


def attached(
    pieces: Iterator[bytes], filename: str, content_type: str = "application/octet-stream"
) -> Response:
    """Return an answer for one person and once, saved under a name.

    Threat: a browser that opens an uploaded page or picture as ours would run what is in it.
    """
    answer = Response(pieces, content_type=content_type)
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
