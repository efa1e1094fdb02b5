"""Who takes hold of another's account is on record: four eyes trusts that an account is one person.

A sysadmin may set anybody's password or e-mail address, and could then approve in their name. CKAN
must leave that open (a person who forgot, one who left), so it is written where nothing is erased.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.lib import api_token

from ckanext.satudata.shared import audit
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.workflow.guard_call import Call
from ckanext.satudata.workflow.guard_find import named_text

__all__ = ["account", "own_token"]

_PASSWORD = ("password", "password1", "password_hash")


@contextmanager
def account(call: Call) -> Iterator[None]:
    """Record what somebody changes of another's account, in the commit that changes it."""
    owner = _owner(call)
    changed = _changed(call, owner)
    if not changed:
        yield
        return
    # An error takes the record back, here or in the unit of work this is part of.
    with nullcontext() if call.context.get("defer_commit") else unit_of_work():
        if owner is not None:
            _record(call, owner, changed)
        yield
        made = model.User.get(call.context.get("id")) if owner is None else None
        if made is not None and made.sysadmin:  # CKAN passes over what others ask for
            _record(call, made, changed)


@contextmanager
def own_token(call: Call) -> Iterator[None]:
    """Let nobody make a token in another's name: four eyes would see one person as two.

    Commands of the server may, for service accounts, and it is on record.
    """
    owner = _owner(call)
    others = owner is not None and actor_of_context(call.context).id != owner.id
    if others and not call.context.get("ignore_auth"):
        raise tk.NotAuthorized(tk._(call.entry.say))
    if not others:
        yield
        return
    with unit_of_work():
        _record(call, owner, ["token_dibuat"])
        yield


def _owner(call: Call) -> model.User | None:
    data = call.data_dict
    if call.name == "user_create":
        return None
    if call.name == "api_token_revoke":
        token = model.ApiToken.get(_jti(data))
        return model.Session.get(model.User, token.user_id) if token is not None else None
    name = named_text(data, "user" if call.name == "api_token_create" else "id")
    return model.User.get(name) if name else None


def _jti(data: Mapping[str, Any]) -> str:
    named, sent = named_text(data, "jti"), data.get("token")
    if not named and isinstance(sent, str):
        with suppress(Exception):  # whatever is no token is none of anybody's
            named = (api_token.decode(sent) or {}).get("jti")
    return named or ""


def _changed(call: Call, owner: model.User | None) -> list[str]:
    """Return what of another's account a call asks to change."""
    data = call.data_dict
    if call.name == "user_create":
        return ["sysadmin_diberi"] if _true(data.get("sysadmin")) else []
    if owner is None or actor_of_context(call.context).id == owner.id:
        return []
    if call.name == "api_token_revoke":
        return ["token_dicabut"]
    found: list[str] = []
    if any(data.get(key) for key in _PASSWORD):
        found.append("sandi")
    if data.get("email") and data["email"] != owner.email:
        found.append("surel")
    if "sysadmin" in data and _true(data["sysadmin"]) != bool(owner.sysadmin):
        found.append("sysadmin_dicabut" if owner.sysadmin else "sysadmin_diberi")
    return found


def _true(value: Any) -> bool:
    return value is True or str(value).strip().lower() in ("true", "yes", "on", "y", "t", "1")


def _record(call: Call, owner: model.User | None, changed: list[str]) -> None:
    if owner is None:
        return
    actor = actor_of_context(call.context).id or None
    for each in changed:
        audit.record(audit.ACCOUNT, actor=actor, transition=each, data={"user": owner.id})
