"""Who hands in for a dataset through an account, and who sees what came."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.roles import Actor, Permission, may
from ckanext.satudata.intake.model import Intake
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.family import subject_of
from ckanext.satudata.shared.reading import is_name

__all__ = [
    "satudata_intake_accept",
    "satudata_intake_correct",
    "satudata_intake_create",
    "satudata_intake_discard",
    "satudata_intake_list",
    "satudata_intake_restore",
    "satudata_intake_show",
]

_WRITES = (Permission.ISI, Permission.ISI_ATAS_NAMA)
_READS = (*_WRITES, Permission.AJUKAN, Permission.PERIKSA, Permission.PERIKSA_PEMBINA)


def _allowed(actor: Actor, identifier: Any, wanted: tuple[Permission, ...]) -> dict[str, Any]:
    found = subject_of(identifier) if isinstance(identifier, str) and identifier else None
    if found is not None and may(actor, Permission.BACA, found[1]) and any(
            may(actor, each, found[1]) for each in wanted):
        return {"success": True}
    return {"success": False, "msg": tk._("Data ini tidak ada, atau bukan untuk Anda kirimi.")}


def _of_intake(
    context: Any, data: Mapping[str, Any], wanted: tuple[Permission, ...]
) -> dict[str, Any]:
    identifier = data.get("id")
    found = model.Session.get(Intake, identifier) if is_name(identifier) else None
    return _allowed(actor_of_context(context), found and found.package_id, wanted)


def satudata_intake_create(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may write the dataset."""
    return _allowed(actor_of_context(context), data_dict.get("id"), _WRITES)


def satudata_intake_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever writes, hands in or inspects the dataset."""
    return _allowed(actor_of_context(context), data_dict.get("id"), _READS)


def satudata_intake_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever writes, hands in or inspects its dataset; never the public, for it quotes cells."""
    return _of_intake(context, data_dict, _READS)


def satudata_intake_accept(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may write its dataset."""
    return _of_intake(context, data_dict, _WRITES)


satudata_intake_discard = satudata_intake_accept
satudata_intake_restore = satudata_intake_accept
satudata_intake_correct = satudata_intake_accept
