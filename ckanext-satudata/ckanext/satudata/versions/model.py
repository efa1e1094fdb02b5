"""Tables of versions: what each one said and gave when it was public."""
from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.shared.db import Base

__all__ = ["Version", "VersionFile"]

_TIME = sa.DateTime(timezone=True)


class Version(Base):
    """A version that was published.

    :ivar submission_id: the submission it was approved as
    :ivar number: 1 for the first; a cancelled attempt leaves a gap
    :ivar ended_at: until when it was the one everybody saw; ``None`` while it is
    :ivar withdrawn_at: hidden from the public since, whatever else is published later
    :ivar purged_at: its files hold personal data and were deleted
    :ivar content: the dataset as ``package_show`` gave it, addresses of restricted files included
    :ivar changes: against the version before: ``{"fields": [...], "files": {"added": n, ...}}``
    """

    __tablename__ = "satudata_version"

    submission_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    package_id: Mapped[str] = mapped_column(sa.Text)
    number: Mapped[int] = mapped_column(sa.Integer)
    kind: Mapped[str] = mapped_column(sa.Text)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    published_at: Mapped[dt.datetime] = mapped_column(_TIME)
    ended_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    purged_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    content_hash: Mapped[str] = mapped_column(sa.Text)
    changes: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


class VersionFile(Base):
    """A file of a version; equal bytes are stored once, so that an old one costs nothing more.

    :ivar size: bytes
    :ivar sha256: of the stored file; ``None`` for one that lies elsewhere
    :ivar url: where it lies elsewhere
    :ivar table_sha256: its rows as CSV, of a resource whose table is the data
    """

    __tablename__ = "satudata_version_file"

    submission_id: Mapped[str] = mapped_column(
        sa.ForeignKey("satudata_version.submission_id", ondelete="CASCADE"), primary_key=True)
    resource_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    position: Mapped[int] = mapped_column(sa.Integer)
    name: Mapped[str] = mapped_column(sa.Text, default="")
    filename: Mapped[str] = mapped_column(sa.Text, default="")
    format: Mapped[str] = mapped_column(sa.Text, default="")
    mimetype: Mapped[str] = mapped_column(sa.Text, default="")
    size: Mapped[int | None] = mapped_column(sa.BigInteger)
    sha256: Mapped[str | None] = mapped_column(sa.Text)
    url: Mapped[str | None] = mapped_column(sa.Text)
    table_sha256: Mapped[str | None] = mapped_column(sa.Text)
