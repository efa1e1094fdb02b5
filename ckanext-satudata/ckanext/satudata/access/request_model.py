"""Tables of requests for restricted files; their life is decided in ``domain/requests.py``."""
from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.domain.requests import Facts, State
from ckanext.satudata.shared.db import Base

__all__ = ["AccessRequest", "AccessToken"]

_TIME = sa.DateTime(timezone=True)


class AccessRequest(Base):
    """Somebody asks for files of restricted data.

    :ivar number: given as it comes in, without a gap within a year (UU 14/2008 art. 22(4))
    :ivar title: of the dataset, as it was
    :ivar owner_org: id of the OPD whose data it is, as it was
    :ivar user_id: the account it was made with; ``None`` where it was made without one
    :ivar name: how they sign; empty, with ``email``, ``institution`` and ``purpose``, once a
        request nobody stood up for was forgotten
    :ivar files: what is asked for: ``id`` and ``name`` of resources
    :ivar days: for how long
    :ivar received_at: when the clock of the law began: by an account at once, else with the proof
        of the e-mail address
    :ivar answer: ``files``, ``until``, ``conditions``, ``grounds``, ``reason``
    :ivar grant_id: what it opens
    :ivar closed_at: answered or cancelled
    """

    __tablename__ = "satudata_access_request"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    year: Mapped[int] = mapped_column(sa.Integer)
    sequence: Mapped[int] = mapped_column(sa.Integer)
    number: Mapped[str] = mapped_column(sa.Text)
    package_id: Mapped[str] = mapped_column(sa.Text)
    title: Mapped[str] = mapped_column(sa.Text)
    owner_org: Mapped[str] = mapped_column(sa.Text)
    user_id: Mapped[str | None] = mapped_column(sa.Text)
    name: Mapped[str] = mapped_column(sa.Text)
    email: Mapped[str] = mapped_column(sa.Text)
    institution: Mapped[str] = mapped_column(sa.Text)
    purpose: Mapped[str] = mapped_column(sa.Text)
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    days: Mapped[int] = mapped_column(sa.Integer)
    state: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column(sa.Integer, default=1)
    created_at: Mapped[dt.datetime] = mapped_column(_TIME)
    received_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    due_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    extended_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    extension_reason: Mapped[str] = mapped_column(sa.Text, default="")
    closed_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    answered_by: Mapped[str | None] = mapped_column(sa.Text)
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    grant_id: Mapped[str | None] = mapped_column(sa.Text)

    @property
    def status(self) -> State:
        """Its state, typed."""
        return State(self.state)

    def facts(self) -> Facts:
        """Return what a decision needs to know of it."""
        return Facts(self.status, self.user_id or "", self.due_at)


class AccessToken(Base):
    """A personal link that leads somebody without an account to their request.

    Made for one mail and never stored itself: whoever reads this table opens nothing.
    """

    __tablename__ = "satudata_access_token"

    sha256: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    request_id: Mapped[str] = mapped_column(
        sa.ForeignKey("satudata_access_request.id", ondelete="CASCADE"))
    created_at: Mapped[dt.datetime] = mapped_column(_TIME)
