"""A form whose session ended, or that lay open too long, is shown again with all that was typed.

The token of a form lasts an hour, a login a day; who types for longer met "Bad Request" and an
empty page. Here the answer holds what was sent, in a form with a new token: sign in, press once
more. Nothing is done by itself.

Threat: a page elsewhere could send a form of ours and have the person confirm it. So only what a
page of this portal sent is shown again, by the ``Origin`` (or ``Referer``) that a browser names and
no page can forge.
"""
from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response
from flask_wtf.csrf import CSRFError

from ckanext.satudata.shared.private_pages import private

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_kept_form", __name__)

#: Forms of datasets and of their files, which only a person with an account may send.
_FORMS = re.compile(r"(dataset|kegiatan|indikator)(_resource)?\.(edit|new)")
_NEVER = re.compile(r"pass|sandi", re.IGNORECASE)


@blueprint.app_errorhandler(CSRFError)
def stale(error: CSRFError) -> Any:
    """Show a form of ours again; refuse any other as CKAN does."""
    endpoint = tk.request.endpoint or ""
    ours = _FORMS.fullmatch(endpoint) or endpoint.startswith("satudata_")
    if ours and tk.request.method == "POST" and _sent_by_our_page():
        return _again(400)
    return tk.render("error_document_template.html", {
        "code": error.code, "name": error.name, "content": error.description,
        "show_login_redirect_link": False}), error.code or 400


@blueprint.before_app_request
def signed_out() -> Any:
    """Ask for the login and keep the form, instead of "not authorized" and an empty page."""
    if (tk.request.method == "POST" and not tk.current_user.is_authenticated
            and _FORMS.fullmatch(tk.request.endpoint or "") and _sent_by_our_page()):
        return _again(401)
    return None


@blueprint.after_app_request
def forget(response: Response) -> Response:
    """Let a browser forget at sign-out what it kept of half-typed forms: it may be a shared one."""
    if tk.request.endpoint == "user.logout":
        response.headers["Clear-Site-Data"] = '"storage"'
    return response


def _sent_by_our_page() -> bool:
    named = tk.request.headers.get("Origin") or tk.request.headers.get("Referer") or ""
    ours = {tk.request.host, urlsplit(str(tk.config.get("ckan.site_url") or "")).netloc}
    return bool(named) and urlsplit(named).netloc in ours - {""}


def _again(status: int) -> Response:
    token = str(tk.config.get("WTF_CSRF_FIELD_NAME") or "_csrf_token")
    typed: list[tuple[str, Any]] = [
        (name, value) for name, values in tk.request.form.lists() for value in values
        if name != token and not _NEVER.search(name)]
    files = [(name, each.filename) for name, each in tk.request.files.items(multi=True)
             if each.filename]
    save = [value for name, value in typed if name == "save"]
    return private((tk.render("satudata/kept_form.html", {
        "typed": [(name, value) for name, value in typed if name != "save"],
        "files": files, "save": save[0] if save else None,
        "signed_out": not tk.current_user.is_authenticated,
        "needs_login": bool(_FORMS.fullmatch(tk.request.endpoint or "")),
        "address": tk.request.full_path.rstrip("?"),
    }), status))
