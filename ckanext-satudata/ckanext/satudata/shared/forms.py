"""Which form of a page is asked for: by the end of its address, else by ``Accept``.

The end wins, for a link says it; a code that ends so by itself is still that code. Who asks
for what we do not have gets the page: a person can go on from there, and 406 helps nobody.
"""
from __future__ import annotations

from collections.abc import Callable

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.federation.syntaxes import SERVED

__all__ = ["HTML", "RDF", "SUFFIXES", "asked", "split"]

HTML = "html"
#: Syntaxes of RDF, by the end of their addresses.
RDF = tuple(SERVED)
SUFFIXES = ("json", "csv", *RDF)
#: In the order of preference among what a client likes equally.
_TYPES = {
    "text/html": HTML, "application/xhtml+xml": HTML, "application/json": "json",
    "text/csv": "csv",
    **{SERVED[name].content_type.partition(";")[0]: name
       for name in ("ttl", "xml", "jsonld", "nt", "n3")},
}


def split(
    text: str, is_known: Callable[[str], bool] = lambda _text: False
) -> tuple[str, str]:
    """Return a name or code of an address, and the form its end asks for, empty if none."""
    if not is_known(text):
        stem, dot, end = text.rpartition(".")
        if dot and stem and end in SUFFIXES:
            return stem, end
    return text, ""


def asked(suffix: str) -> str:
    """Return the form to answer in."""
    if suffix:
        return suffix
    best = tk.request.accept_mimetypes.best_match([*_TYPES], default="text/html")
    return _TYPES[best]
