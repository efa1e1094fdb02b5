"""Published tables, the templates made of them, and people who fill those in a spreadsheet."""
from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl

from ckanext.satudata.domain.inspection import pipeline
from ckanext.satudata.domain.intake import template
from ckanext.satudata.domain.intake.template_mark import INPUT

__all__ = ["Back", "Sheet", "column", "fill", "made", "read", "written"]

DATASET, TITLE = "a3c1", "Balita stunting menurut kecamatan"


def column(name: str, kind: str = "string", role: str = "", **more: Any) -> dict[str, Any]:
    """Return a column as the report of an inspection lists it."""
    role = role or {"string": "dimensi", "boolean": "dimensi", "integer": "ukuran",
                    "number": "ukuran"}.get(kind, "waktu")
    return {"name": name, "type": kind, "role": role, "title": "", "unit": None,
            "reference": None, **more}


KECAMATAN = [column("kode_kecamatan", role="kode", reference="wilayah"),
             column("nama_kecamatan", role="wilayah"), column("tahun", "year"),
             column("balita", "integer", unit="orang"), column("persen", "number", unit="persen")]
ROWS = [["36.04.05", "Anyar", 2024, 1200, 12.5], ["36.04.20", "Bojonegara", 2024, 800, 10.0],
        ["36.04.05", "Anyar", 2025, 1210, 11.25], ["36.04.20", "Bojonegara", 2025, 790, 9.5]]


def written(value: Any) -> str:
    """Return a value as a clean table writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}" if value != int(value) else str(int(value))
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def made(
    folder: Path, columns: Sequence[Mapping[str, Any]] = KECAMATAN,
    rows: Sequence[Sequence[Any]] = ROWS, **order: Any,
) -> Path:
    """Publish a table and return its template."""
    path, out = folder / "terbit.csv", folder / "templat.xlsx"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([each["name"] for each in columns])
        writer.writerows([list(map(written, row)) for row in rows])
    public, masked = order.pop("public", True), order.pop("masked", [])
    template.answer({"dataset": DATASET, "title": TITLE, "open": True, "out": str(out), **order,
                     "table": {"csv": str(path), "columns": list(columns), "public": public,
                               "masked": masked}})
    return out


@dataclass
class Sheet:
    """The sheet to fill as a person sees it: heads, and cells by row."""

    book: Any
    heads: list[str] = field(default_factory=list[str])

    @property
    def cells(self) -> Any:
        return self.book[INPUT]

    @property
    def rows(self) -> list[dict[str, Any]]:
        found = [[cell.value for cell in row] for row in self.cells.iter_rows(min_row=2)]
        return [dict(zip(self.heads, row, strict=True)) for row in found if any(
            value is not None for value in row)]

    def put(self, row: int, name: str, value: Any) -> None:
        """Type into a row, counted from 1."""
        cell = self.cells.cell(row + 1, self.heads.index(name) + 1)
        cell.value = value
        if isinstance(value, str):
            # As a spreadsheet writes a text that looks like a letter by its number.
            cell.value = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", value)
            cell.data_type = "s"


def fill(path: Path, how: Callable[[Sheet], None] | None = None) -> Path:
    """Open a template as a spreadsheet does, fill it and save it under another name."""
    book = openpyxl.load_workbook(path)
    sheet = Sheet(book, [cell.value for cell in book[INPUT][1]])
    if how is not None:
        how(sheet)
    target = path.with_name("isian.xlsx")
    book.save(target)
    return target


@dataclass
class Back:
    """What the inspection says of a file that came back."""

    report: dict[str, Any]
    out: Path

    @property
    def table(self) -> dict[str, Any]:
        assert len(self.report["tables"]) == 1, self.report["remarks"]
        return self.report["tables"][0]

    @property
    def types(self) -> dict[str, str]:
        return {each["name"]: each["type"] for each in self.table["columns"]}

    @property
    def rows(self) -> list[dict[str, str]]:
        with (self.out / "tabel-1.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    @property
    def said(self) -> list[str]:
        """Everything a person would have to read: questions, changes and remarks."""
        return [*(each["text"]["text"] for table in self.report["tables"]
                  for each in table["questions"]),
                *(each["what"]["text"] for table in self.report["tables"]
                  for each in table["changes"]),
                *(each["text"] for each in self.report["remarks"])]

    @property
    def codes(self) -> dict[str, int]:
        return self.report["counts"]["by_code"]


def read(path: Path, **order: Any) -> Back:
    """Have a file inspected as that of the dataset."""
    out = path.with_name(f"hasil-{path.stem}")
    out.mkdir(exist_ok=True)
    report = pipeline.answer({"path": str(path), "name": path.name, "out": str(out),
                              "dataset": DATASET, "annotated": False, **order})
    return Back(json.loads(json.dumps(report)), out)
