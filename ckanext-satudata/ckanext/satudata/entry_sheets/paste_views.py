"""Page to paste a table into."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint

from ckanext.satudata.domain.intake import pasted
from ckanext.satudata.entry_sheets import handing
from ckanext.satudata.shared.asking import visitor

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_paste", __name__)
_PATH = "/dataset/<id>/tempel"
#: Bytes of the form: each of a text may be written as three (``%C3``).
_FORM = 3 * pasted.MAX_BYTES + 64 * 1024


@blueprint.url_value_preprocessor
def take_all(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Take what the page offers to take: Flask stops at half a megabyte, before anybody reads it.

    Nothing else runs so early; the check against forged forms reads the form already.
    """
    tk.request.max_form_memory_size = _FORM


def _package(id: str) -> dict[str, Any]:
    """Return the dataset to who may write it, or answer as if there was none."""
    context = visitor()
    try:
        tk.check_access("satudata_paste_submit", context, {"id": id[:200]})
        return tk.get_action("package_show")(context, {"id": id[:200]})
    except (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError):
        return tk.abort(404, tk._("Data ini tidak ada, atau bukan Anda penyusunnya."))


@blueprint.route(_PATH)
def show(id: str) -> Any:
    """Show the field."""
    return _page(_package(id), {}, {})


@blueprint.route(_PATH, methods=["POST"])
def submit(id: str) -> Any:
    """Hand in what was pasted; what cannot be taken stays in the field."""
    package, form = _package(id), tk.request.form
    given = {"text": form.get("text", ""), "html": form.get("html", ""),
             "replaces": form.get("replaces", "")}
    try:
        made = tk.get_action("satudata_paste_submit")(
            visitor(), {"id": package["id"], **given})
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ValidationError as error:
        said = [str(each) for name, value in error.error_dict.items()
                if name not in ("conflict", "state", "version")
                for each in (value if isinstance(value, list) else [value])]
        return _page(package, given, {"errors": said}), 409 if "conflict" in (
            error.error_dict) else 400
    return tk.redirect_to(handing.next_page(made))


def _page(package: dict[str, Any], given: dict[str, str], more: dict[str, Any]) -> str:
    return tk.render("satudata/entry_sheets/paste.html", {
        "pkg": package, "given": {name: value[:2 * pasted.MAX_BYTES]
                                  for name, value in given.items()},
        "errors": [], "most": pasted.MAX_BYTES,
        "replaces": given.get("replaces") or tk.request.args.get("ganti", "")[:200], **more})
