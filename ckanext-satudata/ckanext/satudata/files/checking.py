"""Whether every file somebody needs is there and is what its hash says."""
from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.lib import files

from ckanext.satudata.shared import blob_ledger, blobs

__all__ = ["Owner", "Trouble", "Wrong", "check", "total"]

#: References read at once; the files themselves pass in small pieces.
AT_ONCE = 2_000


class Trouble(Enum):
    """What is wrong with a file."""

    MISSING = "missing"
    OTHER = "other"


@dataclass(frozen=True)
class Owner:
    """Who needs a file; ``number`` of the version, where it is one's."""

    package_id: str
    name: str
    title: str
    number: int | None
    filename: str


@dataclass(frozen=True)
class Wrong:
    """A file that is gone, or is not what its hash says, where it belongs, who needs it."""

    sha256: str
    place: str
    trouble: Trouble
    owners: list[Owner]


def total() -> int:
    """Return how many different files are needed."""
    found = blob_ledger.referring()
    with model.ensure_engine().connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(
            sa.select(found.c.sha256, found.c.folder).distinct().subquery())).scalar_one()


def check(looked: Callable[[int], None], quick: bool = False) -> Iterator[Wrong]:
    """Yield what is wrong, file after file; memory stays the same however many there are.

    :param looked: told the bytes read of each file
    :param quick: only that each file is there, not what is in it
    :raises StorageTroubleError: the storage is away or closed to us
    """
    storage, last = blobs.storage(), ("", "")
    while rows := _page(last):
        for sha256, folder in rows:
            place = _place(sha256, folder)
            trouble, size = _look(storage, sha256, place, quick)
            looked(size)
            if trouble:
                yield Wrong(sha256, place, trouble, _owners(sha256, folder))
        last = rows[-1]


def _page(last: tuple[str, str]) -> list[tuple[str, str]]:
    found = blob_ledger.referring()
    key = sa.tuple_(found.c.sha256, found.c.folder)
    with model.ensure_engine().connect() as connection:
        rows = connection.execute(
            sa.select(found.c.sha256, found.c.folder).where(key > last).distinct()
            .order_by(found.c.sha256, found.c.folder).limit(AT_ONCE)).all()
    return [(row.sha256, row.folder) for row in rows]


def _place(sha256: str, folder: str) -> files.Location:
    if folder or not blobs.SHA256.fullmatch(sha256):
        return files.Location(f"{folder or 'sha256'}/{sha256[:2]}/{sha256}")
    return blobs.location(sha256)


def _look(storage: Any, sha256: str, place: files.Location, quick: bool,
          ) -> tuple[Trouble | None, int]:
    found, size = hashlib.sha256(), 0
    try:
        if quick:
            return (None if storage.exists(files.FileData(place)) else Trouble.MISSING), 0
        for piece in blobs.pieces(storage.stream(files.FileData(place))):
            found.update(piece)
            size += len(piece)
    except files.exc.LocationError:  # not there, or no place a file could be
        return Trouble.MISSING, size
    return (None if found.hexdigest() == sha256 else Trouble.OTHER), size


def _owners(sha256: str, folder: str) -> list[Owner]:
    found, package = blob_ledger.referring(), model.Package.__table__
    with model.ensure_engine().connect() as connection:
        rows = connection.execute(
            sa.select(found.c.package_id, package.c.name, package.c.title, found.c.number,
                      found.c.filename)
            .select_from(found.outerjoin(package, package.c.id == found.c.package_id))
            .where(found.c.sha256 == sha256, found.c.folder == folder).distinct()
            .order_by(package.c.name, found.c.number)).all()
    return [Owner(row.package_id or "", row.name or "", row.title or "", row.number,
                  row.filename or "") for row in rows]
