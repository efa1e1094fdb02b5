"""The catalog and its datasets in RDF, at the addresses of ckanext-dcat.

Our routes are registered before those of ckanext-dcat, so they win; its endpoints stay, for
``url_for`` and for what is not ours to answer (series, a draft in RDF for who may read it).
"""
from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckanext.dcat.helpers import endpoints_enabled
from ckanext.dcat.utils import read_dataset_page
from flask import Blueprint, Response
from rdflib import Graph
from werkzeug.exceptions import HTTPException

from ckanext.satudata.domain.federation.joined import Stored, unpacked
from ckanext.satudata.domain.federation.syntaxes import SERVED, fragment, page, standalone
from ckanext.satudata.domain.federation.writing import Writer
from ckanext.satudata.federation.feed import catalog, dumping
from ckanext.satudata.federation.feed.answering import (
    Answer,
    current,
    preflight,
    refused,
    send,
    streamed,
    version_of,
)
from ckanext.satudata.federation.feed.reading import Reading
from ckanext.satudata.federation.site import site
from ckanext.satudata.shared import snapshot
from ckanext.satudata.shared.programs import tell_in_words, words_for_programs

__all__ = ["blueprint"]

#: What a browser asks for; who asks for it before any RDF gets the page.
_HTML = ("text/html", "application/xhtml+xml")
_TYPES = {SERVED[name].content_type.partition(";")[0]: name for name in (
    "ttl", "xml", "jsonld", "nt", "n3")}


@current
def read_catalog(reading: Reading, _format: str) -> Response:
    """Send a page of the catalog."""
    return _page(reading, catalog.known(_format))


def _page(reading: Reading, extension: str) -> Response:
    return send(catalog.answer(reading, catalog.asked(extension, tk.request.args.to_dict())))


@current
def read_dataset(reading: Reading, _id: str, _format: str) -> Any:
    """Send one dataset."""
    catalog.known(_format)
    found = _dataset(reading, _id, _format)
    if found is None:
        snapshot.begin()
        answer = read_dataset_page(_id, _format)
        if not tk.current_user.is_authenticated:  # what anybody reads, any page may
            answer.headers["Access-Control-Allow-Origin"] = "*"
        return answer
    return found


def _dataset(reading: Reading, name_or_id: str, extension: str) -> Response | None:
    """Send a public dataset from the feed, ``None`` where it is not there or asked otherwise."""
    if tk.request.args.get("profiles"):
        return None
    syntax = SERVED[extension]
    found = reading.one(name_or_id[:200])
    if found is None:
        return _gone() if reading.is_gone(name_or_id[:200]) else None

    def parts() -> list[Stored | bytes]:
        rows = reading.rows(syntax.name, lambda slot: slot == found.slot)
        return list(page(syntax, [unpacked(each.piece) for each in rows]))

    return send(Answer(
        syntax.content_type, version_of(extension, found.package_id, found.sequence), parts,
        found.changed_at))


def _gone() -> Response | None:
    """Say that a dataset left; to who may still read it, as its makers may, nothing is gone."""
    return None if tk.current_user.is_authenticated else refused(tk._(
        "Data ini sudah ditarik dari portal. Hapus juga salinan Anda."), 410)


@current
def dump(_reading: Reading, extension: str) -> Any:
    """Send the whole catalog in one compressed file, as it is read."""
    if extension not in dumping.DUMPS:
        tk.abort(404)
    content_type, make = dumping.DUMPS[extension]
    return streamed(make(), content_type, f"catalog.{extension}.gz")


@current
def start(reading: Reading) -> Any:
    """Send the catalog in the syntax a reader asks for, or show who comes with a browser how."""
    wanted = _wanted()
    if wanted is None:
        return tk.h.redirect_to("satudata_feed_guide.show", name="memanen")
    response = _page(reading, wanted)
    response.vary.add("Accept")
    return response


def _wanted() -> str | None:
    """Return the RDF syntax that is asked for before HTML."""
    best = tk.request.accept_mimetypes.best_match([*_HTML, *_TYPES], default=_HTML[0])
    return _TYPES.get(best)


def negotiate() -> Any:
    """Answer a page in RDF to who asks for that: its address is an IRI in our graphs."""
    if not _is_negotiated() or tk.request.method not in ("GET", "HEAD"):
        return None
    wanted = _wanted()
    if wanted is None:
        return None
    arguments = tk.request.view_args or {}
    identifier = str(arguments.get("id") or arguments.get("_id") or "")
    if not identifier:
        return read_catalog(wanted)
    if tk.request.endpoint == _OFFICE:
        return _organization(identifier, wanted)
    if "resource_id" in arguments and not _is_part(str(arguments["resource_id"]), identifier):
        return None
    try:
        return read_dataset(identifier, wanted)
    except HTTPException as error:
        return tell_in_words(error)


def _organization(name_or_id: str, extension: str) -> Response | None:
    """Send who makes data; ``None`` where there is nobody, which its page says."""
    try:
        found = tk.get_action("organization_show")({}, {
            "id": name_or_id[:200], "include_users": False, "include_dataset_count": False})
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return None
    graph = Graph(bind_namespaces="none")
    ref = Writer(graph, site()).organization(found)
    if ref is None:
        return None
    syntax = SERVED[extension]
    body = standalone(syntax, fragment(syntax, graph, ref))
    return send(Answer(syntax.content_type, version_of(body), lambda: [body]))


def _is_part(resource_id: str, dataset: str) -> bool:
    """Tell whether a file is one of a dataset, whose RDF says what the file is."""
    found = model.Resource.get(resource_id.replace("\x00", "")[:200])
    return found is not None and dataset in (found.package_id, found.package.name)


def _is_negotiated() -> bool:
    return tk.request.path == "/" or tk.request.endpoint in _PAGES


#: What describes data and has an address of its own, which a dataset names.
_DESCRIBING = ("kegiatan", "indikator")
_OFFICE = "organization.read"
#: Pages of a dataset: CKAN's, and the one ckanext-dcat puts before it where it negotiates itself;
#: of its files, of who makes it and of what describes it.
_PAGES = frozenset({"dataset.read", "dcat.read_dataset", "dataset_resource.read", _OFFICE,
                    *(f"{kind}.read" for kind in _DESCRIBING)})


def varied(response: Any) -> Any:
    """Tell caches that a page answers one way or another."""
    if _is_negotiated():
        response.vary.add("Accept")
    return response


def blueprint() -> Blueprint:
    """Return the routes; called when the configuration is known."""
    made = Blueprint("satudata_feed", __name__)
    made.after_request(preflight)
    words_for_programs(made)
    if endpoints_enabled():
        address = str(tk.config.get("ckanext.dcat.catalog_endpoint") or "/catalog.{_format}")
        made.add_url_rule(address.replace("{_format}", "<extension>.gz"), view_func=dump)
        made.add_url_rule(address.replace("{_format}", "<_format>"), view_func=read_catalog)
        made.add_url_rule(address.replace(".{_format}", ""), view_func=start)
        for kind in ("dataset", *_DESCRIBING):
            made.add_url_rule(f"/{kind}/<_id>.<_format>", view_func=read_dataset)
        made.before_app_request(negotiate)
        made.after_app_request(varied)
    return made
