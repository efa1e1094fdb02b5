"""The board of a recap as the API and the page show it."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata import config
from ckanext.satudata.domain.intake import links as law
from ckanext.satudata.domain.intake.recap import board as rules
from ckanext.satudata.domain.intake.recap.board import Sent, Stand
from ckanext.satudata.domain.intake.states import State
from ckanext.satudata.domain.mail_text import one_line
from ckanext.satudata.recap import store
from ckanext.satudata.recap.model import Recap
from ckanext.satudata.shared.language import default_language

__all__ = ["full", "iso", "last_day", "sent_of", "short"]

Data = dict[str, Any]


def short(rows: Sequence[Recap]) -> list[Data]:
    """Return recaps as a list shows them."""
    tallies = store.tally([each.id for each in rows])
    people = {each.id: each for each in model.Session.query(model.User).filter(
        model.User.id.in_([each.created_by for each in rows if each.created_by]))}
    return [_short(each, people, *tallies.get(each.id, (0, 0))) for each in rows]


def _short(row: Recap, people: Mapping[str, model.User], units: int, sent: int) -> Data:
    user = people.get(row.created_by or "")
    return {
        "id": row.id, "package_id": row.package_id, "title": row.title,
        "unit_kind": row.unit_kind, "due_at": iso(row.due_at), "until": last_day(row.due_at),
        "created_at": iso(row.created_at), "closed_at": iso(row.closed_at),
        "merged_at": iso(row.merged_at), "intake_id": row.intake_id,
        "created_by": None if user is None else {
            "id": user.id, "name": user.name, "fullname": user.fullname or user.name},
        "total": units, "missing": units - sent}


def full(row: Recap, manages: bool) -> Data:
    """Return a recap with where each of its units stands.

    :param manages: also say how each unit is reached, its link first of all: whoever has it
        hands in
    """
    shown = short([row])[0]
    sent = sent_of(row.id)
    units: list[tuple[Any, Data]] = []
    for each in store.links(row.id):
        several = [_sent(one) for one in sent.get(each.id, [])]
        stand = rules.stand_of(several)
        units.append((rules.sort_key(
            stand, each.reminded_at, each.opened_at, each.unit_code), {
                "code": each.unit_code, "name": each.unit_name, "link_id": each.id,
                "stand": stand.value, "stand_label": tk._(rules.LABELS[stand]),
                "opened_at": iso(each.opened_at), "reminded_at": iso(each.reminded_at),
                "ready": any(rules.is_ready(one) for one in several[-1:]),
                "sent": [_shown(one) for one in reversed(sent.get(each.id, []))]}))
    listed = [unit for _key, unit in sorted(units, key=lambda each: each[0])]
    if manages:
        _add_reached(row, shown["until"], listed)
    stands = [Stand(unit["stand"]) for unit in listed]
    since = sum(_is_new(each, row.merged_at) for several in sent.values() for each in several)
    return {
        **shown, "counts": rules.counts(stands),
        "headline": rules.headline(stands, row.unit_kind).text(tk._),
        "ready": sum(unit["ready"] for unit in listed), "new_since_merge": since,
        "manages": manages, "units": listed}


def _is_new(sent: Any, merged_at: dt.datetime | None) -> bool:
    return sent.state == State.DITERIMA.value and (
        merged_at is None or sent.decided_at is None or sent.decided_at > merged_at)


def sent_of(recap_id: str) -> dict[str, list[Any]]:
    """Return what came by each link of a recap, oldest first."""
    found: dict[str, list[Any]] = {}
    for each in store.sent(recap_id):
        found.setdefault(each.link_id, []).append(each)
    return found


def _sent(row: Any) -> Sent:
    return Sent(State(row.state), row.created_at, row.reading or "", row.mend or 0,
                row.questions or 0, row.tables)


def _shown(row: Any) -> Data:
    return {"id": row.id, "filename": row.filename, "state": row.state,
            "created_at": iso(row.created_at), "reading": row.reading, "mend": row.mend or 0,
            "questions": row.questions or 0, "tables": row.tables or 0}


def _links(row: Recap) -> dict[str, Data]:
    found = tk.get_action("satudata_upload_link_list")(
        {"ignore_auth": True}, {"id": row.package_id, "recap_id": row.id})
    return {each["id"]: each for each in found if each.get("recap_id", row.id) == row.id}


def _add_reached(row: Recap, until: str | None, units: Sequence[Data]) -> None:
    """Say by what each unit is reached, with a reminder ready to send in the portal's language."""
    links = _links(row)
    title = one_line(row.title, 150)
    with default_language():
        day = tk.h.satudata_date(until) if until else ""
        subject = rules.subject(title).text(tk._)
        for unit in units:
            link = links.get(unit["link_id"], {})
            phone, email = link.get("phone") or "", link.get("email") or ""
            unit |= {"phone": phone, "email": email, "url": link.get("url"),
                     "link_state": link.get("state"), "message": None, "wa_url": None,
                     "mail_url": None}
            if link.get("url"):
                text = rules.reminder(Stand(unit["stand"]), unit["name"], title, day).text(tk._)
                text = f"{text}\n{link['url']}"
                unit |= {"message": text, "wa_url": law.wa_url(phone, text),
                         "mail_url": law.mail_url(email, subject, text) if email else None}


def last_day(value: dt.datetime | None) -> str | None:
    """Return the day that ends at a moment, ISO 8601."""
    return law.last_day(value, config.zona_waktu()).isoformat() if value is not None else None


def iso(value: dt.datetime | None) -> str | None:
    """Return a time in ISO 8601, UTC."""
    return value.astimezone(dt.timezone.utc).isoformat() if value is not None else None
