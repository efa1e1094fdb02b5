"""Sitemaps (sitemaps.org 0.9) with the other languages of each page (hreflang).

Written piece by piece, so that a page of many addresses is never whole in memory.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from xml.sax.saxutils import escape, quoteattr

__all__ = ["MOST", "Place", "index", "urlset"]

#: Addresses of one document, by the protocol; it may also be no larger than 50 MB.
MOST = 50_000
_NAMESPACES = ('xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
               'xmlns:xhtml="http://www.w3.org/1999/xhtml"')
_OPENING = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(frozen=True, slots=True)
class Place:
    """A page, or a document of the index.

    :ivar path: from the root of the portal, quoted as addresses are
    :ivar modified: when it last changed, aware; ``None`` where unknown
    """

    path: str
    modified: datetime | None = None


def urlset(places: Iterable[Place], roots: Mapping[str, str]) -> Iterator[bytes]:
    """Yield a document with each page in each language, at most :data:`MOST` addresses.

    :param roots: language -> address its pages stand under; the first is the portal's own
    """
    yield f"{_OPENING}<urlset {_NAMESPACES}>\n".encode()
    default = next(iter(roots.values()))
    room = MOST // len(roots)
    for place, _ in zip(places, range(room), strict=False):
        others = "".join(
            f"<xhtml:link rel=\"alternate\" hreflang={quoteattr(language)} "
            f"href={quoteattr(root + place.path)}/>"
            for language, root in (*roots.items(), ("x-default", default))
        ) if len(roots) > 1 else ""
        for root in roots.values():
            yield (f"<url><loc>{escape(root + place.path)}</loc>{_modified(place)}"
                   f"{others}</url>\n").encode()
    yield b"</urlset>\n"


def index(places: Iterable[Place], root: str) -> Iterator[bytes]:
    """Yield the document that names the others."""
    yield f"{_OPENING}<sitemapindex {_NAMESPACES.partition(' xmlns:')[0]}>\n".encode()
    for place, _ in zip(places, range(MOST), strict=False):
        yield (f"<sitemap><loc>{escape(root + place.path)}</loc>{_modified(place)}"
               "</sitemap>\n").encode()
    yield b"</sitemapindex>\n"


def _modified(place: Place) -> str:
    if place.modified is None:
        return ""
    return f"<lastmod>{place.modified.astimezone(timezone.utc):%Y-%m-%dT%H:%M:%SZ}</lastmod>"
