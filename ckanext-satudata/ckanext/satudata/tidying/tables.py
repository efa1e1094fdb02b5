"""The tables of clean files in the datastore, with the right types, in drafts too.

CKAN's database and the datastore do not commit together: what a file's table should be is an errand
in the commit that gave the file its bytes, and is worked out anew whenever it is done.
"""
from __future__ import annotations

import json
import logging
import tempfile
import uuid
from pathlib import Path
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import psycopg2
import sqlalchemy as sa

from ckanext.satudata.domain.loading.columns import datastore_ids
from ckanext.satudata.domain.tidying.describing import columns_of
from ckanext.satudata.shared import blobs, datastore, outbox, table_rows
from ckanext.satudata.shared.doors import draft_followed
from ckanext.satudata.shared.filling import Content, Filling
from ckanext.satudata.shared.raw_files import TABLE, raw_of
from ckanext.satudata.tidying.following import public_of

__all__ = ["BACKOFF", "fill"]

log = logging.getLogger(__name__)

#: Seconds until the next try: a datastore that comes back is not waited for long.
BACKOFF = (2, 5, 15, 60, 300)


@outbox.handles(TABLE, together=True, backoff=BACKOFF)
def fill(payload: dict[str, Any]) -> None:
    """Give a file of a draft the table that it should have: its rows, or none.

    :raises GiveUpError: the rows fit no table
    """
    content_id, resource_id = str(payload["content_id"]), str(payload["resource_id"])
    public = public_of(content_id)
    if public is None:
        return
    sha256 = _wanted(content_id, resource_id)
    with tempfile.TemporaryDirectory(prefix="satudata-tabel-") as folder, Filling() as filling:
        filled = bool(sha256) and _digest(resource_id, sha256) == sha256
        if not filled:
            try:
                _prepare(filling, resource_id, sha256, Path(folder))
            except (psycopg2.DataError, psycopg2.ProgrammingError, sa.exc.DataError,
                    sa.exc.ProgrammingError) as error:
                raise outbox.GiveUpError(
                    f"No table for the file {resource_id}: {error}") from error
        with draft_followed(public, content_id) as context:
            model.Session.expire_all()
            if context is None or _wanted(content_id, resource_id) != sha256:
                return  # decided on, or another errand follows
            _note(resource_id, bool(sha256))
            if sha256:
                _show(context, content_id, resource_id)
            if not filled:
                filling.commit()


def _wanted(content_id: str, resource_id: str) -> str:
    """Return the hash of the clean file whose rows the table should hold, empty for none."""
    resource = model.Session.get(model.Resource, resource_id)
    if resource is None or resource.state != model.State.ACTIVE or (
            resource.package_id != content_id):
        return ""
    raw, sha256 = raw_of(resource.extras), str((resource.extras or {}).get("sha256") or "")
    return sha256 if raw is not None and not raw.waits else ""


def _digest(resource_id: str, sha256: str) -> str | None:
    """Return the hash of the rows that are there, as a file."""
    return table_rows.digests({"resources": [{"id": resource_id, "sha256": sha256}]}).get(
        table_rows.beside(resource_id))


def _prepare(filling: Filling, resource_id: str, sha256: str, folder: Path) -> None:
    """Fill the table, or drop it, up to the commit."""
    context = {"ignore_auth": True, "user": ""}
    if not sha256:
        if datastore.existing([resource_id]):
            filling.remove(context, resource_id)
        return
    path = folder / "tabel.csv"
    blobs.fetch(sha256, path)
    resource = model.Session.get(model.Resource, resource_id)
    assert resource is not None
    columns = columns_of(json.loads(resource.extras.get("skema") or "{}"))
    names = datastore_ids([each["name"] for each in columns])
    with path.open("rb") as stream:
        rows = sum(piece.count(b"\n") for piece in iter(lambda: stream.read(1024 * 1024), b""))
    filling.fill(
        context, resource_id,
        [{"id": name, "type": each["type"], "info": each["info"]}
         for name, each in zip(names, columns, strict=True)],
        path, Content(sha256, max(rows - 1, 0)), header=True)


def _note(resource_id: str, has_table: bool) -> None:
    """Let a file say whether it has a table; what CKAN keeps beside it stays."""
    resource = model.Session.get(model.Resource, resource_id)
    if resource is None or bool((resource.extras or {}).get("datastore_active")) == has_table:
        return
    resource.extras = {**(resource.extras or {}), "datastore_active": has_table}
    model.Session.flush()
    outbox.put("indeks", f"indeks:{TABLE}:{resource_id}:{uuid.uuid4().hex}", {
        "packages": [resource.package_id]})


def _show(context: dict[str, Any], content_id: str, resource_id: str) -> None:
    """Give a table its view: CKAN makes one only where its own loaders filled the table."""
    if model.Session.scalar(sa.select(sa.exists().where(
            model.ResourceView.resource_id == resource_id))):
        return
    shown = tk.get_action("package_show")(
        {"ignore_auth": True, "use_cache": False}, {"id": content_id})
    resource = next(each for each in shown["resources"] if each["id"] == resource_id)
    tk.get_action("resource_create_default_resource_views")(
        context, {"resource": resource, "package": shown, "create_datastore_views": True})
