"""Takes the addresses of restricted files out of what everybody reads, in the same commit."""
from __future__ import annotations

from typing import Any

import ckan.model as model
from ckan.plugins import plugin_loaded

from ckanext.satudata.domain.access import level_of
from ckanext.satudata.shared import withheld
from ckanext.satudata.shared.signals import publishing, withdrawn

__all__ = ["on_publishing", "on_withdrawn"]


@publishing.connect
def on_publishing(package_id: str, **_said: Any) -> None:
    """Withhold the addresses of restricted data; give back those of open data."""
    withheld.settle(package_id, received=True)
    package = model.Session.get(model.Package, package_id)
    if package is not None and level_of(
            (package.extras or {}).get("access_rights")).restricted:
        _forget_in_activities(package_id)


@withdrawn.connect
def on_withdrawn(package_id: str, **_said: Any) -> None:
    """Give them back: who reads it now works on it."""
    withheld.settle(package_id)


def _forget_in_activities(package_id: str) -> None:
    """Take addresses and hashes out of what CKAN remembers of the dataset, whenever it was.

    An activity holds the dataset as it was then, and those of the time it was open stay readable
    by everybody.
    """
    if not plugin_loaded("activity"):
        return
    from ckanext.activity.model import Activity

    for activity in model.Session.query(Activity).filter(Activity.object_id == package_id):
        kept = _without_addresses(activity.data, package_id)
        if kept != activity.data:
            activity.data = kept
    model.Session.flush()


def _without_addresses(data: Any, package_id: str) -> Any:
    package = data.get("package") if isinstance(data, dict) else None
    if not isinstance(package, dict):
        return data
    return {**data, "package": withheld.without_addresses(package_id, package)}
