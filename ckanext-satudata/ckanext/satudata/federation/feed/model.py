"""Tables of the feed: what harvesters read, ready to be sent."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.shared.db import Base

__all__ = ["PIECES", "Entry", "FeedChange", "FeedState"]

_TIME = sa.DateTime(timezone=True)

#: The tables that hold public entries in one form each, compressed
#: (``domain/federation/joined.py``). Each form lies by itself and in the order of the slots, so
#: that a page of it is few blocks.
PIECES: Mapping[str, sa.Table] = {form: sa.Table(
    f"satudata_feed_{form}", Base.metadata,
    sa.Column("slot", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("piece", sa.LargeBinary, nullable=False),
) for form in ("ttl", "xml", "jsonld", "nt", "pod", "nasional")}


class Entry(Base):
    """What is known of a dataset harvesters read; it stays when the dataset leaves.

    What they read of it stands in :data:`PIECES`, under its slot, while it is public.

    :ivar slot: its place in the catalog for life, from 1: page n is a range of slots, so that
        what leaves during a walk shifts nothing
    :ivar sequence: number of its last change; commits take numbers in their order
    :ivar created_sequence: number with which it entered, the last time it did
    :ivar modified: when the dataset was last changed (UTC)
    :ivar changed_at: when what is said here last changed, be it by a new name of the organization
    :ivar read_at: what was committed until then is in here
    :ivar deleted_at: since when it is not public any more; ``None`` while it is
    :ivar harvested: it came from another portal
    :ivar content_hash: sha256 (hex) of all that is said; of a tombstone, empty
    """

    __tablename__ = "satudata_feed_entry"

    package_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    slot: Mapped[int] = mapped_column(sa.BigInteger, unique=True)
    sequence: Mapped[int] = mapped_column(sa.BigInteger, unique=True)
    created_sequence: Mapped[int] = mapped_column(sa.BigInteger)
    iri: Mapped[str] = mapped_column(sa.Text)
    modified: Mapped[dt.datetime] = mapped_column(_TIME)
    changed_at: Mapped[dt.datetime] = mapped_column(_TIME)
    read_at: Mapped[dt.datetime] = mapped_column(_TIME)
    deleted_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    harvested: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    content_hash: Mapped[str] = mapped_column(sa.Text)


class FeedChange(Base):
    """One change of the catalog, kept for ever: that it was, when, and nothing of what was said.

    A withdrawn dataset may have held personal data, so no title or name stands here.
    """

    __tablename__ = "satudata_feed_change"

    sequence: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(sa.Text)
    package_id: Mapped[str] = mapped_column(sa.Text)
    iri: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[dt.datetime] = mapped_column(_TIME)
    content_hash: Mapped[str] = mapped_column(sa.Text)


class FeedState(Base):
    """One row: how far the feed is. Who holds its lock writes entries, nobody else.

    :ivar sequence: number of the last change
    :ivar slot: the highest slot given
    :ivar live: how many entries are public
    :ivar local: how many of them did not come from another portal
    :ivar changed_at: of the last change
    :ivar issued: when the first public dataset was made
    :ivar modified: when a public dataset was last changed
    :ivar made_with: what all entries were made with (site, vocabularies, software)
    :ivar filled_at: when every dataset that was there at the beginning had its entry
    """

    __tablename__ = "satudata_feed_state"

    id: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    sequence: Mapped[int] = mapped_column(sa.BigInteger)
    slot: Mapped[int] = mapped_column(sa.BigInteger)
    live: Mapped[int] = mapped_column(sa.BigInteger)
    local: Mapped[int] = mapped_column(sa.BigInteger)
    changed_at: Mapped[dt.datetime] = mapped_column(_TIME)
    issued: Mapped[dt.datetime | None] = mapped_column(_TIME)
    modified: Mapped[dt.datetime | None] = mapped_column(_TIME)
    made_with: Mapped[str] = mapped_column(sa.Text)
    filled_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
