"""Template helpers of what was handed in."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.domain.intake.states import State
from ckanext.satudata.domain.roles import GRANTS, Permission
from ckanext.satudata.intake.model import Intake
from ckanext.satudata.shared.actor import actor_of

__all__ = ["satudata_intake_waiting"]

_KEPT = "_satudata_intake_waiting"
#: So many datasets a page names.
_MOST = 50


def satudata_intake_waiting() -> list[dict[str, Any]]:
    """Return the datasets for which something waits that the viewer may take; asked once a request.

    :returns: each ``name``, ``title`` and ``count``, oldest first; those of OPD they produce for
    """
    if not tk.current_user.is_authenticated:
        return []
    if _KEPT not in tk.g:
        mine = {grant.scope for grant in actor_of(tk.current_user.name).grants
                if grant.scope and Permission.ISI in GRANTS[grant.role]}
        setattr(tk.g, _KEPT, _waiting(mine) if mine else [])
    return getattr(tk.g, _KEPT)


def _waiting(organizations: set[str]) -> list[dict[str, Any]]:
    rows = model.Session.execute(
        sa.select(model.Package.name, model.Package.title, sa.func.count().label("waiting"))
        .join(Intake, Intake.package_id == model.Package.id)
        .where(Intake.state == State.MENUNGGU.value, Intake.purged_at.is_(None),
               model.Package.owner_org.in_(sorted(organizations)),
               model.Package.state == "active")
        .group_by(model.Package.id, model.Package.name, model.Package.title)
        .order_by(sa.func.min(Intake.created_at)).limit(_MOST))
    return [{"name": row.name, "title": row.title or row.name, "count": row.waiting}
            for row in rows]
