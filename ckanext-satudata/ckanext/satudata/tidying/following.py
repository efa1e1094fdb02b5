"""Clean tables follow the reading of their raw file: an errand in the commit of each reading."""
from __future__ import annotations

import uuid
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ckanext.satudata.shared import left_out, outbox
from ckanext.satudata.shared.doors import draft_followed
from ckanext.satudata.shared.raw_files import CLEAN, raw_of
from ckanext.satudata.shared.signals import inspected
from ckanext.satudata.tidying import making, store

__all__ = ["follow", "on_inspected", "public_of"]

_SUBMISSION = sa.table("satudata_submission", *(sa.column(each) for each in (
    "package_id", "content_id", "number", "created")))


@inspected.connect
def on_inspected(content_id: str, resource_id: str, sha256: str, **_more: Any) -> None:
    """Ask for the clean tables of a raw file that was read, or read again."""
    resource = model.Session.get(model.Resource, resource_id)
    raw = raw_of(resource.extras) if resource is not None else None
    if raw is not None and raw.sha256 == sha256:
        outbox.put(CLEAN, f"{CLEAN}:{resource_id}:{uuid.uuid4().hex}", {
            "content_id": content_id, "sha256": sha256})


@outbox.handles(CLEAN, together=True)
def follow(payload: dict[str, Any]) -> None:
    """Bring the files of a draft in line with how their raw file is read now."""
    content_id, sha256 = str(payload["content_id"]), str(payload["sha256"])
    public = public_of(content_id)
    if public is None:
        return
    with draft_followed(public, content_id) as context:
        if context is None:
            return
        draft = making.Draft(making.shown(content_id), making.published(public, content_id))
        own = draft.of(sha256)
        raw = raw_of(own[0]) if own else None
        read = store.newest([each["id"] for each in own], sha256) if own else None
        if raw is None or read is None:  # taken out since, or read again just now
            return
        package = model.Session.get(model.Package, content_id)
        making.put_in(draft, (sha256, raw.name), read,
                      left_out=left_out.of_package(package).get(sha256, ()))
        draft.write(context)


def public_of(content_id: str) -> str | None:
    """Return the id by which the public knows what a package holds a version of."""
    return model.Session.scalar(
        sa.select(_SUBMISSION.c.package_id).where(_SUBMISSION.c.content_id == content_id)
        .order_by(_SUBMISSION.c.number.desc(), _SUBMISSION.c.created.desc()).limit(1))
