"""The rows a grid begins with: those of the last table, moved on to the next period.

What a row is about comes along (areas, groups), the period moves on, figures and remarks are
empty: nothing of last year is handed in as this year's by leaving it.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ckanext.satudata.domain.intake import cells
from ckanext.satudata.domain.intake.grid import Column
from ckanext.satudata.domain.intake.template_source import moved, year_in

__all__ = ["Beginning", "as_written", "moved_on", "of_other_years", "roles", "used_values"]

_KEPT_VALUES = 1_300


@dataclass(frozen=True)
class Beginning:
    """What a grid begins with.

    :ivar rows: as people write them
    :ivar keeps: the last table names its periods, so its rows stay and these come below
    :ivar last: year of the newest period of the last table, empty where it names none
    """

    rows: list[list[str]]
    keeps: bool = False
    last: str = ""


def roles(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[Column]:
    """Return the columns, each said to be what rows are about or what is filled in.

    All words before the first figure say it; what stands behind, and numbers, only as far as
    rows are told apart by nothing else. Else a status of last year would stand as this year's.
    """
    first = next((at for at, each in enumerate(columns) if each.is_figure), len(columns))
    keys = [at for at in range(first) if columns[at].is_key]
    further = [at for at in range(first, len(columns)) if columns[at].is_key]
    further += [at for at, each in enumerate(columns) if each.is_figure and each.type == "integer"]
    for at in further:
        if len({tuple(row[key] for key in keys) for row in rows}) == len(rows):
            break
        keys.append(at)
    else:
        if rows and len({tuple(row[key] for key in keys) for row in rows}) < len(rows):
            keys = [at for at, each in enumerate(columns) if each.is_key]
    return [replace(each, role="kunci" if at in keys else "isian")
            for at, each in enumerate(columns)]


def as_written(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the rows of a file as people write them, to be changed."""
    return [[column.shown(value) for column, value in zip(columns, row, strict=True)]
            for row in rows]


def moved_on(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Beginning:
    """Return the rows of the next period, moved on as those of a template are.

    :param rows: of the last table, as its file says them
    """
    at = _period(columns, rows)
    if at is None:
        return Beginning(_keys(columns, rows, None, {}))
    years = [year_in(row[at]) or 0 for row in rows]
    last = max(years)
    newest = [row for row, year in zip(rows, years, strict=True) if year == last]
    try:
        later = moved({row[at]: 1 for row in newest}, columns[at].type)
    except ValueError:  # a day the calendar has not
        later = {row[at]: "" for row in newest}
    return Beginning(_keys(columns, [row for row in newest if row[at] in later], at, later),
                     True, str(last))


def of_other_years(
    columns: Sequence[Column], before: Sequence[list[str]], rows: Sequence[Sequence[str]]
) -> list[list[str]]:
    """Return the rows of the last table whose year nobody filled in: those of others stay."""
    at = _period(columns, before)
    if at is None:
        return list(before)
    filled = {year_in(row[at]) for row in rows if at < len(row)} - {None}
    return [row for row in before if year_in(row[at]) not in filled]


def _period(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> int | None:
    """Return the column whose year moves on: one of years, else of days, else of words with one."""
    named = [at for at, each in enumerate(columns) if each.is_period]
    days = [at for at, each in enumerate(columns) if each.type in ("date", "datetime")]
    words = [at for at, each in enumerate(columns) if each.type == "string" and each.is_key
             and not each.reference and all(year_in(row[at]) for row in rows)]
    return next((at for at in (*named, *days, *words) if any(year_in(row[at]) for row in rows)),
                None)


def _keys(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], period: int | None,
    later: Mapping[str, str],
) -> list[list[str]]:
    made: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        values = [
            later[value] if number == period else value if column.is_key else ""
            for number, (column, value) in enumerate(zip(columns, row, strict=True))]
        made.setdefault(tuple(values), [
            column.shown(value) for column, value in zip(columns, values, strict=True)])
    return list(made.values())


def used_values(
    columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> dict[str, list[str]]:
    """Return the distinct values of columns that name things; none of a column with many."""
    made: dict[str, list[str]] = {}
    for number, column in enumerate(columns):
        if column.type == "string" and column.is_key:
            values = list(dict.fromkeys(row[number] for row in rows if row[number]))
            if len(values) <= _KEPT_VALUES and all(
                    len(each) <= cells.MAX_TEXT for each in values):
                made[column.name] = values
    return made
