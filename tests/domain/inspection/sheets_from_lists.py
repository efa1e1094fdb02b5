"""Sheets written as lists of rows, as an officer would see them, and the tables they become."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection.sheet import Column, Kind, RawFile, Sheet, Span
from ckanext.satudata.domain.inspection.table import TidyTable
from ckanext.satudata.domain.inspection.tidy import tidy

__all__ = ["names", "rows", "sheet", "tables"]


def tables(
    *grid: Sequence[Any], home: str = "", merged: Sequence[tuple[int, int, int, int]] = ()
) -> list[TidyTable]:
    """Return the tables of one sheet; ``merged`` as top, left, bottom, right."""
    return tidy(RawFile("contoh.xlsx", "xlsx", [sheet(*grid, merged=merged)]), home=home)


def sheet(
    *grid: Sequence[Any], merged: Sequence[tuple[int, int, int, int]] = ()
) -> Sheet:
    """Return a sheet as a reader gives it."""
    width = max(len(row) for row in grid)
    columns: list[Column] = []
    for at in range(width):
        cells = [row[at] if at < len(row) else None for row in grid]
        kinds = [Kind.EMPTY if cell is None else Kind.TEXT if isinstance(cell, str)
                 else Kind.NUMBER for cell in cells]
        columns.append(Column(
            pa.chunked_array([["" if cell is None else str(cell) for cell in cells]], pa.string()),
            np.array(kinds, dtype=np.uint8),
            np.array([cell if isinstance(cell, int | float) else np.nan for cell in cells])))
    return Sheet("Lembar1", columns, [Span(*span) for span in merged])


def names(table: TidyTable) -> list[str]:
    return [column.name for column in table.columns]


def rows(table: TidyTable, *columns: str) -> list[tuple[Any, ...]]:
    """Return the rows of a table, of all columns or of those named."""
    return list(zip(*(table.data[name].to_pylist() for name in columns or names(table)),
                    strict=True))
