"""Pages of the workflow: the submission and its steps. What has an effect is a POST."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, make_response

from ckanext.satudata.domain.workflow import STATE_LABELS, TRANSITIONS
from ckanext.satudata.shared.asking import ask_to_log_in, visitor
from ckanext.satudata.workflow import (
    bulk,
    emergency,
    forms,
    letters,
    notes,
    page,
    tasks,
    words,
)
from ckanext.satudata.workflow.step_form import formed
from ckanext.satudata.workflow.submission_page import around, opened, show, timeline

__all__ = ["get_blueprint"]

#: Names a person may ask for; what happens by itself (``mulai``, ``gantikan``) has no form.
_KNOWN = frozenset(each.name for each in TRANSITIONS if each.permission and each.source)
#: How far a queue is looked through for the next one.
_QUEUE = 200


def _url(endpoint: str, **values: Any) -> str:
    return str(tk.h.url_for(f"satudata_workflow.{endpoint}", **values))


# ------------------------------------------------------------------- the submission


def submission(id: str) -> Any:
    """Show one submission: what was found, its metadata, its history, its files.

    Who may stop a leak and not read the rest is led to the questions that follow.
    """
    try:
        tk.get_action("satudata_submission_show")(visitor(), {"id": id[:200]})
    except tk.NotAuthorized:
        try:
            tk.get_action("satudata_purge_show")(visitor(), {"id": id[:200]})
            return tk.h.redirect_to("satudata_purging.after", id=id[:200])
        except (tk.NotAuthorized, tk.ObjectNotFound):
            pass
    except (tk.ObjectNotFound, tk.ValidationError):
        pass
    return opened(show(id), tk.request.args.get("bagian", ""))


def letter(id: str) -> Any:
    """Hand out the scanned surat pengantar to whoever may read the submission."""
    kept = (show(id).get("letter") or {}).get("berkas")
    try:
        if kept:
            return letters.response(kept)
    except tk.ObjectNotFound:
        pass
    return tk.abort(404, tk._("Pengajuan ini tidak memuat pindaian surat pengantar."))


def following(id: str) -> Any:
    """Lead on to the next submission that waits for the viewer, or the one before it."""
    shown = show(id)
    queue = [each["id"] for each in tk.get_action("satudata_submission_list")(
        visitor(), {"box": "menunggu_saya", "limit": _QUEUE})["results"]]
    back = tk.request.args.get("arah") == "mundur"
    if back:
        queue.reverse()
    at = queue.index(shown["id"]) + 1 if shown["id"] in queue else 0
    rest = [each for each in queue[at:] if each != shown["id"]] or (
        [] if back else [each for each in queue if each != shown["id"]])
    if not rest and back:
        tk.h.flash_notice(tk._("Ini yang pertama di antrean Anda."))
        return tk.h.redirect_to(_url("submission", id=shown["id"]))
    if not rest:
        tk.h.flash_notice(tk._("Tidak ada lagi yang menunggu Anda."))
        return tk.h.redirect_to(_url("tasks"))
    return tk.h.redirect_to(_url("submission", id=rest[0]))


# --------------------------------------------------------------------------- steps


def _step_of(shown: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    return next((each for each in shown.get("actions") or [] if each["name"] == name), None)


def step(id: str, name: str) -> Any:
    """Show the form of a transition: the same as the dialog, for who has no JavaScript."""
    if name not in _KNOWN:
        return tk.abort(404, tk._("Langkah ini tidak ada."))
    shown = show(id)
    action = _step_of(shown, name)
    if action is None:
        tk.h.flash_error(_not_now(shown))
        return tk.h.redirect_to(_url("submission", id=shown["id"]))
    return _step_page(shown, action, {}, {})


def _not_now(shown: Mapping[str, Any]) -> str:
    return tk._("Langkah itu tidak tersedia: data sedang berstatus “{status}”.").format(
        status=words.state_label(shown["state"]))


def _step_page(
    shown: dict[str, Any], action: dict[str, Any], errors: Mapping[str, Any],
    typed: Mapping[str, Any], status: int = 200,
) -> Any:
    action = {**action, **formed(shown, action)}
    open_notes = [each for each in page.number_notes(shown) if each["open"]]
    return make_response(tk.render("satudata/workflow/step.html", {
        **around(shown), "action": action, "errors": errors, "typed": typed,
        "open_notes": open_notes,
    }), status)


def act(id: str, name: str) -> Any:
    """Carry out a transition; a refusal says why, and what was typed stays."""
    if name not in _KNOWN:
        return tk.abort(404, tk._("Langkah ini tidak ada."))
    shown = show(id)
    typed = tk.request.form.to_dict()
    values = forms.read(typed)
    upload = tk.request.files.get("letter_upload")
    if upload is not None and upload.filename:
        values["letter_upload"] = upload
        typed["letter_file"] = upload.filename[:200]
    try:
        done = tk.get_action("satudata_submission_transition")(
            visitor(), {"id": shown["id"], "transition": name, **values})
    except tk.NotAuthorized as error:
        tk.h.flash_error(str(error.message or tk._("Anda tidak berwenang atas langkah ini.")))
        return make_response(opened(show(id), "periksa"), 403)
    except tk.ValidationError as error:
        return _refused(id, name, error, values, typed)
    following_id = done.get("id") or shown["id"]
    state = done.get("state") or ""
    tk.h.flash_success(forms.message(
        name, state, title=shown["title"], when=words.day_time(done.get("release_at")),
        instansi=(shown.get("organization") or {}).get("title") or ""))
    if name == "revisi":
        kind = done.get("package_type") or shown.get("package_type") or "dataset"
        return tk.h.redirect_to(f"{kind}.edit", id=done["dataset"]["name"])
    return tk.h.redirect_to(_url("submission", id=following_id))


def _refused(
    id: str, name: str, error: Any, values: Mapping[str, Any], typed: Mapping[str, Any]
) -> Any:
    fresh = show(id)
    action = _step_of(fresh, name)
    conflict = error.error_dict.get("conflict")
    if conflict:
        seen = values.get("expected_version", 0)
        return make_response(tk.render("satudata/workflow/conflict.html", {
            **around(fresh),
            "conflict": conflict,
            "why": bulk.why({"error": error.error_dict}),
            "name": name,
            "action": {**action, "form": forms.form_of(
                name, fresh["state"], forms.pembina_due(fresh))} if action else None,
            "label": _label(name, typed.get("seen_state", ""), fresh),
            "seen_state": typed.get("seen_state", "") if typed.get("seen_state", "") in
            {each.value for each in STATE_LABELS} else "",
            "changes": page.condense([each for each in timeline(fresh["id"])
                                      if (each.get("version") or 0) > seen]),
            "typed": typed,
        }), 409)
    if action is None:
        tk.h.flash_error(bulk.why({"error": error.error_dict}))
        return make_response(opened(fresh, "periksa"), 400)
    return _step_page(fresh, action, error.error_dict, typed, 400)


def _label(name: str, state: str, shown: Mapping[str, Any]) -> str:
    """Return what the button said that was pressed."""
    found = next((each for each in TRANSITIONS
                  if each.name == name and (not state or each.source == state)), None)
    organization = (shown.get("organization") or {}).get("title") or ""
    return tk._(found.label).format(instansi=organization) if found else name


def get_blueprint() -> Blueprint:
    """Return the blueprint ``satudata_workflow``."""
    blueprint = Blueprint("satudata_workflow", __name__)
    blueprint.before_request(ask_to_log_in)
    add = blueprint.add_url_rule
    add("/tugas", "tasks", tasks.tasks)
    add("/tugas/massal", "bulk_again", tasks.bulk_again)
    add("/tugas/massal", "bulk", tasks.bulk_transition, methods=["POST"])
    add("/pengajuan/<id>", "submission", submission)
    add("/pengajuan/<id>/berikutnya", "following", following)
    add("/pengajuan/<id>/surat", "letter", letter)
    add("/pengajuan/<id>/catatan", "note_new", notes.create, methods=["POST"])
    add("/pengajuan/<id>/catatan/<note>/jawab", "note_answer", notes.answer, methods=["POST"])
    add("/pengajuan/<id>/catatan/<note>/selesai", "note_resolve", notes.resolve, methods=["POST"])
    add("/pengajuan/<id>/daftar-periksa", "checklist", notes.checklist, methods=["POST"])
    add("/dataset/<id>/tarik-darurat", "emergency", emergency.ask)
    add("/dataset/<id>/tarik-darurat", "stop", emergency.press, methods=["POST"])
    add("/pengajuan/<id>/<name>", "step", step)
    add("/pengajuan/<id>/<name>", "act", act, methods=["POST"])
    return blueprint
