"""``/dataset/<id>/tautan``: links of a dataset, for who may make them."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from flask import Blueprint, Response

from ckanext.satudata.domain.intake import links as law
from ckanext.satudata.links import limits, present, qr, store
from ckanext.satudata.links.model import UploadLink
from ckanext.satudata.shared.asking import ask_to_log_in, visitor
from ckanext.satudata.shared.private_pages import private

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_links", __name__)
blueprint.before_request(ask_to_log_in)
_FIELDS = ("label", "expires_at", "single", "max_mb", "phone", "email")


def _dataset(id: str) -> dict[str, Any]:
    """Return the dataset as the page names it; what is not theirs is not there."""
    try:
        package = tk.get_action("package_show")(visitor(), {"id": id[:200]})
        tk.check_access("satudata_upload_link_list", visitor(), {"id": package["id"]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, _("Halaman ini tidak ada, atau bukan untuk Anda."))
    return package


@blueprint.route("/dataset/<id>/tautan")
def index(id: str) -> Response:
    """Show the links of a dataset, and the form that makes one.

    Who writes the data and may make none learns here who does, for colleagues speak of this page.
    """
    try:
        tk.check_access("satudata_upload_link_list", visitor(), {"id": id[:200]})
    except tk.NotAuthorized:
        return _who_makes_them(id)
    return _page(_dataset(id), {}, {}, 200)


def _who_makes_them(id: str) -> Response:
    try:
        tk.check_access("satudata_intake_create", visitor(), {"id": id[:200]})
        package = tk.get_action("package_show")(visitor(), {"id": id[:200]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, _("Halaman ini tidak ada, atau bukan untuk Anda."))
    return private(tk.render("satudata/tautan/others.html", {"pkg": package}))


@blueprint.route("/dataset/<id>/tautan", methods=["POST"])
def create(id: str) -> Any:
    """Make a link."""
    package = _dataset(id)
    typed = {name: tk.request.form.get(name, "") for name in _FIELDS}
    try:
        made = tk.get_action("satudata_upload_link_create")(
            visitor(), {**typed, "id": package["id"]})
    except tk.ValidationError as error:
        return _page(package, typed, error.error_dict, 400)
    return tk.h.redirect_to("satudata_links.index", id=package["name"], baru=made["id"])


@blueprint.route("/dataset/<id>/tautan/<uuid:link>/qr.svg")
def code(id: str, link: Any) -> Response:
    """Give the address of a link as a QR code."""
    row = _row(_dataset(id), link)
    [shown] = present.shown([row])
    if not shown["url"]:
        return tk.abort(404)
    page = private(qr.svg(shown["url"]))
    page.headers["Content-Type"] = "image/svg+xml"
    page.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    return page


@blueprint.route("/dataset/<id>/tautan/<uuid:link>/<step>", methods=["POST"])
def step(id: str, link: Any, step: str) -> Any:
    """Take a link back, or let it live longer."""
    package = _dataset(id)
    action, given, done = {
        "cabut": ("revoke", {}, _("Tautan dicabut. Yang sudah terkirim tetap tersimpan.")),
        "perpanjang": ("extend", {"days": tk.request.form.get("days", "7")},
                       _("Masa berlaku tautan diperpanjang.")),
    }.get(step) or tk.abort(404)
    _row(package, link)
    try:
        tk.get_action(f"satudata_upload_link_{action}")(visitor(), {"id": str(link), **given})
    except tk.NotAuthorized:
        return tk.abort(404)
    except tk.ValidationError as error:
        tk.h.flash_error(" ".join(
            text for texts in error.error_dict.values() if isinstance(texts, list)
            for text in texts), allow_html=False)
    else:
        tk.h.flash_success(done, allow_html=False)
    return tk.h.redirect_to("satudata_links.index", id=package["name"])


def _row(package: dict[str, Any], link: Any) -> UploadLink:
    """Return a link of this dataset."""
    row = store.find(str(link))
    if row is None or row.package_id != store.dataset_of(package["id"]).package_id:
        return tk.abort(404)
    return row


def _page(
    package: dict[str, Any], typed: dict[str, str], errors: dict[str, Any], status: int
) -> Response:
    page = private(tk.render("satudata/tautan/index.html", {
        "pkg": package, "links": tk.get_action("satudata_upload_link_list")(
            visitor(), {"id": package["id"]}),
        "typed": typed, "new": tk.request.args.get("baru", ""),
        "errors": {name: texts for name, texts in errors.items() if isinstance(texts, list)},
        "labels": {name: _(label) for name, label in law.LABELS.items()},
        "days": law.DEFAULT_DAYS, "most_days": law.MAX_DAYS, "most_files": law.MAX_FILES,
        "megabytes": law.DEFAULT_MEGABYTES,
        "most_megabytes": limits.storage_size() // law.MEGABYTE,
        "forget_days": law.FORGET_SENDERS.days}))
    page.status_code = status
    return page
