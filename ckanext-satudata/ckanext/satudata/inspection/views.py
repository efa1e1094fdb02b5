"""Pages of the inspection of a file: what was read, what is asked, what is wrong."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, abort, make_response

from ckanext.satudata.inspection import corrections, page, safe_csv, store
from ckanext.satudata.shared import blobs
from ckanext.satudata.shared.asking import visitor
from ckanext.satudata.shared.attached import attached
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.raw_files import raw_of
from ckanext.satudata.shared.signals import file_opened

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_inspection", __name__)
_LONGEST = {corrections.DROP_ALL: 20_000}
_PATH = "/dataset/<id>/resource/<resource_id>/pemeriksaan"
_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "html": "text/html",
          "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def _found(id: str, resource_id: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return dataset, file and inspection, or answer 404: hidden data is told to nobody."""
    try:
        package = tk.get_action("package_show")(visitor(), {"id": id[:200]})
        resource = next(each for each in package["resources"] if each["id"] == resource_id)
        return package, resource, tk.get_action("satudata_inspection_show")(
            visitor(), {"resource_id": resource_id})
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError, StopIteration):
        return tk.abort(404, tk._("Pemeriksaan ini tidak ada, atau bukan untuk Anda."))


@blueprint.route(_PATH)
def show(id: str, resource_id: str) -> Any:
    """Show what was found in a file."""
    package, resource, shown = _found(id, resource_id)
    is_tidy = raw_of(resource) is not None
    listed = page.notes(shown, str(resource.get("jenis_berkas") or ""), is_tidy)
    recipe = tk.get_action("satudata_recipe_show")(visitor(), {"id": package["id"]})["recipe"]
    submission = _submission(package)
    return _uncached(make_response(tk.render("satudata/inspection/page.html", {
        "pkg": package, "res": resource, "shown": shown, "notes": listed,
        "tables": page.tables(shown, listed), "sheets": page.sheets(shown, listed),
        "headline": page.headline(shown, listed), "skipped": corrections.skipped(recipe),
        "may_correct": _may_correct(package, submission), "submission": submission,
        "droppable": page.may_go(listed),
        "is_tidy": is_tidy, "base": corrections.base(shown),
    })))


def _found_or_gone(
    id: str, resource_id: str
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Return what :func:`_found` does; who still writes the draft is led to what is in it now."""
    try:
        package = tk.get_action("package_show")(visitor(), {"id": id[:200]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return _found(id, resource_id)
    submission = _submission(package)
    if (any(each["id"] == resource_id for each in package["resources"])
            or submission is None or not _may_correct(package, submission)):
        return _found(id, resource_id)
    tk.h.flash_error(tk._(
        "Berkas ini tidak ada lagi di draf: diganti atau dihapus sejak Anda membukanya. Jawaban "
        "Anda tidak terpakai; yang ada sekarang tampil di bawah."))
    return abort(tk.h.redirect_to("satudata_wizard.dataset", id=submission["package_id"]))


def _uncached(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _may_correct(package: dict[str, Any], submission: dict[str, Any] | None) -> bool:
    try:
        tk.check_access("satudata_recipe_update", visitor(), {"id": package["id"]})
    except tk.NotAuthorized:
        return False
    return submission is not None and submission["state"] in ("draf", "dikembalikan")


def _submission(package: dict[str, Any]) -> dict[str, Any] | None:
    try:
        return tk.get_action("satudata_submission_show")(visitor(), {"id": package["id"]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None


@blueprint.route(_PATH, methods=["POST"])
def correct(id: str, resource_id: str) -> Any:
    """Keep answers and switches, and have the file read again.

    Where it was read again since the page was opened, what the person changed is kept all the
    same, and said; only what somebody else answered otherwise meanwhile stays theirs.
    """
    package, _resource, shown = _found_or_gone(id, resource_id)
    sent = {name: value for name, value in tk.request.form.items()
            if len(value) <= _LONGEST.get(name, 300)}
    back = tk.h.redirect_to("satudata_inspection.show", id=id, resource_id=resource_id)
    seen = corrections.read_base(tk.request.form.get("dasar", ""))
    if seen is None and sent.get("terlihat") != str(shown["id"]):
        tk.h.flash_error(tk._("Berkas ini sudah dibaca ulang sejak Anda membukanya. Periksa lagi "
                              "hasilnya, lalu jawab."))
        return back
    try:
        theirs = _keep(package, seen or shown, sent)
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Hanya penyusun data ini yang mengoreksi bacaan berkasnya."))
    except tk.ValidationError as error:
        tk.h.flash_error("; ".join(str(each) for value in error.error_dict.values() for each in (
            value if isinstance(value, list) else [value])))
        return back
    if seen is not None and shown["report"] and (
            corrections.base(shown) != corrections.base(seen)):
        _tell(seen, shown, theirs)
    return _read_again(package, back)


def _keep(package: dict[str, Any], seen: dict[str, Any], sent: dict[str, str]) -> bool:
    """Put what a form says into the corrections; tell whether a part of it stayed somebody else's.

    :raises ValidationError: it is no correction, or the version is not to be written now
    """
    for last in (False, False, True):
        known = tk.get_action("satudata_recipe_show")(visitor(), {"id": package["id"]})
        theirs = corrections.overtaken(known["recipe"], seen, sent)
        mine = {name: value for name, value in sent.items()
                if name not in {corrections.ANSWER.format(table=table, number=at)
                                for table, at in theirs}}
        try:
            tk.get_action("satudata_recipe_update")(visitor(), {
                "id": package["id"], "expected": known["number"],
                "recipe": corrections.corrected(known["recipe"], seen, mine)})
        except tk.ValidationError as error:
            if last or error.error_dict.get("conflict") != "version":
                raise
            continue  # a colleague's answer came between
        return bool(theirs)
    return False


def _tell(seen: dict[str, Any], shown: dict[str, Any], theirs: bool) -> None:
    """Say that the page was of an older reading, and what became of what was chosen on it."""
    now = corrections.layouts(shown)
    if now and not now & corrections.layouts(seen):
        tk.h.flash_error(tk._(
            "Berkas ini diganti sejak Anda membukanya, dan tata letaknya lain. Jawaban Anda tidak "
            "terpakai di berkas baru; jawab pertanyaannya di bawah."))
    elif theirs:
        tk.h.flash_notice(tk._(
            "Rekan Anda baru saja menjawab pertanyaan yang sama dengan jawaban lain. Jawabannya "
            "yang dipakai; ubah di bawah bila keliru. Pilihan Anda yang lain tersimpan."))
    elif shown["report"].get("sha256") != seen["report"]["sha256"]:
        tk.h.flash_notice(tk._(
            "Berkas ini diganti sejak Anda membukanya. Tata letaknya sama, jadi pilihan Anda "
            "tersimpan dan dipakai untuk berkas baru; periksa lagi hasilnya."))
    else:
        tk.h.flash_notice(tk._(
            "Berkas ini dibaca ulang sejak Anda membukanya. Pilihan Anda tersimpan dan dipakai; "
            "periksa lagi hasilnya."))


@blueprint.route(f"{_PATH}/ulang", methods=["POST"])
def again(id: str, resource_id: str) -> Any:
    """Have a file read again that was not, or could not be."""
    package, _resource, _shown = _found(id, resource_id)
    return _read_again(
        package, tk.h.redirect_to("satudata_inspection.show", id=id, resource_id=resource_id))


def _read_again(package: dict[str, Any], back: Any) -> Any:
    try:
        tk.get_action("satudata_inspection_run")(visitor(), {"id": package["id"], "wait": True})
    except tk.ValidationError as error:
        tk.h.flash_error("; ".join(error.error_dict.get("message", [])))
    return back


@blueprint.route(f"{_PATH}/bentuk", methods=["POST"])
def form(id: str, resource_id: str) -> Any:
    """Choose whether the clean tables of a file are published or the file as it came."""
    _package, _resource, _shown = _found(id, resource_id)
    back = resource_id
    try:
        back = tk.get_action("satudata_tidy_update")(visitor(), {
            "resource_id": resource_id,
            "tidy": tk.request.form.get("rapi") == "1"})["resources"][0]
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Hanya penyusun data ini yang memilih bentuk terbitnya."))
    except tk.ValidationError as error:
        tk.h.flash_error("; ".join(str(each) for value in error.error_dict.values() for each in (
            value if isinstance(value, list) else [value])))
    return tk.h.redirect_to("satudata_inspection.show", id=id, resource_id=back)


@blueprint.route(f"{_PATH}/<name>")
def result(id: str, resource_id: str, name: str) -> Any:
    """Give a result file to who may open the file it was made of."""
    package, _resource, shown = _found(id, resource_id)
    try:
        tk.check_access("satudata_file_open", visitor(), {
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
    return attached(pieces, name, _TYPES.get(
        name.rpartition(".")[2], "application/octet-stream"))
