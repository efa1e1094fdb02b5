"""Rows of links, and what came by them; the rows of other rooms are read by name, never written."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.plugins.toolkit import _
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.domain.intake.links import Standing, hash_of
from ckanext.satudata.domain.intake.states import State as IntakeState
from ckanext.satudata.domain.roles import Subject
from ckanext.satudata.domain.workflow import OPEN, State
from ckanext.satudata.links.model import UploadLink

__all__ = ["INTAKE", "Came", "Dataset", "by_token", "came", "dataset_of", "find", "locked",
           "locked_of_recap", "of_package", "sent_with", "standing", "was_published"]

INTAKE = sa.table(
    "satudata_intake", sa.column("id", sa.Text), sa.column("package_id", sa.Text),
    sa.column("link_id", sa.Text), sa.column("receipt_sha256", sa.Text),
    sa.column("state", sa.Text), sa.column("recipe", JSONB), sa.column("sender", JSONB),
    sa.column("filename", sa.Text), sa.column("created_at", sa.DateTime(timezone=True)))
_SUBMISSION = sa.table("satudata_submission", *(sa.column(each) for each in (
    "id", "package_id", "content_id", "state", "number", "created", "owner_org", "jenis_data",
    "restricted", "at_pembina", "published_at")))
#: How many files of one sender a page looks at.
_MOST = 50


@dataclass(frozen=True)
class Dataset:
    """A dataset somebody hands in for.

    :ivar package_id: the dataset as the public knows it; ``content_id``: what holds its version
        under way, else the newest
    :ivar drafted: whether a version is under way
    """

    package_id: str
    content_id: str
    subject: Subject
    drafted: bool


@dataclass(frozen=True)
class Came:
    """How many files came by a link."""

    received: int = 0
    kept: int = 0
    waiting: int = 0


def dataset_of(identifier: str) -> Dataset:
    """Return the dataset that an id or name of it, of its working copy or submission names.

    :raises ObjectNotFound: there is none
    """
    package = model.Package.get(identifier) if identifier else None
    named = package.id if package is not None else identifier
    found = model.Session.execute(
        sa.select(_SUBMISSION)
        .where(_SUBMISSION.c.package_id == sa.func.coalesce(
            sa.select(_SUBMISSION.c.package_id).where(sa.or_(
                _SUBMISSION.c.id == named, _SUBMISSION.c.content_id == named)).limit(1)
            .scalar_subquery(), named))
        .order_by(_SUBMISSION.c.state.in_([each.value for each in OPEN]).desc(),
                  _SUBMISSION.c.number.desc(), _SUBMISSION.c.created.desc())
        .limit(1)).first()
    if found is None:
        raise tk.ObjectNotFound(_("Dataset tidak ditemukan."))
    return Dataset(
        found.package_id, found.content_id, Subject(
            found.owner_org or "", found.jenis_data or "", bool(found.restricted),
            bool(found.at_pembina)),
        State(found.state) in OPEN)


def was_published(package_id: str) -> bool:
    """Tell whether a version of a dataset was ever public."""
    return model.Session.scalar(sa.select(sa.exists().where(
        _SUBMISSION.c.package_id == package_id, _SUBMISSION.c.published_at.is_not(None)))) is True


def find(identifier: str) -> UploadLink | None:
    """Return a link by its id."""
    return model.Session.get(UploadLink, identifier, populate_existing=True)


def locked(identifier: str) -> UploadLink | None:
    """Return a link, and let nobody change it or hand in by it until the commit."""
    return model.Session.scalar(
        sa.select(UploadLink).where(UploadLink.id == identifier).with_for_update(),
        execution_options={"populate_existing": True})


def locked_of_recap(recap_id: str) -> Sequence[UploadLink]:
    """Return the links of a recap that were not taken back, held as :func:`locked` does."""
    return model.Session.scalars(
        sa.select(UploadLink).where(
            UploadLink.recap_id == recap_id, UploadLink.revoked_at.is_(None))
        .order_by(UploadLink.id).with_for_update(),
        execution_options={"populate_existing": True}).all()


def by_token(token: str) -> UploadLink | None:
    """Return the link a token opens, whatever its state.

    Looked up by the hash: how long that takes tells nothing of the token, and a link lives on when
    the portal's secret changed.
    """
    known = hash_of(token)
    return model.Session.scalar(
        sa.select(UploadLink).where(UploadLink.token_sha256 == known),
        execution_options={"populate_existing": True}) if known else None


def of_package(package_id: str, recap_id: str = "") -> Sequence[UploadLink]:
    """Return the links of a dataset that were made one by one, newest first.

    :param recap_id: instead those of the units of a recap, by their code
    """
    query = sa.select(UploadLink).where(UploadLink.package_id == package_id)
    query = query.where(UploadLink.recap_id == recap_id).order_by(
        UploadLink.unit_code, UploadLink.id) if recap_id else query.where(
            UploadLink.recap_id.is_(None)).order_by(UploadLink.created_at.desc(), UploadLink.id)
    return model.Session.scalars(query).all()


def came(links: Collection[str]) -> dict[str, Came]:
    """Return how many files came by each of these links, in one query."""
    rows = model.Session.execute(
        sa.select(
            INTAKE.c.link_id, sa.func.count().label("received"),
            sa.func.count().filter(INTAKE.c.state != IntakeState.DIBUANG.value).label("kept"),
            sa.func.count().filter(INTAKE.c.state == IntakeState.MENUNGGU.value).label("waiting"))
        .where(INTAKE.c.link_id.in_(list(links))).group_by(INTAKE.c.link_id)) if links else ()
    return {row.link_id: Came(row.received, row.kept, row.waiting) for row in rows}


def standing(link: UploadLink, counts: Came) -> Standing:
    """Return what decides where a link stands."""
    return Standing(link.expires_at, link.revoked_at is not None, link.single, counts.received,
                    counts.kept)


def sent_with(link: UploadLink, receipt: str) -> list[sa.Row[Any]]:
    """Return what one sender handed in by a link, newest first: id, state, filename, created_at."""
    known = hash_of(receipt)
    return [*model.Session.execute(
        sa.select(INTAKE.c.id, INTAKE.c.state, INTAKE.c.filename, INTAKE.c.created_at)
        .where(INTAKE.c.link_id == link.id, INTAKE.c.receipt_sha256 == known)
        .order_by(INTAKE.c.created_at.desc(), INTAKE.c.id).limit(_MOST))] if known else []
