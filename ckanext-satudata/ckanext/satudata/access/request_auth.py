"""Who may ask, read and answer requests for restricted files."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.access import request_store
from ckanext.satudata.domain.requests import desk
from ckanext.satudata.shared.actor import actor_of_context

__all__ = [
    "satudata_access_request_answer",
    "satudata_access_request_create",
    "satudata_access_request_list",
    "satudata_access_request_show",
]


@tk.auth_allow_anonymous_access
def satudata_access_request_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Everybody: UU 14/2008 art. 4 gives the right to every citizen, with or without an account."""
    return {"success": True}


def satudata_access_request_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Somebody with an account; the list holds what they may read."""
    return {"success": bool(actor_of_context(context).id)}


def satudata_access_request_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever asked, the PPID, the walidata, and the OPD whose data it is."""
    identifier = data_dict.get("id")
    row = request_store.find(identifier) if isinstance(identifier, str) else None
    allowed = row is not None and request_store.may_read(actor_of_context(context), row)
    return {"success": allowed, "msg": tk._("Permohonan ini tidak ada, atau bukan untuk Anda.")}


def satudata_access_request_answer(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The PPID; whether the request can be answered now is decided under the lock."""
    return {"success": desk(actor_of_context(context)).answers,
            "msg": tk._("Hanya PPID yang menjawab permohonan akses.")}
