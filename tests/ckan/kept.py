"""Keep plugins and app from one test to the next while nothing they were made from differs.

CKAN's fixtures load every plugin anew for each test and make an app for each that asks for one:
a second and more, for tests of a few milliseconds. Loading follows from the configuration alone,
so here it is done again only when the configuration is another than the one loaded last.
"""
from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

import ckan.plugins as p
import pytest
from ckan.common import config
from ckan.plugins import core
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import CKANTestApp

__all__ = ["app"]

Options = dict[str, Any]

#: Options read each time they are asked for, and not looked at when CKAN starts: to set them
#: needs nothing loaded anew.
ASKED_EACH_TIME = frozenset({
    "ckan.auth.create_unowned_dataset", "ckan.auth.user_create_groups",
    "ckan.auth.user_create_organizations", "ckan.auth.user_delete_groups",
    "ckan.search.solr_commit", "ckan.views.default_views",
    "ckanext.satudata.eskalasi", "ckanext.satudata.hari_libur", "ckanext.satudata.jam_rilis",
    "ckanext.satudata.surat_pengantar", "ckanext.satudata.walidata",
    "ckanext.satudata.walidata_nama", "ckanext.satudata.zona_waktu",
    # Set by CKAN's own fixture of an app, whatever the file says.
    "testing",
})
#: Plugins that are installed; one a test provides itself is never kept.
INSTALLED = frozenset(
    point.name for group in core.GROUPS for point in entry_points(group=group))
_load_all, _unload_all = core.load_all, core.unload_all


class _Kept:
    """What is loaded: from which configuration, what that became, and the app made of it."""

    before: Options | None = None
    after: Options = {}
    app: Any = None


def _options() -> Options:
    """Return the configuration without what may differ."""
    found = {key: value for key, value in config.items() if key not in ASKED_EACH_TIME}
    found["ckan.plugins"] = tk.aslist(found.get("ckan.plugins"))
    return found


def load_all(force_update: bool = False) -> None:
    """Load what the configuration names, unless exactly that was loaded last."""
    before = _options()
    if _Kept.before is not None and before in (_Kept.before, _Kept.after):
        config.update(_Kept.after)
        return
    forget()
    _load_all(force_update)
    if INSTALLED.issuperset(before["ckan.plugins"]):
        _Kept.before, _Kept.after = before, _options()


def unload_all() -> None:
    """Leave what can be kept loaded for the next test."""
    if _Kept.before is None:
        _unload_all()


def forget() -> None:
    """Let the next test load everything anew."""
    _Kept.before = _Kept.app = None


p.load_all, p.unload_all = load_all, unload_all  # type: ignore[assignment]


@pytest.fixture
def app(make_app: Any) -> CKANTestApp:
    """A client without cookies of another test."""
    load_all(force_update=True)
    if _Kept.app is None:
        made = make_app()
        if _Kept.before is None:
            return made
        _Kept.app = made.app
    return CKANTestApp(_Kept.app)
