"""The corpus itself: its expectations hold together, and its judge judges."""
from __future__ import annotations

import csv
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from ckanext.satudata.domain import wilayah

sys.path.insert(0, str(Path(__file__).parent))
from corpus import FILES, Built, Made, Table
from corpus.judge import judge
from corpus.model import ANY


def _perfect(built: Built, folder: Path) -> dict[str, Any]:
    """Return the report of an engine that does just what is expected."""
    expected = built.expected
    tables = []
    for number, table in enumerate(expected.tables, 1):
        with (folder / f"tabel-{number}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(table.columns)
            writer.writerows([None if cell is ANY else cell for cell in row]
                             for row in table.rows)
        tables.append({
            "number": number, "sheet": table.sheet, "range": "A1:B2", "fingerprint": str(number),
            "files": {"csv": f"tabel-{number}.csv"}, "about": expected.about,
            "columns": [{"name": name, "type": kind, "unit": table.units.get(name)}
                        for name, kind in table.columns.items()],
            "questions": [{"key": f"{step}:kolom:{about}", "choices": []}
                          for step, about in expected.asks] if number == 1 else []})
    return {"refused": {"code": expected.refused[0]} if expected.refused else None,
            "proof": expected.proof, "to_confirm": expected.to_confirm,
            "tables": tables, "remarks": [],
            "findings": [{"code": codes[0], "severity": "wajib"} for codes in expected.must]}


def test_a_perfect_report_is_judged_right_and_a_wrong_cell_is_seen(tmp_path: Path) -> None:
    for number, file in enumerate(FILES):
        built = file.build()
        folder = tmp_path / str(number)
        folder.mkdir()
        report = _perfect(built, folder)
        assert judge(built.expected, report, folder) == [], file.name
        if not built.expected.tables:
            continue
        first = built.expected.tables[0]
        other = replace(first, rows=[*first.rows[1:], ("?",) * len(first.columns)])
        assert judge(replace(built.expected, tables=[other, *built.expected.tables[1:]],
                             or_tables=()), report, folder), file.name


def test_expectations_hold_together() -> None:
    assert len({file.name for file in FILES}) == len(FILES) >= 60
    for file in FILES:
        expected = file.build().expected
        assert file.about, file.name
        assert expected.tables or expected.refused or expected.proof, file.name
        for table in [*expected.tables, *(expected.answered or ()),
                      *(t for tables in expected.or_tables for t in tables)]:
            _check(file, table)


def _check(file: Made, table: Table) -> None:
    assert table.rows, file.name
    assert all(len(row) == len(table.columns) for row in table.rows), file.name
    assert set(table.units) <= set(table.columns), file.name
    assert set(table.alias) <= set(table.columns), file.name
    if "kode_wilayah" in table.columns:
        at = list(table.columns).index("kode_wilayah")
        assert all(wilayah.exists(row[at]) for row in table.rows if row[at]), file.name
