"""Writing tables: a working copy gets its own at the first write, whatever the client is.

A client that reads ``datastore_active`` of the working copy and rows from it may write to them as
to any table: what it adds, changes or describes anew is added to, changed in or written over the
published rows. To start from nothing it deletes the table first, as with any CKAN.

All under the row lock that ``workflow/guards.py`` holds on the version. While tables change places
nobody writes to them: the write would go under with the old one.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.shared.datastore import inherited, mark_dropped
from ckanext.satudata.tables.copying import copy_table, drop_table
from ckanext.satudata.tables.journal import refusal, switching
from ckanext.satudata.tables.moving import aliases_of

__all__ = ["datastore_create", "datastore_delete", "datastore_run_triggers", "datastore_upsert"]

Data = dict[str, Any]


@tk.chained_action
def datastore_create(next_action: Any, context: Any, data_dict: Data) -> Any:
    """Make or change a table; see CKAN. In a working copy it changes a copy of the published one.

    The published aliases stay: they need not be given, and cannot be taken away by a draft.

    :returns: the table as CKAN describes it
    :rtype: dictionary
    """
    with _own_table("datastore_create", context, data_dict):
        return next_action(context, _without_published_aliases(data_dict))


@tk.chained_action
def datastore_upsert(next_action: Any, context: Any, data_dict: Data) -> Any:
    """Add or change rows; see CKAN. In a working copy the published rows stay as they are.

    :returns: what was written
    :rtype: dictionary
    """
    with _own_table("datastore_upsert", context, data_dict):
        return next_action(context, data_dict)


@tk.chained_action
def datastore_run_triggers(next_action: Any, context: Any, data_dict: Data) -> Any:
    """Apply triggers to each row; see CKAN. In a working copy to a copy of the published rows.

    :returns: the number of rows
    :rtype: int
    """
    with _own_table("datastore_run_triggers", context, data_dict, forced=True):
        return next_action(context, data_dict)


@tk.chained_action
def datastore_delete(next_action: Any, context: Any, data_dict: Data) -> Any:
    """Delete rows or a table; see CKAN. Without a table in the working copy, none is published.

    :returns: the filters, and the rows where they are asked for
    :rtype: dictionary
    """
    whole = data_dict.get("filters") is None
    with _own_table("datastore_delete", context, data_dict, rows=not whole):
        resource = _resource(data_dict)
        if whole and resource is not None and (resource.extras or {}).get("asal_resource_id"):
            mark_dropped(resource)  # kept by the commit that CKAN or the guard makes
        return next_action(context, data_dict)


@contextmanager
def _own_table(
    action: str, context: Any, data: Mapping[str, Any], *, rows: bool = True, forced: bool = False
) -> Iterator[None]:
    """Copy the published table first where that is the one a client sees; undo it with the write.

    :param rows: False where all of them are to go
    :param forced: CKAN asks for no ``force`` here
    """
    resource = _resource(data)
    if resource is None:
        yield
        return
    if switching([resource.id]):
        raise refusal()
    origin = inherited([resource.id]).get(resource.id)
    writable = resource.url_type in tk.h.datastore_rw_resource_url_types()
    if origin is None or not (forced or writable or data.get("force")):
        yield  # none to copy, or CKAN refuses the write
        return
    tk.check_access(action, tk.fresh_context(context), dict(data))
    if switching([origin]):
        raise refusal()
    copy_table(origin, resource.id, rows)
    try:
        yield
    except BaseException:
        drop_table(resource.id)
        raise
    if data.get("dry_run"):
        drop_table(resource.id)


def _resource(data: Mapping[str, Any]) -> model.Resource | None:
    named = data.get("resource_id")
    return model.Session.get(model.Resource, named) if isinstance(named, str) else None


def _without_published_aliases(data: Data) -> Data:
    resource = _resource(data)
    asked = data.get("aliases")
    origin = (resource.extras or {}).get("asal_resource_id") if resource is not None else None
    if not origin or not asked:
        return data
    names = asked.split(",") if isinstance(asked, str) else asked
    kept = aliases_of(origin)
    return {**data, "aliases": [each for each in names if each.strip() not in kept]}
