"""Pages of versions: the list, a dataset as it was, what changed, its files and citations."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, make_response

from ckanext.satudata.domain.versions import citation
from ckanext.satudata.shared.asking import visitor
from ckanext.satudata.shared.blobs import BlobMissingError
from ckanext.satudata.versions import citing, reading, sending
from ckanext.satudata.versions.reading import Row
from ckanext.satudata.versions.show import filename_of, iso

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_versions", __name__)

#: Versions on one page of the list.
PER_PAGE = 50
_WRITERS: Mapping[str, Callable[[citation.Cited], str]] = {
    "bib": citation.bibtex, "json": citation.csl, "ris": citation.ris}


def _package(identifier: str) -> dict[str, Any]:
    """Return the dataset as it is now, or answer 404: hidden data is told to nobody."""
    try:
        return tk.get_action("package_show")(visitor(), {"id": identifier[:200]})
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return tk.abort(404, tk._("Dataset tidak ditemukan."))


def _page(template: str, package: Mapping[str, Any], **more: Any) -> str:
    return tk.render(f"satudata/versions/{template}.html", {
        "pkg": package, "pkg_dict": package, "dataset_type": package.get("type") or "dataset",
        **more})


@blueprint.route("/dataset/<id>/versi")
def index(id: str) -> Any:
    """List the versions of a dataset."""
    package = _package(id)
    page = min(tk.h.get_page_number(tk.request.args), 10_000)
    found = tk.get_action("satudata_version_list")(
        visitor(), {"id": package["id"], "limit": PER_PAGE, "offset": (page - 1) * PER_PAGE})
    if page > 1 and not found["results"]:
        return tk.h.redirect_to("satudata_versions.index", id=package["name"])
    return _page("index", package, versions=found["results"], count=found["count"], page=page,
                 more=found["count"] > page * PER_PAGE)


@blueprint.route("/dataset/<id>/versi/<int:number>")
def show(id: str, number: int) -> Any:
    """Show a dataset as one of its versions said it."""
    package = _package(id)
    try:
        version = tk.get_action("satudata_version_show")(
            visitor(), {"id": package["id"], "number": number})
    except (tk.ObjectNotFound, tk.ValidationError):
        return _missing(package, number)
    kind = str(version["content"].get("type") or package["type"])
    return _page("show", package, version=version, content=version["content"],
                 schema=tk.h.scheming_get_dataset_schema(kind) or {"dataset_fields": []})


def _missing(package: Mapping[str, Any], number: int) -> Any:
    """Say that a version is gone, where there was one; whoever followed a citation must know."""
    gone = model.Session.scalars(reading.of_number(str(package["id"]), number)).first()
    if gone is None:
        return tk.abort(404, tk._("Versi ini tidak ada."))
    return make_response(_page(
        "gone", package, number=number, purged=gone.purged_at is not None,
        at=iso(gone.purged_at or gone.withdrawn_at)), 410)


# ------------------------------------------------------------------------------- files


@blueprint.route("/dataset/<id>/versi/<int:number>/berkas/<resource_id>")
@blueprint.route("/dataset/<id>/versi/<int:number>/berkas/<resource_id>/<path:filename>")
def file(id: str, number: int, resource_id: str, filename: str = "") -> Any:
    """Give the bytes of a file as a version had it, for ever under the same address."""
    package, row = _row(id, number)
    if row is None or row.version.purged_at is not None:
        return _missing(_package(id), number)
    found = reading.file_of(row.version, resource_id)
    if found is None:
        return tk.abort(404, tk._("Versi ini tidak memuat berkas itu."))
    try:
        tk.check_access("satudata_file_open", visitor(), {
            "id": package.id, "resource_id": found.resource_id, "number": row.number})
    except tk.NotAuthorized:
        return make_response(_page("closed", _package(id), number=row.number), 403)
    if filename != filename_of(found):
        return tk.redirect_to("satudata_versions.file", id=id, number=number,
                              resource_id=resource_id, filename=filename_of(found))
    if not (found.sha256 or found.table_sha256):
        if found.url and tk.h.is_url(found.url):
            return sending.elsewhere(package, row, found)
        return tk.abort(404, tk._("Berkas ini tidak disimpan di portal."))
    try:
        return sending.send(package, row, found)
    except BlobMissingError:
        return tk.abort(404, tk._("Berkas ini tidak ada lagi di penyimpanan."))


def _row(id: str, number: int) -> tuple[model.Package, Row | None]:
    context = visitor()
    try:
        package = reading.dataset_of(context, id[:200])
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("Dataset tidak ditemukan."))
    return package, reading.one(context, package, number)


@blueprint.route("/dataset/<id>/versi/<int:number>/kutip.<ending>")
def cite(id: str, number: int, ending: str) -> Any:
    """Give the citation of a version to a reference manager: BibTeX, CSL-JSON or RIS."""
    if ending not in _WRITERS:
        return tk.abort(404, tk._("Format kutipan: bib, json, atau ris."))
    package, row = _row(id, number)
    if row is None:
        return _missing(_package(id), number)
    of = replace(citing.cited(
        row.producer, row.title, package.name, row.number, row.version.published_at),
        accessed=citing.today())
    answer = Response(_WRITERS[ending](of), content_type=(
        f"{citation.FORMATS[ending]}; charset=utf-8"))
    answer.headers.set("Content-Disposition", "attachment", filename=f"{of.key}.{ending}")
    return answer


# -------------------------------------------------------------------------- comparing


@blueprint.route("/dataset/<id>/versi/banding")
def choose(id: str) -> Any:
    """Lead from the form of two versions to their comparison."""
    chosen = [tk.request.args.get(name, "") for name in ("dari", "ke")]
    if not all(each.isascii() and each.isdigit() and len(each) < 10 for each in chosen):
        return tk.redirect_to("satudata_versions.index", id=id)
    old, new = sorted(map(int, chosen))
    if old == new:
        tk.h.flash_notice(tk._("Pilih dua versi yang berbeda."))
        return tk.redirect_to("satudata_versions.index", id=id)
    return tk.redirect_to("satudata_versions.compare", id=id, old=old, new=new)


@blueprint.route("/dataset/<id>/versi/<int:old>/banding/<new>")
def compare(id: str, old: int, new: str) -> Any:
    """Show what changed between two versions, or since one in the working copy (``draf``)."""
    package = _package(id)
    to = "draf" if new == "draf" else int(new) if new.isascii() and new.isdigit() else 0
    try:
        changes = tk.get_action("satudata_version_diff")(
            visitor(), {"id": package["id"], "from": old, "to": to})
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return tk.abort(404, tk._("Salah satu versi ini tidak ada, atau sudah ditarik."))
    return _page("compare", package, changes=changes, old=old, new=to)
