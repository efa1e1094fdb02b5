"""Pages that show more than the action behind them would, and what caches may keep."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

__all__ = ["visibility"]

visibility = Blueprint("satudata_visibility", __name__)

#: CKAN's own words, from CKAN's catalog: the answer does not tell hidden from missing.
GONE = "Activity not found"


@visibility.before_app_request
def keep_from_caches() -> None:
    """Mark every answer to a signed-in person as private.

    CKAN marks answers of its API and files ``public``, also those a token paid for; with
    ``ckan.cache_expires`` set, a cache in between would hand a draft to the next who asks.
    """
    header = tk.config["apitoken_header_name"]
    if tk.request.headers.get(header) or tk.request.headers.get("Authorization") or (
            tk.current_user.is_authenticated):
        tk.request.environ["__no_cache__"] = True


@visibility.route("/dataset/<id>/resources/<resource_id>/history/<activity_id>")
def resource_history(id: str, resource_id: str, activity_id: str) -> Any:
    """Show a file's description as it was to who may read the activity that holds it.

    CKAN's page takes any activity of a dataset that is public now, also one of its draft time.
    """
    from ckanext.activity.views import resource_history as page

    try:
        tk.get_action("activity_show")({}, {"id": activity_id, "include_data": True})
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        tk.abort(404, tk._(GONE))
    return page(id, resource_id, activity_id)
