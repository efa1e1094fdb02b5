"""Work that takes long, one row of a table for each: made by one process at a time.

Rows are read and written on a connection of their own that commits at once: whoever asks may be in
the middle of another transaction. Who works on one holds an advisory lock of the database: when
the process dies the lock is free, and the next one takes it up.
"""
from __future__ import annotations

import contextlib
import datetime as dt
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib.redis import connect_to_redis
from sqlalchemy.engine import Connection

__all__ = ["Work"]

log = logging.getLogger(__name__)

#: A worker forks for each job; one in the queue is enough.
_QUEUED_SECONDS = 60
_JOB_SECONDS = 900


@dataclass(frozen=True)
class Work:
    """One kind of it.

    :ivar name: in the queue and of its folders
    :ivar space: first half of the advisory lock; the second is made of the id
    :ivar table: has ``id``, ``state``, ``attempts``, ``started_at`` and ``finished_at``
    :ivar asked_at: column of when a row was wanted
    """

    name: str
    space: int
    table: Any
    asked_at: Any

    @contextmanager
    def worked_on(self, identifier: str) -> Iterator[tuple[Connection, Mapping[str, Any]] | None]:
        """Hold a row; None where another process has it, or there is nothing to do."""
        with model.ensure_engine().connect() as plain:
            connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            name = {"space": self.space, "id": identifier}
            if not connection.scalar(
                    sa.text("SELECT pg_try_advisory_lock(:space, hashtext(:id))"), name):
                yield None
                return
            try:
                row = connection.execute(
                    sa.select(self.table).where(self.table.c.id == identifier)).mappings().first()
                yield (connection, dict(row)) if row and row["finished_at"] is None else None
            finally:
                connection.execute(
                    sa.text("SELECT pg_advisory_unlock(:space, hashtext(:id))"), name)

    def note(self, connection: Connection, identifier: str, **values: Any) -> None:
        """Write down how far it is."""
        if values.get("state") == "berjalan":
            values |= {"started_at": dt.datetime.now(dt.timezone.utc),
                       "attempts": self.table.c.attempts + 1}
        connection.execute(
            sa.update(self.table).where(self.table.c.id == identifier).values(**values))

    def stuck(self, before: dt.datetime, limit: int = 20) -> list[str]:
        """Return what nobody works on though it was wanted before a time."""
        with model.ensure_engine().begin() as connection:
            found = connection.scalars(
                sa.select(self.table.c.id)
                .where(self.table.c.finished_at.is_(None), self.asked_at < before)
                .order_by(self.asked_at).limit(limit)).all()
            return [each for each in found if connection.scalar(
                sa.text("SELECT pg_try_advisory_xact_lock(:space, hashtext(:id))"),
                {"space": self.space, "id": each})]

    def wake(self, run: Callable[[str], Any], identifier: str) -> None:
        """Ask a worker to make it, unless one was asked a moment ago."""
        try:
            flag = f"ckan:{tk.config['ckan.site_id']}:satudata:{self.name}:{identifier}"
            if connect_to_redis().set(flag, "1", nx=True, ex=_QUEUED_SECONDS):
                tk.enqueue_job(run, [identifier], title=f"satudata: {self.name}",
                               rq_kwargs={"timeout": _JOB_SECONDS})
        except Exception:  # the queue is down: the scheduler asks again
            log.warning("No worker could be asked for %s %s", self.name, identifier, exc_info=True)

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """Give a folder to work in, gone with the work."""
        with tempfile.TemporaryDirectory(prefix=self._prefix) as folder:
            yield Path(folder)

    def sweep(self, now: dt.datetime) -> None:
        """Delete the folders that killed workers left behind."""
        for each in Path(tempfile.gettempdir()).glob(f"{self._prefix}*"):
            with contextlib.suppress(OSError):  # another's, or gone by now
                if each.lstat().st_mtime < now.timestamp() - 2 * _JOB_SECONDS:
                    shutil.rmtree(each, ignore_errors=True)

    @property
    def _prefix(self) -> str:
        return f"satudata-{self.name}-"
