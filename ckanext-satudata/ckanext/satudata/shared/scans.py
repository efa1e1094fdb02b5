"""Scans of letters: stored under the hash of their bytes, apart from the files of datasets.

No collector looks at them, for they are part of the record. They go when somebody names one as
personal data, unless another record holds the same scan.
"""
from __future__ import annotations

import hashlib
import re
from contextlib import suppress

import ckan.model as model
import sqlalchemy as sa
from ckan.lib import files

from ckanext.satudata.shared import blob_ledger, blobs
from ckanext.satudata.shared.db import lock, unit_of_work

__all__ = ["FOLDER", "content", "erase", "exists", "put"]

FOLDER = "surat"
_SHA256 = re.compile(r"[0-9a-f]{64}")


def put(scan: bytes) -> str:
    """Store a scan, whole or not at all; return its SHA-256.

    Nobody erases it before the running transaction has ended: commit in it what refers to it.

    :raises StorageTroubleError: the storage is full, away or closed to us
    """
    sha256 = hashlib.sha256(scan).hexdigest()
    lock(FOLDER, sha256, shared=True)
    if not exists(sha256):
        blobs.put_whole(blobs.storage(), _place(sha256), files.make_upload(scan))
    return sha256


def content(sha256: str) -> bytes:
    """Return a scan.

    :raises LookupError: it is not there, or not any more
    """
    try:
        return blobs.storage().content(files.FileData(_place(sha256)))
    except files.exc.MissingFileError:
        raise LookupError(sha256) from None


def exists(sha256: str) -> bool:
    """Tell whether a scan is stored."""
    return blobs.storage().exists(files.FileData(_place(sha256)))


def erase(sha256: str) -> bool:
    """Delete a scan unless something refers to it; tell whether it is gone.

    Commit first what takes the references away. Who hands it in at this moment comes before,
    and keeps it, or after, and stores it anew.
    """
    with unit_of_work():
        lock(FOLDER, sha256)
        found = blob_ledger.referring()
        if model.Session.scalar(sa.select(sa.exists().where(
                found.c.sha256 == sha256, found.c.folder == FOLDER))):
            return False
        with suppress(files.exc.MissingFileError, FileNotFoundError):
            blobs.storage().remove(files.FileData(_place(sha256)))
        return True


def _place(sha256: str) -> files.Location:
    if not _SHA256.fullmatch(sha256):
        raise LookupError(sha256)
    return files.Location(f"{FOLDER}/{sha256[:2]}/{sha256}")
