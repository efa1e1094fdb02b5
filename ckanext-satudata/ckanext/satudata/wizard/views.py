"""Step 1 of the wizard: what is due, which file."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, make_response

from ckanext.satudata.domain import metadata_values
from ckanext.satudata.shared.actor import actor_of
from ckanext.satudata.shared.asking import ask_to_log_in, visitor
from ckanext.satudata.wizard import desk, draft, submitting
from ckanext.satudata.wizard.words import today

__all__ = ["get_blueprint"]


def index() -> Any:
    """Show what is due, what is under way, and the other datasets."""
    actor = actor_of(tk.current_user.name)
    if not desk.sends(actor):
        return tk.abort(403, tk._(
            "Akun Anda belum mengirim data untuk instansi mana pun. Minta admin instansi Anda "
            "menambahkan Anda sebagai penyunting."))
    query = _clean(tk.request.args.get("q"), 200)
    return tk.render("satudata/wizard/index.html", {
        "desk": desk.desk(actor, query, today()), "q": query, "behalf": desk.behalf(actor),
        "group_titles": desk.GROUPS})


def _clean(value: Any, longest: int) -> str:
    """Return what an input holds, as far as any store takes it."""
    written = str(value or "").strip()[:longest]
    return "".join(each for each in written
                   if not metadata_values.has_control_character(each))


# ------------------------------------------------------------------------ a dataset


def dataset(id: str) -> Any:
    """Show what is there of a dataset, and take its file."""
    chosen = _clean(tk.request.args.get("ganti"), 100)
    return _dataset_page(draft.find(id), typed={"ganti": chosen} if chosen else None)


def _dataset_page(
    found: draft.Draft, errors: Mapping[str, Any] | None = None,
    typed: Mapping[str, Any] | None = None, status: int = 200,
) -> Any:
    return make_response(tk.render("satudata/wizard/dataset.html", {
        "draft": found, "pkg": found.dataset, "submission": found.submission,
        "files": found.files, "ways": draft.ways(found.id), "waiting": _waiting(found.id),
        "errors": errors or {}, "typed": typed or {},
    }), status)


def _waiting(identifier: str) -> dict[str, Any]:
    try:
        return tk.get_action("satudata_intake_list")(
            visitor(), {"id": identifier, "state": "menunggu", "limit": 20})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return {"count": 0, "results": []}


def send(id: str) -> Any:
    """Take a file into the draft, and go on to what was read of it."""
    found = draft.find(id)
    typed = {name: _clean(tk.request.form.get(name), longest)
             for name, longest in (("ganti", 100), ("note", 2_000), ("upload_id", 100))}
    upload = tk.request.files.get("upload")
    if not typed["upload_id"] and (upload is None or not upload.filename):
        return _dataset_page(found, {"upload": [tk._(
            "Belum ada berkas. Pilih berkasnya, lalu kirim.")]}, typed, 400)
    try:
        return _go_on(found, _hand_in(found, typed, upload))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error.message or tk._("Data ini bukan untuk Anda kirimi.")))
    except tk.ValidationError as error:
        # The file may be kept though it was not accepted: what is there now is shown.
        return _dataset_page(
            draft.find(id), {"upload": draft.refused(error)}, typed,
            409 if error.error_dict.get("conflict") else 400)


def _hand_in(found: draft.Draft, typed: Mapping[str, str], upload: Any) -> dict[str, Any]:
    """Begin the next version where none is under way, and hand the file in."""
    replaces, identifier = typed["ganti"], found.id
    if not found.is_editable and not found.waits:
        begun = tk.get_action("satudata_revision_start")(visitor(), {"id": found.id})
        replaces = next((each["id"] for each in begun.get("resources") or []
                         if replaces and each.get("asal_resource_id") == replaces), "")
    sent = {"upload_id": typed["upload_id"]} if typed["upload_id"] else {"upload": upload}
    return tk.get_action("satudata_intake_create")(visitor(), {
        "id": identifier, "accept": True, "note": typed["note"],
        **({"replaces": replaces} if replaces else {}), **sent})


def _go_on(found: draft.Draft, intake: Mapping[str, Any]) -> Any:
    """Lead to what was read of a file; without one to the dataset."""
    after = draft.find(found.id)
    first = next(iter(intake.get("resources") or []), None)
    if first is None:
        tk.h.flash_success(tk._("Berkas Anda kami terima dan sedang dibaca."))
        return tk.h.redirect_to("satudata_wizard.dataset", id=found.id)
    return tk.h.redirect_to(
        "satudata_inspection.show", id=after.dataset["name"], resource_id=first)


def remove(id: str, resource_id: str) -> Any:
    """Take a file out of the draft."""
    found = draft.find(id)
    file = next((each for each in found.dataset.get("resources") or []
                 if each["id"] == resource_id), None)
    if file is None or not found.is_editable:
        tk.h.flash_notice(tk._("Berkas ini tidak ada lagi di draf. Tidak ada yang diubah."))
        return tk.h.redirect_to("satudata_wizard.dataset", id=found.id)
    try:
        tk.get_action("resource_delete")(visitor(), {"id": resource_id})
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Berkas ini bukan untuk Anda hapus."))
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(draft.refused(error)))
    else:
        tk.h.flash_success(tk._("“{name}” dihapus dari draf. Yang sudah terbit tetap.").format(
            name=file.get("name") or tk._("Berkas")))
    return tk.h.redirect_to("satudata_wizard.dataset", id=found.id)


# -------------------------------------------------------------------- a new dataset


def new() -> Any:
    """Ask for the title of a new dataset, and its file."""
    return _new_page({}, {})


def _new_page(typed: Mapping[str, Any], errors: Mapping[str, Any], status: int = 200) -> Any:
    try:
        tk.check_access("package_create", visitor())
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Akun Anda tidak menambah data baru."))
    return make_response(tk.render("satudata/wizard/new.html", {
        "typed": typed, "errors": errors,
        "organizations": tk.h.organizations_available("create_dataset")}), status)


def create() -> Any:
    """Make a draft of the title, and take its file."""
    typed = {name: _clean(tk.request.form.get(name), longest)
             for name, longest in (("title", 300), ("owner_org", 100), ("upload_id", 100))}
    available = tk.h.organizations_available("create_dataset")
    if not typed["owner_org"] and len(available) == 1:
        typed["owner_org"] = available[0]["id"]
    if not typed["title"]:
        return _new_page(typed, {"title": [tk._(
            "Judul belum diisi. Tulis apa yang diukur, misalnya: Jumlah kunjungan puskesmas "
            "menurut kecamatan.")]}, 400)
    try:
        made = tk.get_action("package_create")(visitor(), {
            "type": "dataset", "title": typed["title"], "owner_org": typed["owner_org"]})
    except tk.NotAuthorized:
        return _new_page(typed, {"owner_org": [tk._(
            "Anda tidak mengirim data untuk instansi ini. Pilih instansi Anda.")]}, 403)
    except tk.ValidationError as error:
        return _new_page(typed, error.error_dict, 400)
    found = draft.find(made["id"])
    upload = tk.request.files.get("upload")
    if not typed["upload_id"] and (upload is None or not upload.filename):
        tk.h.flash_success(tk._("Draf tersimpan. Tinggal berkasnya."))
        return tk.h.redirect_to("satudata_wizard.dataset", id=found.id)
    try:
        return _go_on(found, _hand_in(found, {**typed, "ganti": "", "note": ""}, upload))
    except tk.ValidationError as error:
        return _dataset_page(draft.find(made["id"]), {"upload": draft.refused(error)}, {}, 400)


def get_blueprint() -> Blueprint:
    """Return the blueprint ``satudata_wizard``."""
    blueprint = Blueprint("satudata_wizard", __name__)
    blueprint.before_request(ask_to_log_in)
    add = blueprint.add_url_rule
    add("/kirim", "index", index)
    add("/kirim/baru", "new", new)
    add("/kirim/baru", "create", create, methods=["POST"])
    add("/kirim/<id>", "dataset", dataset)
    add("/kirim/<id>", "send", send, methods=["POST"])
    add("/kirim/<id>/berkas/<resource_id>/hapus", "remove", remove, methods=["POST"])
    add("/kirim/<id>/ajukan", "submit", submitting.show)
    add("/kirim/<id>/isi", "save", submitting.save, methods=["POST"])
    add("/kirim/<id>/catatan/<note>", "answer", submitting.answer, methods=["POST"])
    add("/kirim/<id>/ajukan", "hand_in", submitting.hand_in, methods=["POST"])
    add("/kirim/<id>/terkirim", "sent", submitting.sent)
    return blueprint
