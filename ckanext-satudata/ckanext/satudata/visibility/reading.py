"""Who may read what: the one question of this room, asked of the database.

Search answers by permission labels. The lists of CKAN and its plugins that ask SQL instead know
``private`` at best; they are answered here, by the same labels.
"""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ckan.authz as authz
import ckan.model as model
import sqlalchemy as sa
from ckan.lib.plugins import get_permission_labels

__all__ = ["labels", "readable", "reads_all", "visible"]

#: Labels of users: read all of an organization as its member, or by a role; read everything.
_OF_AN_ORGANIZATION = ("member-", "sdi-baca-")
_OF_ALL = "sdi-baca"


def reads_all(context: Any) -> bool:
    """Tell whether nothing is hidden from whoever acts: a sysadmin, or CKAN itself."""
    return bool(context.get("ignore_auth")) or authz.is_sysadmin(context.get("user") or None)


def labels(context: Any) -> set[str]:
    """Return the permission labels of whoever acts."""
    user = context.get("auth_user_obj")
    if user is None and context.get("user"):
        user = model.User.get(context["user"])
    return set(get_permission_labels().get_user_dataset_labels(user or None))


def visible(context: Any) -> Any:
    """Return the SQL condition on ``package`` of what whoever acts may read.

    Narrower than the labels where these look beyond the organization (the pembina of one
    jenis_data): a list may show less than search, never more.
    """
    if reads_all(context):
        return sa.true()
    held = labels(context)
    kept = model.Package.state != model.State.DELETED
    if _OF_ALL in held:
        return kept
    public = sa.and_(model.Package.state == model.State.ACTIVE, model.Package.private.is_(False))
    own = {label.removeprefix(start) for label in held for start in _OF_AN_ORGANIZATION
           if label.startswith(start)}
    return sa.or_(public, sa.and_(kept, model.Package.owner_org.in_(own))) if own else public


def readable(context: Any, ids: Iterable[str]) -> set[str]:
    """Return those of some datasets that whoever acts may read."""
    asked = set(ids)
    if reads_all(context) or not asked:
        return asked
    held, source = labels(context), get_permission_labels()
    found = model.Session.query(model.Package).filter(model.Package.id.in_(asked))
    return {each.id for each in found if held.intersection(source.get_dataset_labels(each))}
