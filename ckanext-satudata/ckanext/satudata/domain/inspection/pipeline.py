"""The whole road of one file: read, find the tables, tidy, check, profile. Body of the child."""
from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckanext.satudata.domain.inspection.limits import Limits

__all__ = ["ENGINE", "answer"]

#: Moves when the same file may come out otherwise than before.
ENGINE = "1"
#: Cells above which a marked workbook is not worth its making; the list of findings says it all.
_MARKED_CELLS = 400_000
def answer(order: Mapping[str, Any]) -> dict[str, Any]:
    """Inspect the file ``path``, write its tables to the folder ``out``, return the report.
    :param order: ``name`` as handed in; ``limits``; ``settings`` (a recipe); ``facts`` (see
        :class:`.checks.base.Facts`); ``previous`` (``csv`` and ``schema`` of the last release);
        ``schema`` (a Table Schema the columns were declared by)
    :raises RefusedFile: the file is not read at all
    """
    started = time.monotonic()
    path, name, out = Path(order["path"]), str(order["name"]), Path(order["out"])
    limits = Limits(**order.get("limits") or {})
    # Bounds first: refusing a hostile file needs none of the libraries that read a good one.
    from ckanext.satudata.domain.inspection import child, reader
    file = reader.read(path, name, limits)
    child.tell(30)
    from ckanext.satudata.domain.inspection import annotated, report
    from ckanext.satudata.domain.inspection.recipe import Recipe
    from ckanext.satudata.domain.inspection.tidy import tidy
    file = annotated.strip_marks(file)
    facts, previous = _facts(order.get("facts")), _previous(order.get("previous"))
    recipe = Recipe.read(order.get("settings"))
    year = facts.last_day.year if facts.last_day else None
    tables = [] if file.proof else tidy(file, recipe, facts.home, year)
    inspected: list[report.Inspected] = []
    everything: list[Any] = []
    for number, table in enumerate(tables, 1):
        child.tell(30 + 60 * number // len(tables))
        each, findings = _inspected(table, facts, previous, order, recipe, out, number)
        inspected.append(each)
        everything.extend(findings)
    made = report.build(file, inspected, bytes_=path.stat().st_size, sha256=_digest(path),
                        seconds=round(time.monotonic() - started, 3))
    for number, table in enumerate(made["tables"], 1):
        table["files"] = {"csv": f"tabel-{number}.csv", "schema": f"skema-{number}.json",
                          "findings": f"catatan-{number}.csv"}
    made["files"] = {}
    cells = sum(sheet.n_rows * sheet.n_columns for sheet in file.sheets)
    if everything and cells <= _MARKED_CELLS:
        annotated.write(path, file, everything, out / "bertanda.xlsx")
        made["files"]["annotated"] = "bertanda.xlsx"
    return made
def _inspected(
    table: Any, facts: Any, previous: Any, order: Mapping[str, Any], recipe: Any, out: Path,
    number: int,
) -> tuple[Any, list[Any]]:
    """Check and profile one table and write it down."""
    from pyarrow import csv
    from ckanext.satudata.domain.inspection import (
        engine,
        interchange,
        personal,
        profile,
        report,
    )
    checked = engine.run(table, facts, previous, schema=order.get("schema"))
    masked = personal.personal_columns(table)
    csv.write_csv(table.data, out / f"tabel-{number}.csv")
    (out / f"skema-{number}.json").write_text(
        json.dumps(table.schema(), ensure_ascii=False, indent=1), encoding="utf-8")
    interchange.write_findings(out / f"catatan-{number}.csv", checked.all())
    listed = checked.listed()
    return report.Inspected(
        table, listed, _tallies(checked, table.data.num_rows), profile.profile(table, previous),
        sorted(recipe.of(table.fingerprint).off), masked), listed
def _tallies(checked: Any, rows: int) -> list[Any]:
    """Return what each check found, those that found nothing too."""
    from ckanext.satudata.domain.inspection import report
    from ckanext.satudata.domain.inspection.checks import registry
    found: dict[tuple[str, Any], list[int]] = {}
    for hits in checked.hits:
        severity = hits.severity or hits.check.severity
        count = max(len(hits.rows), 1)
        entry = found.setdefault((hits.check.code, severity), [0, 0])
        entry[0] += count
        entry[1] = min(rows, entry[1] + (len(hits.rows) or rows))
    tallies: list[Any] = []
    for check in registry.all_checks():
        mine = [(severity, entry) for (code, severity), entry in found.items()
                if code == check.code]
        for severity, (count, touched) in mine or [(check.severity, (0, 0))]:
            tallies.append(report.Tally(check.code, check.principle, severity, count, touched))
    return tallies
def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1024 * 1024):
            digest.update(piece)
    return digest.hexdigest()
if TYPE_CHECKING:
    from ckanext.satudata.domain.inspection.checks.base import Check
__all__ = ["Inspected", "TableResult", "answer", "inspect"]
@dataclass
class TableResult:
    """A clean table, what the checks found in it (engine.Checked), and its profile."""
    table: Any
    result: Any
    profile: dict[str, Any]
class Inspected:
    """A file that was read; ``file`` is its :class:`.sheet.RawFile`, ``checks`` those that ran."""
    path: Path
    file: Any
    tables: list[TableResult] = field(default_factory=list[TableResult])
    off: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    checks: Sequence[type[Check]] = ()
    seconds: float = 0.0
def inspect(path: Path, name: str, order: Mapping[str, Any]) -> Inspected:
    """Read a file, propose its clean tables and check them.
    :param order: ``limits``, ``settings`` (a recipe), ``facts``, ``previous`` (``csv`` and
        ``schema`` of the last release), ``schema`` (a Table Schema its columns were declared by);
        :func:`answer` also knows ``annotated`` (false for no marked workbook)
    # The reader refuses a hostile file before it loads what reads a good one, so all else waits.
    from ckanext.satudata.domain.inspection import annotated, engine, profile
    facts = _facts(order.get("facts"))
    previous = _previous(order.get("previous"))
    inspected = Inspected(path, file, checks=registry.all_checks())
        child.tell(30 + 65 * number // (len(tables) + 1))
        result = engine.run(table, facts, previous, inspected.checks, schema=order.get("schema"))
        inspected.tables.append(TableResult(table, result, profile.profile(table, previous)))
        inspected.off[table.fingerprint] = sorted(recipe.of(table.fingerprint).off)
    inspected.seconds = time.monotonic() - started
    return inspected
    """Inspect and write the results to the folder ``out``; return the report."""
    inspected = inspect(Path(order["path"]), order["name"], order)
    from ckanext.satudata.domain.inspection import results
    return results.write(inspected, Path(order["out"]), order.get("annotated", True))


def _facts(data: Mapping[str, Any] | None) -> Any:
    from ckanext.satudata.domain.inspection.checks.base import Facts

    given = dict(data or {})
    for name in ("first_day", "last_day"):
        if isinstance(given.get(name), str):
            given[name] = date.fromisoformat(given[name])
    if "areas" in given:
        given["areas"] = tuple(given["areas"] or ())
    known = Facts.__dataclass_fields__
    return Facts(**{name: value for name, value in given.items() if name in known and value})


def _previous(data: Mapping[str, Any] | None) -> Any:
    """Read the table of the last release, typed by its schema."""
    if not data:
        return None
    import pyarrow as pa
    from pyarrow import csv

    from ckanext.satudata.domain.inspection.checks.base import Previous

    types = {"integer": pa.int64(), "number": pa.float64(), "year": pa.int64(),
             "boolean": pa.bool_(), "date": pa.date32(), "datetime": pa.timestamp("ms")}
    wanted = {field["name"]: types.get(field.get("type", "string"), pa.string())
              for field in data["schema"].get("fields", [])}
    table = csv.read_csv(data["csv"], convert_options=csv.ConvertOptions(
        column_types=wanted, strings_can_be_null=True, null_values=[""]))
    return Previous(table, data["schema"])
