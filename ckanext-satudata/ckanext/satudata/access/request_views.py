"""Asking for restricted files and following what came of it. Nothing changes by GET.

Programs that look through mail open every link in it, so that a link alone proves nothing and
takes nothing back: the page behind it has a button.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from flask import Blueprint, Response, make_response
from itsdangerous import BadSignature, URLSafeTimedSerializer

from ckanext.satudata import config
from ckanext.satudata.access import request_show, request_store, requests
from ckanext.satudata.access.basis import basis
from ckanext.satudata.access.giving import link_of, send_by_link
from ckanext.satudata.access.helpers import satudata_may_open
from ckanext.satudata.access.request_limits import TooMany
from ckanext.satudata.access.request_model import AccessRequest
from ckanext.satudata.domain import requests as law
from ckanext.satudata.domain.request_forms import (
    ASKED_LABELS,
    DURATIONS,
    MAX_NAME,
    MAX_PURPOSE,
    MIN_PURPOSE,
)
from ckanext.satudata.domain.requests import GROUNDS
from ckanext.satudata.shared import mail, moment
from ckanext.satudata.shared.actor import actor_of
from ckanext.satudata.shared.asking import ask_to_log_in, visitor
from ckanext.satudata.shared.private_pages import private
from ckanext.satudata.shared.refusals import Overtaken, said_by_ckan

__all__ = ["blueprint"]

#: A field people do not see; a machine that fills in all of them fills in this one.
_TRAP = "situs_web"
_SENT_SECONDS = 3600

blueprint = Blueprint("satudata_access_requests", __name__)


# ------------------------------------------------------------------------------------- the form
def _dataset(id: str) -> dict[str, Any]:
    try:
        return tk.get_action("package_show")(visitor(), {"id": id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, _("Dataset tidak ditemukan."))


def ask(id: str) -> Any:
    """Show the form, or take what was typed into it."""
    package = _dataset(id)
    if not requests.is_restricted(package):
        tk.h.flash_notice(_("Berkas data ini tidak dibatasi. Unduh langsung di halaman ini."))
        return tk.h.redirect_to("dataset.read", id=package["name"])
    if tk.request.method == "GET":
        return _form(package, _blank(), {}, 200)
    form = tk.request.form
    typed = {name: form.get(name, "") for name in (
        "name", "email", "institution", "purpose", "days", "terms")}
    typed["files"] = form.getlist("files")
    if form.get(_TRAP):
        return _form(package, typed, {"message": [_(
            "Isian yang harus kosong terisi sendiri, mungkin oleh peramban Anda. Periksa isian di "
            "bawah, lalu kirim lagi.")]}, 400)
    if not typed["files"]:
        return _form(package, typed, {"files": [_("Pilih sedikitnya satu berkas.")]}, 400)
    try:
        made = tk.get_action("satudata_access_request_create")(
            visitor(), {**typed, "id": package["id"]})
    except TooMany as error:
        return _form(package, typed, error.error_dict, 429)
    except Overtaken as error:
        return _form(package, typed, error.error_dict, 409)
    except tk.ValidationError as error:
        return _form(package, typed, error.error_dict, 400)
    if "id" in made:
        tk.h.flash_success(_("Permohonan {number} diterima.").format(number=made["number"]),
                           allow_html=False)
        return tk.h.redirect_to("satudata_access_requests.show", id=made["id"])
    return tk.h.redirect_to("satudata_access_requests.sent", id=package["name"],
                            bukti=_signer().dumps(made["number"]))


def sent(id: str) -> Any:
    """Confirm a request without an account: its number, and what is still to do."""
    package = _dataset(id)
    try:
        number = _signer().loads(tk.request.args.get("bukti", ""), max_age=_SENT_SECONDS)
    except BadSignature:
        return tk.h.redirect_to("satudata_access_requests.ask", id=package["name"])
    due = law.answer_due(moment.now(), config.hari_libur(), config.zona_waktu())
    return private(tk.render("satudata/akses/sent.html", {
        "pkg": package, "number": number, "due": due.isoformat(), "days": law.PROOF_DAYS}))


def _blank() -> dict[str, Any]:
    return {"name": "", "email": "", "institution": "", "purpose": "", "days": "90", "terms": "",
            "files": None}


def _form(package: dict[str, Any], typed: dict[str, Any], errors: dict[str, Any],
          status: int) -> Response:
    user = tk.current_user
    account = user if user.is_authenticated else None
    page = make_response(tk.render("satudata/akses/ask.html", {
        "pkg": package, "data": typed, "account": account, "trap": _TRAP, "status": status,
        "errors": {name: texts for name, texts in errors.items() if isinstance(texts, list)},
        "labels": {name: _(label) for name, label in ASKED_LABELS.items()},
        "durations": [(str(days), _(label)) for days, label in DURATIONS.items()],
        "limits": {"name": MAX_NAME, "purpose": MAX_PURPOSE, "purpose_min": MIN_PURPOSE},
        "has_mail": mail.is_set_up(), "walidata_email": config.walidata_surel(),
        "answer_days": law.ANSWER_DAYS,
        "may_open": account is not None and satudata_may_open(package["id"]),
    }))
    page.status_code = status
    page.headers["Cache-Control"] = "private, no-store"
    return page


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(tk.config["SECRET_KEY"], salt="satudata-akses-terkirim")


# ---------------------------------------------------------------------------- with an account
def show(id: Any) -> Any:
    """Show a request to whoever asked, and to those on whose desk it lies."""
    if not tk.current_user.is_authenticated:
        return ask_to_log_in()
    return _shown(str(id), {}, {}, 200)


def answer(id: Any) -> Any:
    """Take the PPID's answer."""
    if not tk.current_user.is_authenticated:
        return ask_to_log_in()
    form = tk.request.form
    typed = {name: form.get(name, "") for name in (
        "step", "until", "conditions", "reason", "expected_version")}
    typed |= {"files": form.getlist("files"), "grounds": form.getlist("grounds")}
    try:
        after = tk.get_action("satudata_access_request_answer")(
            visitor(), {**typed, "id": str(id)})
    except tk.ObjectNotFound:
        return tk.abort(404, _("Permohonan ini tidak ada, atau bukan untuk Anda."))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error.message))
    except Overtaken as error:
        return _shown(str(id), typed, error.error_dict, 409)
    except tk.ValidationError as error:
        return _shown(str(id), typed, error.error_dict, 400)
    said = _("Waktu permohonan {number} diperpanjang. Pemohon diberi tahu beserta alasannya.") \
        if typed["step"] == "perpanjang" else _(
            "Jawaban atas permohonan {number} tercatat. Pemohon diberi tahu.")
    tk.h.flash_success(said.format(number=after["number"]), allow_html=False)
    return tk.h.redirect_to("satudata_access_requests.show", id=after["id"])


def cancel(id: Any) -> Any:
    """Let whoever asked take it back."""
    if not tk.current_user.is_authenticated:
        return ask_to_log_in()
    actor = actor_of(tk.current_user.name)
    row = request_store.find(str(id))
    if row is None or not actor.id or row.user_id != actor.id:
        return tk.abort(404, _("Permohonan ini tidak ada, atau bukan untuk Anda."))
    _step(lambda: requests.cancel(str(id), actor), _("Permohonan {number} dibatalkan."))
    return tk.h.redirect_to("satudata_access_requests.show", id=str(id))


def _shown(id: str, typed: dict[str, Any], errors: dict[str, Any], status: int) -> Response:
    try:
        found = tk.get_action("satudata_access_request_show")(visitor(), {"id": id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, _("Permohonan ini tidak ada, atau bukan untuk Anda."))
    row = request_store.find(id)
    assert row is not None
    actor = actor_of(tk.current_user.name)
    desk = law.desk(actor).sees(row.owner_org)
    page = make_response(tk.render("satudata/akses/show.html", {
        "request_": found, "desk": desk, "typed": typed, "status": status,
        "errors": {name: texts for name, texts in errors.items() if isinstance(texts, list)},
        "ground": _ground(row) if desk else None,
        "earlier": request_show.summaries(
            [each for each in request_store.earlier(row)
             if request_store.may_read(actor, each)], actor) if desk else [],
        "grounds": [(code.value, _(label)) for code, label in GROUNDS.items()],
        "usual_until": requests.usual_until(row).isoformat(),
        "extension_days": law.EXTENSION_DAYS,
    }))
    page.status_code = status
    page.headers["Cache-Control"] = "private, no-store"
    return page


def _ground(row: AccessRequest) -> dict[str, Any] | None:
    """Return what the restriction rests on, if the dataset is still there to say so."""
    try:
        package = tk.get_action("package_show")(visitor(), {"id": row.package_id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    return basis(package, requests.today())


# -------------------------------------------------------------------- by the personal link
def _followed(token: str) -> AccessRequest:
    row = request_store.by_token(token, moment.now())
    if row is None:
        return tk.abort(404, _(
            "Tautan ini tidak berlaku lagi. Periksa apakah disalin lengkap dari surelnya."))
    return row


def follow(token: str) -> Response:
    """Show whoever holds the personal link where their request stands."""
    row = _followed(token)
    return private(tk.render("satudata/akses/follow.html", {
        "request_": request_show.full(row, None), "token": token, "link": link_of(row),
    }))


def prove(token: str) -> Response:
    """Take the address as proven: only who reads its mail comes here."""
    row = _followed(token)
    _step(lambda: requests.prove(row.id), _(
        "Alamat surel Anda terbukti. Permohonan {number} kini di tangan PPID."))
    return tk.h.redirect_to("satudata_access_requests.follow", token=token)


def give_up(token: str) -> Response:
    """Let the holder of the link take the request back."""
    row = _followed(token)
    _step(lambda: requests.cancel(row.id, None), _("Permohonan {number} dibatalkan."))
    return tk.h.redirect_to("satudata_access_requests.follow", token=token)


def open_file(token: str, resource_id: Any) -> Any:
    """Send a file the request opened, and keep that it was sent."""
    answer = send_by_link(_followed(token), str(resource_id))
    return private(answer)


def _step(do: Callable[[], AccessRequest], done: str) -> None:
    try:
        with said_by_ckan():
            row = do()
    except Overtaken as error:
        tk.h.flash_error(error.error_dict["message"][0], allow_html=False)
    else:
        tk.h.flash_success(done.format(number=row.number), allow_html=False)


def _rule(path: str, endpoint: str, view: Callable[..., Any], *methods: str) -> None:
    blueprint.add_url_rule(path, endpoint, view, methods=methods or ("GET",))


_LINK = "/akses/permohonan/<string(length=43):token>"
_rule("/dataset/<id>/minta-akses", "ask", ask, "GET", "POST")
_rule("/dataset/<id>/minta-akses/terkirim", "sent", sent)
_rule("/akses/permohonan/<uuid:id>", "show", show)
_rule("/akses/permohonan/<uuid:id>/jawab", "answer", answer, "POST")
_rule("/akses/permohonan/<uuid:id>/batalkan", "cancel", cancel, "POST")
_rule(_LINK, "follow", follow)
_rule(f"{_LINK}/buktikan", "prove", prove, "POST")
_rule(f"{_LINK}/batalkan", "give_up", give_up, "POST")
_rule(f"{_LINK}/berkas/<uuid:resource_id>", "open_file", open_file)
