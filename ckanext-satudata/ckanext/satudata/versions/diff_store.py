"""Rows of comparisons: found by what decides their answer, made as ``shared/work.py`` says."""
from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from ckanext.satudata.shared import blob_ledger
from ckanext.satudata.shared.work import Work
from ckanext.satudata.versions.diff_model import Diff

__all__ = ["WORK", "Asked", "ensure", "forget", "note", "stuck", "worked_on"]

#: After so long a comparison that broke is begun once more when somebody asks.
AGAIN = dt.timedelta(hours=1)
_TABLE = Diff.__table__
WORK = Work("banding", 0x42414E44, _TABLE, _TABLE.c.created_at)
worked_on, stuck = WORK.worked_on, WORK.stuck
#: A comparison nobody has begun yet.
_OUTSIDE = {
    **dict.fromkeys(column.name for column in _TABLE.c), "state": "menunggu", "progress": 0,
    "attempts": 0}


@dataclass(frozen=True)
class Asked:
    """Two files to compare, each with its hash, name and the way it is read."""

    old_sha256: str
    new_sha256: str
    names: tuple[str, str]
    kinds: tuple[str, str]
    keys: tuple[tuple[tuple[str, ...], str], ...] = ()
    schema: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def id(self) -> str:
        """Hash of what decides the answer; names of files do not."""
        parts = [self.old_sha256, self.new_sha256, self.kinds, self.keys, self.schema]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        """Return what is kept, as JSON data."""
        return {"names": list(self.names), "kinds": list(self.kinds), "schema": dict(self.schema),
                "keys": [[list(columns), source] for columns, source in self.keys]}


def _now() -> dt.datetime:
    return dt.datetime.now(dt.timezone.utc)


def ensure(asked: Iterable[Asked], room: int | None = None) -> dict[str, Mapping[str, Any]]:
    """Return the rows of comparisons by id; new ones wait.

    :param room: how many may wait at once before further ones are not even written down; they are
        returned as waiting, without an ``id``
    """
    wanted = {each.id: each for each in asked}
    if not wanted:
        return {}
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.update(_TABLE).where(
            _TABLE.c.id.in_(wanted), _TABLE.c.state == "gagal", _TABLE.c.error.is_(None),
            _TABLE.c.finished_at < _now() - AGAIN,
        ).values(state="menunggu", progress=0, attempts=0, finished_at=None, created_at=_now()))
        found = _rows(connection, wanted)
        missing = [each for identifier, each in wanted.items() if identifier not in found]
        if missing and room is not None and _waiting(connection) >= room:
            found |= {each.id: _OUTSIDE for each in missing}
        elif missing:
            connection.execute(insert(_TABLE).values([{
                "id": each.id, "old_sha256": each.old_sha256, "new_sha256": each.new_sha256,
                "asked": each.as_dict(), "state": "menunggu", "progress": 0, "attempts": 0,
                "created_at": _now()} for each in missing]).on_conflict_do_nothing())
            found = _rows(connection, wanted)
    return found


def _waiting(connection: Connection) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(_TABLE).where(
        _TABLE.c.finished_at.is_(None))) or 0


def _rows(connection: Connection, ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
    return {row["id"]: dict(row) for row in connection.execute(
        sa.select(_TABLE).where(_TABLE.c.id.in_(list(ids)))).mappings()}


def note(connection: Connection, identifier: str, **values: Any) -> None:
    """Write down how far a comparison is; a state that ends it is written with its time."""
    if values.get("state") in ("siap", "gagal"):
        values["finished_at"] = _now()
    WORK.note(connection, identifier, **values)


def forget(before: dt.datetime) -> int:
    """Delete comparisons of files that nothing refers to any more; return how many.

    What stood in a file that was purged or a draft thrown away stands in no comparison either.
    """
    with model.ensure_engine().begin() as connection:
        pairs = connection.execute(
            sa.select(_TABLE.c.old_sha256, _TABLE.c.new_sha256)
            .where(_TABLE.c.created_at < before)).all()
        hashes = {each for pair in pairs for each in pair}
        gone = hashes - blob_ledger.referred(hashes, connection) if hashes else set()
        return _forget(connection, gone, before)


def _forget(connection: Connection, hashes: set[str], before: dt.datetime) -> int:
    if not hashes:
        return 0
    return connection.execute(sa.delete(_TABLE).where(
        _TABLE.c.created_at <= before,
        sa.or_(_TABLE.c.old_sha256.in_(hashes), _TABLE.c.new_sha256.in_(hashes)))).rowcount
