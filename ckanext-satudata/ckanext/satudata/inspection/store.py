"""Rows of inspections: what is wanted of each file now, made as ``shared/work.py`` says."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from ckanext.satudata.domain.inspection.pipeline import ENGINE
from ckanext.satudata.inspection.model import WAITING, Inspection
from ckanext.satudata.inspection.order import Wanted
from ckanext.satudata.shared.work import Work

__all__ = ["WORK", "begin_again", "by_id", "current", "current_named", "current_of", "drop",
           "ensure", "failed", "finished_like", "made", "names", "note", "stuck", "waiting",
           "worked_on"]

_TABLE = Inspection.__table__
WORK = Work("periksa", 0x50524B53, _TABLE, _TABLE.c.asked_at)
worked_on, note, stuck = WORK.worked_on, WORK.note, WORK.stuck
_NEWEST = (Inspection.asked_at.desc(), Inspection.id)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)


def ensure(asked: Iterable[Wanted]) -> list[str]:
    """Write down what is wanted; a file read before under the same key is not read again.

    :returns: ids of finished inspections that are the wanted ones only now: what they say is to
        be told once more
    """
    told: list[str] = []
    with model.ensure_engine().begin() as connection:
        for each in asked:
            row = connection.execute(
                sa.select(_TABLE.c.id, _TABLE.c.finished_at, _TABLE.c.stripped_at)
                .where(_TABLE.c.resource_id == each.resource_id)
                .order_by(_TABLE.c.asked_at.desc(), _TABLE.c.id)).all()
            mine = next((known for known in row if known.id == each.id), None)
            if mine is None:
                if _add(connection, each):
                    told.append(each.id)
            elif mine.stripped_at is not None:
                _begin_again(connection, _TABLE.c.id == each.id)
            elif row[0].id != each.id:
                connection.execute(sa.update(_TABLE).where(_TABLE.c.id == each.id)
                                   .values(asked_at=_now()))
                if mine.finished_at is not None:
                    told.append(each.id)
    return told


def _add(connection: Connection, asked: Wanted) -> bool:
    """Add an inspection; tell whether it is made already, of equal bytes in the same dataset."""
    now = _now()
    values: dict[str, Any] = {
        "id": asked.id, "package_id": asked.content.package_id,
        "content_id": asked.content.content_id, "resource_id": asked.resource_id,
        "key": asked.key, "sha256": asked.sha256, "recipe_hash": asked.recipe_hash,
        "engine": ENGINE, "asked": asked.asked, "state": "antre", "progress": 0, "attempts": 0,
        "files": {}, "counts": {}, "scores": {}, "created_at": now, "asked_at": now}
    like = connection.execute(sa.select(_TABLE).where(
        _TABLE.c.key == asked.key, _TABLE.c.state.in_(("selesai", "ditolak")),
        _TABLE.c.stripped_at.is_(None)).limit(1)).mappings().first()
    if like is not None:
        values |= {name: like[name] for name in (
            "state", "progress", "report", "files", "counts", "scores", "finished_at")}
    made = connection.execute(
        insert(_TABLE).values(values).on_conflict_do_nothing().returning(_TABLE.c.id)).first()
    return made is not None and like is not None


def current(resource_id: str) -> Inspection | None:
    """Return what is wanted of a resource now, made or not."""
    return model.Session.scalars(
        sa.select(Inspection).where(Inspection.resource_id == resource_id)
        .order_by(*_NEWEST).limit(1), execution_options={"populate_existing": True}).first()


def current_of(content_id: str) -> dict[str, Inspection]:
    """Return what is wanted now of the files of a version, by resource."""
    return _current(Inspection.content_id == content_id)


def current_named(resource_ids: Iterable[str]) -> dict[str, Inspection]:
    """Return what is wanted now of these files, by resource."""
    return _current(Inspection.resource_id.in_(list(resource_ids)))


def _current(which: sa.ColumnElement[bool]) -> dict[str, Inspection]:
    found = model.Session.scalars(
        sa.select(Inspection).where(which)
        .distinct(Inspection.resource_id).order_by(Inspection.resource_id, *_NEWEST),
        execution_options={"populate_existing": True})
    return {each.resource_id: each for each in found}


def names(content_id: str) -> set[str]:
    """Return of what in a version inspections were ever wanted: files, and tables beside them."""
    return set(model.Session.scalars(
        sa.select(Inspection.resource_id).where(Inspection.content_id == content_id)))


def finished_like(package_id: str, sha256: str) -> Inspection | None:
    """Return an inspection of these bytes in this dataset whose values are still there."""
    return model.Session.scalars(
        sa.select(Inspection).where(
            Inspection.package_id == package_id, Inspection.sha256 == sha256,
            Inspection.finished_at.is_not(None), Inspection.stripped_at.is_(None))
        .order_by(*_NEWEST).limit(1), execution_options={"populate_existing": True}).first()


def made(package_id: str, sha256: str) -> Inspection | None:
    """Return an inspection of this dataset that made these bytes: a clean table of its file."""
    files = sa.func.jsonb_each_text(Inspection.files).table_valued("key", "value")
    return model.Session.scalars(
        sa.select(Inspection).where(
            Inspection.package_id == package_id, Inspection.finished_at.is_not(None),
            Inspection.stripped_at.is_(None),
            sa.exists(sa.select(1).select_from(files).where(files.c.value == sha256)))
        .order_by(*_NEWEST).limit(1), execution_options={"populate_existing": True}).first()


def by_id(identifier: str) -> Inspection | None:
    """Return an inspection."""
    return model.Session.get(Inspection, identifier)


def waiting(content_id: str) -> list[Inspection]:
    """Return the inspections of a version that somebody still waits for."""
    return [each for each in current_of(content_id).values() if each.state in WAITING]


def drop(connection: Connection, identifier: str) -> None:
    """Forget an inspection that nobody wants any more."""
    connection.execute(sa.delete(_TABLE).where(
        _TABLE.c.id == identifier, _TABLE.c.finished_at.is_(None)))


def failed(resource_ids: Iterable[str]) -> int:
    """Return how many inspections of these files we failed to make."""
    with model.ensure_engine().connect() as connection:
        return connection.scalar(
            sa.select(sa.func.count()).select_from(_TABLE).where(
                _TABLE.c.resource_id.in_(list(resource_ids)), _TABLE.c.state == "gagal")) or 0


def begin_again(resource_ids: Iterable[str]) -> None:
    """Let inspections that we failed to make be tried once more."""
    with model.ensure_engine().begin() as connection:
        _begin_again(connection, sa.and_(
            _TABLE.c.resource_id.in_(list(resource_ids)), _TABLE.c.state == "gagal"))


def _begin_again(connection: Connection, which: Any) -> None:
    connection.execute(sa.update(_TABLE).where(which).values(
        state="antre", progress=0, attempts=0, finished_at=None, stripped_at=None,
        asked_at=_now()))
