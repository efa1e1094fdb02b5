"""``/data-induk[/<name>[/<code>]]``: every row has an address that answers for ever.

The address of a row is ``/id/<name>/<code>``, which ``shared/row_addresses.py`` leads here.

A page for people, and JSON, CSV and RDF for programs, by the end of the address or by ``Accept``.
While a new version of a table is put in place the answer is 503 (``tables/views.py``).
"""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import Page
from flask import Blueprint, Response

from ckanext.satudata.data_induk import finding, machine, present, rows
from ckanext.satudata.data_induk.finding import Induk, Missing
from ckanext.satudata.data_induk.retired import Retired, retired
from ckanext.satudata.domain.data_induk import is_code, nearest
from ckanext.satudata.shared import forms
from ckanext.satudata.shared.row_addresses import PAGES

__all__ = ["blueprint"]

blueprint = Blueprint("satudata_data_induk", __name__)

_MAX_QUERY = 200
#: Codes that are compared for "did you mean": those that begin alike.
_ALIKE = 50


def index() -> Response:
    """List all Data Induk of the portal."""
    found = tk.get_action("satudata_data_induk_list")({}, {})
    if forms.asked(forms.split(tk.request.path)[1]) == "json":
        return machine.as_json(found)
    return machine.as_page("index", {"results": found["results"]})


def show(name: str) -> Response:
    """Show a list: its rows by code, a hundred a page, searched with ``q``."""
    name, suffix = forms.split(name)
    form = forms.asked(suffix)
    of = finding.find(name)
    if isinstance(of, Missing):
        return _no_list(of, name, form)
    query = tk.request.args.get("q", "")[:_MAX_QUERY].replace("\x00", "").strip()
    if form == "csv" and not query:
        return tk.redirect_to(of.file)
    number = _page_number()
    if number is None:
        return _no_page(of, form)
    found = rows.page(of, query, (number - 1) * rows.PAGE)
    if number > 1 and not found.rows:
        return _no_page(of, form)
    if form == forms.HTML:
        return _list_page(of, found, number, query)
    if form == "csv":
        return machine.sheet(found.rows, of)
    if form == "json":
        return machine.as_json({**present.listed(of), "count": found.count, "page": number,
                                "results": [present.row(of, each) for each in found.rows]})
    return machine.listing(of, found, number, form, suffix, query)


def _page_number() -> int | None:
    """Return the page asked for, nothing for what is no number of a page."""
    text = tk.request.args.get("page") or "1"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 and int(text) else None


def _list_page(of: Induk, found: rows.Page, number: int, query: str) -> Response:
    def url(**values: Any) -> str:
        more = {"q": query} if query else {}
        return tk.h.url_for("satudata_data_induk.show", name=of.name, page=values["page"], **more)

    pager = Page(collection=range(found.count), page=number, url=url, items_per_page=rows.PAGE)
    lang = present.language()
    shown = [{**present.row(of, each), "cells": _others(of, present.cells(of, each, lang))}
             for each in found.rows]
    columns = [each for each in of.columns if each.name not in (of.master.key, of.master.label)]
    return machine.as_page("list", {
        "induk": present.listed(of), "results": shown, "pager": pager, "q": query,
        "count": found.count, "columns": columns[:_SHOWN], "more": len(columns) - _SHOWN,
        "key": of.master.column(of.master.key), "label": of.master.column(of.master.label)})


#: Columns beside code and name that a page of a list shows; a row's own page has all.
_SHOWN = 4


def _others(of: Induk, cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in cells
            if each["name"] not in (of.master.key, of.master.label)][:_SHOWN]


def row(name: str, code: str) -> Response:
    """Show a row: its cells, what they refer to, and where it stands."""
    of = finding.find(name)
    suffix, found = "", None
    if isinstance(of, Induk):
        found = rows.one(of, code)
    if found is None:
        code, suffix = forms.split(code)
        if suffix and isinstance(of, Induk):
            found = rows.one(of, code)
    form = forms.asked(suffix)
    if isinstance(of, Missing):
        return _no_list(of, name, form)
    if found is None:
        gone = retired(of).get(code)
        return _retired(of, gone, form) if gone else _no_row(of, code, form)
    shown = present.row(of, found)
    if form == forms.HTML:
        return machine.as_page("row", {
            "induk": present.listed(of), "row": shown,
            "cells": present.cells(of, found, present.language())})
    if form == "json":
        return machine.as_json({**shown, "list": present.listed(of)})
    if form == "csv":
        return machine.sheet([found], of)
    return machine.concept(of, found, shown["uri"], form)


def _retired(of: Induk, gone: Retired, form: str) -> Response:
    """Answer 410 and say what it was: the code is never given again."""
    said = present.gone(of, gone)
    if form == forms.HTML:
        return machine.as_page("retired", {
            "induk": present.listed(of), "row": said,
            "cells": present.cells(of, dict(gone.row), present.language())}, 410)
    return machine.missing(form, tk._(
        "Kode {code} ({name}) tidak berlaku lagi sejak {day}; terakhir ada di versi {number}."
    ).format(code=gone.code, name=gone.name, day=gone.until, number=gone.number), 410,
        {"retired": said})


def _no_row(of: Induk, code: str, form: str) -> Response:
    near = _near(of, code)
    message = tk._("Kode “{code}” tidak ada di “{title}”.").format(
        code=code[:60], title=of.title)
    if form == forms.HTML:
        return machine.as_page("missing", {
            "induk": present.listed(of), "message": message, "near": near}, 404)
    return machine.missing(form, message, 404, {"suggestion": near["uri"] if near else None})


@blueprint.errorhandler(rows.NoTableError)
def no_table(error: rows.NoTableError) -> Response:
    """Say that a list has no rows to show: its file was published without a table."""
    asked = tk.request.view_args or {}
    form = forms.asked(forms.split(str(asked.get("code") or asked.get("name") or ""))[1])
    message = str(error.message)
    if form == forms.HTML:
        return machine.as_page("missing", {"induk": None, "message": message, "near": None}, 404)
    return machine.missing(form, message, 404)


def _near(of: Induk, code: str) -> dict[str, Any] | None:
    """Return the row somebody probably meant, among those whose code begins alike."""
    if not is_code(code):
        return None
    for length in (len(code) - 1, len(code) // 2):
        alike = {rows.text(each.get(of.master.key)): each
                 for each in (rows.alike(of, code[:length], _ALIKE) if length > 1 else ())}
        found = nearest(code, alike)
        if found:
            return present.row(of, alike[found])
    return None


def _no_page(of: Induk, form: str) -> Response:
    message = tk._("Halaman itu tidak ada di daftar ini.")
    if form == forms.HTML:
        return machine.as_page("missing", {
            "induk": present.listed(of), "message": message, "near": None}, 404)
    return machine.missing(form, message, 404)


def _no_list(why: Missing, name: str, form: str) -> Response:
    """Say why there is no list: hidden data is told to nobody."""
    messages = {
        Missing.UNKNOWN: (404, tk._("Tidak ada Data Induk bernama “{name}”.")),
        Missing.CLOSED: (403, tk._("Baris Data Induk “{name}” tidak terbuka untuk umum.")),
        Missing.ENDED: (410, tk._("“{name}” tidak lagi Data Induk.")),
        Missing.INCOMPLETE: (404, tk._(
            "Tabel Data Induk “{name}” belum menyebut kolom kode dan namanya.")),
    }
    status, message = messages[why]
    message = message.format(name=name[:60])
    if form == forms.HTML:
        return machine.as_page("missing", {"induk": None, "message": message, "near": None}, status)
    return machine.missing(form, message, status)


blueprint.add_url_rule(PAGES, view_func=index, strict_slashes=False)
blueprint.add_url_rule(f"{PAGES}.json", endpoint="index_json", view_func=index)
blueprint.add_url_rule(f"{PAGES}/<name>", view_func=show, strict_slashes=False)
blueprint.add_url_rule(f"{PAGES}/<name>/<code>", view_func=row, strict_slashes=False)
