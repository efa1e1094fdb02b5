"""Who acts: the roles a user holds at this moment, from CKAN's memberships and from grants.

Nothing is cached beyond the moment a request reads (``shared/snapshot.py``): a user deleted,
demoted or moved, a grant that ran out or was revoked is without effect at the next question.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata import config
from ckanext.satudata.domain.roles import (
    GRANTS,
    SCOPES,
    Actor,
    Grant,
    Permission,
    Role,
    ScopeKind,
    Subject,
    may,
)
from ckanext.satudata.domain.standing import Held, Standing, standing
from ckanext.satudata.shared import snapshot
from ckanext.satudata.shared.db import Base

__all__ = [
    "NOBODY",
    "RoleGrant",
    "actor_of",
    "actor_of_context",
    "has_account",
    "holders",
    "people_among",
    "permitted",
    "standings",
    "walidata_id",
]

NOBODY = Actor("")
_CAPACITIES = {"admin": Role.PRODUSEN_DATA, "editor": Role.PRODUSEN_DATA, "member": Role.ANGGOTA}


class RoleGrant(Base):
    """A role given to a user, kept after it ended."""

    __tablename__ = "satudata_role_grant"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    user_id: Mapped[str] = mapped_column(sa.Text)
    role: Mapped[str] = mapped_column(sa.Text)
    scope: Mapped[str] = mapped_column(sa.Text, default="")
    decree: Mapped[str] = mapped_column(sa.Text, default="")
    since: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    until: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    granted_by: Mapped[str | None] = mapped_column(sa.Text)
    granted_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    revoked_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))
    revoked_by: Mapped[str | None] = mapped_column(sa.Text)
    revoke_reason: Mapped[str] = mapped_column(sa.Text, default="")


def actor_of(user: str | Any | None) -> Actor:
    """Return who a user is now.

    :param user: a CKAN user, its name or id, or ``None``
    :returns: :data:`NOBODY` for an unknown, deleted or anonymous user
    """
    found = _account(user)
    if found is None:
        return NOBODY
    kept = snapshot.remembered()
    if ("actor", found.id) not in kept:
        kept["actor", found.id] = _actor(found)
    return kept["actor", found.id]


def _account(user: str | Any | None) -> model.User | None:
    found = model.User.get(user) if isinstance(user, str) else user
    return found if isinstance(found, model.User) and found.state == "active" else None


def _actor(found: model.User) -> Actor:
    memberships = _memberships([found.id]).get(found.id, {})
    grants = _effective(_grants([found.id]), {found.id: memberships})
    own = [Grant(_CAPACITIES[capacity], organization)
           for organization, capacity in memberships.items() if capacity in _CAPACITIES]
    return Actor(
        found.id, found.fullname or found.name, (*own, *grants.get(found.id, ())),
        bool(found.sysadmin),
        frozenset(each for each, capacity in memberships.items() if capacity == "admin"))


def actor_of_context(context: Any) -> Actor:
    """Return who acts in a CKAN context; somebody unknown is :data:`NOBODY`."""
    return actor_of(_user_of(context))


def has_account(context: Any) -> bool:
    """Tell whether who acts in a CKAN context is somebody; cheaper than asking for the roles."""
    return _account(_user_of(context)) is not None


def _user_of(context: Any) -> Any:
    user = context.get("auth_user_obj")
    return user if isinstance(user, model.User) else context.get("user") or None


def holders(role: Role, scope: str | None = None) -> list[str]:
    """Return the ids of the users who hold a role now, whatever its scope or with this one."""
    if role in (Role.PRODUSEN_DATA, Role.ANGGOTA):
        capacities = [each for each, given in _CAPACITIES.items() if given is role]
        return sorted({
            user for user, held in _memberships(None, scope).items()
            if any(capacity in capacities for capacity in held.values())})
    return sorted(people_among(_effective(_grants(None, role, scope))))


def permitted(permission: Permission, subject: Subject) -> list[str]:
    """Return the ids of the users whose role (not being sysadmin) gives a permission now."""
    found: set[str] = set()
    for role, permissions in GRANTS.items():
        if permission not in permissions:
            continue
        kind = SCOPES[role]
        scope = {ScopeKind.INSTALASI: None, ScopeKind.INSTANSI: subject.organization,
                 ScopeKind.JENIS_DATA: subject.jenis_data}[kind]
        held = Grant(role, scope or "")
        if scope != "" and may(Actor("?", grants=(held,)), permission, subject):
            found.update(holders(role, scope))
    return sorted(found)


def _memberships(
    users: Collection[str] | None, organization: str | None = None
) -> dict[str, dict[str, str]]:
    """Return user id -> organization id -> capacity, of active users and organizations."""
    query = (
        sa.select(model.Member.table_id, model.Member.group_id, model.Member.capacity)
        .join(model.Group, model.Group.id == model.Member.group_id)
        .join(model.User, model.User.id == model.Member.table_id)
        .where(model.Member.table_name == "user", model.Member.state == "active",
               model.Group.is_organization.is_(True), model.Group.state == "active",
               model.User.state == "active", _is_person()))
    if users is not None:
        query = query.where(model.Member.table_id.in_(list(users)))
    if organization is not None:
        query = query.where(model.Member.group_id == organization)
    found: dict[str, dict[str, str]] = {}
    if users is not None and not users:
        return found
    for user, group, capacity in model.Session.execute(query):
        held = found.setdefault(user, {})
        # Of two rows of one person in one organization the stronger counts, as it does in CKAN.
        held[group] = min(capacity, held.get(group, capacity), key=_strength)
    return found


def _is_person() -> Any:
    """CKAN's site user is the software, not a person: it becomes admin of what commands create.

    It may do everything as a sysadmin, but produces no data, waits for no task and hears of none.
    """
    return model.User.name != tk.config["ckan.site_id"]


def people_among(identifiers: Iterable[str]) -> set[str]:
    """Return which of these users (ids) are people: not the site user of CKAN."""
    asked = set(identifiers)
    return asked and asked - set(model.Session.scalars(
        sa.select(model.User.id).where(model.User.id.in_(asked), ~_is_person())))


def _strength(capacity: str) -> int:
    order = list(_CAPACITIES)
    return order.index(capacity) if capacity in order else len(order)


def _grants(
    users: Iterable[str] | None, role: Role | None = None, scope: str | None = None
) -> list[RoleGrant]:
    now = dt.datetime.now(dt.timezone.utc)
    query = (
        sa.select(RoleGrant)
        .join(model.User, model.User.id == RoleGrant.user_id)
        .where(model.User.state == "active", RoleGrant.revoked_at.is_(None),
               RoleGrant.since <= now,
               sa.or_(RoleGrant.until.is_(None), RoleGrant.until > now)))
    if users is not None:
        query = query.where(RoleGrant.user_id.in_(list(users)))
    if role is not None:
        query = query.where(RoleGrant.role == role.value)
    if scope is not None:
        query = query.where(RoleGrant.scope == scope)
    return list(model.Session.scalars(query))


def standings(
    grants: Iterable[RoleGrant], members: dict[str, dict[str, str]] | None = None
) -> dict[str, Standing]:
    """Return where each grant stands now, by its id: in force, or why not.

    :param members: user id -> organization id -> capacity where that is known already; who is
        in it counts as active
    """
    grants = list(grants)
    users = {each.user_id for each in grants}
    active_users = _active(model.User, users) if members is None else {*members}
    members = _memberships(users) if members is None else members
    known = {organization for held in members.values() for organization in held}
    scopes = {each.scope for each in grants if each.scope}
    active_scopes = known | _active(model.Group, scopes - known)
    walidata = walidata_id() if any(each.role == Role.WALIDATA.value for each in grants) else ""
    now = dt.datetime.now(dt.timezone.utc)
    return {
        each.id: standing(Held(
            role=_role(each.role), scope=each.scope, since=each.since, until=each.until,
            revoked=each.revoked_at is not None, user_active=each.user_id in active_users,
            member_of=frozenset(members.get(each.user_id, ())),
            scope_active=each.scope in active_scopes, walidata=walidata,
        ), now)
        for each in grants
    }


def walidata_id() -> str:
    """Return the id of the organization that is the walidata, empty where it is not there."""
    name = config.walidata()
    found = model.Group.get(name) if name else None
    usable = found is not None and found.state == "active" and found.is_organization
    return found.id if found is not None and usable else ""


def _effective(
    grants: list[RoleGrant], members: dict[str, dict[str, str]] | None = None
) -> dict[str, tuple[Grant, ...]]:
    """Return user id -> roles, without the grants whose holder lost what they rest on."""
    if not grants:
        return {}
    stands = standings(grants, members)
    found: dict[str, tuple[Grant, ...]] = {}
    for each in grants:
        if stands[each.id] is Standing.BERLAKU:
            found[each.user_id] = (
                *found.get(each.user_id, ()), Grant(Role(each.role), each.scope))
    return found


def _active(kind: Any, identifiers: set[str]) -> set[str]:
    """Return which of these users or organizations are there and active."""
    if not identifiers:
        return set()
    query = sa.select(kind.id).where(kind.id.in_(identifiers), kind.state == "active")
    if kind is model.Group:
        query = query.where(kind.is_organization.is_(True))
    return set(model.Session.scalars(query))


def _role(code: str) -> Role | None:
    """Return the role of a code; a code of a later version of this software is none."""
    try:
        return Role(code)
    except ValueError:
        return None
