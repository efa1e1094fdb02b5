"""The report as one page that needs nothing else: the sheet beside its clean table, marked.

Made from the report alone, so that whoever has the JSON has the page. Every text of the file is
escaped; the page holds no script and asks for nothing from anywhere.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ckanext.satudata.domain.inspection.display import PRINCIPLES, SEVERITIES, TYPES, figure
from ckanext.satudata.domain.inspection.report_style import STYLE
from ckanext.satudata.domain.inspection.report_tables import sheet_html, tidy_html
from ckanext.satudata.domain.inspection.steps import STEPS

__all__ = ["page"]

_PIN = {"wajib": "", "sebaiknya": " fix", "saran": " tip"}
_STEPS: dict[str, str] = {step.code: step.label for step in STEPS}
#: Items of a list on the page, and findings that are open from the start.
_SHOWN, _OPEN = 200, 8


def page(reports: Sequence[Mapping[str, Any]]) -> str:
    """Return the page of one report or of several."""
    body = "\n".join(_report(number, report) for number, report in enumerate(reports, 1))
    title = escape(reports[0]["file"] if len(reports) == 1 else f"{len(reports)} berkas")
    return f"""<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Hasil pemeriksaan · {title}</title>
<style>{STYLE}</style>
</head>
<body>
<div class="weave"></div>
<main>
{body}
</main>
</body>
</html>
"""


def _report(number: int, report: Mapping[str, Any]) -> str:
    parts = [_summary(report)]
    if report["refused"]:
        return "\n".join(parts)
    if report["scores"]:
        parts.append(_scores(report["scores"]))
    questions = [(table, question) for table in report["tables"]
                 for question in table["questions"] if question["answer"] is None]
    if questions:
        parts.append(_questions(questions))
    parts.append(_findings(number, report))
    for table in report["tables"]:
        parts.append(_table(number, report, table))
    unread = [sheet for sheet in report["sheets"]
              if sheet["name"] not in {table["sheet"] for table in report["tables"]}]
    if unread:
        names = ", ".join(f"“{escape(sheet['name'])}”" for sheet in unread)
        parts.append(f'<p class="sm muted">Lembar tanpa tabel: {names}.</p>')
    return "\n".join(parts)


def _size(count: int) -> str:
    for unit, of in (("MB", 1_000_000), ("KB", 1_000)):
        if count >= of:
            return f"{count / of:.1f} {unit}".replace(".", ",")
    return f"{count} B"


def _summary(report: Mapping[str, Any]) -> str:
    name, counts = escape(report["file"]), report["counts"]
    facts = " · ".join(filter(None, [
        escape((report["kind"] or "").upper()), _size(report["bytes"]),
        escape(report["encoding"] or ""), f"{figure(round(report['seconds'], 2))} detik"]))
    if report["refused"]:
        return (f'<section class="card sum stop"><h1>Berkas tidak dibaca</h1>'
                f'<p>{escape(report["refused"]["text"])}</p>'
                f'<p class="sm muted">{name} · {facts}</p></section>')
    asked = sum(question["answer"] is None for table in report["tables"]
                for question in table["questions"])
    said = [f"{figure(counts[severity])} {label.lower()}"
            for severity, label in SEVERITIES.items() if counts[severity]]
    if asked:
        said.insert(0, f"{asked} pertanyaan")
    state = "stop" if counts["wajib"] else "ok" if not said else ""
    tables = report["tables"]
    lines = "".join(
        f'<li>Tabel {table["number"]}: {_where(table)}, {figure(table["n_rows"])} baris, '
        f'{len(table["columns"])} kolom. <b>{escape(table["title"])}</b></li>' for table in tables)
    remarks = "".join(f'<li class="muted">{escape(remark["text"])}</li>'
                      for remark in report["remarks"])
    head = "Tidak ada catatan." if not said else "Ada " + ", ".join(said) + "."
    read = "Berkas Anda terbaca." if tables else "Tidak ada tabel yang ditemukan di berkas ini."
    confirm = ("<p><b>Tabel diambil dari halaman PDF menurut letaknya. Cocokkan setiap angka "
               "dengan berkas asli sebelum dipakai.</b></p>" if report["to_confirm"] else "")
    return (f'<section class="card sum {state}"><h1>{read} {head if tables else ""}</h1>{confirm}'
            f'<ul class="sm">{lines}{remarks}</ul>'
            f'<p class="sm muted">{name} · {facts}. Berkas asli disimpan apa adanya.</p></section>')


def _where(table: Mapping[str, Any]) -> str:
    first, _, last = table["range"].partition(":")
    cells = f"sel {first} sampai {last}" if last else f"sel {first}"
    sheet = f"lembar “{escape(table['sheet'])}”, " if table["sheet"] else ""
    return f"{sheet}{cells}"


def _scores(scores: Mapping[str, int]) -> str:
    cells = "".join(f'<div><b>{score}</b><span class="sm">{escape(PRINCIPLES.get(name, name))}'
                    f'</span></div>' for name, score in scores.items())
    return ('<section aria-labelledby="skor"><h2 id="skor">Empat prinsip</h2>'
            f'<div class="scores">{cells}</div><p class="xs muted">Mulai dari 100. Tiap '
            "pemeriksaan yang menemukan sesuatu mengurangi paling banyak 30 (wajib), 12 "
            "(sebaiknya) atau 4 (saran), menurut banyaknya baris yang kena.</p></section>")


def _questions(asked: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> str:
    items: list[str] = []
    for number, (table, question) in enumerate(asked[:_SHOWN], 1):
        evidence = (f'<p class="sm">{escape(question["evidence"]["text"])}</p>'
                    if question["evidence"] else "")
        choices = "".join(
            f'<li>{escape(choice["label"]["text"])}'
            + (f' <span class="sm muted">{escape(choice["note"]["text"])}</span>'
               if choice["note"] else "") + "</li>" for choice in question["choices"])
        items.append(
            f'<li><p class="xs muted">{number} dari {len(asked)} · tabel {table["number"]} · '
            f'{figure(question["count"])} sel: {escape(question["cell"])}</p>'
            f'<h3>{escape(question["text"]["text"])}</h3>{evidence}<ul class="sm">{choices}</ul>'
            "</li>")
    return ('<section aria-labelledby="tanya"><h2 id="tanya">Perlu jawaban Anda</h2>'
            '<p class="muted">Kami tidak menebak. Sampai dijawab, sel itu dibiarkan kosong.</p>'
            f'<ul class="plain rows card">{"".join(items)}</ul></section>')


def _findings(page_number: int, report: Mapping[str, Any]) -> str:
    findings = report["findings"]
    if not findings:
        return ""
    items = [_finding(page_number, number, finding)
             for number, finding in enumerate(findings[:_SHOWN], 1)]
    first, rest = "".join(items[:_OPEN]), "".join(items[_OPEN:])
    further = (f'<details class="card"><summary>{figure(len(items) - _OPEN)} catatan berikutnya'
               f'</summary><ul class="plain rows">{rest}</ul></details>' if rest else "")
    total = sum(report["counts"][severity] for severity in SEVERITIES)
    shown = min(len(findings), _SHOWN)
    more = (f'<p class="sm">Ditampilkan {figure(shown)} dari {figure(total)} catatan; '
            "semuanya ada di berkas catatan (CSV).</p>" if total > shown else "")
    return ('<section><h2>Catatan pemeriksaan</h2>'
            f'<ul class="plain rows card">{first}</ul>{further}{more}</section>')


def _finding(page_number: int, number: int, finding: Mapping[str, Any]) -> str:
    severity = finding["severity"]
    pin = _PIN[severity]
    place = [f"lembar “{finding['sheet']}”" if finding["sheet"] else "",
             f"sel {finding['cell']}" if finding["cell"] else "",
             f"kolom {finding['column']}" if finding["column"] else "",
             f"baris {figure(finding['row'])} tabel rapi" if finding["row"] else ""]
    where = escape(", ".join(filter(None, place)))
    where = where[:1].upper() + where[1:]
    value = (f' · tertulis <span class="code">{escape(finding["value"])}</span>'
             if finding["value"] else "")
    proposed = ('<p class="how">Usulan: <span class="code">'
                f'{escape(finding["proposed"])}</span></p>' if finding["proposed"] else "")
    ident = f"{page_number}-{number}"
    label = f"{SEVERITIES[severity]} · {PRINCIPLES[finding['principle']]}"
    link = (f'<a class="pin{pin}" href="#s{ident}" aria-label="Ke sel catatan {number}">{number}'
            "</a>" if finding["cell"] else f'<span class="pin{pin}">{number}</span>')
    return (f'<li class="finding" id="c{ident}">{link}<div><span class="sev{pin}">{label}</span>'
            f'<p class="t">{escape(finding["message"]["text"])}</p>'
            f'<p class="where">{where}{value}</p>'
            f'<p class="how">{escape(finding["how"]["text"])}</p>{proposed}</div></li>')


def _table(number: int, report: Mapping[str, Any], table: Mapping[str, Any]) -> str:
    sheet = next((each for each in report["sheets"] if each["name"] == table["sheet"]), None)
    left = sheet_html(number, sheet, report["findings"]) if sheet else ""
    right = tidy_html(number, table, report["findings"])
    about = "".join(f'<li><b>{escape(str(name)).capitalize()}:</b> {escape(str(value))}</li>'
                    for name, value in table["about"].items() if value)
    about = f'<ul class="sm">{about}</ul>' if about else ""
    return (f'<section><h2>Tabel {table["number"]}: '
            f'{escape(table["title"] or table["sheet"])}</h2>{about}'
            f'<div class="two">{left}{right}</div>{_columns(table)}</section>{_changes(table)}')


def _columns(table: Mapping[str, Any]) -> str:
    items = "".join(
        f'<tr><th scope="row" class="code">{escape(column["name"])}</th>'
        f'<td>{escape(str(TYPES.get(column["type"], column["type"])))}</td>'
        f'<td>{escape(column["unit"] or "")}</td>'
        f'<td>{escape(column["source_header"] or "ditambahkan")}</td>'
        f'<td>{escape(column["sheet_column"] or "")}</td></tr>' for column in table["columns"])
    return ('<details><summary>Kolom tabel rapi dan asalnya</summary><div class="scroll">'
            '<table class="tidy"><thead><tr><th>nama</th><th>jenis</th><th>satuan</th>'
            f"<th>kepala di lembar</th><th>kolom</th></tr></thead><tbody>{items}</tbody></table>"
            "</div></details>")


def _changes(table: Mapping[str, Any]) -> str:
    changes = table["changes"]
    if not changes:
        return ""
    items = "".join(
        f'<li><b>{escape(change["what"]["text"])}</b> '
        + ('<span class="tag">pasti</span>' if change["certain"]
           else '<span class="tag ask">periksa</span>')
        + f'<p class="sm muted">{escape(change["cell"])} · {figure(change["count"])} sel · '
        f'{escape(str(_STEPS.get(change["step"], change["step"])))}</p>'
        f'<p class="sm">{escape(change["why"]["text"])}</p></li>' for change in changes[:_SHOWN])
    more = (f'<p class="sm">Dan {figure(len(changes) - _SHOWN)} lainnya, di laporan JSON.</p>'
            if len(changes) > _SHOWN else "")
    return (f'<section><h2>Yang kami ubah di tabel {table["number"]}</h2>'
            f'<p class="sm muted">{figure(len(changes))} perubahan, bisa dimatikan satu per satu.'
            f'</p><ul class="plain rows card">{items}</ul>{more}</section>')
