"""Makes comparisons: at once where both files are small, else by a worker with a progress."""
from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from ckanext.satudata.domain.loading.problems import N_, LoadError, Place
from ckanext.satudata.domain.versions.tables import (
    LIST,
    Bounds,
    Key,
    Source,
    TakesTooLong,
    compare,
)
from ckanext.satudata.shared import blobs
from ckanext.satudata.shared.scheduler import timed
from ckanext.satudata.versions import diff_store
from ckanext.satudata.versions.diff_store import Asked

__all__ = ["SMALL", "compared", "forget_unneeded", "resume", "run"]

log = logging.getLogger(__name__)

#: Bytes of each file up to which whoever asks waits for the answer.
SMALL = 5 * 1024 * 1024
#: Seconds somebody waits at most for small ones, and how many are made at once in a process.
WAIT, AT_ONCE = 8.0, 2
#: Seconds for each of them; what is small may unpack to much, and is then left to a worker.
PATIENCE = 8
#: Comparisons that wait at most while strangers may ask for more.
ROOM = 20
#: A comparison that broke its process so often is given up.
TRIES = 3

_ROOM = threading.BoundedSemaphore(AT_ONCE)


def compared(
    asked: Iterable[Asked], wait: float = WAIT, user: str | None = ""
) -> dict[str, Mapping[str, Any]]:
    """Return comparisons by id: ready, made now where that is quick, or begun by a worker.

    :param wait: seconds after which the rest is left to the worker; 0 for all
    :param user: who asks; nobody (``None``) begins none while many wait, for who hands data in
        waits for theirs
    """
    wanted = list(asked)
    found = diff_store.ensure(wanted, ROOM if user is None else None)
    end = time.monotonic() + wait
    made = False
    for each in wanted:
        if found[each.id]["finished_at"] is not None or found[each.id]["id"] is None:
            continue
        tried = found[each.id]["attempts"] or found[each.id]["state"] != "menunggu"
        if not tried and time.monotonic() < end and _small(each):
            made = _at_once(each.id) or made
        else:
            diff_store.WORK.wake(run, each.id)
    return diff_store.ensure(wanted) if made else found


def _small(asked: Asked) -> bool:
    try:
        return all(blobs.size(each) <= SMALL for each in (asked.old_sha256, asked.new_sha256))
    except blobs.BlobMissingError:
        return True  # which is quickly said


def _at_once(identifier: str) -> bool:
    if not _ROOM.acquire(blocking=False):  # others wait in this process: it serves pages too
        diff_store.WORK.wake(run, identifier)
        return False
    try:
        run(identifier, PATIENCE)
    finally:
        _ROOM.release()
    return True


def run(identifier: str, patience: int | None = None) -> None:
    """Make a comparison, unless it is made or another process is at it.

    :param patience: seconds after which it is left to a worker
    """
    bounds = Bounds() if patience is None else Bounds(seconds=patience)
    with diff_store.worked_on(identifier) as held:
        if held is None:
            return
        connection, row = held
        if row["attempts"] >= TRIES:
            diff_store.note(connection, identifier, state="gagal")
            return
        diff_store.note(connection, identifier, state="berjalan", progress=0)
        try:
            _make(connection, row, bounds)
        except LoadError as error:
            if patience is not None and isinstance(error, TakesTooLong):
                diff_store.note(connection, identifier, state="menunggu", progress=0)
                diff_store.WORK.wake(run, identifier)
                return
            diff_store.note(connection, identifier, state="gagal",
                            error=error.problem.as_dict())
        except Exception:
            log.exception("The comparison %s failed", identifier)
            diff_store.note(connection, identifier, state=(
                "gagal" if row["attempts"] + 1 >= TRIES else "menunggu"))


def _make(connection: Connection, row: Mapping[str, Any], bounds: Bounds) -> None:
    asked, identifier = row["asked"], row["id"]
    with diff_store.WORK.folder() as folder:
        work = folder / "kerja"
        work.mkdir()
        sources = [
            Source(_fetched(sha256, name, folder / place), name, kind)
            for place, sha256, name, kind in zip(
                ("lama", "baru"), (row["old_sha256"], row["new_sha256"]), asked["names"],
                asked["kinds"], strict=True)]
        found = compare(
            *sources, work, [Key(tuple(columns), source) for columns, source in asked["keys"]],
            asked["schema"],
            lambda percent: diff_store.note(connection, identifier, progress=percent), bounds)
        listed = None
        if found["listed"]:
            with (work / LIST).open("rb") as stream:
                listed = blobs.store(stream, "text/csv")
        diff_store.note(connection, identifier, state="siap", progress=100, result=found,
                        list_sha256=listed)


def _fetched(sha256: str, name: str, path: Path) -> Path:
    try:
        blobs.fetch(sha256, path)
    except blobs.BlobMissingError:
        raise LoadError(Place(name), N_(
            "berkas ini tidak ada lagi di penyimpanan, jadi tidak bisa dibandingkan.")) from None
    return path


@timed("satudata_banding", dt.timedelta(minutes=1))
def resume(now: dt.datetime) -> None:
    """Ask for comparisons again whose worker died or was never there."""
    for each in diff_store.stuck(now - dt.timedelta(minutes=1)):
        diff_store.WORK.wake(run, each)


@timed("satudata_banding_lama", dt.timedelta(hours=6))
def forget_unneeded(now: dt.datetime) -> None:
    """Delete comparisons of files that nobody refers to, and what a killed worker left behind."""
    diff_store.forget(now - dt.timedelta(days=1))
    diff_store.WORK.sweep(now)
