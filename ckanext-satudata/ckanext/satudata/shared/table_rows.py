"""The rows of a table as a file: what is approved, compared and kept of data without one.

Of most resources the file is the data and its table is made of it. Where somebody wrote rows only
(``url_type`` datastore, or a link with a table), the table is what is inspected and published, so
its rows are kept as CSV: the same rows are the same bytes, whatever order they were written in.
So are those of a table beside a file, under a name of their own (:func:`beside`): CKAN lets
whoever writes the dataset put any rows there, and they become public with it.
"""
from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from typing import IO, Any

import sqlalchemy as sa
from ckanext.datastore.backend import postgres
from psycopg2.errors import UndefinedTable
from sqlalchemy.engine import Connection

from ckanext.satudata.shared import blobs, datastore
from ckanext.satudata.shared.storage_errors import refusing

__all__ = ["beside", "digests", "marks", "resource_of", "snapshots"]

#: A million rows of ten columns take a few seconds; whoever hands in waits for them.
SECONDS = 300
#: Rows up to this size stay in memory.
SPOOL = 8 * 1024 * 1024
#: What PostgreSQL would write by the settings of a server or a role.
_SETTINGS = {"datestyle": "ISO, YMD", "timezone": "UTC", "intervalstyle": "iso_8601",
             "extra_float_digits": "1", "bytea_output": "hex",
             "statement_timeout": f"{SECONDS}s"}


def beside(resource_id: str) -> str:
    """Return the name of the table beside a file: no resource can have this id."""
    return f"{resource_id}/tabel"


def resource_of(name: str) -> str:
    """Return the resource that a name means, of a file or of the table beside it."""
    return name.partition("/")[0]


def snapshots(package: Mapping[str, Any], files: bool = True) -> dict[str, str]:
    """Store the rows of a shown dataset's tables.

    :param files: those beside files as well; who writes one of them in the running transaction
        would wait here for themselves
    :returns: id of a resource whose table is the data, or name of the table beside its file ->
        SHA-256 of its rows as CSV
    :raises sqlalchemy.exc.OperationalError: the datastore does not answer
    :raises ValidationError: no room is left, or the storage of files is away, in words
    """
    found: dict[str, str] = {}
    for resource, table in _tables(package, files).items():
        with refusing(), tempfile.SpooledTemporaryFile(SPOOL) as stream:
            if _write(table, stream):
                found[resource] = blobs.store(stream, "text/csv")
    return found


def digests(package: Mapping[str, Any], files: bool = True) -> dict[str, str]:
    """Return the same without storing anything."""
    found: dict[str, str] = {}
    for resource, table in _tables(package, files).items():
        digest = _Digest()
        if _write(table, digest):
            found[resource] = digest.hexdigest()
    return found


def marks(package: Mapping[str, Any], files: bool = True) -> dict[str, str]:
    """Return of each of these tables a mark that is another after any write to it.

    A write leaves rows with a newer transaction than any before, or fewer rows; a change of
    columns does the same to the catalogue. To count them takes a tenth of reading them. A table
    may have got another mark and the same rows (restored, rewritten): only equal marks prove.
    """
    tables = _tables(package, files)
    if not tables:
        return {}
    with postgres.get_read_engine().connect() as connection:
        return {resource: _mark(connection, postgres.identifier(table))
                for resource, table in tables.items()}


def _mark(connection: Connection, table: str) -> str:
    named = table.replace("%", "%%")
    return connection.exec_driver_sql(
        "SELECT concat_ws('/', %(name)s::regclass::oid, (SELECT sum(xmin::text::bigint) "
        "FROM pg_attribute WHERE attrelid = %(name)s::regclass), count(*), "
        f"sum(xmin::text::bigint)) FROM public.{named}", {"name": f"public.{table}"}).scalar_one()


class _Digest:
    """Takes bytes and keeps their hash alone."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        return len(data)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def _tables(package: Mapping[str, Any], beside_files: bool) -> dict[str, str]:
    """Return the resources whose table is the data, and the table each of them shows.

    Beside files the tables somebody wrote: what a working copy inherits was published before.
    """
    files, asked = list[str](), dict[str, bool]()
    for each in package.get("resources") or ():
        if each.get("sha256") or each.get("url_type") == "upload":
            files += [each["id"]] if beside_files else []
        else:
            asked[each["id"]] = bool(each.get("asal_resource_id"))
    there = datastore.existing([*asked, *files])
    shown = {each: each for each in asked if each in there}
    copies = [each for each, is_copy in asked.items() if is_copy and each not in shown]
    if copies:
        shown |= datastore.inherited(copies)
    return {**{each: shown[each] for each in asked if each in shown},
            **{beside(each): each for each in files if each in there}}


def _write(table: str, into: IO[bytes] | _Digest) -> bool:
    """Write the rows of a table; tell whether it was still there."""
    with postgres.get_read_engine().connect() as connection:
        for name, value in _SETTINGS.items():
            connection.execute(
                sa.text("SELECT set_config(:name, :value, true)"), {"name": name, "value": value})
        rows = connection.execute(sa.text(
            "SELECT attname::text, attcollation <> 0, atttypid::regtype::text, "
            "attnum = ANY(coalesce((SELECT indkey::int2[] FROM pg_index "
            "  WHERE indrelid = attrelid AND indisunique AND NOT indisprimary "
            "  AND indexprs IS NULL ORDER BY indexrelid LIMIT 1), '{}')) "
            "FROM pg_attribute WHERE attrelid = to_regclass(:table) AND attnum > 0 "
            "AND NOT attisdropped AND attname NOT IN ('_id', '_full_text') ORDER BY attnum"),
            {"table": f"public.{postgres.identifier(table)}"}).all()
        columns = ", ".join(_said(name, kind) for name, _text, kind, _key in rows)
        # Texts by their bytes: another server may sort words otherwise.
        order = [postgres.identifier(name) + (' COLLATE "C"' if text else "")
                 for name, text, _kind, key in rows if key]
        query = (f"COPY (SELECT {columns} FROM {postgres.identifier(table)} "
                 f"ORDER BY {', '.join([*order, '_id'])}) TO STDOUT WITH (FORMAT csv, HEADER)")
        cursor: Any = connection.connection.cursor()
        try:
            cursor.copy_expert(query, into)
            return True
        except UndefinedTable:  # the version was discarded since its tables were listed
            return False
        finally:
            cursor.close()


def _said(name: str, kind: str) -> str:
    """Return a column as a clean table's file says it: ``true``, ``2026-05-24T16:30:00``."""
    column = postgres.identifier(name)
    if kind == "boolean":
        return f"{column}::text AS {column}"
    if kind == "timestamp without time zone":
        return f"replace({column}::text, ' ', 'T') AS {column}"
    return column
