"""What was decided, by whom and when: one table nobody can rewrite.

Every transition, grant of a role, document and escalation is one row; a trigger of the
database refuses to change, delete or empty it.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from ckanext.satudata.shared import moment
from ckanext.satudata.shared.db import Base

__all__ = ["ACCOUNT", "Event", "erase", "record", "record_all"]

#: Kind of the events of accounts: one took hold of another's.
ACCOUNT = "akun"


class Event(Base):
    """One thing that happened.

    :ivar kind: ``transisi``, ``pindahan``, ``ubah``, ``peran``, ``akun``, ``berita_acara``,
        ``eskalasi`` ...
    :ivar actor_id: id of the user, ``None`` for the clock
    """

    __tablename__ = "satudata_event"

    id: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True)
    kind: Mapped[str] = mapped_column(sa.Text)
    submission_id: Mapped[str | None] = mapped_column(sa.Text)
    package_id: Mapped[str | None] = mapped_column(sa.Text)
    transition: Mapped[str | None] = mapped_column(sa.Text)
    from_state: Mapped[str | None] = mapped_column(sa.Text)
    to_state: Mapped[str | None] = mapped_column(sa.Text)
    actor_id: Mapped[str | None] = mapped_column(sa.Text)
    at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    content_hash: Mapped[str | None] = mapped_column(sa.Text)
    version: Mapped[int | None] = mapped_column(sa.Integer)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)


def record(
    kind: str, *, actor: str | None, at: dt.datetime | None = None,
    submission_id: str | None = None, package_id: str | None = None,
    transition: str | None = None, from_state: str | None = None, to_state: str | None = None,
    note: str = "", content_hash: str | None = None, version: int | None = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """Add an event to the running transaction and give it its number; commits nothing.

    :param actor: id of the user who acts, ``None`` for the clock
    :param at: when it happened (aware), now unless given
    """
    event = Event(
        kind=kind, actor_id=actor, at=at or moment.now(),
        submission_id=submission_id, package_id=package_id, transition=transition,
        from_state=from_state, to_state=to_state, note=note, content_hash=content_hash,
        version=version, data=data or {},
    )
    model.Session.add(event)
    model.Session.flush()
    return event


def record_all(
    kind: str, about: Iterable[Mapping[str, Any]], *, actor: str | None, package_id: str,
    transition: str,
) -> None:
    """Add many events of one step to the running transaction at once; commits nothing.

    :param about: the ``data`` of each
    """
    now = moment.now()
    model.Session.add_all(Event(
        kind=kind, actor_id=actor, at=now, package_id=package_id, transition=transition, note="",
        data=dict(each)) for each in about)
    model.Session.flush()


def erase(events: Collection[int], *, actor: str, note: str) -> None:
    """Erase events of invented data, and record that it was done; commits nothing.

    The only exception to "no event is ever erased", for ``ckan satudata demo --purge``: what the
    demo's people did is no audit trail of a government. The trigger is put aside for this
    transaction only, which needs the owner of the table and holds off other writers meanwhile.

    :param events: ids; the caller makes sure that nothing but invented data is among them
    :param actor: name or id of who runs the command
    """
    if not events:
        return
    user = model.User.get(actor)
    model.Session.execute(sa.text("ALTER TABLE satudata_event DISABLE TRIGGER satudata_event_kept"))
    model.Session.execute(sa.delete(Event).where(Event.id.in_(events)))
    model.Session.execute(sa.text("ALTER TABLE satudata_event ENABLE TRIGGER satudata_event_kept"))
    record("contoh_dihapus", actor=user.id if user is not None else None, note=note,
           data={"count": len(events)})
