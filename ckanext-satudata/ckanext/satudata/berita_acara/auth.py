"""Who may ask for a Berita Acara; what a step needs is decided under the lock, by the table."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.berita_acara import store
from ckanext.satudata.domain.berita_acara.steps import Side, sides_of
from ckanext.satudata.shared.actor import actor_of_context

__all__ = [
    "satudata_berita_acara_cancel",
    "satudata_berita_acara_check",
    "satudata_berita_acara_confirm",
    "satudata_berita_acara_create",
    "satudata_berita_acara_issue",
    "satudata_berita_acara_list",
    "satudata_berita_acara_refuse",
    "satudata_berita_acara_show",
    "satudata_berita_acara_update",
]


def satudata_berita_acara_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Somebody with an account; the list holds what they may read."""
    return {"success": bool(actor_of_context(context).id)}


def satudata_berita_acara_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The OPD's members, the walidata, the pembina concerned, who watches over everything."""
    identifier = data_dict.get("id")
    row = store.find(identifier) if isinstance(identifier, str) else None
    allowed = row is not None and store.may_read(actor_of_context(context), row)
    return {"success": allowed,
            "msg": tk._("Berita acara ini tidak ada, atau bukan untuk Anda.")}


def satudata_berita_acara_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The walidata, and the walidata pendukung of that OPD."""
    named = data_dict.get("owner_org")
    group = model.Group.get(named) if isinstance(named, str) and named else None
    actor = actor_of_context(context)
    sides = sides_of(actor, group.id if group is not None else "")
    return {"success": actor.sysadmin or Side.WALIDATA in sides,
            "msg": tk._("Hanya walidata yang dapat menyusun berita acara.")}


#: Whoever may read a document may ask; the step's table says whose word counts.
satudata_berita_acara_cancel = satudata_berita_acara_show
satudata_berita_acara_confirm = satudata_berita_acara_show
satudata_berita_acara_issue = satudata_berita_acara_show
satudata_berita_acara_refuse = satudata_berita_acara_show
satudata_berita_acara_update = satudata_berita_acara_show


@tk.auth_allow_anonymous_access
def satudata_berita_acara_check(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Everybody who holds a document: its hash cannot be guessed, and nothing of it is told."""
    return {"success": True}
