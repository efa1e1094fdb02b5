"""What is long past its deadline goes to the koordinator of the Forum, once per state."""
from __future__ import annotations

import datetime as dt

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata import config
from ckanext.satudata.domain.workflow import OPEN
from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.audit import record
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.workflow.clock import days_late
from ckanext.satudata.workflow.model import Submission

__all__ = ["escalate_due"]


def escalate_due(now: dt.datetime) -> list[str]:
    """Record and announce every submission that is late beyond the configured working days.

    The mark on the row is set under its lock and taken away by the next transition, so that any
    number of schedulers tell once of each state. Nothing about the submission changes: who looks
    at it keeps the version they saw.

    :returns: the ids told of
    """
    limit = config.eskalasi()
    if limit is None:
        return []
    return [each for each in _late(now, limit) if _escalate(each, now, limit)]


def _overdue(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        Submission.state.in_([each.value for each in OPEN]), Submission.due_at < now,
        Submission.escalated_at.is_(None))


def _late(now: dt.datetime, limit: int) -> list[str]:
    """Return candidates; working days are counted here, PostgreSQL knows no holidays."""
    rows = model.Session.execute(
        sa.select(Submission.id, Submission.due_at)
        .where(_overdue(now - dt.timedelta(days=limit - 1)))
        .order_by(Submission.due_at)).all()
    model.Session.rollback()
    return [row.id for row in rows if days_late(row.due_at, now) >= limit]


def _escalate(identifier: str, now: dt.datetime, limit: int) -> bool:
    with unit_of_work():
        late = model.Session.scalars(
            sa.select(Submission).where(Submission.id == identifier, _overdue(now))
            .with_for_update(skip_locked=True),
            execution_options={"populate_existing": True}).first()
        if late is None or days_late(late.due_at, now) < limit:
            return False
        late.escalated_at = now
        event = record(
            "eskalasi", actor=None, at=now, submission_id=late.id, package_id=late.package_id,
            from_state=late.state, to_state=late.state, version=late.version,
            data={"days_late": days_late(late.due_at, now)})
        outbox.put("eskalasi", f"eskalasi:{event.id}", {"event_id": event.id}, event.id)
    return True
