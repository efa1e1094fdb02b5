"""Table of links to hand in by."""
from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.shared.db import Base

__all__ = ["UploadLink"]

_TIME = sa.DateTime(timezone=True)


class UploadLink(Base):
    """A tautan setor: whoever has it hands in for one dataset, and sees nothing else.

    :ivar package_id: the dataset as the public knows it
    :ivar token_sha256: the token itself is kept nowhere; it is made again from the id and the
        portal's secret
    :ivar label: for whom it is, in the words of who made it
    :ivar single: one file and no second
    :ivar opened_at: when it was opened first
    :ivar recap_id: the recap whose unit it is for; ``unit_code`` and ``unit_name`` name that unit
    :ivar contact: ``phone`` and ``email`` of who gets it
    """

    __tablename__ = "satudata_upload_link"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    package_id: Mapped[str] = mapped_column(sa.Text)
    token_sha256: Mapped[str] = mapped_column(sa.Text, unique=True)
    label: Mapped[str] = mapped_column(sa.Text, default="")
    single: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    max_bytes: Mapped[int] = mapped_column(sa.BigInteger)
    expires_at: Mapped[dt.datetime] = mapped_column(_TIME)
    created_by: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(_TIME)
    revoked_by: Mapped[str | None] = mapped_column(sa.Text)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    opened_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    reminded_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    recap_id: Mapped[str | None] = mapped_column(
        sa.Text, sa.ForeignKey("satudata_recap.id", ondelete="CASCADE"))
    unit_code: Mapped[str | None] = mapped_column(sa.Text)
    unit_name: Mapped[str | None] = mapped_column(sa.Text)
    contact: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
