"""Who may know what was found in a file: who writes that data, and who inspects it."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.roles import Actor, Permission, may
from ckanext.satudata.inspection.family import Content, content_of, content_of_resource
from ckanext.satudata.shared.actor import actor_of_context

__all__ = [
    "satudata_inspection_list",
    "satudata_inspection_run",
    "satudata_inspection_show",
    "satudata_recipe_show",
    "satudata_recipe_update",
]

_WRITES = (Permission.ISI, Permission.ISI_ATAS_NAMA)
_READS = (*_WRITES, Permission.AJUKAN, Permission.PERIKSA, Permission.PERIKSA_PEMBINA)


def _asked(data: Mapping[str, Any]) -> Content | None:
    """Return the version a request names by file or by dataset."""
    resource, identifier = data.get("resource_id"), data.get("id")
    try:
        if isinstance(resource, str) and resource:
            return content_of_resource(resource)[0]
        if isinstance(identifier, str) and identifier:
            return content_of(identifier)
    except tk.ObjectNotFound:  # said with the same words as what is not theirs
        pass
    return None


def _allowed(actor: Actor, content: Content | None, *wanted: Permission) -> dict[str, Any]:
    if content is not None and may(actor, Permission.BACA, content.subject) and any(
            may(actor, each, content.subject) for each in wanted):
        return {"success": True}
    return {"success": False, "msg": tk._("Pemeriksaan ini tidak ada, atau bukan untuk Anda.")}


def satudata_inspection_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever writes, hands in or inspects that version; never the public, for it quotes cells."""
    return _allowed(actor_of_context(context), _asked(data_dict), *_READS)


satudata_inspection_list = satudata_inspection_show
satudata_inspection_run = satudata_inspection_show
satudata_recipe_show = satudata_inspection_show


def satudata_recipe_update(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may write that version."""
    return _allowed(actor_of_context(context), _asked(data_dict), *_WRITES)
