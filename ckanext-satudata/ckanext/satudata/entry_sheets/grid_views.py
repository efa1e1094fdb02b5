"""Page of the small grid."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, jsonify, make_response

from ckanext.satudata.domain.intake import cells, grid
from ckanext.satudata.domain.months import MONTHS
from ckanext.satudata.entry_sheets import handing
from ckanext.satudata.shared.asking import visitor

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_grid", __name__)
_PATH = "/dataset/<id>/petak"
#: Bytes of what a grid saves; its cells are bounded by themselves.
_MOST = 4 * grid.SIZE
_TOLD = ("message", "rows", "copy", "version", "columns", "table", "mode")


def _package(id: str) -> dict[str, Any]:
    """Return the dataset to who may write it, or answer as if there was none."""
    context = visitor()
    try:
        tk.check_access("satudata_grid_show", context, {"id": id[:200]})
        return tk.get_action("package_show")(context, {"id": id[:200]})
    except (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError):
        return tk.abort(404, tk._("Data ini tidak ada, atau bukan Anda penyusunnya."))


@blueprint.route(_PATH)
def show(id: str) -> Any:
    """Show the grid: ``berkas``, ``cara`` and ``draf`` say which."""
    return _page(_package(id), {
        "table": tk.request.args.get("berkas", "")[:200],
        "mode": tk.request.args.get("cara", "")[:20],
        "draft_id": tk.request.args.get("draf", "")[:200]})


def _page(package: dict[str, Any], which: dict[str, str], errors: list[str] | None = None) -> Any:
    try:
        shown = tk.get_action("satudata_grid_show")(
            visitor(), {"id": package["id"], **which})
    except (tk.ObjectNotFound, tk.ValidationError):
        return tk.abort(404, tk._("Isian ini tidak ada lagi: sudah dikirim atau dihapus."))
    answer = make_response(tk.render("satudata/entry_sheets/grid.html", {
        "pkg": package, "grid": shown, "errors": errors or [], "most": grid.ROWS,
        "types": {code: tk._(label) for code, label in cells.TYPES.items()},
        "words": {code: tk._(text) for code, text in cells.MESSAGES.items()}, "months": MONTHS}))
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.route(f"{_PATH}/simpan", methods=["POST"])
def save(id: str) -> Response:
    """Keep the grid as it is written now; answers JSON."""
    if (tk.request.content_length or 0) > _MOST:
        return _said({"message": [tk._("Isi petak ini terlalu besar.")]}, 413)
    sent = tk.request.get_json(silent=True)
    if not isinstance(sent, dict):
        return _said({"message": [tk._("Isian ini tidak dapat dibaca.")]}, 400)
    try:
        made = tk.get_action("satudata_grid_update")(
            visitor(), {**sent, "id": id[:200]})
    except tk.NotAuthorized as error:
        return _said({"message": [str(error)]}, 403)
    except tk.ObjectNotFound as error:
        return _said({"message": [str(error.message or "")], "conflict": "state"}, 409)
    except tk.ValidationError as error:
        return _said(error.error_dict, 409 if "conflict" in error.error_dict else 400)
    return jsonify(made)


def _said(errors: dict[str, Any], status: int) -> Response:
    said = [str(each) for name in _TOLD for each in (
        errors.get(name) if isinstance(errors.get(name), list) else [])]  # type: ignore[union-attr]
    answer = jsonify({"message": " ".join(said), **{
        name: errors[name] for name in ("conflict", "version", "draft_id") if name in errors}})
    answer.status_code = status
    return answer


@blueprint.route(f"{_PATH}/kirim", methods=["POST"])
def submit(id: str) -> Any:
    """Hand in a kept grid."""
    package = _package(id)
    which = {"draft_id": tk.request.form.get("draft_id", "")[:200],
             "version": tk.request.form.get("version", "")[:20]}
    try:
        made = tk.get_action("satudata_grid_submit")(
            visitor(), {"id": package["id"], **which})
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Isian ini tidak ada lagi: sudah dikirim atau dihapus."))
    except tk.ValidationError as error:
        said = [str(each) for name in (*_TOLD, "id", "upload") for each in (
            error.error_dict.get(name) or []) if isinstance(error.error_dict.get(name), list)]
        page = _page(package, {"draft_id": which["draft_id"]}, said or [str(error)])
        page.status_code = 409 if "conflict" in error.error_dict else 400
        return page
    return tk.redirect_to(handing.next_page(made))


@blueprint.route(f"{_PATH}/buang", methods=["POST"])
def discard(id: str) -> Any:
    """Forget a kept grid, to begin anew."""
    package = _package(id)
    try:
        tk.get_action("satudata_grid_discard")(visitor(), {
            "id": package["id"], "draft_id": tk.request.form.get("draft_id", "")[:200],
            "version": tk.request.form.get("version", "")[:20]})
        tk.h.flash_success(tk._("Isian itu dihapus."))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except (tk.ObjectNotFound, tk.ValidationError):
        tk.h.flash_error(tk._("Isian itu sudah berubah atau tidak ada lagi. Lihat isinya dahulu."))
    return tk.redirect_to("satudata_grid.show", id=package["name"])
