"""The table of documents; who may do what with them is decided in ``domain/berita_acara``."""
from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, deferred, mapped_column

from ckanext.satudata.domain.berita_acara.document import Confirmation
from ckanext.satudata.domain.berita_acara.steps import Facts, Side, State
from ckanext.satudata.shared.db import Base

__all__ = ["BeritaAcara"]

_TIME = sa.DateTime(timezone=True)


class BeritaAcara(Base):
    """One document, from its draft on.

    :ivar draft: what the inspector typed and which submissions were ticked
    :ivar jenis_data: kinds of data of its items that were handed to a pembina: who may read it
    :ivar content: frozen when issued; its canonical bytes have ``content_hash``
    :ivar confirmations: at most one a side
    :ivar pdf: made once, by the second confirmation; its bytes have ``pdf_hash``
    :ivar reason: why it was refused
    :ivar replaces: id of the refused document this one stands for
    """

    __tablename__ = "satudata_berita_acara"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    owner_org: Mapped[str] = mapped_column(sa.Text)
    kind: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column(sa.Integer, default=1)
    draft: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    jenis_data: Mapped[list[str]] = mapped_column(JSONB, default=list)
    year: Mapped[int | None] = mapped_column(sa.Integer)
    sequence: Mapped[int | None] = mapped_column(sa.Integer)
    number: Mapped[str | None] = mapped_column(sa.Text)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    content_hash: Mapped[str | None] = mapped_column(sa.Text)
    confirmations: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    pdf: Mapped[bytes | None] = deferred(mapped_column(sa.LargeBinary))
    pdf_hash: Mapped[str | None] = mapped_column(sa.Text)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    replaces: Mapped[str | None] = mapped_column(sa.Text)
    created_by: Mapped[str] = mapped_column(sa.Text)
    created: Mapped[dt.datetime] = mapped_column(_TIME)
    modified: Mapped[dt.datetime] = mapped_column(_TIME)
    issued_by: Mapped[str | None] = mapped_column(sa.Text)
    issued_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    closed_by: Mapped[str | None] = mapped_column(sa.Text)
    closed_at: Mapped[dt.datetime | None] = mapped_column(_TIME)

    def facts(self) -> Facts:
        """Return what a decision needs to know of it."""
        confirmed = {Side(each["side"]): each["user"] for each in self.confirmations}
        return Facts(State(self.state), self.owner_org, self.created_by, confirmed)

    def confirmed(self) -> tuple[Confirmation, ...]:
        """Return the confirmations given so far."""
        return tuple(Confirmation(**{**each, "at": dt.datetime.fromisoformat(each["at"])})
                     for each in self.confirmations)
