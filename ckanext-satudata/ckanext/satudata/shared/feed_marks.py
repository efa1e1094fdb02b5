"""What the feed has to say anew: a mark, in the transaction of the change itself.

Only ever inserted, so that no writer waits for another; the room ``feed/`` settles and deletes
them. A mark says that something may have changed, not what: what is public, and how it reads, is
asked when it is settled.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.db import Base

__all__ = ["LOCK", "Mark", "mark", "mark_selected"]

#: Name of the lock under which entries of the feed are written.
LOCK = "umpan"


class Mark(Base):
    """A dataset whose entry in the feed may no longer be what it was.

    :ivar urgent: the next answer must know; what is only told in other words (an organization's
        new name) is settled within the time that the documentation states
    """

    __tablename__ = "satudata_feed_mark"

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    package_id: Mapped[str] = mapped_column(sa.Text)
    urgent: Mapped[bool] = mapped_column(sa.Boolean)
    at: Mapped[dt.datetime] = mapped_column(
        sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"))


def mark(packages: Iterable[str], urgent: bool = True) -> None:
    """Mark datasets in the running transaction; of any state, public or gone."""
    rows = [{"package_id": each, "urgent": urgent} for each in dict.fromkeys(packages)]
    if not rows:
        return
    model.Session.connection().execute(sa.insert(Mark.__table__), rows)
    outbox.ask()


def mark_selected(query: Any, urgent: bool = False) -> None:
    """Mark the datasets whose ids a query gives, in one statement however many there are."""
    found = query.subquery()
    model.Session.connection().execute(sa.insert(Mark.__table__).from_select(
        ["package_id", "urgent"], sa.select(found.c[0], sa.literal(urgent))))
    outbox.ask()
