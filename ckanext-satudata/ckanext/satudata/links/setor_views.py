"""The pages behind a link to hand in by: no account, no menu, one dataset, one's own files.

A link that is guessed is answered as any page that is not there; of one that is over or was taken
back its holder is told so, and whom to ask.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from flask import Blueprint, Response

from ckanext.satudata import config
from ckanext.satudata.domain.intake import links as law
from ckanext.satudata.domain.intake.links import LinkState, Refusal
from ckanext.satudata.domain.intake.states import State
from ckanext.satudata.links import asked, limits, sending, service, store, words
from ckanext.satudata.links.limits import TooOften
from ckanext.satudata.links.model import UploadLink
from ckanext.satudata.links.service import LinkRefused
from ckanext.satudata.shared import blobs, moment
from ckanext.satudata.shared.attached import attached
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.private_pages import private

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_setor", __name__)
_COOKIE = "satudata_kiriman"
#: Of a link that is over what was sent is still seen, and changed by nobody without an account.
_OVER = (Refusal.DICABUT, Refusal.BERAKHIR)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _said(view: Callable[..., Any]) -> Callable[..., Response]:
    """Answer what a link lets nobody do in words, and let its address get nowhere."""
    def answered(token: str, **rest: str) -> Response:
        try:
            return private(view(service.known(token), token, **rest))
        except LinkRefused as error:
            if error.refusal is Refusal.TIDAK_DIKENAL:
                return tk.abort(404)
            return private(_closed(token, error))
        except TooOften as error:
            page = private(tk.render("satudata/setor/often.html", {"said": error.said}))
            page.status_code = 429
            page.headers["Retry-After"] = str(error.retry_after)
            return page
    answered.__name__ = view.__name__
    return answered


def _closed(token: str, error: LinkRefused) -> Response:
    link = service.known(token)
    page = private(tk.render("satudata/setor/closed.html", {
        **_about(link, token), "refusal": error.refusal.value}))
    page.status_code = 410
    return page


def _about(link: UploadLink, token: str) -> dict[str, Any]:
    """Return what every page of a link says: which data, of whom, until when, and whom to ask."""
    organization = words.organization_of(link.package_id)
    asker = model.Session.get(model.User, link.created_by) if link.created_by else None
    receipt = _receipt(link, token)
    return {
        "token": token, "link_id": link.id, "label": link.unit_name or link.label,
        "single": link.single,
        "title": words.title_of(link.package_id), "until": words.until(link),
        "max_bytes": link.max_bytes, "state": _state(link).value,
        "organization": (organization.title or organization.name) if organization else "",
        "asker": asker.display_name if asker is not None and asker.state == "active" else "",
        "help_mail": str((organization.extras if organization else {}).get("surel") or "")
        or config.walidata_surel(),
        "receipt": receipt, "sent": sending.mine(link, receipt) if receipt else [],
        "forget_days": law.FORGET_SENDERS.days,
    }


def _state(link: UploadLink) -> LinkState:
    counts = store.came([link.id]).get(link.id, store.Came())
    return law.state_of(store.standing(link, counts), moment.now())


def _receipt(link: UploadLink, token: str) -> str:
    """Return the receipt this browser kept, if something was handed in with it by this link."""
    kept = str((tk.request.view_args or {}).get("receipt") or tk.request.cookies.get(_COOKIE, ""))
    return kept if store.sent_with(link, kept) else ""


# ------------------------------------------------------------------------------------- handing in
@_said
def show(link: UploadLink, token: str) -> Any:
    """Show what is asked for, and the form; or, once something was sent, what became of it."""
    with unit_of_work():
        service.touch(link, tk.request.headers.get("User-Agent", ""))
    about = _about(link, token)
    if about["receipt"] and about["state"] != LinkState.BERLAKU.value:
        return tk.h.redirect_to("satudata_setor.result", token=token, receipt=about["receipt"])
    service.check(link)
    return _form(link, about, {}, {})


@_said
def send(link: UploadLink, token: str) -> Any:
    """Take a file."""
    form = tk.request.form
    receipt = _receipt(link, token)
    try:
        receipt, made = sending.send(
            link, receipt, form, tk.request.files.get("upload"))
    except TooOften:
        raise
    except tk.ValidationError as error:
        return _form(link, _about(link, token), form, error.error_dict, 400)
    answer = private(tk.h.redirect_to(
        "satudata_setor.result", token=token, receipt=receipt, kiriman=made))
    answer.set_cookie(
        _COOKIE, receipt, max_age=law.FORGET_SENDERS, httponly=True, samesite="Lax",
        path=tk.h.url_for("satudata_setor.show", token=token, locale="default"),
        secure=tk.request.is_secure)
    return answer


def _form(
    link: UploadLink, about: dict[str, Any], typed: Any, errors: dict[str, Any], status: int = 200
) -> Response:
    page = private(tk.render("satudata/setor/show.html", {
        **about, "asked": asked.of(link), "typed": typed, "errors": _lists(errors),
        "labels": {name: _(label) for name, label in law.LABELS.items()} | {"upload": _("Berkas")},
        "upload_key": about["token"]}))
    page.status_code = status
    return page


def _lists(errors: dict[str, Any]) -> dict[str, list[str]]:
    """Return what is wrong by field; of an upload at the field the file was chosen in."""
    return {"upload" if name == "upload_id" else name: texts for name, texts in errors.items()
            if isinstance(texts, list)}


@_said
def template(link: UploadLink, token: str) -> Any:
    """Give the template of the dataset."""
    service.check(link)
    made = asked.template(link)
    try:
        pieces = blobs.open(made["sha256"]) if made is not None else None
    except blobs.BlobMissingError:  # collected just now
        pieces = None
    if made is None or pieces is None:
        return tk.abort(404)
    model.Session.remove()  # sending may take long: nobody waits for the connection
    return attached(pieces, made["filename"], _XLSX)


# ------------------------------------------------------------------------------------- afterwards
def _own(link: UploadLink, token: str, receipt: str, wanted: str) -> dict[str, Any]:
    """Return what the page of a sender says; a receipt that is none is as a link that is none."""
    about = _about(link, token)
    if not about["receipt"]:
        limits.check_guess()
        raise LinkRefused(Refusal.TIDAK_DIKENAL)
    one = sending.whole(link, next(
        (each for each in about["sent"] if each["id"] == wanted), about["sent"][0])["id"])
    refusal = law.refusal(
        store.standing(link, store.came([link.id])[link.id]), moment.now(), mends=True)
    return {**about, "one": one, "may_mend": one["state"] == State.MENUNGGU.value
            and refusal is None, "over": refusal if refusal in _OVER else None,
            "may_send": about["state"] == LinkState.BERLAKU.value}


def _result(
    link: UploadLink, own: dict[str, Any], errors: dict[str, Any], status: int = 200
) -> Response:
    page = private(tk.render("satudata/setor/result.html", {
        **own, "errors": _lists(errors), "labels": {"upload": _("Berkas")},
        "asked": asked.of(link)["columns"],
        "has_marked": sending.marked(own["one"].get("inspection") or {}) is not None,
        "upload_key": f"{own['token']}.{own['receipt']}"}))
    page.status_code = status
    return page


@_said
def result(link: UploadLink, token: str, receipt: str) -> Any:
    """Show a sender what became of their file."""
    return _result(link, _own(link, token, receipt, tk.request.args.get("kiriman", "")), {})


@_said
def answer(link: UploadLink, token: str, receipt: str) -> Any:
    """Take a sender's answers to what was asked of their file."""
    own = _own(link, token, receipt, tk.request.form.get("kiriman", ""))
    if own["over"] is not None:
        raise LinkRefused(own["over"])
    limits.check_send(link.id, answers=True)
    shown = own["one"].get("inspection") or {}
    if tk.request.form.get("terlihat") != str(shown.get("id")):
        return _result(link, own, {"message": [_(
            "Berkas ini sudah dibaca ulang sejak Anda membukanya. Periksa lagi hasilnya, lalu "
            "jawab.")]}, 409)
    try:
        sending.answer(own["one"]["id"], shown, tk.request.form)
    except tk.ValidationError as error:
        return _result(link, own, error.error_dict, 409)
    return tk.h.redirect_to("satudata_setor.result", token=token, receipt=receipt,
                            kiriman=own["one"]["id"])


@_said
def marked(link: UploadLink, token: str, receipt: str) -> Any:
    """Give the sender their own workbook with the marks of what is to be mended."""
    own = _own(link, token, receipt, tk.request.args.get("kiriman", ""))
    sha256 = sending.marked(own["one"].get("inspection") or {})
    if sha256 is None:
        return tk.abort(404)
    pieces = blobs.open(sha256)
    model.Session.remove()  # sending may take long: nobody waits for the connection
    return attached(pieces, sending.MARKED, _XLSX)


def _rule(path: str, endpoint: str, view: Callable[..., Any], *methods: str) -> None:
    blueprint.add_url_rule(path, endpoint, view, methods=methods or ("GET",))


_rule("/setor/<token>", "show", show)
_rule("/setor/<token>", "send", send, "POST")
_rule("/setor/<token>/templat.xlsx", "template", template)
_rule("/setor/<token>/<receipt>", "result", result)
_rule("/setor/<token>/<receipt>/jawab", "answer", answer, "POST")
_rule("/setor/<token>/<receipt>/bertanda.xlsx", "marked", marked)
