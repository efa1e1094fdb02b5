"""What a publication does for a Data Induk: its name is taken for ever, its codes are indexed."""
from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from ckanext.datastore.backend import postgres

from ckanext.satudata.domain.data_induk import master_of
from ckanext.satudata.domain.workflow import State
from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.data_induk import claim
from ckanext.satudata.shared.signals import publishing
from ckanext.satudata.shared.types import Release

__all__ = ["index_codes", "on_publishing"]

#: Kind of the errand that makes the index of the codes.
KIND = "data_induk_indeks"
#: While the tables of a new version are put in place, and soon after.
BACKOFF = (2, 5, 15, 60, 300)
_LOCK_MS = 500


@publishing.connect
def on_publishing(package_id: str, content: dict[str, Any], release: Release) -> None:
    """Give the name to the dataset, or refuse the publication.

    :raises TakenNameError: the name is another's, or the dataset has another one
    """
    name = content.get("data_induk")
    if not name or content.get("type") != "dataset":
        return
    claim(str(name), package_id, release.id, release.number, State.DISETUJUI.value)
    found = master_of(content)
    if found is not None and found.resource:
        # Older data may be loaded again under the same release, with another table.
        outbox.put(KIND, f"{KIND}:{release.id}:{uuid.uuid4().hex}", {
            "package": package_id, "resource": found.resource, "column": found.key})


@outbox.handles(KIND, backoff=BACKOFF)
def index_codes(payload: dict[str, Any]) -> None:
    """Let a row be found by its code without reading the table.

    Under the name CKAN would give the index, so that it follows the table to its next place and is
    not made a second time. Not unique: rows of a unique index are kept in its order, and the bytes
    of what was published would change with it.

    :raises sqlalchemy.exc.OperationalError: a reader holds the table, or the datastore is down
    """
    table = str(payload["resource"])
    if outbox.unfinished("tabel", package=payload["package"]):
        raise _NotYetError(f"The table {table} is being put in place")
    column = postgres.identifier(str(payload["column"]))
    with postgres.get_write_engine().begin() as connection:
        there = connection.scalar(sa.text(
            "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass(:table) "
            "AND attname = :column AND NOT attisdropped"),
            {"table": f"public.{postgres.identifier(table)}", "column": payload["column"]})
        if not there:
            return
        name = postgres.identifier(postgres._generate_index_name(table, column))
        connection.execute(sa.text(f"SET LOCAL lock_timeout = {_LOCK_MS}"))
        connection.exec_driver_sql(
            f"CREATE INDEX IF NOT EXISTS {name} ON {postgres.identifier(table)} "
            f"({column})".replace("%", "%%"))
        # Until PostgreSQL knows how different the codes are, it may not take the index.
        connection.exec_driver_sql(f"ANALYZE {postgres.identifier(table)}".replace("%", "%%"))


class _NotYetError(Exception):
    """The errand waits for another one."""
