"""The full list of what changed in a table, as CSV."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, request

from ckanext.satudata.shared import blobs
from ckanext.satudata.shared.asking import visitor
from ckanext.satudata.shared.signals import file_opened
from ckanext.satudata.versions import diff_files, diff_job, reading
from ckanext.satudata.versions.diff_action import DRAFT, opens_all, restricted_number, sides

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_diff", __name__)


@blueprint.route("/dataset/<id>/versi/<int:old>/banding/<new>/<resource_id>.csv")
def listing(id: str, old: int, new: str, resource_id: str) -> Any:
    """Give every change of a table from one version to another, a line each."""
    context = visitor()
    second = DRAFT if new == DRAFT else int(new) if new.isascii() and new.isdigit() else 0
    try:
        package = reading.dataset_of(context, id[:200])
        tk.check_access("satudata_version_diff", context, {"id": package.id})
        _before, _after, pairs, rows = sides(context, package, old, second)
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return tk.abort(404, tk._("Salah satu versi ini tidak ada, atau sudah ditarik."))
    asked = diff_files.asked(each for each in pairs if each.any.resource_id == resource_id)
    if not asked:
        return tk.abort(404, tk._("Tabel ini tidak dibandingkan."))
    if not opens_all(context, package, resource_id, (old, second)):
        return tk.abort(403, tk._("Berkas data ini dibatasi. Minta akses di halaman dataset."))
    found, = diff_job.compared(asked.values(), user=context["user"] or None).values()
    if found["state"] in ("menunggu", "berjalan"):
        answer = tk.abort(503, tk._("Perbandingan belum selesai. Coba lagi sebentar."))
        return answer
    if not found["list_sha256"]:
        return tk.abort(404, tk._("Tidak ada baris yang berbeda."))
    restricted, name = restricted_number(package, rows), f"{package.name}-{old}-{new}.csv"
    try:
        size, content = blobs.size(found["list_sha256"]), blobs.open(found["list_sha256"])
    except blobs.BlobMissingError:
        return tk.abort(404, tk._("Berkas ini tidak ada lagi di penyimpanan."))
    if request.method == "GET":
        file_opened.send(package.id, resource_id=resource_id, number=restricted or old,
                         sha256=found["list_sha256"], way="versi", rows=None)
    answer = Response(content, content_type="text/csv; charset=utf-8")
    answer.content_length = size
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store" if restricted is not None else "no-cache"
    return answer
