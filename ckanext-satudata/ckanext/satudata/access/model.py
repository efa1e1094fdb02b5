"""Tables of access to restricted files. Nothing in them is ever erased."""
from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.domain.access import Holder, Permit
from ckanext.satudata.shared.db import Base

__all__ = ["AccessGrant", "Download"]

_TIME = sa.DateTime(timezone=True)


class AccessGrant(Base):
    """A permission to open the files of one restricted dataset, kept after it ended.

    :ivar kind: what ``holder`` names: ``orang`` (id of a user), ``instansi`` (id of an
        organization), ``peran`` (code of a role) or ``permohonan`` (id of a request made without
        an account, for the holder of its personal link)
    :ivar files: ids of the resources it opens; empty: all
    :ivar until: the moment after its last day
    :ivar request_id: the request it answers
    """

    __tablename__ = "satudata_access_grant"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    package_id: Mapped[str] = mapped_column(sa.Text)
    kind: Mapped[str] = mapped_column(sa.Text)
    holder: Mapped[str] = mapped_column(sa.Text)
    files: Mapped[list[str]] = mapped_column(JSONB, default=list)
    reason: Mapped[str] = mapped_column(sa.Text)
    since: Mapped[dt.datetime] = mapped_column(_TIME)
    until: Mapped[dt.datetime] = mapped_column(_TIME)
    request_id: Mapped[str | None] = mapped_column(sa.Text)
    granted_by: Mapped[str | None] = mapped_column(sa.Text)
    granted_at: Mapped[dt.datetime] = mapped_column(_TIME)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    revoked_by: Mapped[str | None] = mapped_column(sa.Text)
    revoke_reason: Mapped[str] = mapped_column(sa.Text, default="")

    @property
    def permit(self) -> Permit:
        """What the rule asks of it."""
        return Permit(self.id, Holder(self.kind), self.holder, self.since, self.until,
                      self.revoked_at is not None, frozenset(self.files))


class Download(Base):
    """Restricted bytes or rows that left, written before they do.

    :ivar number: of an earlier version; ``None`` for what is public now
    :ivar way: ``unduh``, ``versi``, ``arsip``, ``tabel`` or ``tautan``
    :ivar level: ``terbatas`` or ``tertutup``
    :ivar right: by what right, a code of :class:`ckanext.satudata.domain.access.Basis`
    """

    __tablename__ = "satudata_download"

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(_TIME)
    package_id: Mapped[str] = mapped_column(sa.Text)
    resource_id: Mapped[str | None] = mapped_column(sa.Text)
    owner_org: Mapped[str] = mapped_column(sa.Text)
    number: Mapped[int | None] = mapped_column(sa.Integer)
    sha256: Mapped[str | None] = mapped_column(sa.Text)
    way: Mapped[str] = mapped_column(sa.Text)
    size: Mapped[int | None] = mapped_column(sa.BigInteger)
    rows: Mapped[int | None] = mapped_column(sa.BigInteger)
    level: Mapped[str] = mapped_column(sa.Text)
    user_id: Mapped[str | None] = mapped_column(sa.Text)
    right: Mapped[str] = mapped_column(sa.Text)
    role: Mapped[str | None] = mapped_column(sa.Text)
    grant_id: Mapped[str | None] = mapped_column(sa.Text)
