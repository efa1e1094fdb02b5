"""Vocabularies as programs read them: RDF, CSV and JSON, page by page, 304 where nothing changed.

Whether an answer changed is known before it is made: from the edition of the vocabulary, the
address of the portal and the software, which together decide every byte.
"""
from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple
from threading import Lock
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Response
from rdflib import Literal, URIRef
from werkzeug.http import is_resource_modified

from ckanext.satudata import config
from ckanext.satudata.domain.federation.joined import Stored, deflated
from ckanext.satudata.domain.federation.paging import HYDRA, Links, link_header, page_url
from ckanext.satudata.domain.federation.skos import Entry, Scheme, sheets
from ckanext.satudata.domain.federation.skos.triples import (
    PAGE,
    Triple,
    catalog_triples,
    concept_triples,
    page_triples,
    scheme_iri,
)
from ckanext.satudata.domain.federation.syntaxes import SERVED, fragment, page
from ckanext.satudata.domain.federation.terms import RDF, RDFS
from ckanext.satudata.shared import software
from ckanext.satudata.shared.answering import (
    Answer,
    opened,
    refused,
    send,
    send_made,
    streamed,
    version_of,
)
from ckanext.satudata.vocabulary import present

__all__ = [
    "as_json", "catalog", "concept", "is_a_page", "links_of", "listing", "missing", "page_number",
]

#: A list of so many codes is one CSV made at once; a longer one is sent as it is made.
_AT_ONCE = 2000
_CSV = "text/csv; charset=utf-8"


def _version(*said: object) -> str:
    return version_of(software.digest("vocabulary/*.py"), astuple(present.site()), *said)


def _edition(scheme: Scheme) -> tuple[object, ...]:
    return scheme.name, scheme.version, scheme.modified, present.today()


def _varied(response: Response, suffix: str) -> Response:
    """Tell caches that the address answers in several forms, where its end names none."""
    if not suffix:
        response.vary.add("Accept")
    return response


# ---------------------------------------------------------------- pages
def page_number() -> int | None:
    """Return the page asked for, nothing for what is no number of a page."""
    text = tk.request.args.get("page") or "1"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 and int(text) else None


def is_a_page(scheme: Scheme, query: str) -> bool:
    """Tell whether the page asked for is there: what is searched is one."""
    number = page_number()
    return number is not None and number <= (1 if query else max(1, -(-scheme.size // PAGE)))


def links_of(scheme: Scheme, number: int, suffix: str) -> Links | None:
    """Return where the other pages are, nothing where one holds all."""
    if scheme.size <= PAGE:
        return None
    base = str(scheme_iri(present.site(), scheme.name)) + (f".{suffix}" if suffix else "")
    last = -(-scheme.size // PAGE)
    others = {"first": 1, "previous": number - 1, "next": number + 1, "last": last}
    return Links(
        page_url(base, {}, page=number) if number > 1 else base, scheme.size, PAGE,
        {name: page_url(base, {}, page=at) for name, at in others.items() if 1 <= at <= last},
    )


# ---------------------------------------------------------------- answers
#: Pages made last, compressed, by their version: a page is asked for far more often than a list
#: changes. So many are some three megabytes in each process.
_KEPT: dict[str, Stored] = {}
_MOST_KEPT = 64
_keeping = Lock()


def _kept(version: str, make: Callable[[], bytes]) -> Stored:
    found = _KEPT.get(version)
    if found is None:
        found = deflated(make())
        with _keeping:
            while len(_KEPT) >= _MOST_KEPT:
                del _KEPT[next(iter(_KEPT))]
            _KEPT[version] = found
    return found


def _rdf(
    form: str, suffix: str, version: str, triples: Iterable[Triple], subject: URIRef,
    headers: dict[str, str] | None = None, keep: bool = False,
) -> Response:
    syntax = SERVED[form]

    def made() -> bytes:
        return fragment(syntax, triples, subject)

    def parts() -> Sequence[Stored | bytes]:
        return list(page(syntax, [_kept(version, made) if keep else made()]))

    return _varied(send(Answer(syntax.content_type, version, parts, headers=headers or {})), suffix)


def as_json(answer: dict[str, Any], suffix: str, status: int = 200) -> Response:
    """Send what is said as JSON."""
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    return _varied(send_made(body, "application/json", status), suffix)


def _csv(scheme: Scheme, entries: Sequence[Entry], suffix: str, version: str) -> Response:
    return _varied(
        send(Answer(_CSV, version, lambda: [sheets.rows(scheme, entries)])), suffix)


def catalog(schemes: Sequence[Scheme], form: str, suffix: str) -> Response:
    """Send the list of all vocabularies as RDF or CSV."""
    version = _version("catalog", form, *map(_edition, schemes))
    if form == "csv":
        rows = [present.described(each, "id") for each in schemes]
        return _varied(send(Answer(
            _CSV, version, lambda: [sheets.table(_LISTED, rows)])), suffix)
    site = present.site()
    return _rdf(form, suffix, version, catalog_triples(schemes, site),
                URIRef(f"{site.url}/kode-referensi"), keep=True)


_LISTED = ("name", "title_id", "title_en", "note", "size", "version", "modified", "source", "uri")


def listing(scheme: Scheme, form: str, suffix: str, query: str) -> Response:
    """Send a vocabulary as RDF or CSV: a page of it, or what a text means in it."""
    if form == "csv":
        return _sheet(scheme, suffix, query)
    number = page_number()
    if number is None or not is_a_page(scheme, query):
        return missing(form, suffix, tk._("Halaman tidak ada"))
    links = links_of(scheme, number, suffix) if not query else None
    version = _version("listing", form, suffix, query, number, _edition(scheme))
    site = present.site()

    def triples() -> Iterator[Triple]:
        entries = (scheme.find(query, PAGE) if query
                   else scheme.window((number - 1) * PAGE, PAGE))
        yield from page_triples(scheme, entries, site, links, number == 1, not query)

    headers = {"Link": link_header(links)} if links is not None else {}
    return _rdf(form, suffix, version, triples(), scheme_iri(site, scheme.name), headers,
                keep=not query)


def _sheet(scheme: Scheme, suffix: str, query: str) -> Response:
    version = _version("csv", query, _edition(scheme))
    if query:
        return _csv(scheme, scheme.find(query, PAGE), suffix, version)
    if scheme.size <= _AT_ONCE:
        return _csv(scheme, scheme.window(0, scheme.size), suffix, version)
    etag = f'"{version}"'
    if not is_resource_modified(tk.request.environ, etag):
        response = streamed(iter(()), _CSV, f"{scheme.name}.csv")
        response.status_code = 304
    else:
        response = streamed(sheets.whole(scheme), _CSV, f"{scheme.name}.csv")
    response.headers["ETag"] = etag
    return _varied(response, suffix)


def concept(scheme: Scheme, of: Entry, form: str, suffix: str) -> Response:
    """Send one code as RDF or CSV."""
    version = _version("concept", form, of.code, _edition(scheme))
    if form == "csv":
        return _csv(scheme, [of], suffix, version)
    site = present.site()
    return _rdf(form, suffix, version, concept_triples(scheme, of, site),
                URIRef(present.uri(scheme.name, of.code)))


def missing(form: str, suffix: str, message: str, near: str = "") -> Response:
    """Say in the form asked for that there is nothing here, and what may have been meant."""
    if form not in SERVED:
        return _varied(refused(message, 404), suffix)
    node = URIRef(config.alamat() + tk.request.path)
    said: list[Triple] = [
        (node, RDF.type, HYDRA.Error), (node, HYDRA.statusCode, Literal(404)),
        (node, HYDRA.title, Literal(message, lang=present.language()[:2])),
    ]
    if near:
        said.append((node, RDFS.seeAlso, URIRef(near)))
    syntax = SERVED[form]
    response = refused("", 404)
    response.set_data(b"".join(
        part for part in page(syntax, [fragment(syntax, said, node)]) if isinstance(part, bytes)))
    response.content_type = syntax.content_type
    return _varied(opened(response, {}), suffix)
