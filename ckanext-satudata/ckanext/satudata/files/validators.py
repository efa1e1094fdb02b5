"""Validators of what only the server may set."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.shared.types import ServerSet

__all__ = ["satudata_server_kept", "satudata_server_only"]


def satudata_server_only(key: Any, data: dict[Any, Any], errors: Any, context: Any) -> None:
    """Keep a value our own code set, drop one a client sent.

    Dropped without an error: a client that reads a resource and writes it back
    sends the value too, and the uploader has put the stored one in its place.
    """
    value = data.get(key)
    if not isinstance(value, ServerSet):
        data.pop(key, None)
    else:
        data[key] = str(value)


def satudata_server_kept(key: Any, data: dict[Any, Any], errors: Any, context: Any) -> None:
    """Keep what the server stored for this resource, whatever a client sends or leaves out.

    Only a ``ServerSet`` value, which no JSON or form can make, replaces it; an empty one ends it.
    """
    value = data.get(key)
    if isinstance(value, ServerSet):
        data[key] = str(value)
        if not value:
            data.pop(key)
        return
    package, resource_id = context.get("package"), data.get((*key[:-1], "id"))
    kept = None
    if package is not None and resource_id and resource_id is not tk.missing:
        for resource in package.resources_all:
            if resource.id == resource_id:
                kept = (resource.extras or {}).get(key[-1])
    if kept:
        data[key] = kept
    else:
        data.pop(key, None)
