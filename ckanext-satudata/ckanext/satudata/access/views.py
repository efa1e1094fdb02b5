"""Files of datasets: the way to their bytes, and what is said to whoever may not open them.

These routes stand before CKAN's of the same address: the first registered wins.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, g, jsonify

from ckanext.satudata.access import download as bytes_of
from ckanext.satudata.access import opening
from ckanext.satudata.access.log import NotRecordedError
from ckanext.satudata.access.model import AccessGrant
from ckanext.satudata.domain.access import Level
from ckanext.satudata.domain.csv_line import csv_line
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.shared import moment, withheld
from ckanext.satudata.shared.asking import visitor
from ckanext.satudata.shared.signals import file_opened

__all__ = ["blueprint", "refusal", "send_to_holder"]

blueprint = Blueprint("satudata_access", __name__)
#: Each type's own address; a route that took the type as a variable would lose to CKAN's.
_TYPES = ("dataset", "kegiatan", "indikator")
#: Lines of the log in one answer of the action.
_PAGE = 1000
_NO_LOG = N_("Catatan unduhan sedang tidak dapat ditulis, jadi berkas yang dibatasi tidak dibuka. "
             "Coba lagi beberapa menit lagi.")


def download(id: str, resource_id: str, filename: str | None = None) -> Any:
    """Send a file, or lead to where it lies."""
    context = visitor()
    try:
        resource = tk.get_action("resource_show")(dict(context), {"id": resource_id})
        tk.check_access("package_show", dict(context), {"id": id})
    except tk.ObjectNotFound:
        tk.abort(404, tk._("Berkas ini tidak ada."))
    except tk.NotAuthorized:
        tk.abort(403, tk._("Berkas ini belum terbit, atau hanya untuk orang yang diberi hak."))
    package = model.Session.get(model.Package, resource["package_id"])
    restricted = opening.level(package).restricted
    refused = restricted and _refusal(context, package, resource)
    if refused:
        return refused
    if resource.get("url_type") == "upload":
        return bytes_of.send(resource, filename, restricted)
    return _lead(package, resource, restricted)


def file(id: str, resource_id: str) -> Any:
    """Lead those entitled to a file that lies elsewhere; its address is told nobody else."""
    return download(id, resource_id)


for _type in _TYPES:
    _start = f"/{_type}/<id>/resource/<resource_id>"
    _end = "" if _type == "dataset" else f"_{_type}"
    for _path in ("download", "download/<filename>"):
        blueprint.add_url_rule(f"{_start}/{_path}", f"download{_end}", download)
    blueprint.add_url_rule(f"{_start}/berkas", f"file{_end}", file)


def send_to_holder(grant: AccessGrant, resource_id: str) -> Any:
    """Send a file to somebody without an account, who holds the link of a granted request.

    Whether the link is theirs is asked by the caller; what is asked here is whether it opens this.
    """
    resource = model.Session.get(model.Resource, resource_id)
    package = resource and model.Session.get(model.Package, resource.package_id)
    if resource is None or package is None or package.id != grant.package_id or not (
            opening.is_public(package) and grant.permit.opens(resource_id, moment.now())):
        tk.abort(404, tk._("Izin ini tidak, atau tidak lagi, membuka berkas itu."))
    shown = tk.get_action("resource_show")({"ignore_auth": True}, {"id": resource_id})
    if shown.get("url_type") == "upload":
        return bytes_of.send(shown, None, True, grant=grant.id)
    return _lead(package, shown, True, grant=grant.id)


@blueprint.before_app_request
def closed_elsewhere() -> Any:
    """Send restricted files our way from whatever address CKAN has for them.

    Each type of dataset has its own, those of other plugins too, and CKAN serves any dataset's
    file at any of them.
    """
    endpoint, given = tk.request.endpoint or "", tk.request.view_args or {}
    if not endpoint.endswith("resource.download") or "resource_id" not in given:
        return None
    resource = model.Session.get(model.Resource, given["resource_id"])
    package = resource and model.Session.get(model.Package, resource.package_id)
    if not package or not opening.level(package).restricted:
        return None
    return download(given["id"], given["resource_id"], given.get("filename"))


@blueprint.app_errorhandler(tk.NotAuthorized)
def refused(error: tk.NotAuthorized) -> Any:
    """Say why, where a page of CKAN or of another plugin did not expect to be refused."""
    return tk.render("error_document_template.html", {
        "code": 403, "name": tk._("Tidak ada izin"), "content": str(error.message or ""),
        "show_login_redirect_link": False}), 403


def _lead(
    package: model.Package, resource: dict[str, Any], restricted: bool, grant: str | None = None
) -> Response:
    url = withheld.address_of(resource["id"]) or resource.get("url")
    if not url or not withheld.is_elsewhere({**resource, "url": url}):
        tk.abort(404, tk._("Berkas ini tidak tersedia."))
    # By HEAD as well: the address is all there is to take.
    file_opened.send(package.id, resource_id=resource["id"], number=None, sha256=None,
                     way="tautan", rows=None, grant=grant)
    answer = tk.redirect_to(withheld.location(url))
    return bytes_of.closed(answer) if restricted else answer


def _refusal(context: dict[str, Any], package: model.Package, resource: dict[str, Any]) -> Any:
    """Say what a restricted file is and how to get it, ``None`` to who may open it."""
    try:
        tk.check_access("satudata_file_open", dict(context), {
            "id": package.id, "resource_id": resource["id"]})
    except tk.NotAuthorized as error:
        return refusal(package, resource, str(error.message))
    return None


def refusal(package: model.Package, resource: dict[str, Any], message: str) -> Any:
    """Return the answer (403) to who may not open a restricted file: a page, or JSON."""
    ask = _ask(package)
    if not _reads_pages():
        answer = jsonify({"success": False, "error": {
            "__type": "Authorization Error", "message": message, "request_access": ask}})
    else:
        answer = Response(tk.render("satudata/access/refused.html", {
            "package": package, "resource": resource, "ask": ask,
            "closed": opening.level(package) is Level.TERTUTUP, "pkg_dict": None,
            "back": tk.h.url_for(f"{package.type}.read", id=package.name)}))
    answer.status_code = 403
    return bytes_of.closed(answer)


def _reads_pages() -> bool:
    """Tell whether somebody looks at it with a browser: programs ask for anything, or by token."""
    headers = tk.request.headers
    return "text/html" in headers.get("Accept", "") and not (
        headers.get("Authorization") or headers.get(tk.config["apitoken_header_name"]))


def _ask(package: model.Package) -> str:
    """Return the address of the form that asks for it."""
    if tk.h.satudata_has_route("satudata_access_requests.ask"):
        return tk.url_for("satudata_access_requests.ask", id=package.name, qualified=True)
    return tk.url_for("dataset.read", id=package.name, qualified=True) + "/minta-akses"


@blueprint.route("/akses/unduhan.csv")
def log_as_csv() -> Any:
    """Give the log of downloads that a filter of the desk shows, as a table."""
    asked = {name: tk.request.args[name] for name in (
        "id", "user", "organization", "right", "grant_id", "since", "until")
        if tk.request.args.get(name)}
    try:
        first = tk.get_action("satudata_download_list")({}, {**asked, "limit": _PAGE})
    except tk.NotAuthorized:
        tk.abort(403, tk._("Catatan unduhan hanya untuk walidata, PPID, dan instansi pembuat."))
    except tk.ValidationError as error:
        tk.abort(400, "; ".join(str(each) for each in error.error_summary.values()))
    answer = Response("".join(_table(first, asked)), mimetype="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename="catatan-unduhan.csv")
    return bytes_of.closed(answer)


def _table(first: dict[str, Any], asked: dict[str, Any]) -> Iterator[str]:
    yield "\ufeff"  # a spreadsheet takes it for UTF-8
    yield csv_line(["waktu", "pengguna", "nama", "dataset", "judul", "berkas", "versi", "cara",
                    "hak", "izin", "byte", "baris"])
    page, offset = first, 0
    while page["results"]:
        for each in page["results"]:
            who = each["user"] or {}
            yield csv_line([
                each["at"], who.get("name"), who.get("fullname"), each["dataset"]["name"],
                each["dataset"]["title"], each["resource_name"], each["number"], each["way"],
                each["right"], each["grant_id"], each["size"], each["rows"]])
        offset += _PAGE
        if offset >= min(first["count"], 100_000):
            return
        page = tk.get_action("satudata_download_list")(
            {}, {**asked, "limit": _PAGE, "offset": offset})


@blueprint.app_errorhandler(NotRecordedError)
def not_recorded(error: NotRecordedError) -> Any:
    """Refuse restricted data while the log cannot be written."""
    return bytes_of.closed(Response(tk.render("error_document_template.html", {
        "code": 503, "name": tk._("Belum bisa dibuka"), "show_login_redirect_link": False,
        "content": tk._(_NO_LOG)}), status=503))


@blueprint.after_app_request
def unavailable(response: Response) -> Response:
    """Answer 503 where CKAN's API took the refusal for a fault."""
    if not g.get("satudata_not_recorded") or not tk.request.path.startswith("/api/"):
        return response
    answer = jsonify({"success": False, "error": {
        "__type": "Service Unavailable", "message": tk._(_NO_LOG)}})
    answer.status_code = 503
    return bytes_of.closed(answer)
