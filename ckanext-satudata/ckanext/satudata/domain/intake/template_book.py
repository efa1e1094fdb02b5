"""Write a template as a workbook, row by row, so that a long one takes no more memory.

Threat: what stands in cells came from files of others. A text is always written as text, so that
nothing that begins with ``=`` becomes a formula (CSV injection, OWASP); the protection of sheets
has no password: it keeps slips of the hand away and nothing else.
"""
from __future__ import annotations

import datetime as dt
import importlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ckanext.satudata.domain.intake import template_guide, template_mark
from ckanext.satudata.domain.intake.template_mark import GUIDE, INPUT, LAST, LISTS, MARK, SIGNS
from ckanext.satudata.domain.intake.template_plan import Column, Plan

__all__ = ["write"]

_openpyxl: Any = importlib.import_module("openpyxl")
_cells: Any = importlib.import_module("openpyxl.cell")
_comments: Any = importlib.import_module("openpyxl.comments")
_names: Any = importlib.import_module("openpyxl.utils")
_styles: Any = importlib.import_module("openpyxl.styles")
_validation: Any = importlib.import_module("openpyxl.worksheet.datavalidation")

_INK, _HEAD, _KEY, _LINE = "FF1F1B16", "FF1E3F7A", "FFF3EDE2", "FFE2D9CA"
#: Rows below the last one that may be filled.
_ROOM = 5_000
_LAST_ROW = 1_048_576
#: Rows up to which cells to fill are written, too: some apps know no style of a whole column.
_BLANKS = 2_000
#: Letters of header and key columns that stay in sight on a phone.
_FROZEN = 34
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: What Excel would read as a letter written by its number.
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_MAX_CELL = 32_000
#: Letters of what Excel says of a refused cell; more of them, and it calls the workbook damaged.
_MAX_ERROR = 225
_WIDEST, _NARROWEST = 44, 9


def write(plan: Plan, path: Path) -> None:
    """Write the workbook of a plan."""
    book = _openpyxl.Workbook(write_only=True)
    book.properties.title = _text(plan.mark.title)[:200]
    book.properties.creator = "Satu Data"
    lists = _lists_of(plan)
    _input(book, plan, lists)
    _guide(book, plan)
    if plan.last is not None:
        _last(book, plan)
    if lists:
        _hidden(book, LISTS, _transposed(list(lists.values())))
    _hidden(book, MARK, template_mark.rows_of(plan.mark))
    book.save(path)


# ------------------------------------------------------------------------------ the sheet to fill


def _input(book: Any, plan: Plan, lists: dict[int, list[str]]) -> None:
    sheet = book.create_sheet(INPUT)
    sheet.sheet_properties.tabColor = _HEAD[2:]
    widths = [_width(column, plan.rows, at) for at, column in enumerate(plan.columns)]
    open_ = _styles.Protection(locked=False)
    for at, column in enumerate(plan.columns):
        dimension = sheet.column_dimensions[_letter(at)]
        dimension.width = widths[at]
        # What no cell says holds for all cells of a column: below, and where a figure is missing.
        dimension.number_format = _format(column)
        dimension.protection = open_
    sheet.freeze_panes = f"{_letter(_frozen(plan.columns, widths))}2"
    sheet.protection.sheet = True
    for allowed in ("formatColumns", "formatRows", "formatCells", "sort", "autoFilter",
                    "insertRows"):
        setattr(sheet.protection, allowed, False)
    for at, column in enumerate(plan.columns):
        rule = _rule(column, at, len(lists.get(at, ())))
        if rule is not None:
            sheet.data_validations.append(rule)
            rule.add(f"{_letter(at)}2:{_letter(at)}{min(len(plan.rows) + _ROOM, _LAST_ROW)}")
    sheet.append([_head(sheet, column) for column in plan.columns])
    makers = [_maker(sheet, column, len(plan.rows) <= _BLANKS) for column in plan.columns]
    for row in plan.rows:
        sheet.append([make(value) for make, value in zip(makers, row, strict=True)])
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.sheet_properties.pageSetUpPr = importlib.import_module(
        "openpyxl.worksheet.properties").PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0


def _frozen(columns: Sequence[Column], widths: Sequence[float]) -> int:
    """Return how many columns stay in sight: those that say what a row is, if they are narrow."""
    at, total = 0, 0.0
    while at < len(columns) - 1 and columns[at].locked and total + widths[at] <= _FROZEN:
        total += widths[at]
        at += 1
    return at


def _width(column: Column, rows: Sequence[Sequence[str]], at: int) -> float:
    longest = max((len(row[at]) for row in rows[:2_000]), default=0)
    wanted = max(len(column.field.name) + 3, longest + 2, min(column.longest, 30) + 2)
    return float(min(max(wanted, _NARROWEST), _WIDEST))


def _format(column: Column) -> str:
    kind = column.field.type
    if kind == "number" or (kind == "integer" and not column.whole):
        return "#,##0." + "0" * column.decimals if column.decimals else "General"
    return {"integer": "#,##0", "year": "0", "date": "yyyy-mm-dd",
            "datetime": "yyyy-mm-dd hh:mm", "boolean": "General"}.get(kind, "@")


def _head(sheet: Any, column: Column) -> Any:
    cell = _cells.WriteOnlyCell(sheet)
    _put(cell, column.field.name)
    cell.font = _styles.Font(bold=True, color="FFFFFFFF")
    cell.fill = _styles.PatternFill("solid", start_color=_HEAD)
    cell.alignment = _styles.Alignment(vertical="center", wrap_text=False)
    _, title, unit, way, example = template_guide.meaning(column)
    text = [title, f"Satuan: {unit}" if unit else "", way, f"Contoh: {example}" if example else ""]
    note = _comments.Comment("\n".join(_text(each)[:250] for each in text if each), "Satu Data")
    note.width, note.height = 260, 110
    cell.comment = note
    return cell


def _maker(sheet: Any, column: Column, blanks: bool = False) -> Callable[[str], Any]:
    """Return what makes the cells of a column; one cell is written again and again.

    :param blanks: write a cell where nothing stands as well
    """
    cell = _cells.WriteOnlyCell(sheet)
    cell.number_format = _format(column)
    if column.locked:
        cell.fill = _styles.PatternFill("solid", start_color=_KEY)
        cell.font = _styles.Font(color=_INK)
    else:
        cell.protection = _styles.Protection(locked=False)
    read = _READERS.get(column.field.type)

    def make(value: str) -> Any:
        if not value:
            cell.value = None
            return cell if blanks else None
        if read is None:
            _put(cell, value)
        else:
            try:
                cell.value = read(value)
            except ValueError:  # of another type than its column says: shown as it stands
                _put(cell, value)
            else:
                cell.number_format = _format(column)
        return cell

    return make


def _put(cell: Any, value: str) -> None:
    """Write a text as a text, whatever it begins with."""
    cell.value = ""
    cell._value = _text(value)
    cell.data_type = "s"


def _text(value: str) -> str:
    return _ESCAPE.sub("_x005F_", _CONTROL.sub("", value))[:_MAX_CELL]


_READERS: dict[str, Callable[[str], Any]] = {
    "integer": int, "year": int, "number": float,
    "date": lambda value: dt.date.fromisoformat(value[:10]),
    "datetime": lambda value: dt.datetime.fromisoformat(value.replace("Z", "")),
    "boolean": lambda value: value.casefold() == "true",
}


# ------------------------------------------------------------------------------ what may be typed


def _rule(column: Column, at: int, listed: int) -> Any:
    """Return the validation of a column: what is refused, what is only asked about, and help."""
    kind = column.field.type
    title, text = template_guide.prompt(column)
    rule: Any = _validation.DataValidation(
        allow_blank=True, showInputMessage=True, promptTitle=_text(title), prompt=_text(text))
    first = f"{_letter(at)}2"
    if listed:
        place = _letter(at)
        rule.type, rule.formula1 = "list", f"{LISTS}!${place}$1:${place}${listed}"
        _refuse(rule, column.closed, "Pilih salah satu dari daftar.")
    elif kind in ("integer", "number"):
        wanted, said = list[str](), "Isi dengan angka"
        if column.whole:
            wanted.append(f"{first}=INT({first})")
            said += " bulat"
        if column.lowest is not None:
            wanted.append(f"{first}>={column.lowest:.15g}")
            said += f", paling kecil {column.lowest:g}".replace(".", ",")
        if column.highest is not None:
            wanted.append(f"{first}<={column.highest:.15g}")
            said += f", paling besar {column.highest:g}".replace(".", ",")
        signs = ",".join(f'{first}="{sign}"' for sign in ("...", *SIGNS))
        rule.type = "custom"
        rule.formula1 = f"IF(ISNUMBER({first}),AND(TRUE,{','.join(wanted)}),OR({signs}))".replace(
            ",)", ")")
        _refuse(rule, (not column.whole or column.sure) and column.highest is None,
                f"{said}. Kosongkan bila belum ada; tanda lain: lihat lembar {GUIDE}.")
    elif kind == "year":
        rule.type, rule.operator = "whole", "between"
        rule.formula1, rule.formula2 = "1900", "2200"
        _refuse(rule, True, "Isi dengan tahun, empat angka.")
    elif kind in ("date", "datetime"):
        rule.type, rule.operator = "date", "between"
        rule.formula1, rule.formula2 = "1", "109574"
        _refuse(rule, True, "Isi dengan tanggal, misalnya 2026-03-31.")
    return rule


def _refuse(rule: Any, closed: bool, text: str) -> None:
    rule.showErrorMessage = True
    rule.errorStyle = "stop" if closed else "warning"
    rule.errorTitle, rule.error = "Periksa isian", text[:_MAX_ERROR]


def _lists_of(plan: Plan) -> dict[int, list[str]]:
    return {at: [code for code, _ in column.choices] for at, column in enumerate(plan.columns)
            if column.choices}


def _transposed(columns: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[column[row] if row < len(column) else "" for column in columns]
            for row in range(max(map(len, columns)))]


# ------------------------------------------------------------------------------ the other sheets


def _guide(book: Any, plan: Plan) -> None:
    sheet = book.create_sheet(GUIDE)
    for at, width in enumerate((26, 52, 16, 34, 18)):
        sheet.column_dimensions[_letter(at)].width = width
    sheet.protection.sheet = True
    bold = _styles.Font(bold=True, color=_INK)
    for style, line in template_guide.lines(plan):
        cell = _cells.WriteOnlyCell(sheet)
        _put(cell, line)
        cell.font = _styles.Font(bold=True, size=14, color=_HEAD) if style == "judul" else (
            bold if style else _styles.Font(color=_INK))
        sheet.append([cell])
    sheet.append([])
    _table(sheet, template_guide.COLUMNS, [template_guide.meaning(each) for each in plan.columns])
    found = list(template_guide.codes(plan))
    if found:
        sheet.append([])
        _table(sheet, ("Kolom", "Kode: arti"), [
            (name, f"{code}: {label}") for name, code, label in found])


def _table(sheet: Any, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    head = _styles.PatternFill("solid", start_color=_HEAD)
    line = _styles.Border(bottom=_styles.Side("thin", color=_LINE))
    wrapped = _styles.Alignment(vertical="top", wrap_text=True)

    def cell(text: str, is_head: bool) -> Any:
        made = _cells.WriteOnlyCell(sheet)
        _put(made, text)
        made.number_format = "@"
        made.alignment, made.border = wrapped, line
        if is_head:
            made.fill, made.font = head, _styles.Font(bold=True, color="FFFFFFFF")
        return made

    sheet.append([cell(each, True) for each in heads])
    for row in rows:
        sheet.append([cell(each, False) for each in row])


def _last(book: Any, plan: Plan) -> None:
    assert plan.last is not None
    names, rows = plan.last
    sheet = book.create_sheet(LAST)
    sheet.protection.sheet = True
    sheet.freeze_panes = "A2"
    by_name = {each.field.name: each for each in plan.columns}
    columns = [by_name.get(name) or Column(next(
        each for each in plan.mark.fields if each.name == name)) for name in names]
    for at, column in enumerate(columns):
        sheet.column_dimensions[_letter(at)].width = _width(column, rows, at)
    heads: list[Any] = []
    for name in names:
        cell = _cells.WriteOnlyCell(sheet)
        _put(cell, name)
        cell.font = _styles.Font(bold=True, color=_INK)
        cell.fill = _styles.PatternFill("solid", start_color=_KEY)
        heads.append(cell)
    sheet.append(heads)
    makers = [_maker(sheet, column) for column in columns]
    for row in rows:
        sheet.append([make(value) for make, value in zip(makers, row, strict=True)])


def _hidden(book: Any, name: str, rows: Sequence[Sequence[str]]) -> None:
    sheet = book.create_sheet(name)
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True
    for row in rows:
        cells: list[Any] = []
        for text in row:
            cell = _cells.WriteOnlyCell(sheet)
            _put(cell, text)
            cell.number_format = "@"
            cells.append(cell)
        sheet.append(cells)


def _letter(at: int) -> str:
    return str(_names.get_column_letter(at + 1))
