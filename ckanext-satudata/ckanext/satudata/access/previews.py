"""Previews of files: what shows rows is shown to who may open the file.

CKAN's preview plugins read the table while the page is made, and those of other plugins may fetch
the file: without the right there is no preview, rather than one that fails.
"""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.access import opening
from ckanext.satudata.shared.actor import actor_of_context

__all__ = ["may_open", "resource_view_list", "resource_view_show"]

Data = dict[str, Any]


def may_open(context: Any, resource_id: Any) -> bool:
    """Tell whether whoever acts, who may read the dataset, may open one of its files."""
    resource = model.Session.get(model.Resource, resource_id) if isinstance(
        resource_id, str) else None
    package = resource and model.Session.get(model.Package, resource.package_id)
    if not package or not opening.level(package).restricted:
        return True
    return opening.right_of(
        actor_of_context(context), package, resource=str(resource_id)) is not None


@tk.chained_action
@tk.side_effect_free
def resource_view_list(next_action: Any, context: Any, data_dict: Data) -> list[Data]:
    """List the previews of a file; see CKAN. None of a restricted file you may not open.

    :returns: the views
    :rtype: list of dictionaries
    """
    found = next_action(context, data_dict)
    if not found or context.get("ignore_auth") or may_open(context, data_dict.get("id")):
        return found
    return []


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def resource_view_show(next_auth: Any, context: Any, data_dict: Data) -> Data:
    """Show a preview to who may open the file."""
    result = next_auth(context, data_dict)
    view = model.ResourceView.get(data_dict.get("id")) if result["success"] else None
    if view is not None and not may_open(context, view.resource_id):
        return {"success": False, "msg": tk._("Berkas ini dibatasi, jadi tidak dipratinjau.")}
    return result
