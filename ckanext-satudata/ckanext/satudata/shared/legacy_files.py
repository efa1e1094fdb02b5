"""Files stored before this extension, under the id of their resource: taken in by their hash.

Only what lies under its hash can be kept for an earlier version while the resource gets other
bytes, and be shared with a working copy. Readers notice nothing: the old file goes a while after
the commit that says where the new one is.
"""
from __future__ import annotations

import datetime as dt
import os
import uuid
from contextlib import closing, suppress
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.lib import files

from ckanext.satudata.shared import blobs, outbox

__all__ = ["take_in"]

#: A reader who was told the old place a moment ago still finds it there.
_STAYS = dt.timedelta(minutes=1)


def take_in(package_id: str) -> list[str]:
    """Put the files of a dataset under their hashes, in the running transaction.

    Repeatable; what lies under its hash already is not read.

    :returns: names of files whose bytes are nowhere: they stay as they are
    :raises ValidationError: the storage is full, away or closed to us, in words
    """
    missing, taken = [], False
    for resource in model.Session.scalars(
            sa.select(model.Resource).where(
                model.Resource.package_id == package_id, model.Resource.state == "active",
                model.Resource.url_type == "upload").order_by(model.Resource.position)):
        if (resource.extras or {}).get("sha256"):
            continue
        if _take_in(resource):
            taken = True
        else:
            missing.append(resource.name or resource.url or resource.id)
    if taken:
        model.Session.flush()
        outbox.put("indeks", f"indeks:berkas:{uuid.uuid4()}", {"packages": [package_id]})
    return missing


def _take_in(resource: Any) -> bool:
    storage, place = blobs.storage(), _old_place(resource.id)
    try:
        size = storage.size(place)
        stream = storage.stream(files.FileData(place))
    except files.exc.LocationError:
        return False
    with closing(stream):
        sha256 = blobs.digest(stream)
        blobs.put(sha256, files.Upload(
            stream, resource.id, size, resource.mimetype or "application/octet-stream"))
    # CKAN notices a change of these only by another dict in their place.
    resource.extras = {**(resource.extras or {}), "sha256": sha256, "hash_algorithm": "sha256"}
    resource.hash = sha256
    resource.size = resource.size or size
    outbox.put("berkas_lama", f"berkas_lama:{resource.id}:{sha256}",
               {"resource_id": resource.id, "sha256": sha256},
               not_before=dt.datetime.now(dt.timezone.utc) + _STAYS)
    return True


def _old_place(resource_id: str) -> files.Location:
    """Return where CKAN keeps a file by its resource's id."""
    return files.Location(os.path.join(resource_id[:3], resource_id[3:6], resource_id[6:]))


@outbox.handles("berkas_lama")
def _remove_old(payload: dict[str, Any]) -> None:
    """Remove a file that lies under its hash now, once it really does."""
    storage, place = blobs.storage(), _old_place(payload["resource_id"])
    with suppress(files.exc.MissingFileError):
        if storage.size(place) == blobs.size(payload["sha256"]):
            storage.remove(files.FileData(place))
