"""Addresses ``/id/<name>[/<code>]`` of rows of Data Induk, beside CKAN's ``/id/`` for Indonesian.

CKAN takes a language off the front of every address, and ``id`` is one: ``/id/puskesmas/P01`` would
be the page ``/puskesmas/P01`` in Indonesian. So before that, an address whose next part begins no
page of the portal is taken for one of a row, and answered at ``/data-induk/puskesmas/P01``. Names
that begin a page (``dataset``, ``organization``) are refused to Data Induk, and keep meaning it.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from ckanext.satudata.domain.metadata_columns import LIST_NAME

__all__ = ["PAGES", "begins_a_page", "install"]

#: Where the rows are answered.
PAGES = "/data-induk"
_PREFIX = "/id/"
#: First parts of addresses of files that no rule names.
_FILES = frozenset({"base", "webassets", "static", "public", "uploads", "images", "vendor"})
_TAKEN: set[str] = set(_FILES)


def begins_a_page(name: str) -> bool:
    """Tell whether an address of the portal begins so, in whatever language."""
    return name in _TAKEN


def install(app: Flask) -> None:
    """Let an application answer the addresses of rows; all its pages are known by now."""
    _TAKEN.update(rule.rule.split("/")[1].partition("<")[0] for rule in app.url_map.iter_rules())
    app.wsgi_app = _Addresses(app.wsgi_app)  # type: ignore[method-assign]


class _Addresses:
    """Reads an address before CKAN takes the language off it."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO") or "")
        if path.startswith(_PREFIX):
            name, _slash, code = path.removeprefix(_PREFIX).partition("/")
            # An end like .json belongs to the name only where no code follows.
            stem = name if code else name.partition(".")[0]
            if "/" not in code and LIST_NAME.fullmatch(stem) and not begins_a_page(stem):
                environ["PATH_INFO"] = f"{PAGES}/{name}" + (f"/{code}" if code else "")
        return self._app(environ, start_response)
