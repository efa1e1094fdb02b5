"""Reading the log of what left of restricted data."""
from __future__ import annotations

import datetime as dt
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata import config
from ckanext.satudata.access import fields
from ckanext.satudata.access.model import Download
from ckanext.satudata.domain import workdays

__all__ = ["read", "select"]


def read(data: dict[str, Any], wrong: dict[str, list[str]]) -> list[Any]:
    """Return the conditions somebody asks for; note what is wrong with them."""
    found: list[Any] = []
    for name, column, kind in (
            ("id", Download.package_id, model.Package), ("user", Download.user_id, model.User),
            ("organization", Download.owner_org, model.Group)):
        written = fields.collect(wrong, name, lambda name=name: fields.text(data, name))
        if written:
            known = kind.get(written)
            found.append(column == (known.id if known is not None else written))
    for name, column in (("right", Download.right), ("grant_id", Download.grant_id)):
        written = fields.collect(wrong, name, lambda name=name: fields.text(data, name))
        if written:
            found.append(column == written)
    since = fields.collect(wrong, "since", lambda: fields.day(data, "since"))
    until = fields.collect(wrong, "until", lambda: fields.day(data, "until"))
    if since is not None:
        found.append(Download.at >= workdays.at(since, dt.time(), config.zona_waktu()))
    if until is not None:
        found.append(Download.at < fields.last_moment(until))
    return found


def select(asked: list[Any], limit: int, offset: int) -> tuple[int, list[Download]]:
    """Return how many lines there are, and one page of them, newest first."""
    count = model.Session.scalar(
        sa.select(sa.func.count()).select_from(Download).where(*asked)) or 0
    rows = model.Session.scalars(
        sa.select(Download).where(*asked).order_by(Download.id.desc()).limit(limit)
        .offset(offset))
    return count, list(rows)
