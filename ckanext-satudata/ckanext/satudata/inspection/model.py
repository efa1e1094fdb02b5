"""Tables of inspections and of the officers' corrections."""
from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.shared.blob_ledger import reference, references
from ckanext.satudata.shared.db import Base

__all__ = ["WAITING", "Inspection", "Recipe"]

_TIME = sa.DateTime(timezone=True)
#: States of an inspection somebody still waits for.
WAITING = ("antre", "berjalan")


class Inspection(Base):
    """What was found in one file of a dataset, or is still to be found.

    :ivar package_id: the dataset as the public knows it; ``content_id``: the package that holds
        this version; ``resource_id``: of a working copy it is the copy's; of the table beside a
        file the name that ``shared/table_rows.py`` gives it
    :ivar key: hash of all that decides the answer: bytes, corrections, metadata, last release,
        engine. Equal keys have equal reports, so that a copy of a file is not read again.
    :ivar sha256: of the file; ``engine``: version of what reads it
    :ivar asked: what is handed to the engine, as ``order.py`` makes it
    :ivar state: ``antre``, ``berjalan``, ``selesai``, ``ditolak`` (the file cannot be read) or
        ``gagal`` (we could not)
    :ivar attempts: how often somebody began; one that kills its process is not begun for ever
    :ivar report: as ``domain/inspection/sandbox.py`` gives it, personal values masked
    :ivar files: name of a result file -> SHA-256 of its bytes among the blobs
    :ivar asked_at: when it was last what is wanted of the resource; the newest one counts
    :ivar stripped_at: values of cells were taken out since
    """

    __tablename__ = "satudata_inspection"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    package_id: Mapped[str] = mapped_column(sa.Text)
    content_id: Mapped[str] = mapped_column(sa.Text)
    resource_id: Mapped[str] = mapped_column(sa.Text)
    key: Mapped[str] = mapped_column(sa.Text)
    sha256: Mapped[str] = mapped_column(sa.Text)
    recipe_hash: Mapped[str] = mapped_column(sa.Text, default="")
    engine: Mapped[str] = mapped_column(sa.Text)
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(sa.Text)
    progress: Mapped[int] = mapped_column(sa.Integer, default=0)
    attempts: Mapped[int] = mapped_column(sa.Integer, default=0)
    report: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    files: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    scores: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    created_at: Mapped[dt.datetime] = mapped_column(_TIME)
    asked_at: Mapped[dt.datetime] = mapped_column(_TIME)
    started_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    finished_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    stripped_at: Mapped[dt.datetime | None] = mapped_column(_TIME)


class Recipe(Base):
    """How an officer corrected the reading of a dataset's files; the newest row holds.

    The newest ones are kept (``recipes.py``).
    """

    __tablename__ = "satudata_recipe"

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    package_id: Mapped[str] = mapped_column(sa.Text)
    recipe: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_by: Mapped[str | None] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(_TIME)


@references
def of_results() -> sa.Select[Any]:
    """Result files of every inspection."""
    files = sa.func.jsonb_each_text(Inspection.files).table_valued(
        "key", "value", joins_implicitly=True)
    return reference(files.c.value, Inspection.package_id, None, files.c.key)
