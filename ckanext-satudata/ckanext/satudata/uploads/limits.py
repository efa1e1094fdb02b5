"""How much may be under way: no disk is filled and no server kept busy by what nobody finishes.

An upload is given up by itself (:data:`LIFETIME`). Where somebody has too many, those go first that
lay still for an hour: who broke off often goes on and is not told of a limit.
"""
from __future__ import annotations

import datetime as dt

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.shared import blobs
from ckanext.satudata.shared.counting import counted
from ckanext.satudata.uploads.model import Upload
from ckanext.satudata.uploads.protocol import Refused

__all__ = ["IDLE", "LIFETIME", "MADE", "OPEN", "SENT", "SHARE", "check_made", "check_sent",
           "largest", "make_room"]

#: An upload nobody went on with is deleted after this.
LIFETIME = dt.timedelta(days=7)
#: One that lay still so long makes room for another of the same owner.
IDLE = dt.timedelta(hours=1)
#: Of one owner at once: uploads, and their bytes as a multiple of the largest file.
OPEN, SHARE = 20, 5
#: Of one owner begun within an hour, and bodies sent for one upload within an hour.
MADE, SENT = 120, 4000
_HOUR = 3600
#: Where the storage sets no limit.
_LARGEST = 2 * 1024**3


def largest(own: int | None = None) -> int:
    """Return how many bytes a file may have: what the storage takes, or less.

    :param own: the limit of a link
    """
    said = getattr(blobs.storage().settings, "max_size", -1)
    limit = min(said, _LARGEST) if isinstance(said, int) and said >= 0 else _LARGEST
    return limit if own is None else min(limit, own)


def check_made(owner: str) -> None:
    """Count one more upload.

    :raises Refused: 429; too many were begun within the hour
    """
    _check(f"unggah:{owner}", MADE)


def check_sent(upload_id: str) -> None:
    """Count one more body for an upload.

    :raises Refused: 429; it came in too many small pieces
    """
    _check(f"unggah:bagian:{upload_id}", SENT)


def _check(name: str, most: int) -> None:
    count, left = counted(name, _HOUR)
    if count > most:
        raise Refused(429, tk._("Terlalu banyak unggahan dalam satu jam. Coba lagi {minutes} menit "
                                "lagi.").format(minutes=-(-left // 60)), Retry_After=str(left))


def make_room(owner: str, size: int, limit: int, now: dt.datetime) -> None:
    """Let one more upload fit; the caller holds the owner's lock.

    :raises Refused: 429; what is under way was sent within the last hour
    """
    rows = list(model.Session.execute(
        sa.select(Upload.id, Upload.size, Upload.touched_at).where(Upload.owner == owner)
        .order_by(Upload.touched_at)))
    gone = []
    while len(rows) >= OPEN or sum(row.size for row in rows) + size > SHARE * limit:
        if not rows or rows[0].touched_at > now - IDLE:
            raise Refused(429, tk._(
                "Terlalu banyak unggahan yang belum selesai ({count} berkas). Selesaikan atau "
                "batalkan dulu, atau coba lagi satu jam lagi.").format(count=len(rows)),
                Retry_After=str(_HOUR))
        gone.append(rows.pop(0).id)
    if gone:
        model.Session.execute(sa.delete(Upload).where(Upload.id.in_(gone)))
