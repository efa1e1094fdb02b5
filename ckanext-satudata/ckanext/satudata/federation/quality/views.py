"""``/dataset/<id>/nilai-metadata``: the points of a dataset, and what gives more."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.satudata.shared.asking import visitor

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_mqa", __name__)


@blueprint.route("/dataset/<id>/nilai-metadata")
def show(id: str) -> Any:
    """Show the points of a dataset to whoever may read it."""
    try:
        package = tk.get_action("package_show")(visitor(), {"id": id[:200]})
        score = tk.get_action("satudata_mqa_show")(visitor(), {"id": package["id"]})
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return tk.abort(404, tk._("Dataset tidak ditemukan."))
    return tk.render("satudata/nilai/show.html", {
        "pkg": package, "pkg_dict": package, "dataset_type": package["type"], "score": score})
