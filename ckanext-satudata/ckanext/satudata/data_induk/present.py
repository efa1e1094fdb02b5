"""How lists and rows look as dictionaries: the same for actions, pages and JSON."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from flask import has_request_context

from ckanext.satudata import config
from ckanext.satudata.data_induk import rows
from ckanext.satudata.data_induk.finding import Induk, uri
from ckanext.satudata.data_induk.retired import Retired
from ckanext.satudata.domain import vocabulary, wilayah
from ckanext.satudata.domain.data_induk import Column
from ckanext.satudata.domain.errors import UnknownCodeError
from ckanext.satudata.domain.federation.terms import iri, segment

__all__ = ["cells", "gone", "language", "listed", "row"]

_WILAYAH = "wilayah"


def listed(of: Induk) -> dict[str, Any]:
    """Return a list without its rows."""
    return {
        "name": of.name, "title": of.title, "note": of.notes, "uri": of.uri,
        "dataset": of.dataset, "dataset_id": of.package_id,
        "resource_id": of.master.resource, "file": of.file, "key": of.master.key,
        "label": of.master.label, "owner": of.owner, "owner_name": of.owner_name,
        "modified": of.changed.isoformat(),
        "columns": [_column(each) for each in of.columns],
    }


def _column(of: Column) -> dict[str, str]:
    return {name: value for name, value in {
        "name": of.name, "type": of.type, "title": of.title, "description": of.description,
        "satuan": of.unit, "kode_referensi": of.reference, "data_induk": of.master,
        "rdfType": of.meaning,
    }.items() if value}


def row(of: Induk, found: rows.Row) -> dict[str, Any]:
    """Return a row: its code and name, its address, and its cells by column."""
    code = rows.text(found.get(of.master.key))
    return {"code": code, "name": rows.text(found.get(of.master.label)) or code,
            "uri": uri(of.name, code), "values": found}


def gone(of: Induk, found: Retired) -> dict[str, Any]:
    """Return what a row was that is no more."""
    return {"code": found.code, "name": found.name or found.code, "uri": uri(of.name, found.code),
            "values": dict(found.row), "last_version": found.number, "until": found.until}


def cells(of: Induk, values: dict[str, Any], lang: str) -> list[dict[str, Any]]:
    """Return the cells of a row for people: label, value, unit, and what the value refers to."""
    return [{
        "name": each.name, "label": each.label, "note": each.description,
        "value": rows.text(values.get(each.name)), "number": each.type in ("integer", "number"),
        "unit": _unit(each.unit, lang), **_meaning(each, rows.text(values.get(each.name)), lang),
    } for each in of.columns]


def _unit(code: str, lang: str) -> str:
    known = vocabulary.get("satuan")
    if code not in known:
        return code
    return known[code].notation or known[code].label(lang)


def _meaning(column: Column, value: str, lang: str) -> dict[str, str]:
    """Return where the code in a cell leads and what it is called, both empty for other values."""
    nothing = {"href": "", "meaning": ""}
    if not value:
        return nothing
    if column.master:
        return {"href": uri(column.master, value), "meaning": ""}
    if column.reference == _WILAYAH:
        try:
            area = wilayah.get(value)
        except UnknownCodeError:
            return nothing
        return {"href": _concept(_WILAYAH, area.code), "meaning": wilayah.display(area.code)}
    if column.reference in vocabulary.names():
        known = vocabulary.get(column.reference)
        if value in known:
            return {"href": _concept(column.reference, value), "meaning": known[value].label(lang)}
    found = iri(value) if value.startswith(("http://", "https://")) else None
    return {"href": str(found or ""), "meaning": ""}


def _concept(name: str, code: str) -> str:
    return f"{config.alamat()}/kode-referensi/{name}/{segment(code)}"


def language() -> str:
    """Return the language of the request, outside of one the site's own."""
    chosen = tk.request.environ.get("CKAN_LANG") if has_request_context() else None
    return str(chosen or tk.config.get("ckan.locale_default") or "id")
