"""What the workflow refuses, and what is gone, on pages of CKAN that do not expect it."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.satudata.workflow.errors import StateConflict

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_refusal", __name__)


@blueprint.app_errorhandler(StateConflict)
def refused(error: StateConflict) -> tuple[str, int]:
    """Show why, and the way to mend it, instead of a server error."""
    return tk.render("error_document_template.html", {
        "code": 409, "name": tk._("Belum bisa dijalankan"),
        "content": error.error_dict["message"][0], "show_login_redirect_link": False,
    }), 409


@blueprint.app_errorhandler(tk.ObjectNotFound)
def gone(error: tk.ObjectNotFound) -> tuple[str, int]:
    """Show that something is not there any more: somebody deleted it while the page was open."""
    return tk.render("error_document_template.html", {
        "code": 404, "name": "", "content": error.message or "",
        "show_login_redirect_link": False,
    }), 404
