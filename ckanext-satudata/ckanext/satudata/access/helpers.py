"""Template helpers of access to restricted files; what a viewer may do is asked of the rules."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.access import request_store
from ckanext.satudata.access.basis import satudata_access_basis
from ckanext.satudata.domain.requests import desk
from ckanext.satudata.shared.actor import actor_of

__all__ = ["satudata_access_basis", "satudata_access_desk", "satudata_access_waiting",
           "satudata_may_open", "satudata_openable"]

_SEEN = "_satudata_access_desk"
_WAITING = "_satudata_access_waiting"
_OPENS = "_satudata_access_opens"


def satudata_access_desk() -> bool:
    """Tell whether the viewer has a desk of requests for restricted files; asked once a request."""
    if not tk.current_user.is_authenticated:
        return False
    if _SEEN not in tk.g:
        setattr(tk.g, _SEEN, desk(actor_of(tk.current_user.name)).is_open)
    return getattr(tk.g, _SEEN)


def satudata_access_waiting() -> int:
    """Return how many requests wait for the viewer's answer; asked once a request."""
    if not satudata_access_desk():
        return 0
    if _WAITING not in tk.g:
        setattr(tk.g, _WAITING, request_store.waiting(actor_of(tk.current_user.name)))
    return getattr(tk.g, _WAITING)


def satudata_openable(package: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return which files of a restricted dataset the viewer opens; those with an address only."""
    return [each for each in package.get("resources") or ()
            if each.get("url") and satudata_may_open(str(package["id"]), str(each["id"]))]


def satudata_may_open(package_id: str, resource_id: str = "") -> bool:
    """Tell whether the viewer opens the files of a dataset, or one of them.

    Asked once a request: a page names a file in several places. Who opens all of them, as those
    do whose duty it is, is asked nothing more.
    """
    if _OPENS not in tk.g:
        setattr(tk.g, _OPENS, {})
    kept: dict[tuple[str, str], bool] = getattr(tk.g, _OPENS)
    for asked in ((package_id, ""), (package_id, resource_id)):
        if asked not in kept:
            kept[asked] = _opens(*asked)
        if kept[asked]:
            return True
    return False


def _opens(package_id: str, resource_id: str) -> bool:
    user = tk.current_user
    context: dict[str, Any] = {"user": user.name if user.is_authenticated else "",
                               "auth_user_obj": user if user.is_authenticated else None}
    asked = {"id": package_id} | ({"resource_id": resource_id} if resource_id else {})
    try:
        tk.check_access("satudata_file_open", context, asked)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True
