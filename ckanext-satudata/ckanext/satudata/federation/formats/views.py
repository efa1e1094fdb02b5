"""A dataset in the forms other programs take: Data Package, archive, Croissant, citation.

Whoever may read the page may read these, and nobody else: 404 as there. Nothing that is not
public is kept by a cache or read by a page of another site.
"""
from __future__ import annotations

import datetime as dt
import json
from typing import Any

import ckan.lib.signals as ckan_signals
import ckan.plugins.toolkit as tk
from babel.dates import format_date
from flask import Blueprint, Response
from werkzeug.http import is_resource_modified

from ckanext.satudata import config
from ckanext.satudata.domain.federation import croissant as croissants
from ckanext.satudata.domain.federation.data_package import as_text, data_package
from ckanext.satudata.domain.federation.joined import plain_page, unpacked
from ckanext.satudata.domain.federation.syntaxes import SERVED, page
from ckanext.satudata.domain.versions.citation import FORMATS
from ckanext.satudata.domain.workdays import local
from ckanext.satudata.federation.feed.answering import (
    Answer,
    PublicResponse,
    current,
    preflight,
    refused,
    send,
    streamed,
    version_of,
)
from ckanext.satudata.federation.feed.reading import Reading
from ckanext.satudata.federation.formats.reading import Shown, shown
from ckanext.satudata.federation.formats.zipping import Archive
from ckanext.satudata.federation.site import site
from ckanext.satudata.shared.asking import visitor
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.programs import words_for_programs
from ckanext.satudata.shared.signals import file_opened

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_formats", __name__)
blueprint.after_request(preflight)
words_for_programs(blueprint)


def _citation(found: Shown) -> dict[str, Any]:
    return tk.get_action("satudata_citation_show")(visitor(), {"id": found.record["id"]})


def _sent(text: str, content_type: str, is_public: bool, filename: str = "") -> PublicResponse:
    """Send a text, or 304 where the reader has it."""
    body = text.encode("utf-8")
    answer = send(Answer(content_type, version_of(body), lambda: [body]))
    if filename:
        answer.headers.set("Content-Disposition", "attachment", filename=filename)
    return answer if is_public else _closed(answer)


def _closed(answer: PublicResponse) -> PublicResponse:
    """Mark an answer that is for one person and once."""
    tk.request.environ["__no_cache__"] = True
    answer.cache = "private, no-store"
    for name in ("ETag", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers"):
        answer.headers.pop(name, None)
    return answer


@blueprint.route("/dataset/<id>/datapackage.json")
def package(id: str) -> Response:
    """Send the description of a dataset and its files as Data Package v2."""
    found = shown(id)
    made = data_package(found.record, site(), found.facts(), citation=_citation(found)["text"],
                        lost=found.lost)
    return _sent(as_text(made), "application/json", found.is_public)


@blueprint.route("/dataset/<id>/croissant.json")
@blueprint.route("/dataset/<id>/croissant.jsonld")
def tables(id: str) -> Response:
    """Send the tables of a dataset as Croissant; by the address of ckanext-dcat, too."""
    found = shown(id)
    said = _citation(found)
    made = croissants.croissant(found.record, site(), found.facts(), citation=said["bibtex"],
                                number=said["number"])
    return _sent(croissants.as_text(made), "application/ld+json", found.is_public)


@blueprint.route("/dataset/<id>/sitasi.<ending>")
def cite(id: str, ending: str) -> Response:
    """Send how a dataset is cited, for a reference manager: BibTeX, CSL-JSON or RIS."""
    if ending not in FORMATS:
        return tk.abort(404, tk._("Format kutipan: bib, json, atau ris."))
    try:
        said = tk.get_action("satudata_citation_show")(visitor(), {"id": id[:200]})
        is_public = not tk.get_action("package_show")(visitor(), {"id": id[:200]})["private"]
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return tk.abort(404, tk._("Dataset tidak ditemukan."))
    text = {"bib": said["bibtex"], "ris": said["ris"],
            "json": json.dumps([said["csl"]], ensure_ascii=False, indent=1) + "\n"}[ending]
    return _sent(text, f"{FORMATS[ending]}; charset=utf-8", is_public,
                 f"{said['key']}.{ending}")


# --------------------------------------------------------------------------- archive
@blueprint.route("/dataset/<id>/datapackage.zip")
def archive(id: str) -> Any:
    """Send a dataset with its files and what is known of them, in one archive."""
    planned = _planned(id)
    if isinstance(planned, Response):
        return planned
    made, found, said = planned
    limit = config.arsip_batas()
    if limit and made.size > limit:
        return refused(tk._(
            "Berkas dataset ini berukuran {size}, batas arsip {limit}. Unduh berkasnya satu per "
            "satu; alamatnya ada di {address}").format(
                size=tk.h.satudata_size(made.size), limit=tk.h.satudata_size(limit),
                address=tk.url_for("satudata_formats.package", id=found.record["name"],
                                   qualified=True, locale="default")), 403)
    # Weak: the times inside are those of the making.
    etag = f'W/"{_version(made)}"'
    if found.is_public and not is_resource_modified(tk.request.environ, etag):
        answer = PublicResponse(status=304)
    elif tk.request.method == "GET":
        _tell(made)
        answer = streamed(made.parts(), "application/zip", f"{said['key']}.zip")
    else:
        answer = streamed(iter(()), "application/zip", f"{said['key']}.zip")
    answer.headers["ETag"] = etag
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer if found.is_public else _closed(answer)


@current
def _planned(reading: Reading, id: str) -> Any:
    """Return what is to be sent, read of one moment."""
    found = shown(id)
    said = _citation(found)
    made_on = format_date(local(dt.datetime.now(dt.timezone.utc), config.zona_waktu()).date(),
                          "d MMMM y", locale="id")
    return Archive(
        found.record, site(), found.stored, found.facts(), found.lost, _turtle(reading, found),
        said["text"], made_on), found, said


def _turtle(reading: Reading, found: Shown) -> bytes:
    """Return the description of a dataset in RDF: the feed's, or one made for who may read it."""
    entry = reading.one(found.record["id"]) if found.is_public else None
    if entry is None:
        return tk.get_action("dcat_dataset_show")(
            visitor(), {"id": found.record["id"], "format": "ttl"}).encode("utf-8")
    syntax = SERVED["ttl"]
    rows = reading.rows(syntax.name, lambda slot: slot == entry.slot)
    return plain_page(list(page(syntax, [unpacked(each.piece) for each in rows])))


def _version(made: Archive) -> str:
    return version_of(
        made.record["metadata_modified"], made.turtle, made.citation, sorted(made.lost),
        [(each.resource["id"], each.sha256 or each.resource.get("last_modified"), each.size)
         for each in made.files])


def _tell(made: Archive) -> None:
    """Tell that files leave; the connection is free before they do."""
    with unit_of_work():
        for each in made.files:
            file_opened.send(
                made.record["id"], resource_id=each.resource["id"], number=None,
                sha256=each.sha256 or None, way="arsip", rows=None, size=each.size)
    for each in made.files:
        ckan_signals.resource_download.send(each.resource["id"])
