"""The two tables of the report's page: the sheet as handed in, and the clean one."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ckanext.satudata.domain.inspection.display import figure

__all__ = ["sheet_html", "tidy_html"]

_CLASS = {"wajib": "err", "sebaiknya": "fix", "saran": "tip"}
_PIN = {"wajib": "", "sebaiknya": " fix", "saran": " tip"}
_NUMBERS = frozenset({"integer", "number", "year"})
_LEGEND = (("judul", "judul dan sumber"), ("kepala", "kepala kolom"), ("isi", "isi"),
           ("jumlah", "baris jumlah"), ("lewat", "dilewati"))

Findings = Sequence[Mapping[str, Any]]


def sheet_html(page_number: int, sheet: Mapping[str, Any], findings: Findings) -> str:
    """Return the shown part of a sheet with its zones and marks."""
    letters = "".join(f"<th>{escape(letter)}</th>" for letter in sheet["letters"])
    covered, spans = _merged(sheet)
    lines: list[str] = []
    before = 0
    for row in sheet["rows"]:
        if row["n"] != before + 1:
            lines.append(f'<tr class="gap"><th>…</th><td colspan="{len(sheet["letters"])}">'
                         f"{row['n'] - before - 1} baris</td></tr>")
        cells = "".join(
            _cell(page_number, cell, spans.get((row["n"], column)), findings)
            for column, cell in enumerate(row["cells"]) if (row["n"], column) not in covered)
        lines.append(f'<tr><th>{row["n"]}</th>{cells}</tr>')
        before = row["n"]
    if before < sheet["n_rows"]:
        lines.append(f'<tr class="gap"><th>…</th><td colspan="{len(sheet["letters"])}">'
                     f'{sheet["n_rows"] - before} baris</td></tr>')
    legend = "".join(f'<li><i class="z-{zone}"></i>{label}</li>' for zone, label in _LEGEND)
    name = escape(sheet["name"])
    return (f'<div><h3>Lembar asli{f" “{name}”" if name else ""}</h3>'
            f'<div class="scroll" tabindex="0" role="region" aria-label="Lembar asli {name}">'
            f'<table class="xls"><tr><td></td>{letters}</tr>{"".join(lines)}</table></div>'
            f'<ul class="legend">{legend}</ul></div>')


def _merged(
    sheet: Mapping[str, Any]
) -> tuple[set[tuple[int, int]], dict[tuple[int, int], tuple[int, int]]]:
    covered: set[tuple[int, int]] = set()
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    width = len(sheet["letters"])
    for top, left, bottom, right in sheet["merged"]:
        right = min(right, width - 1)
        spans[top, left] = (bottom - top + 1, right - left + 1)
        covered.update((row, column) for row in range(top, bottom + 1)
                       for column in range(left, right + 1) if (row, column) != (top, left))
    return covered, spans


def _cell(
    page_number: int, cell: Mapping[str, Any], span: tuple[int, int] | None, findings: Findings
) -> str:
    names = [f"z-{cell['z']}" if cell.get("z") else "", "n" if cell.get("n") else "",
             _CLASS[cell["s"]] if cell.get("s") else ""]
    kept = " ".join(filter(None, names))
    size = f' rowspan="{span[0]}" colspan="{span[1]}"' if span else ""
    pins = "".join(_pin(page_number, number, findings, "s") for number in cell.get("f", ()))
    return f'<td class="{kept}"{size}>{pins}{escape(cell["t"])}</td>'


def _pin(page_number: int, number: int, findings: Findings, prefix: str) -> str:
    finding = findings[number - 1]
    ident = f"{page_number}-{number}"
    text = escape(finding["message"]["text"], quote=True)
    return (f'<a class="pin{_PIN[finding["severity"]]}" id="{prefix}{ident}" href="#c{ident}" '
            f'title="{text}" aria-label="Catatan {number}">{number}</a> ')


def tidy_html(page_number: int, table: Mapping[str, Any], findings: Findings) -> str:
    """Return the first rows of a clean table, and those further down with marks."""
    columns = table["columns"]
    marks: dict[tuple[int, str], list[int]] = {}
    for number, finding in enumerate(findings, 1):
        if finding["table"] == table["number"] and finding["row"] and finding["column"]:
            marks.setdefault((finding["row"], finding["column"]), []).append(number)
    head = "".join(
        f'<th class="{"n" if column["type"] in _NUMBERS else ""}">{escape(column["name"])}'
        f'<small>{escape(column["unit"] or "")}</small></th>' for column in columns)
    shown = [*enumerate(table["rows"], 1),
             *((each["row"], each["values"]) for each in table.get("marked", ()))]
    lines: list[str] = []
    before = 0
    for row, values in shown:
        if row != before + 1:
            lines.append(f'<tr class="gap"><td colspan="{len(columns)}">⋮</td></tr>')
        lines.append("<tr>" + "".join(
            _value(page_number, column, values.get(column["name"]),
                   marks.get((row, column["name"]), ()), findings) for column in columns) + "</tr>")
        before = row
    left = table["n_rows"] - len(shown)
    more = f"<p class=\"sm muted\">{left} baris lainnya ada di tabel CSV.</p>" if left > 0 else ""
    return (f'<div><h3>Tabel yang akan terbit</h3><div class="scroll" tabindex="0" role="region" '
            f'aria-label="Tabel rapi {table["number"]}"><table class="tidy"><thead><tr>{head}</tr>'
            f'</thead><tbody>{"".join(lines)}</tbody></table></div>{more}</div>')


def _value(
    page_number: int, column: Mapping[str, Any], value: Any, numbers: Sequence[int],
    findings: Findings,
) -> str:
    kept = ["n"] if column["type"] in _NUMBERS else []
    if column["role"] == "kode" or column["reference"]:
        kept.append("code")
    pins = "".join(_pin(page_number, number, findings, "t") for number in numbers[:3])
    if numbers:
        kept.append(_CLASS[findings[numbers[0] - 1]["severity"]])
    if value is None:
        text = '<span class="none">kosong</span>'
    elif isinstance(value, bool):
        text = "ya" if value else "tidak"
    elif isinstance(value, (int, float)) and column["type"] in ("integer", "number"):
        text = figure(value)
    else:
        text = escape(str(value))
    return f'<td class="{" ".join(kept)}">{pins}{text}</td>'
