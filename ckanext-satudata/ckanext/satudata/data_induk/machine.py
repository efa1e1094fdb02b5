"""Lists and rows as programs read them, in the form asked for: RDF, CSV, JSON."""
from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Response, make_response
from rdflib import Literal, URIRef

from ckanext.satudata import config
from ckanext.satudata.data_induk import rows
from ckanext.satudata.data_induk.finding import Induk
from ckanext.satudata.domain.federation.mapping import Site
from ckanext.satudata.domain.federation.masters import Triple, list_triples, row_triples
from ckanext.satudata.domain.federation.paging import HYDRA, Links, link_header, page_url
from ckanext.satudata.domain.federation.syntaxes import SERVED, fragment, standalone
from ckanext.satudata.domain.federation.terms import RDF
from ckanext.satudata.shared.answering import send_made

__all__ = ["as_json", "as_page", "concept", "listing", "missing", "sheet"]

def site() -> Site:
    """Return the portal by the address where it answers."""
    return Site(url=config.alamat(), government=config.nama_pemerintah())


# ---------------------------------------------------------------- answers
def as_page(template: str, values: dict[str, Any], status: int = 200) -> Response:
    """Send a page for people."""
    response = make_response(tk.render(f"satudata/data_induk/{template}.html", values), status)
    response.vary.add("Accept")
    return response


def as_json(answer: Mapping[str, Any], status: int = 200) -> Response:
    """Send what is said as JSON."""
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":"), default=str)
    return _sent(body.encode() + b"\n", "application/json", status)


def sheet(found: Iterable[rows.Row], of: Induk) -> Response:
    """Send rows as CSV."""
    out = io.StringIO(newline="")
    names = [each.name for each in of.columns]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([rows.text(row.get(name)) for name in names] for row in found)
    return _sent(out.getvalue().encode(), "text/csv; charset=utf-8", 200)


def listing(of: Induk, found: rows.Page, number: int, form: str, suffix: str,
            query: str) -> Response:
    """Send a page of a list as RDF."""
    here = site()
    base = of.uri + (f".{suffix}" if suffix else "")
    said = {"q": query} if query else {}
    last = max(1, -(-found.count // rows.PAGE))
    others = {"first": 1, "previous": number - 1, "next": number + 1, "last": last}
    links = Links(
        page_url(base, said, page=number), found.count, rows.PAGE,
        {name: page_url(base, said, page=at) for name, at in others.items() if 1 <= at <= last})

    def triples() -> Iterable[Triple]:
        yield from list_triples(of.master, of.title, of.package_id, here, links)
        for row in found.rows:
            yield from row_triples(of.master, of.package_id, row, here)

    response = _rdf(form, triples(), URIRef(of.uri))
    response.headers["Link"] = link_header(links)
    return response


def concept(of: Induk, row: rows.Row, address: str, form: str) -> Response:
    """Send a row as RDF."""
    return _rdf(form, row_triples(of.master, of.package_id, row, site()), URIRef(address))


def missing(form: str, message: str, status: int, more: Mapping[str, Any] | None = None
            ) -> Response:
    """Say in the form asked for what is not here, and why.

    :param more: what a reader of JSON is told beside
    """
    if form in SERVED:
        node = URIRef(config.alamat() + tk.request.path)
        return _rdf(form, (
            (node, RDF.type, HYDRA.Error), (node, HYDRA.statusCode, Literal(status)),
            (node, HYDRA.title, Literal(message)),
        ), node, status)
    if form == "csv":
        return _sent(message.encode() + b"\n", "text/plain; charset=utf-8", status)
    return as_json({"error": {"message": message}, **(more or {})}, status)


def _rdf(form: str, triples: Iterable[Triple], subject: URIRef, status: int = 200) -> Response:
    syntax = SERVED[form]
    return _sent(standalone(syntax, fragment(syntax, triples, subject)), syntax.content_type,
                 status)


def _sent(body: bytes, content_type: str, status: int) -> Response:
    response = send_made(body, content_type, status)
    response.vary.add("Accept")
    return response
