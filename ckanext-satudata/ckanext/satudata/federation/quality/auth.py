"""Who may read the points of a dataset: they are made of its public description."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.roles import Permission, Subject, may
from ckanext.satudata.shared.actor import actor_of_context

__all__ = ["satudata_mqa_list", "satudata_mqa_show"]


@tk.auth_allow_anonymous_access
def satudata_mqa_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may read the dataset."""
    try:
        tk.check_access("package_show", context, {"id": data_dict.get("id")})
    except tk.NotAuthorized as error:
        return {"success": False, "msg": error.message}
    return {"success": True}


def satudata_mqa_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever watches over the data of the whole government."""
    return {"success": may(actor_of_context(context), Permission.PANTAU, Subject())}
