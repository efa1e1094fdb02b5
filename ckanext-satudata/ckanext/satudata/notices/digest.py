"""One mail a person on the morning of each working day: what waits, what is late, what comes due.

Nothing waits: no mail. However many schedulers run and however often they look, the day and the
person are the key of the message, so that it is written once; and it is written once the hour
has come, so that a portal that was down at seven reminds at nine.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata import config
from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.mail_text import one_line
from ckanext.satudata.domain.notices import Kind
from ckanext.satudata.domain.roles import Role
from ckanext.satudata.notices import mail, words
from ckanext.satudata.notices.settings import channels
from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.actor import holders
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.language import default_language
from ckanext.satudata.shared.scheduler import timed

__all__ = ["HOUR", "remind", "remind_person", "start_day"]

DAY, PERSON = "ringkasan_hari", "ringkasan_orang"
#: Local time of the reminder.
HOUR = dt.time(7)
#: Due within so many working days after today is "soon".
SOON_DAYS = 2
#: So many of a group are named, the rest counted.
NAMED = 10


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
    if user is None or user.state != "active" or today.isoformat() != payload["day"]:
        return
    if not channels(user.id)[Kind.RINGKASAN].mail:
        return
    with default_language():
        letter = _letter(_waiting(user), now)
        if letter is not None:
            mail.send(user, f"{PERSON}:{payload['day']}:{user.id}", *letter)


def _waiting(user: model.User) -> list[dict[str, Any]]:
    """Return what waits for a user, as their own inbox shows it, most pressing first."""
    found = tk.get_action("satudata_submission_list")(
        {"user": user.name, "auth_user_obj": user, "ignore_auth": False},
        {"box": "menunggu_saya", "limit": 100})
    return found["results"]


def _letter(waiting: list[dict[str, Any]], now: dt.datetime) -> tuple[str, str, str] | None:
    groups: dict[str, list[dict[str, Any]]] = {"late": [], "soon": [], "other": []}
    for each in waiting:
        groups[_group(each, now)].append(each)
    if not waiting:
        return None
    late = len(groups["late"])
    subject = tk.ungettext(
        "{n} data menunggu Anda", "{n} data menunggu Anda", len(waiting)).format(n=len(waiting))
    if late:
        subject += ", " + tk.ungettext(
            "{n} lewat tenggat", "{n} lewat tenggat", late).format(n=late)
    titles = {"late": tk._("Lewat tenggat"), "soon": tk._("Segera jatuh tempo"),
              "other": tk._("Menunggu Anda")}
    values = {
        "headline": subject,
        "summary": subject + ".",
        "groups": [_shown(titles[name], rows) for name, rows in groups.items() if rows],
        "inbox_url": tk.h.url_for("/tugas", qualified=True),
        "settings_url": tk.h.url_for("satudata_notices.settings", qualified=True),
        "site_title": tk.config["ckan.site_title"],
    }
    return (subject, tk.render("satudata/emails/digest.txt", values),
            tk.render("satudata/emails/digest.html", values))


def _group(each: dict[str, Any], now: dt.datetime) -> str:
    due = _due(each)
    if due is None:
        return "other"
    if due < now:
        return "late"
    zone, off = config.zona_waktu(), config.hari_libur()
    return "soon" if workdays.working_days_left(now, due, off, zone) <= SOON_DAYS else "other"


def _shown(title: str, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    rows = list(rows)
    left = len(rows) - NAMED
    return {
        "title": title,
        "rows": [{
            "title": one_line(each.get("title") or "", 200) or tk._("Tanpa judul"),
            "about": _about(each),
            "url": words.submission_url(each["id"]),
        } for each in rows[:NAMED]],
        "more": tk.ungettext("dan {n} lainnya", "dan {n} lainnya", left).format(n=left)
        if left > 0 else "",
    }


def _about(each: dict[str, Any]) -> str:
    due = _due(each)
    parts = [one_line((each.get("organization") or {}).get("title") or "", 100),
             each.get("state_label") or ""]
    if due is not None:
        parts.append(tk._("tenggat {tanggal}").format(tanggal=words.day(due)))
    return " · ".join(part for part in parts if part)


def _due(each: dict[str, Any]) -> dt.datetime | None:
    return dt.datetime.fromisoformat(each["due_at"]) if each.get("due_at") else None
