"""Begins comparing as soon as a working copy has other bytes, so that it is done at ``ajukan``."""
from __future__ import annotations

import hashlib
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.shared import outbox
from ckanext.satudata.versions import diff, diff_files, diff_job

__all__ = ["KIND", "begin", "written"]

KIND = "banding"


def written(package_id: str) -> None:
    """Note in the running commit that a dataset was written; only of a working copy is it one.

    The same bytes again are the same message, so that ten writes of words ask for nothing.
    """
    files = [each.extras or {} for each in model.Session.scalars(
        sa.select(model.Resource).where(model.Resource.package_id == package_id,
                                        model.Resource.state == model.State.ACTIVE))]
    moved = sorted(f"{each['asal_resource_id']}:{each['sha256']}" for each in files
                   if each.get("asal_resource_id") and each.get("sha256"))
    if moved:
        digest = hashlib.sha256(" ".join(moved).encode()).hexdigest()[:32]
        outbox.put(KIND, f"{KIND}:{package_id}:{digest}", {"draft": package_id})


@outbox.handles(KIND)
def begin(payload: dict[str, Any]) -> None:
    """Ask for the comparisons that a working copy needs; a worker makes them."""
    found = diff.draft_of(str(payload["draft"]))
    before = diff.last_version(found.package_id) if found is not None else None
    if found is None or before is None:
        return
    try:
        shown = tk.get_action("package_show")(
            {"ignore_auth": True, "use_cache": False}, {"id": found.content_id})
    except tk.ObjectNotFound:  # purged since
        return
    # Rows that somebody writes are compared when they are asked for: each write would be one.
    shown["resources"] = [each for each in shown.get("resources", []) if each.get("sha256")]
    diff_job.compared(
        diff_files.asked(diff.pairs_with_draft(before, shown, {})).values(), wait=0)

