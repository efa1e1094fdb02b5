"""Other datasets that hold the same bytes: they leak too, and keep them from being deleted."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.satudata.domain.workflow import OPEN
from ckanext.satudata.purging.family import FILES, SUBMISSIONS, VERSIONS

__all__ = ["Holder", "holders", "named"]

#: CKAN keeps what a resource has beside its columns as text.
_SHA256 = sa.cast(sa.func.nullif(sa.type_coerce(model.Resource.extras, sa.Text), ""), JSONB)[
    "sha256"].astext
#: How many are named on a page; more are counted.
_NAMED = 50


@dataclass
class Holder:
    """A dataset that refers to some bytes.

    :ivar id: of the dataset everybody knows, where a working copy holds them
    """

    id: str
    hashes: set[str] = field(default_factory=set[str])
    current: bool = False
    numbers: set[int] = field(default_factory=set[int])


def holders(
    hashes: Collection[str], without: Collection[str], letters: Collection[str] = ()
) -> list[Holder]:
    """Return the datasets that hold some bytes now, or in a version that is kept.

    :param without: ids of packages that do not count: the one that is deleted
    :param letters: hashes of scans of letters, which are held where they were handed in
    """
    if not hashes and not letters:
        return []
    found: dict[str, Holder] = {}
    of = sa.func.coalesce(SUBMISSIONS.c.package_id, model.Package.id)
    now = (
        sa.select(of.label("id"), _SHA256.label("sha256"))
        .join(model.Package, model.Package.id == model.Resource.package_id)
        .outerjoin(SUBMISSIONS, SUBMISSIONS.c.content_id == model.Package.id)
        .where(_SHA256.in_(hashes), model.Resource.state == "active",
               model.Package.state != "deleted", model.Package.id.not_in(without)))
    for row in model.Session.execute(now):
        holder = found.setdefault(row.id, Holder(row.id))
        holder.current = True
        holder.hashes.add(row.sha256)
    kept = (
        sa.select(VERSIONS.c.package_id, VERSIONS.c.number, FILES.c.sha256, FILES.c.table_sha256)
        .join(FILES, FILES.c.submission_id == VERSIONS.c.submission_id)
        .where(sa.or_(FILES.c.sha256.in_(hashes), FILES.c.table_sha256.in_(hashes)),
               VERSIONS.c.package_id.not_in(without)))
    held = sa.func.jsonb_each_text(SUBMISSIONS.c.snapshots).table_valued("key", "value")
    handed_in = (
        sa.select(SUBMISSIONS.c.package_id, held.c.value)
        .where(held.c.value.in_(hashes), SUBMISSIONS.c.published_at.is_(None),
               SUBMISSIONS.c.state.in_([each.value for each in OPEN]),
               SUBMISSIONS.c.package_id.not_in(without)))
    for row in model.Session.execute(handed_in):
        found.setdefault(row.package_id, Holder(row.package_id)).hashes.add(row.value)
    for row in model.Session.execute(kept):
        holder = found.setdefault(row.package_id, Holder(row.package_id))
        holder.numbers.add(row.number)
        holder.hashes |= {row.sha256, row.table_sha256} & set(hashes)
    scan = SUBMISSIONS.c.letter["berkas"]["sha256"].astext
    for row in model.Session.execute(
            sa.select(SUBMISSIONS.c.package_id, scan.label("sha256")).where(
                scan.in_(letters), SUBMISSIONS.c.package_id.not_in(without))):
        holder = found.setdefault(row.package_id, Holder(row.package_id))
        holder.current = True
        holder.hashes.add(row.sha256)
    return [found[key] for key in sorted(found)]


def named(found: Collection[Holder], context: Any) -> dict[str, Any]:
    """Tell of datasets to somebody: those they may read by title, of the others how many."""
    shown: list[dict[str, Any]] = []
    for each in list(found)[:_NAMED]:
        try:
            package = tk.get_action("package_show")(
                {key: context[key] for key in ("user", "auth_user_obj") if key in context},
                {"id": each.id})
        except (tk.NotAuthorized, tk.ObjectNotFound):
            continue
        shown.append({
            "id": each.id, "title": package.get("title") or package["name"],
            "organization": (package.get("organization") or {}).get("title") or "",
            "url": tk.h.url_for(f"{package['type']}.read", id=package["name"]),
            "public": not package.get("private") and package.get("state") == "active",
            "current": each.current, "numbers": sorted(each.numbers),
            "hashes": sorted(each.hashes)})
    return {"results": shown, "hidden": len(found) - len(shown)}
