"""Links as the API and the pages show them, to who may make them."""
from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.plugins.toolkit import _
from flask import has_app_context

from ckanext.satudata.domain.intake import links as law
from ckanext.satudata.domain.intake.links import LinkState
from ckanext.satudata.links import service, store, words
from ckanext.satudata.links.model import UploadLink
from ckanext.satudata.shared import moment
from ckanext.satudata.shared.language import default_language

__all__ = ["shown", "url_of"]


def shown(links: Iterable[UploadLink]) -> list[dict[str, Any]]:
    """Return links of one dataset as dictionaries; the address of those that may be sent."""
    rows = list(links)
    if not rows:
        return []
    counts = store.came([each.id for each in rows])
    title = words.title_of(rows[0].package_id)
    organization = words.organization_of(rows[0].package_id)
    named = organization.title or organization.name if organization is not None else ""
    people = _names({each.created_by for each in rows if each.created_by})
    found = [_one(each, counts.get(each.id, store.Came()), people) for each in rows]
    # Who gets a link reads it in the portal's language, whoever looks at it here.
    with default_language() if has_app_context() else nullcontext():
        headline = words.subject(title)
        for each in found:
            if each["url"]:
                text = words.message(each["label"], title, named, each["until"], each["url"])
                each |= {"message": text, "wa_url": law.wa_url(each["phone"], text),
                         "mail_url": law.mail_url(each["email"], headline, text)}
    return found


def url_of(token: str) -> str:
    """Return the whole address of a link, in no language."""
    return tk.h.url_for("satudata_setor.show", token=token, qualified=True, locale="default")


def _one(link: UploadLink, counts: store.Came, people: dict[str, str]) -> dict[str, Any]:
    state = law.state_of(store.standing(link, counts), moment.now())
    token = service.token_of(link) if state in (LinkState.BERLAKU, LinkState.TERPAKAI) else ""
    phone, email = (str(link.contact.get(each) or "") for each in ("phone", "email"))
    return {
        "id": link.id, "package_id": link.package_id, "label": link.label,
        "state": state.value, "state_label": _(law.STATE_LABELS[state]),
        "expires_at": link.expires_at.isoformat(), "until": words.until(link),
        "single": link.single,
        "max_bytes": link.max_bytes, "created_at": link.created_at.isoformat(),
        "created_by": link.created_by, "created_by_name": people.get(link.created_by or "", ""),
        "revoked_at": link.revoked_at and link.revoked_at.isoformat(),
        "opened_at": link.opened_at and link.opened_at.isoformat(),
        "reminded_at": link.reminded_at and link.reminded_at.isoformat(),
        "received": counts.received, "kept": counts.kept, "waiting": counts.waiting,
        "recap_id": link.recap_id, "unit_code": link.unit_code, "unit_name": link.unit_name,
        "phone": phone, "email": email,
        "url": url_of(token) if token else None,
        "message": None, "wa_url": None, "mail_url": None,
    }


def _names(ids: set[str]) -> dict[str, str]:
    rows = model.Session.execute(
        sa.select(model.User.id, model.User.fullname, model.User.name)
        .where(model.User.id.in_(sorted(ids)))) if ids else ()
    return {identifier: fullname or name for identifier, fullname, name in rows}
