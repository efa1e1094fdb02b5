"""A file that came with a form that was not saved: kept, so that nobody uploads it twice.

The bytes lie under their hash among the files of resources; nothing refers to them, so the
collector of files takes them away after its grace if the form is never saved. What the form carries
is signed: whoever could name any hash could read any file of the portal.
"""
from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage

from ckanext.satudata.shared import blobs

__all__ = ["FIELD", "Kept", "keep", "read"]

#: The form field that carries it.
FIELD = "_kiriman"
_DAY = 24 * 3600
_IN_MEMORY = 1024 * 1024


@dataclass(frozen=True)
class Kept:
    """A file of a form.

    :param sha256: empty for an address instead of a file, which ``filename`` then is
    :param asked: a person has to say what becomes of it
    """

    sha256: str
    filename: str
    mimetype: str
    asked: bool

    @property
    def is_file(self) -> bool:
        """Tell a file from an address."""
        return bool(self.sha256)

    def sign(self, resource_id: str) -> str:
        """Return what the form carries; good for a day, this person and this resource."""
        return str(_signer().dumps(
            [self.sha256, self.filename, self.mimetype, self.asked, resource_id, _person()]))

    def upload(self) -> FileStorage:
        """Return the file as if it came with this form.

        :raises ValidationError: it was collected meanwhile
        """
        stream = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  (CKAN reads it)
        try:
            for piece in blobs.open(self.sha256):
                stream.write(piece)
        except blobs.BlobMissingError:
            raise tk.ValidationError({"url": [tk._(
                "Berkas “{name}” sudah tidak disimpan. Unggah lagi.").format(name=self.filename)]}
            ) from None
        stream.seek(0)
        return FileStorage(stream, self.filename, content_type=self.mimetype or None)  # type: ignore[arg-type]


def keep(upload: Any, asked: bool) -> Kept | None:
    """Store the file of a form that is not saved; None where it is too large to be kept at all.

    :raises ValidationError: the storage is full, away or closed to us, in words
    """
    stream = upload.stream
    limit = getattr(blobs.storage().settings, "max_size", -1)
    if 0 <= limit < stream.seek(0, 2):
        return None
    sha256 = blobs.store(stream, upload.mimetype or "")
    return Kept(sha256, str(upload.filename)[:300], str(upload.mimetype or "")[:200], asked)


def read(token: object, resource_id: str) -> Kept | None:
    """Return the file that a form carries; None for anything that is not ours, or too old."""
    if not isinstance(token, str) or not token or len(token) > 10_000:
        return None
    try:
        sha256, filename, mimetype, asked, resource, person = _signer().loads(token, max_age=_DAY)
    except (BadSignature, ValueError, TypeError):
        return None
    if (resource, person) != (resource_id, _person()):
        return None
    return Kept(str(sha256), str(filename), str(mimetype), bool(asked))


def _person() -> str:
    return str(getattr(tk.current_user, "id", None) or "")


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(tk.config["SECRET_KEY"], salt="satudata-kiriman")
