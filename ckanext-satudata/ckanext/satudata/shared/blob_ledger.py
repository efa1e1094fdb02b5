"""Which stored bytes somebody needs: the rooms' references, and when each was last given.

A file may be deleted only when nothing refers to it, and "nothing refers to it" can be wrong for a
moment: an upload finds its bytes stored already, and commits its row a second later. So whoever
stores holds a shared lock on the hash from before it asks whether the bytes are there until its
transaction ends, and whoever deletes needs that lock alone, then asks again who refers to them.
Either the upload comes first and its bytes are spared, or the deletion does and the upload waits
for it, finds nothing and stores them anew. Besides, the collector spares what was touched within
:data:`BUSY`, for whoever refers to bytes in a later transaction than the one that stored them.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.shared.db import Base, lock, number_of

__all__ = ["BUSY", "Blob", "collect", "idle", "know", "reference", "references", "referred",
           "referring", "touch"]

_TIME = sa.DateTime(timezone=True)
_LOCK = "satudata_blob"
#: Takes the lock of each of these that nobody holds.
_TRY = sa.text(
    "SELECT name FROM unnest(CAST(:names AS text[]), CAST(:numbers AS bigint[])) AS "
    "asked(name, number) WHERE pg_try_advisory_xact_lock(number)")
#: Longer than any request or job between storing bytes and committing what refers to them.
BUSY = dt.timedelta(hours=1)


class Blob(Base):
    """Stored bytes.

    :ivar size: bytes
    :ivar touched_at: when they were last given to us, by the database's clock
    :ivar unreferenced_since: since when the collector finds nothing that refers to them
    """

    __tablename__ = "satudata_blob"

    sha256: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    touched_at: Mapped[dt.datetime] = mapped_column(_TIME)
    unreferenced_since: Mapped[dt.datetime | None] = mapped_column(_TIME)


#: Makes a query of what a room's rows refer to, with the columns of :func:`reference`.
Query = Callable[[], "sa.Select[Any]"]
_QUERIES: list[Query] = []


def references(query: Query) -> Query:
    """Register what a room's rows refer to; bytes that no query names are deleted in time."""
    _QUERIES.append(query)
    return query


def reference(sha256: Any, package_id: Any = None, number: Any = None, filename: Any = None,
              folder: str = "") -> sa.Select[Any]:
    """Select hashes and whose they are; rows without a hash count for nothing.

    :param package_id: of the dataset; ``number``: of its version; ``filename``: for people
    :param folder: where the bytes lie, if not among the blobs; such are checked, never collected
    """
    def given(value: Any, kind: Any, name: str) -> Any:
        return sa.cast(sa.null() if value is None else value, kind).label(name)

    return sa.select(given(sha256, sa.Text, "sha256"), given(package_id, sa.Text, "package_id"),
                     given(number, sa.Integer, "number"), given(filename, sa.Text, "filename"),
                     given(folder, sa.Text, "folder"),
                     ).where(sha256.is_not(None), sha256 != "")


def referring() -> sa.Subquery:
    """Return all references of all rooms as one table."""
    return sa.union_all(*(query() for query in _QUERIES)).subquery("satudata_reference")


def referred(hashes: Iterable[str], connection: Any = None) -> set[str]:
    """Return which of these hashes something refers to."""
    found = referring()
    query = sa.select(found.c.sha256).where(found.c.sha256.in_(list(hashes))).distinct()
    return set((connection or model.Session).execute(query).scalars())


def touch(sha256: str, size: int) -> None:
    """Hold bytes until the running transaction ends, and write down at once that they are given."""
    lock(_LOCK, sha256, shared=True)
    values = {"sha256": sha256, "size": size, "touched_at": sa.func.clock_timestamp()}
    with model.ensure_engine().begin() as connection:
        connection.execute(insert(Blob).values(values).on_conflict_do_update(
            index_elements=[Blob.sha256], set_={
                "size": size, "touched_at": sa.func.clock_timestamp(),
                "unreferenced_since": None}))


def idle(grace: dt.timedelta) -> Any:
    """Return the condition that bytes were needed by nobody for a while.

    :param grace: how long, at least :data:`BUSY`
    """
    before = sa.func.clock_timestamp() - max(grace, BUSY)
    return sa.and_(Blob.unreferenced_since <= before, Blob.touched_at <= before)


def know(found: Iterable[tuple[str, int, dt.datetime]]) -> None:
    """Take stored bytes into the ledger that stand in none: hash, size, and when they came."""
    rows = [{"sha256": sha256, "size": size, "touched_at": at} for sha256, size, at in found]
    if rows:
        with model.ensure_engine().begin() as connection:
            connection.execute(insert(Blob).values(rows).on_conflict_do_nothing())


def collect(hashes: list[str], remove: Callable[[str], None], condition: Any) -> list[str]:
    """Delete those bytes of these that nothing refers to; return the hashes of what went.

    Sees committed rows only: whoever takes a reference away commits first. What somebody is
    storing now is left.

    :param remove: deletes the bytes of a hash; those that are gone already are no error
    :param condition: on :class:`Blob`, asked again once the rows are held
    """
    with model.ensure_engine().begin() as connection:
        rows = list(connection.execute(
            sa.select(Blob.sha256).where(Blob.sha256.in_(hashes), condition)
            .order_by(Blob.sha256).with_for_update()).scalars())
        held = list(connection.execute(_TRY, {
            "names": rows, "numbers": [number_of(_LOCK, each) for each in rows]}).scalars())
        gone = sorted(set(held) - referred(held, connection)) if held else []
        for each in gone:
            remove(each)
        connection.execute(sa.delete(Blob).where(Blob.sha256.in_(gone)))
    return gone
