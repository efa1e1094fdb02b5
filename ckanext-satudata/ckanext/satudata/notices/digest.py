"""One mail a person on the morning of each working day: what waits, what is late, what comes due.

Nothing waits: no mail. However many schedulers run and however often they look, the day and the
person are the key of the message, so that it is written once; and it is written once the hour
has come, so that a portal that was down at seven reminds at nine.
"""
from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata import config
from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.mail_text import one_line
from ckanext.satudata.domain.notices import Kind
from ckanext.satudata.domain.roles import Role
from ckanext.satudata.domain.workflow import OPEN, State
from ckanext.satudata.notices import words
from ckanext.satudata.notices.settings import channels
from ckanext.satudata.shared import mail, outbox
from ckanext.satudata.shared.actor import holders
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.language import default_language
from ckanext.satudata.shared.scheduler import timed

__all__ = ["DAY", "HOUR", "remind", "remind_person", "start_day"]

DAY, PERSON = "ringkasan_hari", "ringkasan_orang"
#: Local time of the reminder.
HOUR = dt.time(7)
#: Due within so many working days after today is "soon".
SOON_DAYS = 2
#: So many of a group are named, the rest counted.
NAMED = 10
#: The inbox comes due first on top; what is soon stands among so many.
_LOOKED_AT = 200
_MOVING = sorted(each.value for each in OPEN - {State.DRAF})


@timed("satudata_ringkasan", dt.timedelta(minutes=5))
def start_day(now: dt.datetime) -> None:
    """Put the day's reminder, once its hour has come on a working day."""
    here = workdays.local(now, config.zona_waktu())
    if here.time() < HOUR or not workdays.is_working_day(here.date(), config.hari_libur()):
        return
    day = here.date().isoformat()
    with unit_of_work():
        outbox.put(DAY, f"{DAY}:{day}", {"day": day})


@outbox.handles(DAY)
def remind(payload: dict[str, Any]) -> None:
    """Put a message for everybody who can have something to do."""
    people = {person for role in Role for person in holders(role)}
    for person in sorted(people):
        outbox.put(PERSON, f"{PERSON}:{payload['day']}:{person}",
                   {"day": payload["day"], "user_id": person})


@outbox.handles(PERSON)
def remind_person(payload: dict[str, Any]) -> None:
    """Send one person their reminder, unless nothing waits, they want none, or the day is over."""
    user = model.Session.get(model.User, str(payload["user_id"]))
    now = dt.datetime.now(dt.timezone.utc)
    today = workdays.local(now, config.zona_waktu()).date()
    if user is None or user.state != "active" or payload["day"] < today.isoformat():
        return
    if not channels(user.id)[Kind.RINGKASAN].mail:
        return
    with default_language():
        letter = _letter(user)
        if letter is not None:
            mail.send(user, f"{PERSON}:{payload['day']}:{user.id}", *letter)


@dataclass
class Group:
    """Some of what waits, named one by one, and how many there are of it."""

    title: str
    count: int
    rows: list[dict[str, Any]]


def _waiting(user: model.User) -> list[Group]:
    """Return what waits for a user, as their own inbox has it, most pressing first.

    A draft somebody is still writing waits for nobody but its writer and has no deadline: it is
    no news every morning. A draft typed on the OPD's behalf does wait, for its confirmation.
    """
    late = _asked(user, state=_MOVING, overdue=True, limit=NAMED)
    rest = _asked(user, state=_MOVING, overdue=False, limit=_LOOKED_AT)
    typed = [each for each in _asked(user, state="draf", limit=_LOOKED_AT)["results"]
             if each["on_behalf"]]
    now = dt.datetime.now(dt.timezone.utc)
    soon = [each for each in rest["results"] if _is_soon(each, now)]
    other = [*typed, *(each for each in rest["results"] if not _is_soon(each, now))]
    groups = [
        Group(tk._("Lewat tenggat"), late["count"], late["results"]),
        Group(tk._("Segera jatuh tempo"), len(soon), soon),
        Group(tk._("Menunggu Anda"), rest["count"] - len(soon) + len(typed), other),
    ]
    return [each for each in groups if each.count]


def _asked(user: model.User, **filters: Any) -> dict[str, Any]:
    return tk.get_action("satudata_submission_list")(
        {"user": user.name, "auth_user_obj": user, "ignore_auth": False},
        {"box": "menunggu_saya", **filters})


def _letter(user: model.User) -> tuple[str, str, str] | None:
    groups = _waiting(user)
    if not groups:
        return None
    count = sum(each.count for each in groups)
    subject = tk.ungettext(
        "{n} data menunggu Anda", "{n} data menunggu Anda", count).format(n=count)
    late = sum(each.count for each in groups if each.title == tk._("Lewat tenggat"))
    if late:
        subject += ", " + tk.ungettext(
            "{n} lewat tenggat", "{n} lewat tenggat", late).format(n=late)
    values = {
        "headline": subject,
        "summary": f"{subject}.",
        "groups": [_shown(each) for each in groups],
        "inbox_url": tk.h.url_for("/tugas", qualified=True),
        "settings_url": tk.h.url_for("satudata_notices.settings", qualified=True),
        "site_title": tk.config["ckan.site_title"],
    }
    return (subject, tk.render("satudata/emails/digest.txt", values),
            tk.render("satudata/emails/digest.html", values))


def _shown(group: Group) -> dict[str, Any]:
    named = group.rows[:NAMED]
    left = group.count - len(named)
    return {
        "title": group.title,
        "rows": [{
            "title": one_line(each.get("title") or "", 200) or tk._("Tanpa judul"),
            "about": _about(each),
            "url": words.submission_url(each["id"]),
        } for each in named],
        "more": tk.ungettext("dan {n} lainnya", "dan {n} lainnya", left).format(n=left)
        if left > 0 else "",
    }


def _about(each: dict[str, Any]) -> str:
    due = _due(each)
    parts = [one_line((each.get("organization") or {}).get("title") or "", 100),
             each["state_label"]]
    if due is not None:
        parts.append(tk._("tenggat {tanggal}").format(tanggal=words.day(due)))
    return " · ".join(part for part in parts if part)


def _is_soon(each: dict[str, Any], now: dt.datetime) -> bool:
    due = _due(each)
    return due is not None and workdays.working_days_left(
        now, due, config.hari_libur(), config.zona_waktu()) <= SOON_DAYS


def _due(each: dict[str, Any]) -> dt.datetime | None:
    return dt.datetime.fromisoformat(each["due_at"]) if each.get("due_at") else None
