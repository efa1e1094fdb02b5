"""What is asked after the red button, what is answered, and the plan that follows."""
from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata import config
from ckanext.satudata.domain import purging as rules
from ckanext.satudata.domain.errors import StateConflictError, TransitionInvalidError
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.roles import Actor
from ckanext.satudata.purging import pieces
from ckanext.satudata.purging.family import Family, family_of
from ckanext.satudata.purging.model import Purge
from ckanext.satudata.shared import moment, outbox
from ckanext.satudata.shared.audit import Event, record
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.signals import withdrawn

__all__ = ["KIND", "cancel", "explain", "last_of", "of_dataset", "on_withdrawn", "tell", "waiting"]

#: Kind of the events that tell of deletions.
KIND = "pemusnahan"


@withdrawn.connect
def on_withdrawn(package_id: str, at: dt.datetime, emergency: bool = False) -> None:
    """Ask why, once, however often the button is pressed before somebody answers."""
    family = family_of(package_id) if emergency else None
    if family is None:
        return
    asked = _asked(package_id)
    if asked is not None:  # stopped again before anybody said why: one question for both
        return
    model.Session.add(Purge(
        id=str(uuid.uuid4()), package_id=package_id, submission_id=family.stopped().id,
        state=rules.State.MENUNGGU.value, withdrawn_at=at, note="", chosen=[], report={},
        attempts=0))
    model.Session.flush()


def _asked(package_id: str) -> Purge | None:
    return model.Session.scalars(sa.select(Purge).where(
        Purge.package_id == package_id, Purge.state == rules.State.MENUNGGU.value)).first()


def of_dataset(package_id: str) -> Sequence[Purge]:
    """Return what followed each press of the button, newest first."""
    return model.Session.scalars(
        sa.select(Purge).where(Purge.package_id == package_id)
        .order_by(Purge.withdrawn_at.desc(), Purge.id)).all()


def last_of(package_id: str, lock: bool = False) -> Purge | None:
    """Return what followed the last press of the button.

    :param lock: hold the row until the commit
    """
    query = (sa.select(Purge).where(Purge.package_id == package_id)
             .order_by(Purge.withdrawn_at.desc(), Purge.id).limit(1))
    return model.Session.scalars(
        query.with_for_update() if lock else query,
        execution_options={"populate_existing": lock}).first()


def waiting() -> Sequence[Purge]:
    """Return what nobody has answered yet, oldest first."""
    return model.Session.scalars(
        sa.select(Purge).where(Purge.state == rules.State.MENUNGGU.value)
        .order_by(Purge.withdrawn_at, Purge.id)).all()


def explain(
    package_id: str, note: str, keys: Collection[str], actor: Actor,
    now: dt.datetime | None = None,
) -> Purge:
    """Keep why the button was pressed, and plan the deletion of what holds personal data.

    :param keys: of pieces (:func:`pieces.pieces`); none: nothing holds personal data
    :raises StateConflictError: it is deleted already, or nobody pressed the button
    :raises TransitionInvalidError: no reason, or a piece there is none of
    """
    now = now or moment.now()
    with unit_of_work():
        purge, family = _locked(package_id)
        before = list(purge.chosen)
        found = _offered(purge, family)
        taken, unknown = pieces.chosen(found, keys)
        if unknown:
            raise TransitionInvalidError({"personal_data": N_(
                "Bagian “{key}” tidak ada pada data ini. Pakai “key” dari satudata_purge_show.")},
                key=unknown[0][:100])
        outcome = rules.explained(
            rules.Plan(purge.status), note, [each["key"] for each in taken], now,
            config.pemusnahan_hari())
        purge.state, purge.due_at = outcome.state.value, outcome.due_at
        purge.note, purge.chosen = note.strip(), taken
        purge.explained_by, purge.explained_at, purge.warned_at = actor.id or None, now, None
        tell(purge, family, "darurat_dijelaskan", actor.id or None, now, note=note.strip(), data={
            "chosen": _kept(taken), "before": _kept(before),
            "due_at": outcome.due_at.isoformat() if outcome.due_at else None})
    return purge


def _offered(purge: Purge, family: Family) -> list[dict[str, Any]]:
    return pieces.pieces(family, purge.withdrawn_at)


def _kept(chosen: Collection[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what an event keeps of pieces for ever: no text of the data itself."""
    return [{name: each[name] for name in ("key", "kind", "numbers", "sha256", "resources")}
            for each in chosen]


def cancel(package_id: str, note: str, actor: Actor, now: dt.datetime | None = None) -> Purge:
    """Take a planned deletion back; what was withdrawn stays withdrawn.

    :raises StateConflictError: none is planned, or it began
    """
    now = now or moment.now()
    with unit_of_work():
        purge, family = _locked(package_id)
        purge.state = rules.cancelled(rules.Plan(purge.status)).value
        purge.due_at = None
        tell(purge, family, "pemusnahan_dibatalkan", actor.id or None, now, note=note.strip())
    return purge


def _locked(package_id: str) -> tuple[Purge, Family]:
    purge, family = last_of(package_id, lock=True), family_of(package_id)
    if purge is None or family is None:
        raise StateConflictError(N_("Data ini tidak pernah ditarik darurat."), "")
    return purge, family


def tell(
    purge: Purge, family: Family, what: str, actor: str | None, now: dt.datetime, *,
    note: str = "", data: dict[str, Any] | None = None,
) -> Event:
    """Record what happened and let those concerned hear of it."""
    of = next((each for each in family.rows if each.id == purge.submission_id), family.last)
    event = record(
        KIND, actor=actor, at=now, submission_id=of.id, package_id=purge.package_id,
        transition=what, from_state=of.state, to_state=of.state, note=note,
        data={"purge": purge.id, **(data or {})})
    outbox.put("transisi", f"transisi:{event.id}", {"event_id": event.id}, event.id)
    return event
