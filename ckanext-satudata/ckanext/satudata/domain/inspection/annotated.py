"""The workbook as handed in, with the cells of findings marked, to mend and hand in again.

An XLSX keeps its own cells, formulas, widths and styles; every other kind of file is rebuilt from
what was read. A first sheet lists all findings with a link to each cell. When the workbook comes
back, :func:`strip_marks` takes that sheet away, so that what is read is the officer's own sheets
in the layout they had.

What is written into cells comes from files of strangers: a text is always written as text, so
that nothing that begins with ``=`` becomes a formula (CSV injection, OWASP).
"""
from __future__ import annotations

import heapq
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.inspection import cached_values
from ckanext.satudata.domain.inspection.display import PRINCIPLES, SEVERITIES, figure
from ckanext.satudata.domain.inspection.notes import N_, Finding, RefusedFile
from ckanext.satudata.domain.inspection.sheet import Kind, RawFile, Sheet
from ckanext.satudata.domain.inspection.sheet_view import place_of

__all__ = ["AUTHOR", "MAX_CELLS", "SHEET", "is_ours", "strip_marks", "write"]

SHEET = "Catatan pemeriksaan"
#: What the first cell of our sheet says; with the header below it, how the sheet is recognised.
TITLE = "Catatan pemeriksaan Satu Data"
AUTHOR = "Satu Data"
#: A workbook of more cells takes longer to open than a person waits; the CSV has all findings.
MAX_CELLS = 1_000_000
#: Findings listed on the sheet; the CSV has all.
MAX_LISTED = 5_000
_HEADER = ("No", "Tingkat", "Prinsip", "Lembar", "Sel", "Kolom", "Baris", "Tertulis", "Catatan",
           "Cara memperbaiki", "Usulan", "Warna asal")
_HEADER_ROW = 3
_WIDTHS = (5, 20, 18, 18, 8, 22, 8, 18, 60, 60, 18, 12)
_FILLS = {"wajib": "FFF4B8B1", "sebaiknya": "FFF9DFA3", "saran": "FFC9D8F3"}
_ORDER = ("wajib", "sebaiknya", "saran")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ud800-\udfff]")
_MAX_TEXT = 2_000


@dataclass(frozen=True)
class _Mark:
    """All findings of one cell."""

    sheet: str
    cell: str
    severity: str
    text: str


def write(path: Path, file: RawFile, findings: Iterable[Finding], target: Path) -> None:
    """Write the workbook of a file that was read, with its findings.

    :param path: the file as handed in; opened again only where it is an XLSX
    :raises RefusedFile: it has more cells than a person could work through
    """
    cells = sum(sheet.n_rows * sheet.n_columns for sheet in file.sheets)
    if cells > MAX_CELLS:
        raise RefusedFile("too_large", N_(
            "Berkas ini terlalu besar untuk Excel bertanda: {cells} sel. Pakai daftar catatan "
            "(CSV)."), cells=figure(cells))
    total = [0]
    listed = heapq.nsmallest(MAX_LISTED, _counted(findings, total),
                             key=lambda finding: _ORDER.index(finding.severity.value))
    book = _own(path) if file.kind == "xlsx" else None
    names = {sheet.name: sheet.name for sheet in file.sheets}
    if book is None:
        book, names = _rebuilt(file)
    else:
        _unmark(book)
    fills = _mark(book, listed, names)
    _list(book, listed, total[0], names, fills)
    book.save(target)
    if file.kind == "xlsx":
        read = {names[sheet.name]: sheet for sheet in file.sheets}
        cached_values.restore(target, {
            f"xl/worksheets/sheet{number}.xml": read[each.title]
            for number, each in enumerate(book.worksheets, 1) if each.title in read})


def _counted(findings: Iterable[Finding], total: list[int]) -> Iterator[Finding]:
    for finding in findings:
        total[0] += 1
        yield finding


def is_ours(sheet: Sheet) -> bool:
    """Say whether a sheet is the list of findings that :func:`write` put there."""
    if not sheet.name.startswith(SHEET) or sheet.n_rows < _HEADER_ROW:
        return False
    if sheet.cell(0, 0).text.strip() != TITLE:
        return False
    row = [cell.text.strip() for cell in sheet.rows(_HEADER_ROW - 1, _HEADER_ROW)[0]]
    return tuple(row[:5]) == _HEADER[:5]


def strip_marks(file: RawFile) -> RawFile:
    """Return the file without our list of findings; colours and comments are not read anyway."""
    kept = [sheet for sheet in file.sheets if not is_ours(sheet)]
    return file if len(kept) == len(file.sheets) else replace(file, sheets=kept)


def _own(path: Path) -> Any:
    """Open the workbook itself, nothing where it is one openpyxl cannot keep."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parts it leaves out (charts of newer kinds, slicers)
        try:
            return openpyxl.load_workbook(path, keep_links=False, rich_text=False)
        except Exception:
            # Whatever this workbook has that openpyxl does not know: rebuilt from what was read.
            return None


def _rebuilt(file: RawFile) -> tuple[Any, dict[str, str]]:
    import openpyxl

    book = openpyxl.Workbook()
    for sheet in list(book.worksheets):
        book.remove(sheet)
    names: dict[str, str] = {}
    for number, sheet in enumerate(file.sheets, 1):
        name = _NAME.sub(" ", sheet.name).strip()[:28] or f"Lembar {number}"
        while name.lower() in {used.lower() for used in names.values()} | {SHEET.lower()}:
            name = f"{name[:24]} {number}"
        names[sheet.name] = name
        _fill(book.create_sheet(name), sheet)
    if not file.sheets:
        book.create_sheet("Lembar 1")
    return book, names


def _fill(made: Any, sheet: Sheet) -> None:
    for start in range(0, sheet.n_rows, 1000):
        for at, row in enumerate(sheet.rows(start, start + 1000), start + 1):
            for column, cell in enumerate(row, 1):
                if cell.kind == Kind.EMPTY:
                    continue
                target = made.cell(at, column)
                if cell.kind == Kind.NUMBER:
                    target.value = cell.number
                elif cell.kind == Kind.BOOL:
                    target.value = cell.text == "TRUE"
                elif cell.kind != Kind.DATE or not _date(target, cell.text):
                    _put(target, cell.text)
                shown = sheet.formats.get((at - 1, column - 1))
                if shown:
                    target.number_format = shown
    for span in sheet.merged:
        made.merge_cells(start_row=span.top + 1, start_column=span.left + 1,
                         end_row=span.bottom + 1, end_column=span.right + 1)
    from openpyxl.utils import get_column_letter

    for column in range(min(sheet.n_columns, 100)):
        texts = [cell[column].text for cell in sheet.rows(0, 60) if column < len(cell)]
        width = max((len(text) for text in texts), default=8)
        made.column_dimensions[get_column_letter(column + 1)].width = min(max(width + 2, 8), 40)


def _date(target: Any, text: str) -> bool:
    try:
        target.value = datetime.fromisoformat(text)
    except ValueError:
        return False
    target.number_format = "yyyy-mm-dd" if len(text) <= 10 else "yyyy-mm-dd hh:mm:ss"
    return True


def _put(cell: Any, text: str | None) -> None:
    """Write a text as text, whatever it begins with."""
    if not text:
        return
    cell.value = _CONTROL.sub(" ", text)[:_MAX_TEXT * 16]
    cell.data_type = "s"
    if text.startswith(("=", "+", "-", "@")):
        cell.quotePrefix = True


def _unmark(book: Any) -> None:
    """Take our former marks away: colours put back, comments and the list removed."""
    from openpyxl.styles import PatternFill

    for sheet in list(book.worksheets):
        if not sheet.title.startswith(SHEET) or sheet["A1"].value != TITLE:
            continue
        for row in sheet.iter_rows(min_row=_HEADER_ROW + 1, values_only=True):
            name, cell, fill = row[3], row[4], row[11] if len(row) > 11 else None
            if name in book.sheetnames and place_of(str(cell or "")):
                found = book[name][str(cell)]
                if _colour(found) in _FILLS.values():
                    found.fill = PatternFill("solid", fgColor=fill) if fill else PatternFill()
        book.remove(sheet)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment is not None and cell.comment.author == AUTHOR:
                    cell.comment = None


def _colour(cell: Any) -> str:
    """Return the colour of a plainly filled cell, ``""`` for any other."""
    fill = cell.fill
    if fill is None or fill.fill_type != "solid":
        return ""
    return fill.fgColor.rgb if isinstance(fill.fgColor.rgb, str) else ""


def _mark(
    book: Any, findings: Sequence[Finding], names: Mapping[str, str]
) -> dict[tuple[str, str], str]:
    """Colour and comment the cells; return the colours they had."""
    from openpyxl.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    fills: dict[tuple[str, str], str] = {}
    for mark in _marks(findings):
        name = names.get(mark.sheet, "")
        if name not in book.sheetnames:
            continue
        cell = book[name][mark.cell]
        if isinstance(cell, MergedCell):
            continue
        fills[name, mark.cell] = _colour(cell)
        cell.fill = PatternFill("solid", fgColor=_FILLS[mark.severity])
        text = mark.text
        if cell.comment is not None:
            text = f"{text}\n\n{cell.comment.text}"
        cell.comment = Comment(text[:_MAX_TEXT], AUTHOR, width=340, height=150)
    return fills


def _marks(findings: Sequence[Finding]) -> list[_Mark]:
    by_cell: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.cell and place_of(finding.cell):
            by_cell.setdefault((finding.sheet, finding.cell), []).append(finding)
    return [_Mark(sheet, cell, min((each.severity.value for each in found), key=_ORDER.index),
                  _CONTROL.sub(" ", "\n\n".join(
                      f"{SEVERITIES[each.severity.value]}: {each.message.text()} "
                      f"{each.how.text()}" for each in found[:5])))
            for (sheet, cell), found in by_cell.items()]


def _list(
    book: Any, findings: Sequence[Finding], total: int, names: Mapping[str, str],
    fills: Mapping[tuple[str, str], str],
) -> None:
    from openpyxl.packaging.custom import StringProperty
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet = book.create_sheet(SHEET, 0)
    sheet["A1"].value = TITLE
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A2"].value = (
        "Perbaiki sel yang diwarnai di lembar Anda, simpan, lalu kirim berkas ini lagi. Lembar "
        "ini dilewati saat dibaca; biarkan saja." if findings else
        "Tidak ada catatan. Lembar ini dilewati saat dibaca.")
    if total > len(findings):
        sheet["A2"].value += (f" Di sini {figure(len(findings))} dari {figure(total)} catatan; "
                              "semuanya ada di daftar catatan (CSV).")
    for column, (label, width) in enumerate(zip(_HEADER, _WIDTHS, strict=True), 1):
        cell = sheet.cell(_HEADER_ROW, column, label)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE7EDF7")
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.column_dimensions["L"].hidden = True
    sheet.freeze_panes = sheet.cell(_HEADER_ROW + 1, 1)
    wrap = Alignment(wrap_text=True, vertical="top")
    for number, finding in enumerate(findings, 1):
        row = _HEADER_ROW + number
        name = names.get(finding.sheet, finding.sheet)
        place = finding.cell or ""
        values = (SEVERITIES[finding.severity.value], PRINCIPLES[finding.principle.value], name,
                  place, finding.column, finding.row, finding.value, finding.message.text(),
                  finding.how.text(), finding.proposed, fills.get((name, place)))
        sheet.cell(row, 1).value = number
        for column, value in enumerate(values, 2):
            cell = sheet.cell(row, column)
            if isinstance(value, int):
                cell.value = value
            else:
                _put(cell, value)
            cell.alignment = wrap
        sheet.cell(row, 2).fill = PatternFill("solid", fgColor=_FILLS[finding.severity.value])
        if place_of(place) and name in book.sheetnames:
            _link(sheet.cell(row, 5), name, place)
    book.active = 0
    for each in book.worksheets[1:]:
        each.sheet_view.tabSelected = False
    kept = {each.name for each in book.custom_doc_props.props}
    if "satudata_catatan" not in kept:
        book.custom_doc_props.append(StringProperty(name="satudata_catatan", value="1"))


def _link(cell: Any, name: str, place: str) -> None:
    from openpyxl.styles import Font
    from openpyxl.worksheet.hyperlink import Hyperlink

    quoted = name.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{place}")
    cell.font = Font(color="FF1B4C9A", underline="single")
