"""How somebody is told of an event: the entry at the bell, the mail, and what the mail says."""
from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
from sqlalchemy.dialects.postgresql import insert

from ckanext.satudata.domain.notices import Kind
from ckanext.satudata.notices.model import Notice
from ckanext.satudata.notices.settings import channels
from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.audit import Event

__all__ = ["letter", "told"]


def told(
    event: Event, person: str, kind: Kind, mail: str, submission_id: str | None = None, /,
    **payload: str,
) -> None:
    """Tell one person of an event in the ways they chose, once.

    :param mail: the kind of outbox message that sends the mail; it is given ``payload``
    """
    wanted = channels(person)[kind]
    if wanted.portal:
        model.Session.execute(insert(Notice).values(
            user_id=person, event_id=event.id, kind=kind.value, submission_id=submission_id,
            created_at=event.at,
        ).on_conflict_do_nothing(constraint="satudata_notice_once"))
    if wanted.mail:
        outbox.put(mail, f"{mail}:{event.id}:{person}", {
            "event_id": event.id, "user_id": person, **payload}, event_id=event.id)


def letter(
    headline: str, sentence: str, url: str, link_label: str, note: str = "", deadline: str = "",
) -> tuple[str, str, str]:
    """Return subject, text and HTML of the mail about one event.

    :param url: what the mail leads to, whole
    """
    values = {
        "headline": headline, "sentence": sentence, "note": note, "deadline": deadline,
        "url": url, "link_label": link_label,
        "settings_url": tk.h.url_for("satudata_notices.settings", qualified=True),
        "site_title": tk.config["ckan.site_title"],
        "site_url": tk.h.url_for("home.index", qualified=True),
    }
    return (headline, tk.render("satudata/emails/notice.txt", values),
            tk.render("satudata/emails/notice.html", values))
