"""Validator of what only the server may set."""
from __future__ import annotations

from typing import Any

from ckan.lib.navl.dictization_functions import missing

from ckanext.satudata.shared.types import ServerSet

__all__ = ["satudata_server_only"]


def satudata_server_only(key: Any, data: dict[Any, Any], errors: Any, context: Any) -> None:
    """Keep a value our own code set, drop one a client sent.

    Dropped without an error: a client that reads a resource and writes it back
    sends the value too, and the uploader has put the stored one in its place.
    """
    value = data.get(key, missing)
    if not isinstance(value, ServerSet):
        data.pop(key, None)
    else:
        data[key] = str(value)
