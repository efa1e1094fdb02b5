"""A small government for the tests of roles: organizations, people, one holder of each role."""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers

from ckanext.satudata.domain.roles import SCOPES, Role, ScopeKind
from ckanext.satudata.shared.actor import RoleGrant

#: Name of an organization -> its kind.
PLACES = {"diskominfo": "dinas", "dinkes": "dinas", "dinsos": "dinas", "kramatwatu": "desa"}


def make_places(admin: dict[str, Any]) -> dict[str, str]:
    """Make the organizations; return their ids by name."""
    return {
        name: helpers.call_action(
            "organization_create", {"user": admin["name"]}, name=name, title=name.title(),
            jenis_instansi=kind, surel=f"{name}@serangkab.go.id")["id"]
        for name, kind in PLACES.items()
    }


def place_of(role: Role) -> str:
    """Return the organization whose member holds a role in the tests."""
    return {Role.WALIDATA: "diskominfo", Role.AGEN_STATISTIK: "kramatwatu"}.get(role, "dinkes")


def scope_of(role: Role) -> str:
    """Return a scope that fits a role: nothing, a code, or the name of an organization."""
    return {ScopeKind.INSTALASI: "", ScopeKind.JENIS_DATA: "statistik",
            ScopeKind.INSTANSI: place_of(role)}[SCOPES[role]]


def join(user: dict[str, Any], organization: str, capacity: str = "member") -> None:
    """Make somebody a member, or change the capacity."""
    helpers.call_action(
        "organization_member_create", id=organization, username=user["name"], role=capacity)


def leave(admin: dict[str, Any], user: dict[str, Any], organization: str) -> None:
    """Take somebody out of an organization."""
    helpers.call_action("organization_member_delete", {"user": admin["name"]}, id=organization,
                        username=user["name"])


def member(organization: str, capacity: str = "member") -> dict[str, Any]:
    """Return a new member of an organization, with a token."""
    user = factories.UserWithToken()
    join(user, organization, capacity)
    return user


def give(admin: dict[str, Any], **data: Any) -> dict[str, Any]:
    """Give a role through the action, with its checks."""
    return tk.get_action("satudata_role_grant")({"user": admin["name"]}, data)


def holder(admin: dict[str, Any], role: Role) -> dict[str, Any]:
    """Return a new user who holds a role and is a plain member where it needs one."""
    user = member(place_of(role))
    user["grant"] = give(admin, user=user["name"], role=role.value, scope=scope_of(role))["id"]
    return user


def day(offset: int) -> str:
    """Return a day from today, here."""
    zone = dt.timezone(dt.timedelta(hours=7))
    return (dt.datetime.now(zone).date() + dt.timedelta(days=offset)).isoformat()


def set_times(grant: str, **times: dt.datetime) -> None:
    """Move a grant in time, as if the clock had gone on."""
    row = model.Session.get(RoleGrant, grant)
    for name, moment in times.items():
        setattr(row, name, moment)
    model.Session.commit()
