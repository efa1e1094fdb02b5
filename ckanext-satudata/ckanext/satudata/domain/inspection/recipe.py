"""What an officer corrected, kept so that next year's file of the same layout needs no touch.

A recipe holds one entry per table, found again by the fingerprint of its header: years and dates
in it do not count, so 2024's columns become 2025's. On any other header it does not replay.
"""
from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckanext.satudata.domain.inspection import words
from ckanext.satudata.domain.inspection.grid import is_date_text
from ckanext.satudata.domain.inspection.steps import STEPS

__all__ = ["Recipe", "TableRecipe", "fingerprint", "mixed", "without_drops"]

_YEARS = re.compile(r"(?:19|20)\d\d\*{0,2}")
_STEPS = frozenset(step.code for step in STEPS)
_MAX = 2_000
#: Tables of one recipe, and letters of a text in it.
_MAX_TABLES, _MAX_TEXT = 500, 300


@dataclass(frozen=True)
class TableRecipe:
    """The corrections of one table.

    :ivar off: steps switched off
    :ivar answers: question key to choice
    :ivar names: tidy column name to the better one; ``types`` and ``units`` by column name
    :ivar range: where the table is (``B5:E26``), if it was found wrongly; its foot is looked for
    :ivar header_rows: how many rows its header has
    :ivar long: ``False`` keeps years and groups as columns
    :ivar skip: the table is not wanted
    :ivar drop: tidy columns that are not wanted in a clean table (personal data); a file that is
        published as it is has them all the same, so they count for clean tables alone
    """

    fingerprint: str = ""
    off: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    types: Mapping[str, str] = field(default_factory=dict[str, str])
    units: Mapping[str, str] = field(default_factory=dict[str, str])
    range: str | None = None
    header_rows: int | None = None
    long: bool | None = None
    skip: bool = False
    drop: frozenset[str] = frozenset()

    @property
    def says_something(self) -> bool:
        """Whether there is any correction in it."""
        return self != TableRecipe(self.fingerprint)


@dataclass(frozen=True)
class Recipe:
    """The corrections of one dataset."""

    tables: Sequence[TableRecipe] = ()

    def of(self, mark: str) -> TableRecipe:
        """Return the corrections for a header, none where it was never seen."""
        return next((table for table in self.tables if table.fingerprint == mark), TableRecipe())

    @classmethod
    def read(cls, data: Mapping[str, Any] | None) -> Recipe:
        """Read a recipe as it is kept; what is not understood is left out, never guessed."""
        tables = (data or {}).get("tables")
        if not isinstance(tables, list):
            return cls()
        return cls(tuple(
            _table(each) for each in tables[:_MAX_TABLES] if isinstance(each, Mapping)))


def _table(data: Mapping[str, Any]) -> TableRecipe:
    rows = data.get("header_rows")
    long = data.get("long")
    where = data.get("range")
    off = data.get("off")
    return TableRecipe(
        fingerprint=str(data.get("fingerprint") or ""),
        off=frozenset(off if isinstance(off, list) and all(
            isinstance(code, str) for code in off) else ()) & _STEPS,
        answers=_texts(data.get("answers")), names=_texts(data.get("names")),
        types=_texts(data.get("types")), units=_texts(data.get("units")),
        range=where if isinstance(where, str) and where else None,
        header_rows=rows if isinstance(rows, int) and not isinstance(rows, bool)
        and 0 <= rows <= 20 else None,
        long=long if isinstance(long, bool) else None, skip=data.get("skip") is True,
        drop=frozenset(_listed(data.get("drop"))))


def _listed(value: Any) -> list[str]:
    if not isinstance(value, list):
        return []
    return [each for each in value[:_MAX] if isinstance(each, str) and len(each) <= _MAX_TEXT]


def without_drops(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """Return corrections, as JSON data, that leave every column in."""
    return {**recipe, **({"tables": [
        {name: value for name, value in each.items() if name != "drop"}
        for each in recipe["tables"]]} if recipe.get("tables") else {})}


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {}
    return {key: each for key, each in itertools.islice(value.items(), _MAX)
            if isinstance(key, str) and isinstance(each, str) and len(each) <= _MAX_TEXT}


def fingerprint(paths: Sequence[Sequence[str]]) -> str:
    """Return the mark of a header: its texts without years and dates, and their order.

    Columns that differ only by the year count as one, for next year has one more.
    """
    seen: list[str] = []
    for path in paths:
        parts = [_YEARS.sub("<tahun>", words.plain(part)) for part in path]
        parts = ["<tanggal>" if is_date_text(part) else part for part in parts]
        text = " / ".join(part for part in parts if part)
        if not seen or seen[-1] != text or "<" not in text:
            seen.append(text)
    return hashlib.sha256("\n".join(seen).encode()).hexdigest()[:16]


def mixed(recipe: Mapping[str, Any], own: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return kept corrections with later ones, which count for their layouts; both as JSON data."""
    mine = list((own or {}).get("tables") or [])
    marks = {each.get("fingerprint") for each in mine}
    others = [each for each in recipe.get("tables") or []
              if each.get("fingerprint") not in marks]
    return {"version": 1, "tables": [*others, *mine]} if mine else dict(recipe)
