"""Pages of the inspection of a file: what was read, what is asked, what is wrong."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, make_response

from ckanext.satudata.inspection import corrections, page, safe_csv, store
from ckanext.satudata.shared import blobs
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.signals import file_opened

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_inspection", __name__)
_PATH = "/dataset/<id>/resource/<resource_id>/pemeriksaan"
_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "html": "text/html",
          "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def _context() -> dict[str, Any]:
    user = tk.current_user
    return {"user": user.name if user.is_authenticated else "", "auth_user_obj": user}


def _found(id: str, resource_id: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return dataset, file and inspection, or answer 404: hidden data is told to nobody."""
    try:
        package = tk.get_action("package_show")(_context(), {"id": id[:200]})
        resource = next(each for each in package["resources"] if each["id"] == resource_id)
        return package, resource, tk.get_action("satudata_inspection_show")(
            _context(), {"resource_id": resource_id})
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError, StopIteration):
        return tk.abort(404, tk._("Pemeriksaan ini tidak ada, atau bukan untuk Anda."))


@blueprint.route(_PATH)
def show(id: str, resource_id: str) -> Any:
    """Show what was found in a file."""
    package, resource, shown = _found(id, resource_id)
    listed = page.notes(shown, str(resource.get("jenis_berkas") or ""))
    recipe = tk.get_action("satudata_recipe_show")(_context(), {"id": package["id"]})["recipe"]
    submission = _submission(package)
    return _uncached(make_response(tk.render("satudata/inspection/page.html", {
        "pkg": package, "res": resource, "shown": shown, "notes": listed,
        "tables": page.tables(shown, listed), "sheets": page.sheets(shown, listed),
        "headline": page.headline(shown, listed), "skipped": corrections.skipped(recipe),
        "may_correct": _may_correct(package, submission), "submission": submission,
    })))


def _uncached(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _may_correct(package: dict[str, Any], submission: dict[str, Any] | None) -> bool:
    try:
        tk.check_access("satudata_recipe_update", _context(), {"id": package["id"]})
    except tk.NotAuthorized:
        return False
    return submission is not None and submission["state"] in ("draf", "dikembalikan")


def _submission(package: dict[str, Any]) -> dict[str, Any] | None:
    try:
        return tk.get_action("satudata_submission_show")(_context(), {"id": package["id"]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None


@blueprint.route(_PATH, methods=["POST"])
def correct(id: str, resource_id: str) -> Any:
    """Keep answers and switches, and have the file read again."""
    package, _resource, shown = _found(id, resource_id)
    sent = {name: value for name, value in tk.request.form.items() if len(value) <= 300}
    back = tk.h.redirect_to("satudata_inspection.show", id=id, resource_id=resource_id)
    if sent.get("terlihat") != str(shown["id"]):
        tk.h.flash_error(tk._("Berkas ini sudah dibaca ulang sejak Anda membukanya. Periksa lagi "
                              "hasilnya, lalu jawab."))
        return back
    known = tk.get_action("satudata_recipe_show")(_context(), {"id": package["id"]})
    try:
        tk.get_action("satudata_recipe_update")(_context(), {
            "id": package["id"], "expected": known["number"],
            "recipe": corrections.corrected(known["recipe"], shown, sent)})
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Hanya penyusun data ini yang mengoreksi bacaan berkasnya."))
    except tk.ValidationError as error:
        tk.h.flash_error("; ".join(str(each) for value in error.error_dict.values() for each in (
            value if isinstance(value, list) else [value])))
        return back
    return _read_again(package, back)


@blueprint.route(f"{_PATH}/ulang", methods=["POST"])
def again(id: str, resource_id: str) -> Any:
    """Have a file read again that was not, or could not be."""
    package, _resource, _shown = _found(id, resource_id)
    return _read_again(
        package, tk.h.redirect_to("satudata_inspection.show", id=id, resource_id=resource_id))


def _read_again(package: dict[str, Any], back: Any) -> Any:
    try:
        tk.get_action("satudata_inspection_run")(_context(), {"id": package["id"], "wait": True})
    except tk.ValidationError as error:
        tk.h.flash_error("; ".join(error.error_dict.get("message", [])))
    return back


@blueprint.route(f"{_PATH}/<name>")
def result(id: str, resource_id: str, name: str) -> Any:
    """Give a result file to who may open the file it was made of."""
    package, _resource, shown = _found(id, resource_id)
    try:
        tk.check_access("satudata_file_open", _context(), {
            "id": package["id"], "resource_id": resource_id})
        found = store.by_id(str(shown["id"]))
        sha256 = (found.files if found is not None and not found.stripped_at else {})[name]
        pieces = blobs.open(sha256)
    except (tk.NotAuthorized, KeyError, blobs.BlobMissingError):
        return tk.abort(404, tk._("Berkas hasil ini tidak ada."))
    with unit_of_work():
        file_opened.send(package["id"], resource_id=resource_id, number=None, sha256=sha256,
                         way="unduh", rows=None, user=tk.current_user.name)
    model.Session.remove()  # sending may take long: nobody waits for the connection
    if name.endswith(".csv"):
        pieces = safe_csv.without_formulas(pieces)
    answer = Response(pieces, content_type=_TYPES.get(
        name.rpartition(".")[2], "application/octet-stream"))
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return _uncached(answer)
