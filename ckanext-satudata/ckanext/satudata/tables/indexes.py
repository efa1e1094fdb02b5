"""Names of indexes: CKAN derives them from the table's, so they change with it.

An index under a name CKAN does not expect is made a second time at the next ``datastore_create``.
"""
from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckanext.datastore.backend import postgres
from sqlalchemy.engine import Connection

__all__ = ["names"]


def names(connection: Connection, source: str, target: str) -> list[tuple[str, str]]:
    """Return the name of each index of a table and the one it has under the table's other name.

    Of an index that CKAN would have named otherwise nothing is said.
    """
    here = set(postgres._get_index_names(connection, source))
    fields = postgres._get_fields(connection, source)
    found = [(f"{source}_pkey", f"{target}_pkey")]
    for said in {*_of_search(source, fields), *_of_columns(connection, source, fields)}:
        found.append((postgres._generate_index_name(source, said),
                      postgres._generate_index_name(target, said)))
    return sorted(pair for pair in found if pair[0] in here)


def _of_search(table: str, fields: list[dict[str, Any]]) -> list[str]:
    """Return what CKAN makes the names of the indexes of full text from."""
    made, _left_out = postgres._build_fts_indexes({"resource_id": table}, "{fields}", fields)
    return made


def _of_columns(
    connection: Connection, table: str, fields: list[dict[str, Any]]
) -> list[str]:
    """Return the same for the key and the indexes somebody asked for."""
    nested = {each["id"] for each in fields if each["type"] == "nested"}
    rows = connection.execute(sa.text("""
        SELECT array_agg(a.attname::text ORDER BY k) AS columns
        FROM pg_index x
        CROSS JOIN LATERAL generate_series(1, x.indnatts) AS k
        LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[k - 1]
        WHERE x.indrelid = to_regclass(:table) AND NOT x.indisprimary
        GROUP BY x.indexrelid"""), {"table": f"public.{postgres.identifier(table)}"})
    return [", ".join(
        f"(({postgres.identifier(name)}).json::text)" if name in nested
        else postgres.identifier(name) for name in row.columns)
        for row in rows if all(row.columns)]
