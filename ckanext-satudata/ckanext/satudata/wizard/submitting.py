"""Step 3 of the wizard: only what nobody knows is asked, then it is handed in."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import make_response

from ckanext.satudata.domain.metadata_derive import empty
from ckanext.satudata.shared.asking import visitor
from ckanext.satudata.wizard import draft, form, knowing
from ckanext.satudata.wizard.words import clock

__all__ = ["answer", "hand_in", "save", "sent", "show"]

_MAX_TEXT = 20_000
#: How often a form is put on what others wrote in the very moment it is saved.
_TRIES = 4
#: What the form of the last step says beside its inputs.
_BESIDE = frozenset({"note", "kind", "reason", "letter"})


def show(id: str) -> Any:
    """Show what is asked, what is known and from where, and the button that hands it in."""
    found = draft.find(id)
    if not found.is_editable:
        return tk.h.redirect_to("satudata_wizard.sent" if found.waits else
                                "satudata_wizard.dataset", id=found.id)
    return _page(found)


def _left() -> list[str]:
    """Return the fields whose proposal was turned down, as the address says them."""
    return [each for each in tk.request.args.get("biarkan", "")[:2_000].split(",") if each]


def _page(
    found: draft.Draft, errors: Mapping[str, Any] | None = None,
    typed: Mapping[str, Any] | None = None, status: int = 200,
    refusal: list[str] | None = None,
) -> Any:
    me = tk.current_user.id
    facts = knowing.facts_of(found)
    shown = form.page(facts, _left(), set(found.submission.get("editors") or []) <= {me})
    action = tk.h.satudata_step_form(found.submission, "ajukan")
    # What was changed and is wrong is shown again though nobody asks for it.
    opened = tk.request.args.get("ubah", "")[:100] or next(
        (name for name in errors or {} if name in shown.fields), "")
    return make_response(tk.render("satudata/wizard/submit.html", {
        "draft": found, "pkg": found.dataset, "submission": found.submission, "page": shown,
        "opened": opened if opened in shown.fields else "", "left": _left(),
        "action": action, "files": found.files, "todo": _todo(found),
        "marks": {name: form.mark(found.dataset.get(name)) for name in shown.fields},
        "errors": errors or {}, "typed": typed or {}, "refusal": refusal or [],
        "asks": bool(shown.asked or shown.proposals),
    }), status)


def _todo(found: draft.Draft) -> list[Mapping[str, Any]]:
    """Return the files that still want something of the producer."""
    mend = [each["id"] for each in found.to_mend]
    return [each for each in found.files if each["id"] in mend or (each["inspection"] or {}).get(
        "state") in ("antre", "berjalan")]


# ------------------------------------------------------------------------- saving


def save(id: str) -> Any:
    """Keep what was typed and the proposals that were ticked; nothing else of the draft changes."""
    for _ in range(_TRIES):
        answer = _saved(id)
        if answer is not None:
            return answer
    found = draft.find(id)
    shown = form.page(knowing.facts_of(found), (), True)
    typed = form.typed_fields(tk.request.form.getlist("isian")[:200], shown.fields)
    return _page(found, typed=typed, status=409, refusal=[tk._(
        "Beberapa orang menyimpan bersamaan. Isian Anda masih ada; simpan sekali lagi.")])


def _saved(id: str) -> Any:
    """Return the answer to a form, ``None`` where somebody else wrote in that moment."""
    found = draft.find(id)
    if not found.is_editable:
        return _too_late(found)
    shown = form.page(knowing.facts_of(found), (), True)
    names = [each for each in tk.request.form.getlist("isian")[:200] if each in shown.fields]
    try:
        typed = form.typed_fields(names, shown.fields)
    except tk.ValidationError as error:
        return _page(found, refusal=draft.refused(error), status=400)
    left = {name for name, value in typed.items() if form.mark(value) == _seen(name)}
    filled = [name for name in left if _seen(name) != form.mark(found.dataset.get(name))]
    typed = {name: value for name, value in typed.items() if name not in left}
    ticked = tk.request.form.getlist("pakai")[:200]
    others = [each for each in shown.made if each.field not in names]
    patch = {each.field: each.candidate.value for each in others if each.field in ticked}
    patch |= {name: value for name, value in typed.items()
              if not (empty(value) and empty(found.dataset.get(name)))}
    if overtaken := _overtaken(found, typed):
        return _page(found, overtaken, {**patch, **typed}, 409)
    if patch:
        try:
            tk.get_action("package_patch")(visitor(), {
                "id": found.dataset["id"], **patch,
                "expected_version": found.submission["version"]})
        except tk.NotAuthorized as error:
            return tk.abort(403, str(error.message or tk._("Data ini bukan untuk Anda ubah.")))
        except tk.ValidationError as error:
            if error.error_dict.get("conflict") == "version":
                return None
            if error.error_dict.get("conflict"):
                return _too_late(draft.find(id), draft.refused(error))
            return _page(found, error.error_dict, {**patch, **typed}, 400)
        tk.h.flash_success(tk._("Tersimpan {clock}.").format(clock=clock()))
    elif names and not filled:
        tk.h.flash_notice(tk._("Belum ada yang diisi, jadi tidak ada yang diubah."))
    if filled:
        tk.h.flash_notice(tk._(
            "Sementara itu orang lain mengubah {labels}. Yang Anda isi dan yang diubahnya "
            "sama-sama tersimpan.").format(labels=", ".join(
                f"“{tk.h.scheming_language_text(shown.fields[name]['label'])}”"
                for name in shown.fields if name in filled)))
    offered = tk.request.form.getlist("diusulkan")[:200]
    missed = [each.field for each in others if each.field in offered and each.field not in ticked]
    return tk.h.redirect_to("satudata_wizard.submit", id=found.id, **(
        {"biarkan": ",".join(missed)} if missed else {}))


def _seen(name: str) -> str:
    """Return the mark of what a field held when the form was made."""
    return tk.request.form.get(f"terlihat-{name}", "")


def _overtaken(found: draft.Draft, typed: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the fields somebody else changed since the form was made, in other words.

    Saving once more, having seen their words, replaces them.
    """
    errors: dict[str, list[str]] = {}
    for name, value in typed.items():
        stored = found.dataset.get(name)
        seen = _seen(name)
        if seen and seen != form.mark(stored) and not empty(stored) and str(stored) != str(value):
            errors[name] = [tk._(
                "Orang lain baru saja mengisinya: “{value}”. Isian Anda masih di bawah. Simpan "
                "sekali lagi bila isian Anda yang benar.").format(
                    value=tk.h.satudata_form_value({"field_name": name}, {name: stored})[:300])]
    return errors


def _too_late(found: draft.Draft, said: list[str] | None = None) -> Any:
    """Say that the draft is not the producer's to change any more."""
    tk.h.flash_error(" ".join(said or [tk._(
        "Data ini sudah dikirim, jadi isian Anda belum tersimpan. Tarik kirimannya dahulu, lalu "
        "isi lagi.")]))
    return tk.h.redirect_to("satudata_wizard.dataset", id=found.id)


# ---------------------------------------------------------------------- catatan


def answer(id: str, note: str) -> Any:
    """Keep the answer to a catatan of the inspectors; the others wait on the same page."""
    found = draft.find(id)
    back = tk.h.redirect_to("satudata_wizard.submit", id=found.id, _anchor="catatan")
    if note not in {each["id"] for each in found.notes if not each["answered"]}:
        tk.h.flash_notice(tk._("Catatan ini sudah dijawab atau dicabut."))
        return back
    try:
        tk.get_action("satudata_finding_answer")(visitor(), {
            "id": note, "answer": str(tk.request.form.get("answer") or "")[:_MAX_TEXT]})
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Catatan ini bukan untuk Anda jawab."))
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(draft.refused(error)))
    else:
        tk.h.flash_success(tk._("Jawaban disimpan."))
    return back


# ---------------------------------------------------------------------- handing in


def hand_in(id: str) -> Any:
    """Hand the draft in; a refusal says why, and what was typed stays."""
    found = draft.find(id)
    if not found.is_editable:
        return tk.h.redirect_to("satudata_wizard.sent", id=found.id)
    typed = {name: str(tk.request.form.get(name) or "").strip()[:_MAX_TEXT] for name in (
        "note", "kind", "reason", "letter_nomor", "letter_tanggal", "expected_version")}
    values: dict[str, Any] = {name: typed[name] for name in ("note", "kind", "reason")
                              if typed[name]}
    letter = {name: typed[f"letter_{name}"] for name in ("nomor", "tanggal")
              if typed[f"letter_{name}"]}
    if letter:
        values["letter"] = letter
    if typed["expected_version"].isascii() and typed["expected_version"][:9].isdigit():
        values["expected_version"] = int(typed["expected_version"][:9])
    upload = tk.request.files.get("letter_upload")
    if upload is not None and upload.filename:
        values["letter_upload"] = upload
        typed["letter_file"] = upload.filename[:200]
    try:
        tk.get_action("satudata_submission_transition")(
            visitor(), {"id": found.submission["id"], "transition": "ajukan", **values})
    except tk.NotAuthorized as error:
        return _page(found, typed=typed, status=403, refusal=[str(
            error.message or tk._("Anda tidak berwenang mengirim data ini untuk diperiksa."))])
    except tk.ValidationError as error:
        fresh = draft.find(id)
        if not fresh.is_editable:  # pressed twice, or a colleague was quicker
            return tk.h.redirect_to("satudata_wizard.sent", id=fresh.id)
        beside = {name: value for name, value in error.error_dict.items() if name in _BESIDE}
        return _page(fresh, beside, typed, 409 if error.error_dict.get("conflict") else 400,
                     draft.refused(error))
    return tk.h.redirect_to("satudata_wizard.sent", id=found.id)


def sent(id: str) -> Any:
    """Say what happens next to what was handed in, who has it, and till when."""
    found = draft.find(id)
    if found.is_editable:
        return tk.h.redirect_to("satudata_wizard.submit", id=found.id)
    return tk.render("satudata/wizard/sent.html", {
        "draft": found, "pkg": found.dataset, "submission": found.submission})
