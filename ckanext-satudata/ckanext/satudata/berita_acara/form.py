"""The page that prepares a Berita Acara: what it offers, and what was typed into it."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.berita_acara import collect
from ckanext.satudata.domain.berita_acara.draft import MAX_ATTENDEES, MAX_SUBMISSIONS
from ckanext.satudata.domain.berita_acara.steps import Side, sides_of
from ckanext.satudata.shared.actor import actor_of

__all__ = ["agencies", "blank", "choices", "from_draft", "posted"]

#: In work: what a desk session is about. Drafts come last: nobody handed them in yet.
_STATES = ("dikembalikan", "diperiksa_walidata", "diajukan", "disetujui", "diperiksa_pembina",
           "dikembalikan_pembina", "draf")
#: Published lately, perhaps in this very session.
_LATELY = 20
_ROWS = 4


def agencies(user: str) -> list[dict[str, str]]:
    """Return the OPD for which this person may prepare one, by title."""
    actor = actor_of(user)
    rows = model.Session.execute(
        sa.select(model.Group.id, model.Group.name, model.Group.title)
        .where(model.Group.is_organization.is_(True), model.Group.state == "active")
        .order_by(sa.func.lower(model.Group.title), model.Group.name))
    return [{"id": row.id, "name": row.name, "title": row.title or row.name} for row in rows
            if actor.sysadmin or Side.WALIDATA in sides_of(actor, row.id)]


def choices(user: str, organization: str, ticked: list[str]) -> list[dict[str, Any]]:
    """Return the submissions of an OPD to tick, with the catatan it was given.

    What is ticked already is among them, whatever its state is by now.
    """
    find, show = tk.get_action("satudata_submission_list"), tk.get_action(
        "satudata_submission_show")
    in_work = find({"user": user}, {
        "owner_org": organization, "state": list(_STATES), "limit": MAX_SUBMISSIONS})["results"]
    lately = find({"user": user}, {
        "owner_org": organization, "state": ["terbit"], "box": "selesai", "limit": _LATELY,
    })["results"]
    found = {each["id"]: each for each in sorted(
        in_work, key=lambda each: _STATES.index(each["state"]))}
    found |= {each["id"]: each for each in lately}
    for identifier in ticked[:MAX_SUBMISSIONS]:
        if identifier not in found:
            try:
                record = show({"user": user}, {"id": identifier})
            except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
                continue
            if record["organization"] and record["owner_org"] == organization:
                found[record["id"]] = record
    for record in found.values():
        record["catatan"] = _catatan(user, record)
    return list(found.values())


def _catatan(user: str, record: Mapping[str, Any]) -> list[dict[str, Any]]:
    if not any(record["counts"].values()):
        return []
    findings = tk.get_action("satudata_submission_show")(
        {"user": user}, {"id": record["id"]})["findings"]
    return [each for each in findings if each["shared_at"] and not each["resolved_at"]]


def blank(kind: str, ticked: list[str]) -> dict[str, Any]:
    """Return an empty form with what can be known before."""
    deadline = collect.default_deadline()
    return {
        "kind": kind, "submissions": ticked, "place": "", "notes": "",
        "date": collect.today().isoformat(),
        "deadline": deadline.isoformat() if deadline else "", "attendees": _rows([], _ROWS),
    }


def from_draft(draft: Mapping[str, Any]) -> dict[str, Any]:
    """Return the form of a draft that is changed."""
    return {**draft, "deadline": draft["deadline"] or "",
            "attendees": _rows(draft["attendees"], len(draft["attendees"]) + 2)}


def posted(form: Any) -> dict[str, Any]:
    """Return what was sent; a button asks for more rows of people."""
    names, offices, agencies_ = (
        form.getlist(f"attendee_{part}")[:MAX_ATTENDEES + 1]
        for part in ("name", "office", "agency"))
    people = [{"name": name, "office": office, "agency": agency}
              for name, office, agency in zip(names, offices, agencies_, strict=False)]
    return {
        **{name: form.get(name, "") for name in ("kind", "place", "date", "deadline", "notes")},
        "submissions": form.getlist("submissions"),
        "attendees": people,
    }


def _rows(people: list[dict[str, str]], count: int) -> list[dict[str, str]]:
    empty = {"name": "", "office": "", "agency": ""}
    return [*people, *(dict(empty) for _ in range(count - len(people)))]
