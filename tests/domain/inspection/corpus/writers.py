"""Writes sheets as Excel, LibreOffice, Word and web applications do."""
from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from html import escape
from typing import Any

from corpus.grid import LEFT, UP, Error, Fmt, Formula, Grid, Page, merges, plain, shown

__all__ = ["docx", "html", "ods", "text", "xls", "xlsx", "xml2003"]


def xlsx(*pages: Page) -> bytes:
    """Write a workbook as Excel does: cached values of formulas, merged cells, formats."""
    from openpyxl import Workbook
    from openpyxl.chart import BarChart, Reference
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    cached: list[dict[str, float | str]] = []
    for page in pages:
        if page.chart_only:
            sheet = book.create_chartsheet(page.name)
            chart = BarChart()
            first = book.worksheets[0]
            chart.add_data(Reference(first, min_col=2, min_row=1, max_row=4))
            sheet.add_chart(chart)
            continue
        sheet = book.create_sheet(page.name)
        cached.append({})
        for row, cells in enumerate(page.grid, 1):
            for column, cell in enumerate(cells, 1):
                if cell is None or (isinstance(cell, str) and cell in (LEFT, UP)):
                    continue
                to = sheet.cell(row, column)
                if isinstance(cell, Formula):
                    to.value = f"={cell.text}"
                    if cell.cached is not None:
                        cached[-1][to.coordinate] = cell.cached
                elif isinstance(cell, Fmt):
                    to.value, to.number_format = cell.value, cell.code
                elif isinstance(cell, Error):
                    to.value = cell.text
                else:
                    to.value = cell
                    if isinstance(cell, str) and cell.startswith("="):
                        to.data_type = "s"
                if row < 3:
                    to.font = Font(bold=True)
        for top, left, bottom, right in merges(page.grid):
            sheet.merge_cells(None, top + 1, left + 1, bottom + 1, right + 1)
        if page.hidden:
            sheet.sheet_state = "hidden"
        for column in page.hidden_columns:
            sheet.column_dimensions[get_column_letter(column + 1)].hidden = True
        for row in page.hidden_rows:
            sheet.row_dimensions[row + 1].hidden = True
    made = io.BytesIO()
    book.save(made)
    return _as_excel(made.getvalue(), cached)


#: Where a workbook names its file of texts: the end of a list, and what goes before it.
_NAMES_TEXTS = {
    "[Content_Types].xml": (b"</Types>", b'<Override PartName="/xl/sharedStrings.xml" ContentType='
                            b'"application/vnd.openxmlformats-officedocument.spreadsheetml.'
                            b'sharedStrings+xml"/>'),
    "xl/_rels/workbook.xml.rels": (
        b"</Relationships>", b'<Relationship Id="rIdTexts" Target="sharedStrings.xml" Type="http://'
        b'schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>'),
}


def _as_excel(data: bytes, cached: list[dict[str, float | str]]) -> bytes:
    """Write as Excel what openpyxl writes its own way.

    The values kept beside formulas, of which it writes none, and texts, which Excel keeps once
    for all sheets.
    """
    made, texts = io.BytesIO(), {}
    with zipfile.ZipFile(io.BytesIO(data)) as old, \
            zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            part = old.read(item)
            found = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", item.filename)
            if found:
                for cell, value in cached[int(found[1]) - 1].items():
                    kind = b' t="str"' if isinstance(value, str) else b""
                    if isinstance(value, str) and value.startswith("#"):
                        kind = b' t="e"'
                    part = re.sub(
                        rb'<c r="%s"([^>]*)>(<f>.*?</f>)<v ?/?>(</v>)?</c>' % cell.encode(),
                        lambda m, v=value, k=kind: b'<c r="%s"%s%s>%s<v>%s</v></c>' % (
                            cell.encode(),  # noqa: B023  (used at once)
                            re.sub(rb' t="\w+"', b"", m[1]), k, m[2], str(v).encode()),
                        part)
                part = re.sub(
                    rb't="inlineStr"><is>(<t.*?</t>)</is>',
                    lambda m: b't="s"><v>%d</v>' % texts.setdefault(m[1], len(texts)), part,
                    flags=re.DOTALL)
            if item.filename == "xl/sharedStrings.xml":
                continue
            if item.filename in _NAMES_TEXTS and b"sharedStrings" not in part:
                end, name = _NAMES_TEXTS[item.filename]
                part = part.replace(end, name + end)
            new.writestr(item, part)
        space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        new.writestr("xl/sharedStrings.xml", b'<?xml version="1.0" encoding="UTF-8"?>'
                     b'<sst xmlns="%s" uniqueCount="%d">%s</sst>' % (
                         space, len(texts), b"".join(b"<si>%s</si>" % one for one in texts)))
    return made.getvalue()


def xls(*pages: Page) -> bytes:
    """Write a workbook of Excel 97-2003."""
    import xlwt

    book = xlwt.Workbook()
    for page in pages:
        sheet = book.add_sheet(page.name)
        joined = {(top, left): (bottom, right) for top, left, bottom, right in merges(page.grid)}
        for row, cells in enumerate(page.grid):
            for column, cell in enumerate(cells):
                value = plain(cell)
                if value is None:
                    continue
                style = xlwt.Style.default_style
                if isinstance(cell, Fmt):
                    style = xlwt.easyxf(num_format_str=cell.code)
                elif isinstance(value, dt.date):
                    style = xlwt.easyxf(num_format_str="dd/mm/yyyy")
                if (row, column) in joined:
                    bottom, right = joined[row, column]
                    sheet.write_merge(row, bottom, column, right, value, style)
                else:
                    sheet.write(row, column, value, style)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


_ODS = ('xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"')


def ods(*pages: Page) -> bytes:
    """Write a workbook as LibreOffice does, with its million repeated empty rows at the end."""
    sheets = "".join(_ods_sheet(page) for page in pages)
    content = (f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODS}>'
               f"<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>"
               "</office:document-content>")
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    listed = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest = ('<?xml version="1.0" encoding="UTF-8"?>'
                f'<manifest:manifest xmlns:manifest="{listed}" manifest:version="1.3">'
                '<manifest:file-entry manifest:full-path="/" '
                f'manifest:media-type="{kind}"/><manifest:file-entry manifest:full-path='
                '"content.xml" manifest:media-type="text/xml"/></manifest:manifest>')
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("mimetype", kind, zipfile.ZIP_STORED)
        package.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        package.writestr("META-INF/manifest.xml", manifest, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _ods_sheet(page: Page) -> str:
    joined = {(top, left): (bottom - top + 1, right - left + 1)
              for top, left, bottom, right in merges(page.grid)}
    rows: list[str] = []
    for row, cells in enumerate(page.grid):
        made = [_ods_cell(cell, joined.get((row, column))) for column, cell in enumerate(cells)]
        made.append(f'<table:table-cell table:number-columns-repeated="{1024 - len(cells)}"/>')
        rows.append(f"<table:table-row>{''.join(made)}</table:table-row>")
    rows.append(f'<table:table-row table:number-rows-repeated="{1048576 - len(rows)}">'
                '<table:table-cell table:number-columns-repeated="1024"/></table:table-row>')
    return f'<table:table table:name="{escape(page.name)}">{"".join(rows)}</table:table>'


def _ods_cell(cell: Any, span: tuple[int, int] | None) -> str:
    if isinstance(cell, str) and cell in (LEFT, UP):
        return "<table:covered-table-cell/>"
    value = plain(cell)
    if value is None:
        return "<table:table-cell/>"
    over = (f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"'
            if span else "")
    if isinstance(value, dt.date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    said = "".join(f"<text:p>{escape(line)}</text:p>" for line in shown(cell).split("\n"))
    return f"<table:table-cell {kind}{over}>{said}</table:table-cell>"


def html(*grids: Grid, head: str = "", before: str = "", after: str = "") -> bytes:
    """Write what a web application sends as "Export Excel": a page with tables."""
    tables = "<br>\n".join(_html_table(grid) for grid in grids)
    return (f"<html><head><meta charset='utf-8'><style>.num{{mso-number-format:General}}</style>"
            f"{head}</head>\n<body>{before}\n{tables}\n{after}</body></html>").encode()


def _html_table(grid: Grid) -> str:
    joined = {(top, left): (bottom - top + 1, right - left + 1)
              for top, left, bottom, right in merges(grid)}
    rows: list[str] = []
    for row, cells in enumerate(grid):
        made: list[str] = []
        for column, cell in enumerate(cells):
            if isinstance(cell, str) and cell in (LEFT, UP):
                continue
            down, right = joined.get((row, column), (1, 1))
            over = (f" rowspan={down}" if down > 1 else "") + (
                f' colspan="{right}"' if right > 1 else "")
            said = escape(shown(cell)).replace("\n", "<br/>") or "&nbsp;"
            made.append(f"<td{over}>{said}</td>")
        rows.append(f"<tr>{''.join(made)}</tr>")
    return "<table border='1'>\n" + "\n".join(rows) + "\n</table>"


def xml2003(*pages: Page) -> bytes:
    """Write an XML spreadsheet of Excel 2003, which ministries' applications name .xls."""
    sheets: list[str] = []
    for page in pages:
        joined = {(top, left): (bottom - top, right - left)
                  for top, left, bottom, right in merges(page.grid)}
        rows: list[str] = []
        for row, cells in enumerate(page.grid, 1):
            made: list[str] = []
            for column, cell in enumerate(cells, 1):
                value = plain(cell)
                if value is None:
                    continue
                down, right = joined.get((row - 1, column - 1), (0, 0))
                over = (f' ss:MergeAcross="{right}"' if right else "") + (
                    f' ss:MergeDown="{down}"' if down else "")
                kind = "Number" if isinstance(value, int | float) else "String"
                made.append(f'<Cell ss:Index="{column}"{over}><Data ss:Type="{kind}">'
                            f"{escape(str(value))}</Data></Cell>")
            if made:
                rows.append(f'<Row ss:Index="{row}">{"".join(made)}</Row>')
        sheets.append(f'<Worksheet ss:Name="{escape(page.name)}"><Table>{"".join(rows)}</Table>'
                      "</Worksheet>")
    return ('<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
            '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
            'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
            f"{''.join(sheets)}</Workbook>").encode()


def docx(grid: Grid, before: Sequence[str] = (), after: Sequence[str] = ()) -> bytes:
    """Write a letter of Word with one table in it."""
    from docx import Document

    letter = Document()
    for line in before:
        letter.add_paragraph(line)
    table = letter.add_table(len(grid), max(len(row) for row in grid))
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            said = shown(cell)
            if said:
                table.cell(row, column).text = said
    for top, left, bottom, right in merges(grid):
        table.cell(top, left).merge(table.cell(bottom, right))
    for line in after:
        letter.add_paragraph(line)
    made = io.BytesIO()
    letter.save(made)
    return made.getvalue()


def text(grid: Grid, delimiter: str = ",", encoding: str = "utf-8", decimal: str = ".",
         even: bool = True) -> bytes:
    """Write delimited text; ``even`` gives every row the width of the widest, as Excel does."""
    wide = max(len(row) for row in grid)
    made = io.StringIO()
    writer = csv.writer(made, delimiter=delimiter, lineterminator="\r\n")
    for row in grid:
        cells = [shown(cell, decimal) for cell in row]
        writer.writerow(cells + [""] * (wide - len(cells)) if even else cells)
    return made.getvalue().encode(encoding)


def percent(share: float, decimals: int = 1) -> Fmt:
    return Fmt(share, "0." + "0" * decimals + "%")


def total(letter: str, first: int, last: int, value: float) -> Formula:
    return Formula(f"SUM({letter}{first}:{letter}{last})", value)
