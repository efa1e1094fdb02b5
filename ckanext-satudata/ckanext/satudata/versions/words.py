"""What pages say of versions and of what changed between two."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.metadata_values import N_

__all__ = ["bar", "changes", "moment", "summed"]

#: Fields a phrase names before it counts the others.
_NAMED = 3
_FILES = (("added", N_("{num} berkas baru")), ("changed", N_("{num} berkas diperbarui")),
          ("removed", N_("{num} berkas dihapus")))
#: Part of the picture -> its words.
_ROWS = (("same", N_("{num} baris sama")), ("changed", N_("{num} baris berubah")),
         ("added", N_("{num} baris baru")), ("removed", N_("{num} baris dihapus")))


def moment(value: Any) -> dt.datetime:
    """Return an aware moment from what an action or the database gave."""
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value.replace("Z", "+00:00"))
    return value if value.tzinfo is not None else value.replace(tzinfo=dt.timezone.utc)


def changes(said: Mapping[str, Any], kind: str) -> list[str]:
    """Return short phrases: which fields, and how many files."""
    found = [tk._(text).format(num=tk.h.satudata_number(int(said.get("files", {}).get(name) or 0)))
             for name, text in _FILES if int(said.get("files", {}).get(name) or 0)]
    names = [str(each) for each in said.get("fields") or []]
    if names:
        labels = labels_of(kind)
        named = [labels.get(each, each) for each in names]
        text = tk._("isian {names}").format(names=", ".join(named[:_NAMED]))
        if len(named) > _NAMED:
            text += " " + tk._("dan {count} lainnya").format(count=len(named) - _NAMED)
        found.append(text)
    return found


def labels_of(kind: str) -> dict[str, str]:
    """Return the labels of the fields of a kind of dataset by name."""
    schema = tk.h.scheming_get_dataset_schema(kind) or {}
    return {each["field_name"]: str(tk.h.scheming_language_text(each.get("label") or ""))
            for each in schema.get("dataset_fields") or []}


def bar(rows: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``parts`` of a bar (name, count, start and width in percent, words) and ``label``.

    What is there is seen: a part is drawn at least 1.5 % wide, taken from the widest.
    """
    counts = [(name, max(0, int(rows.get(name) or 0)), text) for name, text in _ROWS]
    total = sum(count for _name, count, _text in counts)
    widths = [max(1.5, 100 * count / total) if count else 0.0 for _n, count, _t in counts]
    if total:
        widest = widths.index(max(widths))
        widths[widest] -= sum(widths) - 100
    parts: list[dict[str, Any]] = []
    start = 0.0
    for (name, count, text), width in zip(counts, widths, strict=True):
        if count:
            parts.append({
                "name": name, "count": count, "start": round(start, 2), "width": round(width, 2),
                "label": tk._(text).format(num=tk.h.satudata_number(count))})
        start += width
    return {"parts": parts, "total": total, "label": ", ".join(each["label"] for each in parts)}


#: Status of a file in a comparison -> its words.
_STATUS = (("baru", N_("{num} berkas baru")), ("hapus", N_("{num} berkas dihapus")),
           ("ubah", N_("{num} berkas berubah")))


def summed(changes: Mapping[str, Any]) -> list[str]:
    """Return short phrases for a whole comparison: rows first, then files, then fields."""
    resources = changes.get("resources") or []
    tables = [each.get("table") or {} for each in resources]
    rows = {name: sum(int((each.get("rows") or {}).get(name) or 0) for each in tables)
            for name, _text in _ROWS if name != "same"}
    found = [tk._(text).format(num=tk.h.satudata_number(rows[name]))
             for name, text in _ROWS if rows.get(name)]
    for status, text in _STATUS:
        count = sum(each.get("status") == status and not (
            status == "ubah" and (each.get("table") or {}).get("state") == "siap")
            for each in resources)
        if count:
            found.append(tk._(text).format(num=tk.h.satudata_number(count)))
    count = len(changes.get("fields") or [])
    if count:
        found.append(tk._("{num} isian metadata berubah").format(num=tk.h.satudata_number(count)))
    return found
