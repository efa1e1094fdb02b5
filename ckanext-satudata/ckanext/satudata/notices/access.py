"""Notices about access to restricted files, to people with an account.

Beside ``delivery``, which tells of submissions: what is told here hangs on a request, a permission
or a dataset. Who asked without an account gets letters from the room of access itself.
"""
from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.access_notices import TELLINGS, Audience, Telling
from ckanext.satudata.domain.mail_text import one_line, plain
from ckanext.satudata.domain.requests import OPEN, desk
from ckanext.satudata.domain.roles import Permission, Role, Subject
from ckanext.satudata.notices import words
from ckanext.satudata.notices.model import Notice
from ckanext.satudata.notices.telling import letter, told
from ckanext.satudata.shared import mail, moment, outbox
from ckanext.satudata.shared.actor import actor_of, holders, people_among, permitted
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.shared.language import default_language

__all__ = ["KIND", "MAIL", "send_mail", "shown", "tell"]

KIND = "akses"
MAIL = "surel_kabar_akses"

#: The room of access owns the table; a notice needs some columns of one row.
_REQUEST = sa.table(
    "satudata_access_request", sa.column("id", sa.Text), sa.column("number", sa.Text),
    sa.column("title", sa.Text), sa.column("package_id", sa.Text), sa.column("owner_org", sa.Text),
    sa.column("user_id", sa.Text), sa.column("state", sa.Text),
    sa.column("due_at", sa.DateTime(timezone=True)))
_OPEN = {state.value for state in OPEN}


@dataclass(frozen=True)
class Matter:
    """What an event is about, as a notice tells of it.

    :ivar requester: id of the account that asked
    :ivar holder: id of the account a permission names
    :ivar day: the deadline or the end that is told of
    """

    title: str
    number: str
    organization: str
    endpoint: str
    id: str
    requester: str
    holder: str
    day: dt.datetime | None
    open: bool


@outbox.handles(KIND)
def tell(payload: dict[str, Any]) -> None:
    """Write the entries of an event, and put a mail for each who wants one."""
    event = model.Session.get(Event, int(payload["event_id"]))
    matter = _matter(event)
    if event is None or matter is None:
        return
    _settle(event)
    heard: dict[str, Telling] = {}
    for audience in Audience:
        telling = TELLINGS.get((event.transition or "", audience))
        if telling is None or (telling.while_open and not matter.open):
            continue
        for person in _people(audience, matter):
            heard.setdefault(person, telling)
    heard.pop(event.actor_id or "", None)
    for person in sorted(people_among(heard)):
        told(event, person, heard[person].kind, MAIL)


@outbox.handles(MAIL)
def send_mail(payload: dict[str, Any]) -> None:
    """Send one person the mail of one event, if it still concerns them.

    :raises Exception: as :func:`ckanext.satudata.shared.mail.deliver`
    """
    event = model.Session.get(Event, int(payload["event_id"]))
    user = model.Session.get(model.User, str(payload["user_id"]))
    matter = _matter(event)
    if event is None or user is None or user.state != "active" or matter is None:
        return
    telling = _telling(event, user.id, matter)
    if telling is None or (telling.while_open and not matter.open):
        return
    with default_language():
        written = letter(
            _words(telling.headline, matter),
            _words(telling.text, matter),
            tk.h.url_for(matter.endpoint, id=matter.id, qualified=True),
            tk._("Buka di portal"),
            plain(event.note) if telling.with_note else "")
        mail.deliver(user, f"{MAIL}:{event.id}:{user.id}", written, event.at)


def shown(event: Event, person: str) -> dict[str, Any] | None:
    """Return the words and address of a notice, or ``None`` for whom it concerns no more."""
    matter = _matter(event)
    telling = _telling(event, person, matter) if matter is not None else None
    if matter is None or telling is None:
        return None
    return {
        "url": tk.h.url_for(matter.endpoint, id=matter.id),
        "headline": _words(telling.headline, matter),
        "text": _words(telling.text, matter), "note": event.note if telling.with_note else "",
    }


def _telling(event: Event, person: str, matter: Matter) -> Telling | None:
    """Return the line that concerns a person most, as who they are now."""
    return next((
        telling for audience in Audience
        if (telling := TELLINGS.get((event.transition or "", audience))) is not None
        and person in _people(audience, matter)), None)


def _matter(event: Event | None) -> Matter | None:
    if event is None:
        return None
    data = event.data
    row = model.Session.execute(sa.select(_REQUEST).where(
        _REQUEST.c.id == data["request"])).first() if data.get("request") else None
    package_id = data.get("package") or event.package_id or (row.package_id if row else "")
    package = model.Session.get(model.Package, package_id) if package_id else None
    if row is None and package is None:
        return None
    title = (row.title if row is not None else "") or (
        (package.title or package.name) if package is not None else "")
    until = _moment(data.get("until"))
    if until is not None and data.get("grant"):
        until -= dt.timedelta(microseconds=1)  # an end is kept as the moment after it
    own = event.transition in ("beri_izin", "cabut_izin", "izin_berakhir", "uji_berakhir")
    endpoint, identifier = ("satudata_access_requests.show", row.id) if (
        row is not None and not own) else (
            "dataset.read", package.name if package is not None else package_id)
    return Matter(
        one_line(title, 200),
        (row.number if row is not None else "") or str(data.get("number") or ""),
        row.owner_org if row is not None else str(data.get("owner_org") or ""),
        endpoint, identifier,
        (row.user_id or "") if row is not None else "",
        str(data.get("holder") or "") if data.get("kind") == "orang" else "",
        until or (row.due_at if row is not None else None),
        row is not None and row.state in _OPEN)


def _people(audience: Audience, matter: Matter) -> list[str]:
    """Return who hears now; a role that was lost hears nothing."""
    if audience is Audience.PPID:
        return [each for each in holders(Role.PPID) if desk(actor_of(each)).answers]
    if audience is Audience.WALIDATA:
        return holders(Role.WALIDATA)
    if audience is Audience.OPD:
        subject = Subject(organization=matter.organization)
        return sorted({*permitted(Permission.ISI, subject), *permitted(
            Permission.TANDA_TANGAN, subject)}) if matter.organization else []
    person = matter.requester if audience is Audience.REQUESTER else matter.holder
    return [person] if person and actor_of(person).id else []


def _settle(event: Event) -> None:
    """Mark as read what an answer did away with: everybody's entries about the open request."""
    if event.to_state is None or event.to_state in _OPEN or not event.data.get("request"):
        return
    earlier = sa.select(Event.id).where(
        Event.kind == KIND, Event.id < event.id,
        Event.data["request"].astext == event.data["request"])
    model.Session.execute(sa.update(Notice).where(
        Notice.event_id.in_(earlier), Notice.read_at.is_(None), Notice.kind == "permohonan",
    ).values(read_at=moment.now()).execution_options(synchronize_session=False))


def _moment(value: Any) -> dt.datetime | None:
    try:
        found = dt.datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else dt.datetime.combine(found.date(), dt.time(5), dt.timezone.utc)


def _words(text: str, matter: Matter) -> str:
    return str(tk._(text)).format(
        judul=matter.title or tk._("Tanpa judul"), nomor=matter.number,
        tanggal=words.day(matter.day) if matter.day is not None else "")
