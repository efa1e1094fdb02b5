"""The report of an inspection: one JSON object that the portal, the page and the terminal read.

Everything that is said to people stands in it as ``{"template", "values", "text"}``: ``text`` is
Indonesian, and whoever shows it in another language translates the template.
"""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np

from ckanext.satudata.domain.inspection import sheet_view
from ckanext.satudata.domain.inspection.flow import mask
from ckanext.satudata.domain.inspection.notes import (
    N_,
    Change,
    Finding,
    Message,
    Principle,
    Question,
    RefusedFile,
    Severity,
)
from ckanext.satudata.domain.inspection.sheet import RawFile, column_letters, range_name
from ckanext.satudata.domain.inspection.spoken import spoken
from ckanext.satudata.domain.inspection.table import TidyColumn, TidyTable

__all__ = ["MAX_LISTED", "VERSION", "Inspected", "Tally", "build", "fitted",
           "refusal", "said", "scores"]

VERSION = 1
#: Findings listed; the counts and the download know all.
MAX_LISTED = 1000
#: Rows of a clean table shown, and further ones because a finding is in them.
MAX_ROWS, MAX_MARKED = 20, 40
_MAX_TEXT = 2000
#: Letters of a report as JSON: it is kept in the database and sent over a pipe.
MAX_BYTES = 16_000_000

_ORDER = {Severity.WAJIB: 0, Severity.SEBAIKNYA: 1, Severity.SARAN: 2}
#: What a check that found something may take away from the score of its principle.
_TAKEN = {Severity.WAJIB: 30, Severity.SEBAIKNYA: 12, Severity.SARAN: 4}


@dataclass(frozen=True)
class Tally:
    """What one check found in one table: complete, also where nothing was found.

    :ivar count: of findings; ``rows``: of rows with one, all rows for one of the whole table
    """

    code: str
    principle: Principle
    severity: Severity
    count: int
    rows: int


@dataclass
class Inspected:
    """A clean table with what the checks said about it.

    :ivar findings: the listed ones
    :ivar tallies: one per check that ran and severity it gave
    :ivar masked: columns of personal data, whose values are shown to nobody
    """

    table: TidyTable
    findings: Sequence[Finding] = ()
    tallies: Sequence[Tally] = ()
    profile: Mapping[str, Any] = field(default_factory=dict[str, Any])
    off: Sequence[str] = ()
    masked: Mapping[str, str] = field(default_factory=dict[str, str])


def said(message: Message | None) -> dict[str, Any] | None:
    """Return a sentence as the report keeps it."""
    if message is None:
        return None
    return {"template": message.template, "text": message.text()[:_MAX_TEXT],
            "values": {name: plain(value) for name, value in message.values.items()}}


def plain(value: Any) -> Any:
    """Return a value JSON knows; what is not a number in a cell is missing."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)[:_MAX_TEXT]


def build(
    file: RawFile, inspected: Sequence[Inspected], *, bytes_: int = 0, sha256: str = "",
    seconds: float = 0.0, beside: Sequence[Finding] = (),
) -> dict[str, Any]:
    """Return the report of a file that was read.

    :param beside: findings of the file that are of none of its tables; they come first
    """
    listed: list[tuple[int | None, Finding]] = [
        (number, finding) for number, each in enumerate(inspected, 1)
        for finding in each.findings]
    listed.sort(key=lambda pair: _ORDER[pair[1].severity])
    listed = [*((None, finding) for finding in beside[:MAX_LISTED // 2]), *listed][:MAX_LISTED]
    listed.sort(key=lambda pair: _ORDER[pair[1].severity])
    tallies = [tally for each in inspected for tally in each.tallies]
    rows = {id(tally): each.table.data.num_rows for each in inspected for tally in each.tallies}
    for finding in beside:
        tallies.append(Tally(finding.code, finding.principle, finding.severity, 1, 1))
        rows[id(tallies[-1])] = 1
    return {
        **_head(file.name, file.kind, bytes_, sha256, seconds),
        "encoding": file.encoding, "delimiter": file.delimiter,
        "to_confirm": file.to_confirm, "proof": file.proof, "refused": None,
        "tables": [_table(number, each) for number, each in enumerate(inspected, 1)],
        "findings": [_finding(number, finding) for number, finding in listed],
        "counts": _counts(tallies),
        "scores": scores(tallies, [rows[id(tally)] for tally in tallies]),
        "sheets": sheet_view.sheets(file, [(each.table, each.masked) for each in inspected],
                                    listed),
        "remarks": [said(remark) for remark in (
            *file.remarks, *(each for sheet in file.sheets for each in sheet.remarks),
            *_not_replayed(inspected))],
    }


def _not_replayed(inspected: Sequence[Inspected]) -> list[Message]:
    """Say that corrections are kept but did not fit: else last year's answers seem lost."""
    numbers = [str(number) for number, each in enumerate(inspected, 1)
               if each.table.recipe == "other_layout"]
    return [Message(N_(
        "Koreksi yang disimpan tidak dipakai di tabel {tables}: kepala kolomnya berbeda dari "
        "berkas sebelumnya. Samakan kepala kolomnya, atau jawab lagi pertanyaannya."),
        {"tables": ", ".join(numbers)})] if numbers else []


def fitted(report: dict[str, Any], limit: int = MAX_BYTES) -> dict[str, Any]:
    """Return a report that is not too large to be kept and shown: what is only shown goes first.

    :raises RefusedFile: it is too large even so
    """
    parts: tuple[tuple[str, ...], ...] = (("sheets",), ("marked",), ("rows",), ("profile",))
    for names in ((), *parts):
        for table in report["tables"]:
            table.update({name: type(table[name])() for name in names if name in table})
        report |= {name: [] for name in names if name in report}
        if len(json.dumps(report)) <= limit:
            return report
    raise RefusedFile("report_too_large", N_(
        "Berkas ini berisi terlalu banyak kolom, tabel, atau teks yang sangat panjang. Bagi "
        "menjadi beberapa berkas."))


def refusal(
    name: str, error: RefusedFile, *, bytes_: int = 0, sha256: str = ""
) -> dict[str, Any]:
    """Return the report of a file that was not read at all."""
    return {
        **_head(name, "", bytes_, sha256, 0.0),
        "encoding": None, "delimiter": None, "to_confirm": False, "proof": False,
        "refused": {"code": error.code, "said": said(error.message), "text": error.message.text()},
        "tables": [], "findings": [], "counts": _counts([]), "scores": {}, "sheets": [],
        "files": {}, "remarks": [],
    }


def _head(name: str, kind: str, bytes_: int, sha256: str, seconds: float) -> dict[str, Any]:
    return {"version": VERSION, "file": name, "kind": kind, "bytes": bytes_, "sha256": sha256,
            "seconds": round(seconds, 3)}


def scores(tallies: Sequence[Tally], rows: Sequence[int]) -> dict[str, int]:
    """Return a score of 0 to 100 per principle that had a check.

    Each principle begins with 100. A check that found something takes away up to 30 (wajib), 12
    (sebaiknya) or 4 (saran): half of that for having found anything, the other half by the share
    of rows it is in. Rounded down, never below 0: 100 means that nothing at all was found, and
    many checks that pass do not hide the one that does not.

    :param rows: rows of the table each tally is of; the tables of a file count as one
    """
    left = {tally.principle.value: 100.0 for tally in tallies}
    together: dict[tuple[str, str, Severity], list[int]] = {}
    for tally, of in zip(tallies, rows, strict=True):
        one = together.setdefault((tally.principle.value, tally.code, tally.severity), [0, 0, 0])
        one[0] += tally.count
        one[1] += min(tally.rows, of)
        one[2] += of
    for (name, _, severity), (count, touched, of) in together.items():
        if count:
            left[name] -= _TAKEN[severity] * (0.5 + 0.5 * (touched / of if of else 1.0))
    return {name: max(int(score + 1e-9), 0) for name, score in left.items()}


def _counts(tallies: Sequence[Tally]) -> dict[str, Any]:
    by_code: dict[str, int] = {}
    counts: dict[str, Any] = {severity.value: 0 for severity in Severity}
    for tally in tallies:
        counts[tally.severity.value] += tally.count
        if tally.count:
            by_code[tally.code] = by_code.get(tally.code, 0) + tally.count
    return {**counts, "by_code": by_code}


def _table(number: int, each: Inspected) -> dict[str, Any]:
    table = each.table
    files = {"csv": f"tabel-{number}.csv", "schema": f"skema-{number}.json",
             "findings": f"catatan-{number}.csv"}
    return {
        "number": number, "sheet": table.sheet, "title": table.title,
        "range": range_name(table.span), "n_rows": table.data.num_rows,
        "columns": [_column(table, column) for column in table.columns],
        "rows": rows(table, range(min(MAX_ROWS, table.data.num_rows)), each.masked),
        "marked": _marked(table, each),
        "masked": dict(each.masked), "about": dict(table.about), "schema": table.schema(),
        "fingerprint": table.fingerprint, "recipe": table.recipe, "off": list(each.off),
        "dropped": list(table.dropped),
        "dropped_titles": {name: spoken(table.headers, (int(at) for at in set(cells.tolist())),
                                        name) for name, cells in table.dropped.items()},
        "changes": [_change(change) for change in table.changes],
        "questions": [_question(question) for question in table.questions],
        "profile": dict(each.profile), "files": files, "template": _template(table),
        "release": None if table.release is None else {
            "said": said(table.release.said), "kept": table.release.kept,
            "may": table.release.may},
    }


def _template(table: TidyTable) -> dict[str, Any] | None:
    """Return of which dataset's template a table is, and whose periods it goes on with."""
    mark = table.template
    return None if mark is None else {
        "dataset": mark.dataset, "title": mark.title, "continues": mark.continues or None}


def _column(table: TidyTable, column: TidyColumn) -> dict[str, Any]:
    return {"name": column.name, "type": column.type, "role": column.role.value,
            "unit": column.unit, "title": column.title, "source_header": column.source_header,
            "reference": column.reference, "sheet_column": _sheet_column(table, column.name)}


def _sheet_column(table: TidyTable, name: str) -> str | None:
    """Return the column of the sheet all cells of a column came from, if it is one."""
    cells = table.cells.get(name)
    if cells is not None:
        cells = cells[table.rows >= 0]
    if cells is None or not len(cells):
        return None
    first = int(cells[0])
    return column_letters(first) if first >= 0 and bool((cells == first).all()) else None


def rows(
    table: TidyTable, wanted: Sequence[int], masked: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Return some rows of a clean table, ready for JSON; personal data masked."""
    names = table.data.column_names
    part = table.data.take(list(wanted)) if wanted else table.data.slice(0, 0)
    kinds = masked or {}
    shown = [[_shown(value, kinds.get(name, "")) for value in part.column(name).to_pylist()]
             for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*shown, strict=True)]


def _shown(value: Any, personal: str) -> Any:
    return mask(str(value), personal) if personal and value is not None else plain(value)


def _marked(table: TidyTable, each: Inspected) -> list[dict[str, Any]]:
    """Return rows further down that findings are in, with their numbers from 1."""
    further = sorted({finding.row for finding in each.findings
                      if finding.row is not None and finding.row > MAX_ROWS})[:MAX_MARKED]
    values = rows(table, [row - 1 for row in further], each.masked)
    return [{"row": row, "values": value} for row, value in zip(further, values, strict=True)]


def _change(change: Change) -> dict[str, Any]:
    return {"step": change.step, "cell": change.cell, "count": change.count,
            "certain": change.certain, "what": said(change.what), "why": said(change.why)}


def _question(question: Question) -> dict[str, Any]:
    return {
        "key": question.key, "step": question.step, "column": question.column,
        "cell": question.cell, "count": question.count, "text": said(question.text),
        "evidence": said(question.evidence), "answer": question.answer,
        "choices": [{"code": choice.code, "label": said(choice.label), "note": said(choice.note)}
                    for choice in question.choices],
    }


def _finding(number: int | None, finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code, "principle": finding.principle.value,
        "severity": finding.severity.value, "table": number, "sheet": finding.sheet,
        "column": finding.column, "row": finding.row, "cell": finding.cell,
        "value": finding.value, "message": said(finding.message), "how": said(finding.how),
        "proposed": finding.proposed, "field_position": finding.field_position,
    }
