"""Tables of a raw file whose files somebody deleted or replaced in a draft: they stay away.

A correction of one table has the whole raw file read again, and each table found becomes a file;
one that was taken out on purpose stays out, until the raw file is taken in once more.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import ckan.model as model

from ckanext.satudata.shared.raw_files import raw_of

__all__ = ["by_the_portal", "forget", "note", "note_deleted", "of_package"]

#: In the plugin's private data of a draft: hash of a raw file -> clean tables that were deleted.
_OURS, _LEFT_OUT = "satudata", "left_out"
#: Of a raw file so many are kept; more tables are taken of none.
_MOST = 500
_PORTAL: ContextVar[bool] = ContextVar("satudata_tidying", default=False)


@contextmanager
def by_the_portal() -> Iterator[None]:
    """What is taken out meanwhile is so by a reading, not by a person."""
    token = _PORTAL.set(True)
    try:
        yield
    finally:
        _PORTAL.reset(token)


def note_deleted(package_id: str) -> None:
    """Note in the running commit which clean tables a person took out of a draft."""
    package = None if _PORTAL.get() else model.Session.get(model.Package, package_id)
    if package is None or not package.private:
        return
    note(package, [each for each in package.resources_all if each.state == model.State.DELETED])


def note(package: model.Package, files: Iterable[model.Resource]) -> None:
    """Note in the running commit that these files of a draft are clean tables no more."""
    known = of_package(package)
    found: dict[str, list[dict[str, Any]]] = {name: [*each] for name, each in known.items()}
    for each in files:
        raw = raw_of(each.extras)
        if raw is None:
            continue
        said = {"name": each.name or "", "sha256": (each.extras or {}).get("sha256") or "",
                "number": raw.table}
        mine = found.setdefault(raw.sha256, [])
        if said not in mine and len(mine) < _MOST:
            mine.append(said)
    _keep(package, known, found)


def of_package(package: model.Package | None) -> Mapping[str, list[dict[str, Any]]]:
    """Return what was taken out of a draft, by raw file."""
    data = (package.plugin_data or {}) if package is not None else {}
    return (data.get(_OURS) or {}).get(_LEFT_OUT) or {}


def forget(package_id: str, sha256: str) -> None:
    """Let every table of a raw file come in again."""
    package = model.Session.get(model.Package, package_id)
    known = of_package(package)
    if package is not None and sha256 in known:
        _keep(package, known, {name: each for name, each in known.items() if name != sha256})


def _keep(package: model.Package, known: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    if found != known:
        data = dict(package.plugin_data or {})
        package.plugin_data = {**data, _OURS: {**data.get(_OURS, {}), _LEFT_OUT: dict(found)}}
        model.Session.flush()
