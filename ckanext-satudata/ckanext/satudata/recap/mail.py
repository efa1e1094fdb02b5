"""Reminders by mail. The address of a unit's link is made up as the letter is, and stored nowhere.
"""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.intake.recap import board as rules
from ckanext.satudata.domain.mail_text import one_line
from ckanext.satudata.recap import board
from ckanext.satudata.recap.model import Recap
from ckanext.satudata.recap.service import MAIL
from ckanext.satudata.shared import mail, outbox
from ckanext.satudata.shared.language import default_language

__all__ = ["send_reminders"]


@outbox.handles(MAIL)
def send_reminders(payload: dict[str, Any]) -> None:
    """Mail a reminder to some units of a recap; who sent meanwhile is left alone.

    :raises Exception: as :func:`ckanext.satudata.shared.mail.deliver_to`
    """
    row = model.Session.get(Recap, str(payload["recap"]))
    if row is None or row.closed_at is not None or not mail.is_set_up():
        return
    since = dt.datetime.fromisoformat(payload["at"])
    wanted = set(payload["links"])
    with default_language():
        for unit in board.full(row, True)["units"]:
            if unit["link_id"] in wanted and unit["email"] and unit["url"] and unit["stand"] in (
                    "belum", "perbaiki"):
                mail.deliver_to(unit["name"], unit["email"],
                                f"{MAIL}:{unit['link_id']}:{payload['at']}", _letter(row, unit),
                                since)


def _letter(row: Recap, unit: dict[str, Any]) -> tuple[str, str, str]:
    """Return subject, text and HTML."""
    values = {
        "lines": [unit["message"].rpartition("\n")[0]], "url": unit["url"],
        "link_label": tk._("Kirim data"), "headline": rules.subject(
            one_line(row.title, 150)).text(tk._),
        "site_title": tk.config["ckan.site_title"]}
    return (values["headline"], tk.render("satudata/emails/recap.txt", values),
            tk.render("satudata/emails/recap.html", values))
