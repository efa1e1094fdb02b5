"""Bytes kept under the SHA-256 of themselves, in the storage that holds files of resources.

Why here: what one room stores (rows of a table, a list of changed cells) another reads, and the
collector of what nobody refers to must find all of them under one kind of address.
"""
from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib import files

from ckanext.satudata.shared import blob_ledger
from ckanext.satudata.shared.storage_errors import refusing, said

__all__ = ["ASIDE", "SHA256", "BlobMissingError", "digest", "erase", "exists", "fetch", "location",
           "open", "pieces", "put", "put_whole", "remove", "size", "storage", "store"]

CHUNK = 1024 * 1024
_EVER = dt.datetime(2000, 1, 1, tzinfo=dt.timezone.utc)
SHA256 = re.compile(r"[0-9a-f]{64}")
#: Where uploads lie until they are whole; what a crash left there is collected after a day.
ASIDE = "sha256/masuk"


class BlobMissingError(LookupError):
    """Nothing is stored under this hash (any more)."""


def location(sha256: str) -> files.Location:
    """Return where bytes of a hash lie.

    :raises BlobMissingError: no hash at all, so nothing can lie there
    """
    if not SHA256.fullmatch(sha256):
        raise BlobMissingError(sha256)
    return files.Location(os.path.join("sha256", sha256[:2], sha256[2:4], sha256))


def store(stream: IO[bytes], mimetype: str = "") -> str:
    """Store what a seekable stream holds, complete or not at all; return its SHA-256.

    :raises ValidationError: the storage is full, away or closed to us, in words
    """
    sha256 = digest(stream)
    length = stream.seek(0, 2)
    put(sha256, files.Upload(stream, sha256, length, mimetype or "application/octet-stream"))
    return sha256


def put(sha256: str, upload: files.Upload) -> None:
    """Store bytes whose hash was computed here; nothing is written twice.

    Nobody deletes them before the running transaction has ended (:mod:`.blob_ledger`): commit in
    it what refers to them. Bytes that lie there with another length are half a file of a broken
    disk, and written again.

    :raises ValidationError: the storage is full, away or closed to us, in words
    """
    place, into = location(sha256), storage()
    with refusing():
        blob_ledger.touch(sha256, upload.size)
        with contextlib.suppress(files.exc.MissingFileError):
            if into.size(place) == upload.size:
                return
        put_whole(into, place, upload)


def put_whole(into: Any, place: files.Location, upload: files.Upload) -> None:
    """Write a file complete or not at all.

    Written aside and moved to its place, unless the storage shows nothing half: a crash leaves
    no half file under a name that promises the whole one.

    :raises StorageTroubleError: the storage is full, away or closed to us; nothing is left
    """
    upload.stream.seek(0)  # type: ignore[attr-defined]
    with said():
        if getattr(into, "writes_whole", False) or not into.supports(files.Capability.MOVE):
            into.upload(place, upload)
            return
        aside = files.FileData(files.Location(os.path.join(ASIDE, uuid.uuid4().hex)))
        try:
            into.upload(aside.location, upload)
            _settle(into, aside, place)
        except BaseException:
            with contextlib.suppress(Exception):  # the reason it failed counts
                into.remove(aside)
            raise


def _settle(into: Any, aside: files.FileData, place: files.Location) -> None:
    """Give a file that is whole its name.

    On a disk its bytes are made to last first, or a power cut could leave an empty file behind a
    commit that was kept; and it replaces an equal one at once, which a reader may have open.
    """
    if not isinstance(into, files.adapters["ckan:fs"]):
        with contextlib.suppress(files.exc.ExistingFileError):  # the same bytes came twice at once
            into.move(place, aside)
        return
    source, target = into.full_path(aside.location), into.full_path(place)
    number = os.open(source, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    os.replace(source, target)


def open(sha256: str) -> Iterator[bytes]:
    """Yield the bytes of a hash in pieces.

    :raises BlobMissingError: it is not there; raised before the first piece is asked for
    """
    try:
        content = storage().stream(files.FileData(location(sha256)))
    except files.exc.MissingFileError:
        raise BlobMissingError(sha256) from None
    return pieces(content)


def fetch(sha256: str, path: Path) -> None:
    """Write the bytes of a hash into a file.

    :raises BlobMissingError: it is not there
    """
    with path.open("wb") as stream:
        for piece in open(sha256):
            stream.write(piece)


def pieces(content: Any) -> Iterator[bytes]:
    """Yield what a storage streams in large pieces, and close it."""
    with contextlib.ExitStack() as stack:
        if hasattr(content, "close"):
            stack.callback(content.close)
        if hasattr(content, "read"):
            while piece := content.read(CHUNK):
                yield piece
        else:
            yield from content


def exists(sha256: str) -> bool:
    """Tell whether bytes of this hash are stored."""
    try:
        return storage().exists(files.FileData(location(sha256)))
    except BlobMissingError:
        return False


def erase(hashes: list[str]) -> list[str]:
    """Delete bytes at once that must not be kept, unless something still refers to them.

    Commit first what takes the references away. What somebody stores at this moment is left to
    ``ckan satudata files gc``.

    :returns: the hashes of what is gone
    """
    blob_ledger.know((each, 0, _EVER) for each in hashes if SHA256.fullmatch(each))
    return blob_ledger.collect(hashes, remove, sa.true())


def remove(sha256: str) -> None:
    """Delete the bytes of a hash; the ledger decides when."""
    with contextlib.suppress(files.exc.MissingFileError, FileNotFoundError):
        storage().remove(files.FileData(location(sha256)))


def size(sha256: str) -> int:
    """Return how many bytes a hash stands for.

    :raises BlobMissingError: it is not there
    """
    try:
        return storage().size(location(sha256))
    except files.exc.MissingFileError:
        raise BlobMissingError(sha256) from None


def storage() -> Any:
    """Return the storage of resource files."""
    return files.get_storage(tk.config["ckan.files.default_storages.resource"])


def digest(stream: Any) -> str:
    """Return the SHA-256 of all a seekable stream holds; leaves it at its beginning."""
    found = hashlib.sha256()
    stream.seek(0)
    while piece := stream.read(CHUNK):
        found.update(piece)
    stream.seek(0)
    return found.hexdigest()
