"""What the file of a clean table says of itself: its name and its columns."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from ckanext.satudata.domain.loading.shapes import is_list
from ckanext.satudata.domain.tidying.table import Table, fields_of, names_of

__all__ = ["columns_of", "distinct", "free", "merged", "name_of", "titled"]

MAX_NAME = 300
_YEARS = re.compile(r"(?:19|20)\d\d")


def titled(tables: Sequence[Table]) -> list[Table]:
    """Return the tables of a raw file, those of one title with what tells them apart behind it.

    The title alone would call several files the same. That is what each counts, or else its sheet,
    or a number: all of the raw file, so that the next correction, and next year's file of the same
    layout, says it again.
    """
    shared = {name for name, times in Counter(_title(each) for each in tables).items()
              if name and times > 1}
    behind = {name: _apart([each for each in tables if _title(each) == name]) for name in shared}
    taken = {_title(each) for each in tables} - shared
    made: list[Table] = []
    for each in tables:
        name = _title(each)
        if name in shared:
            name = free(distinct(name, behind[name].get(each.number, "")), taken)
            taken.add(name)
            each = replace(each, title=name)
        made.append(each)
    return made


def _apart(tables: Sequence[Table]) -> dict[int, str]:
    """Return of each table what sets it apart from the others, by its number; empty if nothing."""
    for made in ({each.number: _counts(each, tables) for each in tables},
                 {each.number: each.sheet and f" - {each.sheet}" for each in tables}):
        if all(made.values()) and len(set(made.values())) == len(tables):
            return made
    return {}


def _counts(table: Table, tables: Sequence[Table]) -> str:
    """Return the figures of a table that no other of them has, as they are called."""
    known = {name for each in tables if each.number != table.number for name in each.columns}
    own = [str(each.get("title") or each["name"]) for each in fields_of(table.schema)
           if each.get("type") in ("integer", "number") and each["name"] not in known]
    return f": {', '.join(own)[:80]}" if own else ""


def free(name: str, taken: Collection[str], limit: int = MAX_NAME) -> str:
    """Return a name that is not taken yet: with the lowest number behind it where it is."""
    made, number = name[:limit], 1
    while made in taken:
        number += 1
        made = distinct(name, f" ({number})", limit)
    return made


def distinct(name: str, behind: str, limit: int = MAX_NAME) -> str:
    """Return a name with something behind it, of which nothing is cut off."""
    behind = behind[:limit // 2]
    return name[:limit - len(behind)].rstrip() + behind


def _title(table: Table) -> str:
    """Return the title of a table, empty where it has only its sheet's name."""
    return "" if table.title == table.sheet else table.title.strip()


def name_of(table: Table, filename: str, many: bool, before: str = "") -> str:
    """Return the name of a clean table's file.

    The name people know stays, unless it names another year than the table's own title.

    :param filename: of the raw file, for a table without a title
    :param many: the raw file holds further tables
    :param before: what the file was called so far
    """
    stem = PurePosixPath(filename).stem.replace("_", " ").strip() or filename
    title = _title(table)
    if not title:
        title = f"{stem} - {table.sheet}" if many and table.sheet and table.sheet != stem else stem
    other_year = bool(_years(before) and _years(title)) and _years(before) != _years(title)
    if before and before != stem and not other_year:
        return before
    return title[:MAX_NAME]


def _years(text: str) -> set[str]:
    return set(_YEARS.findall(text))


def merged(schema: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a table's schema with what people wrote about columns that are still there.

    What the reading says of a column holds: it is corrected on its own page.
    """
    old = {str(each["name"]): each for each in fields_of(before)}
    fields = [{**_kept(old.get(str(each["name"]), {}), each), **each} for each in fields_of(schema)]
    made: dict[str, Any] = {**schema, "fields": fields}
    there = set(names_of(made))
    key = (before or {}).get("primaryKey")
    names = [key] if isinstance(key, str) else key
    if is_list(names) and names and all(each in there for each in names):
        made["primaryKey"] = key
    return made


def _kept(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was written of a column; bounds of its values only while it has its type."""
    lost = () if old.get("type") == new.get("type") else ("constraints", "format")
    return {name: value for name, value in old.items() if name not in lost}


def columns_of(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the columns for the data dictionary: ``name``, ``type`` and ``info``."""
    made: list[dict[str, Any]] = []
    for each in fields_of(schema):
        info = {"label": str(each.get("title") or each["name"])}
        notes = [str(each[key]) for key in ("description", "definisi", "konsep") if each.get(key)]
        if notes:
            info["notes"] = notes[0]
        if each.get("satuan"):
            info["satuan"] = str(each["satuan"])
        made.append({"name": str(each["name"]), "type": str(each.get("type") or "string"),
                     "info": info})
    return made
