"""Write what an inspection made into a folder: tables, schemas, all findings, marked workbook."""
from __future__ import annotations

import csv
import hashlib
import itertools
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ckanext.satudata.domain.inspection import annotated, downloads, outside, redaction, report
from ckanext.satudata.domain.inspection.arrow import pc
from ckanext.satudata.domain.inspection.notes import (
    N_,
    Finding,
    Message,
    RefusedFile,
    Severity,
)
from ckanext.satudata.domain.inspection.personal import personal_columns
from ckanext.satudata.domain.inspection.report import Tally

if TYPE_CHECKING:
    from ckanext.satudata.domain.inspection.checks.base import Check, Hits
    from ckanext.satudata.domain.inspection.engine import Checked
    from ckanext.satudata.domain.inspection.sheet import RawFile

__all__ = ["ANNOTATED", "Result", "digest", "tallies", "write", "write_table"]

#: Name of the marked workbook in the folder of results.
ANNOTATED = "bertanda.xlsx"
#: frictionless' checks of values and keys, which count where nothing was found, too.
_OF_VALUES = frozenset({"type-error", "constraint-error", "unique-error", "primary-key",
                        "foreign-key", "duplicate-row"})


#: What a text of a CSV is quoted for.
_STRUCTURE = '[",\\r\\n]'
#: Rows written at once.
_PIECE = 100_000
#: Bytes of clean tables and lists of findings of one file.
MAX_WRITTEN = 2_000_000_000


@dataclass
class Result:
    """What came of one table: it stands in ``checked``, with all that the checks found."""

    checked: Checked
    profile: Mapping[str, Any] = field(default_factory=dict[str, Any])
    off: Sequence[str] = ()


def write(
    path: Path, file: RawFile, found: Sequence[Result], checks: Sequence[type[Check]], out: Path,
    started: float | None = None, marked: bool = True,
) -> dict[str, Any]:
    """Write the results and ``report.json`` into a folder; return the report.

    :param path: the file as handed in
    :param checks: those that ran
    :param started: on the monotonic clock
    :param marked: also make the marked workbook, unless it would be too large
    """
    out.mkdir(parents=True, exist_ok=True)
    inspected: list[report.Inspected] = []
    written = 0
    for number, each in enumerate(found, 1):
        table = each.checked.table
        write_table(table.data, out / f"tabel-{number}.csv")
        (out / f"skema-{number}.json").write_text(
            json.dumps(table.schema(), ensure_ascii=False, indent=1), encoding="utf-8")
        downloads.write_findings(out / f"catatan-{number}.csv", each.checked)
        written += sum((out / name).stat().st_size
                       for name in (f"tabel-{number}.csv", f"catatan-{number}.csv"))
        if written > MAX_WRITTEN:
            raise RefusedFile("results_too_large", N_(
                "Hasil bacaan berkas ini melebihi {limit} MB, jauh lebih besar dari berkasnya. "
                "Bagi tabelnya menjadi beberapa berkas."), limit=MAX_WRITTEN // 1_000_000)
        inspected.append(report.Inspected(
            table, each.checked.listed(), tallies(each.checked, checks), each.profile, each.off,
            personal_columns(table)))
    seconds = 0.0 if started is None else time.monotonic() - started
    beside = outside.find(file, [each.table for each in inspected])
    made = report.build(file, inspected, bytes_=path.stat().st_size, sha256=digest(path),
                        seconds=seconds, beside=beside)
    broken = {code for each in found for code in each.checked.failed}
    made["remarks"] += [report.said(Message(N_(
        "Pemeriksaan “{title}” tidak selesai karena kesalahan program; hasilnya tidak diketahui."),
        {"title": check.title})) for check in checks if check.code in broken]
    made["files"] = {}
    if marked and found and _annotated(path, file, found, beside, out / ANNOTATED):
        made["files"]["annotated"] = ANNOTATED
    made = report.fitted(redaction.swept(made))
    (out / "report.json").write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return made


def _annotated(
    path: Path, file: RawFile, found: Sequence[Result], beside: Sequence[Finding], target: Path
) -> bool:
    findings = itertools.chain(
        beside, (finding for each in found for finding in each.checked.all()))
    try:
        annotated.write(path, file, findings, target)
    except RefusedFile:
        return False
    return True


def tallies(checked: Checked, checks: Sequence[type[Check]]) -> list[Tally]:
    """Return what each check found, complete; one that broke off is left out, not called clean.

    frictionless' checks of how a file is written cannot fail on a table that was tidied: they
    count only where they found something.
    """
    found: dict[tuple[str, Severity], list[Hits]] = {}
    for hits in checked.hits:
        found.setdefault((hits.check.code, hits.severity or hits.check.severity), []).append(hits)
    count = checked.table.data.num_rows
    made = [Tally(code, several[0].check.principle, severity,
                  sum(max(len(hits.rows), 1) for hits in several), _touched(several, count))
            for (code, severity), several in found.items()]
    seen = {code for code, _ in found} | set(checked.failed)
    made += [Tally(check.code, check.principle, check.severity, 0, 0) for check in checks
             if check.code not in seen and (check.code in _OF_VALUES or not _standard(check))]
    return made


def _standard(check: type[Check]) -> bool:
    """Say whether a check is one of frictionless' own, all of which share a base."""
    return any(base.__name__ == "StandardCheck" for base in check.__mro__)


def _touched(several: Sequence[Hits], count: int) -> int:
    if any(not len(hits.rows) for hits in several):
        return count
    touched = np.zeros(count, dtype=bool)
    for hits in several:
        touched[hits.rows] = True
    return int(touched.sum())


def write_table(data: pa.Table, path: Path) -> None:
    """Write a clean table as CSV: UTF-8, comma, ISO dates, nothing where a value is missing.

    Byte for byte as PostgreSQL gives the same rows (``shared/table_rows.py``), so that the rows of
    a table are proven to be those of its file: quotes only where needed, no exponents.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(data.column_names)
    with path.open("ab") as stream:
        for batch in data.to_batches(max_chunksize=_PIECE):
            columns = [_written(column) for column in batch.columns]
            if columns and len(batch):
                rows = pc.binary_join_element_wise(*columns, ",")
                stream.write(pc.binary_join(pa.ListArray.from_arrays(
                    pa.array([0, len(rows)], pa.int32()), rows), "\n")[0].as_buffer())
                stream.write(b"\n")


def _written(column: pa.Array) -> pa.Array:
    """Return the values of a column as they stand in a CSV, ready to be joined."""
    if pa.types.is_timestamp(column.type):
        texts = pc.strftime(column, format="%Y-%m-%dT%H:%M:%S")
        texts = pc.replace_substring_regex(texts, r"\.?0+$", "") if _has(texts, r"\.") else texts
    else:
        texts = pc.cast(column, pa.string())
    if pa.types.is_floating(column.type):
        if _has(texts, "e"):
            texts = _without_exponents(texts)
        texts = pc.if_else(pc.equal(texts, "-0"), "0", texts)
    elif pa.types.is_string(column.type) and _has(texts, _STRUCTURE):
        quoted = pc.binary_join_element_wise(
            '"', pc.replace_substring(texts, '"', '""'), '"', "")
        texts = pc.if_else(pc.match_substring_regex(texts, _STRUCTURE), quoted, texts)
    return pc.fill_null(texts, "")


def _has(texts: pa.Array, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(texts, pattern)).as_py())


def _without_exponents(texts: pa.Array) -> pa.Array:
    """Return numbers written out: 1e+15 is no figure to people."""
    return pa.array([f"{Decimal(each):f}" if each is not None and "e" in each else each
                     for each in texts.to_pylist()], pa.string())


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    made = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(1024 * 1024):
            made.update(piece)
    return made.hexdigest()
