"""Tables of what the walidata changed of the vocabularies. Versions are never changed or erased."""
from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.shared.db import Base

__all__ = ["VocabularyImport", "VocabularyRow", "VocabularyVersion"]

_TIME = sa.DateTime(timezone=True)


class VocabularyVersion(Base):
    """One change set of one list.

    :ivar sequence: over all lists, in the order of commits: the moment in milliseconds since 1970,
        or one more than the last. So no two histories of a portal share a number.
    :ivar number: of the list, from 1; 0 is as delivered
    :ivar actor: id of the user, ``None`` for the command line
    :ivar kind: ``baru`` (a list of the portal's own), ``ubah``, ``impor`` or ``urung``
    :ivar source: where it came from: ``file``, ``form``, ``scheme``, ``undoes``
    :ivar about: ``title_id``, ``title_en``, ``note`` where they changed
    :ivar codes: how many rows it has
    """

    __tablename__ = "satudata_vocabulary_version"

    sequence: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    vocabulary: Mapped[str] = mapped_column(sa.Text)
    number: Mapped[int] = mapped_column(sa.Integer)
    at: Mapped[dt.datetime] = mapped_column(_TIME)
    actor: Mapped[str | None] = mapped_column(sa.Text)
    kind: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    source: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    about: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    codes: Mapped[int] = mapped_column(sa.Integer)

    __table_args__ = (
        sa.UniqueConstraint("vocabulary", "number", name="satudata_vocabulary_version_number"),)


class VocabularyRow(Base):
    """One code of a change set, as :class:`.changes.CodeChange` has it."""

    __tablename__ = "satudata_vocabulary_row"

    sequence: Mapped[int] = mapped_column(
        sa.BigInteger, sa.ForeignKey("satudata_vocabulary_version.sequence"), primary_key=True)
    position: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(sa.Text)
    before: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, str]] = mapped_column(JSONB)


class VocabularyImport(Base):
    """A file that was read and is not taken yet; one of each person and list.

    :ivar rows: each ``[line, values, origin]``
    """

    __tablename__ = "satudata_vocabulary_import"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    vocabulary: Mapped[str] = mapped_column(sa.Text)
    actor: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[dt.datetime] = mapped_column(_TIME)
    rows: Mapped[list[Any]] = mapped_column(JSONB)
    source: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    retire_absent: Mapped[bool] = mapped_column(sa.Boolean, default=False)

    __table_args__ = (
        sa.UniqueConstraint("vocabulary", "actor", name="satudata_vocabulary_import_own"),)
