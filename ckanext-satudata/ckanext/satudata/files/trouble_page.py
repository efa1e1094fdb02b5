"""A storage that is away or full, on pages that give files out: said in words, with 503 or 507."""
from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.satudata.shared.storage_errors import StorageTroubleError

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_storage", __name__)


@blueprint.app_errorhandler(StorageTroubleError)
def trouble(error: StorageTroubleError) -> tuple[str, int, dict[str, str]]:
    """Say what is wrong and what to do, instead of a server error."""
    return tk.render("error_document_template.html", {
        "code": error.status, "name": tk._("Berkas belum bisa dibuka"),
        "content": tk._(error.message), "show_login_redirect_link": False,
    }), error.status, {"Retry-After": "30"}
