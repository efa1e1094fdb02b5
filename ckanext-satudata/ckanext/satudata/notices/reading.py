"""What a notice needs to know of a submission: one row, read by name, never written.

The table belongs to the workflow room; its action answers for one person with everything a page
shows, which a notice to many people has no use for.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.domain.roles import Subject
from ckanext.satudata.shared.audit import Event

__all__ = ["Story", "has_moved_on", "stories"]

_TABLE = sa.table(
    "satudata_submission",
    sa.column("id", sa.Text), sa.column("title", sa.Text), sa.column("owner_org", sa.Text),
    sa.column("jenis_data", sa.Text), sa.column("restricted", sa.Boolean),
    sa.column("at_pembina", sa.Boolean), sa.column("state", sa.Text),
    sa.column("due_at", sa.DateTime(timezone=True)),
    sa.column("release_at", sa.DateTime(timezone=True)),
    sa.column("created_by", sa.Text), sa.column("editors", JSONB),
    sa.column("submitted_by", sa.Text), sa.column("on_behalf_by", sa.Text),
    sa.column("confirmed_by", sa.Text), sa.column("confirmed_at", sa.DateTime(timezone=True)),
    sa.column("inspector_id", sa.Text),
)


@dataclass(frozen=True)
class Story:
    """A submission as a notice tells of it.

    :ivar authors: ids of whoever created, edited, typed, confirmed or submitted this version
    :ivar on_behalf: typed by the walidata and not confirmed by the producer yet
    """

    id: str
    title: str
    organization: str
    state: str
    subject: Subject
    due_at: dt.datetime | None = None
    release_at: dt.datetime | None = None
    inspector: str | None = None
    on_behalf: bool = False
    authors: frozenset[str] = field(default_factory=frozenset)


def stories(ids: Collection[str | None]) -> dict[str, Story]:
    """Return the submissions of these ids that there are."""
    wanted = sorted({each for each in ids if each})
    if not wanted:
        return {}
    rows = model.Session.execute(sa.select(_TABLE).where(_TABLE.c.id.in_(wanted)))
    return {row.id: _story(row) for row in rows}


def _story(row: sa.Row) -> Story:
    people = [row.created_by, row.submitted_by, row.on_behalf_by, row.confirmed_by,
              *(row.editors or [])]
    return Story(
        row.id, row.title or "", row.owner_org or "", row.state,
        Subject(row.owner_org or "", row.jenis_data or "", bool(row.restricted),
                bool(row.at_pembina)),
        row.due_at, row.release_at, row.inspector_id,
        row.on_behalf_by is not None and row.confirmed_at is None,
        frozenset(each for each in people if each))


def has_moved_on(event: Event, story: Story) -> bool:
    """Tell whether what an event asked somebody to do is no longer to be done."""
    if story.state != event.to_state:
        return True
    later = sa.select(sa.literal(1)).where(
        Event.submission_id == event.submission_id, Event.kind == "transisi",
        Event.id > event.id, Event.from_state != Event.to_state).limit(1)
    return model.Session.scalar(later) is not None
