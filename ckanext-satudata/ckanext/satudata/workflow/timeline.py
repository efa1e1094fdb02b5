"""The way of a dataset through its versions, as far as whoever asks may know it."""
from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.roles import Permission, may
from ckanext.satudata.domain.workflow import PUBLIC_TRANSITIONS, State
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.workflow import schema, store
from ckanext.satudata.workflow.model import Submission
from ckanext.satudata.workflow.show import inspects, label_of_state, people_of

__all__ = ["satudata_submission_timeline"]


@tk.side_effect_free
def satudata_submission_timeline(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Tell the way of a dataset through its versions, newest first.

    Who may read the unpublished version sees every event with its person and note; everybody
    else sees when a version was published, superseded or withdrawn, and no names.

    :param id: id of a submission, or id or name of a dataset.
    :type id: string
    :param limit: at most 500, 100 unless given.
    :type limit: integer, optional
    :param offset: how many to leave out.
    :type offset: integer, optional
    :returns: ``count``, ``full`` (whether you see everything) and ``results``: ``id``, ``at``
        (ISO 8601, UTC), ``kind``, ``transition``, ``from_state``, ``to_state``, ``label`` (of the
        state reached), ``number`` (of the version) and, in full, ``actor``, ``note``, ``data``.
    :rtype: dictionary
    """
    named = schema.identifier(data_dict)
    tk.check_access("satudata_submission_timeline", context, data_dict)
    submission = store.named(named)
    actor = actor_of_context(context)
    full = may(actor, Permission.BACA, submission.subject)
    limit = schema.number(data_dict, "limit", 100, 0, 500)
    offset = schema.number(data_dict, "offset", 0, 0, 1_000_000)
    wanted = Event.package_id == submission.package_id
    if not full:
        wanted = sa.and_(wanted, sa.or_(
            # What was stopped before anybody saw it stays unseen.
            sa.and_(Event.transition.in_(PUBLIC_TRANSITIONS), sa.or_(
                Event.from_state == State.TERBIT.value, Event.to_state == State.TERBIT.value)),
            sa.and_(Event.kind == "pindahan", Event.to_state == State.TERBIT.value)))
    count = model.Session.scalar(sa.select(sa.func.count()).where(wanted))
    events = model.Session.scalars(
        sa.select(Event).where(wanted).order_by(Event.id.desc()).limit(limit).offset(offset)).all()
    versions = store.of_package(submission.package_id)
    numbers = {each.id: each.number for each in versions}
    people = people_of(each.actor_id for each in events) if full else {}
    results = [_event(each, numbers, people, full) for each in events]
    if full and not inspects(actor, submission):
        _keep_for_walidata(results, versions)
    return {"count": count, "full": full, "results": results}


def _keep_for_walidata(results: list[dict[str, Any]], versions: Sequence[Submission]) -> None:
    """Leave out what the pembina wrote to the walidata and was not conveyed to the producer yet.

    Perpres 39/2019 art. 35(4): the walidata conveys the pembina's result; the message becomes
    readable with the catatan it came with.
    """
    conveyed: dict[str, int] = {
        row.submission_id: row.last for row in model.Session.execute(
            sa.select(Event.submission_id, sa.func.max(Event.id).label("last"))
            .where(Event.submission_id.in_([each.id for each in versions]),
                   Event.transition == "kembalikan",
                   Event.to_state == State.DIKEMBALIKAN.value)
            .group_by(Event.submission_id))}
    for each in results:
        if (each["to_state"] == State.DIKEMBALIKAN_PEMBINA.value
                and each["id"] > conveyed.get(each["submission_id"] or "", 0)):
            each["note"] = ""


def _event(
    event: Event, numbers: dict[str, int], people: dict[str, Any], full: bool
) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": event.id, "at": event.at.astimezone(dt.timezone.utc).isoformat(),
        "kind": event.kind, "transition": event.transition, "from_state": event.from_state,
        "to_state": event.to_state, "number": numbers.get(event.submission_id or ""),
        "label": label_of_state(event.to_state) if event.to_state else "",
    }
    if full:
        shown |= {"actor": people.get(event.actor_id or ""), "note": event.note,
                  "data": event.data, "submission_id": event.submission_id,
                  "version": event.version, "content_hash": event.content_hash}
    else:
        # What the state was before tells of an inspection nobody published.
        shown["from_state"] = None
    return shown
