"""Tells that rows of a table are about to leave: who keeps a log writes it before they do."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ckan.model as model

from ckanext.satudata.shared.signals import file_opened

__all__ = ["told", "told_of"]

Data = dict[str, Any]


def told(found: Data, context: Any) -> Data:
    """Return what ``datastore_search`` found, once it was told of."""
    if "records" in found:
        told_of([str(found.get("resource_id") or "")], found["records"], context)
    return found


def told_of(resources: Iterable[str], records: Any, context: Any) -> None:
    """Tell of the rows that each of some resources gives."""
    # Rows as CSV come in one text; each ends a line, and few hold one themselves.
    rows = records.count("\n") if isinstance(records, str) else len(records)
    for identifier in resources:
        # In the session still where the check of the right left it in our list.
        resource = model.Session.get(model.Resource, identifier)
        if resource is not None:
            file_opened.send(
                resource.package_id, resource_id=resource.id, number=None, sha256=None,
                way="tabel", rows=rows, user=context.get("user") or None)
