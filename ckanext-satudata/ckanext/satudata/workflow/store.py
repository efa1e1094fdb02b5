"""Finding and locking submissions."""
from __future__ import annotations

from collections.abc import Sequence

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.workflow import OPEN, PUBLIC, State, by_name
from ckanext.satudata.workflow.model import Finding, Submission

__all__ = [
    "KINDS",
    "content",
    "find",
    "findings",
    "is_public",
    "lock_content",
    "lock_family",
    "named",
    "of_package",
    "open_of",
    "package_of",
    "try_lock_family",
    "visible_open",
    "was_public",
]

#: A cancelled attempt has the number of the one that followed it.
_OLDEST = (Submission.number, Submission.created, Submission.id)
_NEWEST = tuple(each.desc() for each in _OLDEST)
#: Dataset types that obey the workflow; a harvest source is a setting, not data.
KINDS = frozenset({"dataset", "kegiatan", "indikator"})


def package_of(identifier: str) -> model.Package | None:
    """Return a package by id or name."""
    return model.Package.get(identifier)


def find(identifier: str, transition: str | None = None) -> Submission | None:
    """Return a submission by its own id, or by id or name of its dataset.

    Of a dataset with several versions it is the newest from whose state the named transition
    starts, or the newest that was not cancelled.
    """
    found = model.Session.get(Submission, identifier)
    if found is not None:
        return found
    package = package_of(identifier)
    if package is None:
        return None
    versions = of_package(package.id)
    for each in versions:
        if transition and by_name(State(each.state), transition):
            return each
    alive = [each for each in versions if each.state != State.DIBATALKAN.value]
    return next(iter(alive or versions), None)


def named(identifier: str, transition: str | None = None) -> Submission:
    """Return what :func:`find` finds.

    :raises ObjectNotFound: nothing
    """
    found = find(identifier, transition)
    if found is None:
        raise tk.ObjectNotFound(tk._("Pengajuan ini tidak ada, atau bukan untuk Anda."))
    return found


def of_package(package_id: str) -> Sequence[Submission]:
    """Return the versions of a dataset, or the one a working copy holds, newest first."""
    return model.Session.scalars(
        sa.select(Submission)
        .where(sa.or_(Submission.package_id == package_id, Submission.content_id == package_id))
        .order_by(*_NEWEST)
    ).all()


def content(content_id: str) -> Submission | None:
    """Return the version whose content a package holds now, without locking it."""
    return model.Session.scalars(_content(content_id)).first()


def lock_content(content_id: str) -> Submission | None:
    """Return the version whose content a package holds now, locked until the commit."""
    return model.Session.scalars(
        _content(content_id).with_for_update(), execution_options={"populate_existing": True}
    ).first()


def _content(content_id: str) -> sa.Select[tuple[Submission]]:
    return (sa.select(Submission).where(Submission.content_id == content_id)
            .order_by(*_NEWEST).limit(1))


def lock_family(package_id: str) -> list[Submission]:
    """Lock every version of a dataset, oldest first (always: no two lockers wait in a ring)."""
    return list(model.Session.scalars(
        sa.select(Submission).where(Submission.package_id == package_id)
        .order_by(*_OLDEST).with_for_update(),
        execution_options={"populate_existing": True}))


def try_lock_family(package_id: str) -> list[Submission]:
    """Lock every version of a dataset without waiting; nothing where somebody holds one.

    In the order of :func:`lock_family`, and it never waits: it cannot stand in a ring of lockers.
    """
    mine = sa.select(Submission).where(Submission.package_id == package_id)
    got = list(model.Session.scalars(
        mine.order_by(*_OLDEST).with_for_update(skip_locked=True),
        execution_options={"populate_existing": True}))
    there = model.Session.scalar(sa.select(sa.func.count()).select_from(mine.subquery()))
    return got if len(got) == there else []


def open_of(package_id: str) -> Submission | None:
    """Return the version under way of a dataset."""
    return model.Session.scalars(sa.select(Submission).where(
        Submission.package_id == package_id,
        Submission.state.in_([each.value for each in OPEN]))).first()


def visible_open(package_id: str) -> Submission | None:
    """Return the version under way that has a working copy of its own."""
    found = open_of(package_id)
    return found if found is not None and found.content_id != package_id else None


def is_public(package_id: str) -> bool:
    """Tell whether a version of this dataset is published."""
    return model.Session.scalar(sa.select(sa.exists().where(
        Submission.package_id == package_id,
        Submission.state.in_([each.value for each in PUBLIC])))) or False


def was_public(package_id: str) -> bool:
    """Tell whether any version of this dataset ever was published."""
    return model.Session.scalar(sa.select(sa.exists().where(
        Submission.package_id == package_id, Submission.published_at.is_not(None)))) or False


def findings(submission_id: str) -> Sequence[Finding]:
    """Return the catatan of a submission that were not taken back, oldest first."""
    return model.Session.scalars(
        sa.select(Finding)
        .where(Finding.submission_id == submission_id, Finding.withdrawn_at.is_(None))
        .order_by(Finding.created_at, Finding.id)).all()
