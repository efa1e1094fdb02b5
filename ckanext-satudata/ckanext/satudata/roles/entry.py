"""Writing with a role where CKAN knows no membership: entry *atas nama*, and village agents.

CKAN lets editors and admins of an organization write its datasets. A walidata types what an OPD
sent on paper, a walidata_pendukung does so for one OPD, an agen_statistik may be a plain member of
the desa. These chained auth functions add those three and take nothing away; in which state a
version may be written is the guards' affair, and the workflow notes who typed.
"""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.lib.dictization import model_dictize
from ckan.logic.auth import get_package_object, get_resource_object

# Shared by CKAN's own create and update; private for want of a better place (says CKAN).
from ckan.logic.auth.create import _check_group_auth

from ckanext.satudata.domain.roles import (
    GRANTS,
    SCOPES,
    Actor,
    Permission,
    ScopeKind,
    Subject,
    may,
)
from ckanext.satudata.shared.actor import actor_of, actor_of_context

__all__ = [
    "organization_list_for_user",
    "package_change_state",
    "package_create",
    "package_delete",
    "package_update",
    "resource_delete",
    "satudata_owner_org",
]

Result = dict[str, Any]

#: Types the workflow knows; a harvest source stays with CKAN's rules.
KINDS = frozenset({"dataset", "kegiatan", "indikator"})
WRITING = (Permission.ISI, Permission.ISI_ATAS_NAMA)
#: Key of a context, which no client can set: ask CKAN's own rule only.
CKAN_ONLY = "satudata_ckan_only"


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def package_create(next_auth: Any, context: Any, data_dict: Any = None) -> Result:
    """Let a role write a new dataset for the organizations it reaches; else as CKAN."""
    answer = next_auth(context, data_dict)
    data = data_dict or {}
    if answer["success"] or (data.get("type") or "dataset") not in KINDS:
        return answer
    actor = actor_of_context(context)
    if data.get("owner_org"):
        group = _organization(data["owner_org"])
        allowed = group is not None and _may_write(actor, group.id)
    else:  # before the form is filled: for some organization at least
        allowed = any(each in GRANTS[grant.role] for grant in actor.grants for each in WRITING)
    return _success(allowed and _check_group_auth(context, data), answer)


@tk.chained_auth_function
@tk.auth_allow_anonymous_access
def package_update(next_auth: Any, context: Any, data_dict: Any) -> Result:
    """Let a role write the datasets of the organizations it reaches; else as CKAN."""
    answer = next_auth(context, data_dict)
    if answer["success"] or context.get(CKAN_ONLY):
        return answer
    package = get_package_object(context, data_dict)
    allowed = (package.type in KINDS and bool(package.owner_org)
               and _may_write(actor_of_context(context), package.owner_org))
    return _success(allowed and _check_group_auth(context, data_dict), answer)


@tk.chained_auth_function
def package_delete(next_auth: Any, context: Any, data_dict: Any) -> Result:
    """Let only who may discard a draft delete: typing for an OPD is no right to its data."""
    answer = next_auth({**context, CKAN_ONLY: True}, data_dict)
    if answer["success"]:
        return answer
    package = get_package_object(context, data_dict)
    allowed = package.type in KINDS and bool(package.owner_org) and may(
        actor_of_context(context), Permission.BATALKAN, Subject(package.owner_org))
    return _success(allowed, answer)


@tk.chained_auth_function
def package_change_state(next_auth: Any, context: Any, data_dict: Any) -> Result:
    """Let nobody change CKAN's state of a dataset by a role; CKAN's forms need it not."""
    return next_auth({**context, CKAN_ONLY: True}, data_dict)


@tk.chained_auth_function
def resource_delete(next_auth: Any, context: Any, data_dict: Any) -> Result:
    """Let who may write a dataset take a file out again; CKAN asks for deleting the dataset."""
    answer = next_auth(context, data_dict)
    if answer["success"]:
        return answer
    resource = get_resource_object(context, data_dict)
    return authz.is_authorized("package_update", context, {"id": resource.package_id})


@tk.chained_action
@tk.side_effect_free
def organization_list_for_user(next_action: Any, context: Any, data_dict: Any) -> Any:
    """List the organizations somebody has a permission for; see CKAN.

    For ``create_dataset`` and ``update_dataset`` those that a role reaches are among them, with the
    code of the role as ``capacity``: forms and clients offer what a write would accept.

    :returns: list of organizations
    :rtype: list of dictionaries
    """
    found = next_action(context, data_dict)
    if data_dict.get("permission") not in ("create_dataset", "update_dataset"):
        return found
    actor = actor_of(data_dict["id"]) if data_dict.get("id") else actor_of_context(context)
    if actor.sysadmin:
        return found
    more = _reached(actor, {each["id"] for each in found})
    added = model_dictize.group_list_dictize(
        more, {**context, "model": model, "with_capacity": True},
        with_package_counts=tk.asbool(data_dict.get("include_dataset_count")),
        with_member_counts=tk.asbool(data_dict.get("include_member_count")),
    ) if more else []
    return [*found, *added]


def satudata_owner_org(key: Any, data: Any, errors: Any, context: Any) -> Any:
    """Accept the organizations somebody may write for, by membership or by role.

    :raises tk.Invalid: as CKAN's ``owner_org_validator``
    """
    checked = tk.get_validator("owner_org_validator")
    try:
        return checked(key, data, errors, context)
    except tk.Invalid:
        group = _organization(data.get(key))
        if group is None or not _may_write(actor_of_context(context), group.id):
            raise
    # CKAN's validator asks for a membership; the rest of it holds here too.
    return checked(key, data, errors, {**context, "ignore_auth": True})


def _may_write(actor: Actor, organization: str) -> bool:
    subject = Subject(organization)
    return any(may(actor, each, subject) for each in WRITING)


def _organization(value: Any) -> Any:
    """Return the active organization CKAN understands by a value, or ``None``."""
    found = model.Group.get(value) if isinstance(value, str) and "\x00" not in value else None
    usable = found is not None and found.is_organization and found.state == "active"
    return found if usable else None


def _reached(actor: Actor, known: set[str]) -> list[tuple[Any, str]]:
    """Return the organizations a role lets the actor write for, without those known already."""
    query = model.Session.query(model.Group).filter(
        model.Group.is_organization.is_(True), model.Group.state == "active")
    found: dict[str, tuple[Any, str]] = {}
    for grant in actor.grants:
        if not any(each in GRANTS[grant.role] for each in WRITING):
            continue
        everywhere = SCOPES[grant.role] is ScopeKind.INSTALASI
        groups = query if everywhere else query.filter(model.Group.id == grant.scope)
        for group in groups:
            if group.id not in known:
                found.setdefault(group.id, (group, grant.role.value))
    return list(found.values())


def _success(allowed: bool, otherwise: Result) -> Result:
    return {"success": True} if allowed else otherwise
