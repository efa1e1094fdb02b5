"""Play who was let in to the restricted data of the demo, who asks, and who opened it."""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.demo.acting import act
from ckanext.satudata.domain.demo import access, stories
from ckanext.satudata.domain.demo.describe import PREFIX
from ckanext.satudata.shared import moment
from ckanext.satudata.shared.signals import file_opened

__all__ = ["play"]


def play(name: str, now: dt.datetime) -> None:
    """Take every act on a published dataset of the demo, each at its time.

    :param now: aware, in the zone of the government
    """
    acts = access.ACTS.get(name.removeprefix(PREFIX), ())
    for number, each in enumerate(acts):
        with moment.at(stories.office_hour(now, each.days, number)):
            if isinstance(each, access.Given):
                _give(name, each, now)
            elif isinstance(each, access.Opened):
                _open(name, each)
            else:
                _ask(name, each, now, number)


def _give(name: str, given: access.Given, now: dt.datetime) -> None:
    act("satudata_access_grant_create", f"{PREFIX}{given.by}", id=name,
        organization=f"{PREFIX}{given.to}", reason=given.reason, until=_day(now, given.until))


def _ask(name: str, asked: access.Asked, now: dt.datetime, number: int) -> None:
    made = act(
        "satudata_access_request_create", f"{PREFIX}{asked.by}", id=name, days=asked.wanted,
        institution=asked.institution, purpose=asked.purpose, terms=True)
    answer = asked.answer
    if answer is None:
        return
    with moment.at(stories.office_hour(now, answer.days, number)):
        act("satudata_access_request_answer", f"{PREFIX}{answer.by}", id=made["id"],
            expected_version=1, step="kabulkan", conditions=answer.conditions,
            until=_day(now, answer.days - answer.lasts))


def _open(name: str, opened: access.Opened) -> None:
    """Let somebody read the rows, or the files as the view of downloads gives them."""
    person = f"{PREFIX}{opened.by}"
    shown = act("package_show", person, id=name)
    for each in shown["resources"]:
        if opened.rows:
            act("datastore_search", person, resource_id=each["id"])
            continue
        tk.check_access("satudata_file_open", {"user": person}, {
            "id": shown["id"], "resource_id": each["id"]})
        kept: dict[str, Any] = model.Session.get_one(model.Resource, each["id"]).extras or {}
        file_opened.send(
            shown["id"], resource_id=each["id"], number=None, sha256=kept.get("sha256"),
            way="unduh", rows=None, size=each["size"], user=person)


def _day(now: dt.datetime, ago: int) -> str:
    return (now - dt.timedelta(ago)).date().isoformat()
