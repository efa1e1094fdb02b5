"""``/seri/<organization>/<code>``: datasets that follow one another, as a page and as RDF."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.dcat.utils import dataset_uri
from flask import Blueprint, Response, make_response
from rdflib import Graph

from ckanext.satudata.domain.federation.series import code_of, in_order, series_iri, write_series
from ckanext.satudata.domain.federation.syntaxes import SERVED, fragment, standalone
from ckanext.satudata.domain.federation.writing import Writer
from ckanext.satudata.federation.site import site
from ckanext.satudata.shared.answering import Answer, preflight, send, version_of
from ckanext.satudata.shared.programs import words_for_programs

__all__ = ["blueprint"]

#: A series of days over three years; longer ones are no list to read.
_MOST = 1000

blueprint = Blueprint("satudata_series", __name__)
blueprint.after_request(preflight)
words_for_programs(blueprint)


@blueprint.route("/seri/<organization>/<code>")
def show(organization: str, code: str) -> Response:
    """Show the datasets of a series, oldest period first."""
    records = _members(organization, code)
    ours = {syntax.content_type.partition(";")[0]: name for name, syntax in SERVED.items()}
    best = tk.request.accept_mimetypes.best_match(["text/html", *ours], "text/html")
    if best != "text/html":
        answer = as_rdf(organization, code, ours[best])
    else:
        answer = make_response(tk.render("satudata/seri/read.html", {
            "title": records[-1]["seri"], "records": records, "code": code,
            "organization": records[-1]["organization"],
            "address": str(series_iri(site(), records[-1]["owner_org"], code))}))
    answer.headers.add("Vary", "Accept")
    return answer


@blueprint.route("/seri/<organization>/<code>.<any(ttl,xml,rdf,jsonld,nt,n3):suffix>")
def as_rdf(organization: str, code: str, suffix: str) -> Response:
    """Answer a series as RDF."""
    records, ours = _members(organization, code), site()
    graph = Graph(bind_namespaces="none")
    ref = series_iri(ours, records[-1]["owner_org"], code)
    write_series(Writer(graph, ours), ref, records, [dataset_uri(dict(each)) for each in records])
    syntax = SERVED[suffix]
    body = standalone(syntax, fragment(syntax, graph, ref))
    return send(Answer(syntax.content_type, version_of(body), lambda: [body]))


def _members(organization: str, code: str) -> list[Mapping[str, Any]]:
    """Return the datasets of a series that the reader may see; aborts where there are none."""
    found: list[Mapping[str, Any]] = []
    if code and code == code_of(code):
        try:
            owner = tk.get_action("organization_show")({}, {
                "id": organization, "include_datasets": False})["id"]
        except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
            owner = ""
        if owner:
            found = tk.get_action("package_search")({}, {
                "fq": f'owner_org:"{owner}" AND vocab_seri:"{code}" AND dataset_type:dataset',
                "rows": _MOST})["results"]
    if not found:
        tk.abort(404, tk._("Tidak ada dataset publik dalam seri ini."))
    return in_order(found)
