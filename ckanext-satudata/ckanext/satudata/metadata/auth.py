"""Who may do what with metadata."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["satudata_completeness_show", "satudata_dataset_copy"]


@tk.auth_allow_anonymous_access
def satudata_completeness_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may read a dataset may know what it lacks."""
    return tk.check_access("package_show", context, data_dict) and {"success": True}


def satudata_dataset_copy(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may read a dataset and create one may start from it."""
    tk.check_access("package_show", context, data_dict)
    return {"success": tk.check_access("package_create", context)}
