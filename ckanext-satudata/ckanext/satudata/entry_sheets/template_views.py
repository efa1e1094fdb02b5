"""The address of a dataset's template."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Blueprint, Response

from ckanext.satudata.shared import blobs
from ckanext.satudata.shared.asking import visitor

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_template", __name__)
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.route("/dataset/<id>/templat.xlsx")
def download(id: str) -> Any:
    """Give the template to who may hand in for the dataset."""
    asked = {"id": id[:200], "resource_id": tk.request.args.get("berkas", "")[:200]}
    try:
        made = tk.get_action("satudata_template_create")(visitor(), asked)
        pieces = blobs.open(made["sha256"])
    except (tk.NotAuthorized, tk.ObjectNotFound, blobs.BlobMissingError):
        return tk.abort(404, tk._("Data ini tidak ada, atau bukan Anda penyusunnya."))
    except tk.ValidationError as error:
        tk.h.flash_error("; ".join(
            str(each) for value in error.error_dict.values()
            for each in (value if isinstance(value, list) else [value])))
        return tk.redirect_to("dataset.read", id=asked["id"])
    model.Session.remove()  # sending may take long: nobody waits for the connection
    answer = Response(pieces, content_type=_TYPE)
    answer.headers.set("Content-Disposition", "attachment", filename=made["filename"])
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    answer.content_length = made["size"]
    return answer
