"""What the desk shows of permissions and of the log: everything, or an OPD its own data's.

The actions ask an OPD to name one dataset; its desk shows all of them together, by the same rule.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.plugins.toolkit import _

from ckanext.satudata.access import downloads as log
from ckanext.satudata.access import present
from ckanext.satudata.access.model import AccessGrant, Download
from ckanext.satudata.access.request_model import AccessRequest
from ckanext.satudata.domain.access import Holder
from ckanext.satudata.domain.requests import Desk
from ckanext.satudata.shared import moment

__all__ = ["csv_address", "datasets", "downloads", "grant", "grants", "with_requests"]

_MOST = 500


def datasets(seen: Desk | None) -> list[dict[str, str]]:
    """Return the public datasets whose files are restricted, by title.

    :param seen: of these OPD only; ``None`` for all
    """
    level = model.Package.extras["access_rights"].astext
    query = sa.select(model.Package.name, model.Package.title).where(
        model.Package.type == "dataset", model.Package.state == "active",
        model.Package.private.is_(False), level.in_(("terbatas", "tertutup")))
    if seen is not None and seen.organizations is not None:
        query = query.where(model.Package.owner_org.in_(sorted(seen.organizations)))
    return [{"name": each.name, "title": each.title or each.name}
            for each in model.Session.execute(
                query.order_by(sa.func.lower(model.Package.title)).limit(_MOST))]


def grants(seen: Desk, past: bool, limit: int, offset: int) -> tuple[int, Sequence[AccessGrant]]:
    """Return how many permissions a desk sees, and one page of them, newest first."""
    query = sa.select(AccessGrant).where(_mine(seen, AccessGrant.package_id))
    if not past:
        query = query.where(AccessGrant.revoked_at.is_(None), AccessGrant.until > moment.now())
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    return count, model.Session.scalars(
        query.order_by(AccessGrant.granted_at.desc(), AccessGrant.id).limit(limit)
        .offset(offset)).all()


def grant(identifier: str, seen: Desk) -> AccessGrant | None:
    """Return one permission, if it is on this desk."""
    return model.Session.scalar(sa.select(AccessGrant).where(
        AccessGrant.id == identifier, _mine(seen, AccessGrant.package_id)))


def downloads(seen: Desk, data: dict[str, Any], limit: int, offset: int) -> dict[str, Any]:
    """Return ``count`` and ``results`` of the log as ``satudata_download_list`` does, of a desk.

    :raises tk.ValidationError: with the filters that are wrong
    """
    wrong: dict[str, list[str]] = {}
    asked = log.read(data, wrong)
    if wrong:
        raise tk.ValidationError(wrong)
    if seen.organizations is not None:
        asked.append(Download.owner_org.in_(sorted(seen.organizations)))
    count, rows = log.select(asked, limit, offset)
    return {"count": count, "results": with_requests(present.downloads(rows), seen)}


def csv_address(seen: Desk, asked: dict[str, str]) -> str:
    """Return where the same lines are as a table; for an OPD once it has named a dataset."""
    if seen.organizations is not None and not asked.get("id"):
        return ""
    return tk.h.url_for("satudata_access.log_as_csv", **asked)


def with_requests(shown: list[dict[str, Any]], seen: Desk) -> list[dict[str, Any]]:
    """Add to permissions and lines of the log the request behind them, and who asked it."""
    by_grant = _requests({each.get("grant_id") or (
        each["id"] if "request_id" in each else None) for each in shown})
    for each in shown:
        row = by_grant.get(each.get("grant_id") or each.get("id"))
        each["request"] = None
        if row is None:
            continue
        each["request"] = {"id": row.id, "number": row.number,
                           "url": tk.h.url_for("satudata_access_requests.show", id=row.id)}
        if each.get("kind") == Holder.PERMOHONAN.value or not each.get("user"):
            each["holder_label"] = row.name or _("Pemohon tanpa akun")
    return shown


def _requests(grant_ids: Iterable[Any]) -> dict[str, AccessRequest]:
    wanted = {str(each) for each in grant_ids if each}
    if not wanted:
        return {}
    return {str(row.grant_id): row for row in model.Session.scalars(
        sa.select(AccessRequest).where(AccessRequest.grant_id.in_(wanted)))}


def _mine(seen: Desk, package_id: Any) -> sa.ColumnElement[bool]:
    if seen.organizations is None:
        return sa.true()
    return package_id.in_(sa.select(model.Package.id).where(
        model.Package.owner_org.in_(sorted(seen.organizations))))
