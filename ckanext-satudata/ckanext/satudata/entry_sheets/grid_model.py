"""Table of grids that are being filled."""
from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.shared.db import Base

__all__ = ["GridDraft"]

_TIME = sa.DateTime(timezone=True)


class GridDraft(Base):
    """A grid as far as it is filled; gone once it is handed in.

    :ivar package_id: the dataset as the public knows it
    :ivar name: id of the file of the dataset whose next table it is; empty for a new table
    :ivar mode: ``lanjut`` (its next period), ``ubah`` (its rows) or ``kosong`` (a new table)
    :ivar copy: whose copy it is, made where two people wrote at once; empty for the one of all
    :ivar base: what it began with: ``sha256`` of the table, whether it ``keeps`` its rows and how
        many (``kept``), its ``last`` period, ``used`` values by column, ``level`` of areas; and ids
        of who wrote at it (``by``)
    :ivar columns: fields of a Table Schema; ``rows``: lists of texts as people write them
    :ivar version: counts what was written, so that nobody writes over another unseen
    """

    __tablename__ = "satudata_grid_draft"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    package_id: Mapped[str] = mapped_column(sa.Text)
    name: Mapped[str] = mapped_column(sa.Text, default="")
    mode: Mapped[str] = mapped_column(sa.Text)
    copy: Mapped[str] = mapped_column(sa.Text, default="")
    base: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    columns: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    rows: Mapped[list[list[str]]] = mapped_column(JSONB, default=list)
    version: Mapped[int] = mapped_column(sa.Integer, default=1)
    created_by: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(_TIME)
    updated_by: Mapped[str | None] = mapped_column(sa.Text)
    updated_at: Mapped[dt.datetime] = mapped_column(_TIME)
