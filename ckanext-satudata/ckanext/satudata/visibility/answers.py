"""One answer is one version: nobody is shown the words of one and the files of another.

A dataset is read in many queries, and a new version is one commit between two of them. Requests
that only read see one moment of the database (``shared/snapshot.py``). Where a dataset is shown
otherwise (in a job, in a request that writes) it is read again when it changed meanwhile.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.shared import snapshot

__all__ = ["one_version", "only_reads"]

Data = dict[str, Any]
#: A dataset that changes more often while it is shown is shown as it was read last.
TRIES = 4
#: Pages that show data, by the last part of their names, rooms that only show, and single pages
#: of others. Who looks is asked for once in them (``shared/actor.py``).
_PAGES = frozenset({
    "read", "search", "read_dataset", "read_catalog", "dcat_json", "history", "index", "tasks"})
_ROOMS = frozenset({"satudata_versions", "satudata_wizard"})
_SINGLE = frozenset({"satudata_inspection.show"})
#: Rooms that look at one moment by themselves.
_THEMSELVES = frozenset({"satudata_feed"})


def only_reads(request: Any) -> bool:
    """Tell whether a request shows data and writes nothing."""
    endpoint = request.endpoint or ""
    if endpoint == "api.action":
        return _is_free((request.view_args or {}).get("logic_function"))
    room, _dot, page = endpoint.rpartition(".")
    return request.method in ("GET", "HEAD") and room not in _THEMSELVES and (
        page in _PAGES or room in _ROOMS or endpoint in _SINGLE)


def _is_free(name: str | None) -> bool:
    try:
        return bool(getattr(tk.get_action(name or ""), "side_effect_free", False))
    except KeyError:
        return False


def one_version(next_action: Callable[..., Data], context: Any, data_dict: Data) -> Data:
    """Show a dataset as one commit left it."""
    if "for_update" in context or snapshot.is_held():
        return next_action(context, data_dict)
    found: Data = {}
    for _ in range(TRIES):
        found = next_action(context, dict(data_dict))
        package = context.get("package")
        if not isinstance(package, model.Package) or _is_now(found, package.id):
            break
        model.Session.expire(package)
    return found


def _is_now(found: Data, package_id: str) -> bool:
    modified = snapshot.modified_now(package_id)
    return modified is None or found.get("metadata_modified") in (None, modified.isoformat())
