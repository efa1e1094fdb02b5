"""Bytes kept under the SHA-256 of themselves, in the storage that holds files of resources.

Why here: what one room stores (rows of a table, a list of changed cells) another reads, and the
collector of what nobody refers to must find all of them under one kind of address.
"""
from __future__ import annotations

import contextlib
import hashlib
import os
import re
import uuid
from collections.abc import Callable, Iterator
from typing import IO, Any

import ckan.plugins.toolkit as tk
from ckan.lib import files

__all__ = ["SHA256", "BlobMissingError", "exists", "location", "on_store", "open", "size", "store"]

CHUNK = 1024 * 1024
SHA256 = re.compile(r"[0-9a-f]{64}")

_STORED: list[Callable[[str, int], None]] = []


class BlobMissingError(LookupError):
    """Nothing is stored under this hash (any more)."""


def on_store(function: Callable[[str, int], None]) -> Callable[[str, int], None]:
    """Register what is told hash and size before bytes are stored.

    Whoever collects what nobody refers to must spare what will be referred to in a moment.
    """
    _STORED.append(function)
    return function


def location(sha256: str) -> files.Location:
    """Return where bytes of a hash lie.

    :raises BlobMissingError: no hash at all, so nothing can lie there
    """
    if not SHA256.fullmatch(sha256):
        raise BlobMissingError(sha256)
    return files.Location(os.path.join("sha256", sha256[:2], sha256[2:4], sha256))


def store(stream: IO[bytes], mimetype: str = "") -> str:
    """Store what a seekable stream holds, complete or not at all; return its SHA-256.

    Written aside and moved to its place: a crash leaves no half file under a hash that promises
    the whole one.
    """
    sha256 = _digest(stream)
    place, storage = location(sha256), _storage()
    upload = files.Upload(stream, sha256, stream.seek(0, 2), mimetype or "application/octet-stream")
    stream.seek(0)
    for tell in _STORED:
        tell(sha256, upload.size)
    if storage.exists(files.FileData(place)):
        return sha256
    if not storage.supports(files.Capability.MOVE):
        storage.upload(place, upload)
        return sha256
    aside = storage.upload(
        files.Location(os.path.join("sha256", "masuk", uuid.uuid4().hex)), upload)
    try:
        storage.move(place, aside)
    except files.exc.ExistingFileError:  # the same bytes came in twice at once
        with contextlib.suppress(files.exc.MissingFileError):
            storage.remove(aside)
    return sha256


def open(sha256: str) -> Iterator[bytes]:
    """Yield the bytes of a hash in pieces.

    :raises BlobMissingError: it is not there; raised before the first piece is asked for
    """
    storage, data = _storage(), files.FileData(location(sha256))
    try:
        content = storage.stream(data)
    except files.exc.MissingFileError:
        raise BlobMissingError(sha256) from None
    return _pieces(content)


def _pieces(content: Any) -> Iterator[bytes]:
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
        return _storage().exists(files.FileData(location(sha256)))
    except BlobMissingError:
        return False


def size(sha256: str) -> int:
    """Return how many bytes a hash stands for.

    :raises BlobMissingError: it is not there
    """
    try:
        return _storage().size(location(sha256))
    except files.exc.MissingFileError:
        raise BlobMissingError(sha256) from None


def _storage() -> Any:
    return files.get_storage(tk.config["ckan.files.default_storages.resource"])


def _digest(stream: IO[bytes]) -> str:
    digest = hashlib.sha256()
    stream.seek(0)
    while piece := stream.read(CHUNK):
        digest.update(piece)
    return digest.hexdigest()
