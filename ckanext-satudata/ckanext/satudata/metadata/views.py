"""Pages of the metadata room: start next year's dataset from an existing one."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.views.dataset import CreateView
from flask import Blueprint

from ckanext.satudata.shared.asking import visitor

__all__ = ["get_blueprint"]


def copy(id: str) -> Any:
    """Show the form of a new dataset, filled from an existing one; POST goes to the usual form."""
    context = visitor()
    try:
        data = tk.get_action("satudata_dataset_copy")(context, {"id": id})
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Dataset tidak ada."))
    except tk.NotAuthorized:
        return tk.abort(
            403, tk._("Anda belum boleh menyalin dataset ini. Masuk sebagai produsen datanya.")
        )
    except tk.ValidationError as error:
        return tk.abort(400, "; ".join(str(value) for value in error.error_summary.values()))
    source = tk.get_action("package_show")(context, {"id": id})
    data["_salin"] = source["name"]
    data["_salin_judul"] = source.get("title") or source["name"]
    data["tag_string"] = ", ".join(tag["name"] for tag in data.get("tags") or [])
    tk.g.form_action = tk.h.url_for("dataset.new")
    return CreateView().get("dataset", data=data)


def get_blueprint() -> Blueprint:
    """Return the blueprint ``satudata_metadata``."""
    blueprint = Blueprint("satudata_metadata", __name__)
    blueprint.add_url_rule("/dataset/salin/<id>", "copy", copy)
    return blueprint
