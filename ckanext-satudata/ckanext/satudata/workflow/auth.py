"""Who may ask the workflow; what a transition needs is decided under the lock, by the table."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.roles import Permission, may
from ckanext.satudata.domain.workflow import PUBLIC
from ckanext.satudata.shared.actor import actor_of_context, has_account
from ckanext.satudata.workflow import store

__all__ = [
    "satudata_checklist_update",
    "satudata_finding_answer",
    "satudata_finding_create",
    "satudata_finding_resolve",
    "satudata_revision_start",
    "satudata_submission_list",
    "satudata_submission_show",
    "satudata_submission_timeline",
    "satudata_submission_transition",
    "satudata_submission_transition_bulk",
]


def _logged_in(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Somebody with an account; the table says the rest."""
    return {"success": has_account(context)}


def satudata_submission_show(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may read the version before it is public, or stop it at once when it is."""
    identifier = data_dict.get("id")
    found = store.find(identifier) if isinstance(identifier, str) else None
    if found is None:
        return {"success": False, "msg": tk._("Pengajuan ini tidak ada, atau bukan untuk Anda.")}
    actor = actor_of_context(context)
    allowed = may(actor, Permission.BACA, found.subject) or (
        found.status in PUBLIC and may(actor, Permission.TARIK_DARURAT, found.subject))
    return {"success": allowed,
            "msg": tk._("Pengajuan ini tidak ada, atau bukan untuk Anda.")}


satudata_submission_list = _logged_in
satudata_revision_start = _logged_in
satudata_submission_transition = _logged_in
satudata_submission_transition_bulk = _logged_in
satudata_finding_create = _logged_in
satudata_finding_answer = _logged_in
satudata_finding_resolve = _logged_in
satudata_checklist_update = _logged_in


@tk.auth_allow_anonymous_access
def satudata_submission_timeline(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Everybody for what is public; the answer holds only what the asker may see."""
    identifier = data_dict.get("id")
    found = store.find(identifier) if isinstance(identifier, str) else None
    if found is None:
        return {"success": False, "msg": tk._("Pengajuan ini tidak ada, atau bukan untuk Anda.")}
    allowed = store.is_public(found.package_id) or may(
        actor_of_context(context), Permission.BACA, found.subject)
    return {"success": allowed,
            "msg": tk._("Pengajuan ini tidak ada, atau bukan untuk Anda.")}
