"""Who may read the Data Induk: everyone. Rows that are not open are not among them."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["satudata_data_induk_list", "satudata_data_induk_show"]

Result = dict[str, Any]


@tk.auth_allow_anonymous_access
def satudata_data_induk_list(context: Any, data_dict: Any) -> Result:
    """Allow everyone to see which Data Induk there are (Perpres 39/2019 art. 36)."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_data_induk_show(context: Any, data_dict: Any) -> Result:
    """Allow everyone to read the open ones."""
    return {"success": True}
