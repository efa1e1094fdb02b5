"""Content-addressed resource files: a file's path is the SHA-256 of its bytes.

Why: switching a resource to other bytes becomes a change of metadata. A switch
that fails keeps the old bytes, every earlier version stays readable, and equal
files are stored once. Threat: who may choose the hash may read any file, so the
hash is computed here, from the bytes, and what a client sends is dropped.
"""
from __future__ import annotations

import os
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.lib import files
from ckan.lib.uploader import FKResourceUpload

from ckanext.satudata.shared import blobs, left_out
from ckanext.satudata.shared.raw_files import no_marks, raw_of
from ckanext.satudata.shared.types import ServerSet

__all__ = ["ContentUpload", "get_resource_uploader"]

#: What a resource says of its bytes, in columns of its own.
_OF_BYTES = ("url", "url_type", "format", "mimetype", "size", "hash")


def get_resource_uploader(resource: dict[str, Any]) -> ContentUpload | None:
    """Return our uploader, or None (CKAN's own) where no storage is configured."""
    name = tk.config["ckan.files.default_storages.resource"]
    try:
        files.get_storage(name)
    except files.exc.UnknownStorageError:
        return None
    return ContentUpload(resource)


class ContentUpload(FKResourceUpload):
    """Stores an upload under the hash of its content.

    CKAN makes one for every resource that changes, before validation, and for
    every download. Files stored before this extension lie under the resource id
    and stay readable there: a resource without ``sha256`` keeps CKAN's path.
    """

    sha256: str | None

    def __init__(self, resource: dict[str, Any]) -> None:
        given = resource.get("sha256")
        stored = _stored(resource.get("id"))
        # Only our own code can make a ServerSet: a revision that takes over known bytes.
        ours = isinstance(given, ServerSet)
        self.sha256 = str(given) if ours else _hash_of(stored)
        super().__init__(resource)
        if not ours and stored is not None and raw_of(stored.extras) is not None:
            _keep_clean(resource, stored, replaced=bool(self.filename or self.clear))
        resource.pop("sha256", None)
        if self.filename:
            self._refuse_too_large()
            self.sha256 = blobs.digest(self.upload_file.stream)
            resource["hash"] = self.sha256
            resource["hash_algorithm"] = "sha256"
        elif resource.get("url_type") != "upload":
            self.sha256 = None
        if self.sha256:
            resource["sha256"] = ServerSet(self.sha256)

    def _refuse_too_large(self) -> None:
        limit = getattr(self.storage.settings, "max_size", -1) if self.storage else -1
        if 0 <= limit < self.filesize:
            raise tk.ValidationError({"upload": [tk._(
                "Berkas {name} berukuran {size} MB, batasnya {limit} MB. "
                "Bagi berkas menjadi beberapa bagian atau kirim sebagai CSV.gz."
            ).format(name=self.filename, size=_megabytes(self.filesize), limit=_megabytes(limit))]})

    def get_directory(self, id: str) -> str:
        if self.sha256:
            return os.path.join("sha256", self.sha256[:2], self.sha256[2:4])
        return super().get_directory(id)

    def get_path(self, id: str) -> files.Location:
        if not self.sha256:
            return super().get_path(id)
        return files.Location(os.path.join(self.get_directory(id), self.sha256))

    def upload(self, id: str, max_size: int = 10) -> None:
        """Store the bytes once, complete or not at all.

        Bytes that a resource no longer points to are kept: an older version may.

        :raises ValidationError: the storage is full, away or closed to us, in words
        """
        if not self.filename or not self.storage or not tk.config["ckan.uploads_enabled"]:
            return
        assert self.sha256
        blobs.put(self.sha256, self.upload_file)


def _stored(resource_id: Any) -> model.Resource | None:
    """Return a resource as the database holds it.

    A deleted one is none: CKAN lets anyone who may write a dataset of his own take its id.
    """
    if not isinstance(resource_id, str) or not resource_id:
        return None
    stored = model.Session.get(model.Resource, resource_id)
    return None if stored is None or stored.state == model.State.DELETED else stored


def _hash_of(stored: model.Resource | None) -> str | None:
    value = (stored.extras or {}).get("sha256") if stored is not None else None
    return value if isinstance(value, str) and blobs.SHA256.fullmatch(value) else None


def _keep_clean(resource: dict[str, Any], stored: model.Resource, replaced: bool) -> None:
    """Let a clean table stay the file that the portal made, unless another takes its place.

    A client writes back what it read before: address and format of the raw file, say.
    """
    if replaced:
        left_out.note(stored.package, [stored])
        resource.update(no_marks())
        return
    extras = stored.extras or {}
    resource.update({name: getattr(stored, name) for name in _OF_BYTES})
    resource["hash_algorithm"] = extras.get("hash_algorithm") or "sha256"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}".replace(".", ",")
