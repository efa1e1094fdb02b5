"""``/dataset/<id>/nilai-metadata`` and ``/nilai-metadata``: points of a dataset, and of all."""
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


@blueprint.route("/nilai-metadata")
def overview() -> Any:
    """Show the points of all datasets, by OPD, to whoever watches over them."""
    try:
        found = tk.get_action("satudata_mqa_list")(visitor(), {})
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Halaman ini untuk walidata dan yang memantau data."))
    return tk.render("satudata/nilai/overview.html", {"found": found})
