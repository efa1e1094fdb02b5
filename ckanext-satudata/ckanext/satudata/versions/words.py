"""What pages say of versions and of what changed between two."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["bar", "changes", "moment", "summed"]

#: Fields a phrase names before it counts the others.
_NAMED = 3


def _said(name: str, count: int) -> str:
    """Return a count in words; each msgid stands here whole, for catalogs are made of these."""
    texts: dict[str, str] = {
        "baris_sama": tk.ungettext("{num} baris sama", "{num} baris sama", count),
        "baris_ubah": tk.ungettext("{num} baris berubah", "{num} baris berubah", count),
        "baris_baru": tk.ungettext("{num} baris baru", "{num} baris baru", count),
        "baris_hapus": tk.ungettext("{num} baris dihapus", "{num} baris dihapus", count),
        "berkas_ubah": tk.ungettext("{num} berkas berubah", "{num} berkas berubah", count),
        "berkas_baru": tk.ungettext("{num} berkas baru", "{num} berkas baru", count),
        "berkas_hapus": tk.ungettext("{num} berkas dihapus", "{num} berkas dihapus", count),
        "isian": tk.ungettext(
            "{num} isian metadata berubah", "{num} isian metadata berubah", count),
    }
    return texts[name].format(num=tk.h.satudata_number(count))


#: Name of a count in a comparison -> its words.
_ROWS = {"same": "baris_sama", "changed": "baris_ubah", "added": "baris_baru",
         "removed": "baris_hapus"}
_FILES = {"added": "berkas_baru", "changed": "berkas_ubah", "removed": "berkas_hapus"}
_STATUS = {"baru": "berkas_baru", "ubah": "berkas_ubah", "hapus": "berkas_hapus"}


def moment(value: Any) -> dt.datetime:
    """Return an aware moment from what an action or the database gave."""
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value.replace("Z", "+00:00"))
    return value if value.tzinfo is not None else value.replace(tzinfo=dt.timezone.utc)


def changes(said: Mapping[str, Any], kind: str) -> list[str]:
    """Return short phrases: how many files, and which fields."""
    files = said.get("files") or {}
    found = [_said(text, int(files[name])) for name, text in _FILES.items() if files.get(name)]
    names = [str(each) for each in said.get("fields") or []]
    if names:
        labels = labels_of(kind)
        named = [labels.get(each) or each for each in names]
        text = tk.ungettext("isian {names}", "isian {names}", len(named)).format(
            names=", ".join(named[:_NAMED]))
        if len(named) > _NAMED:
            text += " " + tk._("dan {count} lainnya").format(count=len(named) - _NAMED)
        found.append(text)
    return found


def labels_of(kind: str) -> dict[str, str]:
    """Return the labels of the fields of a kind of dataset by name."""
    schema = tk.h.scheming_get_dataset_schema(kind) or {}
    found = {each["field_name"]: str(tk.h.scheming_language_text(each.get("label") or ""))
             for each in schema.get("dataset_fields") or []}
    return {**found, "tags": found.get("tag_string") or ""}


def bar(rows: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``parts`` of a bar (name, count, start and width in percent, words) and ``label``.

    What is there is seen: a part is drawn at least 1.5 % wide, taken from the widest.
    """
    counts = [(name, max(0, int(rows.get(name) or 0)), text) for name, text in _ROWS.items()]
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
                "label": _said(text, count)})
        start += width
    return {"parts": parts, "total": total, "label": ", ".join(each["label"] for each in parts)}


def summed(changes: Mapping[str, Any]) -> list[str]:
    """Return short phrases for a whole comparison: rows first, then files, then fields."""
    resources = changes.get("resources") or []
    rows = {name: sum(int(((each.get("table") or {}).get("rows") or {}).get(name) or 0)
                      for each in resources) for name in _ROWS if name != "same"}
    # A file whose rows are told already is not told once more.
    files = {status: sum(each.get("status") == status and not (
        status == "ubah" and (each.get("table") or {}).get("state") == "siap")
        for each in resources) for status in _STATUS}
    counted = [(_ROWS[name], count) for name, count in rows.items()]
    counted += [(_STATUS[status], count) for status, count in files.items()]
    counted.append(("isian", len(changes.get("fields") or [])))
    return [_said(name, count) for name, count in counted if count]
