"""Tables of the workflow; who may change them is decided in ``domain/decision.py``."""
from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.domain.roles import Subject
from ckanext.satudata.domain.workflow import State
from ckanext.satudata.shared.db import Base

__all__ = ["Finding", "Submission"]

_TIME = sa.DateTime(timezone=True)


class Submission(Base):
    """One version of one dataset, kegiatan or indikator on its way to the public.

    :ivar package_id: the dataset as the public knows it
    :ivar content_id: the package that holds this version's content: the same for a first
        version, a hidden working copy while a revision is made
    :ivar number: which version of the dataset this is, or would have been, from 1
    :ivar version: goes up with every content write and transition; who decides names the one seen
    :ivar editors: ids of all who wrote this version, or handed it in before another did: four eyes
    :ivar at_pembina: handed to the pembina at least once, who may read it since then
    :ivar kind: why it follows another, a code of ``domain/versions/kinds.py``; ``reason`` in words
    :ivar snapshots: id of a resource whose table is the data -> SHA-256 of its rows as CSV
    :ivar marks: the same id -> what tells quickly that nobody wrote to its table since
    :ivar belum_diperiksa: public since before this portal, never inspected
    """

    __tablename__ = "satudata_submission"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    package_id: Mapped[str] = mapped_column(sa.Text)
    content_id: Mapped[str] = mapped_column(sa.Text)
    package_type: Mapped[str] = mapped_column(sa.Text)
    title: Mapped[str] = mapped_column(sa.Text, default="")
    owner_org: Mapped[str] = mapped_column(sa.Text, default="")
    number: Mapped[int] = mapped_column(sa.Integer, default=1)
    state: Mapped[str] = mapped_column(sa.Text)
    state_since: Mapped[dt.datetime] = mapped_column(_TIME)
    due_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    version: Mapped[int] = mapped_column(sa.Integer, default=1)
    jenis_data: Mapped[str] = mapped_column(sa.Text, default="")
    prioritas: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    restricted: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    at_pembina: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    inspector_id: Mapped[str | None] = mapped_column(sa.Text)
    pembina_id: Mapped[str | None] = mapped_column(sa.Text)
    created_by: Mapped[str | None] = mapped_column(sa.Text)
    editors: Mapped[list[str]] = mapped_column(JSONB, default=list)
    submitted_by: Mapped[str | None] = mapped_column(sa.Text)
    submitted_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    on_behalf_by: Mapped[str | None] = mapped_column(sa.Text)
    confirmed_by: Mapped[str | None] = mapped_column(sa.Text)
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    letter: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    signed_by: Mapped[str | None] = mapped_column(sa.Text)
    checklist: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    approved_by: Mapped[str | None] = mapped_column(sa.Text)
    approved_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    release_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    published_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    belum_diperiksa: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    content_hash: Mapped[str | None] = mapped_column(sa.Text)
    kind: Mapped[str] = mapped_column(sa.Text, default="")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    snapshots: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    marks: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    escalated_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    created: Mapped[dt.datetime] = mapped_column(_TIME)
    modified: Mapped[dt.datetime] = mapped_column(_TIME)

    @property
    def status(self) -> State:
        """The state, typed."""
        return State(self.state)

    @property
    def subject(self) -> Subject:
        """What permissions are asked for."""
        return Subject(self.owner_org or "", self.jenis_data or "", bool(self.restricted),
                       bool(self.at_pembina))

    @property
    def on_behalf(self) -> bool:
        """Typed by the walidata and not confirmed by the producer yet."""
        return self.on_behalf_by is not None and self.confirmed_at is None


class Finding(Base):
    """A catatan pemeriksaan.

    :ivar place: ``{"field": ...}`` or ``{"resource": id, "column": ..., "row": ...}``, of a check
        also ``sheet``, ``cell`` (the first), ``table`` and ``beside``, in the table beside a file
    :ivar check_name: code of the check that found it; empty for a person's
    :ivar said: of a check: ``title``, ``message`` and ``how`` as template and values, ``count`` of
        places; ``message`` and ``how`` are the same in Indonesian
    :ivar proposed: ``{"field": ..., "value": ...}`` or ``None``
    :ivar shared_at: the last return that gave it to the producer; before, only inspectors see it
    :ivar answer: the last one; those of earlier rounds are in the events
    """

    __tablename__ = "satudata_finding"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    submission_id: Mapped[str] = mapped_column(sa.Text)
    package_id: Mapped[str] = mapped_column(sa.Text)
    principle: Mapped[str] = mapped_column(sa.Text)
    code: Mapped[str] = mapped_column(sa.Text, default="")
    severity: Mapped[str] = mapped_column(sa.Text)
    place: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    message: Mapped[str] = mapped_column(sa.Text)
    how: Mapped[str] = mapped_column(sa.Text, default="")
    proposed: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_by: Mapped[str | None] = mapped_column(sa.Text)
    check_name: Mapped[str] = mapped_column(sa.Text, default="")
    said: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[dt.datetime] = mapped_column(_TIME)
    shared_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by: Mapped[str | None] = mapped_column(sa.Text)
    answered_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    accepted: Mapped[bool] = mapped_column(sa.Boolean, default=False)
    resolved_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
    resolved_by: Mapped[str | None] = mapped_column(sa.Text)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(_TIME)
