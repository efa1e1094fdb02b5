"""From an event to the people: entries in the portal, then one mail each, from the outbox.

Telling is one transaction: entries and the messages for the mails come together or not at all,
and both are keyed by event and person, so that handling twice tells once. Each mail is a
message of its own: one address that fails holds up no other.
"""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.mail_text import plain
from ckanext.satudata.domain.notices import Kind, Telling, telling_of
from ckanext.satudata.notices import words
from ckanext.satudata.notices.model import Notice
from ckanext.satudata.notices.people import listeners, may_read
from ckanext.satudata.notices.reading import Story, has_moved_on, stories
from ckanext.satudata.notices.telling import letter, told
from ckanext.satudata.shared import mail, outbox
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.shared.language import default_language

__all__ = ["MAIL", "send_mail", "tell"]

MAIL = "surel"


@outbox.handles("transisi")
@outbox.handles("eskalasi")
def tell(payload: dict[str, Any]) -> None:
    """Write the entries of an event and put a mail for each who wants one."""
    event = model.Session.get(Event, int(payload["event_id"]))
    if event is None:
        return
    story = stories([event.submission_id]).get(event.submission_id or "")
    if story is None:
        return
    now = dt.datetime.now(dt.timezone.utc)
    _settle(event, now)
    for person, telling in listeners(event, story).items():
        told(event, person, telling.kind, MAIL, story.id, kind=telling.kind.value)


def _settle(event: Event, now: dt.datetime) -> None:
    """Mark as read what this step did away with: the actor's own, and everybody's old task."""
    done = [Notice.user_id == event.actor_id]
    if event.from_state != event.to_state:
        done.append(Notice.kind == Kind.TUGAS.value)
    model.Session.execute(sa.update(Notice).where(
        Notice.submission_id == event.submission_id, Notice.event_id < event.id,
        Notice.read_at.is_(None), sa.or_(*done),
    ).values(read_at=now).execution_options(synchronize_session=False))


@outbox.handles(MAIL)
def send_mail(payload: dict[str, Any]) -> None:
    """Send one person the mail of one event.

    What may have changed since is asked again: an account that is gone, or may no longer read
    the submission, gets nothing, and nobody is asked by a late mail to do what is done.

    :raises Exception: as :func:`mail.deliver`
    """
    event = model.Session.get(Event, int(payload["event_id"]))
    user = model.Session.get(model.User, str(payload["user_id"]))
    if event is None or user is None:
        return
    story = stories([event.submission_id]).get(event.submission_id or "")
    if story is None or not may_read(user.id, story):
        return
    telling = telling_of(
        event.transition or event.kind, event.to_state or "", str(payload["kind"]))
    if telling is None or (telling.task and has_moved_on(event, story)):
        return
    with default_language():
        mail.deliver(user, f"{MAIL}:{event.id}:{user.id}", _letter(event, story, telling),
                     event.at)


def _letter(event: Event, story: Story, telling: Telling) -> tuple[str, str, str]:
    """Return subject, text and HTML; of the content only the title, and a note meant for them."""
    return letter(
        words.headline(telling, story), words.sentence(telling, story),
        words.submission_url(story.id), tk._("Buka pengajuan"),
        plain(event.note) if telling.with_note else "",
        words.deadline(story) if _is_due(event, story, telling.kind) else "")


def _is_due(event: Event, story: Story, kind: Kind) -> bool:
    return story.state == event.to_state and kind in (
        Kind.TUGAS, Kind.DIKEMBALIKAN, Kind.ESKALASI)
