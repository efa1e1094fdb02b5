"""Forms around the catatan pemeriksaan and the checklist: what is typed goes to the actions."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from flask import make_response

from ckanext.satudata.shared.asking import visitor
from ckanext.satudata.workflow import bulk, words
from ckanext.satudata.workflow.submission_page import shown_again

__all__ = ["answer", "checklist", "create", "resolve"]

_MAX = 20_000


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
    tk.h.flash_error(why)
    return make_response(shown_again(id, tk.request.form), status)


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
    return _do(id, lambda: tk.get_action("satudata_finding_create")(visitor(), data),
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
    return _do(id, lambda: tk.get_action("satudata_finding_answer")(visitor(), data), done,
               f"catatan-{note}")


def resolve(id: str, note: str) -> Any:
    """Close a catatan."""
    data: dict[str, Any] = {"id": note, "note": _typed("note")}
    done = tk._("Catatan selesai.")
    if tk.request.form.get("cabut"):
        data["withdraw"], done = True, tk._("Catatan dicabut.")
    elif tk.request.form.get("buka"):
        data["reopen"], done = True, tk._("Catatan dibuka lagi.")
    return _do(id, lambda: tk.get_action("satudata_finding_resolve")(visitor(), data), done,
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
    return _do(id, lambda: tk.get_action("satudata_checklist_update")(visitor(), data),
               tk._("Daftar periksa disimpan."), "prinsip")
