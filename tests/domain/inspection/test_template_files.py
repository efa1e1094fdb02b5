"""A template is saved by whatever opened it: other formats, apps that hide nothing, plain text."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from corpus.grid import Page
from corpus.writers import ods, text, xls, xlsx
from template_samples import KECAMATAN, Sheet, column, fill, made, read

from ckanext.satudata.domain.intake.template_mark import INPUT

COLUMNS = [*KECAMATAN[:3], column("tanggal", "date"), *KECAMATAN[3:]]
ROWS = [["36.04.05", "Anyar", 2025, dt.date(2025, 3, 1), 1210, 11.25],
        ["36.04.20", "Bojonegara", 2025, dt.date(2025, 4, 30), 790, 9.5]]


def filled(folder: Path) -> list[Page]:
    """Return the sheets of a filled template, hidden ones in sight."""
    def type_in(sheet: Sheet) -> None:
        for row, values in enumerate((("36.04.05", 5, 1.5), ("36.04.20", 6, 2.25)), 1):
            sheet.put(row, "balita", values[1])
            sheet.put(row, "persen", values[2])

    book = openpyxl.load_workbook(fill(made(folder, COLUMNS, ROWS), type_in))
    return [Page(sheet.title, [[
        value.date() if isinstance(value, dt.datetime) else value or None
        for value in row] for row in sheet.iter_rows(values_only=True)]) for sheet in book]


@pytest.mark.parametrize(("write", "ending"), [(ods, "ods"), (xls, "xls"), (xlsx, "xlsx")])
def test_it_comes_back_in_another_format(
    tmp_path: Path, write: Callable[..., bytes], ending: str
) -> None:
    path = tmp_path / f"isian.{ending}"
    path.write_bytes(write(*filled(tmp_path)))
    back = read(path)
    assert back.said == [] and back.table["template"] is not None
    assert back.types == {each["name"]: each["type"] for each in COLUMNS}
    assert [list(row.values()) for row in back.rows] == [
        ["36.04.05", "Anyar", "2026", "2026-03-01", "5", "1.5"],
        ["36.04.20", "Bojonegara", "2026", "2026-04-30", "6", "2.25"]]


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_saved_as_text_it_is_a_clean_table_still(tmp_path: Path, delimiter: str) -> None:
    page = next(each for each in filled(tmp_path) if each.name == INPUT)
    path = tmp_path / "isian.csv"
    path.write_bytes(text(page.grid, delimiter=delimiter))
    back = read(path)
    assert back.table["questions"] == []
    assert [row["kode_kecamatan"] for row in back.rows] == ["36.04.05", "36.04.20"]
    assert [row["balita"] for row in back.rows] == ["5", "6"]
