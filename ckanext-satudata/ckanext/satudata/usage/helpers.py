"""Template helpers of use: what the page of a dataset says of itself, kept for some minutes."""
from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import redis

from ckanext.satudata.shared.actor import NOBODY, actor_of
from ckanext.satudata.usage import present, reach, reading
from ckanext.satudata.usage.buffer import in_valkey

__all__ = ["satudata_usage"]

log = logging.getLogger(__name__)

#: Seconds for which a page shows the same figures; a new month or version may wait as long.
_KEPT = 300


def satudata_usage(package: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return how often a public dataset was used, ``None`` where this reader is not told.

    :returns: as ``satudata_usage_show``, and ``chart``: the bars of the latest months
    """
    identifier = str(package.get("id") or "")
    if not identifier or package.get("private") or package.get("state") != "active":
        return None
    kept: dict[str, Any] = tk.g.setdefault("_satudata_usage", {})
    if identifier not in kept:
        # In the session already; the index may be a moment behind a restriction.
        found = model.Session.get(model.Package, identifier)
        kept[identifier] = _found(found) if found is not None and _may(found) else None
    return kept[identifier]


def _may(package: model.Package) -> bool:
    if reach.reads(NOBODY, package):
        return True
    return bool(tk.current_user.is_authenticated) and reach.reads(
        actor_of(tk.current_user.name), package)


def _found(package: model.Package) -> dict[str, Any]:
    key = f"ckan:{tk.config['ckan.site_id']}:satudata:pemakaian:halaman:{package.id}"
    try:
        known = in_valkey().get(key)
        if known:
            return json.loads(known)  # type: ignore[arg-type]
    except redis.RedisError:
        log.warning("Figures of use are read anew without Valkey")
    shown = present.of_package(package)
    shown["chart"] = present.chart(shown, reading.today())
    with suppress(redis.RedisError):
        in_valkey().set(key, json.dumps(shown), ex=_KEPT)
    return shown
