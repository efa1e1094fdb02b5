"""Table of comparisons of two files, each made once."""
from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.shared.blob_ledger import reference, references
from ckanext.satudata.shared.db import Base

__all__ = ["Diff"]

_TIME = sa.DateTime(timezone=True)


class Diff(Base):
    """A comparison of the tables in two files.

    Written by transactions of its own only: whoever asks may be in the middle of another.

    :ivar id: hash of all that decides the answer: both files, how they are read, keys, schema
    :ivar asked: what ``domain/versions/tables.py`` takes
    :ivar state: ``menunggu``, ``berjalan``, ``siap`` or ``gagal``
    :ivar progress: percent
    :ivar attempts: how often somebody began; one that kills its process is not begun for ever
    :ivar result: what was found
    :ivar list_sha256: of the full list
    :ivar error: a :class:`ckanext.satudata.domain.loading.problems.Problem`
    """

    __tablename__ = "satudata_diff"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    old_sha256: Mapped[str] = mapped_column(sa.Text)
    new_sha256: Mapped[str] = mapped_column(sa.Text)
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(sa.Text)
    progress: Mapped[int] = mapped_column(sa.Integer, default=0)
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    list_sha256: Mapped[str | None] = mapped_column(sa.Text)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[dt.datetime] = mapped_column(_TIME)
    started_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    finished_at: Mapped[dt.datetime | None] = mapped_column(_TIME)


@references
def of_lists() -> sa.Select[Any]:
    """Full lists of changes."""
    return reference(Diff.list_sha256, filename="perubahan.csv")
