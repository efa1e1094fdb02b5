"""Names of indexes: CKAN derives them from the table's, so they change with it.

An index under a name CKAN does not expect is made a second time at the next ``datastore_create``.
"""
from __future__ import annotations

import sqlalchemy as sa
from ckanext.datastore.backend import postgres
from sqlalchemy.engine import Connection

__all__ = ["names"]


def names(connection: Connection, source: str, target: str) -> list[tuple[str, str]]:
    """Return the present and the new name of each index of a table that is to be renamed."""
    here = set(postgres._get_index_names(connection, source))
    taken = set(postgres._get_index_names(connection, target))
    found: list[tuple[str, str]] = []
    for said in {*_of_search(connection, source), *_of_columns(connection, source)}:
        old = postgres._generate_index_name(source, said)
        new = postgres._generate_index_name(target, said)
        if old in here and new not in taken:
            found.append((old, new))
    if f"{source}_pkey" in here:
        found.append((f"{source}_pkey", f"{target}_pkey"))
    return sorted(found)


def _of_search(connection: Connection, table: str) -> list[str]:
    """Return what CKAN makes the names of the indexes of full text from."""
    fields = postgres._get_fields(connection, table)
    made, _left_out = postgres._build_fts_indexes({"resource_id": table}, "{fields}", fields)
    return made


def _of_columns(connection: Connection, table: str) -> list[str]:
    """Return the same for the key and the indexes somebody asked for."""
    nested = {each["id"] for each in postgres._get_fields(connection, table)
              if each["type"] == "nested"}
    rows = connection.execute(sa.text("""
        SELECT array_agg(pg_get_indexdef(x.indexrelid, k, true) ORDER BY k) AS parts,
               array_agg(a.attname::text ORDER BY k) AS columns
        FROM pg_index x
        CROSS JOIN LATERAL generate_series(1, x.indnatts) AS k
        LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[k - 1]
        WHERE x.indrelid = to_regclass(:table) AND NOT x.indisprimary
        GROUP BY x.indexrelid"""), {"table": f"public.{postgres.identifier(table)}"})
    found: list[str] = []
    for row in rows:
        if all(row.columns):
            found.append(", ".join(
                f"(({postgres.identifier(name)}).json::text)" if name in nested
                else postgres.identifier(name) for name in row.columns))
    return found
