"""Compares what the engine made of a file with what is expected, and says what is wrong."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from expected.kit import Col, Expected, Finding, Shape, Table

_NUMBERS = ("integer", "number", "year")


@dataclass
class Problem:
    """One thing that is wrong; ``fix`` is the correction an officer could make, if one helps.

    :ivar fix: part of a recipe: ``{"names": {...}}``, ``{"types": {...}}``, ``{"skip": True}``
    """

    said: str
    weight: float = 1.0
    fix: Mapping[str, Any] | None = None


@dataclass
class TableVerdict:
    expected: Table
    got: Mapping[str, Any] | None
    form: int = 0
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass
class Verdict:
    """What is wrong with the tables of a file, and, apart from that, with its findings."""

    tables: list[TableVerdict] = field(default_factory=list)
    extra: list[Mapping[str, Any]] = field(default_factory=list)
    other: list[Problem] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        found = [problem for table in self.tables for problem in table.problems]
        found += [Problem(f"tabel lebih: {table['sheet']} {table['range']}", 50) for table
                  in self.extra]
        return found + self.other

    @property
    def right(self) -> bool:
        return not self.problems


def judge(expected: Expected, report: Mapping[str, Any], folder: Path) -> Verdict:
    """Judge one report, whose tables lie in ``folder``."""
    made = Verdict()
    got = list(report.get("tables") or [])
    if not expected.tables:
        made.extra = got
    elif report.get("refused"):
        made.other.append(Problem(f"ditolak: {report['refused'].get('text', '')}", 100))
    frames: dict[int, Any] = {}
    left = list(got)
    for table in expected.tables:
        best = TableVerdict(table, None, problems=[Problem(f"tabel hilang: {table.sheet}", 100)])
        for candidate in left:
            if table.sheet and candidate["sheet"] != table.sheet:
                continue
            number = int(candidate["number"])
            if number not in frames:
                frames[number] = _frame(folder / f"tabel-{number}.csv")
            verdict = compare(table, candidate, frames[number])
            if _weight(verdict.problems) < _weight(best.problems):
                best = verdict
        if best.got is not None:
            left = [other for other in left if other is not best.got]
        made.tables.append(best)
    if expected.tables:
        made.extra = left
    made.findings = list(_findings(expected, report, made))
    return made


def _weight(problems: Sequence[Problem]) -> float:
    return sum(problem.weight for problem in problems)


def _frame(path: Path) -> Any:
    import pandas as pd

    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


# --- One table -------------------------------------------------------------------------------

def compare(table: Table, got: Mapping[str, Any], frame: Any) -> TableVerdict:
    """Compare with each right form; the nearest one counts."""
    best: TableVerdict | None = None
    for form, shape in enumerate(table.shapes):
        verdict = TableVerdict(table, got, form)
        _compare_shape(shape, got, frame, verdict)
        if best is None or _weight(verdict.problems) < _weight(best.problems):
            best = verdict
        if not verdict.problems:
            break
    assert best is not None
    best.problems += _asked(table, got)
    best.remarks += _told(table, got)
    return best


def _told(table: Table, got: Mapping[str, Any]) -> Iterator[str]:
    """What is said about the table otherwise than the sheet says it: shown, not judged."""
    if table.range and got["range"] != table.range:
        yield f"letak {got['range']}, bukan {table.range}"
    about = got.get("about") or {}
    if table.title and not got.get("title"):
        yield f"tanpa judul, bukan “{table.title[:40]}”"
    for key, part in table.about.items():
        if part.lower() not in str(about.get(key, "")).lower():
            yield f"{key}: “{str(about.get(key, ''))[:40]}” tanpa “{part}”"


def pair(columns: Sequence[Col], names: Sequence[str]) -> dict[str, str]:
    """Return ``{expected name: name there}``; the contract's own names go first."""
    found = {column.name: column.name for column in columns if column.name in names}
    for column in columns:
        if column.name not in found:
            taken = set(found.values())
            free = [name for name in names if name not in taken
                    and any(fnmatchcase(name, form) for form in column.also)]
            if free:
                found[column.name] = free[0]
    return found


def _compare_shape(shape: Shape, got: Mapping[str, Any], frame: Any, to: TableVerdict) -> None:
    import pandas as pd

    fields = {field["name"]: field for field in got["columns"]}
    if list(fields) != list(frame.columns):
        to.problems.append(Problem("kolom laporan dan berkas berbeda", 100))
        return
    pairs = pair(shape.columns, list(fields))
    missing = [column for column in shape.columns
               if column.name not in pairs and not column.optional]
    extra = [name for name in fields if name not in pairs.values()]
    if len(missing) == len(extra) and missing:
        # As many too many as too few: renamed, if type and values are those of the other.
        for column, name in zip(missing, extra, strict=True):
            to.problems.append(Problem(f"nama {name}, bukan {column.name}", 2,
                                       {"names": {name: column.name}}))
            pairs[column.name] = name
    else:
        to.problems += [Problem(f"kolom hilang: {column.name}", 10) for column in missing]
        to.problems += [Problem(f"kolom lebih: {name}", 10) for name in extra]
    for column in shape.columns:
        if column.name in pairs:
            kind = fields[pairs[column.name]]["type"]
            if kind not in column.types:
                to.problems.append(Problem(
                    f"tipe {column.name}: {kind}, bukan {'/'.join(column.types)}", 3,
                    {"types": {pairs[column.name]: column.types[0]}}))
            said = fields[pairs[column.name]].get("unit")
            units = column.unit if isinstance(column.unit, tuple) else (column.unit,)
            if column.unit is not None and said not in units:
                to.remarks.append(f"satuan {column.name}: {said}, bukan {units[0]}")
    order = [pairs[column.name] for column in shape.columns
             if column.name in pairs and not column.optional and column.name != "kode_wilayah"]
    if order != [name for name in fields if name in order]:
        to.remarks.append("urutan kolom")
    if len(frame) != shape.n_rows:
        to.problems.append(Problem(f"{len(frame)} baris, bukan {shape.n_rows}", 20))
        return
    there = pd.DataFrame({name: frame[source] for name, source in pairs.items()})
    if shape.normal is not None:
        there = shape.normal(there)
    rows = shape.rows()
    kinds = {column.name: fields[pairs[column.name]]["type"] for column in shape.columns
             if column.name in pairs}
    wanted = {column.name: rows[column.name] for column in shape.columns if column.name in pairs}
    keys = [name for name in shape.key if name in pairs]
    here = _order([there[name] for name in keys], shape.n_rows)
    then = _order([wanted[name] for name in keys], shape.n_rows)
    for column in shape.columns:
        if column.name in pairs:
            _values(column, kinds[column.name], there[column.name].iloc[here],
                    [wanted[column.name][at] for at in then], to)


def _order(keys: Sequence[Sequence[Any]], n_rows: int) -> list[int]:
    """Row positions sorted by the keys, else as they stand."""
    texts = list(zip(*([_key(value) for value in key] for key in keys), strict=True))
    return sorted(range(n_rows), key=lambda at: texts[at]) if keys else list(range(n_rows))


def _key(value: Any) -> str:
    said = "" if value is None or value != value else str(value)
    return said.removesuffix(".0")


def _values(column: Col, kind: str, there: Any, wanted: list[Any], to: TableVerdict) -> None:
    import numpy as np
    import pandas as pd

    said = there.fillna("").astype(str).to_numpy()
    open_ = np.array([isinstance(value, tuple) for value in wanted])
    ok = np.zeros(len(wanted), dtype=bool)
    plain = np.array([None if isinstance(value, tuple) else value for value in wanted], object)
    number = column.types[0] in _NUMBERS or (kind in _NUMBERS and all(
        isinstance(value, float | int) or value is None for value in plain[~open_]))
    if number:
        read = pd.to_numeric(pd.Series(said), errors="coerce").to_numpy(dtype=float)
        want = np.array([np.nan if value is None else float(value) for value in plain])
        bad = np.isnan(read) & (said != "")
        ok = (np.isclose(read, want, rtol=1e-9, atol=0, equal_nan=True)) & ~bad
    elif column.types[0] == "datetime":
        want = pd.to_datetime(pd.Series(plain), format="ISO8601", utc=True).to_numpy()
        read = pd.to_datetime(pd.Series(said), format="ISO8601", utc=True,
                              errors="coerce").to_numpy()
        ok = (read == want) | (np.array([value is None for value in plain]) & (said == ""))
    else:
        want = np.array(["" if value is None else str(value) for value in plain], object)
        if column.types[0] == "boolean":
            said, want = (np.array([value.lower() for value in side], object)
                          for side in (said, want))
        ok = said == want
    for at in np.flatnonzero(open_):
        value = said[at]
        ok[at] = (value or None) in wanted[at] or _as_number(value) in wanted[at]
    wrong = np.flatnonzero(~ok)
    if len(wrong):
        at = int(wrong[0])
        to.problems.append(Problem(
            f"{len(wrong)} nilai {column.name}: baris {at + 1} “{said[at][:40]}”, bukan"
            f" “{str(wanted[at])[:40]}”", 5))


def _as_number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _asked(table: Table, got: Mapping[str, Any]) -> Iterator[Problem]:
    """What had to be asked and was not, or was asked too often."""
    for ask in table.asks:
        found = questions(ask.step, ask.sign, got)
        if not found:
            yield Problem(f"tidak ditanyakan: {ask.step} {ask.sign}", 4)
        elif len(found) > ask.most:
            yield Problem(f"ditanyakan {len(found)} kali: {ask.step} {ask.sign}", 4)
        elif ask.cells is not None and sum(q["count"] for q in found) != ask.cells:
            yield Problem(f"ditanyakan untuk {sum(q['count'] for q in found)} sel, bukan"
                          f" {ask.cells}: {ask.sign}", 4)


def questions(step: str, sign: str, got: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the questions of a step about a sign (``...`` and ``…`` are one)."""
    signs = {sign, "…"} if sign == "..." else {sign}
    return [question for question in got.get("questions") or []
            if question["step"] == step
            and (not sign or str(question["key"]).rpartition(":")[2] in signs)]


# --- Findings --------------------------------------------------------------------------------

def _findings(expected: Expected, report: Mapping[str, Any], made: Verdict) -> Iterator[str]:
    blocking = (report.get("counts") or {}).get("wajib", 0)
    if expected.blocks is not None and bool(blocking) is not expected.blocks:
        codes = sorted({finding["code"] for finding in report.get("findings") or []
                        if finding["severity"] == "wajib"})
        yield f"wajib: {blocking} ({', '.join(codes)})"
    for finding in expected.findings:
        yield from _finding(finding, report, made)


def _finding(wanted: Finding, report: Mapping[str, Any], made: Verdict) -> Iterator[str]:
    verdict = made.tables[wanted.table - 1] if len(made.tables) >= wanted.table else None
    number = verdict.got["number"] if verdict is not None and verdict.got is not None else None
    found = [finding for finding in report.get("findings") or []
             if re.search(wanted.code, finding["code"])
             and (not wanted.severity or finding["severity"] == wanted.severity)
             and (number is None or finding.get("table") in (None, number))]
    if wanted.never:
        if found:
            yield f"salah lapor {found[0]['code']} ({len(found)}): {wanted.why}"
        return
    rows = {finding.get("row") for finding in found}
    if not found or not set(wanted.rows) <= rows:
        yield f"tidak dilaporkan: {wanted.why}"
