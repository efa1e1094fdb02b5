"""Fill a datastore table by COPY, in one transaction that the caller ends.

``datastore_create`` with records takes each row through a Python dict and an
INSERT; COPY is about four times faster (tests/benchmarks/bench_load.py). The table
itself is made by the datastore's own functions, so it has what every datastore
table has: ``_id``, ``_full_text`` with its trigger and index, column notes.

The new table is filled under another name and takes the place of the old one in
the same transaction: readers see the old rows or the new ones, and a failure at
any step leaves the old.
"""
from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckanext.datastore.backend import postgres

__all__ = ["Content", "Filling", "content_of"]

#: Table Schema type -> PostgreSQL type. Whole numbers are bigint, not numeric:
#: clients then see 12, not "12".
TYPES = {"integer": "bigint", "year": "bigint", "number": "numeric", "date": "date",
         "datetime": "timestamp", "boolean": "bool", "string": "text"}


@dataclass(frozen=True)
class Content:
    """What a datastore table was filled from: hash of the file, number of rows."""

    sha256: str
    rows: int


def content_of(resource_ids: Iterable[str]) -> dict[str, Content]:
    """Return what each datastore table was filled from.

    It is kept as comment of the table, in the same transaction as the rows, so
    it cannot say anything but what the table holds.
    """
    ids = list(resource_ids)
    if not ids:
        return {}
    with postgres.get_read_engine().connect() as connection:
        found = connection.execute(sa.text(
            "SELECT relname, obj_description(oid, 'pg_class') FROM pg_class "
            "WHERE relkind = 'r' AND relname = ANY(:ids)"), {"ids": ids})
        matches = {name: _COMMENT.fullmatch(comment or "") for name, comment in found}
        return {
            name: Content(match[1], int(match[2])) for name, match in matches.items() if match
        }

_COMMENT = re.compile(r"sha256 ([0-9a-f]{64}) rows (\d+)")
#: Characters of a row that the search index covers; a tsvector ends at 1 MB.
SEARCHED = 200_000


class Filling:
    """Tables being filled; a context manager around one datastore transaction.

    Without :meth:`commit` nothing has happened.
    """

    def __init__(self) -> None:
        self._connection: Any = None
        self._resources: list[str] = []

    def __enter__(self) -> Filling:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._connection is not None:
            self._connection.rollback()
            self._connection.close()
            self._connection = None

    def fill(self, context: dict[str, Any], resource_id: str, fields: list[dict[str, Any]],
             rows: Path, content: Content, header: bool = False) -> None:
        """Put the rows of a CSV in the place of the resource's table.

        :param fields: ``id``, ``type`` (Table Schema) and ``info`` of each column.
        :param content: what the rows come from.
        :param header: the file begins with a line of names, which is passed over.
        :raises NotAuthorized: as ``datastore_create`` would.
        """
        tk.check_access("datastore_create", context, {"resource_id": resource_id})
        if self._connection is None:
            engine = postgres.get_write_engine()
            postgres._cache_types(engine)
            self._connection = engine.connect()
        staging = f"satudata_muat_{uuid.uuid4().hex}"
        columns = [
            {"id": field["id"], "type": TYPES.get(field["type"], "text"),
             "info": field.get("info") or {}}
            for field in fields
        ]
        inner = {"connection": self._connection}
        postgres.create_table(inner, {"resource_id": staging, "fields": columns}, {})
        self._copy(staging, [column["id"] for column in columns], rows, header)
        self._take_place(inner, staging, resource_id, content)
        self._resources.append(resource_id)

    def remove(self, context: dict[str, Any], resource_id: str) -> None:
        """Drop the table of a resource that is no table any more."""
        tk.check_access("datastore_delete", context, {"resource_id": resource_id})
        if self._connection is None:
            self._connection = postgres.get_write_engine().connect()
        self._execute(f"DROP TABLE IF EXISTS {postgres.identifier(resource_id)} CASCADE")

    def commit(self) -> None:
        """Make all tables visible at once."""
        if self._connection is None:
            return
        if self._resources:
            self._connection.execute(
                sa.text("DELETE FROM _table_stats WHERE resource_id = ANY(:ids)"),
                {"ids": self._resources})
        self._connection.commit()

    def _execute(self, statement: str) -> None:
        self._connection.exec_driver_sql(statement.replace("%", "%%"))

    def _copy(self, table: str, columns: list[str], rows: Path, header: bool) -> None:
        """COPY into a bare table, then build ``_full_text`` in one pass.

        The datastore's row trigger does the same a row at a time through JSON.
        """
        bare = f"{table}_baris"
        listed = ", ".join(postgres.identifier(name) for name in columns)
        self._execute(
            f"CREATE TEMPORARY TABLE {postgres.identifier(bare)} ON COMMIT DROP AS "
            f"SELECT {listed} FROM {postgres.identifier(table)} WITH NO DATA")
        cursor = self._connection.connection.cursor()
        try:
            with rows.open("rb") as stream:
                cursor.copy_expert(
                    f"COPY {postgres.identifier(bare)} ({listed}) FROM STDIN "
                    f"WITH (FORMAT csv, NULL '', FORCE_NULL ({listed}), ENCODING 'UTF8'"
                    f"{', HEADER' if header else ''})", stream)
        finally:
            cursor.close()
        self._execute(
            f"INSERT INTO {postgres.identifier(table)} (_full_text, {listed}) "
            f"SELECT to_tsvector(left({_words(columns)}, {SEARCHED})), {listed} "
            f"FROM {postgres.identifier(bare)}")

    def _take_place(
        self, inner: dict[str, Any], staging: str, resource_id: str, content: Content
    ) -> None:
        aliases = [
            row[0] for row in self._connection.execute(sa.text(
                "SELECT name FROM _table_metadata WHERE alias_of = :id"), {"id": resource_id})
        ]
        table = postgres.identifier(resource_id)
        postgres._create_fulltext_trigger(self._connection, staging)
        postgres.create_indexes(inner, {"resource_id": staging})
        indexes = self._indexes(staging)
        self._execute(f"DROP TABLE IF EXISTS {table} CASCADE")
        self._execute(f"ALTER TABLE {postgres.identifier(staging)} RENAME TO {table}")
        for old, new in self._index_names(inner, staging, resource_id, indexes):
            self._rename("INDEX", old, new)
        self._rename("INDEX", f"{staging}_pkey", f"{resource_id}_pkey")
        self._rename("SEQUENCE", f"{staging}__id_seq", f"{resource_id}__id_seq")
        for alias in aliases:
            self._execute(f"CREATE VIEW {postgres.identifier(alias)} AS SELECT * FROM {table}")
        comment = postgres.literal_string(f"sha256 {content.sha256} rows {content.rows}")
        self._execute(f"COMMENT ON TABLE {table} IS {comment}")

    def _rename(self, kind: str, old: str, new: str) -> None:
        self._execute(
            f"ALTER {kind} {postgres.identifier(old)} RENAME TO {postgres.identifier(new)}")

    def _indexes(self, table: str) -> set[str]:
        return set(postgres._get_index_names(self._connection, table))

    def _index_names(
        self, inner: dict[str, Any], staging: str, resource_id: str, indexes: set[str]
    ) -> list[tuple[str, str]]:
        """Return old and new name of each index; they derive from the table's name."""
        fields = postgres._get_fields(self._connection, resource_id)
        template = "{name}"
        olds, _ = postgres._build_fts_indexes({"resource_id": staging}, template, fields)
        news, _ = postgres._build_fts_indexes({"resource_id": resource_id}, template, fields)
        return [(old, new) for old, new in zip(olds, news, strict=True) if old in indexes]


def _words(columns: list[str]) -> str:
    """Return SQL for all values of a row as one text; a function takes 100 arguments at most."""
    groups = [columns[start:start + 90] for start in range(0, len(columns), 90)]
    parts = [
        "concat_ws(' ', " + ", ".join(f"{postgres.identifier(name)}::text" for name in group) + ")"
        for group in groups
    ]
    return " || ' ' || ".join(parts)
