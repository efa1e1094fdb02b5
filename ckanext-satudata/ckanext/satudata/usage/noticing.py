"""Where use is noticed: pages that were looked at, files and rows that left.

Every way a file leaves tells :data:`ckanext.satudata.shared.signals.file_opened`; whether it counts
is seen once the answer is whole. Nothing here can break an answer.
"""
from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from flask import Blueprint, Response, g, has_request_context

from ckanext.satudata import config
from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.roles import Actor, Permission, Subject, may
from ckanext.satudata.domain.usage import HEADERS, Asked, Channel, Key, Measure, What, judge
from ckanext.satudata.shared import moment
from ckanext.satudata.shared.actor import actor_of
from ckanext.satudata.shared.computers import computer
from ckanext.satudata.shared.signals import file_opened
from ckanext.satudata.usage import buffer

__all__ = ["blueprint", "noticed", "on_file_opened"]

log = logging.getLogger(__name__)

blueprint = Blueprint("satudata_usage_noticing", __name__)

#: Pages of a dataset; the last answers RDF, too.
_PAGES = frozenset({"dataset.read", "kegiatan.read", "indikator.read", "dcat.read_dataset"})
#: Who gives files to the public; templates, results of inspections and what was handed in come
#: from others.
_GIVERS = frozenset({"satudata_access", "satudata_access_requests", "satudata_formats",
                     "satudata_versions"})
_TABLES = frozenset({"satudata_tables.dump", "datastore.dump"})
_WAYS = {"unduh": What.BERKAS, "versi": What.BERKAS, "arsip": What.BERKAS, "tautan": What.TAUTAN,
         "tabel": What.TABEL}
#: Files one request can take: a query of many tables.
_MOST = 20
#: Whoever may do one of these works on the data.
_WORK = (Permission.ISI, Permission.ISI_ATAS_NAMA, Permission.PERIKSA, Permission.TANDA_TANGAN)

#: Of another room, of which only this is asked: which version is public. By its unique index, and
#: written out: building it would take longer than answering it.
_VERSION = sa.text("SELECT number FROM satudata_version WHERE package_id = :id "
                   "AND ended_at IS NULL AND withdrawn_at IS NULL")


@dataclass(frozen=True)
class _Used:
    """What left with a request, or was looked at.

    :ivar resource: id of a file; empty for the page of a dataset
    :ivar number: of an earlier version, else ``None``
    :ivar owner: id of the organization
    """

    package: str
    owner: str
    resource: str
    number: int | None
    what: What


@file_opened.connect
def on_file_opened(
    package_id: str, *, resource_id: str | None = None, number: int | None = None,
    way: str = "", rows: int | None = None, **_more: Any,
) -> None:
    """Keep in mind for the end of the request what leaves with it."""
    if not has_request_context() or not resource_id or way not in _WAYS or rows == 0:
        return
    what = _WAYS[way]
    if what is not What.TABEL:
        if tk.request.blueprint not in _GIVERS:
            return
    elif tk.request.endpoint in _TABLES:
        what = What.BERKAS  # a whole table is a file; where it comes in pieces, once
    elif not tk.request.path.startswith("/api/"):
        return  # a page that shows rows
    # In the session still, for the right was just asked; in the end it is read anew.
    found = _used(model.Session.get(model.Package, package_id), resource_id, number, what)
    noted: list[_Used] = g.setdefault("satudata_used", [])
    if found is not None and len(noted) < _MOST and found not in noted:
        noted.append(found)


def _used(package: Any, resource: str, number: int | None, what: What) -> _Used | None:
    """Return what is used of a public dataset; a file of a draft is no data yet."""
    if package is None or package.private or package.state != model.State.ACTIVE:
        return None
    return _Used(package.id, package.owner_org or "", resource, number, what)


@blueprint.after_app_request
def noticed(response: Response) -> Response:
    """Count what this request used."""
    try:
        _count(response)
    except sa.exc.SQLAlchemyError:
        log.warning("Use is not counted", exc_info=True)
    return response


def _count(response: Response) -> None:
    page = _page(response)
    for used in [page] if page else g.get("satudata_used", []):
        channel = judge(_asked(used.what, response))
        if not isinstance(channel, Channel):
            continue
        user = tk.current_user
        if user.is_authenticated and _works_on(actor_of(user.name), used.owner):
            continue
        number = used.number
        if number is None:
            number = model.Session.scalar(_VERSION, {"id": used.package}) or 0
        buffer.count(
            Key(workdays.local(moment.now(), config.zona_waktu()).date(), used.package,
                used.resource, number, Measure.UNDUHAN if used.resource else Measure.DILIHAT,
                channel),
            "\n".join((computer(), tk.request.headers.get("User-Agent", ""),
                       user.id if user.is_authenticated else "")))


def _page(response: Response) -> _Used | None:
    if tk.request.endpoint not in _PAGES or response.mimetype != "text/html":
        return None
    return _used(g.get("pkg"), "", 0, What.HALAMAN)


def _asked(what: What, response: Response) -> Asked:
    headers = tk.request.headers
    return Asked(
        what, tk.request.method, response.status_code, headers.get("User-Agent", ""),
        {each: headers[each] for each in HEADERS if each in headers},
        response.headers.get("Content-Range", ""))


def _works_on(actor: Actor, owner: str) -> bool:
    return any(may(actor, each, Subject(owner)) for each in _WORK)
