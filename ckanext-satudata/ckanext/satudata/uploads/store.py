"""Bytes of uploads under way: in the database piece by piece, among the blobs once they are whole.

So any web process takes the next piece, and one that dies loses none that was answered. An upload
is changed under the lock of its row, and a piece is taken only where the last one ended: of two who
send at once one is told where it stands now, and their bytes never mix.
"""
from __future__ import annotations

import datetime as dt
import secrets
import tempfile

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.shared import blobs, moment
from ckanext.satudata.shared.db import lock, unit_of_work
from ckanext.satudata.uploads import limits
from ckanext.satudata.uploads.model import Upload, UploadPart

__all__ = ["PIECE", "OffsetError", "append", "begin", "expire", "find", "finish", "held", "ids_of",
           "remove", "settle"]

#: The largest piece that is kept as one.
PIECE = 1024 * 1024
#: A shorter one grows by what comes next, so that no line makes thousands of rows.
SMALL = 128 * 1024


class OffsetError(Exception):
    """A piece does not begin where the last one ended; ``received`` is where that is."""

    def __init__(self, received: int) -> None:
        super().__init__(received)
        self.received = received


def begin(owner: str, filename: str, size: int, limit: int) -> Upload:
    """Take up an upload.

    :param limit: the largest file of this owner
    :raises Refused: too many of them are under way
    """
    now = moment.now()
    with unit_of_work():
        lock("satudata_upload", owner)
        limits.make_room(owner, size, limit, now)
        row = Upload(id=secrets.token_urlsafe(24), owner=owner, filename=filename, size=size,
                     received=0, created_at=now, touched_at=now)
        model.Session.add(row)
        model.Session.flush()
        model.Session.expunge(row)
    return row


def find(identifier: str) -> Upload | None:
    """Return an upload as it stands; another process may change it meanwhile."""
    return model.Session.scalar(
        sa.select(Upload).where(Upload.id == identifier,
                                Upload.touched_at > moment.now() - limits.LIFETIME)
        .execution_options(populate_existing=True))


def ids_of(owner: str) -> list[str]:
    """Return the ids of the uploads somebody may go on with."""
    return list(model.Session.scalars(sa.select(Upload.id).where(
        Upload.owner == owner, Upload.touched_at > moment.now() - limits.LIFETIME)))


def held(identifier: str) -> Upload:
    """Return an upload, to be changed by nobody else until this transaction ends.

    :raises ObjectNotFound: there is none (any more)
    """
    row = model.Session.scalar(
        sa.select(Upload).where(Upload.id == identifier).with_for_update()
        .execution_options(populate_existing=True))
    if row is None:
        raise tk.ObjectNotFound(identifier)
    return row


def append(identifier: str, offset: int, piece: bytes) -> int:
    """Keep a piece, at most :data:`PIECE` long; return where the next one begins.

    :raises OffsetError: the upload stands elsewhere
    :raises ObjectNotFound: it is gone
    """
    with unit_of_work():
        row = held(identifier)
        if row.received != offset or offset + len(piece) > row.size:
            raise OffsetError(row.received)
        if not _grown(identifier, offset, piece):
            model.Session.execute(sa.insert(UploadPart).values(
                upload_id=identifier, start=offset, data=piece))
        row.received = received = offset + len(piece)
        row.touched_at = moment.now()
    return received


def _grown(identifier: str, offset: int, piece: bytes) -> bool:
    """Put a piece at the end of the last one where that is short.

    Whether it is, is asked first: the bytes themselves go to the database once.
    """
    start = model.Session.scalar(
        sa.select(sa.func.max(UploadPart.start)).where(UploadPart.upload_id == identifier))
    if start is None or offset - start >= SMALL or offset - start + len(piece) > PIECE:
        return False
    model.Session.execute(
        sa.update(UploadPart).where(
            UploadPart.upload_id == identifier, UploadPart.start == start)
        .values(data=UploadPart.data.op("||")(sa.bindparam("piece", piece, sa.LargeBinary)))
        .execution_options(synchronize_session=False))
    return True


def finish(identifier: str) -> None:
    """Put an upload among the blobs if all of it is there.

    :raises ValidationError: the storage is full, away or closed to us, in words; the pieces stay
    :raises ObjectNotFound: it is gone
    """
    with unit_of_work():
        row = held(identifier)
        if row.received == row.size:
            settle(row)


def settle(row: Upload) -> str:
    """Store the bytes of a whole upload whose row is held; return their SHA-256.

    They pass through a file of the disk, so that memory does not grow with them.
    """
    if row.sha256 is not None:
        return row.sha256
    starts = list(model.Session.scalars(
        sa.select(UploadPart.start).where(UploadPart.upload_id == row.id)
        .order_by(UploadPart.start)))
    with tempfile.TemporaryFile() as whole:
        for start in starts:
            assert start == whole.tell(), f"upload {row.id}: a piece is missing before {start}"
            whole.write(model.Session.scalar(
                sa.select(UploadPart.data)
                .where(UploadPart.upload_id == row.id, UploadPart.start == start)) or b"")
        assert whole.tell() == row.size, f"upload {row.id}: its last piece is missing"
        row.sha256 = blobs.store(whole)
    model.Session.execute(sa.delete(UploadPart).where(UploadPart.upload_id == row.id))
    return row.sha256


def remove(identifier: str) -> None:
    """Delete an upload and what came of it."""
    with unit_of_work():
        model.Session.execute(sa.delete(Upload).where(Upload.id == identifier))


def expire(now: dt.datetime) -> int:
    """Delete what nobody went on with; return how many."""
    with unit_of_work():
        return model.Session.execute(
            sa.delete(Upload).where(Upload.touched_at <= now - limits.LIFETIME)).rowcount
