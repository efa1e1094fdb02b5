"""Where the files of restricted data lie: told of a draft to those who may open them.

The address of public data is withheld where it is stored (``shared/withheld.py``). A draft holds
its own, for those who make and inspect it; to oversee is no reason to know.
"""
from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.access import level_of
from ckanext.satudata.shared.withheld import (
    FIELDS,
    is_restricted,
    without_addresses,
    without_hashes,
)

__all__ = ["DOCUMENTS", "edits", "holds_restricted", "without_bytes", "without_bytes_indexed"]

Data = dict[str, Any]

#: What search answers whole where it is asked for the fields of the index.
DOCUMENTS = ("data_dict", "validated_data_dict")


def without_bytes(record: Data, context: Any) -> None:
    """Take out of a shown dataset what names the bytes of its files, where they are restricted.

    Who may edit it keeps that, or would lose it with the next edit.
    """
    for key in DOCUMENTS:
        if isinstance(record.get(key), str):
            inner = json.loads(record[key])
            without_bytes(inner, context)
            record[key] = json.dumps(inner)
    if not record.get("private"):
        if is_restricted(record) and not edits(record, context):
            without_hashes(record)
    elif holds_restricted(record) and not _opens(record, context):
        record.update(without_addresses(record["id"], record))


def holds_restricted(record: Data) -> bool:
    """Tell whether a hidden dataset has restricted files, or perhaps those of another."""
    return is_restricted(record) or any(
        each.get("asal_resource_id") for each in record.get("resources") or ()
        if isinstance(each, dict))


def without_bytes_indexed(document: Data) -> None:
    """Take out what names the bytes of restricted files.

    Of public data the hashes in what search answers whole; of a draft, which is shown whole to
    those who work on it, the addresses that words and facets find, for those ask nobody.
    """
    if document.get("capacity") == "private":
        for key in ("url", *FIELDS):
            document.pop(f"res_{key}", None)
            document.pop(f"res_extras_{key}", None)
        return
    if not level_of(
            document.get("access_rights"), document.get("extras_access_rights")).restricted:
        return
    for key in DOCUMENTS:
        if isinstance(document.get(key), str):
            inner = json.loads(document[key])
            if without_hashes(inner):
                document[key] = json.dumps(inner)


def edits(record: Data, context: Any) -> bool:
    """Tell whether whoever acts works on a shown dataset."""
    return bool(context.get("user")) and _may("package_update", record, context)


def _opens(record: Data, context: Any) -> bool:
    return _may("satudata_file_open", record, context)


def _may(asked: str, record: Data, context: Any) -> bool:
    if not isinstance(record.get("id"), str):
        return False
    by = {key: context[key] for key in ("user", "auth_user_obj") if key in context}
    try:
        return bool(tk.check_access(asked, by, {"id": record["id"]}))
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
