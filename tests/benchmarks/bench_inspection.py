"""Measure the inspection against frictionless: the same file, schema and checks, in one run.

    ./deploy/benchmark inspection, or python tests/benchmarks/bench_inspection.py [ROWS]

A CSV file of ten columns with types, bounds, a pattern, an enumeration, a required column and a
primary key, and a workbook of a tenth of its rows; both also with a wrong cell in every thousandth
row. Each run is a process of its own that judges ten rows first: what it imports is not timed, but
counts in its peak memory.
The verdicts must be equal: every error, its row and its field.
"""
from __future__ import annotations

import csv
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

WAYS = ("ours", "frictionless")
#: The file judged first, for what is imported only then.
FIRST = "sepuluh"
#: frictionless takes a minute for what takes us a second.
ROUNDS = {"ours": 3, "frictionless": 1}
SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "id", "type": "integer", "constraints": {"required": True}},
        {"name": "kode_wilayah", "type": "string", "constraints": {"pattern": r"\d{6}"}},
        {"name": "nama", "type": "string", "constraints": {"required": True}},
        {"name": "tahun", "type": "year", "constraints": {"minimum": 2010, "maximum": 2030}},
        {"name": "bulan", "type": "integer", "constraints": {"minimum": 1, "maximum": 12}},
        {"name": "jenis", "type": "string", "constraints": {"enum": ["L", "P"]}},
        {"name": "jumlah", "type": "integer", "constraints": {"minimum": 0}},
        {"name": "nilai", "type": "number"},
        {"name": "tanggal", "type": "date"},
        {"name": "satuan", "type": "string"},
    ],
    "primaryKey": ["id"],
}


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = _write(Path(folder), count)
        print(f"{'':12}{'rows':>10}{'ours':>9}{'frictionless':>14}{'ratio':>8}"
              f"{'memory':>10}{'x file':>8}")
        for path, rows in made:
            seconds: dict[str, list[float]] = {way: [] for way in WAYS}
            memory: dict[str, float] = {}
            verdicts: dict[str, Any] = {}
            for way in WAYS:
                for _ in range(ROUNDS[way]):
                    done = subprocess.run([sys.executable, __file__, way, str(path)],
                                          capture_output=True, check=True)
                    answer = json.loads(done.stdout)
                    seconds[way].append(answer["seconds"])
                    memory[way] = max(memory.get(way, 0), answer["megabytes"])
                    verdicts[way] = answer["errors"]
            assert verdicts["ours"] == verdicts["frictionless"], path
            ours, stock = (statistics.median(seconds[way]) for way in WAYS)
            times = memory["ours"] / (path.stat().st_size / 1e6)
            print(f"{path.name:12}{rows:10}{ours:9.2f}{stock:14.2f}{stock / ours:8.1f}"
                  f"{memory['ours']:7.0f} MB{times:8.1f}", flush=True)


def _write(folder: Path, count: int) -> list[tuple[Path, int]]:
    made: list[tuple[Path, int]] = []
    _text(folder / f"{FIRST}.csv", _rows(10, 0))
    _workbook(folder / f"{FIRST}.xlsx", _rows(10, 0))
    for name, wrong in (("bersih", 0), ("salah", 1000)):
        made.append((_text(folder / f"{name}.csv", _rows(count, wrong)), count))
        made.append((_workbook(folder / f"{name}.xlsx", _rows(count // 10, wrong)), count // 10))
    return sorted(made, key=lambda one: one[0].suffix)


def _rows(count: int, wrong: int) -> Iterator[list[Any]]:
    dice = random.Random(7)
    yield [field["name"] for field in SCHEMA["fields"]]
    for number in range(1, count + 1):
        row: list[Any] = [number, str(360401 + number % 28), dice.choice(NAMES),
                          2015 + number % 10, 1 + number % 12, "LP"[number % 2],
                          dice.randrange(100_000), round(dice.random(), 3),
                          f"20{15 + number % 10}-{1 + number % 12:02d}-{1 + number % 28:02d}",
                          "orang"]
        if wrong and number % wrong == 0:
            at = number // wrong % len(WRONG)
            row[WRONG[at][0]] = WRONG[at][1]
        yield row


NAMES = ("Cikande", "Kragilan", "Ciruas", "Pontang")
WRONG = ((0, 1), (1, "3604"), (2, ""), (3, 1999), (4, 13), (5, "X"), (6, "sepuluh"), (7, "1,5"),
         (8, "31/12/2020"))


def _text(path: Path, rows: Iterator[list[Any]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)
    return path


def _workbook(path: Path, rows: Iterator[list[Any]]) -> Path:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def _work(way: str, path: Path) -> None:
    _errors(way, path.with_stem(FIRST))
    before = time.perf_counter()
    errors = _errors(way, path)
    seconds = time.perf_counter() - before
    print(json.dumps({"seconds": seconds, "megabytes": _peak(),
                      "errors": sorted(errors, key=json.dumps)}))


def _errors(way: str, path: Path) -> list[list[Any]]:
    if way == "ours":
        from ckanext.satudata.domain.inspection.engine import validate

        return [[one.type, one.row_number, one.field_number]
                for one in validate(path, SCHEMA, limit=10**9).errors]
    from frictionless import Resource, Schema

    resource = Resource(path=path.name, basepath=str(path.parent),
                        schema=Schema.from_descriptor(SCHEMA))
    return [[one.type, getattr(one, "row_number", None), getattr(one, "field_number", None)]
            for one in resource.validate(limit_errors=10**9).task.errors]


def _peak() -> float:
    """Return the most memory this process held, in MB (getrusage tells the parent's, if more)."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1.024e-3


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in WAYS:
        _work(sys.argv[1], Path(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
