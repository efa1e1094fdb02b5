"""Tables of use: numbers by day, and which heaps of numbers are in them."""
from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.shared.db import Base

__all__ = ["FIRST", "Batch", "Usage"]

#: The row of :class:`Batch` that says since when is counted.
FIRST = "awal"


class Usage(Base):
    """How often something was used on a day.

    :ivar package_id: empty for datasets that were purged, whose uses are one number a day
    :ivar day: in the zone of the portal
    :ivar resource_id: empty for the page of the dataset
    :ivar version: number of the published version that was used, 0 where there is none
    :ivar measure: ``dilihat`` or ``unduhan``
    :ivar channel: ``peramban``, ``program``, ``api`` or ``panen``
    :ivar owner_org: id of whose data it was, of purged datasets only; of others the dataset says
    """

    __tablename__ = "satudata_usage"

    package_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    day: Mapped[dt.date] = mapped_column(sa.Date, primary_key=True)
    resource_id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default="")
    version: Mapped[int] = mapped_column(sa.Integer, primary_key=True, default=0)
    measure: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    channel: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    owner_org: Mapped[str] = mapped_column(sa.Text, primary_key=True, default="")
    count: Mapped[int] = mapped_column(sa.BigInteger)


class Batch(Base):
    """A heap of numbers that came over from Valkey.

    :ivar id: the name it had there
    """

    __tablename__ = "satudata_usage_batch"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
