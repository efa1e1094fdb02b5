"""Who may choose what a file of a draft is: whoever writes that data."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.roles import Permission, Subject, may
from ckanext.satudata.shared.actor import actor_of_context
from ckanext.satudata.shared.reading import is_name

__all__ = ["satudata_tidy_accept", "satudata_tidy_update"]

_SUBMISSION = sa.table("satudata_submission", *(sa.column(each) for each in (
    "content_id", "number", "created", "owner_org", "jenis_data", "restricted", "at_pembina")))


def satudata_tidy_accept(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may write the draft it goes into; no client asks for it."""
    named = data_dict.get("content_id")
    return _writes(context, named if isinstance(named, str) and is_name(named) else "")


def satudata_tidy_update(context: Any, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Whoever may write the version that holds the file."""
    named = data_dict.get("resource_id")
    resource = model.Session.get(model.Resource, named) if is_name(named) else None
    alive = resource is not None and resource.state == model.State.ACTIVE
    return _writes(context, resource.package_id if alive else "")


def _writes(context: Any, content_id: str) -> dict[str, Any]:
    row = model.Session.execute(
        sa.select(_SUBMISSION).where(_SUBMISSION.c.content_id == content_id)
        .order_by(_SUBMISSION.c.number.desc(), _SUBMISSION.c.created.desc()).limit(1)).first()
    if row is not None:
        actor = actor_of_context(context)
        subject = Subject(row.owner_org or "", row.jenis_data or "", bool(row.restricted),
                          bool(row.at_pembina))
        if may(actor, Permission.BACA, subject) and any(
                may(actor, each, subject)
                for each in (Permission.ISI, Permission.ISI_ATAS_NAMA)):
            return {"success": True}
    return {"success": False, "msg": tk._("Berkas ini tidak ada, atau bukan untuk Anda.")}
