"""From an answered request to files: a permission for the account, or for the personal link."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _

from ckanext.satudata.access import fields, grants, opening
from ckanext.satudata.access.model import AccessGrant
from ckanext.satudata.access.request_model import AccessRequest
from ckanext.satudata.access.views import send_to_holder
from ckanext.satudata.access.words import day_of
from ckanext.satudata.domain.access import Holder, Standing, standing
from ckanext.satudata.domain.request_forms import Answer
from ckanext.satudata.domain.roles import Actor
from ckanext.satudata.shared import moment

__all__ = ["give", "link_of", "send_by_link"]


def give(actor: Actor) -> Callable[[AccessRequest, Answer], str]:
    """Return what opens the files an answer names, in the transaction of the answer.

    What is opened ends with the day the PPID named, and knows the request it came from, so that
    each line of the log leads back to who asked and what for.
    """
    def grant(row: AccessRequest, given: Answer) -> str:
        package = model.Session.get(model.Package, row.package_id)
        assert package is not None and given.until is not None
        label = _("Permohonan {number}").format(number=row.number)
        named = (grants.Named(Holder.ORANG, row.user_id, row.name) if row.user_id
                 # Events are kept for ever, so a name without an account does not go into one.
                 else grants.Named(Holder.PERMOHONAN, row.id, label))
        made = grants.give(actor, package, named, label, fields.last_moment(given.until),
                           files=given.files, request_id=row.id)
        return made.id
    return grant


def link_of(row: AccessRequest) -> dict[str, Any] | None:
    """Return what the personal link of a request opens now, and if nothing, why.

    :returns: ``open``, ``files`` (``id``, ``name``, ``format``, ``size``), ``said`` and
        ``reason``; ``None`` where nothing was ever opened by a link
    """
    grant = _grant(row)
    if grant is None:
        return None
    package = model.Session.get(model.Package, row.package_id)
    stands = standing(grant.permit, moment.now())
    shown: dict[str, Any] = {"open": False, "files": [], "said": "", "reason": ""}
    if stands is Standing.DICABUT:
        return shown | {"said": _("PPID mencabut akses ini {day}.").format(
            day=day_of(grant.revoked_at)), "reason": grant.revoke_reason}
    if stands is not Standing.BERLAKU:
        return shown | {"said": _("Masa aksesnya sudah berakhir. Bila masih perlu, ajukan lagi.")}
    if package is None or not opening.is_public(package):
        return shown | {"said": _("Data ini ditarik dari publik, jadi berkasnya tidak dibuka.")}
    return shown | {"open": True, "files": [
        {"id": each.id, "name": each.name or "", "format": each.format or "", "size": each.size}
        for each in package.resources if grant.permit.opens(each.id, moment.now())]}


def send_by_link(row: AccessRequest, resource_id: str) -> Any:
    """Return the answer with a file that a personal link opens; the log is written first.

    :raises werkzeug.exceptions.NotFound: it does not open that file, or not any more
    """
    grant = _grant(row)
    if grant is None:
        return tk.abort(404, _("Tautan ini tidak membuka berkas itu."))
    return send_to_holder(grant, resource_id)


def _grant(row: AccessRequest) -> AccessGrant | None:
    if row.user_id is not None or row.grant_id is None:
        return None
    return model.Session.get(AccessGrant, row.grant_id, populate_existing=True)
