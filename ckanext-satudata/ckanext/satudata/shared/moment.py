"""The time that is written into what is recorded.

Always the present, but for one command: the demo plays weeks of work in seconds, and each step
of it says when it was taken. No request can turn this clock.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["at", "now"]

_told: ContextVar[dt.datetime | None] = ContextVar("satudata_moment", default=None)


def now() -> dt.datetime:
    """Return the present (aware, UTC), or the moment :func:`at` tells."""
    return _told.get() or dt.datetime.now(dt.timezone.utc)


@contextmanager
def at(moment: dt.datetime | None) -> Iterator[None]:
    """Let what happens inside be recorded as of a moment that has passed; ``None`` changes nothing.

    :raises ValueError: for a moment without zone, or one to come
    """
    if moment is not None:
        if moment.tzinfo is None or moment > dt.datetime.now(dt.timezone.utc):
            raise ValueError(f"{moment} is not an aware moment in the past")
        moment = moment.astimezone(dt.timezone.utc)
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
