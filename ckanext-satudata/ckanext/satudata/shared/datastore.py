"""What rooms ask of the datastore beside CKAN's actions: which tables there really are.

``datastore_active`` of a resource is what somebody wrote; the table is what readers get.
"""
from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckanext.datastore.backend import postgres

from ckanext.satudata.shared import withheld

__all__ = [
    "HELD",
    "ONLY_TABLE",
    "TABLE_ONLY",
    "TableSwitching",
    "existing",
    "inherited",
    "mark_dropped",
    "same_rows",
    "tell_truth",
]

#: Key of a context: a list in which who asks for the right to a table leaves what they loaded.
HELD = "satudata_held"
#: What CKAN keeps as the address of a resource that is nothing but a table.
ONLY_TABLE = "_datastore_only_resource"
#: ``url_type`` of those.
TABLE_ONLY = frozenset({"datastore", "tabledesigner"})
#: In the plugin's private data of a working copy: files whose table somebody deleted there.
_OURS, _DROPPED = "satudata", "dropped_tables"


class TableSwitching(tk.ObjectNotFound):
    """503: a new version of the table is being put in place; try again in a second.

    To CKAN's own code, which knows no such answer, it is a table that is not there: a page about
    the dataset stands without the table's columns. What the client is told in the end is decided
    in ``tables/views.py``.
    """


def existing(resource_ids: Iterable[str]) -> set[str]:
    """Return which of these have a table of their own in the datastore.

    :raises sqlalchemy.exc.OperationalError: it cannot be reached
    """
    asked = sorted(set(resource_ids))
    if not asked:
        return set()
    with postgres.get_read_engine().connect() as connection:
        return set(connection.execute(sa.text(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
            "AND tablename = ANY(:names)"), {"names": asked}).scalars())


def inherited(resource_ids: Iterable[str]) -> dict[str, str]:
    """Return the published resource whose table each of these shows, being in a working copy.

    One that has a table of its own, or whose rows are not those of the published one, is left out.
    """
    copies = [each for each in model.Session.scalars(sa.select(model.Resource).where(
        model.Resource.id.in_(set(resource_ids)), model.Resource.state == "active"))
        if (each.extras or {}).get("asal_resource_id")]
    if not copies:
        return {}
    named = {each.id: str(each.extras["asal_resource_id"]) for each in copies}
    origins = {each.id: each for each in model.Session.scalars(
        sa.select(model.Resource).where(model.Resource.id.in_(set(named.values()))))}
    found = {each.id: named[each.id] for each in copies
             if named[each.id] in origins and same_rows(each, origins[named[each.id]])}
    there = existing({*found, *found.values()})
    return {copy: origin for copy, origin in found.items()
            if copy not in there and origin in there}


def same_rows(copy: model.Resource, origin: model.Resource) -> bool:
    """Tell whether a resource of a working copy has the rows of the one it stands for.

    It does as long as it gives the same file, or is a table only, and nobody deleted its table;
    once somebody writes rows it has a table of its own, which counts before this.
    """
    return copy.id not in _dropped(copy) and _bytes(copy) == _bytes(origin)


def mark_dropped(copy: model.Resource) -> None:
    """Note in the running transaction that the working copy's file is to have no table."""
    data = dict(copy.package.plugin_data or {})
    data[_OURS] = {**data.get(_OURS, {}), _DROPPED: sorted({*_dropped(copy), copy.id})}
    copy.package.plugin_data = data
    model.Session.flush()


def tell_truth(package: dict[str, Any]) -> None:
    """Let the files of a shown working copy say whether there is a table to read or to write."""
    files = [each for each in package.get("resources") or ()
             if isinstance(each, dict) and each.get("asal_resource_id")]
    if not files:
        return
    with contextlib.suppress(sa.exc.OperationalError):  # the datastore is down: as it was written
        ids = {each["id"] for each in files}
        there = existing(ids) | inherited(ids).keys()
        for each in files:
            each["datastore_active"] = each["id"] in there


def _dropped(copy: model.Resource) -> list[str]:
    return ((copy.package.plugin_data or {}).get(_OURS) or {}).get(_DROPPED) or []


def _bytes(resource: model.Resource) -> tuple[str, Any]:
    sha256 = (resource.extras or {}).get("sha256")
    if sha256:
        return "sha256", sha256
    if resource.url_type in TABLE_ONLY:
        return "table", None
    return "url", withheld.address_of(resource.id) or resource.url
