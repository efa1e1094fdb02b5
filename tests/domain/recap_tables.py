"""Tables of units, written as an inspection writes them."""
from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.intake.recap.parts import Part, Unit

KIND = "puskesmas"
DAY = dt.datetime(2026, 11, 1, tzinfo=dt.timezone.utc)
FIELDS = {"bulan": "string", "balita": "integer", "stunting": "integer"}


def units(count: int) -> list[Unit]:
    return [Unit(f"P{number:04d}", f"Puskesmas {number}") for number in range(1, count + 1)]


def part(
    folder: Path, unit: Unit, rows: Sequence[Sequence[Any]], fields: dict[str, str] | None = None,
    at: dt.datetime = DAY, filename: str = "laporan.xlsx", **more: dict[str, Any],
) -> Part:
    """Write a table; ``more``: further keys of a field, by its name."""
    names = fields or FIELDS
    path = folder / f"{unit.code}-{len(list(folder.iterdir()))}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    schema = {"fields": [{"name": name, "type": kind, **more.get(name, {})}
                         for name, kind in names.items()], "missingValues": [""]}
    return Part(unit, path, schema, at, filename, path.name)


def rows_of(data: Any) -> list[dict[str, str | None]]:
    return data.to_pylist()
