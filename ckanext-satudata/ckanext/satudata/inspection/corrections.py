"""What the form of "Periksa hasil baca" says, as corrections of the recipe."""
from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ckanext.satudata.domain.inspection.steps import CONTINUE, STEPS
from ckanext.satudata.domain.inspection.words import snake

__all__ = ["ANSWER", "DROP", "DROP_ALL", "STEP", "TAKE", "TYPES", "base", "columns", "corrected",
           "layouts", "overtaken", "read_base", "skipped"]

#: Names of fields of the form: by place, for a key may hold anything.
ANSWER, STEP = "jawab-{table}-{number}", "langkah-{table}-{step}"
#: Of the buttons that leave a column out, and take it back.
DROP, TAKE = "buang-{table}", "pakai-{table}"
#: Of the button that says whether the published periods stay ("tambah") or go ("ganti").
RELEASE = "rilis-{table}"
#: Of the button for several at once: ``1:nik 1:no_hp``, table and column.
DROP_ALL = "buang-semua"
_COLUMN = "kolom-{table}-{number}-{part}"
#: Types an officer may choose for a column.
TYPES = ("string", "integer", "number", "year", "yearmonth", "date", "boolean")

#: Characters of what a form says it showed.
_MOST = 200_000

Data = dict[str, Any]


def base(shown: Mapping[str, Any]) -> str:
    """Return what a form carries of what it shows: what is sent is held against it.

    A file is read again whenever somebody else answers, or puts another file there; what a person
    did on a page that is older says only what it changed.
    """
    report = shown.get("report") or {}
    return json.dumps({"file": report.get("sha256"), "tables": [{
        "number": each["number"], "fingerprint": each.get("fingerprint") or "",
        "range": each.get("range"), "off": list(each.get("off") or []),
        "changes": [{"step": step} for step in dict.fromkeys(
            change["step"] for change in each.get("changes") or [])],
        "questions": [{"key": asked["key"], "answer": asked.get("answer"), "choices": [
            {"code": choice["code"]} for choice in asked.get("choices") or []]}
            for asked in each.get("questions") or []],
        "columns": [{name: column.get(name) for name in ("name", "type", "unit")}
                    for column in each.get("columns") or []],
    } for each in report.get("tables") or []]}, separators=(",", ":"))


def read_base(text: str) -> Data | None:
    """Return what a form showed, as a report; None for anything that is not ours."""
    if not text or len(text) > _MOST:
        return None
    try:
        said = json.loads(text)
        for each in said["tables"]:
            str(each["fingerprint"]), int(each["number"]), list(each["off"])
            [step["step"] for step in each["changes"]]
            [(asked["key"], [choice["code"] for choice in asked["choices"]])
             for asked in each["questions"]]
            [str(column["name"]) for column in each["columns"]]
        return {"report": {"sha256": said["file"], "tables": said["tables"]}}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def layouts(shown: Mapping[str, Any]) -> set[str]:
    """Return the marks of the tables of a report."""
    return {str(each.get("fingerprint") or "")
            for each in (shown.get("report") or {}).get("tables") or []}


def overtaken(
    recipe: Mapping[str, Any], seen: Mapping[str, Any], sent: Mapping[str, str]
) -> set[tuple[int, int]]:
    """Return the questions (table, place) that somebody else answered otherwise meanwhile."""
    entries = {each["fingerprint"]: each for each in recipe.get("tables") or []}
    found: set[tuple[int, int]] = set()
    for table in (seen.get("report") or {}).get("tables") or []:
        answers = entries.get(table["fingerprint"], {}).get("answers") or {}
        for at, each in enumerate(table["questions"]):
            chosen = sent.get(ANSWER.format(table=table["number"], number=at))
            if chosen and answers.get(each["key"]) not in (None, each.get("answer"), chosen):
                found.add((table["number"], at))
    return found


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
        entry |= _dropped(table, entry, sent)
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
        if chosen in {choice["code"] for choice in each.get("choices") or []} and (
                chosen != each.get("answer") or each["key"] not in answers):
            answers[each["key"]] = chosen
    off, was_off = set(old.get("off") or []), set(table.get("off") or [])
    done = {each["step"] for each in table.get("changes") or []} | was_off
    for step in STEPS:
        if step.code in done:
            on = bool(sent.get(STEP.format(table=table["number"], step=step.code)))
            if on == (step.code in was_off):  # of others it stays what somebody else made it
                (off.discard if on else off.add)(step.code)
    if (chosen := sent.get(RELEASE.format(table=table["number"]))) in ("tambah", "ganti"):
        (off.discard if chosen == "tambah" else off.add)(CONTINUE)
    return {"answers": answers, "off": sorted(off)}


def _dropped(table: Mapping[str, Any], entry: Data, sent: Mapping[str, str]) -> Data:
    """Return the columns that are left out, with those a button was pressed for."""
    before = {new: old for old, new in (entry.get("names") or {}).items()}
    drop = set(entry.get("drop") or [])
    out, back = (sent.get(each.format(table=table["number"])) for each in (DROP, TAKE))
    wanted = {out} | {each.partition(":")[2] for each in sent.get(DROP_ALL, "").split()
                      if each.startswith(f"{table['number']}:")}
    drop |= {before.get(each["name"], each["name"]) for each in table.get("columns") or []
             if each["name"] in wanted}
    drop.discard(back or "")
    return {"drop": sorted(drop)}


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
                  "skip": bool(sent.get(f"lewati-{number}") or entry.get("skip"))}
    if place and place != table.get("range"):
        made["range"] = place
    if rows.isdigit():
        made["header_rows"] = int(rows)
    return made
