"""Notices of Berita Acara: from its steps in the outbox to the people of each side.

Beside ``delivery``, which tells of submissions: a document concerns many of them, and who may
read one of them need not be a side of it.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.domain.berita_acara.steps import Side, State, readers, sides_of
from ckanext.satudata.domain.berita_acara.tellings import TELLINGS, Telling
from ckanext.satudata.domain.mail_text import plain
from ckanext.satudata.domain.notices import Kind
from ckanext.satudata.domain.roles import Permission, Subject
from ckanext.satudata.notices import words
from ckanext.satudata.notices.model import Notice
from ckanext.satudata.notices.telling import letter, told
from ckanext.satudata.shared import mail, moment, outbox
from ckanext.satudata.shared.actor import actor_of, permitted
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.shared.language import default_language

__all__ = ["KIND", "MAIL", "send_mail", "shown", "tell"]

KIND = "berita_acara"
MAIL = "surel_berita_acara"

#: The room of the documents owns the table; a notice needs five columns of one row.
_TABLE = sa.table(
    "satudata_berita_acara", sa.column("id", sa.Text), sa.column("owner_org", sa.Text),
    sa.column("state", sa.Text), sa.column("jenis_data", JSONB), sa.column("confirmations", JSONB))


@dataclass(frozen=True)
class Paper:
    """A document as a notice tells of it."""

    id: str
    organization: str
    state: State
    kinds: tuple[str, ...]
    confirmed: frozenset[str]


@outbox.handles(KIND)
def tell(payload: dict[str, Any]) -> None:
    """Write the entries of a step for one side, and put a mail for each who wants one."""
    event = model.Session.get(Event, int(payload["event_id"]))
    paper = _paper(event)
    side = Side(payload["to"])
    telling = _telling(event, side) if event else None
    if event is None or paper is None or telling is None:
        return
    _settle(event, paper)
    if telling.kind is Kind.TUGAS and _is_done(event, paper, side):
        return
    for person in _people(paper, side):
        if person == event.actor_id:
            continue
        told(event, person, telling.kind, MAIL, to=side.value)


@outbox.handles(MAIL)
def send_mail(payload: dict[str, Any]) -> None:
    """Send one person the mail of one step, if they are still of that side.

    :raises Exception: as :func:`mail.deliver`
    """
    event = model.Session.get(Event, int(payload["event_id"]))
    user = model.Session.get(model.User, str(payload["user_id"]))
    paper, side = _paper(event), Side(payload["to"])
    telling = _telling(event, side) if event else None
    if event is None or user is None or paper is None or telling is None:
        return
    if side not in sides_of(actor_of(user.id), paper.organization):
        return
    if telling.kind is Kind.TUGAS and _is_done(event, paper, side):
        return
    with default_language():
        written = letter(
            _words(telling.headline, event, paper),
            _words(telling.text, event, paper),
            tk.h.url_for("satudata_berita_acara.show", id=paper.id, qualified=True),
            tk._("Buka berita acara"),
            plain(event.note) if telling.with_note else "")
        mail.deliver(user, f"{MAIL}:{event.id}:{user.id}", written, event.at)


def shown(event: Event, person: str, kind: str) -> dict[str, Any] | None:
    """Return the words and address of a notice, or ``None`` for who may not read it any more."""
    paper = _paper(event)
    actor = actor_of(person)
    if paper is None or not readers(actor).may_read(
            paper.organization, paper.kinds, paper.state):
        return None
    sides = sides_of(actor, paper.organization)
    telling = next((each for side in Side if side in sides
                    for each in (_telling(event, side),) if each and each.kind.value == kind), None)
    if telling is None:
        return None
    return {
        "url": tk.h.url_for("satudata_berita_acara.show", id=paper.id),
        "headline": _words(telling.headline, event, paper),
        "text": _words(telling.text, event, paper),
        "note": event.note if telling.with_note else "",
    }


def _telling(event: Event, side: Side) -> Telling | None:
    try:
        state = State(event.to_state or "")
    except ValueError:  # of a later version of this software
        return None
    return TELLINGS.get((event.transition or "", state, side))


def _paper(event: Event | None) -> Paper | None:
    identifier = event.data.get("berita_acara") if event is not None else None
    row = model.Session.execute(
        sa.select(_TABLE).where(_TABLE.c.id == identifier)).first() if identifier else None
    if row is None:
        return None
    return Paper(row.id, row.owner_org, State(row.state), tuple(row.jenis_data),
                 frozenset(each["side"] for each in row.confirmations))


def _people(paper: Paper, side: Side) -> list[str]:
    """Return who may speak for a side now."""
    subject = Subject(organization=paper.organization)
    return [person for person in permitted(Permission.BERITA_ACARA, subject)
            if side in sides_of(actor_of(person), paper.organization)]


def _is_done(event: Event, paper: Paper, side: Side) -> bool:
    """Tell whether somebody of the side has done meanwhile what the event asked for."""
    if event.to_state == State.MENUNGGU.value:
        return paper.state is not State.MENUNGGU or side.value in paper.confirmed
    return False


def _settle(event: Event, paper: Paper) -> None:
    """Mark as read what this step did away with: its actor's own entries, and old tasks.

    A task stays open for the side that has not confirmed yet.
    """
    earlier = sa.select(Event.id).where(
        Event.kind == KIND, Event.id < event.id,
        Event.data["berita_acara"].astext == paper.id)
    done = [person for side in Side if side.value in paper.confirmed
            for person in _people(paper, side)]
    over = paper.state is not State.MENUNGGU
    model.Session.execute(sa.update(Notice).where(
        Notice.event_id.in_(earlier), Notice.read_at.is_(None),
        sa.or_(Notice.user_id == event.actor_id,
               sa.and_(Notice.kind == Kind.TUGAS.value,
                       sa.true() if over else Notice.user_id.in_(done))),
    ).values(read_at=moment.now()).execution_options(synchronize_session=False))


def _words(text: str, event: Event, paper: Paper) -> str:
    return str(tk._(text)).format(
        nomor=event.data.get("number") or "", instansi=words.organization_title(
            paper.organization))
