"""Who asks units for data, and who sees the board."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.intake.links import may_make
from ckanext.satudata.domain.roles import Actor, Permission, Subject, may
from ckanext.satudata.recap.model import Recap
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.family import subject_of
from ckanext.satudata.shared.reading import is_name

__all__ = [
    "satudata_recap_accept",
    "satudata_recap_close",
    "satudata_recap_create",
    "satudata_recap_list",
    "satudata_recap_merge",
    "satudata_recap_remind",
    "satudata_recap_show",
    "satudata_recap_update",
]

_WRITES = (Permission.ISI, Permission.ISI_ATAS_NAMA)
_READS = (*_WRITES, Permission.AJUKAN, Permission.PERIKSA, Permission.PERIKSA_PEMBINA)


def _any(*permissions: Permission) -> Callable[[Actor, Subject], bool]:
    return lambda actor, subject: any(may(actor, each, subject) for each in permissions)


def _decided(
    context: Any, identifier: Any, rule: Callable[[Actor, Subject], bool]
) -> dict[str, Any]:
    found = subject_of(identifier) if isinstance(identifier, str) and identifier else None
    actor = actor_of_context(context)
    if found is not None and may(actor, Permission.BACA, found[1]) and rule(actor, found[1]):
        return {"success": True}
    return {"success": False, "msg": tk._("Rekap ini tidak ada, atau bukan untuk Anda.")}


def _of_recap(
    context: Any, data: Mapping[str, Any], rule: Callable[[Actor, Subject], bool]
) -> dict[str, Any]:
    identifier = data.get("id")
    found = model.Session.get(Recap, identifier) if is_name(identifier) else None
    return _decided(context, found and found.package_id, rule)


def satudata_recap_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may make links to hand in by for the dataset."""
    return _decided(context, data_dict.get("id"), may_make)


def satudata_recap_update(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may make links to hand in by for its dataset."""
    return _of_recap(context, data_dict, may_make)


satudata_recap_remind = satudata_recap_update
satudata_recap_close = satudata_recap_update


def satudata_recap_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever writes, hands in or inspects the dataset."""
    return _decided(context, data_dict.get("id"), _any(*_READS))


def satudata_recap_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever writes, hands in or inspects its dataset; links only for who may make them."""
    return _of_recap(context, data_dict, _any(*_READS))


def satudata_recap_accept(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may write its dataset."""
    return _of_recap(context, data_dict, _any(*_WRITES))


satudata_recap_merge = satudata_recap_accept
