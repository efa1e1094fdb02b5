"""Whose numbers of use somebody reads: one rule, for one dataset and for lists."""
from __future__ import annotations

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.domain.access import Level, level_of
from ckanext.satudata.domain.roles import (
    GRANTS,
    SCOPES,
    Actor,
    Permission,
    ScopeKind,
    Subject,
    may,
)
from ckanext.satudata.usage.model import Usage

__all__ = ["OWNER", "reads", "visible"]

#: Id of the organization whose data was used, of purged datasets too.
OWNER = sa.func.coalesce(sa.func.nullif(Usage.owner_org, ""), model.Package.owner_org, "")
_BACA = Permission.BACA


def reads(actor: Actor, package: model.Package) -> bool:
    """Tell whether somebody who may read a dataset reads how often it was used, too."""
    restricted = level_of((package.extras or {}).get("access_rights")).restricted
    public = not package.private and package.state == model.State.ACTIVE
    return (public and not restricted) or may(
        actor, _BACA, Subject(package.owner_org or "", restricted=restricted))


def visible(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition that leaves what somebody reads, over uses and their datasets."""
    if may(actor, _BACA, Subject()):
        return sa.true()
    level = sa.func.coalesce(model.Package.extras["access_rights"].astext, "")
    is_open = level.in_(["", Level.TERBUKA.value])
    shown = [sa.and_(model.Package.private.is_(False),
                     model.Package.state == model.State.ACTIVE, is_open)]
    own = [each.scope for each in actor.grants if each.scope
           and SCOPES[each.role] is ScopeKind.INSTANSI and _BACA in GRANTS[each.role]]
    if own:
        shown.append(OWNER.in_(own))
    if may(actor, _BACA, Subject(restricted=True)):
        shown.append(~is_open)
    return sa.func.coalesce(sa.or_(*shown), sa.false())
