"""Table of what was handed in."""
from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.shared.blob_ledger import reference, references
from ckanext.satudata.shared.db import Base

__all__ = ["Intake"]

_TIME = sa.DateTime(timezone=True)


class Intake(Base):
    """A setoran: one file as somebody handed it in, and what became of it.

    :ivar package_id: the dataset as the public knows it; ``content_id``: the draft that took it
    :ivar way: how it came, a value of :class:`ckanext.satudata.domain.intake.states.Way`
    :ivar sha256: of its bytes, which stay as they came and are never public
    :ivar sent_by: id of a user; of others ``sender`` says ``name`` and ``contact``
    :ivar receipt_sha256: hash of what lets a sender without an account see it again
    :ivar recipe: how its sender corrected its reading, for the engine
    :ivar state: of :class:`ckanext.satudata.domain.intake.states.State`
    :ivar replaces: id of the resource it takes the place of
    :ivar resources: ids of the resources it became
    """

    __tablename__ = "satudata_intake"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    package_id: Mapped[str] = mapped_column(sa.Text)
    content_id: Mapped[str | None] = mapped_column(sa.Text)
    way: Mapped[str] = mapped_column(sa.Text)
    filename: Mapped[str] = mapped_column(sa.Text)
    size: Mapped[int] = mapped_column(sa.BigInteger)
    sha256: Mapped[str] = mapped_column(sa.Text)
    sent_by: Mapped[str | None] = mapped_column(sa.Text)
    sender: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    receipt_sha256: Mapped[str | None] = mapped_column(sa.Text)
    link_id: Mapped[str | None] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    recipe: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    state: Mapped[str] = mapped_column(sa.Text)
    replaces: Mapped[str | None] = mapped_column(sa.Text)
    resources: Mapped[list[str]] = mapped_column(JSONB, default=list)
    created_at: Mapped[dt.datetime] = mapped_column(_TIME)
    decided_by: Mapped[str | None] = mapped_column(sa.Text)
    decided_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    purged_at: Mapped[dt.datetime | None] = mapped_column(_TIME)


@references
def of_raw_files() -> sa.Select[Any]:
    """Files as they were handed in; those thrown away are kept a while, and then are nobody's."""
    return reference(sa.case((Intake.purged_at.is_(None), Intake.sha256)), Intake.package_id, None,
                     Intake.filename)
