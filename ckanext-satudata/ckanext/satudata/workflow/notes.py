"""Forms around the catatan pemeriksaan and the checklist: what is typed goes to the actions."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.roles import Actor, Permission, Subject, may
from ckanext.satudata.domain.workflow import EDITABLE, WITH_PEMBINA, State
from ckanext.satudata.workflow import bulk, words
from ckanext.satudata.workflow.service import rules

__all__ = ["answer", "checklist", "create", "pembina_due", "resolve", "rights"]

_INSPECTING = frozenset({State.DIPERIKSA_WALIDATA, State.DIKEMBALIKAN_PEMBINA})
_MAX = 20_000


def pembina_due(shown: Mapping[str, Any]) -> bool:
    """Tell whether the pembina inspects this version too (Perpres 39/2019 art. 35)."""
    if "pembina_due" in shown:
        return bool(shown["pembina_due"])
    return bool(shown.get("at_pembina")) or State(shown["state"]) in WITH_PEMBINA or (
        bool(shown.get("prioritas")) and shown.get("jenis_data") in rules().pembina_for)


def rights(shown: Mapping[str, Any], actor: Actor) -> dict[str, bool]:
    """Return which forms the page offers the viewer; the actions decide again.

    :returns: ``inspect`` (write and close catatan, fill the checklist), ``answer``, ``edit``,
        ``set_aside`` (what a check found, before it is handed in), ``document``
    """
    subject = Subject(str(shown.get("owner_org") or ""), str(shown.get("jenis_data") or ""),
                      bool(shown.get("restricted")), bool(shown.get("at_pembina")))
    state = State(shown["state"])
    inspects = (state in _INSPECTING and may(actor, Permission.PERIKSA, subject)) or (
        state is State.DIPERIKSA_PEMBINA and may(actor, Permission.PERIKSA_PEMBINA, subject))
    writes = may(actor, Permission.ISI, subject) or may(actor, Permission.ISI_ATAS_NAMA, subject)
    return {
        "inspect": inspects,
        "answer": state in EDITABLE and may(actor, Permission.ISI, subject),
        "edit": state in EDITABLE and writes,
        "set_aside": state in EDITABLE and may(actor, Permission.PERIKSA, subject),
        "document": tk.h.check_access(
            "satudata_berita_acara_create", {"owner_org": subject.organization}),
        "queue": may(actor, Permission.PERIKSA, subject) or may(
            actor, Permission.PERIKSA_PEMBINA, subject),
    }


def _context() -> dict[str, Any]:
    return {"user": tk.current_user.name, "auth_user_obj": tk.current_user}


def _typed(name: str) -> str:
    return tk.request.form.get(name, "").replace("\x00", "").strip()[:_MAX]


def _back(id: str, anchor: str = "") -> Any:
    address = str(tk.h.url_for("satudata_workflow.submission", id=id))
    return tk.h.redirect_to(address + (f"#{anchor}" if anchor else ""))


def _do(id: str, work: Callable[[], Any], done: str, anchor: str) -> Any:
    """Carry out an action and go back; a refusal is told and what was typed stays."""
    try:
        work()
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Catatan ini tidak ada lagi. Buka pengajuannya dari Tugas saya."))
    except tk.NotAuthorized as error:
        return _again(id, str(error.message or tk._("Anda tidak berwenang atas langkah ini.")), 403)
    except tk.ValidationError as error:
        status = 409 if error.error_dict.get("conflict") else 400
        return _again(id, bulk.why({"error": error.error_dict}), status)
    if done:
        tk.h.flash_success(done)
    return _back(id, anchor)


def _again(id: str, why: str, status: int) -> Any:
    from flask import make_response

    from ckanext.satudata.workflow import views

    tk.h.flash_error(why)
    return make_response(views.shown_again(id, tk.request.form), status)


def create(id: str) -> Any:
    """Add a catatan."""
    data: dict[str, Any] = {
        "id": id, "principle": _typed("principle"), "severity": _typed("severity"),
        "code": _typed("code"), "message": _typed("message"), "how": _typed("how"),
        "place": _place(),
    }
    proposed = _typed("proposed")
    if proposed and "field" in data["place"]:
        data["proposed"] = {"field": data["place"]["field"], "value": proposed}
    return _do(id, lambda: tk.get_action("satudata_finding_create")(_context(), data),
               tk._("Catatan ditambahkan."), "catatan")


def _place() -> dict[str, Any]:
    kind, _sep, name = _typed("place").partition(":")
    if kind == "field" and name:
        return {"field": name}
    if kind != "resource" or not name:
        return {}
    place: dict[str, Any] = {"resource": name}
    if _typed("column"):
        place["column"] = _typed("column")
    row = _typed("row")
    if row:
        place["row"] = int(row) if row.isascii() and row.isdigit() and len(row) < 10 else row
    return place


def answer(id: str, note: str) -> Any:
    """Answer a catatan; with ``terima`` the proposed value is taken over as well."""
    data: dict[str, Any] = {"id": note, "answer": _typed("answer")}
    if tk.request.form.get("terima"):
        data["accept"] = True
        done = tk._("Usulan diterima dan isiannya sudah diubah.")
    else:
        done = tk._("Jawaban disimpan.")
    return _do(id, lambda: tk.get_action("satudata_finding_answer")(_context(), data), done,
               f"catatan-{note}")


def resolve(id: str, note: str) -> Any:
    """Close a catatan."""
    data: dict[str, Any] = {"id": note, "note": _typed("note")}
    done = tk._("Catatan selesai.")
    if tk.request.form.get("cabut"):
        data["withdraw"], done = True, tk._("Catatan dicabut.")
    elif tk.request.form.get("buka"):
        data["reopen"], done = True, tk._("Catatan dibuka lagi.")
    return _do(id, lambda: tk.get_action("satudata_finding_resolve")(_context(), data), done,
               "catatan")


def checklist(id: str) -> Any:
    """Keep what the inspector decided on each principle."""
    kept: dict[str, Any] = {}
    for name in words.PRINCIPLES:
        result = _typed(f"{name}-hasil")
        if result:
            kept[name] = {
                "hasil": result,
                "alasan": [each[:100] for each in tk.request.form.getlist(f"{name}-alasan")][:30],
                "catatan": _typed(f"{name}-catatan"),
            }
    version = _typed("expected_version")
    data = {"id": id, "checklist": kept}
    if version.isascii() and version.isdigit() and len(version) < 10:
        data["expected_version"] = int(version)
    return _do(id, lambda: tk.get_action("satudata_checklist_update")(_context(), data),
               tk._("Daftar periksa disimpan."), "prinsip")
