"""Table of recaps from units; the units are links."""
from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.shared.db import Base

__all__ = ["Recap"]

_TIME = sa.DateTime(timezone=True)


class Recap(Base):
    """A rekap dari unit: what many units hand in for one dataset.

    :ivar package_id: the dataset as the public knows it
    :ivar unit_kind: ``puskesmas``, ``sekolah``, ``kecamatan``, ``desa`` or another word
    :ivar intake_id: the setoran that all of them became, once merged
    """

    __tablename__ = "satudata_recap"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    package_id: Mapped[str] = mapped_column(sa.Text)
    title: Mapped[str] = mapped_column(sa.Text)
    unit_kind: Mapped[str] = mapped_column(sa.Text)
    due_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    created_by: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(_TIME)
    closed_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    merged_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    intake_id: Mapped[str | None] = mapped_column(sa.Text)
