"""Who reads numbers of use: everybody those of open data, people of the workflow their own."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.usage import reach

__all__ = ["satudata_usage_list", "satudata_usage_show"]

Result = dict[str, Any]


@tk.auth_allow_anonymous_access
def satudata_usage_list(context: Any, data_dict: Any) -> Result:
    """Everybody; the answer is of what they may know."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_usage_show(context: Any, data_dict: Any) -> Result:
    """Whoever may read the dataset; of restricted data those who work on it or oversee it."""
    try:
        tk.check_access("package_show", context, {"id": data_dict.get("id")})
    except tk.NotAuthorized as error:
        return {"success": False, "msg": error.message}
    package = model.Package.get(data_dict.get("id"))
    if package is not None and reach.reads(actor_of_context(context), package):
        return {"success": True}
    return {"success": False, "msg": tk._(
        "Pemakaian data yang dibatasi hanya untuk instansi pembuat, walidata, dan PPID.")}
