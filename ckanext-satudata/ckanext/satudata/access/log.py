"""The log of what left of restricted data: written before the first byte, or none leaves.

Each line is a transaction of its own, on a connection of its own: what the request does to its
session, and whether it ends well, takes nothing out of the log. A reader who was cut off half-way
stands in it too, for what was sent was read.
"""
from __future__ import annotations

import logging
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from flask import g, has_request_context

from ckanext.satudata.access import opening
from ckanext.satudata.access.model import Download
from ckanext.satudata.domain.access import Basis, Right
from ckanext.satudata.shared import moment
from ckanext.satudata.shared.actor import actor_of
from ckanext.satudata.shared.signals import file_opened

__all__ = ["NotRecordedError", "on_file_opened"]

log = logging.getLogger(__name__)


class NotRecordedError(Exception):
    """The log could not be written, so nothing may leave."""


@file_opened.connect
def on_file_opened(
    package_id: str, *, resource_id: str | None = None, number: int | None = None,
    sha256: str | None = None, way: str = "unduh", rows: int | None = None,
    size: int | None = None, user: str | None = None, grant: str | None = None, **_more: Any,
) -> None:
    """Write down who opens a restricted file, by what right; of open data nothing is kept.

    :param size: bytes, where they are known
    :param user: name or id of who acts; without one, who sent the request, and where there is
        none (a command on the server) the portal itself
    :param grant: id of the permission that somebody without an account holds
    :raises NotRecordedError: it could not be written
    """
    package = model.Session.get(model.Package, package_id)
    if package is None or (rows == 0 and way == "tabel"):
        return
    level = opening.level(package, number)
    if not level.restricted or (way == "tabel" and not opening.is_public(package)):
        return
    actor = actor_of(user or _current())
    right = Right(Basis.IZIN, permit=grant) if grant else opening.right_of(
        actor, package, number, resource_id or "") or Right(
            # Their draft shows the rows of what is public, or code of the portal reads for them.
            Basis.DRAF if actor.id else Basis.SERVER)
    line = {
        "at": moment.now(), "package_id": package.id, "resource_id": resource_id,
        "owner_org": package.owner_org or "", "number": number, "sha256": sha256, "way": way,
        "size": size, "rows": rows, "level": level.value, "user_id": actor.id or None,
        "right": right.basis.value, "role": right.role.value if right.role else None,
        "grant_id": right.permit,
    }
    try:
        with model.ensure_engine().begin() as connection:
            connection.execute(sa.insert(Download).values(line))
    except sa.exc.SQLAlchemyError as error:
        log.exception("A download of restricted data (%s) is refused: no log", package_id)
        if has_request_context():
            g.satudata_not_recorded = True
        raise NotRecordedError(package_id) from error


def _current() -> str | None:
    if not has_request_context():
        return None
    user = tk.current_user
    return user.name if user.is_authenticated else None
