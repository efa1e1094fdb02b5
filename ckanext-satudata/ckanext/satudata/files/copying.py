"""Takes all stored files from one storage to another, as from a folder to S3."""
from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from ckan.lib import files

from ckanext.satudata.files.listing import Stored, listing
from ckanext.satudata.shared import blobs

__all__ = ["Copied", "copy", "total"]


@dataclass
class Copied:
    """What came of a copy.

    :ivar there: files that lay there already, with the same length; ``size``: bytes copied
    :ivar broken: files whose bytes are not what their hash says; not copied
    """

    files: int = 0
    size: int = 0
    there: int = 0
    broken: list[str] = field(default_factory=list)


def total(source: Any) -> int:
    """Return how many files there are to copy."""
    return sum(1 for _each in _whole(source))


def copy(source: Any, target: Any, looked: Callable[[int], None]) -> Copied:
    """Copy what is not there yet; begun again, it goes on where it broke off.

    Nothing is taken away from the source. A file under a hash is hashed on its way, and one that
    is not what its name says is not left in the target.

    :param looked: told the length of each file that was dealt with
    :raises StorageTroubleError: a storage is full, away or closed to us
    """
    result = Copied()
    for each in _whole(source):
        place = files.Location(each.location)
        if _size(target, place) == each.size:
            result.there += 1
        else:
            with suppress(files.exc.MissingFileError):  # vanished since it was listed
                _copy(source, target, each, result)
        looked(each.size)
    return result


def _copy(source: Any, target: Any, each: Stored, result: Copied) -> None:
    place, name = files.Location(each.location), each.location.rpartition("/")[2]
    content = source.stream(files.FileData(place))
    try:
        reader = _Hashing(content)
        blobs.put_whole(target, place, files.Upload(
            reader, name, each.size, "application/octet-stream"))
    finally:
        content.close()
    if blobs.SHA256.fullmatch(name) and reader.found.hexdigest() != name:
        target.remove(files.FileData(place))
        result.broken.append(each.location)
        return
    result.files += 1
    result.size += each.size


def _whole(source: Any) -> Iterator[Stored]:
    return (each for each in listing(source) if not each.location.startswith(blobs.ASIDE + "/"))


def _size(storage: Any, place: files.Location) -> int | None:
    try:
        return storage.size(place)
    except files.exc.MissingFileError:
        return None


class _Hashing:
    """Reads through to a stream and hashes what passes."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.found = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        content = self._stream.read(size)
        self.found.update(content)
        return content

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self.read(blobs.CHUNK), b"")

    def seek(self, offset: int, whence: int = 0) -> int:
        """Begin again: nothing else is asked of it."""
        self.found = hashlib.sha256()
        return self._stream.seek(offset, whence)
