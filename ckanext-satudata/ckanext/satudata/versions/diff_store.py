"""Rows of comparisons: found by what decides their answer, worked on by one process at a time.

Everything here is on a connection of its own that commits at once. Who works on a comparison
holds an advisory lock of the database: when the process dies the lock is free, and the next one
takes the comparison up again.
"""
from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from ckanext.satudata.shared import blob_ledger
from ckanext.satudata.versions.diff_model import Diff

__all__ = ["Asked", "ensure", "forget", "note", "stuck", "worked_on"]

#: First half of the advisory lock ("BAND"); the second is made of the id.
_SPACE = 0x42414E44
#: After so long a comparison that broke is begun once more when somebody asks.
AGAIN = dt.timedelta(hours=1)
_TABLE = Diff.__table__
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


@contextmanager
def worked_on(identifier: str) -> Iterator[tuple[Connection, Mapping[str, Any]] | None]:
    """Hold a comparison; None where another process has it, or there is nothing to do."""
    with model.ensure_engine().connect() as plain:
        connection = plain.execution_options(isolation_level="AUTOCOMMIT")
        name = {"space": _SPACE, "id": identifier}
        if not connection.scalar(
                sa.text("SELECT pg_try_advisory_lock(:space, hashtext(:id))"), name):
            yield None
            return
        try:
            row = _rows(connection, [identifier]).get(identifier)
            yield (connection, row) if row and row["finished_at"] is None else None
        finally:
            connection.execute(sa.text("SELECT pg_advisory_unlock(:space, hashtext(:id))"), name)


def note(connection: Connection, identifier: str, **values: Any) -> None:
    """Write down how far a comparison is; a state that ends it is written with its time."""
    if values.get("state") in ("siap", "gagal"):
        values["finished_at"] = _now()
    if values.get("state") == "berjalan":
        values |= {"started_at": _now(), "attempts": _TABLE.c.attempts + 1}
    connection.execute(sa.update(_TABLE).where(_TABLE.c.id == identifier).values(**values))


def stuck(before: dt.datetime, limit: int = 20) -> list[str]:
    """Return comparisons that nobody works on though they were asked for before a time."""
    with model.ensure_engine().begin() as connection:
        waiting = connection.scalars(
            sa.select(_TABLE.c.id).where(_TABLE.c.finished_at.is_(None),
                                         _TABLE.c.created_at < before)
            .order_by(_TABLE.c.created_at).limit(limit)).all()
        return [each for each in waiting if connection.scalar(
            sa.text("SELECT pg_try_advisory_xact_lock(:space, hashtext(:id))"),
            {"space": _SPACE, "id": each})]


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
