"""Who had a hand in a version without writing it themselves: what they sent or corrected is in it.

A file that one person hands in, fills in a grid or corrects the reading of becomes content when
another takes it: four eyes would see only the one who took it. Rows of other rooms, read by name
and never written here.
"""
from __future__ import annotations

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.shared.audit import Event
from ckanext.satudata.workflow.model import Submission

__all__ = ["add_contributors", "contributors_of"]

_INTAKE = sa.table("satudata_intake", *(sa.column(each) for each in (
    "id", "package_id", "content_id", "state", "sent_by", "decided_by", "decided_at")))
_RECIPE = sa.table("satudata_recipe", *(sa.column(each) for each in (
    "package_id", "created_by", "created_at")))
#: Kind and steps of events that name who wrote at a setoran before it was taken.
_KIND, _STEPS = "setoran", ("koreksi", "isi")


def contributors_of(submission: Submission) -> list[str]:
    """Return the ids of who sent, filled, took or corrected what a version holds, in order."""
    taken = sa.and_(
        _INTAKE.c.package_id == submission.package_id, _INTAKE.c.state == "diterima",
        _INTAKE.c.decided_at >= submission.created,
        # What units sent for a recap goes into the draft together, and names none.
        sa.func.coalesce(_INTAKE.c.content_id, submission.content_id) == submission.content_id)
    wrote = sa.union(
        sa.select(_INTAKE.c.sent_by.label("who")).where(taken),
        sa.select(_INTAKE.c.decided_by).where(taken),
        sa.select(Event.actor_id).where(
            Event.kind == _KIND, Event.transition.in_(_STEPS),
            Event.package_id == submission.package_id,
            sa.cast(Event.data, JSONB)["id"].astext.in_(sa.select(_INTAKE.c.id).where(taken))),
        sa.select(_RECIPE.c.created_by).where(
            _RECIPE.c.package_id == submission.package_id,
            _RECIPE.c.created_at >= submission.created)).subquery()
    return list(model.Session.scalars(
        sa.select(wrote.c.who).where(wrote.c.who.is_not(None)).order_by(wrote.c.who)))


def add_contributors(submission: Submission) -> None:
    """Count among the authors of a version who contributed to it; commits nothing."""
    new = [each for each in contributors_of(submission) if each not in submission.editors]
    if new:
        submission.editors = [*submission.editors, *new]
