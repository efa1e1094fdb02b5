"""``/kode-referensi/<vocabulary>[/<code>]``: every IRI we mint answers, with a page or JSON.

JSON comes for ``Accept: application/json`` or with the suffix ``.json``. Perpres
39/2019 art. 36 has the portal give access to the kode referensi.
"""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint, Response, jsonify, make_response

from ckanext.satudata.domain import vocabulary, wilayah
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.vocabulary import present

__all__ = ["blueprint"]

_PER_PAGE = 100
_MAX_QUERY = 200
_SUFFIX = ".json"

blueprint = Blueprint("satudata_vocabulary", __name__)


def _wants_json(suffixed: bool) -> bool:
    if suffixed:
        return True
    best = tk.request.accept_mimetypes.best_match(["text/html", "application/json"], "text/html")
    return best == "application/json"


def _answer(as_json: bool, template: str, extra: dict[str, Any], status: int = 200) -> Response:
    """Return the same content as a page or as JSON; caches must keep the two apart."""
    if as_json:
        response = jsonify(extra["answer"])
        response.headers["Access-Control-Allow-Origin"] = "*"
    else:
        page = tk.render(f"satudata/kode_referensi/{template}", extra)
        response = make_response(page)
    response.status_code = status
    response.headers.add("Vary", "Accept")
    return response


def _split(name: str) -> tuple[str, bool]:
    return (name[: -len(_SUFFIX)], True) if name.endswith(_SUFFIX) else (name, False)


def _query() -> str:
    return tk.request.args.get("q", "")[:_MAX_QUERY].replace("\x00", "").strip()


def _page_number() -> int:
    text = tk.request.args.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1


def _url(route: str, **values: Any) -> str:
    return tk.h.url_for(f"satudata_vocabulary.{route}", **values)


def index() -> Response:
    """List all vocabularies."""
    results = present.schemes(present.language())
    return _answer(
        _wants_json(tk.request.path.endswith(_SUFFIX)), "index.html",
        {"answer": {"count": len(results), "results": results}, "results": results},
    )


def show(name: str) -> Response:
    """Show one vocabulary: its codes, searched with ``q``, a hundred a page."""
    name, suffixed = _split(name)
    as_json = _wants_json(suffixed)
    if name == present.WILAYAH:
        return _show_wilayah(as_json)
    try:
        found = vocabulary.get(name)
    except UnknownCodeError:
        return _not_found(as_json, name)
    query, lang = _query(), present.language()
    concepts = [present.concept(found, each, lang) for each in found.find(query)]
    scheme = present.scheme(found, lang)
    pager = _pager(concepts, query, name)
    return _answer(as_json, "vocabulary.html", {
        "answer": {**scheme, "count": len(concepts), "results": concepts},
        "scheme": scheme, "results": list(pager), "pager": pager, "q": query,
        "has_iri": any(each["iri"] for each in concepts),
        "has_notation": any(each["notation"] for each in concepts),
        "has_note": any(each["note"] for each in concepts),
    })


def _show_wilayah(as_json: bool) -> Response:
    query = _query()
    areas = wilayah.search(query, limit=_PER_PAGE) if query else wilayah.children()
    results = [present.area(each) for each in areas]
    scheme = present.wilayah_scheme(present.language())
    return _answer(as_json, "wilayah_index.html", {
        "answer": {**scheme, "count": len(results), "results": results},
        "scheme": scheme, "results": results, "q": query, "about": wilayah.about(),
        "cut": len(results) == _PER_PAGE,
    })


def _pager(items: list[Any], query: str, name: str) -> Any:
    def url(**values: Any) -> str:
        return _url("show", name=name, page=values["page"], **({"q": query} if query else {}))

    return Page(collection=items, page=_page_number(), url=url, items_per_page=_PER_PAGE)


def concept(name: str, code: str) -> Response:
    """Show one code: labels, validity, what it maps to; for an area also what lies in it."""
    code, suffixed = _split(code)
    as_json = _wants_json(suffixed)
    if name == present.WILAYAH:
        return _show_area(as_json, code)
    try:
        found = vocabulary.get(name)
        of = found[code]
    except UnknownCodeError:
        return _not_found(as_json, name, code)
    lang = present.language()
    result = present.concept(found, of, lang)
    narrower = [present.concept(found, each, lang) for each in found if each.parent == code]
    return _answer(as_json, "concept.html", {
        "answer": {**result, "vocabulary": present.scheme(found, lang),
                   "narrower": [each["uri"] for each in narrower]},
        "scheme": present.scheme(found, lang), "concept": result, "narrower": narrower,
        "broader": present.concept(found, found[of.parent], lang) if of.parent else None,
    })


def _show_area(as_json: bool, code: str) -> Response:
    try:
        of = wilayah.get(code)
        above = wilayah.parents(code)
    except UnknownCodeError:
        return _not_found(as_json, present.WILAYAH, code)
    below = [present.area(each) for each in wilayah.children(code)] if of.in_force else []
    result = present.area(of)
    scheme = present.wilayah_scheme(present.language())
    return _answer(as_json, "area.html", {
        "answer": {**result, "vocabulary": scheme,
                   "broader": [present.uri(present.WILAYAH, each.code) for each in above],
                   "narrower": [each["uri"] for each in below]},
        "scheme": scheme, "area": result, "children": below, "about": wilayah.about(),
        "parents": [present.area(each) for each in above],
        "successor": present.area(wilayah.get(of.successor)) if of.successor else None,
    })


def _not_found(as_json: bool, name: str, code: str = "") -> Response:
    """Answer 404 and lead on: to the code meant, its vocabulary, or the list of all."""
    lang = present.language()
    known = name == present.WILAYAH or name in vocabulary.names()
    near: dict[str, Any] | None = None
    if code and name == present.WILAYAH:
        area = wilayah.suggest(code)
        near = present.area(area) if area else None
    elif code and known:
        meant = vocabulary.get(name).nearest(code)
        near = present.concept(vocabulary.get(name), meant, lang) if meant else None
    answer = {"error": {"__type": "Not Found Error", "vocabulary": name, "code": code},
              "suggestion": near["uri"] if near else None}
    return _answer(as_json, "missing.html", {
        "answer": answer, "name": name, "code": code, "near": near,
        "title": present.title(name, lang) if known else "",
    }, status=404)


blueprint.add_url_rule("/kode-referensi", view_func=index, strict_slashes=False)
blueprint.add_url_rule("/kode-referensi.json", endpoint="index_json", view_func=index)
blueprint.add_url_rule("/kode-referensi/<name>", view_func=show, strict_slashes=False)
blueprint.add_url_rule("/kode-referensi/<name>/<code>", view_func=concept, strict_slashes=False)
