"""The file of a setoran as it came: for whoever writes or inspects the data, never the public."""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.satudata.intake import present, store
from ckanext.satudata.shared import blobs
from ckanext.satudata.shared.asking import visitor
from ckanext.satudata.shared.attached import attached
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.signals import file_opened

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_intake_raw", __name__)


@blueprint.route("/dataset/<id>/setoran/<setoran>/berkas")
def raw(id: str, setoran: str) -> Any:
    """Give the file as it was handed in."""
    user = tk.current_user
    context = visitor()
    try:
        tk.check_access("satudata_intake_show", context, {"id": setoran})
        row = store.find(setoran)
        if row.purged_at is not None:
            raise tk.ObjectNotFound
        pieces = blobs.open(row.sha256)
    except (tk.NotAuthorized, tk.ObjectNotFound, blobs.BlobMissingError):
        return tk.abort(404, tk._("Kiriman ini tidak ada, atau bukan untuk Anda."))
    filename = row.filename
    with unit_of_work():
        file_opened.send(row.package_id, resource_id=present.name_of(row.id), number=None,
                         sha256=row.sha256, way="unduh", rows=None, user=user.name)
    model.Session.remove()  # sending may take long: nobody waits for the connection
    return attached(pieces, filename)
