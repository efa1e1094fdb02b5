"""CKAN's activities keep to what the workflow has made public.

Each activity holds the whole dataset as it was, under permission labels frozen that day. So what
is withdrawn stays readable in old activities unless they are labelled anew; and what a draft said
must not be read because its dataset became public later.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.lib.plugins import get_permission_labels
from ckan.plugins import plugin_loaded

__all__ = ["announce_publication", "of_views", "relabel_activities"]

PUBLIC = "public"
#: Activities of views end with this; CKAN shows them to everybody, whatever their labels.
VIEW = " resource view"


def of_views(activity_type: Any) -> bool:
    """Tell whether an activity is about a view of a file."""
    return isinstance(activity_type, str) and activity_type.endswith(VIEW)


def relabel_activities(package_id: str) -> int:
    """Take the public label from all activities of a dataset that is not public now.

    Called in the commit that takes a dataset back. Publishing it again does not bring them back:
    what was withdrawn once (a leaked NIK) is not read again because something else is right now.
    Of views, which CKAN shows whatever their labels, the activities are removed.

    :returns: how many activities changed; 0 for a dataset that is public or gone
    """
    package = model.Session.get(model.Package, package_id)
    if package is None or not plugin_loaded("activity"):
        return 0
    from ckanext.activity.model import Activity

    labels = list(get_permission_labels().get_dataset_labels(package))
    if PUBLIC in labels:
        return 0
    model.Session.flush()
    mine = model.Session.query(Activity).filter(Activity.object_id == package.id)
    changed = mine.filter(Activity.activity_type.like(f"%{VIEW}")).delete(
        synchronize_session=False)
    for activity in mine.filter(Activity.permission_labels.op("&&")([PUBLIC])):
        activity.permission_labels = labels
        changed += 1
    model.Session.flush()
    return changed


def announce_publication(
    package: model.Package, first: bool, user_id: str | None, kept: Callable[[Any], Any]
) -> bool:
    """Record that a dataset became public, holding what it says from now on.

    A publication is not one of CKAN's writes, so CKAN itself records none that people outside
    could read: what it recorded of the draft stays with those who could read the draft.

    :param first: for the first time ("new"), not a later version ("changed")
    :param user_id: who published; without one, who made the dataset. CKAN shows nothing of its
        own site user
    :param kept: what of a shown dataset may be kept in an activity
    :returns: whether it was recorded
    """
    if not plugin_loaded("activity"):
        return False
    from ckanext.activity.model import Activity

    user = model.Session.get(model.User, user_id or package.creator_user_id or "")
    labels = list(get_permission_labels().get_dataset_labels(package))
    if user is None or PUBLIC not in labels or not tk.config["ckan.activity_streams_enabled"]:
        return False
    shown: dict[str, Any] = tk.get_action("package_show")(
        {"ignore_auth": True, "use_cache": False, "for_view": False}, {"id": package.id})
    model.Session.add(Activity(
        user.id, package.id, "new package" if first else "changed package",
        {"package": kept(shown), "actor": user.name}, labels))
    model.Session.flush()
    return True
