"""The table of what followed each press of the red button."""
from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.domain.purging import State
from ckanext.satudata.shared.db import Base

__all__ = ["Purge"]

_TIME = sa.DateTime(timezone=True)


class Purge(Base):
    """One press of the red button.

    :ivar submission_id: the version that was public then, or the one under way
    :ivar chosen: what holds personal data, as it was found when somebody said so:
        ``key``, ``kind``, ``name``, ``numbers``, ``resources``, ``sha256`` ...
    :ivar report: what was deleted and what could not be, with the reason
    :ivar retry_at: not before then, after a try that failed
    """

    __tablename__ = "satudata_purge"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    package_id: Mapped[str] = mapped_column(sa.Text)
    submission_id: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text)
    withdrawn_at: Mapped[dt.datetime] = mapped_column(_TIME)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    chosen: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    explained_by: Mapped[str | None] = mapped_column(sa.Text)
    explained_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    due_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    warned_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    retry_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    report: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    finished_at: Mapped[dt.datetime | None] = mapped_column(_TIME)

    @property
    def status(self) -> State:
        """The state, typed."""
        return State(self.state)
