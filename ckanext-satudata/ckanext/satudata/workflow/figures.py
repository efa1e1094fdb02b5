"""Counts for people who work here: what they were handed this week, and how fast it went."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata import config
from ckanext.satudata.domain.roles import Actor
from ckanext.satudata.domain.workdays import local
from ckanext.satudata.domain.workflow import State
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.workflow import inbox
from ckanext.satudata.workflow.model import Finding, Submission

__all__ = ["Week", "open_notes", "waiting", "week", "week_start"]

#: What a week is told of: figure -> (state left, state reached).
_TURNS = {
    "returned": ("", State.DIKEMBALIKAN.value),
    "approved": ("", State.DISETUJUI.value),
    "published": ("", State.TERBIT.value),
}

Week = dict[str, int | float | None]


def week_start(now: dt.datetime) -> dt.datetime:
    """Return Monday, 00.00, of the installation's own week."""
    here = local(now, config.zona_waktu())
    monday = here - dt.timedelta(days=here.weekday())
    return monday.replace(hour=0, minute=0, second=0, microsecond=0)


def week(now: dt.datetime, organizations: Iterable[str] | None = None) -> Week:
    """Count what was checked, returned, approved and published since Monday.

    :param organizations: ids of the organizations counted; ``None``: all
    :returns: ``checked`` (inspections that ended), ``returned``, ``approved``, ``published`` and
        ``median_days`` (calendar days from submission to the end of the inspection, ``None``
        where nothing ended)
    """
    ended = sa.and_(
        Event.from_state.in_([State.DIPERIKSA_WALIDATA.value, State.DIPERIKSA_PEMBINA.value]),
        Event.to_state != Event.from_state)
    took = sa.func.extract("epoch", Event.at - Submission.submitted_at) / 86400
    query = (
        sa.select(
            sa.func.count().filter(ended),
            *(sa.func.count().filter(Event.to_state == to, Event.from_state != to)
              for _from, to in _TURNS.values()),
            sa.func.percentile_cont(0.5).within_group(took).filter(
                ended, Submission.submitted_at.is_not(None), took >= 0),
        )
        .select_from(Event)
        .join(Submission, Submission.id == Event.submission_id)
        .where(Event.kind == "transisi", Event.at >= week_start(now)))
    if organizations is not None:
        query = query.where(Submission.owner_org.in_(list(organizations)))
    checked, *turns, median = model.Session.execute(query).one()
    return {"checked": checked, **dict(zip(_TURNS, turns, strict=True)),
            "median_days": round(float(median), 1) if median is not None else None}


def waiting(actor: Actor) -> tuple[int, int]:
    """Count what waits for somebody, and how much of it should be done by now, in one query."""
    count, late = model.Session.execute(
        sa.select(sa.func.count(), sa.func.count().filter(Submission.due_at < sa.func.now()))
        .select_from(Submission).where(inbox.visible(actor), inbox.waits_for(actor))).one()
    return count, late


def open_notes(
    submissions: Sequence[str], given_only: Iterable[str] = ()
) -> dict[str, dict[str, int]]:
    """Count the open catatan of submissions by severity.

    :param given_only: ids of submissions of which only what the producer was given counts
    """
    if not submissions:
        return {}
    query = (
        sa.select(Finding.submission_id, Finding.severity, sa.func.count())
        .where(Finding.submission_id.in_(list(submissions)), Finding.resolved_at.is_(None),
               Finding.withdrawn_at.is_(None),
               sa.or_(Finding.shared_at.is_not(None),
                      Finding.submission_id.not_in(list(given_only))))
        .group_by(Finding.submission_id, Finding.severity))
    found: dict[str, dict[str, int]] = {}
    for submission, severity, count in model.Session.execute(query):
        found.setdefault(submission, {})[severity] = count
    return found
