"""By what right somebody opens the files of a dataset: the facts for ``domain/access.py``.

Open data costs nothing here: the dataset is in the session already when this is asked.
"""
from __future__ import annotations

from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.access.model import AccessGrant
from ckanext.satudata.domain.access import Basis, Level, Permit, Right, level_of, opened_by
from ckanext.satudata.domain.roles import Actor, Permission, Subject, may
from ckanext.satudata.shared import moment

__all__ = ["is_public", "level", "permits", "right_of", "subject_of"]

#: Of other rooms, of which only this is asked: what a working copy stands for (workflow/), and what
#: a version said of its level (versions/).
_SUBMISSION = sa.table(
    "satudata_submission", sa.column("package_id"), sa.column("content_id"))
_VERSION = sa.table("satudata_version", sa.column("package_id"), sa.column("number"),
                    sa.column("content", sa.dialects.postgresql.JSONB))


def level(package: model.Package, number: int | None = None) -> Level:
    """Return how far a dataset's files are open now, and were in an earlier version of it.

    The stricter of both counts: what is restricted today is so in every version there was, and
    what was restricted then was not opened by a later version without it. The files of a working
    copy are those of the published dataset until others come.
    """
    now = [(package.extras or {}).get("access_rights")]
    if not is_public(package):
        now += model.Session.scalars(
            sa.select(model.Package.extras["access_rights"].astext)
            .join(_SUBMISSION, _SUBMISSION.c.package_id == model.Package.id)
            .where(_SUBMISSION.c.content_id == package.id, model.Package.id != package.id))
    if number is None:
        return level_of(*now)
    return level_of(*now, model.Session.scalar(
        sa.select(_VERSION.c.content["access_rights"].astext).where(
            _VERSION.c.package_id == package.id, _VERSION.c.number == number)))


def right_of(
    actor: Actor, package: model.Package, number: int | None = None, resource: str = ""
) -> Right | None:
    """Return by what right somebody opens a file, or all of them, ``None`` without any.

    Data that is not public is open to whoever makes and inspects it, and may read it at all, which
    the caller has asked: to oversee is no reason to see what is restricted.
    """
    found = level(package, number)
    if not found.restricted:
        return Right(Basis.TERBUKA)
    subject = subject_of(package)
    if not is_public(package) and (
            not package.owner_org or may(actor, Permission.PERIKSA_PEMBINA, subject)):
        return Right(Basis.DRAF)
    return opened_by(actor, found, subject, permits(package.id), moment.now(), resource)


def permits(package_id: str) -> list[Permit]:
    """Return the permissions of a dataset that nobody took back."""
    found = model.Session.scalars(
        sa.select(AccessGrant)
        .where(AccessGrant.package_id == package_id, AccessGrant.revoked_at.is_(None))
        .order_by(AccessGrant.granted_at, AccessGrant.id)
        .execution_options(populate_existing=True))
    return [each.permit for each in found]


def subject_of(package: model.Package) -> Subject:
    """Return what a role is asked for."""
    extras: dict[str, Any] = package.extras or {}
    return Subject(package.owner_org or "", extras.get("jenis_data") or "", restricted=True)


def is_public(package: model.Package) -> bool:
    """Tell whether everybody may read its metadata."""
    return not package.private and package.state == model.State.ACTIVE
