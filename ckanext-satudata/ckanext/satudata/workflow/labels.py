"""Who sees what is not public: labels on each dataset, matched against labels of each user.

CKAN asks these for ``package_show``, search and activities alike. The index holds the labels of
datasets, so they say *which kind of person* may see one, and who is that kind is asked anew at
every request: a role that ends needs no reindexing.
"""
from __future__ import annotations

import ckan.model as model

from ckanext.satudata.domain.roles import GRANTS, SCOPES, Permission, Reach, ScopeKind
from ckanext.satudata.shared.actor import actor_of
from ckanext.satudata.workflow import store

__all__ = ["dataset_labels", "user_labels"]

PUBLIC = "public"


def dataset_labels(package: model.Package) -> list[str]:
    """Return the labels of a dataset."""
    if package.state == "active" and not package.private:
        return [PUBLIC]
    if not package.owner_org:
        return [f"creator-{package.creator_user_id}", "sdi-baca"]
    labels = ["sdi-baca", f"sdi-baca-{package.owner_org}"]
    submission = store.content(package.id) if package.type in store.KINDS else None
    if submission is not None:
        if submission.at_pembina and submission.jenis_data:
            labels.append(f"sdi-pembina-{submission.jenis_data}")
        if submission.restricted:
            labels.append("sdi-terbatas")
    return labels


def user_labels(user: model.User | None) -> list[str]:
    """Return the labels of the datasets somebody may see now."""
    labels = [PUBLIC]
    if user is None or user.is_anonymous:
        return labels
    actor = actor_of(user)
    if not actor.id:
        return labels
    labels.append(f"creator-{actor.id}")
    for grant in actor.grants:
        reach = GRANTS[grant.role].get(Permission.BACA)
        if reach is None:
            continue
        kind = SCOPES[grant.role]
        if reach is Reach.RESTRICTED:
            labels.append("sdi-terbatas")
        elif kind is ScopeKind.INSTALASI:
            labels.append("sdi-baca")
        elif kind is ScopeKind.INSTANSI:
            # Of their own OPD, or granted from outside: the same datasets.
            labels.append(f"sdi-baca-{grant.scope}")
        else:
            labels.append(f"sdi-pembina-{grant.scope}")
    return sorted(set(labels))
