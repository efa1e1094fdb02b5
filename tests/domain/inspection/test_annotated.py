"""The marked workbook: the officer's own cells, our marks, and nothing that runs."""
from __future__ import annotations

import openpyxl
import pytest
from inspected_samples import EVIL, GRID, finding, inspected, raw_file, sheet
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from ckanext.satudata.domain.inspection import annotated
from ckanext.satudata.domain.inspection.notes import RefusedFile, Severity
from ckanext.satudata.domain.inspection.sheet import RawFile


@pytest.fixture
def workbook(tmp_path):
    """The sample as an officer's workbook: styles, widths, a formula, a comment."""
    book = openpyxl.Workbook()
    made = book.active
    made.title = "Rekap"
    for row in GRID[:-1]:
        made.append([float(text) if text.replace(".", "", 1).isdigit() and len(text) < 12 else
                     text or None for text in row])
    made["B7"].value = "Bojonegara"
    made["C8"] = "=SUM(C5:C7)"
    made["B5"].font = Font(bold=True)
    made["C5"].fill = PatternFill("solid", fgColor="FF00FF00")
    made["D5"].comment = Comment("dari kepegawaian", "Petugas")
    made.column_dimensions["B"].width = 33
    made.merge_cells("A1:D1")
    book.create_sheet("Sheet2")["A1"] = "kosong"
    path = tmp_path / "rekap.xlsx"
    book.save(path)
    return path


def marks():
    return [*inspected().findings, finding(Severity.SEBAIKNYA, "kunjungan", 1, "C5", "50.36")]


def test_an_xlsx_keeps_its_own_and_gets_the_marks(workbook, tmp_path):
    target = tmp_path / "bertanda.xlsx"
    annotated.write(workbook, raw_file(), marks(), target)
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["Catatan pemeriksaan", "Rekap", "Sheet2"]
    made = book["Rekap"]
    assert made["C8"].value == "=SUM(C5:C7)" and made["B5"].font.bold
    assert made.column_dimensions["B"].width == 33 and "A1:D1" in map(str, made.merged_cells.ranges)
    assert made["D5"].fill.fgColor.rgb == "FFF4B8B1"
    assert "Kolom berisi NIK." in made["D5"].comment.text
    assert "dari kepegawaian" in made["D5"].comment.text
    assert made["B6"].comment is None and made["B6"].fill.fill_type is None
    listed = book["Catatan pemeriksaan"]
    assert [listed.cell(row, 2).value for row in (4, 5, 6, 7)] == [
        "Wajib diperbaiki", "Sebaiknya diperbaiki", "Sebaiknya diperbaiki", "Saran"]
    assert listed["E4"].hyperlink.location == "'Rekap'!D5"


def test_what_a_stranger_wrote_never_becomes_a_formula(workbook, tmp_path):
    target = tmp_path / "bertanda.xlsx"
    annotated.write(workbook, raw_file(), marks(), target)
    listed = openpyxl.load_workbook(target)["Catatan pemeriksaan"]
    assert listed["H5"].value == EVIL
    assert all(cell.data_type != "f" for row in listed.iter_rows() for cell in row)
    annotated.write(workbook, raw_file("csv"), marks(), target)  # rebuilt from what was read
    book = openpyxl.load_workbook(target)
    assert book["Rekap"]["B7"].value == EVIL
    assert all(cell.data_type != "f" for made in book for row in made.iter_rows() for cell in row)


def test_a_rebuilt_workbook_has_the_same_cells(tmp_path):
    target = tmp_path / "bertanda.xlsx"
    annotated.write(tmp_path / "tidak-ada.csv", raw_file("csv"), marks(), target)
    made = openpyxl.load_workbook(target)["Rekap"]
    got = [[cell.value for cell in row] for row in made.iter_rows(max_row=len(GRID), max_col=4)]
    assert got[4] == [1, "Kramatwatu", 50.36, "3604050101800003"]
    assert got[3] == ["(1)", "(2)", "(3)", "(4)"] and "A1:D1" in map(str, made.merged_cells.ranges)


def test_marking_again_takes_the_old_marks_away(workbook, tmp_path):
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    annotated.write(workbook, raw_file(), marks(), first)
    annotated.write(first, raw_file(), [], second)
    book = openpyxl.load_workbook(second)
    assert book.sheetnames == ["Catatan pemeriksaan", "Rekap", "Sheet2"]
    made = book["Rekap"]
    assert made["C5"].fill.fgColor.rgb == "FF00FF00"  # the officer's own colour
    assert made["D5"].fill.fill_type is None and made["D5"].comment is None
    assert book["Catatan pemeriksaan"].max_row == 3


def test_formulas_keep_their_results_for_who_reads_without_excel(workbook, tmp_path):
    target = tmp_path / "bertanda.xlsx"
    annotated.write(workbook, raw_file(), marks(), target)
    assert openpyxl.load_workbook(target)["Rekap"]["C8"].value == "=SUM(C5:C7)"
    assert openpyxl.load_workbook(target, data_only=True)["Rekap"]["C8"].value == 1165322
    again = tmp_path / "lagi.xlsx"
    annotated.write(target, raw_file(), [], again)
    assert openpyxl.load_workbook(again, data_only=True)["Rekap"]["C8"].value == 1165322


def test_our_sheet_is_skipped_when_it_comes_back(workbook, tmp_path):
    target = tmp_path / "bertanda.xlsx"
    annotated.write(workbook, raw_file(), marks(), target)
    book = openpyxl.load_workbook(target)
    back = RawFile("rekap.xlsx", "xlsx", [
        sheet([["" if cell.value is None else str(cell.value) for cell in row]
               for row in made.iter_rows()], made.title) for made in book])
    assert annotated.is_ours(back.sheets[0])
    assert [each.name for each in annotated.strip_marks(back).sheets] == ["Rekap", "Sheet2"]
    own = RawFile("x.xlsx", "xlsx", [sheet([["Catatan", "isi"]], "Catatan pemeriksaan")])
    assert annotated.strip_marks(own) is own  # an officer's own sheet of that name is data


def test_a_huge_file_is_not_made_a_workbook(tmp_path, monkeypatch):
    monkeypatch.setattr(annotated, "MAX_CELLS", 10)
    with pytest.raises(RefusedFile):
        annotated.write(tmp_path / "x.csv", raw_file("csv"), [], tmp_path / "y.xlsx")


def test_more_findings_than_are_listed_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(annotated, "MAX_LISTED", 2)
    target = tmp_path / "bertanda.xlsx"
    annotated.write(tmp_path / "x.csv", raw_file("csv"), marks(), target)
    listed = openpyxl.load_workbook(target)["Catatan pemeriksaan"]
    assert "2 dari 4 catatan" in listed["A2"].value and listed["B4"].value == "Wajib diperbaiki"
