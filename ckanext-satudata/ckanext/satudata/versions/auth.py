"""Who may read versions: whoever may read the dataset; the answer leaves out what was withdrawn."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

__all__ = [
    "satudata_citation_show",
    "satudata_revision_changes",
    "satudata_version_diff",
    "satudata_version_list",
    "satudata_version_show",
]


@tk.auth_allow_anonymous_access
def satudata_version_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may read the dataset."""
    try:
        tk.check_access("package_show", context, {"id": data_dict.get("id")})
    except tk.NotAuthorized as error:
        return {"success": False, "msg": error.message}
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_version_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may read the dataset; a version that was withdrawn is not found by the others."""
    return satudata_version_list(context, data_dict)


@tk.auth_allow_anonymous_access
def satudata_citation_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may read the dataset."""
    return satudata_version_list(context, data_dict)


@tk.auth_allow_anonymous_access
def satudata_version_diff(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may read the dataset; what of its files may be told is asked of each."""
    return satudata_version_list(context, data_dict)


def satudata_revision_changes(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may read the version under way."""
    try:
        tk.check_access("satudata_submission_show", context, {"id": data_dict.get("id")})
    except tk.NotAuthorized as error:
        return {"success": False, "msg": error.message}
    return {"success": True}
