"""What pages say of emergency withdrawals beside the page of one."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["satudata_unexplained"]

_CACHE = "_satudata_unexplained"


def satudata_unexplained() -> list[dict[str, Any]]:
    """Return the emergency withdrawals that wait for the viewer's answer, asked once a request."""
    if _CACHE not in tk.g:
        setattr(tk.g, _CACHE, _waiting())
    return getattr(tk.g, _CACHE)


def _waiting() -> list[dict[str, Any]]:
    user = tk.current_user
    if not user.is_authenticated:
        return []
    try:
        return tk.get_action("satudata_purge_list")(
            {"user": user.name, "auth_user_obj": user},
            {"state": "menunggu", "limit": 50})["results"]
    except tk.NotAuthorized:
        return []
