"""Pages that follow the red button: why, what is personal data, its deletion, the way back."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, make_response

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.purging import present
from ckanext.satudata.shared.asking import ask_to_log_in, visitor

__all__ = ["get_blueprint"]

_MAX_TYPED = 20_000


def _show(identifier: str) -> dict[str, Any]:
    """Return what followed, or answer 404: whether there is something is not told to strangers."""
    try:
        return tk.get_action("satudata_purge_show")(visitor(), {"id": identifier[:200]})
    except (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError):
        return tk.abort(404, tk._("Penarikan darurat ini tidak ada, atau bukan wewenang Anda."))


def after(id: str) -> Any:
    """Show what happened and ask what nobody has answered yet."""
    return _page(_show(id))


def _page(
    shown: Mapping[str, Any], errors: Mapping[str, Any] | None = None,
    typed: Mapping[str, Any] | None = None, status: int = 200,
) -> Any:
    return make_response(tk.render("satudata/darurat/after.html", {
        "purge": shown, "groups": present.groups(shown, (typed or {}).get("bagian")),
        "report": present.report(shown), "errors": errors or {}, "typed": typed or {},
        "tasks_url": tk.h.url_for("satudata_workflow.tasks"),
    }), status)


def explain(id: str) -> Any:
    """Take the answer."""
    posted = tk.request.form
    typed = {"note": str(posted.get("note") or "").replace("\x00", "")[:_MAX_TYPED],
             "personal": str(posted.get("personal") or ""),
             "bagian": [each.replace("\x00", "")[:200] for each in posted.getlist("bagian")][:2000]}
    shown = _show(id)
    missing = {}
    if not typed["note"].strip():
        missing["note"] = tk._("Tulis apa yang terjadi; ini tetap tercatat.")
    if typed["personal"] not in ("ya", "tidak"):
        missing["personal"] = tk._("Pilih salah satu.")
    elif typed["personal"] == "ya" and not typed["bagian"]:
        missing["personal_data"] = tk._("Centang paling sedikit satu bagian, atau pilih “Tidak”.")
    if missing:
        return _page(shown, missing, typed, 400)
    try:
        done = tk.get_action("satudata_withdrawal_explain")(visitor(), {
            "id": shown["package_id"], "note": typed["note"],
            "personal_data": typed["bagian"] if typed["personal"] == "ya" else []})
    except tk.NotAuthorized:
        return tk.abort(404, tk._("Penarikan darurat ini tidak ada, atau bukan wewenang Anda."))
    except tk.ValidationError as error:
        if error.error_dict.get("conflict"):
            tk.h.flash_error(_first(error))
            return tk.h.redirect_to("satudata_purging.after", id=shown["package_id"])
        return _page(_show(id), error.error_dict, typed, 400)
    tk.h.flash_success(tk._(_SAID.get(done["state"], _SAID["tanpa"])).format(
        when=tk.h.satudata_day_time(done["due_at"])))
    return tk.h.redirect_to("satudata_purging.after", id=shown["package_id"])


_SAID: Mapping[str, str] = {
    "terjadwal": N_("Tersimpan. Yang Anda centang dimusnahkan {when}."),
    "tanpa": N_("Tersimpan. Tidak ada yang dimusnahkan."),
}


def cancel(id: str) -> Any:
    """Take the planned deletion back."""
    shown = _show(id)
    try:
        tk.get_action("satudata_purge_cancel")(visitor(), {"id": shown["package_id"]})
    except tk.NotAuthorized:
        return tk.abort(404, tk._("Penarikan darurat ini tidak ada, atau bukan wewenang Anda."))
    except tk.ValidationError as error:
        tk.h.flash_error(_first(error))
    else:
        tk.h.flash_success(tk._("Pemusnahan dibatalkan. Data tetap ditarik dari publik."))
    return tk.h.redirect_to("satudata_purging.after", id=shown["package_id"])


def _first(error: Any) -> str:
    said = error.error_dict.get("message") or [str(error)]
    return str(said[0])


def get_blueprint() -> Blueprint:
    """Return the blueprint ``satudata_purging``."""
    blueprint = Blueprint("satudata_purging", __name__)
    blueprint.before_request(ask_to_log_in)
    add = blueprint.add_url_rule
    add("/pengajuan/<id>/darurat", "after", after)
    add("/pengajuan/<id>/darurat", "explain", explain, methods=["POST"])
    add("/pengajuan/<id>/darurat/batalkan", "cancel", cancel, methods=["POST"])
    return blueprint
