"""CKAN's activity streams, where they look past the permission labels of an activity."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.shared.activities import of_views
from ckanext.satudata.visibility.reading import labels, readable, reads_all
from ckanext.satudata.visibility.references import without

__all__ = [
    "activity_create",
    "activity_diff",
    "dashboard_activity_list",
    "group_activity_list",
    "organization_activity_list",
    "package_activity_list",
    "user_activity_list",
]

Data = dict[str, Any]


@tk.chained_action
def activity_create(next_action: Any, context: Any, data_dict: Data) -> Data | None:
    """Record an activity; see CKAN. Of views only while their dataset is public.

    CKAN shows activities of views to everybody, title and description of the view included. A
    dataset is kept without its references: who may read those changes, an activity does not.

    :returns: the activity, or nothing where none was recorded
    :rtype: dictionary
    """
    if of_views(data_dict.get("activity_type")):
        package = model.Package.get(data_dict.get("object_id"))
        if package is not None and (package.private or package.state != model.State.ACTIVE):
            tk.check_access("activity_create", context, data_dict)
            return None
    data = data_dict.get("data")
    if isinstance(data, dict) and "package" in data:
        data_dict = {**data_dict, "data": {**data, "package": without(data["package"])}}
    return next_action(context, data_dict)


@tk.chained_action
@tk.side_effect_free
def activity_diff(next_action: Any, context: Any, data_dict: Data) -> Data:
    """Compare an activity with the one before; see CKAN. Both must be yours to read.

    The first public version is not compared with the last draft.

    :returns: ``diff`` and ``activities``
    :rtype: dictionary
    :raises NotFound: there is no activity before it that you may read
    """
    found = next_action(context, data_dict)
    if not reads_all(context):
        before = found["activities"][0].get("permission_labels") or []
        if not labels(context).intersection(before):
            raise tk.ObjectNotFound("Previous activity for this object not found")
    return found


@tk.chained_action
@tk.side_effect_free
def user_activity_list(next_action: Any, context: Any, data_dict: Data) -> list[Data]:
    """List what a user did; see CKAN. Nothing of views of data you may not read.

    :returns: the activities, newest first
    :rtype: list of dictionaries
    """
    return _readable(next_action(context, data_dict), context)


@tk.chained_action
@tk.side_effect_free
def package_activity_list(next_action: Any, context: Any, data_dict: Data) -> list[Data]:
    """List what happened to a dataset; see CKAN. Nothing of views of data you may not read.

    :returns: the activities, newest first
    :rtype: list of dictionaries
    """
    return _readable(next_action(context, data_dict), context)


@tk.chained_action
@tk.side_effect_free
def group_activity_list(next_action: Any, context: Any, data_dict: Data) -> list[Data]:
    """List what happened in a group; see CKAN. Nothing of views of data you may not read.

    :returns: the activities, newest first
    :rtype: list of dictionaries
    """
    return _readable(next_action(context, data_dict), context)


@tk.chained_action
@tk.side_effect_free
def organization_activity_list(next_action: Any, context: Any, data_dict: Data) -> list[Data]:
    """List what happened in an organization; see CKAN. Nothing of views you may not read.

    :returns: the activities, newest first
    :rtype: list of dictionaries
    """
    return _readable(next_action(context, data_dict), context)


@tk.chained_action
@tk.side_effect_free
def dashboard_activity_list(next_action: Any, context: Any, data_dict: Data) -> list[Data]:
    """List what you follow; see CKAN. Nothing of views of data you may not read.

    :returns: the activities, newest first
    :rtype: list of dictionaries
    """
    return _readable(next_action(context, data_dict), context)


def _readable(found: list[Data], context: Any) -> list[Data]:
    """Leave out views of hidden data recorded before this extension was installed."""
    asked = {each["object_id"] for each in found if of_views(each["activity_type"])}
    if not asked:
        return found
    seen = readable(context, asked)
    return [each for each in found
            if not of_views(each["activity_type"]) or each["object_id"] in seen]
