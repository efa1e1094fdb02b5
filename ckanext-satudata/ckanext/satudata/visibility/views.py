"""Pages that show more than the action behind them would, and what caches may keep."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.satudata.shared import snapshot
from ckanext.satudata.visibility import answers

__all__ = ["visibility"]

visibility = Blueprint("satudata_visibility", __name__)

#: What is the same for everybody: styles, scripts, pictures of the look.
_STILL = frozenset({"static", "webassets.index"})
#: CKAN's own words, from CKAN's catalog: the answer does not tell hidden from missing.
GONE = "Activity not found"


@visibility.before_app_request
def keep_from_caches() -> None:
    """Let no cache give out an answer without asking here again, whoever it was made for.

    CKAN marks answers of its API and files ``public``, also those a token paid for; with
    ``ckan.cache_expires`` set, a cache in between would hand a draft to the next who asks. And
    what is withdrawn (a leaked NIK) has to be gone at once, from the caches of others as well.
    """
    if tk.request.endpoint not in _STILL:
        tk.request.environ["__no_cache__"] = True


@visibility.after_app_request
def ask_again(response: Any) -> Any:
    """Let who keeps an answer ask whether it still stands, where its page says nothing itself."""
    if tk.request.endpoint not in _STILL and "Cache-Control" not in response.headers:
        response.cache_control.no_cache = True
    return response


@visibility.before_app_request
def one_moment() -> None:
    """Let an answer about data be of one version, though it is read in many parts."""
    if answers.only_reads(tk.request):
        snapshot.begin()


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
