"""Reading workbooks and documents: the same table says the same, whatever it is kept in."""
from __future__ import annotations

import datetime
import io
import json
import struct
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hostile_files import biff, docx, ods, record, spreadsheetml, xlsx
from openpyxl.styles import Alignment

from ckanext.satudata.domain.inspection.limits import DEFAULT
from ckanext.satudata.domain.inspection.notes import RefusedFile
from ckanext.satudata.domain.inspection.reader import read
from ckanext.satudata.domain.inspection.sheet import Kind, RawFile, Sheet, Span


def file(tmp_path: Path, content: bytes, name: str) -> RawFile:
    path = tmp_path / "berkas"
    path.write_bytes(content)
    return read(path, name, DEFAULT)


def texts(sheet: Sheet) -> list[list[str]]:
    columns = [column.text.to_pylist() for column in sheet.columns]
    return [list(row) for row in zip(*columns, strict=True)]


def book(**sheets: Any) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, fill in sheets.items():
        fill(made.create_sheet(name))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_a_workbook_keeps_kinds_places_and_what_cells_look_like(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet["B2"] = "Kecamatan"
        sheet["C2"] = "Jumlah"
        sheet.merge_cells("C2:D2")
        sheet["B3"], sheet["C3"], sheet["D3"] = "Ciruas", 1420, 0.253
        sheet["D3"].number_format = "0.0%"
        sheet["B4"], sheet["C4"] = " ", 7
        sheet["C4"].number_format = "000000"
        sheet["B5"], sheet["C5"] = datetime.date(2026, 3, 1), True
        sheet["B5"].number_format = "mmm-yy"
        sheet["B6"], sheet["C6"] = 3604123456789012, "=C3+C4"
        sheet["B7"] = "#REF!"
        sheet["B7"].data_type = "e"
        sheet["C7"].alignment = Alignment(wrap_text=True)  # styled, and empty
        sheet.row_dimensions[4].hidden = True
        sheet.column_dimensions["D"].hidden = True
        sheet["B3"].comment = openpyxl.comments.Comment("jangan dibaca", "x")

    found = file(tmp_path, book(Data=fill, Catatan=lambda sheet: setattr(
        sheet, "sheet_state", "hidden"), Kosong=lambda sheet: None), "a.xlsx")
    assert found.kind == "xlsx"
    (sheet,) = found.sheets
    assert texts(sheet) == [
        ["", "", "", ""], ["", "Kecamatan", "Jumlah", ""], ["", "Ciruas", "1420", "0.253"],
        ["", " ", "7", ""], ["", "2026-03-01", "TRUE", ""], ["", "3604123456789012", "", ""],
        ["", "#REF!", "", ""]]
    assert sheet.cell(2, 2) == ("1420", Kind.NUMBER, 1420.0)
    assert [sheet.cell(row, 1).kind for row in range(1, 7)] == [
        Kind.TEXT, Kind.TEXT, Kind.EMPTY, Kind.DATE, Kind.NUMBER, Kind.ERROR]
    assert sheet.merged == [Span(1, 2, 1, 3)]
    assert sheet.formats[2, 3] == "0.0%"
    assert sheet.formats[3, 2] == "000000"
    assert sheet.formats[4, 1] == "mmm-yy"
    assert (6, 2) not in sheet.formats
    assert sheet.hidden_rows == {3} and sheet.hidden_columns == {3}
    assert "C6" in sheet.remarks[0].text()
    assert "Catatan" in found.remarks[0].text()


@pytest.mark.parametrize("rows", [
    "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>",
    '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row><c r="A2"><v>3</v></c>'
    '<c r="XFD2" s="1"/></row><row r="1048576" hidden="1"/>',
    "<row r='1'><c r='A1'><v>1</v></c><c r='B1'><v>2</v></c></row><row r='2'><c s='0' r='A2'>"
    "<v>3</v></c></row>",
])
def test_cells_without_place_or_content_are_no_reason_to_refuse(tmp_path: Path, rows: str) -> None:
    found = file(tmp_path, xlsx(rows), "a.xlsx")
    assert texts(found.sheets[0]) == [["1", "2"], ["3", ""]]


def test_a_sheet_of_one_row_is_read(tmp_path: Path) -> None:
    found = file(tmp_path, book(A=lambda sheet: sheet.append(["kode", "nama"])), "a.xlsx")
    assert texts(found.sheets[0]) == [["kode", "nama"]]


def test_an_ods_is_read_with_repeats_merges_and_formats(tmp_path: Path) -> None:
    number = 'table:table-cell office:value-type="float" office:value'
    body = (
        '<table:table-row><table:table-cell table:number-columns-spanned="2"><text:p>Jumlah '
        'Penduduk</text:p></table:table-cell><table:covered-table-cell/></table:table-row>'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell '
        'table:number-columns-repeated="3"/></table:table-row><table:table-row '
        f'table:visibility="collapse"><{number}="1420"><text:p>1.420</text:p></table:table-cell>'
        f'<{number}="7" table:number-columns-repeated="2"/><table:table-cell '
        'office:value-type="date" office:date-value="2026-03-01"><text:p>Mar 26</text:p>'
        '</table:table-cell><table:table-cell><text:p>dua<text:s text:c="2"/>kata</text:p>'
        '<text:p>baris</text:p></table:table-cell></table:table-row><table:table-row '
        'table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>')
    found = file(tmp_path, ods(body), "a.ods")
    (sheet,) = found.sheets
    assert (found.kind, sheet.name) == ("ods", "S")
    assert texts(sheet) == [
        ["Jumlah Penduduk", "", "", "", ""], [""] * 5, [""] * 5,
        ["1420", "7", "7", "2026-03-01", "dua  kata\nbaris"]]
    assert sheet.cell(3, 1).number == 7.0
    assert sheet.merged == [Span(0, 0, 0, 1)]
    assert sheet.hidden_rows == {3}


PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style>td{}</style></head>
<body><h3>Jumlah Pegawai</h3>Tahun 2025<table border=1><tr><th rowspan=2>No<th rowspan=2>Unit
<th colspan=2>Pegawai</tr><tr><th>L<th>P</tr><tr><td>1<td>Dinas&nbsp;A<td>10<td>1.234,5</tr>
<tr><td>2<td>Dinas<br>B<td><b>-</b><td>x</table><p>Sumber: BKPSDM</p><script>alert(1)</script>
</body></html>"""
ROWS = [["Jumlah Pegawai", "", "", ""], ["Tahun 2025", "", "", ""], ["", "", "", ""],
        ["No", "Unit", "Pegawai", ""], ["", "", "L", "P"], ["1", "Dinas A", "10", "1.234,5"],
        ["2", "Dinas\nB", "-", "x"], ["Sumber: BKPSDM", "", "", ""]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("name", ["Rekap.xls", "rekap.csv", "rekap.html"])
def test_a_web_page_with_a_table_is_a_table(tmp_path: Path, name: str, encoding: str) -> None:
    found = file(tmp_path, PAGE.encode(encoding), name)
    assert found.kind == "html"
    assert [[cell.strip() for cell in row] for row in texts(found.sheets[0])] == [
        *ROWS[:7], [""] * 4, ROWS[7]]
    assert found.sheets[0].merged == [Span(3, 0, 4, 0), Span(3, 1, 4, 1), Span(3, 2, 3, 3)]


def test_a_page_in_one_file_is_read_as_a_page(tmp_path: Path) -> None:
    content = ('MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
               'Content-Type: text/html; charset="utf-8"\r\n\r\n' + PAGE + "\r\n--b--\r\n")
    found = file(tmp_path, content.encode(), "laporan.xls")
    assert found.sheets[0].cell(5, 1).text == "Dinas A"


def test_tables_that_lay_out_text_are_lines_above_the_table(tmp_path: Path) -> None:
    page = ("<table><tr><td>PEMERINTAH KABUPATEN SERANG</td></tr></table><table><tr><td>Tahun</td>"
            "<td>: 2025</td></tr></table><table><tr><td><table><tr><td>desa<td>l</tr><tr><td>A<td>"
            "1</tr></table></td></tr></table><table><tr><td>kec<td>p</tr><tr><td>B<td>2</table>")
    found = file(tmp_path, page.encode(), "a.xls")
    assert [texts(sheet) for sheet in found.sheets] == [
        [["PEMERINTAH KABUPATEN SERANG", ""], ["Tahun : 2025", ""], ["", ""], ["desa", "l"],
         ["A", "1"]], [["kec", "p"], ["B", "2"]]]


def test_an_xml_spreadsheet_is_read_with_its_places(tmp_path: Path) -> None:
    rows = ('<Column ss:Index="2" ss:Hidden="1"/><Row ss:Index="2"><Cell ss:MergeAcross="1" '
            'ss:MergeDown="1"><Data ss:Type="String">Kec</Data></Cell><Cell><Data '
            'ss:Type="Number">1.5</Data></Cell></Row><Row ss:Index="4" ss:Hidden="1"><Cell '
            'ss:Index="3" ss:StyleID="p"><Data ss:Type="Number">0.25</Data><Comment><Data>'
            "tidak</Data></Comment></Cell><Cell><Data ss:Type=\"DateTime\">2026-03-01T00:00:00.000"
            '</Data></Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell></Row>')
    styles = ('<Styles><Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style></Styles>')
    content = spreadsheetml(rows).replace(b"<Worksheet", styles.encode() + b"<Worksheet", 1)
    for name in ("a.xls", "a.xml", "a.csv"):
        found = file(tmp_path, content, name)
        (sheet,) = found.sheets
        assert found.kind == "xml"
        assert texts(sheet) == [[""] * 5, ["Kec", "", "1.5", "", ""], [""] * 5,
                                ["", "", "0.25", "2026-03-01", "#N/A"]]
        assert sheet.merged == [Span(1, 0, 2, 1)]
        assert sheet.formats == {(3, 2): "0.00%"}
        assert (sheet.hidden_rows, sheet.hidden_columns) == ({3}, {1})
        assert [sheet.cell(3, at).kind for at in (2, 3, 4)] == [
            Kind.NUMBER, Kind.DATE, Kind.ERROR]


def test_tables_of_a_document_are_read_with_their_title(tmp_path: Path) -> None:
    def paragraph(text: str) -> str:
        return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"

    def cell(text: str, more: str = "") -> str:
        return f"<w:tc><w:tcPr>{more}</w:tcPr>{paragraph(text)}</w:tc>"

    body = (paragraph("Tabel 1. Balita") + "<w:tbl><w:tr>" + cell(
        "Desa", '<w:vMerge w:val="restart"/>') + cell("Balita", '<w:gridSpan w:val="2"/>')
        + "</w:tr><w:tr>" + cell("", "<w:vMerge/>") + cell("L") + cell("P") + "</w:tr><w:tr>"
        + cell("Kramat") + cell("12") + cell("1.034") + "</w:tr></w:tbl>"
        + paragraph("Sumber: Puskesmas") + paragraph("Penutup"))
    found = file(tmp_path, docx(body), "a.docx")
    assert texts(found.sheets[0]) == [
        ["Tabel 1. Balita", "", ""], ["", "", ""], ["Desa", "Balita", ""], ["", "L", "P"],
        ["Kramat", "12", "1.034"], ["", "", ""], ["Sumber: Puskesmas", "", ""],
        ["Penutup", "", ""]]
    assert found.sheets[0].merged == [Span(2, 0, 3, 0), Span(2, 1, 2, 2)]


RECORDS = [{"nama": "A", "nilai": 1, "lokasi": {"kec": "X"}}, {"nama": None, "nilai": 2.5, "ada":
                                                              True}]
TABLE = [["nama", "nilai", "lokasi.kec", "ada"], ["A", "1", "X", ""], ["", "2.5", "", "TRUE"]]


@pytest.mark.parametrize("content", [
    RECORDS, {"data": RECORDS}, {"success": True, "result": {"fields": [{"id": "a"}],
                                                             "records": RECORDS}},
    {"status": "OK", "data": [{"page": 1}, RECORDS]},
    {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": None, "properties": each} for each in RECORDS]},
])
@pytest.mark.parametrize("name", ["a.json", "a.csv"])
def test_records_are_found_wherever_they_stand(tmp_path: Path, content: Any, name: str) -> None:
    found = file(tmp_path, json.dumps(content, indent=1).encode(), name)
    assert texts(found.sheets[0]) == TABLE
    assert found.sheets[0].cell(1, 1).kind == Kind.NUMBER
    assert found.kind == ("geojson" if "features" in content else "json")


def test_a_record_a_line_is_read(tmp_path: Path) -> None:
    content = "\n".join(json.dumps(each) for each in RECORDS)
    assert texts(file(tmp_path, content.encode(), "a.json").sheets[0]) == TABLE


def _pdf(build: Any) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4)
    build(page)
    page.save()
    return out.getvalue()


def test_tables_of_a_pdf_are_a_proposal_and_go_on_over_pages(tmp_path: Path) -> None:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    out = io.BytesIO()
    rows = [["Kecamatan", "Jumlah", ""], ["", "L", "P"],
            *([f"Kec {n}", str(n), f"1.{n:03}"] for n in range(60))]
    table = Table(rows, repeatRows=2, style=[
        ("GRID", (0, 0), (-1, -1), 1, (0, 0, 0)), ("SPAN", (1, 0), (2, 0)),
        ("SPAN", (0, 0), (0, 1))])
    SimpleDocTemplate(out).build([
        Paragraph("Tabel 3 Penduduk", getSampleStyleSheet()["Title"]), table,
        Paragraph("Sumber: BPS", getSampleStyleSheet()["Normal"])])
    found = file(tmp_path, out.getvalue(), "a.pdf")
    assert found.to_confirm and not found.proof
    (sheet,) = found.sheets
    read_back = texts(sheet)
    assert read_back[0][0] == "Tabel 3 Penduduk"
    assert read_back[2:64] == rows
    assert sheet.merged == [Span(2, 0, 3, 0), Span(2, 1, 2, 2)]


def test_pictures_are_proof_and_no_figures(tmp_path: Path) -> None:
    scan = _pdf(lambda page: page.rect(10, 10, 100, 100))
    for content, name, kind in ((b"\x89PNG\r\n\x1a\n" + bytes(50), "a.xlsx", "image"),
                                (b"\xff\xd8\xff\xe0" + bytes(50), "foto.jpg", "image"),
                                (scan, "pindai.pdf", "pdf")):
        found = file(tmp_path, content, name)
        assert (found.kind, found.proof, found.sheets) == (kind, True, [])


@pytest.mark.parametrize(("password", "code"), [("", None), ("rahasia", "encrypted")])
def test_a_pdf_that_asks_for_a_password_is_told(
    tmp_path: Path, password: str, code: str | None
) -> None:
    from pypdf import PdfReader, PdfWriter

    plain = _pdf(lambda page: page.drawString(100, 700, "Halo"))
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(plain)))
    writer.encrypt(password, owner_password="pemilik", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(RefusedFile) as refused:
        file(tmp_path, out.getvalue(), "a.pdf")
    assert refused.value.code == (code or "no_table")


def test_an_xls_is_read_with_what_its_records_show(tmp_path: Path) -> None:
    percent = record(0x00E0, struct.pack("<HH", 0, 10) + bytes(16))
    padded = (record(0x041E, struct.pack("<HHB", 164, 6, 0) + b"000000")
              + record(0x00E0, struct.pack("<HH", 0, 164) + bytes(16)))
    plain = record(0x00E0, bytes(20))
    cells = (
        record(0x007D, struct.pack("<5H", 1, 1, 0, 0, 1) + bytes(2))
        + record(0x0208, struct.pack("<8H", 1, 0, 2, 0, 0, 0, 0x20, 0))
        + record(0x0203, struct.pack("<HHHd", 0, 0, 1, 0.253))
        + record(0x0203, struct.pack("<HHHd", 1, 1, 2, 42))
        + record(0x0205, struct.pack("<HHHBB", 2, 0, 0, 0x17, 1))
        + record(0x0205, struct.pack("<HHHBB", 2, 1, 0, 1, 0))
        + record(0x00E5, struct.pack("<5H", 1, 0, 0, 0, 1)))
    found = file(tmp_path, biff(cells, plain + percent + padded), "a.xls")
    (sheet,) = found.sheets
    assert (found.kind, sheet.name) == ("xls", "S")
    assert texts(sheet) == [["0.253", ""], ["", "42"], ["#REF!", "TRUE"]]
    assert sheet.cell(2, 0).kind == Kind.ERROR
    assert sheet.formats == {(0, 0): "0.00%", (1, 1): "000000"}
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({1}, {1})
    assert sheet.merged == [Span(0, 0, 0, 1)]
