"""What was handed in and waits is inspected like a file of a dataset, under a name of its own.

``setoran/<id>`` is the file, and a version by itself: what is found in it concerns no draft until
somebody takes it there.
"""
from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

__all__ = ["PREFIX", "WAITS", "files", "is_setoran", "kept", "row", "shown"]

PREFIX = "setoran/"
#: State of one that nobody decided on.
WAITS = "menunggu"
_INTAKE = sa.table("satudata_intake", *(sa.column(each) for each in (
    "id", "package_id", "filename", "sha256", "state", "replaces", "purged_at")),
    sa.column("recipe", JSONB))


def is_setoran(name: str) -> bool:
    """Tell whether a name means what was handed in and waits."""
    return name.startswith(PREFIX)


def row(name: str) -> sa.Row[Any]:
    """Return the setoran of a name, from ``intake/``.

    :raises ObjectNotFound: there is none, or its file is gone
    """
    found = model.Session.execute(sa.select(_INTAKE).where(
        _INTAKE.c.id == name[len(PREFIX):], _INTAKE.c.purged_at.is_(None))).first()
    if found is None:
        raise tk.ObjectNotFound(tk._("Kiriman tidak ditemukan."))
    return found


def kept() -> sa.Select[Any]:
    """Select the names of setoran whose bytes are kept."""
    return sa.select(sa.literal(PREFIX) + _INTAKE.c.id).where(_INTAKE.c.purged_at.is_(None))


def shown(name: str, package: Mapping[str, Any]) -> dict[str, Any]:
    """Return a dataset as if the setoran were its only file.

    :param package: as ``package_show`` gives what the setoran would go into
    """
    found = row(name)
    listed = package.get("resources") or []
    old = next((each for each in listed if each["id"] == found.replaces), None)
    if old is None:
        data = [each for each in listed if (each.get("jenis_berkas") or "data") == "data"]
        old = data[0] if len(data) == 1 else {}
    return {**package, "resources": [
        {**_file(found), "asal_resource_id": old.get("asal_resource_id") or old.get("id")}]}


def files(names: Collection[str]) -> list[tuple[str, dict[str, Any]]]:
    """Return many setoran as files, each behind its dataset's id; such whose bytes are gone not."""
    return [(each.package_id, _file(each)) for each in model.Session.execute(
        sa.select(_INTAKE).where(
            _INTAKE.c.id.in_([each[len(PREFIX):] for each in names if is_setoran(each)]),
            _INTAKE.c.purged_at.is_(None)))]


def _file(found: sa.Row[Any]) -> dict[str, Any]:
    return {"id": f"{PREFIX}{found.id}", "name": found.filename, "url": found.filename,
            "url_type": "upload", "sha256": found.sha256, "resep": found.recipe}
