"""What the page "Periksa hasil baca" shows, made from ``satudata_inspection_show``; it decides
nothing."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata.domain.inspection import flow
from ckanext.satudata.domain.inspection.steps import STEPS
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.inspection import findings, present
from ckanext.satudata.inspection.corrections import ANSWER, STEP, columns

__all__ = ["called", "headline", "may_go", "notes", "sheets", "tables"]

_SEVERITIES: Mapping[str, tuple[str, str]] = {
    "wajib": (N_("Wajib diperbaiki"), "stop"), "sebaiknya": (N_("Sebaiknya diperbaiki"), "fix"),
    "saran": (N_("Saran"), "tip")}
_PRINCIPLES: Mapping[str, str] = {
    "standar_data": N_("standar data"), "metadata": N_("metadata"),
    "interoperabilitas": N_("interoperabilitas"), "kode_referensi": N_("kode referensi")}

Data = dict[str, Any]


def notes(shown: Mapping[str, Any], kind: str, is_tidy: bool = False) -> list[Data]:
    """Return the catatan of a file, one for each check and column, with number and words.

    What taking over the file's period settles by itself is none to whoever hands in.

    :param is_tidy: its clean tables are published, and columns may be left out of them
    """
    report = shown.get("report") or {}
    many = len(report.get("tables") or []) > 1
    found: list[Data] = []
    told = findings.notes(report, kind, str(report.get("file") or shown.get("name") or ""))
    if shown.get("period_moves"):
        told = findings.without_later_years(told, report)
    for number, each in enumerate(findings.of_closed(told) if is_tidy else told, 1):
        label, mark = _SEVERITIES[each["severity"]]
        said = present.translated(each["said"])
        title = said["title"]
        found.append({
            **each, "number": number, "mark": mark, "drop": _may_go(each),
            "called": called(report, each["place"]),
            "severity_label": tk._(label),
            "principle_label": tk._(_PRINCIPLES.get(each["principle"], each["principle"])),
            "title": tk._(title), "message": said["message"]["text"],
            "how": said["how"]["text"], "where": _where(each["place"], many)})
    return found


def called(report: Mapping[str, Any], place: Mapping[str, Any]) -> str:
    """Return what a column of a table is called on its sheet: ``“NO HP” (E)``."""
    name = str(place.get("column") or "")
    for table in report.get("tables") or []:
        for column in table.get("columns") or []:
            if table.get("number") == place.get("table") and column["name"] == name and (
                    header := column.get("source_header")) and header != name:
                letter = column.get("sheet_column")
                return f"“{header}” ({letter})" if letter else f"“{header}”"
    return name


def may_go(listed: Iterable[Mapping[str, Any]]) -> str:
    """Return the columns whose leaving out settles catatan, as the button for all names them."""
    return " ".join(dict.fromkeys(
        f"{each['place']['table']}:{each['place']['column']}" for each in listed
        if each["drop"] and each["severity"] == "wajib"))


def _may_go(note: Mapping[str, Any]) -> bool:
    """Tell whether leaving a column out settles a catatan."""
    place = note["place"]
    return flow.is_personal(note["check"]) and bool(place.get("table") and place.get("column"))


def _where(place: Mapping[str, Any], many: bool) -> str:
    """Return sheet and cell; column and row stand in the sentence, as they are on the sheet."""
    parts: list[str] = []
    if many and place.get("table"):
        parts.append(tk._("tabel {number}").format(number=place["table"]))
    if place.get("sheet"):
        parts.append(tk._("lembar “{name}”").format(name=place["sheet"]))
    if place.get("cell"):
        parts.append(tk._("sel {name}").format(name=place["cell"]))
    return ", ".join(parts)


def tables(shown: Mapping[str, Any], listed: Iterable[Mapping[str, Any]]) -> list[Data]:
    """Return the tables of a file: marked rows, questions and switches of what was changed.

    :param listed: the catatan, as :func:`notes` gives them
    """
    report = shown.get("report") or {}
    marks: dict[tuple[Any, ...], Data] = {}
    for each, note in _noted(report, listed):
        if note is not None:
            marks.setdefault((each.get("table"), each.get("row"), each.get("column")), note)
    return [_table(each, marks) for each in report.get("tables") or []]


def sheets(shown: Mapping[str, Any], listed: Iterable[Mapping[str, Any]]) -> list[Data]:
    """Return the shown part of each sheet as it was handed in, by rows of cells with their zone.

    :returns: ``name``, ``letters`` and ``rows``: ``n`` and ``cells``, each ``t`` (text), ``z``
        (judul, kepala, isi, jumlah, lewat), ``n`` (a number), ``note`` and its spans
    """
    report = shown.get("report") or {}
    numbered = {at: note for at, (_, note) in enumerate(_noted(report, listed), 1)}
    made: list[Data] = []
    for sheet in report.get("sheets") or []:
        if not sheet.get("rows"):
            continue
        spans = {(top, left): (bottom - top + 1, right - left + 1)
                 for top, left, bottom, right in sheet.get("merged") or []}
        hidden = {(top + down, left + along) for (top, left), (rows, columns) in spans.items()
                  for down in range(rows) for along in range(columns) if down or along}
        rows: list[Data] = []
        before = 0
        for row in sheet["rows"]:
            cells = [{**cell, "span": spans.get((row["n"], at)),
                      "note": next((numbered[each] for each in cell.get("f") or ()
                                    if numbered.get(each)), None)}
                     for at, cell in enumerate(row["cells"]) if (row["n"], at) not in hidden]
            rows.append({"n": row["n"], "gap": bool(before) and row["n"] != before + 1,
                         "cells": cells})
            before = row["n"]
        made.append({**sheet, "rows": rows})
    return made


def _noted(
    report: Mapping[str, Any], listed: Iterable[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any], Data | None]]:
    """Return each listed finding with the catatan it belongs to."""
    by_key = {(each["check"], each["place"].get("table"), each["place"].get("column")): dict(each)
              for each in listed}
    return [(each, by_key.get((each["code"], each.get("table"), each.get("column"))))
            for each in report.get("findings") or []]


def _table(table: Mapping[str, Any], marks: Mapping[tuple[Any, ...], Data]) -> Data:
    number, listed = table["number"], table.get("columns") or []
    pinned: set[int] = set()

    figures = {each["name"] for each in listed if each["type"] in ("integer", "number")}

    def cell(row: int | None, name: str, value: Any) -> Data:
        note = marks.get((number, row, name))
        first = note is not None and note["number"] not in pinned
        if note is not None:
            pinned.add(note["number"])
        return {"text": "" if value is None else value, "note": note, "pin": first,
                "numeric": name in figures and isinstance(value, int | float)}

    head = [{**each, "mark": cell(None, each["name"], "")} for each in listed]
    rows = [{"number": at, "cells": [cell(at, each["name"], row.get(each["name"]))
                                     for each in listed]}
            for at, row in enumerate(table.get("rows") or [], 1)]
    report = {"tables": [table]}
    return {**table, "head": head, "marked": rows, "questions": _questions(table),
            "steps": _steps(table), "mend": columns(table),
            "hidden": [called(report, {"table": number, "column": each})
                       for each in table.get("masked") or {}],
            "dropped": {name: (table.get("dropped_titles") or {}).get(name) or name
                        for name in table.get("dropped") or []},
            "about_what": _measures(listed)}


def _measures(listed: Iterable[Mapping[str, Any]]) -> str:
    """Return what a table counts, in the words above its figures."""
    return ", ".join(dict.fromkeys(
        str(each.get("title") or each["name"]) for each in listed if each["role"] == "ukuran"))


def _questions(table: Mapping[str, Any]) -> list[Data]:
    return [{**each, "field": ANSWER.format(table=table["number"], number=at)}
            for at, each in enumerate(table.get("questions") or [])]


def _steps(table: Mapping[str, Any]) -> list[Data]:
    """Return what was done step by step, and what the officer switched off."""
    off = set(table.get("off") or [])
    found: list[Data] = []
    for step in STEPS:
        done = [each for each in table.get("changes") or [] if each["step"] == step.code]
        if done or step.code in off:
            found.append({
                "code": step.code, "label": tk._(step.label), "help": tk._(step.help),
                "changes": done, "on": step.code not in off,
                "field": STEP.format(table=table["number"], step=step.code),
                "uncertain": any(not each.get("certain", True) for each in done)})
    return found


def headline(shown: Mapping[str, Any], listed: Iterable[Mapping[str, Any]]) -> str:
    """Say in one sentence what came out."""
    wajib = sum(each["severity"] == "wajib" for each in listed)
    asked = shown["questions"]
    if shown["state"] == "ditolak":
        return tk._("Berkas ini tidak terbaca.")
    if asked and wajib:
        return tk._("Berkas terbaca. Ada {asked} pertanyaan dan {count} catatan wajib "
                    "diperbaiki.").format(asked=asked, count=wajib)
    if wajib:
        return tk._("Berkas terbaca. Ada {count} catatan wajib diperbaiki.").format(count=wajib)
    if asked:
        return tk._("Berkas terbaca. Ada {asked} pertanyaan.").format(asked=asked)
    return tk._("Berkas terbaca. Tidak ada yang wajib diperbaiki.")
