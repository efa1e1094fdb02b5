"""What the file of a clean table says of itself: its name and its columns."""
from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from ckanext.satudata.domain.loading.shapes import is_list
from ckanext.satudata.domain.tidying.table import Table, fields_of, names_of

__all__ = ["columns_of", "merged", "name_of"]

MAX_NAME = 300
_YEARS = re.compile(r"(?:19|20)\d\d")


def name_of(table: Table, filename: str, many: bool, before: str = "") -> str:
    """Return the name of a clean table's file.

    The name people know stays, unless it names another year than the table's own title.

    :param filename: of the raw file, for a table without a title
    :param many: the raw file holds further tables
    :param before: what the file was called so far
    """
    stem = PurePosixPath(filename).stem.replace("_", " ").strip() or filename
    title = "" if table.title == table.sheet else table.title.strip()
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
