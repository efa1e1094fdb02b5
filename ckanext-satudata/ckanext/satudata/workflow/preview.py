"""The table of a file as an inspector needs it: its first rows and those that carry a catatan."""
from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.inspection.flow import is_personal, mask

__all__ = ["MAX_COLUMNS", "MAX_TABLES", "has_table", "tables"]

MAX_TABLES = 4
MAX_COLUMNS = 40
FIRST_ROWS = 8
MARKED_ROWS = 60
MAX_CELL = 120
#: Cells up to this length stay on one line.
SHORT_CELL = 24
_NUMERIC = frozenset({"int", "int4", "int8", "float8", "numeric", "bigint", "integer", "double"})


def tables(
    resources: Sequence[Mapping[str, Any]], notes: Sequence[Mapping[str, Any]], context: Any
) -> list[dict[str, Any]]:
    """Return the tables of a submission's files that the datastore holds.

    :param notes: numbered catatan of the page (``number``, ``mark``, ``place``)
    :returns: ``id``, ``name``, ``total``, ``columns`` (``name``, ``label``, ``unit``, ``numeric``,
        ``pins``), ``hidden`` (number of columns not shown) and ``rows`` (``number``, ``pins``,
        ``cells`` of ``text`` and ``pins``, ``gap`` before it). Files with a catatan come first.
    """
    marked = {str((note.get("place") or {}).get("resource")) for note in notes}
    held = [each for each in resources if each.get("datastore_active") or has_table(each["id"])]
    held.sort(key=lambda each: each["id"] not in marked)
    found: list[dict[str, Any]] = []
    for each in held[:MAX_TABLES]:
        of = [note for note in notes if (note.get("place") or {}).get("resource") == each["id"]]
        table = _table(each, of, context)
        if table:
            found.append(table)
    return found


def has_table(resource: str) -> bool:
    """Tell whether a file has a table, whatever its description says.

    The table answers whoever may read the file, also where ``datastore_active`` was set to false
    or a write ended half-way: an inspector must see what the public would.
    """
    if not p.plugin_loaded("datastore"):
        return False
    from ckanext.datastore.backend import DatastoreBackend

    return DatastoreBackend.get_active_backend().resource_exists(resource)


def _table(
    resource: Mapping[str, Any], notes: Sequence[Mapping[str, Any]], context: Any
) -> dict[str, Any] | None:
    wanted = sorted({row for note in notes if (row := _row(note)) is not None})[:MARKED_ROWS]
    first = _search(context, {"resource_id": resource["id"], "limit": FIRST_ROWS, "sort": "_id"})
    if first is None:
        return None
    records = list(first["records"])
    missing = [row for row in wanted if row not in {each["_id"] for each in records}]
    if missing:
        more = _search(context, {"resource_id": resource["id"], "filters": {"_id": missing},
                                 "limit": MARKED_ROWS, "sort": "_id", "include_total": False})
        records += more["records"] if more else []
    fields = [each for each in first["fields"] if each["id"] != "_id"]
    marked = {str((note.get("place") or {}).get("column") or "") for note in notes}
    shown = [each for at, each in enumerate(fields) if at < MAX_COLUMNS or each["id"] in marked]
    described = {str(each.get("name")): each
                 for each in tk.h.satudata_columns(resource.get("skema"))}
    columns = [_column(each, described.get(each["id"], {}), notes) for each in shown]
    return {
        "id": resource["id"],
        "name": resource.get("name") or tk.h.resource_display_name(resource),
        "total": first.get("total", 0),
        "columns": columns,
        "hidden": len(fields) - len(shown),
        "rows": _rows(records, columns, notes),
    }


def _search(context: Any, query: dict[str, Any]) -> dict[str, Any] | None:
    """Ask the datastore; a table that is being replaced or is gone is no reason to fail."""
    with contextlib.suppress(tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return tk.get_action("datastore_search")(dict(context), query)
    return None


def _row(note: Mapping[str, Any]) -> int | None:
    value = (note.get("place") or {}).get("row")
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 10 else None


def _column(
    field: Mapping[str, Any], described: Mapping[str, Any], notes: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    name = field["id"]
    unit = str(described.get("satuan") or "")
    return {
        "name": name,
        "label": str(described.get("title") or name)[:MAX_CELL],
        "unit": str(tk.h.satudata_label("satuan", unit)) if unit else "",
        "numeric": str(field.get("type", "")).split("(")[0] in _NUMERIC,
        "pins": [note for note in notes
                 if (note["place"].get("column") == name) and _row(note) is None],
    }


def _rows(
    records: Sequence[Mapping[str, Any]], columns: Sequence[Mapping[str, Any]],
    notes: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    names = {column["name"] for column in columns}
    personal = {note["place"].get("column") for note in notes
                if note["open"] and note["severity"] == "wajib"
                and is_personal(note.get("check_name") or "")}
    rows: list[dict[str, Any]] = []
    before = 0
    for record in sorted(records, key=lambda each: each["_id"]):
        number = record["_id"]
        here = [note for note in notes if _row(note) == number]
        rows.append({
            "number": number,
            "gap": number != before + 1,
            "pins": [note for note in here if note["place"].get("column") not in names],
            "cells": [{
                "text": _text(mask(record.get(column["name"])) if column["name"] in personal
                              else record.get(column["name"])),
                "numeric": column["numeric"],
                "short": len(str(record.get(column["name"]) or "")) <= SHORT_CELL,
                "pins": [n for n in here if n["place"].get("column") == column["name"]],
            } for column in columns],
        })
        before = number
    return rows


def _text(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= MAX_CELL else f"{text[:MAX_CELL]}…"
