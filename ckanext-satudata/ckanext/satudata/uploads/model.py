"""Tables of uploads under way and their parts."""
from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.shared.blob_ledger import reference, references
from ckanext.satudata.shared.db import Base

__all__ = ["Upload", "UploadPart"]

_TIME = sa.DateTime(timezone=True)


class Upload(Base):
    """An upload under way, or whole and not yet taken.

    :ivar id: also the secret of its address
    :ivar owner: ``user:<id>``, or ``tautan:<id of the link>``
    :ivar size: bytes announced; ``received``: how many came
    :ivar sha256: once it is whole
    """

    __tablename__ = "satudata_upload"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    owner: Mapped[str] = mapped_column(sa.Text)
    filename: Mapped[str] = mapped_column(sa.Text)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    received: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    sha256: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(_TIME)
    touched_at: Mapped[dt.datetime] = mapped_column(_TIME)


class UploadPart(Base):
    """Bytes of an upload from ``start`` on."""

    __tablename__ = "satudata_upload_part"

    upload_id: Mapped[str] = mapped_column(
        sa.Text, sa.ForeignKey("satudata_upload.id", ondelete="CASCADE"), primary_key=True)
    start: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    data: Mapped[bytes] = mapped_column(sa.LargeBinary)


@references
def of_whole_uploads() -> sa.Select[object]:
    """Files that are whole and wait to be taken."""
    return reference(Upload.sha256, None, None, Upload.filename)
