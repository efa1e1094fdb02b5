"""Who may read the vocabularies: everyone. Kode referensi are public by law (Perpres 39/2019).

Who may change them: whoever has ``kelola_kode``, the walidata.
"""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.roles import Permission, Subject, may
from ckanext.satudata.shared.actor import actor_of_context

__all__ = [
    "satudata_vocabulary_create", "satudata_vocabulary_import",
    "satudata_vocabulary_import_accept", "satudata_vocabulary_show", "satudata_vocabulary_undo",
    "satudata_vocabulary_update", "satudata_vocabulary_usage",
    "satudata_vocabulary_version_list", "satudata_vocabulary_version_show",
    "satudata_wilayah_search",
]

Result = dict[str, Any]


@tk.auth_allow_anonymous_access
def satudata_vocabulary_show(context: Any, data_dict: Any) -> Result:
    """Allow everyone to read the vocabularies (Perpres 39/2019 art. 36)."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_wilayah_search(context: Any, data_dict: Any) -> Result:
    """Allow everyone to search the kode wilayah."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_vocabulary_version_list(context: Any, data_dict: Any) -> Result:
    """Allow everyone to read what was changed of a list: it is as public as the list."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_vocabulary_version_show(context: Any, data_dict: Any) -> Result:
    """Allow everyone to read an earlier version of a list."""
    return {"success": True}


def _keeps_codes(context: Any) -> Result:
    return {"success": may(actor_of_context(context), Permission.KELOLA_KODE, Subject())}


def satudata_vocabulary_create(context: Any, data_dict: Any) -> Result:
    """Allow the walidata to make a list."""
    return _keeps_codes(context)


def satudata_vocabulary_import(context: Any, data_dict: Any) -> Result:
    """Allow the walidata to compare a file with a list."""
    return _keeps_codes(context)


def satudata_vocabulary_import_accept(context: Any, data_dict: Any) -> Result:
    """Allow the walidata to take a file into a list."""
    return _keeps_codes(context)


def satudata_vocabulary_undo(context: Any, data_dict: Any) -> Result:
    """Allow the walidata to take a version back."""
    return _keeps_codes(context)


def satudata_vocabulary_update(context: Any, data_dict: Any) -> Result:
    """Allow the walidata to change a list."""
    return _keeps_codes(context)


def satudata_vocabulary_usage(context: Any, data_dict: Any) -> Result:
    """Allow the walidata to see who says a code, drafts among them."""
    return _keeps_codes(context)
