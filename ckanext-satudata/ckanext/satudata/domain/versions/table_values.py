"""Whether two cells say the same: ``1.234,50`` and ``1234.5`` do, ``32.10`` and ``32.1`` may not.

A column is compared by value only where all of its values are numbers beyond doubt in both
versions, by the rules of ``domain/loading/columns.py`` (codes stay text, a dot that could be
decimals or thousands makes the column text); everything else is compared letter by letter.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

from ckanext.satudata.domain.loading.columns import is_code_name
from ckanext.satudata.domain.versions.table_source import Side, literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Written", "declared_writing", "differ", "harmless", "prepare", "written"]

#: How a formula begins, and what begins like one.
_FORMULA, _SIGNED = "[=@+-]", r"[+-][0-9., ]*"
_INTEGER = r"-?\d+"
_NUMBER = r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"
_THREE_DECIMALS = r"-?[1-9]\d{0,2}\.\d{3}"
_GROUPED = r"-?[1-9]\d{0,2}(?:\.\d{3})+"
_COMMA = r"-?(?:\d+|[1-9]\d{0,2}(?:\.\d{3})+),\d+"
_COMMA_AMBIGUOUS = r"-?[1-9]\d{0,2},\d{3}"
#: How many values are looked at before all of them are.
_GLANCE = 2_000
#: Columns asked at once.
_TOGETHER = 60


class Written(str, Enum):
    """How the numbers of a column are written."""

    DOT = "dot"  # 1234.5
    COMMA = "comma"  # 1.234,5


def prepare(engine: DuckDBPyConnection) -> None:
    """Teach the engine one way to write a number."""
    engine.execute(r"""
        CREATE OR REPLACE TEMP MACRO pendek(x) AS
            CASE WHEN contains(x, '.') THEN rtrim(rtrim(x, '0'), '.') ELSE x END""")
    engine.execute(r"""
        CREATE OR REPLACE TEMP MACRO biasa(x) AS CASE regexp_replace(
            regexp_replace(pendek(x), '^(-?)0*(\d)', '\1\2'), '^(-?)\.', '\1' || '0.')
            WHEN '-0' THEN '0' WHEN '-' THEN '0' WHEN '' THEN '0' ELSE regexp_replace(
            regexp_replace(pendek(x), '^(-?)0*(\d)', '\1\2'), '^(-?)\.', '\1' || '0.') END""")
    engine.execute(rf"""
        CREATE OR REPLACE TEMP MACRO angka_dot(x) AS
            CASE WHEN NOT regexp_full_match(x, {literal(_NUMBER)}) THEN x
                 WHEN contains(lower(x), 'e')
                 THEN biasa(coalesce(CAST(TRY_CAST(x AS DOUBLE) AS VARCHAR), x))
                 ELSE biasa(x) END""")
    engine.execute(rf"""
        CREATE OR REPLACE TEMP MACRO aman(x) AS
            CASE WHEN regexp_matches(x, {literal(f'^{_FORMULA}')})
                 AND NOT regexp_full_match(x, {literal(_SIGNED)}) THEN '''' || x ELSE x END""")
    engine.execute(rf"""
        CREATE OR REPLACE TEMP MACRO angka_comma(x) AS
            CASE WHEN regexp_full_match(x, {literal(f'{_INTEGER}|{_GROUPED}|{_COMMA}')})
                 THEN biasa(replace(replace(x, '.', ''), ',', '.')) ELSE x END""")


def harmless(text: str) -> str:
    """Return a text that a spreadsheet takes for no formula; signs and numbers stay as they are.

    The engine's macro ``aman`` does the same.
    """
    return f"'{text}" if re.match(_FORMULA, text) and not re.fullmatch(_SIGNED, text) else text


def differ(old: str, new: str, ways: tuple[Written, Written] | None) -> str:
    """Return SQL that tells whether two values (SQL, never NULL) differ.

    :param ways: how the numbers are written in the old and the new version; None for text
    """
    if ways is None:
        return f"({old} <> {new})"
    return f"({old} <> {new} AND angka_{ways[0].value}({old}) <> angka_{ways[1].value}({new}))"


def declared_writing(field: Mapping[str, Any]) -> Written | None:
    """Return how a Table Schema field says its numbers are written; None where it is no number."""
    if field.get("type") not in ("number", "integer", "year"):
        return None
    return Written.COMMA if field.get("decimalChar") == "," else Written.DOT


def written(
    engine: DuckDBPyConnection, side: Side, columns: Sequence[int],
    declared: Mapping[str, Mapping[str, Any]], glance: bool = False,
) -> dict[int, Written]:
    """Return how numbers are written in those of the columns that hold nothing else.

    :param declared: Table Schema field by column name; only that a column is text binds, and
        the decimal sign of one that is a number
    :param glance: look at the first rows only
    """
    found: dict[int, Written] = {}
    asked: list[int] = []
    for number in columns:
        field = declared.get(side.names[number])
        if field is not None and field.get("type") not in (None, "any"):
            way = declared_writing(field)
            if way is not None:
                found[number] = way
        elif not is_code_name(side.names[number]):
            asked.append(number)
    first = f"(SELECT * FROM {side.table} LIMIT {_GLANCE})"
    for rows in (first,) if glance else (first, side.table):
        ways = _ways(engine, rows, asked, side.semicolons)
        asked = list(ways)
        if rows != first or glance:
            found |= ways
    return found


def _ways(
    engine: DuckDBPyConnection, rows: str, columns: Sequence[int], semicolons: bool
) -> dict[int, Written]:
    """Decide by all values of these rows; a column of nothing but missing values is no number."""
    found: dict[int, Written] = {}
    perhaps: list[int] = []
    for number, (filled, commas, numbers, codes, dotted, three) in _counted(
            engine, rows, columns, _plain_counts):
        if codes or not filled:
            continue
        if numbers == filled:
            if not dotted or three < dotted:  # else decimals or thousands: nobody can know
                found[number] = Written.DOT
        elif commas:
            perhaps.append(number)
    for number, (filled, fit, proof) in _counted(engine, rows, perhaps, _comma_counts):
        if fit == filled and (proof or semicolons):
            found[number] = Written.COMMA
    return found


def _plain_counts(x: str) -> tuple[str, ...]:
    # Cheap conditions come first: the engine asks the next one only where they hold.
    return (
        "true", f"contains({x}, ',')", _matches(x, _NUMBER),
        rf"regexp_matches({x}, '^-?0\d')"
        # more digits than a measure has: an account, a NIK
        rf" OR (length({x}) > 15 AND (length({x}) > 40 OR regexp_matches({x}, '^-?\d{{16}}')))",
        f"contains({x}, '.')", f"contains({x}, '.') AND {_matches(x, _THREE_DECIMALS)}",
    )


def _comma_counts(x: str) -> tuple[str, ...]:
    return (
        "true", _matches(x, f"{_INTEGER}|{_COMMA}|{_GROUPED}"),
        f"{_matches(x, _COMMA)} AND (contains({x}, '.') OR NOT {_matches(x, _COMMA_AMBIGUOUS)})",
    )


def _matches(x: str, pattern: str) -> str:
    return f"regexp_full_match({x}, {literal(pattern)})"


def _counted(
    engine: DuckDBPyConnection, rows: str, columns: Sequence[int],
    conditions: Callable[[str], tuple[str, ...]],
) -> list[tuple[int, tuple[int, ...]]]:
    """Return for each column how many of its values meet each condition."""
    if not columns:
        return []
    if len(columns) > _TOGETHER:
        return [*_counted(engine, rows, columns[:_TOGETHER], conditions),
                *_counted(engine, rows, columns[_TOGETHER:], conditions)]
    parts = [f"count(*) FILTER (WHERE c{number} <> '' AND ({condition}))"
             for number in columns for condition in conditions(f"c{number}")]
    row = engine.execute(f"SELECT {', '.join(parts)} FROM {rows}").fetchone()
    assert row is not None
    size = len(parts) // len(columns)
    return [(number, tuple(row[at * size:(at + 1) * size])) for at, number in enumerate(columns)]
