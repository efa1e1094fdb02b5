"""Refuse forms that another page made a logged-in browser send, on every view, every time.

CKAN lets a call with an API token pass without a form's token by exempting the whole *view*, for
everybody and as long as the process lives: whoever has an account could so open the door to forged
forms of an admin (CKAN 2.12, ``ckan_before_request``). Here the exemption holds for the call with
the token only.
"""
from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.config.middleware.flask_app import csrf
from flask import Blueprint, Response, current_app, g

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_forged", __name__)


@blueprint.before_app_request
def refuse_impossible() -> None:
    """Answer 404 to a NUL in an address: no name has one, and the database takes it for a fault."""
    if any("\x00" in str(each) for each in (tk.request.view_args or {}).values()):
        tk.abort(404, tk._("Halaman tidak ada"))


@blueprint.before_app_request
def refuse_forged() -> None:
    """Ask for the token of the page where somebody is logged in by cookie.

    Without a login there is nothing to forge, so that another plugin's webhook stays open.
    """
    if not current_app.config["WTF_CSRF_ENABLED"] or g.get("login_via_auth_header"):
        return
    if tk.current_user.is_authenticated:
        csrf.protect()


@blueprint.after_app_request
def refuse_frames(response: Response) -> Response:
    """Keep our pages out of other sites' frames: a decision here is one press of a button.

    A page of the same domain (every OPD has one) would be sent the cookie and could lay something
    harmless over the button. The view of a file is made to be shown elsewhere and has no button.
    """
    if not (tk.request.endpoint or "").endswith("resource.view"):
        response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
        response.headers.setdefault("Content-Security-Policy", "frame-ancestors 'self'")
    return response
