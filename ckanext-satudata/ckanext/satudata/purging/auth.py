"""Who says why a dataset was withdrawn at once, and what is deleted: who may press the button."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.roles import Permission, Subject, may
from ckanext.satudata.purging.family import family_of, package_of
from ckanext.satudata.shared.actor import actor_of_context

__all__ = ["satudata_purge_cancel", "satudata_purge_list", "satudata_purge_show",
           "satudata_withdrawal_explain"]


def _presses(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may withdraw this dataset at once."""
    told = tk._("Penarikan darurat ini tidak ada, atau bukan wewenang Anda.")
    identifier = data_dict.get("id")
    package = package_of(identifier) if isinstance(identifier, str) and identifier else None
    family = family_of(package) if package else None
    return {"success": family is not None and may(
        actor_of_context(context), Permission.TARIK_DARURAT, family.subject), "msg": told}


satudata_purge_cancel = _presses
satudata_purge_show = _presses
satudata_withdrawal_explain = _presses


def satudata_purge_list(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may press the button: walidata and PPID."""
    return {"success": may(
        actor_of_context(context), Permission.TARIK_DARURAT, Subject())}
