"""Who may read the plan: everyone (Perpres 39/2019 art. 36)."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["satudata_data_prioritas_list", "satudata_jadwal_rilis_list"]


@tk.auth_allow_anonymous_access
def satudata_jadwal_rilis_list(context: Any, data_dict: Any) -> dict[str, Any]:
    """Allow everyone to read the release schedule of public data."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_data_prioritas_list(context: Any, data_dict: Any) -> dict[str, Any]:
    """Allow everyone to read the list of Data Prioritas."""
    return {"success": True}
