"""A template is filled in a spreadsheet and comes back as the table that is published, no more."""
from __future__ import annotations

import datetime as dt
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from template_samples import KECAMATAN, ROWS, Sheet, column, fill, made, read, written

from ckanext.satudata.domain.inspection import sandbox
from ckanext.satudata.domain.inspection.values.texts import tidied
from ckanext.satudata.domain.intake import template, template_mark
from ckanext.satudata.domain.intake.template_mark import GUIDE, INPUT, LAST, MARK


def _is_tidy(text: str) -> bool:
    import pyarrow as pa

    return bool(text) and tidied(pa.array([text]))[1] is None


WORDS = st.one_of(
    st.text(st.characters(blacklist_categories=["Cs", "Cc", "Cn", "Zl", "Zp", "Co"]), min_size=1,
            max_size=30).filter(_is_tidy),
    st.sampled_from(["=1+1", "-", "+62", "@SUM(A1)", "0012", "TRUE", "NA", "Jumlah", "36.10",
                     "2026-03-01", "1.234", "12%", "_x0041_", "a\nb", "#REF!"]))
CODES = st.from_regex(r"0[0-9]{2}\.[0-9]{2}\.?[0-9]{0,3}", fullmatch=True).filter(_is_tidy)
MONTHS = st.dates(dt.date(1901, 1, 1), dt.date(2150, 1, 1)).map(lambda day: f"{day:%Y-%m}")
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "string": WORDS, "code": CODES, "year": st.integers(1900, 2150), "yearmonth": MONTHS,
    "date": st.dates(dt.date(1900, 3, 1), dt.date(2150, 1, 1)),
    "datetime": st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(2150, 1, 1)).map(
        lambda when: when.replace(microsecond=0)),
    "integer": st.integers(-10**12, 10**12), "boolean": st.booleans(),
    "number": st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 4) + 0.0),
}
KINDS = list(VALUES)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[list[Any]]]:
    """Columns of all types in any order, and rows with gaps where figures are missing."""
    kinds = ["string", *draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=7))]
    columns = [column(f"{kind}_{at}", "string" if kind == "code" else kind,
                      "kode" if kind == "code" else "") for at, kind in enumerate(kinds)]
    cells = [VALUES[kind] if at == 0 or each["role"] == "waktu" else st.none() | VALUES[kind]
             for at, (kind, each) in enumerate(zip(kinds, columns, strict=True))]
    return columns, draw(st.lists(st.tuples(*cells).map(list), min_size=1, max_size=8))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables())
def test_what_is_typed_comes_back_as_it_is_published(
    table: tuple[list[dict[str, Any]], list[list[Any]]]
) -> None:
    columns, rows = table
    with tempfile.TemporaryDirectory() as folder:
        path = made(Path(folder), columns, rows, public=False)

        def type_in(sheet: Sheet) -> None:
            assert len(sheet.rows) == len(rows)
            for number, row in enumerate(rows, 1):
                for each, value in zip(columns, row, strict=True):
                    if value is not None and sheet.rows[number - 1][each["name"]] is None:
                        sheet.put(number, each["name"], value)

        back = read(fill(path, type_in))
        assert back.said == []
        assert back.types == {each["name"]: each["type"] for each in columns}
        for found, row in zip(back.rows, rows, strict=True):
            for each, value in zip(columns, row, strict=True):
                text = found[each["name"]]
                if isinstance(value, float):
                    assert float(text) == pytest.approx(value, rel=1e-14)
                elif isinstance(value, dt.datetime):
                    assert dt.datetime.fromisoformat(text) == value
                else:
                    assert text == written(value)


def test_last_years_rows_ask_for_the_next_year_and_show_what_they_were(tmp_path: Path) -> None:
    path = made(tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book[INPUT]
    assert [[cell.value for cell in row] for row in sheet] == [
        ["kode_kecamatan", "nama_kecamatan", "tahun", "balita", "persen"],
        ["36.04.05", "Anyar", 2026, None, None], ["36.04.20", "Bojonegara", 2026, None, None]]
    assert [[cell.value for cell in row] for row in book[LAST]][1:] == [
        ["36.04.05", "Anyar", 2025, 1210, 11.25], ["36.04.20", "Bojonegara", 2025, 790, 9.5]]
    assert sheet.protection.sheet and book[LAST].protection.sheet and not sheet.protection.password
    assert [sheet.cell(2, at).protection.locked for at in range(1, 6)] == [True] * 3 + [False] * 2
    assert not sheet.column_dimensions["D"].protection.locked  # and so below the last row
    assert sheet["A2"].number_format == "@" and sheet.freeze_panes == "C2"
    assert "Satuan: orang" in sheet["D1"].comment.text
    assert {book[MARK].sheet_state, book["_daftar"].sheet_state} == {"hidden"}


def test_empty_cells_stay_missing_and_untouched_rows_stay_rows(tmp_path: Path) -> None:
    back = read(fill(made(tmp_path), lambda sheet: sheet.put(1, "balita", 0)))
    assert back.said == []
    assert back.rows == [
        {"kode_kecamatan": "36.04.05", "nama_kecamatan": "Anyar", "tahun": "2026", "balita": "0",
         "persen": ""},
        {"kode_kecamatan": "36.04.20", "nama_kecamatan": "Bojonegara", "tahun": "2026",
         "balita": "", "persen": ""}]


@pytest.mark.parametrize(("sign", "value", "status"), [
    ("-", "0", "nol"), ("–", "0", "nol"), ("...", "", "belum_tersedia"),
    ("…", "", "belum_tersedia"), ("NA", "", "tidak_berlaku"), ("n/a", "", "tidak_berlaku")])
def test_a_sign_means_what_the_guide_says_and_is_not_asked_about(
    tmp_path: Path, sign: str, value: str, status: str
) -> None:
    path = made(tmp_path)
    guide = "\n".join(str(row[0].value) for row in openpyxl.load_workbook(path)[GUIDE])
    assert "Dibaca nol (tanda BPS)" in guide and "NA: angkanya tidak mungkin ada" in guide

    def type_in(sheet: Sheet) -> None:
        sheet.put(1, "balita", sign)
        sheet.put(2, "balita", 5)

    back = read(fill(path, type_in))
    assert back.table["questions"] == []
    assert [(row["balita"], row["status_angka"]) for row in back.rows] == [
        (value, status), ("5", "normal")]
    assert [each["step"] for each in back.table["changes"]] == ["tanda"]


def test_the_status_of_figures_is_not_typed_and_comes_back_where_the_table_has_it(
    tmp_path: Path
) -> None:
    columns = [*KECAMATAN[:4], column("status_angka", role="status", reference="status_angka")]
    rows = [[*row[:4], "normal"] for row in ROWS]
    path = made(tmp_path, columns, rows)
    assert [cell.value for cell in openpyxl.load_workbook(path)[INPUT][1]] == [
        "kode_kecamatan", "nama_kecamatan", "tahun", "balita"]

    def type_in(sheet: Sheet) -> None:
        sheet.put(1, "balita", 7)
        sheet.put(2, "balita", 8)

    back = read(fill(path, type_in))
    assert back.said == [] and list(back.rows[0]) == [each["name"] for each in columns]
    assert [row["status_angka"] for row in back.rows] == ["normal", "normal"]


def test_it_is_read_the_same_in_the_child_that_reads_strangers_files(tmp_path: Path) -> None:
    path = tmp_path / "templat.xlsx"
    table = made(tmp_path).with_name("terbit.csv")
    said = template.make({"dataset": "x", "title": "X", "out": str(path), "open": True, "table": {
        "csv": str(table), "columns": KECAMATAN, "public": True}})
    assert said == {"rows": 2, "columns": 5, "year": 2026, "continues": "tahun"}
    out = tmp_path / "hasil"
    out.mkdir()
    report = sandbox.inspect(path, path.name, out, {"dataset": "x"})
    assert report["tables"][0]["template"] == {
        "dataset": "x", "title": "X", "continues": "tahun"}
    assert report["tables"][0]["questions"] == report["remarks"] == []


def test_the_marked_workbook_is_still_a_template(tmp_path: Path) -> None:
    path = fill(made(tmp_path), lambda sheet: sheet.put(1, "balita", -5))
    first = read(path, annotated=True)
    assert first.codes["negative-count"] == 1
    again = read(first.out / "bertanda.xlsx")
    assert again.said == [] and again.codes == first.codes


# ----------------------------------------------------------- what the person did not do as asked


def test_figures_typed_as_text_are_read_and_told(tmp_path: Path) -> None:
    def type_in(sheet: Sheet) -> None:
        sheet.put(1, "persen", "12,5")
        sheet.put(2, "persen", "9,25")
        sheet.put(1, "balita", "1210")

    back = read(fill(made(tmp_path), type_in))
    assert [row["persen"] for row in back.rows] == ["12.5", "9.25"]
    assert [row["balita"] for row in back.rows] == ["1210", ""]
    assert back.table["questions"] == [] and len(back.said) == 1


def test_what_may_be_a_thousand_is_asked_and_not_taken(tmp_path: Path) -> None:
    columns = [*KECAMATAN[:3], column("nilai", "number")]

    def type_in(sheet: Sheet) -> None:
        sheet.put(1, "nilai", "1.234")
        sheet.put(2, "nilai", "2.345")

    back = read(fill(made(tmp_path, columns, [row[:4] for row in ROWS]), type_in))
    assert len(back.table["questions"]) == 1


def test_a_sum_added_below_is_checked_and_not_published(tmp_path: Path) -> None:
    def type_in(sheet: Sheet) -> None:
        for row, value in enumerate((10, 20, 30), 1):
            sheet.put(row, "balita", value)
        sheet.put(3, "nama_kecamatan", "JUMLAH")

    back = read(fill(made(tmp_path), type_in))
    assert [row["balita"] for row in back.rows] == ["10", "20"]
    assert [each["step"] for each in back.table["changes"]] == ["jumlah"]


def test_a_new_row_below_is_data(tmp_path: Path) -> None:
    def type_in(sheet: Sheet) -> None:
        for name, value in zip(sheet.heads, ["36.04.06", "Cinangka", 2026, 3, 1.5], strict=True):
            sheet.put(3, name, value)

    back = read(fill(made(tmp_path), type_in))
    assert back.said == [] and back.rows[2]["kode_kecamatan"] == "36.04.06"


def test_columns_in_another_order_are_still_known(tmp_path: Path) -> None:
    def move(sheet: Sheet) -> None:
        sheet.put(0, "balita", "persen")
        sheet.cells["E1"].value = "balita"
        for row in (2, 3):
            sheet.cells.cell(row, 4).value, sheet.cells.cell(row, 5).value = 1.5, 3

    back = read(fill(made(tmp_path), move))
    assert back.said == [] and (back.rows[0]["balita"], back.rows[0]["persen"]) == ("3", "1.5")


@pytest.mark.parametrize(("head", "said"), [
    ("jumlah_balita", "+ jumlah_balita, − balita"), ("", "− balita")])
def test_changed_columns_are_read_as_any_other_file_and_it_is_said(
    tmp_path: Path, head: str, said: str
) -> None:
    def change(sheet: Sheet) -> None:
        for row in (1, 2):
            sheet.put(row, "balita", 10 * row)
        sheet.cells["D1"].value = head or None

    back = read(fill(made(tmp_path), change))
    assert any(f"Kolom templat diubah ({said})" in each for each in back.said)
    # What explains and what was is not read as data.
    assert [table["sheet"] for table in back.report["tables"]] == [INPUT]
    assert back.table["template"] is None


def test_a_template_of_another_dataset_must_be_mended(tmp_path: Path) -> None:
    path = fill(made(tmp_path))
    assert "template-other" not in read(path).codes
    back = read(path, dataset="lain")
    assert back.codes["template-other"] == 1
    finding = next(each for each in back.report["findings"] if each["code"] == "template-other")
    assert finding["severity"] == "wajib" and "Balita stunting" in finding["message"]["text"]


# --------------------------------------------------------------------- what it shows, and to whom


def test_who_may_not_open_the_files_gets_what_rows_are_about_and_nothing_else(
    tmp_path: Path
) -> None:
    path = made(tmp_path, open=False, keys=True)
    book = openpyxl.load_workbook(path)
    assert LAST not in book.sheetnames
    assert [cell.value for cell in book[INPUT][2]] == ["36.04.05", "Anyar", 2026, None, None]
    everything = "".join(
        zipfile.ZipFile(path).read(name).decode(errors="replace")
        for name in zipfile.ZipFile(path).namelist())
    assert "1210" not in everything and "11.25" not in everything


def test_who_may_open_nothing_and_came_by_no_link_gets_columns_alone(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(made(tmp_path, open=False))[INPUT]
    assert [cell.value for cell in sheet["A"]] == ["kode_kecamatan"]


@pytest.mark.parametrize("masked", [["nama"], []])
def test_a_link_tells_nobody_who_gets_what(tmp_path: Path, masked: list[str]) -> None:
    columns = [column("nama"), column("bantuan", "integer")]
    count = 3 if masked else 200
    rows = [[f"Orang {at}", at] for at in range(count)]
    path = made(tmp_path, columns, rows, open=False, keys=True, masked=masked)
    everything = "".join(zipfile.ZipFile(path).read(name).decode(errors="replace")
                         for name in zipfile.ZipFile(path).namelist())
    assert "Orang 1" not in everything


def test_a_list_without_figures_shows_no_row_to_who_may_not_open_it(tmp_path: Path) -> None:
    columns = [column("nama"), column("alamat")]
    rows = [["Ani", "Jalan Mawar"], ["Budi", "Jalan Melati"]]
    assert [cell.value for cell in openpyxl.load_workbook(
        made(tmp_path, columns, rows))[INPUT]["A"]] == ["nama", "Ani", "Budi"]
    path = made(tmp_path, columns, rows, open=False, keys=True)
    assert [cell.value for cell in openpyxl.load_workbook(path)[INPUT]["A"]] == ["nama"]
    everything = "".join(zipfile.ZipFile(path).read(name).decode(errors="replace")
                         for name in zipfile.ZipFile(path).namelist())
    assert "Ani" not in everything and "Mawar" not in everything


def test_nothing_in_it_is_a_formula(tmp_path: Path) -> None:
    columns = [column("nama"), column("=jumlah()", "integer")]
    path = made(tmp_path, [columns[0], column("jumlah", "integer", title="=1+1")],
                [["=HYPERLINK(\"http://x\")", 1], ["+1", 2], ["@a", 3], ["-1", 4]],
                title="=cmd|'/c calc'!A1", said={"agency": "=1+1", "contact": "@x"})
    for name in zipfile.ZipFile(path).namelist():
        if name.startswith("xl/worksheets/sheet"):
            assert b"<f>" not in zipfile.ZipFile(path).read(name)


# ------------------------------------------------------------------------------- periods and lists


def test_market_days_stay_the_same_day_of_the_week(tmp_path: Path) -> None:
    days = [dt.date(2025, 1, 1) + dt.timedelta(days=7 * at) for at in range(53)]
    path = made(tmp_path, [column("tanggal", "date"), column("harga", "integer")],
                [[day, 100] for day in days if day.year == 2025])
    asked = [cell.value.date() for cell in openpyxl.load_workbook(path)[INPUT]["A"][1:]]
    assert {day.weekday() for day in asked} == {2} and {day.year for day in asked} == {2026}
    assert len(asked) == 52


@pytest.mark.parametrize(("kind", "value", "later"), [
    ("yearmonth", "2025-03", "2026-03"), ("string", "Triwulan I 2025", "Triwulan I 2026"),
    ("string", "2024/2025", "2025/2026"), ("date", "2024-02-29", "2025-02-28")])
def test_every_way_to_name_a_period_moves_on(
    tmp_path: Path, kind: str, value: str, later: str
) -> None:
    path = made(tmp_path, [column("periode", kind, "waktu"), column("jumlah", "integer")],
                [[value, 1]])
    found = openpyxl.load_workbook(path)[INPUT]["A2"].value
    assert (found.date().isoformat() if isinstance(found, dt.datetime) else found) == later


def test_figures_may_not_be_negative_where_they_never_were_and_signs_may_be_typed(
    tmp_path: Path
) -> None:
    sheet = openpyxl.load_workbook(made(tmp_path))[INPUT]
    rules = {str(each.sqref).split(":")[0]: each for each in sheet.data_validations.dataValidation}
    assert "D2>=0" in rules["D2"].formula1 and 'D2="-"' in rules["D2"].formula1
    assert "INT(D2)" in rules["D2"].formula1 and "INT" not in rules["E2"].formula1
    assert rules["D2"].errorStyle in (None, "stop") and "Kosongkan bila belum ada" in rules[
        "D2"].prompt


def test_shares_are_asked_about_above_a_hundred(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(made(tmp_path))[INPUT]
    rules = {str(each.sqref).split(":")[0]: each for each in sheet.data_validations.dataValidation}
    assert "E2<=100" in rules["E2"].formula1 and rules["E2"].errorStyle == "warning"
    rows = [[*row[:4], 250.5] for row in ROWS]
    sheet = openpyxl.load_workbook(made(tmp_path, rows=rows))[INPUT]
    assert "<=100" not in sheet.data_validations.dataValidation[-1].formula1


def test_a_persons_own_number_is_in_no_template(tmp_path: Path) -> None:
    said = {"agency": "Dinas Kesehatan", "contact": "Ani, 0812-3456-7890"}
    path = made(tmp_path, said=said)
    guide = [str(row[0].value) for row in openpyxl.load_workbook(path)[GUIDE]]
    assert "Kontak: Ani." in guide and "personal-outside" not in read(fill(path)).codes
    office = {"contact": "Bidang Data, dinkes@serangkab.go.id"}
    guide = [str(row[0].value) for row in openpyxl.load_workbook(
        made(tmp_path, said=office))[GUIDE]]
    assert "Kontak: Bidang Data, dinkes@serangkab.go.id." in guide
    assert "personal-outside" not in read(fill(made(tmp_path, said=office))).codes


def test_codes_and_few_words_are_chosen_from_a_list(tmp_path: Path) -> None:
    columns = [column("nama"), column("kelamin"), column("akses", reference="akses"),
               column("jumlah", "integer")]
    rows = [[f"desa {at // 2}", ("L", "P")[at % 2], "terbuka", at] for at in range(40)]
    path = made(tmp_path, columns, rows)
    book = openpyxl.load_workbook(path)
    rules = {str(each.sqref)[0]: each for each in book[INPUT].data_validations.dataValidation}
    assert rules["B"].formula1 == "_daftar!$B$1:$B$2" and rules["B"].errorStyle == "warning"
    assert rules["C"].type == "list" and rules["C"].errorStyle in (None, "stop")
    assert [cell.value for cell in book["_daftar"]["B"][:2]] == ["L", "P"]
    guide = [[cell.value for cell in row[:2]] for row in book[GUIDE]]
    assert any(name == "akses" and str(text).startswith("terbatas: ") for name, text in guide)


def test_a_dataset_without_a_table_asks_for_its_areas(tmp_path: Path) -> None:
    path = tmp_path / "baru.xlsx"
    said = template.answer({
        "dataset": "x", "title": "Jumlah posyandu menurut kecamatan", "out": str(path),
        "areas": ["36.04"], "level": "kecamatan", "unit": "unit", "year": 2026, "open": True})
    sheet = openpyxl.load_workbook(path)[INPUT]
    assert [cell.value for cell in sheet[1]] == [
        "kode_kecamatan", "nama_kecamatan", "tahun", "jumlah_posyandu"]
    assert said["rows"] == 29 and [cell.value for cell in sheet[2]][2:] == [2026, None]

    def type_in(filled: Sheet) -> None:
        for row in range(1, 30):
            filled.put(row, "jumlah_posyandu", row)

    back = read(fill(path, type_in), dataset="x", facts={
        "home": "36.04", "areas": ["36.04"], "level": "kecamatan", "unit": "unit"})
    assert back.said == [] and back.codes == {}


def test_declared_columns_are_asked_for_before_there_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "baru.xlsx"
    template.answer({
        "dataset": "x", "title": "X", "out": str(path), "open": True, "areas": ["36.04"],
        "level": "kecamatan", "year": 2026, "schema": {"fields": [
            {"name": "kode_kecamatan", "type": "string", "kode_referensi": "wilayah"},
            {"name": "tahun", "type": "integer"},
            {"name": "nilai", "type": "number", "title": "Nilai", "satuan": "indeks",
             "constraints": {"minimum": 1}}]}})
    sheet = openpyxl.load_workbook(path)[INPUT]
    assert [cell.value for cell in sheet[2]] == ["36.04.05", 2026, None]
    assert "C2>=1" in sheet.data_validations.dataValidation[-1].formula1


# ------------------------------------------------------------------------------------ forged marks


def _forged(path: Path, *changes: tuple[str, Any]) -> Path:
    book = openpyxl.load_workbook(path)
    for cell, value in changes:
        book[MARK][cell].value = value
    target = path.with_name("palsu.xlsx")
    book.save(target)
    return target


@pytest.mark.parametrize("changes", [
    [("B4", "0" * 64)], [("B10", "integer")], [("A8", "=1+1")], [("A8", "x" * 5000)],
    [("B1", "999")], [("B6", "-1")], [("B6", "1e9")], [("A1", "lain")], [("B8", "object")],
    [("A9", "kode_kecamatan")]])
def test_a_mark_that_was_written_on_is_none(
    tmp_path: Path, changes: list[tuple[str, Any]]
) -> None:
    back = read(_forged(made(tmp_path), *changes))
    assert all(table["template"] is None for table in back.report["tables"])


def test_a_forged_mark_hides_no_personal_data(tmp_path: Path) -> None:
    columns = [column("nama"), column("nomor", "integer"), column("jumlah", "integer")]
    path = made(tmp_path, columns, [["Ani", 1, 1], ["Budi", 2, 2]])

    def type_in(sheet: Sheet) -> None:
        for row, nik in enumerate(("3604015512900001", "3604010101900002"), 1):
            sheet.put(row, "nomor", nik)

    assert read(fill(path, type_in)).codes["personal-data"] == 4  # NIK and names
    book = openpyxl.load_workbook(path)
    book[GUIDE]["A1"].value = "NIK 3604015512900001"
    book[MARK]["A30"].value = "NIK 3604015512900001"
    book.save(path)
    assert read(path).codes["personal-outside"] == 2


@pytest.mark.parametrize("bad", [
    {"type": "object"}, {"role": "bos"}, {"name": ""}, {"name": "=a"}, {"name": "a\x07"},
    {"title": "x" * 1000}])
def test_a_column_of_no_known_kind_is_in_no_mark(bad: dict[str, str]) -> None:
    fields = (template_mark.Field(**{"name": "a", **bad}), template_mark.Field("b"))
    mark = template_mark.Mark("x", "X", fields)
    assert template_mark.read(template_mark.rows_of(mark)) is None


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.text(max_size=20), max_size=9), max_size=12))
def test_no_sheet_of_strangers_breaks_the_reading_of_a_mark(rows: list[list[str]]) -> None:
    assert template_mark.read(rows) is None
