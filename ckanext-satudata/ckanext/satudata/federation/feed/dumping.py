"""The whole catalog as one compressed file, made while it is sent.

In memory is never more than one batch: a reader on a slow line holds a thread, no connection. Each
dataset is as it was when its batch was read.
"""
from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ckanext.satudata.domain.federation.changes import ending
from ckanext.satudata.domain.federation.joined import Stored, gzip_page, unpacked
from ckanext.satudata.domain.federation.syntaxes import SYNTAXES
from ckanext.satudata.federation.feed import catalog
from ckanext.satudata.federation.feed.reading import Row, opened

__all__ = ["DUMPS"]

_BATCH = 200


def _behind(slot: int) -> Callable[[Any], Any]:
    return lambda column: column > slot


def _batches(piece: str) -> Iterator[list[Row]]:
    """Yield all public entries, so many at a time, in the order of their slots."""
    slot = 0
    while True:
        with opened() as reading:
            rows = reading.rows(piece, _behind(slot), limit=_BATCH)
        if not rows:
            return
        slot = rows[-1].slot
        yield rows


def _triples() -> Iterator[bytes]:
    """Yield N-Triples: the catalog, then each dataset with its place in it."""
    def parts() -> Iterator[Stored | bytes]:
        syntax = SYNTAXES["nt"]
        with opened() as reading:
            state = reading.state
        yield catalog.description(syntax, state)
        for rows in _batches("nt"):
            yield catalog.memberships(syntax, [each.iri for each in rows])
            yield from (unpacked(each.piece) for each in rows)
    return gzip_page(parts())


def _lines() -> Iterator[bytes]:
    """Yield JSON-LD, one document (one dataset) a line, and where to follow the changes from."""
    def parts() -> Iterator[Stored | bytes]:
        syntax = SYNTAXES["jsonld"]
        with opened() as reading:
            position = reading.state.sequence
        for rows in _batches("jsonld"):
            for each in rows:
                yield syntax.opening
                yield unpacked(each.piece)
                yield syntax.closing
        yield json.dumps(ending(position, more=False)).encode() + b"\n"
    return gzip_page(parts())


#: What each dump is, and what makes it.
DUMPS: Mapping[str, tuple[str, Callable[[], Iterator[bytes]]]] = {
    "nt": ("application/gzip", _triples),
    "jsonl": ("application/gzip", _lines),
}
