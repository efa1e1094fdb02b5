"""Compares what came of a file with what is expected of it."""
from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ckanext.satudata.domain import vocabulary
from corpus.model import ANY, Expected, Table

__all__ = ["answers_to", "judge", "judge_tables"]

SEXES = {"l": "L", "laki-laki": "L", "laki laki": "L", "lk": "L", "pria": "L", "male": "L",
         "laki-laki male": "L", "laki-laki/male": "L", "laki_laki": "L",
         "p": "P", "perempuan": "P", "pr": "P", "wanita": "P", "female": "P",
         "perempuan female": "P", "perempuan/female": "P"}


def judge(expected: Expected, report: Mapping[str, Any], folder: Path) -> list[str]:
    """Return what is wrong with a report, without any answer given; nothing when it is right."""
    refused = report.get("refused")
    if expected.refused:
        return _refusal(expected, report)
    if refused:
        return [f"refused: {refused.get('code')}"]
    tables = report.get("tables", [])
    if expected.proof:
        return [] if report.get("proof") and not tables else ["not kept as proof alone"]
    wrong = judge_tables([expected.tables, *expected.or_tables], tables, folder)
    if bool(report.get("to_confirm")) != expected.to_confirm:
        wrong.append(f"to_confirm is {report.get('to_confirm')}")
    return wrong + _questions(expected, tables) + _findings(expected, report) + _about(
        expected, tables)


def _refusal(expected: Expected, report: Mapping[str, Any]) -> list[str]:
    refused = report.get("refused")
    if not refused:
        if "empty" in expected.refused and not report.get("tables") and report.get("remarks"):
            return []
        return ["not refused"]
    code = refused.get("code")
    return [] if code in expected.refused else [f"refused as {code}, not {expected.refused[0]}"]


def judge_tables(
    sets: Sequence[Sequence[Table]], found: Sequence[Mapping[str, Any]], folder: Path
) -> list[str]:
    """Return what is wrong with the tables, against the set that comes nearest."""
    tried = [_one_set(tables, found, folder) for tables in sets]
    return min(tried, key=len) if tried else []


def _one_set(
    tables: Sequence[Table], found: Sequence[Mapping[str, Any]], folder: Path
) -> list[str]:
    wrong: list[str] = []
    if len(found) != len(tables):
        places = ", ".join(f"{t.get('sheet')}!{t.get('range')}" for t in found)
        wrong.append(f"{len(found)} tables, not {len(tables)} ({places})")
    left = list(found)
    for table in tables:
        same = [each for each in left if _fits(table, each)] or left
        if not same:
            break
        best = min(((_one_table(table, each, folder), at) for at, each in enumerate(same)),
                   key=lambda pair: (len(pair[0]), pair[1]))
        left.remove(same[best[1]])
        wrong.extend(best[0])
    return wrong


def _fits(table: Table, found: Mapping[str, Any]) -> bool:
    names = {column["name"] for column in found["columns"]}
    return (table.sheet in (None, found.get("sheet"))
            and all(_named(table, name, names) for name in table.columns))


def _named(table: Table, name: str, names: set[str]) -> str | None:
    for each in (name, *table.alias.get(name, ())):
        if each in names:
            return each
    # A measure named by the title may take some more of its words, but not the whole title.
    longer = [each for each in sorted(names) if "nilai" in table.alias.get(name, ())
              and each.startswith(f"{name}_")
              and not any(f"_{word}_" in each for word in ("menurut", "di", "tahun", "per"))]
    return longer[0] if len(longer) == 1 else None


def _one_table(table: Table, found: Mapping[str, Any], folder: Path) -> list[str]:
    columns = {column["name"]: column for column in found["columns"]}
    place = {name: _named(table, name, set(columns)) for name in table.columns}
    lacking = [name for name, there in place.items() if there is None]
    extra = set(columns) - {each for each in place.values() if each} - set(table.optional)
    wrong: list[str] = []
    if lacking or extra:
        wrong.append(f"columns: lacks {lacking or '-'}, has {sorted(extra) or '-'}")
    for name, kind in table.columns.items():
        there = place[name]
        if there and kind != "*" and columns[there]["type"] != kind:
            wrong.append(f"{name} is {columns[there]['type']}, not {kind}")
    for name, unit in table.units.items():
        there = place[name]
        if there and _unit(columns[there].get("unit")) != _unit(unit):
            wrong.append(f"{name} has unit {columns[there].get('unit')!r}, not {unit!r}")
    if table.sheet is not None and found.get("sheet") != table.sheet:
        wrong.append(f"sheet {found.get('sheet')!r}, not {table.sheet!r}")
    return wrong + _rows(table, place, found, folder)


def _unit(text: str | None) -> str:
    concept = vocabulary.get("satuan").match(text) if text else None
    return concept.code if concept else (text or "").casefold().replace("_", " ")


def _rows(
    table: Table, place: Mapping[str, str | None], found: Mapping[str, Any], folder: Path
) -> list[str]:
    with (folder / found["files"]["csv"]).open(encoding="utf-8-sig", newline="") as file:
        read = csv.reader(file)
        head = next(read, [])
        got = list(read)
    names = [name for name, there in place.items() if there in head]
    if not names:
        return ["no column to compare"]
    order = list(table.columns)
    judged = [name for name in names
              if not any(row[order.index(name)] is ANY for row in table.rows)]
    wrong = [f"{name} is not {value} throughout" for name, value in table.optional.items()
             if value is not None and name in head
             and {row[head.index(name)] for row in got} - {str(value)}]
    wanted = [tuple(_cell(name, table.columns[name], row[order.index(name)]) for name in judged)
              for row in table.rows]
    there = [tuple(_cell(name, table.columns[name], row[head.index(str(place[name]))])
                   for name in judged) for row in got]
    if table.exact:
        if [each for each in head if each not in table.optional] != [place[n] for n in order]:
            wrong.append(f"order of columns: {head}")
        if wanted != there and Counter(wanted) == Counter(there):
            wrong.append("order of rows")
    if table.loose:
        figures = [at for at, name in enumerate(judged)
                   if table.columns[name] in ("integer", "number")]
        wanted, there = ([row for row in rows if any(row[at] is not None for at in figures)]
                         for rows in (wanted, there))
    lacks, has = Counter(wanted) - Counter(there), Counter(there) - Counter(wanted)
    if lacks or has:
        wrong.append(f"rows: {len(there)} not {len(wanted)}; {sum(lacks.values())} lacking e.g. "
                     f"{next(iter(lacks), None)}, {sum(has.values())} too many e.g. "
                     f"{next(iter(has), None)}")
    return wrong


def _cell(name: str, kind: str, value: Any) -> str | None:
    """Return a cell so that 1, 1.0 and "1" are one figure where a figure is expected."""
    if value is None or value == "":
        return None
    if name == "jenis_kelamin":
        return SEXES.get(" ".join(str(value).casefold().split()), str(value))
    if kind == "boolean":
        return str(value).casefold()
    if kind in ("integer", "number", "year", "*"):
        try:
            return f"{float(value):.9g}"
        except ValueError:
            return str(value)
    return str(value)


def _asked(tables: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [question for table in tables for question in table.get("questions", [])]


def _is(question: Mapping[str, Any], step: str, about: str) -> bool:
    key = question["key"]
    if not key.startswith(step + ":"):
        return False
    parts = [_sign(part) for part in key.split(":")[1:]]
    return about == "" or _sign(about) in (parts[0], parts[-1])


def _sign(text: str) -> str:
    """Return a sign so that its spellings are one: dashes, dots, case."""
    text = "…" if text.strip() in ("...", "…") else text.casefold().replace(".", "").strip()
    return "-" if text in ("–", "—", "-") else text


def _questions(expected: Expected, tables: Sequence[Mapping[str, Any]]) -> list[str]:
    asked, wrong = _asked(tables), []
    measures = sum(kind in ("integer", "number", "*") for table in expected.tables
                   for kind in table.columns.values())
    for step, about in expected.asks:
        matching = [each for each in asked if _is(each, step, about)]
        if not matching:
            wrong.append(f"does not ask {step} {about}".rstrip())
        elif step == "tanda" and len(matching) > max(measures, 1):
            wrong.append(f"asks {step} {about} {len(matching)} times")
    steps = {step for step, _ in expected.asks} | set(expected.may_ask)
    needless = [each["key"] for each in asked if each["key"].split(":")[0] not in steps]
    unknown = [each["key"] for each in asked for step in [each["key"].split(":")[0]]
               if step not in expected.may_ask and each["key"] not in needless
               and not any(_is(each, *wanted) for wanted in expected.asks)]
    if needless or unknown:
        wrong.append(f"asks needlessly {[*needless, *unknown][:4]}")
    return wrong


def _findings(expected: Expected, report: Mapping[str, Any]) -> list[str]:
    findings = report.get("findings", [])
    codes = {finding["code"] for finding in findings}
    wrong = [f"does not find {' or '.join(parts)}" for parts in expected.must
             if not any(part in code for part in parts for code in codes)]
    known = {part for parts in expected.must for part in parts} | set(expected.may)
    false = sorted({finding["code"] for finding in findings if finding["severity"] == "wajib"
                    and not any(part in finding["code"] for part in known)})
    return [*wrong, f"blocks for {false}"] if false else wrong


def _about(expected: Expected, tables: Sequence[Mapping[str, Any]]) -> list[str]:
    def said(key: str) -> str:
        return " ".join(" ".join(str(t.get("about", {}).get(key, "")).split()) for t in tables)

    return [f"about {key}: {said(key)[:60]!r}, not {text!r}" for key, text in
            expected.about.items() if text.casefold() not in said(key).casefold()]


def answers_to(
    expected: Expected, tables: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, Any], list[str]]:
    """Return the recipe that answers the questions, and those that have no such choice."""
    recipes, wrong = [], []
    for table in tables:
        answers: dict[str, str] = {}
        for question in table.get("questions", []):
            for (step, about), wanted in expected.answers.items():
                if not _is(question, step, about):
                    continue
                chosen = [choice["code"] for choice in question["choices"]
                          if choice["code"] == wanted] or [
                    choice["code"] for choice in question["choices"]
                    if wanted in str(choice["label"].get("text", ""))]
                if chosen:
                    answers[question["key"]] = chosen[0]
                else:
                    wrong.append(f"{question['key']} has no choice {wanted}")
        recipes.append({"fingerprint": table["fingerprint"], "off": [], "answers": answers})
    return {"version": 1, "tables": recipes}, wrong
