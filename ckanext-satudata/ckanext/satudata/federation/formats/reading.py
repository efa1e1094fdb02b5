"""A dataset and its files, as whoever asks may read them, for the forms other programs take."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk
import file_keeper as fk
from ckan.lib import files, uploader

from ckanext.satudata.domain.federation.data_package import FileFacts
from ckanext.satudata.domain.federation.plain import access_level, file_format
from ckanext.satudata.domain.federation.terms import as_records
from ckanext.satudata.domain.federation.text_file import written_as
from ckanext.satudata.federation.feed.building import anonymous
from ckanext.satudata.shared import blobs
from ckanext.satudata.shared.asking import visitor
from ckanext.satudata.shared.datastore import TABLE_ONLY
from ckanext.satudata.shared.language import default_language

__all__ = ["GONE", "Shown", "StoredFile", "shown"]

#: Bytes of a text by which it is told how it is written.
_HEAD = 64 * 1024
#: What a storage raises for a file that is not there.
GONE = (files.exc.LocationError, files.exc.MissingFileError)
_TEXTS = frozenset({"csv", "tsv", "txt"})


@dataclass(frozen=True)
class StoredFile:
    """A file in the storage of this portal; what it needs to be read asks no database.

    :ivar sha256: empty for a file that lies under the id of its resource
    :ivar size: in bytes
    """

    resource: dict[str, Any]
    storage: Any
    place: Any
    sha256: str
    size: int

    def pieces(self) -> Iterator[bytes]:
        """Yield its bytes.

        :raises GONE: it is not there any more
        """
        return blobs.pieces(self.storage.stream(files.FileData(self.place, size=self.size)))


@dataclass(frozen=True)
class Shown:
    """A dataset as somebody may read it.

    :ivar is_public: everybody may
    :ivar stored: files of open data that lie here, in their order; ``lost``: ids of those that
        should
    """

    record: dict[str, Any]
    is_public: bool
    stored: list[StoredFile] = field(default_factory=list[StoredFile])
    lost: frozenset[str] = frozenset()

    def facts(self) -> dict[str, FileFacts]:
        """Return what is known of its files, by id of the resource."""
        found = {each.resource["id"]: _facts(each) for each in self.stored}
        for each in as_records(self.record.get("resources")):
            if each["id"] not in found and each.get("url_type") in TABLE_ONLY:
                found[each["id"]] = FileFacts(
                    table=_columns(each["id"]), dumped=True, encoding="utf-8", delimiter=",")
        return found


def shown(identifier: str) -> Shown:
    """Return a dataset for who looks at it; 404 for what is none, or not for them."""
    for context in (anonymous(), visitor()):
        try:
            with default_language():  # CKAN puts the language of the asker into addresses of files
                record = tk.get_action("package_show")(context, {"id": identifier[:200]})
        except (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError):
            continue
        if record.get("type", "dataset") != "dataset" or record.get("state") == "deleted":
            break
        stored, lost = _files(record)
        return Shown(record, not record.get("private"), stored, lost)
    return tk.abort(404, tk._("Dataset tidak ditemukan."))


def _files(record: dict[str, Any]) -> tuple[list[StoredFile], frozenset[str]]:
    """Return the files of open data that lie here, and the ids of those that should."""
    if access_level(record).restricted:
        return [], frozenset()
    found, lost = [], set[str]()
    for each in as_records(record.get("resources")):
        if each.get("url_type") != "upload":
            continue
        upload: Any = uploader.get_resource_uploader(dict(each))
        storage = getattr(upload, "storage", None)
        if not isinstance(storage, fk.Storage):
            continue
        place = files.Location(upload.get_path(each["id"]))
        try:
            size = storage.size(place)
        except GONE:
            lost.add(each["id"])
            continue
        found.append(StoredFile(
            each, storage, place, getattr(upload, "sha256", None) or "", size))
    return found, frozenset(lost)


def _facts(file: StoredFile) -> FileFacts:
    said: dict[str, Any] = {"sha256": file.sha256, "size": file.size}
    if file_format(file.resource.get("format")).lower() in _TEXTS:
        said["encoding"], said["delimiter"] = _written(file)
    if not file.resource.get("skema") and file.resource.get("datastore_active"):
        said["table"] = _columns(file.resource["id"])
    return FileFacts(**said)


def _columns(resource_id: str) -> tuple[dict[str, Any], ...]:
    """Return the fields of a table in the datastore, none where there is no table."""
    try:
        return tuple(tk.get_action("datastore_info")(
            anonymous(), {"id": resource_id}).get("fields") or ())
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError, KeyError):
        return ()


def _written(file: StoredFile) -> tuple[str, str]:
    if not file.sha256:
        return _told(file)
    kept = _by_hash(file.sha256)
    if not kept:
        kept.append(_told(file))
    return kept[0]


@lru_cache(maxsize=2000)
def _by_hash(_sha256: str) -> list[tuple[str, str]]:
    """Return where to keep what was told of bytes, which under their hash never change."""
    return []


def _told(file: StoredFile) -> tuple[str, str]:
    head = bytearray()
    pieces = file.pieces()
    try:
        for piece in pieces:
            head += piece
            if len(head) >= _HEAD:
                break
    except GONE:
        return "", ""
    finally:
        pieces.close()  # type: ignore[attr-defined]
    return written_as(bytes(head[:_HEAD]), file.size <= _HEAD)
