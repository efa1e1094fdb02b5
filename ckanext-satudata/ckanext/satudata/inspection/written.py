"""Has files inspected as soon as a commit brought other bytes, or other words about them."""
from __future__ import annotations

import hashlib
import json
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ckanext.satudata.inspection import job
from ckanext.satudata.inspection.family import content_of
from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.raw_files import FIELDS

__all__ = ["KIND", "begin", "written"]

KIND = "periksa"
#: Of a dataset, what checks ask for.
_FACTS = ("kode_wilayah", "tingkat_penyajian", "temporal_coverage", "satuan", "data_induk",
          "kunci_induk", "nama_induk")


def written(package_id: str) -> None:
    """Note in the running commit that a dataset was written, if it has files of ours.

    The same bytes and words again are the same message, so that ten writes ask for nothing.
    """
    package = model.Session.get(model.Package, package_id)
    if package is None or not package.private:  # what is public was inspected on its way there
        return
    files = sorted(
        [each.id, sha256, *((each.extras or {}).get(name) or ""
                            for name in ("skema", "jenis_berkas", *FIELDS))]
        for each in model.Session.scalars(sa.select(model.Resource).where(
            model.Resource.package_id == package_id,
            model.Resource.state == model.State.ACTIVE))
        if (sha256 := (each.extras or {}).get("sha256")) and each.url_type == "upload")
    if files:
        facts = [package.title, *((package.extras or {}).get(name) for name in _FACTS)]
        digest = hashlib.sha256(
            json.dumps([files, facts], default=str).encode()).hexdigest()[:32]
        outbox.put(KIND, f"{KIND}:{package_id}:{digest}", {"package_id": package_id})


@outbox.handles(KIND)
def begin(payload: dict[str, Any]) -> None:
    """Ask for the inspections a draft needs; a worker makes them."""
    try:
        content = content_of(str(payload["package_id"]))
        if content.is_open:
            job.ask(content)
    except tk.ObjectNotFound:  # purged since
        return
