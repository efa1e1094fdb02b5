"""A sheet of a workbook as rows of typed cells, read by calamine."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ckanext.satudata.domain.errors import SatuDataError
from ckanext.satudata.domain.inspection.validation.columns import plain
from ckanext.satudata.domain.inspection.validation.labels import Dialect
from ckanext.satudata.domain.inspection.validation.table import Table

__all__ = ["Sheet", "open_sheet"]

_SAMPLE = 100
_ROWS_AT_ONCE = 20_000


@dataclass
class Sheet:
    """An opened sheet; ``sample`` are its first 100 rows. All rows are of the same width."""

    rows: list[list[Any]]
    sample: list[list[Any]]
    given: Dialect

    def judge(self, table: Table, skip: int) -> None:
        """Give all rows below the header to a table."""
        width = len(self.rows[0]) if self.rows else 0
        for start in range(skip, len(self.rows), _ROWS_AT_ONCE):
            rows: Sequence[list[Any]] = self.rows[start:start + _ROWS_AT_ONCE]
            numbers = None
            if self.given.filters:
                kept = [(at, row) for at, row in enumerate(rows, start=start + 1)
                        if not self.given.left_out(at, row)]
                numbers = np.array([at for at, _ in kept], np.int64)
                rows = [row for _, row in kept]
            columns = list(zip(*rows, strict=True)) if rows else [()] * width
            table.add_objects(columns, len(rows), numbers)


def open_sheet(path: Path, given: Dialect) -> Sheet:
    """Read a sheet; it is named by its name or its number from 1.

    :raises SatuDataError: there is no such sheet
    """
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(str(path))
    names = book.sheet_names
    name = names[given.sheet - 1] if isinstance(given.sheet, int) and (
        0 < given.sheet <= len(names)) else given.sheet
    if name not in names:
        raise SatuDataError(f"Lembar “{given.sheet}” tidak ada di {path.name}.")
    rows: list[list[Any]] = book.get_sheet_by_name(str(name)).to_python(skip_empty_area=False)
    sample = [[plain(cell) for cell in row] for row in rows[:_SAMPLE]]
    return Sheet(rows, sample, given)

