"""``/kode-referensi/<vocabulary>[/<code>]``: every IRI we mint answers, to people and programs.

A page by default; Turtle, RDF/XML, JSON-LD, N-Triples, CSV and JSON by ``Accept`` or by the
end of the address (``.ttl``, ``.xml``, ``.jsonld``, ``.nt``, ``.csv``, ``.json``). Perpres
39/2019 art. 36 has the portal give access to the kode referensi. What a walidata edits has
addresses of its own, whose words no code may take.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint, Response, make_response

from ckanext.satudata.domain import vocabulary, wilayah, wilayah_bps
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.federation import skos
from ckanext.satudata.domain.federation.skos import Scheme
from ckanext.satudata.domain.federation.skos.triples import FORMS, PAGE
from ckanext.satudata.shared import forms
from ckanext.satudata.shared.answering import preflight
from ckanext.satudata.vocabulary import machine, present
from ckanext.satudata.vocabulary.usage import used_by

__all__ = ["blueprint"]

_PER_PAGE = 100
_MAX_QUERY = 200
#: Codes of one JSON answer, unless it is a page of a longer list.
_MOST = 1000

blueprint = Blueprint("satudata_vocabulary", __name__)
blueprint.after_request(preflight)


def _query() -> str:
    return tk.request.args.get("q", "")[:_MAX_QUERY].replace("\x00", "").strip()


def _page_number() -> int:
    return machine.page_number() or 1


def _url(route: str, **values: Any) -> str:
    return tk.h.url_for(f"satudata_vocabulary.{route}", **values)


def _page(template: str, extra: dict[str, Any], status: int = 200) -> Response:
    """Return a page, which caches must keep apart from what a program gets at its address."""
    response = make_response(tk.render(f"satudata/kode_referensi/{template}", extra))
    response.status_code = status
    response.headers.add("Vary", "Accept")
    return response


def _offered(route: str, **values: str) -> list[dict[str, str]]:
    """Return the forms of an address, for its page to offer."""
    last = list(values)[-1] if values else ""

    def address(suffix: str) -> str:
        if not last:
            return _url("index_in_form", suffix=suffix)
        return _url(route, **{**values, last: f"{values[last]}.{suffix}"})

    return [{"title": form.title, "type": form.media_type, "url": address(form.suffix)}
            for form in FORMS]


# ---------------------------------------------------------------- the list of vocabularies
def index(suffix: str = "") -> Response:
    """List all vocabularies."""
    if suffix and suffix not in forms.SUFFIXES:
        tk.abort(404)
    form, lang = forms.asked(suffix), present.language()
    if form not in (forms.HTML, "json"):
        return machine.catalog([present.published(name) for name in skos.names()], form, suffix)
    results = present.schemes(lang)
    if form == "json":
        return machine.as_json({"count": len(results), "results": results}, suffix)
    return _page("index.html", {"results": results, "offered": _offered("index")})


# ---------------------------------------------------------------- one vocabulary
def show(name: str) -> Response:
    """Show one vocabulary: its codes, searched with ``q``, page by page."""
    name, suffix = forms.split(name, lambda text: text in skos.names())
    form = forms.asked(suffix)
    try:
        scheme = present.published(name)
    except UnknownCodeError:
        return _not_found(form, suffix, name)
    if form not in (forms.HTML, "json"):
        return machine.listing(scheme, form, suffix, _query())
    if form == "json":
        if not machine.is_a_page(scheme, _query()):
            return machine.as_json({"error": {
                "__type": "Not Found Error", "message": tk._("Halaman tidak ada")}}, suffix, 404)
        return machine.as_json(_listed(scheme, suffix), suffix)
    if name == present.WILAYAH:
        return _show_wilayah(scheme)
    if name == present.WILAYAH_BPS:
        return _show_bps(scheme)
    return _show_list(scheme)


def _listed(scheme: Scheme, suffix: str) -> dict[str, Any]:
    """Return a vocabulary as JSON: what is searched, a page, or the beginning of the hierarchy.

    A list is whole, or its first thousand codes. Of the 90,000 areas it is the provinces, and
    ``first`` is the first of the pages that hold all.
    """
    lang, query = present.language(), _query()
    about = present.described(scheme, lang)
    number = machine.page_number() or 1
    links = machine.links_of(scheme, number, suffix or "json")
    paged = links is not None and not query and "page" in tk.request.args
    if query:
        codes = [each.code for each in scheme.find(query, _MOST)]
    elif paged:
        codes = [each.code for each in scheme.window((number - 1) * PAGE, PAGE)]
    elif _is_list(scheme):
        codes = [each.code for each in vocabulary.get(scheme.name)][:_MOST]
    else:
        codes = [*scheme.tops()]
    if query and scheme.name == present.WILAYAH:
        codes = codes[:_PER_PAGE]
    answer = {**about, "count": scheme.size if paged else len(codes),
              "results": [_dictionary(scheme, code, lang) for code in codes]}
    if links is not None:
        others: Mapping[str, str] = links.others
        answer.update({key: address for key, address in others.items() if paged or key == "first"})
        answer["first"] = f"{links.others['first'].partition('?')[0]}?page=1"
    return answer


def _is_list(scheme: Scheme) -> bool:
    return scheme.name not in (present.WILAYAH, present.WILAYAH_BPS)


def _dictionary(scheme: Scheme, code: str, lang: str) -> dict[str, Any]:
    if scheme.name == present.WILAYAH:
        return present.area(wilayah.get(code))
    if scheme.name == present.WILAYAH_BPS:
        return present.area_of_bps(code)
    found = vocabulary.get(scheme.name)
    return present.concept(found, found[code], lang)


def _show_list(scheme: Scheme) -> Response:
    query, lang = _query(), present.language()
    found = vocabulary.get(scheme.name)
    concepts = [present.concept(found, each, lang) for each in found.find(query)]
    pager = _pager(concepts, query, scheme.name)
    return _page("vocabulary.html", {
        "scheme": present.described(scheme, lang), "results": list(pager), "pager": pager,
        "q": query, "offered": _offered("show", name=scheme.name),
        "has_iri": any(each["iri"] for each in concepts),
        "has_notation": any(each["notation"] for each in concepts),
        "has_note": any(each["note"] for each in concepts),
        "has_days": any(each["valid_from"] or each["valid_to"] for each in concepts),
        "retired": {each.code for each in scheme.window(0, scheme.size) if each.retired},
    })


def _show_wilayah(scheme: Scheme) -> Response:
    query = _query()
    areas = wilayah.search(query, limit=_PER_PAGE) if query else wilayah.children()
    results = [present.area(each) for each in areas]
    return _page("wilayah_index.html", {
        "scheme": present.described(scheme, present.language()), "results": results, "q": query,
        "about": wilayah.about(), "cut": len(results) == _PER_PAGE,
        "offered": _offered("show", name=scheme.name),
    })


def _show_bps(scheme: Scheme) -> Response:
    query = _query()
    codes = ([each.code for each in wilayah_bps.search(query, _PER_PAGE)] if query
             else wilayah_bps.children())
    return _page("bps_index.html", {
        "scheme": present.described(scheme, present.language()), "q": query,
        "results": [present.area_of_bps(code) for code in codes],
        "cut": len(codes) == _PER_PAGE, "offered": _offered("show", name=scheme.name),
    })


def _pager(items: list[Any], query: str, name: str) -> Any:
    def url(**values: Any) -> str:
        return _url("show", name=name, page=values["page"], **({"q": query} if query else {}))

    return Page(collection=items, page=_page_number(), url=url, items_per_page=_PER_PAGE)


# ---------------------------------------------------------------- one code
def concept(name: str, code: str) -> Response:
    """Show one code: labels, validity, what it maps to, what lies above and below."""
    try:
        scheme = present.published(name)
    except UnknownCodeError:
        code, suffix = forms.split(code)
        return _not_found(forms.asked(suffix), suffix, name, code)
    code, suffix = forms.split(code, lambda text: _has(scheme, text))
    form = forms.asked(suffix)
    try:
        of = scheme.entry(code)
    except UnknownCodeError:
        return _not_found(form, suffix, name, code)
    if form not in (forms.HTML, "json"):
        return machine.concept(scheme, of, form, suffix)
    lang = present.language()
    result = _dictionary(scheme, code, lang)
    above = _above(scheme, of.broader or of.part_of)
    if form == "json":
        return machine.as_json({
            **result, "vocabulary": present.described(scheme, lang),
            **({"broader": [present.uri(name, each) for each in above]}
               if not _is_list(scheme) else {}),
            "narrower": [present.uri(name, each) for each in of.narrower],
            "retired": of.retired, "matches": present.related(of),
            "predecessors": [present.uri(name, each) for each in of.predecessors],
        }, suffix)
    extra: dict[str, Any] = {
        "scheme": present.described(scheme, lang), "concept": result, "retired": of.retired,
        "matches": present.related(of), "usage": used_by(name, code),
        "offered": _offered("concept", name=name, code=code),
        "parents": [_dictionary(scheme, each, lang) for each in above],
        "narrower": [_dictionary(scheme, each, lang) for each in of.narrower],
        "successor": _dictionary(scheme, of.successor, lang) if of.successor else None,
        "predecessors": [_dictionary(scheme, each, lang) for each in of.predecessors],
    }
    if name == present.WILAYAH:
        return _page("area.html", {**extra, "area": result, "about": wilayah.about()})
    if name == present.WILAYAH_BPS:
        return _page("bps_area.html", {
            **extra, "note": of.note_en if lang.startswith("en") else of.note_id,
            "area": present.area(wilayah.get(result["kode_kemendagri"])),
        })
    return _page("concept.html", extra)


def _has(scheme: Scheme, code: str) -> bool:
    try:
        scheme.entry(code)
    except UnknownCodeError:
        return False
    return True


def _above(scheme: Scheme, code: str) -> list[str]:
    """Return the codes above, nearest first; a list that goes round in a circle ends."""
    found: list[str] = []
    while code and code not in found and _has(scheme, code):
        found.append(code)
        of = scheme.entry(code)
        code = of.broader or of.part_of
    return found


# ---------------------------------------------------------------- nothing here
def _not_found(form: str, suffix: str, name: str, code: str = "") -> Response:
    """Answer 404 and lead on: to the code meant, its vocabulary, or the list of all."""
    near = _near(name, code) if code and name in skos.names() else None
    if form == "json":
        return machine.as_json({
            "error": {"__type": "Not Found Error", "vocabulary": name, "code": code},
            "suggestion": near["uri"] if near else None,
        }, suffix, status=404)
    if form != forms.HTML:
        message = tk._("Kode tidak ditemukan")
        return machine.missing(form, suffix, message, near["uri"] if near else "")
    return _page("missing.html", {
        "name": name, "code": code, "near": near,
        "title": present.title(name, present.language()) if name in skos.names() else "",
    }, status=404)


def _near(name: str, code: str) -> dict[str, Any] | None:
    if name == present.WILAYAH:
        area = wilayah.suggest(code)
        return present.area(area) if area else None
    if name == present.WILAYAH_BPS:
        found = wilayah_bps.search(code, limit=1)
        return present.area_of_bps(found[0].code) if found else None
    meant = vocabulary.get(name).nearest(code)
    return present.concept(vocabulary.get(name), meant, present.language()) if meant else None


blueprint.add_url_rule("/kode-referensi", view_func=index, strict_slashes=False)
blueprint.add_url_rule("/kode-referensi.<suffix>", endpoint="index_in_form", view_func=index)
blueprint.add_url_rule("/kode-referensi/<name>", view_func=show, strict_slashes=False)
blueprint.add_url_rule("/kode-referensi/<name>/<code>", view_func=concept, strict_slashes=False)
