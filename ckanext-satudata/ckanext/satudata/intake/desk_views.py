"""``/dataset/<id>/setoran``: what was handed in for a dataset, and what is to become of it."""
from __future__ import annotations

import re
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from flask import Blueprint, Response, make_response

from ckanext.satudata.domain.intake.answers import answered
from ckanext.satudata.domain.intake.states import STATE_LABELS, State
from ckanext.satudata.intake import store
from ckanext.satudata.intake.present import name_of
from ckanext.satudata.shared.asking import ask_to_log_in, visitor

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_intake_desk", __name__)
blueprint.before_request(ask_to_log_in)
_PER_PAGE = 20
_LIST, _ONE = "/dataset/<id>/setoran", "/dataset/<id>/setoran/<uuid:setoran>"


def _gone() -> Any:
    return tk.abort(404, _("Halaman ini tidak ada, atau bukan untuk Anda."))


def _dataset(id: str) -> dict[str, Any]:
    """Return the dataset as the page names it; what is not theirs is not there."""
    try:
        package = tk.get_action("package_show")(visitor(), {"id": id[:200]})
        tk.check_access("satudata_intake_list", visitor(), {"id": package["id"]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return _gone()
    return package


def _setoran(package: dict[str, Any], setoran: Any) -> dict[str, Any]:
    """Return a setoran of this dataset, or of the one whose working copy this is."""
    try:
        shown = tk.get_action("satudata_intake_show")(visitor(), {"id": str(setoran)})
        listed = tk.get_action("satudata_intake_list")(
            visitor(), {"id": package["id"], "limit": 1})["results"]
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return _gone()
    mine = {package["id"], *(each["package_id"] for each in listed)}
    return shown if shown["package_id"] in mine else _gone()


def _decides(shown: dict[str, Any]) -> bool:
    try:
        tk.check_access("satudata_intake_accept", visitor(), {"id": shown["id"]})
    except tk.NotAuthorized:
        return False
    return True


# --------------------------------------------------------------------------------------- the list
@blueprint.route(_LIST)
def index(id: str) -> Response:
    """List what came, what waits first."""
    package = _dataset(id)
    args = tk.request.args
    link, state = args.get("tautan", "")[:200], args.get("keadaan", "")
    if state not in {*(each.value for each in State), "semua"}:
        state = "semua" if link else State.MENUNGGU.value
    written = args.get("halaman", "")
    number = max(int(written), 1) if re.fullmatch("[0-9]{1,4}", written) else 1
    try:
        found = tk.get_action("satudata_intake_list")(visitor(), {
            "id": package["id"], "link_id": link, "state": "" if state == "semua" else state,
            "limit": _PER_PAGE, "offset": (number - 1) * _PER_PAGE})
    except tk.ValidationError:
        return _gone()
    return _page("satudata/setoran/index.html", {
        "pkg": package, "found": found, "state": state, "link": link, "number": number,
        "last": max(-(-found["count"] // _PER_PAGE), 1),
        "labels": {each.value: _(label) for each, label in STATE_LABELS.items()},
        "decides": bool(found["results"]) and _decides(found["results"][0]),
        "thrown": _thrown(args.get("dibuang", ""))})


def _thrown(identifier: str) -> dict[str, str] | None:
    """Return what was thrown away just now, to take that back; only what is the viewer's."""
    try:
        shown = tk.get_action("satudata_intake_show")(visitor(), {"id": identifier[:200]})
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return None
    return {"id": shown["id"], "filename": shown["filename"]} if (
        shown["state"] == State.DIBUANG.value and not shown["purged_at"]) else None


# ---------------------------------------------------------------------------------------- one of it
@blueprint.route(_ONE)
def show(id: str, setoran: Any) -> Response:
    """Show one setoran: who sent it, what was found in it, and the decision."""
    package = _dataset(id)
    shown = _setoran(package, setoran)
    if (shown["inspection"] or {}).get("state") in (None, "gagal") and shown["inspection"]:
        tk.get_action("satudata_inspection_run")(
            {"ignore_auth": True}, {"resource_id": name_of(shown["id"])})
        shown = _setoran(package, setoran)
    return _one(package, shown, 200)


def _one(
    package: dict[str, Any], shown: dict[str, Any], status: int, problem: str = "", note: str = ""
) -> Response:
    return _page("satudata/setoran/show.html", {
        "pkg": package, "one": shown, "decides": _decides(shown), "problem": problem,
        "note": note}, status)


@blueprint.route(f"{_ONE}/jawab", methods=["POST"])
def answer(id: str, setoran: Any) -> Any:
    """Take answers to what is asked of a file that waits."""
    package = _dataset(id)
    shown = _setoran(package, setoran)
    found, form = shown["inspection"] or {}, tk.request.form
    if form.get("terlihat") != str(found.get("id")):
        return _one(package, shown, 409, _(
            "Berkas ini sudah dibaca ulang sejak Anda membukanya. Periksa lagi hasilnya, lalu "
            "jawab."))
    recipe = answered(store.find(shown["id"]).recipe or {}, found.get("report") or {}, form)
    if recipe is not None:
        try:
            tk.get_action("satudata_intake_correct")(
                visitor(), {"id": shown["id"], "recipe": recipe})
            tk.get_action("satudata_inspection_run")(visitor(), {
                "resource_id": name_of(shown["id"]), "wait": True})
        except tk.NotAuthorized:
            return _gone()
        except tk.ValidationError as error:
            return _one(package, _setoran(package, setoran), 409, _words(error))
    return tk.h.redirect_to("satudata_intake_desk.show", id=package["name"], setoran=shown["id"])


@blueprint.route(f"{_ONE}/<step>", methods=["POST"])
def decide(id: str, setoran: Any, step: str) -> Any:
    """Take a setoran into the draft, throw it away, or bring it back."""
    package = _dataset(id)
    action = {"terima": "accept", "buang": "discard", "urungkan": "restore"}.get(step)
    if action is None:
        return _gone()
    shown = _setoran(package, setoran)
    note = tk.request.form.get("note", "")
    try:
        done = tk.get_action(f"satudata_intake_{action}")(
            visitor(), {"id": shown["id"], **({"note": note} if action == "discard" else {})})
    except tk.NotAuthorized:
        return _gone()
    except tk.ValidationError as error:
        return _one(package, _setoran(package, setoran), 409, _words(error), note)
    if action == "discard":
        return tk.h.redirect_to(
            "satudata_intake_desk.index", id=package["name"], dibuang=shown["id"])
    if action == "restore":
        tk.h.flash_success(_("“{name}” menunggu diterima lagi.").format(
            name=done["filename"]), allow_html=False)
        return tk.h.redirect_to("satudata_intake_desk.index", id=package["name"])
    tk.h.flash_success(_("“{name}” diterima dan masuk ke draf.").format(
        name=done["filename"]), allow_html=False)
    if done["resources"]:
        return tk.h.redirect_to("satudata_inspection.show", id=done["content_id"],
                                resource_id=done["resources"][0])
    return tk.h.redirect_to("satudata_intake_desk.index", id=package["name"])


def _words(error: tk.ValidationError) -> str:
    return " ".join(str(text) for texts in error.error_dict.values() if isinstance(texts, list)
                    for text in texts)


def _page(template: str, values: dict[str, Any], status: int = 200) -> Response:
    page = make_response(tk.render(template, values))
    page.status_code = status
    page.headers["Cache-Control"] = "private, no-store"
    return page
