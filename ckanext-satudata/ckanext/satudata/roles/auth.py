"""Who may manage roles: whoever has ``kelola_peran``; everyone may read their own."""
from __future__ import annotations

from typing import Any

from ckanext.satudata.domain.roles import Permission, Subject, may
from ckanext.satudata.shared.actor import actor_of_context

__all__ = ["satudata_role_grant", "satudata_role_list", "satudata_role_revoke"]

Result = dict[str, Any]


def satudata_role_grant(context: Any, data_dict: Any) -> Result:
    """Allow who manages roles."""
    return {"success": may(actor_of_context(context), Permission.KELOLA_PERAN, Subject())}


def satudata_role_revoke(context: Any, data_dict: Any) -> Result:
    """Allow who manages roles."""
    return {"success": may(actor_of_context(context), Permission.KELOLA_PERAN, Subject())}


def satudata_role_list(context: Any, data_dict: Any) -> Result:
    """Allow who manages roles, and everyone to read their own."""
    actor = actor_of_context(context)
    named = (data_dict or {}).get("user")
    own = bool(actor.id) and isinstance(named, str) and named in (actor.id, _name(context))
    return {"success": own or may(actor, Permission.KELOLA_PERAN, Subject())}


def _name(context: Any) -> str:
    user = context.get("auth_user_obj")
    return str(getattr(user, "name", "") or context.get("user") or "")
