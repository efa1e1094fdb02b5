"""Gives a working copy's file a table of its own, like the published one down to its indexes.

Only when somebody is about to write rows: a revision of which only the words change copies
nothing, and its publication neither moves nor locks the table.
"""
from __future__ import annotations

import hashlib

import sqlalchemy as sa
from ckanext.datastore.backend import postgres
from sqlalchemy.engine import Connection

from ckanext.satudata.tables import indexes
from ckanext.satudata.tables.moving import grant

__all__ = ["copy_table", "drop_table"]

#: A table of millions of rows is copied while its writer waits, once.
COPY_SECONDS = 600
LOCK_SECONDS = 10
#: The index of full text takes most of the time; with the server's 64 MB a fifth more of it.
SORT_MEMORY = "256MB"


def copy_table(source: str, target: str, rows: bool = True) -> None:
    """Make a table like another, with key, indexes, notes of columns, triggers and full text.

    :param rows: with what it holds; without, only its form
    """
    with postgres.get_write_engine().begin() as connection:
        connection.execute(sa.text(f"SET LOCAL statement_timeout = '{COPY_SECONDS}s'"))
        connection.execute(sa.text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
        connection.execute(sa.text(f"SET LOCAL maintenance_work_mem = '{SORT_MEMORY}'"))
        old, new = postgres.identifier(source), postgres.identifier(target)
        _run(connection, f"CREATE TABLE {new} (LIKE {old} INCLUDING DEFAULTS "
                         "INCLUDING CONSTRAINTS INCLUDING COMMENTS INCLUDING STORAGE)")
        _number_rows(connection, source, target)
        if rows:
            _run(connection, f"INSERT INTO {new} SELECT * FROM {old}")
        _run(connection, f"ALTER TABLE {new} ADD CONSTRAINT "
                         f"{postgres.identifier(f'{target}_pkey')} PRIMARY KEY (_id)")
        _index(connection, source, target)
        _trigger(connection, source, target)
        grant(connection, [target])
        if rows:
            connection.execute(sa.text(
                "INSERT INTO _table_stats (resource_id, stats) SELECT :new, stats "
                "FROM _table_stats WHERE resource_id = :old ON CONFLICT DO NOTHING"),
                {"old": source, "new": target})


def drop_table(name: str) -> None:
    """Take back a copy whose write came to nothing."""
    with postgres.get_write_engine().begin() as connection:
        _run(connection, f"DROP TABLE IF EXISTS {postgres.identifier(name)} CASCADE")
        connection.execute(
            sa.text("DELETE FROM _table_stats WHERE resource_id = :name"), {"name": name})


def _number_rows(connection: Connection, source: str, target: str) -> None:
    """Let rows be numbered on from where the published table is, by a sequence of its own."""
    sequence = postgres.identifier(f"{target}__id_seq")
    _run(connection, f"CREATE SEQUENCE {sequence} AS integer "
                     f"OWNED BY {postgres.identifier(target)}._id")
    _run(connection, f"ALTER TABLE {postgres.identifier(target)} ALTER COLUMN _id "
                     f"SET DEFAULT nextval({postgres.literal_string(sequence)})")
    former = connection.scalar(
        sa.text("SELECT pg_get_serial_sequence(:table, '_id')"),
        {"table": postgres.identifier(source)})
    if former:
        connection.execute(
            sa.text(f"SELECT setval(:sequence, last_value, is_called) FROM {former}"),
            {"sequence": sequence})


def _index(connection: Connection, source: str, target: str) -> None:
    named = dict(indexes.names(connection, source, target))
    rows = connection.execute(sa.text("""
        SELECT c.relname, x.indisunique, pg_get_indexdef(x.indexrelid)
        FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
        WHERE x.indrelid = to_regclass(:table) AND NOT x.indisprimary ORDER BY c.relname"""),
        {"table": f"public.{postgres.identifier(source)}"}).all()
    for name, unique, definition in rows:
        # One of a name CKAN would not give gets one that no other index has.
        new = named.get(name) or hashlib.sha1(f"{target}{name}".encode()).hexdigest()
        _run(connection, f"CREATE {'UNIQUE ' if unique else ''}INDEX {postgres.identifier(new)} "
                         f"ON {postgres.identifier(target)} USING "
                         + definition.split(" USING ", 1)[1])


def _trigger(connection: Connection, source: str, target: str) -> None:
    rows = connection.execute(sa.text("""
        SELECT t.tgname, t.tgfoid::regproc::text FROM pg_trigger t
        WHERE t.tgrelid = to_regclass(:table) AND NOT t.tgisinternal ORDER BY t.tgname"""),
        {"table": f"public.{postgres.identifier(source)}"}).all()
    for name, function in rows:  # the datastore knows this one kind only
        _run(connection, f"CREATE TRIGGER {postgres.identifier(name)} BEFORE INSERT OR UPDATE "
                         f"ON {postgres.identifier(target)} "
                         f"FOR EACH ROW EXECUTE PROCEDURE {function}()")


def _run(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement.replace("%", "%%"))
