"""Deletes stored files nobody needs: of discarded drafts, purged datasets, broken-off uploads.

Nothing goes at first sight. What nothing refers to is marked; what stayed marked for the grace is
deleted, under the lock that :mod:`ckanext.satudata.shared.blob_ledger` describes.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.lib import files

from ckanext.satudata.files.listing import Stored, listing
from ckanext.satudata.shared import blob_ledger, blobs
from ckanext.satudata.shared.blob_ledger import Blob
from ckanext.satudata.shared.db import number_of

__all__ = ["Collected", "CollectingError", "collect"]

#: Files looked at, and deleted, in one transaction; an upload of the same bytes waits so long.
LOOKED_AT = 1_000
AT_ONCE = 500
#: What is not whole a day after it began will not be.
BROKEN_OFF = dt.timedelta(days=1)


class CollectingError(Exception):
    """Another collection is under way; two would wait for each other's rows."""


@dataclass
class Collected:
    """What a collection did, or would do.

    :ivar stored: files that lie in the storage
    :ivar removed: nobody needed them; ``size`` in bytes
    :ivar waiting: nobody needs them now, they go when the grace is over
    :ivar aside: uploads that broke off
    """

    stored: int = 0
    removed: int = 0
    size: int = 0
    waiting: int = 0
    aside: int = 0


def collect(grace: dt.timedelta, dry_run: bool = False,
            looked: Callable[[int], None] = lambda _count: None) -> Collected:
    """Delete what nothing has referred to for the grace.

    :param dry_run: write and delete nothing, tell what would be
    :param looked: told how many files were looked at since it was told last
    :raises CollectingError: another collection is under way
    :raises StorageTroubleError: the storage is away or closed to us
    """
    with model.ensure_engine().begin() as guard:
        if not guard.execute(sa.select(
                sa.func.pg_try_advisory_xact_lock(number_of("satudata_gc")))).scalar_one():
            raise CollectingError
        return _collect(grace, dry_run, looked)


def _collect(grace: dt.timedelta, dry_run: bool, looked: Callable[[int], None]) -> Collected:
    result, storage = Collected(), blobs.storage()
    _broken_off(storage, result, dry_run)
    unknown = 0
    for batch in _batches(listing(storage, "sha256/")):
        found = [(name, each.size, each.modified) for each in batch
                 if blobs.SHA256.fullmatch(name := each.location.rpartition("/")[2])]
        result.stored += len(found)
        if dry_run:
            unknown += _unneeded_and_unknown([name for name, _size, _at in found])
        else:
            blob_ledger.know(found)
        looked(len(batch))
    if not dry_run:
        _mark()
    _delete(grace, result, dry_run)
    result.waiting = unknown + _unneeded() - (result.removed if dry_run else 0)
    return result


def _broken_off(storage: Any, result: Collected, dry_run: bool) -> None:
    before = dt.datetime.now(dt.timezone.utc) - BROKEN_OFF
    for each in listing(storage, blobs.ASIDE + "/"):
        if each.modified < before:
            result.aside += 1
            if not dry_run:
                with suppress(files.exc.MissingFileError, FileNotFoundError):
                    storage.remove(files.FileData(files.Location(each.location)))
    if hasattr(storage, "end_uploads") and not dry_run:
        result.aside += storage.end_uploads("sha256/", before)


def _mark() -> None:
    """Write down since when nothing refers to what; what is needed again loses the mark."""
    needed = _needed()
    with model.ensure_engine().begin() as connection:
        connection.execute(
            sa.update(Blob).where(Blob.unreferenced_since.is_(None), ~needed)
            .values(unreferenced_since=sa.func.clock_timestamp()))
        connection.execute(
            sa.update(Blob).where(Blob.unreferenced_since.is_not(None), needed)
            .values(unreferenced_since=None))


def _delete(grace: dt.timedelta, result: Collected, dry_run: bool) -> None:
    last = ""
    while True:
        with model.ensure_engine().connect() as connection:
            sizes = dict(connection.execute(
                sa.select(Blob.sha256, Blob.size)
                .where(Blob.sha256 > last, blob_ledger.idle(grace))
                .order_by(Blob.sha256).limit(AT_ONCE)).all())
            if not sizes:
                return
            hashes = list(sizes)
            gone = set(hashes) - blob_ledger.referred(hashes, connection) if dry_run else None
        if gone is None:
            gone = set(blob_ledger.collect(hashes, blobs.remove, blob_ledger.idle(grace)))
        result.removed += len(gone)
        result.size += sum(sizes[each] for each in gone)
        last = hashes[-1]


def _unneeded() -> int:
    with model.ensure_engine().connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(Blob).where(
            ~_needed())).scalar_one()


def _needed() -> Any:
    found = blob_ledger.referring()
    return sa.exists().where(found.c.sha256 == Blob.sha256)


def _unneeded_and_unknown(hashes: list[str]) -> int:
    with model.ensure_engine().connect() as connection:
        known = set(connection.execute(
            sa.select(Blob.sha256).where(Blob.sha256.in_(hashes))).scalars())
        unknown = set(hashes) - known
        return len(unknown - blob_ledger.referred(unknown, connection))


def _batches(found: Iterator[Stored]) -> Iterator[list[Stored]]:
    while batch := list(islice(found, LOOKED_AT)):
        yield batch
