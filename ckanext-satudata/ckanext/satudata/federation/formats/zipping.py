"""The archive of a dataset, made while it is sent.

In memory is never more than a piece of a file; nothing that runs while bytes go out asks the
database, for the reader may be slow. The files come first: what is said of them at the end is
counted from the bytes that went in.
"""
from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED

from zipstream import ZipStream

from ckanext.satudata.domain.federation import archive
from ckanext.satudata.domain.federation.data_package import (
    METADATA,
    FileFacts,
    as_text,
    data_package,
)
from ckanext.satudata.domain.federation.mapping import Site
from ckanext.satudata.federation.formats.reading import GONE, StoredFile

__all__ = ["Archive"]

#: Media types and formats whose bytes do not get smaller.
_PACKED = ("zip", "gzip", "openxmlformats", "opendocument", "pdf", "image/png", "image/jpeg",
           "parquet", "video/", "audio/")
_LEVEL = 6


@dataclass(frozen=True)
class Archive:
    """What goes into an archive; see :meth:`parts`.

    :ivar facts: of the files, by id of their resource
    :ivar lost: ids of files that should lie here
    :ivar turtle: the description in RDF
    :ivar made_on: the day, in words
    """

    record: dict[str, Any]
    site: Site
    files: list[StoredFile]
    facts: dict[str, FileFacts]
    lost: frozenset[str]
    turtle: bytes
    citation: str
    made_on: str

    @property
    def size(self) -> int:
        """Bytes of the files, before they are compressed."""
        return sum(each.size for each in self.files)

    def parts(self) -> Iterator[bytes]:
        """Yield the archive.

        A file that is gone by now is left out and named as such; one that breaks off ends the
        answer, so that nobody takes a part for the whole.
        """
        made, facts, lost = ZipStream(compress_level=_LEVEL), dict(self.facts), set(self.lost)
        for file, path in self._named():
            identifier = file.resource["id"]
            try:
                pieces = file.pieces()
                first = next(pieces, b"")
            except GONE:
                lost.add(identifier)
                continue
            counted = _Counted(chain((first,), pieces))
            made.add(counted, path, compress_type=_compression(file))
            yield from made.file()
            facts[identifier] = replace(
                facts[identifier], path=path, size=counted.size, sha256=counted.digest)
        package = data_package(self.record, self.site, facts, citation=self.citation,
                               archive=True, lost=frozenset(lost))
        for name, text in ((METADATA, self.turtle), ("datapackage.json", as_text(package)),
                           (archive.README, archive.readme(package, self.site, self.made_on))):
            made.add(text, name, compress_type=ZIP_DEFLATED)
        yield from made.finalize()

    def _named(self) -> Iterator[tuple[StoredFile, str]]:
        taken: set[str] = set()
        for each in self.files:
            name = archive.file_name(
                str(each.resource.get("url") or "").rpartition("/")[2] or
                each.resource.get("name"), each.resource.get("format"), taken)
            taken.add(name.casefold())
            yield each, f"{archive.FOLDER}/{name}"


class _Counted:
    """Pieces on their way: how many bytes, and their SHA-256."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._hash = hashlib.sha256()
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._hash.update(piece)
            self.size += len(piece)
            yield piece

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()


def _compression(file: StoredFile) -> int:
    said = f"{file.resource.get('mimetype') or ''} {file.resource.get('format') or ''}".lower()
    return ZIP_STORED if any(each in said for each in _PACKED) else ZIP_DEFLATED
