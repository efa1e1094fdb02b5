"""The small grid: what people write in a cell means one thing, or is refused with words."""
from __future__ import annotations

import csv
import datetime as dt
import io
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ckanext.satudata.domain.demo import catalog, describe
from ckanext.satudata.domain.demo.figures import Figures
from ckanext.satudata.domain.demo.region import Region
from ckanext.satudata.domain.demo.tables import Table
from ckanext.satudata.domain.inspection import sandbox
from ckanext.satudata.domain.intake import cells, grid, grid_rows
from ckanext.satudata.domain.intake.cells import WrongCellError
from ckanext.satudata.domain.metadata_values import InvalidValueError

SCHEMA: dict[str, Any] = {"fields": [
    {"name": "tahun", "type": "year"},
    {"name": "kode_wilayah", "type": "string", "kode_referensi": "wilayah"},
    {"name": "kecamatan", "type": "string"},
    {"name": "jenis_kelamin", "type": "string"},
    {"name": "kunjungan", "type": "integer", "satuan": "orang"},
    {"name": "persen", "type": "number"},
    {"name": "keterangan", "type": "string"},
]}
ROWS = [
    ["2024", "36.04.05", "Kramatwatu", "L", "1200", "50.36", "sementara"],
    ["2024", "36.04.05", "Kramatwatu", "P", "", "", ""],
    ["2024", "36.04.06", "Waringinkurung", "L", "7", "0.5", ""],
]


@pytest.mark.parametrize(("kind", "text", "value"), [
    ("integer", "1.234", "1234"), ("integer", " 1 234 567 ", "1234567"), ("integer", "−7", "-7"),
    ("integer", "0012", "12"), ("integer", "", ""), ("integer", "\xa0 ", ""),
    ("number", "50,36", "50.36"), ("number", "1.234,50", "1234.50"), ("number", "-0,5", "-0.5"),
    ("number", "1.234", "1234"), ("number", "12", "12"),
    ("year", "2026", "2026"), ("yearmonth", "2026-03", "2026-03"),
    ("yearmonth", "3/2026", "2026-03"),
    ("yearmonth", "Maret 2026", "2026-03"), ("date", "15-03-2026", "2026-03-15"),
    ("date", "5/3/2026", "2026-03-05"), ("date", "2026-03-15", "2026-03-15"),
    ("datetime", "15-03-2026 08:30", "2026-03-15T08:30:00"),
    ("datetime", "2026-03-15T08:30:05", "2026-03-15T08:30:05"),
    ("boolean", "Ya", "true"), ("boolean", "tidak", "false"),
    ("string", " 0012 \n a", "0012 a"), ("string", "=1+1", "=1+1"),
])
def test_what_people_write_is_what_the_file_says(kind: str, text: str, value: str) -> None:
    assert cells.read(text, kind) == value
    assert cells.read(cells.shown(value, kind), kind) == value


@pytest.mark.parametrize(("kind", "text", "code"), [
    ("integer", "12,5", "bilangan_bulat"), ("integer", "dua", "bilangan_bulat"),
    ("integer", "12 orang", "bilangan_bulat"), ("integer", "-", "tanda"), ("integer", "…", "tanda"),
    ("integer", "n/a", "tanda"), ("integer", "x", "tanda"), ("number", "NA", "tanda"),
    ("integer", "1.23", "titik"), ("number", "50.36", "titik"), ("number", "1,234.5", "titik"),
    ("number", "1,234,567", "titik"), ("integer", "1,234,567", "titik"),
    ("number", "1.2.3", "bilangan"), ("integer", "1234567890123456", "besar"),
    ("number", "1e5", "bilangan"), ("number", "١٢", "bilangan"), ("number", "50%", "bilangan"),
    ("year", "26", "tahun"), ("year", "2.026", "tahun"), ("yearmonth", "13-2026", "bulan"),
    ("yearmonth", "Mart 2026", "bulan"), ("date", "31-02-2026", "tanggal"),
    ("date", "15 Maret", "tanggal"), ("datetime", "15-03-2026", "jam"),
    ("datetime", "15-03-2026 25:00", "jam"), ("boolean", "1", "ya_tidak"),
    ("string", "a" * 1001, "panjang"), ("integer", "9" * 2000, "panjang"),
])
def test_what_could_mean_two_things_or_nothing_is_refused(kind: str, text: str, code: str) -> None:
    with pytest.raises(WrongCellError) as wrong:
        cells.read(text, kind)
    assert wrong.value.code == code
    assert cells.MESSAGES[code].format(value=wrong.value.value, row=1)


@pytest.mark.parametrize(("value", "kind", "text"), [
    ("1234567", "integer", "1.234.567"), ("-1234.5", "number", "-1.234,5"),
    ("1e+06", "number", "1.000.000"), ("12.0", "integer", "12"), ("abc", "integer", "abc"),
    ("NaN", "number", "NaN"), ("2026-03", "yearmonth", "03-2026"),
    ("2026-03-15T08:30:00", "datetime", "15-03-2026 08:30")])
def test_what_a_file_says_is_shown_as_people_write_it(value: str, kind: str, text: str) -> None:
    assert cells.shown(value, kind) == text


def test_the_next_period_begins_with_the_same_rows_and_no_figures() -> None:
    columns = grid.columns_of(SCHEMA)
    made = grid_rows.moved_on(columns, ROWS)
    assert made.rows == [
        ["2025", "36.04.05", "Kramatwatu", "L", "", "", ""],
        ["2025", "36.04.05", "Kramatwatu", "P", "", "", ""],
        ["2025", "36.04.06", "Waringinkurung", "L", "", "", ""]]
    assert (made.keeps, made.last) == (True, "2024")


def test_a_year_that_is_filled_in_again_takes_the_place_of_the_old_one() -> None:
    columns = grid.columns_of(SCHEMA)
    older = [["2023", *row[1:]] for row in ROWS]
    filled = [["2024", "36.04.05", "Kramatwatu", "L", "7", "", ""]]
    assert grid_rows.of_other_years(columns, [*older, *ROWS], filled) == older
    assert grid_rows.of_other_years(columns, [*older, *ROWS], []) == [*older, *ROWS]


def test_a_table_of_several_years_keeps_them_and_gets_one_more() -> None:
    older = [["2023", *row[1:]] for row in ROWS]
    made = grid_rows.moved_on(grid.columns_of(SCHEMA), [*older, *ROWS])
    assert made.keeps and len(made.rows) == 3 and {row[0] for row in made.rows} == {"2025"}
    file = grid.to_csv(grid.columns_of(SCHEMA), [["2025", "36.04.05", "a", "L", "1", "", ""]],
                       [*older, *ROWS]).decode()
    assert file.splitlines()[1] == "2023,36.04.05,Kramatwatu,L,1200,50.36,sementara"
    assert file.splitlines()[-1] == "2025,36.04.05,a,L,1,,"


def test_months_move_on_a_year_and_tables_without_period_stay() -> None:
    columns = grid.columns_of({"fields": [{"name": "bulan", "type": "yearmonth"},
                                          {"name": "n", "type": "integer"}]})
    months = [["2024-12", "1"], ["2023-12", "1"]]
    assert grid_rows.moved_on(columns, months).rows == [["12-2025", ""]]
    for kind, value, later in (("string", "Triwulan I 2025", "Triwulan I 2026"),
                               ("date", "2025-03-15", "15-03-2026"), ("date", "31-12", "31-12")):
        dated = grid.columns_of({"fields": [{"name": "waktu", "type": kind},
                                            {"name": "n", "type": "integer"}]})
        assert grid_rows.moved_on(dated, [[value, "1"]]).rows == [[later, ""]]
    plain = grid.columns_of({"fields": [{"name": "desa", "type": "string"},
                                        {"name": "n", "type": "integer"}]})
    made = grid_rows.moved_on(plain, [["A", "1"], ["B", "2"], ["A", "3"]])
    assert made.rows == [["A", ""], ["B", ""]] and made.last == ""
    assert grid_rows.moved_on(plain, []).rows == []


def test_a_status_behind_the_figures_is_not_carried_into_the_next_year() -> None:
    columns = grid.columns_of({"fields": [
        {"name": "desa", "type": "string"}, {"name": "tahun", "type": "integer"},
        {"name": "indeks", "type": "number"}, {"name": "status", "type": "string"}]})
    rows = [["A", "2024", "0.7", "Maju"], ["B", "2024", "0.9", "Mandiri"]]
    told = grid_rows.roles(columns, rows)
    assert [each.is_key for each in told] == [True, True, False, False]
    assert grid_rows.moved_on(told, rows).rows == [["A", "2025", "", ""], ["B", "2025", "", ""]]
    again = grid_rows.roles(columns, [*rows, ["A", "2024", "0.1", "Lain"]])
    assert again[3].is_key  # else two rows of A would be one


def test_numbers_that_tell_rows_apart_are_no_figures() -> None:
    columns = grid.columns_of({"fields": [
        {"name": "tahun", "type": "year"}, {"name": "umur", "type": "integer"},
        {"name": "jiwa", "type": "integer"}]})
    rows = [["2024", "0", "5"], ["2024", "1", "5"]]
    told = grid_rows.roles(columns, rows)
    assert [each.is_key for each in told] == [True, True, False]
    assert grid_rows.moved_on(told, rows).rows == [["2025", "0", ""], ["2025", "1", ""]]
    assert not grid.columns_of({"fields": [{"name": "bulan", "type": "integer"}]})[0].is_figure


def test_years_and_codes_have_no_thousands() -> None:
    columns = grid.columns_of({"fields": [
        {"name": "tahun", "type": "integer"}, {"name": "kode_sekolah", "type": "integer"},
        {"name": "siswa", "type": "integer"}]})
    rows = [["2024", "20601", "1500"]]
    assert grid_rows.as_written(columns, rows) == [["2024", "20601", "1.500"]]
    assert grid_rows.moved_on(columns, rows).rows == [["2025", "20601", ""]]


def test_rows_to_change_are_shown_as_people_write_them() -> None:
    shown = grid_rows.as_written(grid.columns_of(SCHEMA), ROWS)
    assert shown[0] == ["2024", "36.04.05", "Kramatwatu", "L", "1.200", "50,36", "sementara"]


def prepared() -> list[grid.Column]:
    columns = grid.columns_of(SCHEMA)
    return grid.offered(columns, grid_rows.used_values(columns, ROWS), "36.04")


def test_areas_of_the_region_are_offered_and_read_by_name_or_code() -> None:
    column = prepared()[1]
    assert column.closed and len(column.options) == 29
    assert ("36.04.05", "Kramatwatu") in column.options
    assert {column.read(each) for each in ("36.04.05", "kramatwatu", "36.04.05 Kramatwatu")} == {
        "36.04.05"}
    with pytest.raises(WrongCellError, match="pilihan"):
        column.read("36.04.99")


def test_words_used_last_year_are_proposed_and_new_ones_allowed() -> None:
    column = prepared()[3]
    assert [code for code, _ in column.options] == ["L", "P"] and not column.closed
    assert column.read("l") == "L" and column.read("Lainnya") == "Lainnya"


def test_codes_of_a_vocabulary_are_offered_by_their_names() -> None:
    (column,) = grid.offered(grid.columns_of({"fields": [
        {"name": "akses", "type": "string", "kode_referensi": "akses"}]}), {}, "36.04")
    code, label = column.options[0]
    assert column.closed and column.read(label) == code
    listed = grid.columns_of({"fields": [
        {"name": "a", "type": "string", "constraints": {"enum": ["01", "02"]}}]})[0]
    assert listed.closed and listed.read("01") == "01"


def test_what_is_wrong_is_named_by_row_and_column() -> None:
    rows = [["2025", "36.04.05", "a", "L", "satu", "1", ""], ["", "", "", "", "", "", ""],
            ["2025", "99", "a", "L", "1", "1", ""], ["2025", "", "a", "P", "1", "50.36", ""],
            ["2025", "36.04.06", "a", "P", "1", "", ""],
            ["2025", "36.04.06", "a", "P", "2", "", ""]]
    found = [(each.row, each.column, each.code, each.like) for each in grid.check(prepared(), rows)]
    assert found == [
        (0, "kunjungan", "bilangan_bulat", 0), (2, "kode_wilayah", "pilihan", 0),
        (3, "kode_wilayah", "kosong", 0), (3, "persen", "titik", 0), (5, "tahun", "ganda", 5)]


def test_the_file_has_the_columns_of_the_table_and_missing_stays_missing() -> None:
    file = grid.to_csv(prepared(), [
        ["2025", "kramatwatu", "Krama, \"W\"", "l", "1.234", "0,50", ""],
        [" ", "", "", "", "", "", ""],
        ["2025", "36.04.06", "=1+1", "P", "", "", ""]])
    assert list(csv.reader(io.StringIO(file.decode()))) == [
        [each["name"] for each in SCHEMA["fields"]],
        ["2025", "36.04.05", 'Krama, "W"', "L", "1234", "0.50", ""],
        ["2025", "36.04.06", "=1+1", "P", "", "", ""]]


def test_columns_are_named_by_people() -> None:
    made = grid.named([{"title": "Tahun", "type": "year"},
                       {"title": "Jumlah siswa (L+P)", "type": "integer", "satuan": "orang"}])
    assert [(each.name, each.title, each.type) for each in made] == [
        ("tahun", "Tahun", "year"), ("jumlah_siswa_l_p", "Jumlah siswa (L+P)", "integer")]
    assert grid.named([{"title": "2024"}])[0].name == "kolom_2024"


@pytest.mark.parametrize("given", [
    None, [], [{}], [{"title": "日本"}], [{"title": "a"}, {"title": "A"}], ["a"], {"a": 1},
    [{"title": f"k{n}"} for n in range(61)]])
def test_columns_without_a_name_or_too_many_are_refused(given: Any) -> None:
    with pytest.raises(InvalidValueError):
        grid.named(given)


@pytest.mark.parametrize("given", [
    None, "a", [["a"]], [["a", 1]], [None], [["a", "b"]] * 501, [["a" * 900, "b" * 900]] * 400])
def test_rows_beyond_the_bounds_are_refused(given: Any) -> None:
    with pytest.raises(InvalidValueError):
        grid.read_rows(given, 2)


@pytest.mark.parametrize("schema", [
    None, {}, {"fields": []}, {"fields": [{"name": 1}]}, {"fields": "a"}, {"fields": [{}] * 3},
    {"fields": [{"name": "a"}, {"name": "a"}]}, {"fields": [{"name": f"k{n}"} for n in range(61)]}])
def test_what_is_no_schema_for_a_grid_gives_no_columns(schema: Any) -> None:
    assert grid.columns_of(schema) == []


@cache
def demo_tables() -> dict[str, Table]:
    figures = Figures(Region("36.04"), describe.years(dt.date(2026, 11, 21)))
    made = {each.key: each.recipe.make(figures) for each in catalog.DATASETS if each.recipe}
    return {key: each for key, each in made.items() if not each.geojson}


@pytest.mark.parametrize("key", sorted(demo_tables()))
def test_every_table_of_the_demo_goes_on_and_is_read_without_a_question(
    key: str, tmp_path: Path
) -> None:
    table = demo_tables()[key]
    rows = [["" if cell is None else str(cell) for cell in row] for row in table.rows]
    columns = grid_rows.roles(grid.columns_of({"fields": table.fields}), rows)
    columns = grid.offered(columns, grid_rows.used_values(columns, rows), "36.04")
    begun = grid_rows.moved_on(columns, rows)
    last = [row for row in rows if not begun.last or any(
        column.is_key and cell.startswith(begun.last)
        for cell, column in zip(row, columns, strict=True))]
    assert len(begun.rows) == len({tuple(row) for row in last})
    filled = [[cell or column.shown(old) for cell, old, column in zip(
        row, before, columns, strict=True)] for row, before in zip(begun.rows, last, strict=True)]
    assert grid.check(columns, filled) == []
    path = tmp_path / "petak-2026-11-22.csv"
    path.write_bytes(grid.to_csv(columns, filled, rows if begun.keeps else ()))
    report = sandbox.inspect(path, path.name, tmp_path / "hasil", {
        "facts": {"home": "36.04"}, "annotated": False})
    (found,) = report["tables"]
    assert found["questions"] == [] and found["changes"] == []
    assert [each["name"] for each in found["columns"]] == table.header
