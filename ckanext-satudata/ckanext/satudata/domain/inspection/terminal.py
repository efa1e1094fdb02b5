"""The report for a terminal: short, in the order in which a person acts on it."""
from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from typing import Any

from ckanext.satudata.domain.inspection.display import PRINCIPLES, SEVERITIES, figure

__all__ = ["text"]

_SHOWN = 20
_ROWS = 5
_WIDTH = 100
_COLOURS = {"wajib": "31", "sebaiknya": "33", "saran": "36", "kepala": "1", "redup": "2"}
#: A file's own text must not steer the terminal.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def text(report: Mapping[str, Any], colour: bool = False) -> str:
    """Return the report as lines of plain text; ``colour`` adds ANSI colours."""
    def paint(name: str, words: str) -> str:
        return f"\033[{_COLOURS[name]}m{words}\033[0m" if colour else words

    lines = [paint("kepala", _clean(report["file"]))]
    if report["refused"]:
        return "\n".join([*lines, *_wrapped("Ditolak: " + report["refused"]["text"], 2), ""])
    counts = report["counts"]
    said = [f"{figure(counts[name])} {label.lower()}" for name, label in SEVERITIES.items()
            if counts[name]]
    asked = [question for table in report["tables"] for question in table["questions"]
             if question["answer"] is None]
    if asked:
        said.append(f"{len(asked)} pertanyaan")
    lines.append(f"  {len(report['tables'])} tabel; {', '.join(said) or 'tidak ada catatan'}; "
                 f"{figure(round(report['seconds'], 2))} detik")
    for remark in report["remarks"]:
        lines += _wrapped(remark["text"], 2)
    for table in report["tables"]:
        lines += ["", *_table(table, paint)]
    lines += _findings(report, paint)
    return "\n".join([*lines, ""])


def _table(table: Mapping[str, Any], paint: Any) -> list[str]:
    where = f"lembar “{_clean(table['sheet'])}”, " if table["sheet"] else ""
    head = f"Tabel {table['number']}: {_clean(table['title'])}".rstrip(": ")
    span = f"  {where}{table['range']}, {figure(table['n_rows'])} baris"
    lines = [paint("kepala", head), paint("redup", span)]
    lines += [f"  {line}" for line in _grid(table)]
    uncertain = [change for change in table["changes"] if not change["certain"]]
    if table["changes"]:
        lines.append(f"  {figure(len(table['changes']))} perubahan, "
                     f"{figure(len(uncertain))} di antaranya perlu dilihat:")
        ordered = sorted(table["changes"], key=lambda change: change["certain"])
        for change in ordered[:_SHOWN]:
            mark = "·" if change["certain"] else "?"
            lines += _wrapped(f"{mark} {change['cell']}: {change['what']['text']}", 4)
        if len(table["changes"]) > _SHOWN:
            lines.append(f"    dan {figure(len(table['changes']) - _SHOWN)} lainnya")
    for question in table["questions"]:
        if question["answer"] is None:
            choices = " / ".join(choice["label"]["text"] for choice in question["choices"][:6])
            lines += _wrapped(f"Pertanyaan ({question['cell']}): {question['text']['text']} "
                              f"[{choices}]", 2)
    return lines


def _grid(table: Mapping[str, Any]) -> list[str]:
    columns = table["columns"][:8]
    rows = [[_clean(column["name"])[:24] for column in columns]]
    rows += [[_shown(row.get(column["name"])) for column in columns]
             for row in table["rows"][:_ROWS]]
    widths = [max(len(row[at]) for row in rows) for at in range(len(columns))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
             for row in rows]
    if len(table["columns"]) > len(columns):
        lines.append(f"(dan {len(table['columns']) - len(columns)} kolom lagi)")
    return lines


def _shown(value: Any) -> str:
    if value is None:
        return "·"
    if isinstance(value, float):
        return figure(value)
    return _clean(str(value))[:24]


def _findings(report: Mapping[str, Any], paint: Any) -> list[str]:
    lines: list[str] = []
    for number, finding in enumerate(report["findings"][:_SHOWN], 1):
        place = [f"lembar “{finding['sheet']}”" if finding["sheet"] else "",
                 f"sel {finding['cell']}" if finding["cell"] else "",
                 f"kolom {finding['column']}" if finding["column"] else "",
                 f"baris {finding['row']} tabel rapi" if finding["row"] else ""]
        label = f"{SEVERITIES[finding['severity']]} · {PRINCIPLES[finding['principle']]}"
        lines += ["", paint(finding["severity"], f"{number}. {label}")]
        lines += _wrapped(finding["message"]["text"], 3)
        lines += [paint("redup", line) for line in _wrapped(
            _clean(", ".join(filter(None, place)) + f" [{finding['code']}]"), 3)]
        lines += _wrapped(finding["how"]["text"], 3)
    total = sum(report["counts"][name] for name in SEVERITIES)
    shown = min(len(report["findings"]), _SHOWN)
    if total > shown:
        lines += ["", f"dan {figure(total - shown)} catatan lagi"]
    return lines


def _wrapped(words: str, indent: int) -> list[str]:
    return textwrap.wrap(_clean(words), _WIDTH, initial_indent=" " * indent,
                         subsequent_indent=" " * (indent + 2)) or [""]


def _clean(words: str) -> str:
    return _CONTROL.sub(" ", words)
