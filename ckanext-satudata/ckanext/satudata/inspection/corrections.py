"""What the form of "Periksa hasil baca" says, as corrections of the recipe."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.satudata.domain.inspection.steps import STEPS
from ckanext.satudata.domain.inspection.words import snake

__all__ = ["ANSWER", "STEP", "TYPES", "columns", "corrected", "skipped"]

#: Names of fields of the form: by place, for a key may hold anything.
ANSWER, STEP = "jawab-{table}-{number}", "langkah-{table}-{step}"
_COLUMN = "kolom-{table}-{number}-{part}"
#: Types an officer may choose for a column.
TYPES = ("string", "integer", "number", "year", "yearmonth", "date", "boolean")

Data = dict[str, Any]


def columns(table: Mapping[str, Any]) -> list[Data]:
    """Return the columns of a table with the fields that name, type and measure them."""
    return [{**each, "types": dict.fromkeys([each["type"], *TYPES]),
             **{f"{part}_field": _COLUMN.format(table=table["number"], number=at, part=part)
                for part in ("nama", "tipe", "satuan")}}
            for at, each in enumerate(table.get("columns") or [])]


def skipped(recipe: Mapping[str, Any]) -> int:
    """Return how many tables are left out."""
    return sum(bool(each.get("skip")) for each in recipe.get("tables") or [])


def corrected(
    recipe: Mapping[str, Any], shown: Mapping[str, Any], sent: Mapping[str, str]
) -> Data:
    """Return the corrections with what a form says of the tables it showed."""
    entries = {each["fingerprint"]: dict(each) for each in recipe.get("tables") or []}
    if sent.get("tampilkan"):
        for entry in entries.values():
            entry["skip"] = False
    for table in (shown.get("report") or {}).get("tables") or []:
        mark = str(table.get("fingerprint") or "")
        if not mark:
            continue
        old = entries.get(mark, {"fingerprint": mark})
        entry = {**old, **_answered(table, old, sent)}
        if sent.get(f"betulkan-{table['number']}"):
            entry |= _mended(table, entry, sent)
        if mark in entries or any(value for name, value in entry.items() if name != "fingerprint"):
            entries[mark] = entry
    return {"version": 1, "tables": list(entries.values())}


def _answered(table: Mapping[str, Any], old: Data, sent: Mapping[str, str]) -> Data:
    """Return the answers and switches of a table."""
    answers = dict(old.get("answers") or {})
    for at, each in enumerate(table.get("questions") or []):
        chosen = sent.get(ANSWER.format(table=table["number"], number=at))
        if chosen in {choice["code"] for choice in each.get("choices") or []}:
            answers[each["key"]] = chosen
    off = set(old.get("off") or [])
    done = {each["step"] for each in table.get("changes") or []} | set(table.get("off") or [])
    for step in STEPS:
        if step.code in done:
            on = sent.get(STEP.format(table=table["number"], step=step.code))
            (off.discard if on else off.add)(step.code)
    return {"answers": answers, "off": sorted(off)}


def _mended(table: Mapping[str, Any], entry: Data, sent: Mapping[str, str]) -> Data:
    """Return place, header, names, types and units of a table, where they were changed."""
    number = table["number"]
    names, types, units = (dict(entry.get(part) or {}) for part in ("names", "types", "units"))
    before = {new: old for old, new in names.items()}
    for column in columns(table):
        name = before.get(column["name"], column["name"])
        wanted = snake(sent.get(column["nama_field"], ""))
        if wanted and wanted != column["name"]:
            names[name] = wanted
        kind = sent.get(column["tipe_field"], "")
        if kind and kind != column["type"]:
            types[name] = kind
        unit = sent.get(column["satuan_field"], "").strip()
        if unit and unit != (column.get("unit") or ""):
            units[name] = unit
    place = sent.get(f"letak-{number}", "").replace(" ", "").upper()
    rows = sent.get(f"kepala-{number}", "").strip()
    made: Data = {"names": {old: new for old, new in names.items() if old != new},
                  "types": types, "units": units,
                  "skip": bool(sent.get(f"lewati-{number}"))}
    if place and place != table.get("range"):
        made["range"] = place
    if rows.isdigit():
        made["header_rows"] = int(rows)
    return made
