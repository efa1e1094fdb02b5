"""A refusal of the workflow on pages of CKAN that do not expect one (its delete buttons)."""
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
