"""Puts the tables of a published version in their places: the second half of ``terbitkan``.

CKAN's database and the datastore cannot commit together, so CKAN's commit writes what is to be
done here (``journal.py``), and this is repeated until it is done. Each try is one transaction of
the datastore, so a process may die at any point: the tables are all in place or none is, and a
table of the copy that is not there any more has been moved already.

The old table must be free to be dropped. A reader who still holds it is waited for briefly and
then again later (``BACKOFF``): to wait long in the lock's queue would stop those behind, among
them that same reader, who counts rows on another connection.
"""
from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from ckanext.datastore.backend import postgres
from sqlalchemy.engine import Connection

from ckanext.satudata.shared import outbox
from ckanext.satudata.tables import indexes
from ckanext.satudata.tables.journal import KIND

__all__ = ["aliases_of", "grant", "move_tables"]

log = logging.getLogger(__name__)

#: Seconds until the next try: a datastore that comes back is brought forward within seconds.
BACKOFF = (1, 2, 5, 10, 30)
#: How long one try waits for readers of the old table, and how many follow at once.
LOCK_MS = 200
TRIES = 3
PAUSE_SECONDS = 0.05
_NO_LOCK = "55P03"


@outbox.handles(KIND, backoff=BACKOFF)
def move_tables(payload: dict[str, Any]) -> None:
    """Give published resources the tables of the copy, and drop those that are out of date.

    :param payload: ``take``: table of the copy and resource that gets it; ``drop``: tables
    :raises sqlalchemy.exc.OperationalError: a reader holds one, or the datastore is down
    """
    for left in reversed(range(TRIES)):
        try:
            _move(payload)
            return
        except sa.exc.OperationalError as error:
            if left == 0 or getattr(error.orig, "pgcode", None) != _NO_LOCK:
                raise
            time.sleep(PAUSE_SECONDS)


@outbox.handles("tabel_buang", backoff=BACKOFF)
def drop_tables(payload: dict[str, Any]) -> None:
    """Drop the tables of a working copy that came to nothing; nobody else reads them."""
    move_tables({"drop": payload["drop"]})


def _move(payload: dict[str, Any]) -> None:
    take = [(source, target) for source, target in payload.get("take", [])]
    drop = list(payload.get("drop", []))
    with postgres.get_write_engine().begin() as connection:
        connection.execute(sa.text(f"SET LOCAL lock_timeout = {LOCK_MS}"))
        there = _lock(connection, {*drop, *(name for pair in take for name in pair)})
        for source, target in take:
            if source in there:
                _take(connection, source, target, target in there)
        for name in drop:
            if name in there:
                _drop(connection, name)


def _lock(connection: Connection, names: set[str]) -> set[str]:
    """Lock the tables that exist, in one order for all who lock several; return their names.

    Before anything else is touched: a reader holds a table and then asks for its row of figures.
    """
    there = set(connection.execute(sa.text(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' "
        "AND tablename = ANY(:names)"), {"names": sorted(names)}).scalars())
    if there:
        listed = ", ".join(postgres.identifier(name) for name in sorted(there))
        _run(connection, f"LOCK TABLE {listed} IN ACCESS EXCLUSIVE MODE")
    return there


def _take(connection: Connection, source: str, target: str, replaces: bool) -> None:
    """Let a table of the copy be the published one, with the aliases of both.

    An alias is an address others rely on: the published ones stay whatever the draft named.
    """
    aliases = sorted({*_aliases(connection, source), *_aliases(connection, target)})
    table, views = postgres.identifier(target), [postgres.identifier(each) for each in aliases]
    # In one go: the public waits for every turn between the servers.
    _run(connection, ";\n".join([
        *(f"DROP VIEW {view} CASCADE" for view in views),
        *([f"DROP TABLE {table} CASCADE"] if replaces else []),
        *(f"ALTER INDEX {postgres.identifier(old)} RENAME TO {postgres.identifier(new)}"
          for old, new in indexes.names(connection, source, target)),
        f"ALTER TABLE {postgres.identifier(source)} RENAME TO {table}",
        *(f"CREATE VIEW {view} AS SELECT * FROM {table}" for view in views),
        *_granted(connection, [target, *aliases]),
    ]))
    _count(connection, target, source)


def _drop(connection: Connection, name: str) -> None:
    _run(connection, f"DROP TABLE {postgres.identifier(name)} CASCADE")
    _count(connection, name, None)


def _aliases(connection: Connection, table: str) -> Iterator[str]:
    """Return the views that show the whole of a table, as the datastore makes aliases.

    A view an operator made himself shows something else: it goes with the table, as it does
    whenever CKAN replaces one.
    """
    return connection.execute(sa.text("""
        SELECT DISTINCT v.relname FROM pg_depend d
        JOIN pg_rewrite r ON r.oid = d.objid
        JOIN pg_class v ON v.oid = r.ev_class AND v.relkind = 'v'
        WHERE d.refobjid = to_regclass(:table) AND d.classid = 'pg_rewrite'::regclass
        AND NOT EXISTS (
            (SELECT attname FROM pg_attribute
             WHERE attrelid = d.refobjid AND attnum > 0 AND NOT attisdropped)
            EXCEPT SELECT attname FROM pg_attribute WHERE attrelid = v.oid AND attnum > 0)
        """), {"table": f"public.{postgres.identifier(table)}"}).scalars()


def aliases_of(table: str) -> set[str]:
    """Return the names under which a table is read beside its own."""
    with postgres.get_read_engine().connect() as connection:
        return set(_aliases(connection, table))


def grant(connection: Connection, names: Iterable[str]) -> None:
    """Let the reading role read them, also where nobody set default privileges."""
    for statement in _granted(connection, names):
        _run(connection, statement)


def _granted(connection: Connection, names: Iterable[str]) -> list[str]:
    reader = sa.engine.make_url(postgres.config["ckan.datastore.read_url"]).username
    known = connection.scalar(
        sa.text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": reader})
    if not known:  # a pool in between has names of its own: default privileges have to do
        return []
    listed = ", ".join(postgres.identifier(name) for name in names)
    return [f"GRANT SELECT ON {listed} TO {postgres.identifier(str(reader))}"]


def _count(connection: Connection, name: str, source: str | None) -> None:
    """Let the number of rows CKAN keeps move along with the table."""
    connection.execute(
        sa.text("DELETE FROM _table_stats WHERE resource_id = :name"), {"name": name})
    if source:
        connection.execute(
            sa.text("UPDATE _table_stats SET resource_id = :name WHERE resource_id = :source"),
            {"name": name, "source": source})


def _run(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement.replace("%", "%%"))
