"""Keep plugins and app from one test to the next where a test asks for nothing else.

CKAN's fixtures load every plugin anew for each test and make an app for each that asks for one:
a second and more, for tests of a few milliseconds. A test that sets an option read only when the
plugins are loaded, or that wants other plugins, still gets its own.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.plugins as p
import pytest
from ckan.common import config
from ckan.plugins import core
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import CKANTestApp

__all__ = ["app", "kept"]

#: Options read each time they are asked for: to set them needs nothing loaded anew.
ASKED_EACH_TIME = frozenset({
    "ckan.search.solr_commit", "ckanext.satudata.surat_pengantar", "ckanext.satudata.walidata",
})
_MARKS = ("with_plugins", "provide_plugin")
_load_all, _unload_all = core.load_all, core.unload_all


class _Kept:
    """What is kept: whether this test may use it, whether it is there, and the app."""

    usual = False
    loaded = False
    app: Any = None


def load_all(force_update: bool = False) -> None:
    """Load what the configuration names, unless exactly that is loaded."""
    if _Kept.usual and _Kept.loaded and tk.aslist(config.get("ckan.plugins")) == core._PLUGINS:
        return
    _load_all(force_update)
    _Kept.loaded = _Kept.usual


def unload_all() -> None:
    """Leave the usual plugins loaded for the next test."""
    if not (_Kept.usual and _Kept.loaded):
        _Kept.loaded = False
        _unload_all()


p.load_all, p.unload_all = load_all, unload_all  # type: ignore[assignment]


@pytest.fixture(autouse=True)
def kept(request: pytest.FixtureRequest) -> Iterator[None]:
    """Say before anything else of a test whether it is content with the usual plugins."""
    own = {mark.args[0] for mark in request.node.iter_markers("ckan_config")} - ASKED_EACH_TIME
    _Kept.usual = not own and not any(request.node.get_closest_marker(name) for name in _MARKS)
    yield


@pytest.fixture
def app(make_app: Any) -> CKANTestApp:
    """A client of the usual app, without cookies of another test; or of an app of its own."""
    if not _Kept.usual:
        return make_app()
    if _Kept.app is None or not _Kept.loaded:
        _Kept.app = make_app().app
    return CKANTestApp(_Kept.app)
