"""A sheet as rows of cells, and small parts many sheets share.

A cell is ``None``, text, a number, a day, or one of the classes below; ``LEFT`` belongs to the
merged cell at its left, ``UP`` to the one above.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["LEFT", "UP", "Error", "Fmt", "Formula", "Grid", "Page", "blank", "merges", "moved",
           "plain", "signature", "title", "unmerged"]

LEFT, UP = "<", "^"
Grid = list[list[Any]]


@dataclass(frozen=True)
class Fmt:
    """A value and the number format it is shown in."""

    value: Any
    code: str


@dataclass(frozen=True)
class Formula:
    """A formula; ``cached`` is the value Excel left beside it, ``None`` where a program made it."""

    text: str
    cached: float | str | None = None


@dataclass(frozen=True)
class Error:
    text: str


@dataclass
class Page:
    """A sheet of a workbook."""

    name: str
    grid: Grid
    hidden_columns: Sequence[int] = ()
    hidden_rows: Sequence[int] = ()
    chart_only: bool = False
    hidden: bool = False


def title(text: str, width: int) -> list[Any]:
    return [text, *[LEFT] * (width - 1)]


def blank(count: int = 1) -> Grid:
    return [[] for _ in range(count)]


def moved(grid: Grid, right: int = 0, down: int = 0) -> Grid:
    """Return the grid further to the right and down: not everything begins in A1."""
    return [*blank(down), *([*[None] * right, *row] if row else [] for row in grid)]


def unmerged(grid: Grid) -> Grid:
    """Return the grid with what would be merged cells left empty."""
    return [[None if cell in (LEFT, UP) and isinstance(cell, str) else cell for cell in row]
            for row in grid]


def signature(place: str, day: str, office: str, name: str, at: int) -> Grid:
    """The block under an official table: it is no data."""
    lines = [f"{place}, {day}", f"Kepala {office}", None, None, name,
             "NIP. ........................"]
    return [[], *([*[None] * at, line] if line else [] for line in lines)]


def plain(cell: Any) -> Any:
    """Return the value of a cell as a program without formulas or formats sees it."""
    if isinstance(cell, Fmt):
        return cell.value
    if isinstance(cell, Formula):
        return cell.cached
    if isinstance(cell, Error):
        return cell.text
    return None if cell in (LEFT, UP) and isinstance(cell, str) else cell


def merges(grid: Grid) -> list[tuple[int, int, int, int]]:
    """Return the merged blocks as (top, left, bottom, right), from 0, both ends included."""
    def at(row: int, column: int) -> Any:
        found = grid[row][column] if row < len(grid) and column < len(grid[row]) else None
        return found if isinstance(found, str) else None

    found: list[tuple[int, int, int, int]] = []
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            if cell is None or (isinstance(cell, str) and cell in (LEFT, UP)):
                continue
            right, bottom = column, row
            while at(row, right + 1) == LEFT:
                right += 1
            while at(bottom + 1, column) == UP:
                bottom += 1
            if (right, bottom) != (column, row):
                found.append((row, column, bottom, right))
    return found


def shown(cell: Any, decimal: str = ",") -> str:
    """Return a cell as text: what a person sees of it in a program without formats."""
    value = plain(cell)
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.strftime("%d/%m/%Y %H:%M:%S")
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", decimal)
    return str(value)
