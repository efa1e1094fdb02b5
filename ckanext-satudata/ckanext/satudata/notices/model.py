"""Tables of the notices: what each person was told, and what they want to hear of."""
from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.shared.db import Base

__all__ = ["Notice", "NoticeSetting"]


class Notice(Base):
    """One event told to one person in the portal.

    :ivar kind: a ``domain.notices.Kind``; with the event it names the words, so that a person
        reads them in the language they look at the page in
    """

    __tablename__ = "satudata_notice"
    __table_args__ = (
        sa.UniqueConstraint("user_id", "event_id", "kind", name="satudata_notice_once"),
        sa.Index("satudata_notice_user", "user_id", "id"),
        sa.Index("satudata_notice_unread", "user_id", postgresql_where=sa.text("read_at IS NULL")),
        sa.Index("satudata_notice_submission", "submission_id",
                 postgresql_where=sa.text("read_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    user_id: Mapped[str] = mapped_column(sa.Text)
    event_id: Mapped[int] = mapped_column(sa.BigInteger)
    kind: Mapped[str] = mapped_column(sa.Text)
    submission_id: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    read_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))


class NoticeSetting(Base):
    """Where a person wants one kind of notice; a kind without a row has its default."""

    __tablename__ = "satudata_notice_setting"

    user_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    portal: Mapped[bool] = mapped_column(sa.Boolean)
    mail: Mapped[bool] = mapped_column(sa.Boolean)
