"""Datasets that were public before versions were kept: each is taken in as the version it is."""
from __future__ import annotations

from dataclasses import dataclass, field

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata import config
from ckanext.satudata.domain.access import level_of
from ckanext.satudata.domain.restriction import lacks
from ckanext.satudata.domain.workdays import local
from ckanext.satudata.shared import doors, legacy_files, moment, outbox
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.versions.model import Version

__all__ = ["TakenIn", "take_in", "waiting"]


@dataclass(frozen=True)
class TakenIn:
    """A dataset that has its version now.

    :ivar number: of the version; ``None`` if it had one already, or is public no more
    :ivar missing: names of its files whose bytes are not in the storage
    :ivar lacks: msgids of what its restriction lacks: it was public before that was asked
    """

    number: int | None
    missing: list[str] = field(default_factory=list[str])
    lacks: tuple[str, ...] = ()


class _NothingToDo(Exception):
    """Leaves the unit of work without a trace."""


def waiting() -> list[tuple[str, str]]:
    """Return id and title of what is public and has no version that is."""
    package = model.Package.__table__
    current = sa.exists().where(Version.package_id == package.c.id, Version.ended_at.is_(None))
    rows = model.Session.execute(
        sa.select(package.c.id, package.c.title, package.c.name)
        .where(package.c.state == "active", ~package.c.private,
               package.c.type.in_(("dataset", "kegiatan", "indikator")), ~current)
        .order_by(package.c.metadata_created, package.c.id)).all()
    model.Session.rollback()
    return [(row.id, row.title or row.name) for row in rows]


def take_in(package_id: str, user: str) -> TakenIn:
    """Take one dataset in, in one commit; again, it does nothing.

    :param user: name of who runs the command
    :raises ValidationError: a file cannot be stored, in words
    """
    try:
        with unit_of_work():
            with doors.existing_recorded(package_id, user) as submission_id:
                if submission_id is None or _current(package_id):
                    raise _NothingToDo
                missing = legacy_files.take_in(package_id)
            number, content = model.Session.execute(sa.select(Version.number, Version.content)
                .where(Version.submission_id == submission_id)).one()
            restricted = level_of(content.get("access_rights")).restricted
            key = f"indeks:versi:{submission_id}"
            if restricted:  # the index still says where its files lie
                outbox.put("indeks", key, {"packages": [package_id]})
    except _NothingToDo:
        return TakenIn(None)
    if restricted:
        outbox.drain(limit=1, keys=[key])
    return TakenIn(number, missing, lacks(
        content, local(moment.now(), config.zona_waktu()).date()))


def _current(package_id: str) -> bool:
    return bool(model.Session.scalar(sa.select(sa.exists().where(
        Version.package_id == package_id, Version.ended_at.is_(None)))))
