"""A person's own notices: read, counted, marked."""
from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.notices import KINDS, Kind, telling_of
from ckanext.satudata.notices import access, documents, handed_in, words
from ckanext.satudata.notices.model import Notice
from ckanext.satudata.notices.people import may_read
from ckanext.satudata.notices.reading import Story, stories
from ckanext.satudata.shared.audit import Event

__all__ = ["forget_read", "listing", "mark_read", "total", "unread"]


def unread(person: str) -> int:
    """Return how many notices a user has not read; one look at an index."""
    return model.Session.scalar(
        sa.select(sa.func.count()).select_from(Notice)
        .where(Notice.user_id == person, Notice.read_at.is_(None))) or 0


def total(person: str, only_unread: bool) -> int:
    """Return how many notices a user has."""
    if only_unread:
        return unread(person)
    return model.Session.scalar(
        sa.select(sa.func.count()).select_from(Notice).where(Notice.user_id == person)) or 0


def listing(person: str, only_unread: bool, limit: int, offset: int) -> list[dict[str, Any]]:
    """Return a user's notices, newest first, in the language of the request."""
    query = (sa.select(Notice, Event).join(Event, Event.id == Notice.event_id)
             .where(Notice.user_id == person))
    if only_unread:
        query = query.where(Notice.read_at.is_(None))
    rows = model.Session.execute(
        query.order_by(Notice.id.desc()).limit(limit).offset(offset)).all()
    found = stories([notice.submission_id for notice, _ in rows])
    readable = {key: story for key, story in found.items() if may_read(person, story)}
    people = _names({event.actor_id for _, event in rows if event.actor_id})
    return [_shown(notice, event, readable.get(notice.submission_id or ""), people)
            for notice, event in rows]


def mark_read(person: str, ids: Collection[int] | None) -> int:
    """Mark a user's notices as read, all of them without ``ids``; return how many changed.

    Another person's numbers change nothing: whether they exist is not for this user to learn.
    """
    query = sa.update(Notice).where(Notice.user_id == person, Notice.read_at.is_(None))
    if ids is not None:
        query = query.where(Notice.id.in_(list(ids)))
    done = model.Session.execute(query.values(
        read_at=dt.datetime.now(dt.timezone.utc)).execution_options(synchronize_session=False))
    return done.rowcount


def forget_read(before: dt.datetime) -> int:
    """Delete notices read before a time, in the running transaction; return how many."""
    done = model.Session.execute(sa.delete(Notice).where(Notice.read_at < before))
    return done.rowcount


def _shown(
    notice: Notice, event: Event, story: Story | None, people: dict[str, str]
) -> dict[str, Any]:
    """Return one notice; of a submission its reader may no longer read, nothing but that."""
    telling = telling_of(event.transition or event.kind, event.to_state or "", notice.kind)
    known = notice.kind in {kind.value for kind in Kind}
    shown: dict[str, Any] = {
        "id": notice.id,
        "kind": notice.kind,
        "kind_label": tk._(KINDS[Kind(notice.kind)].label) if known else notice.kind,
        "created_at": notice.created_at.isoformat(),
        "moment": words.moment(notice.created_at),
        "read": notice.read_at is not None,
        "submission_id": None,
        "url": None,
        "headline": tk._("Pengajuan yang tidak lagi dapat Anda baca"),
        "text": "",
        "note": "",
        "by": "",
    }
    if event.kind == documents.KIND:
        shown["headline"] = tk._("Berita acara yang tidak lagi dapat Anda baca")
        if words_of := documents.shown(event, notice.user_id, notice.kind):
            shown.update(words_of, by=people.get(event.actor_id or "", ""))
    elif event.kind == handed_in.KIND:
        shown["headline"] = tk._("Kiriman yang tidak lagi menyangkut Anda")
        shown.update(handed_in.shown(event, notice.user_id) or {})
    elif event.kind == access.KIND:
        shown["headline"] = tk._("Kabar akses yang tidak lagi menyangkut Anda")
        if words_of := access.shown(event, notice.user_id):
            shown.update(words_of, by=people.get(event.actor_id or "", ""))
    elif story is not None and telling is not None:
        shown.update(
            submission_id=story.id, url=tk.h.url_for(f"/pengajuan/{story.id}"),
            headline=words.headline(telling, story), text=words.sentence(telling, story),
            note=event.note if telling.with_note else "",
            by=people.get(event.actor_id or "", ""))
    return shown


def _names(ids: Collection[str]) -> dict[str, str]:
    rows = model.Session.execute(
        sa.select(model.User.id, model.User.fullname, model.User.name)
        .where(model.User.id.in_(sorted(ids)))) if ids else []
    return {identifier: fullname or name for identifier, fullname, name in rows}
