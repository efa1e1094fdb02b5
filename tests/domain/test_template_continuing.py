"""A template asks for the next period; what is published of the others stays published."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from template_samples import DATASET, KECAMATAN, ROWS, Back, Sheet, column, fill, made, read

FIELDS = {"fields": [{"name": each["name"], "type": each["type"]} for each in KECAMATAN]}
OLD = [[str(value).removesuffix(".0") for value in row] for row in ROWS]


def figures(sheet: Sheet) -> None:
    for row, (count, share) in enumerate(((5, 1.5), (6, 2.5)), 1):
        sheet.put(row, "balita", count)
        sheet.put(row, "persen", share)


def back(folder: Path, schema: Any = FIELDS, **order: Any) -> Back:
    """Return the inspection of a filled template in a dataset whose table is published."""
    return read(fill(made(folder), figures),
                previous={"csv": str(folder / "terbit.csv"), "schema": schema}, **order)


def test_the_periods_that_are_public_stay_before_the_new_one(tmp_path: Path) -> None:
    found = back(tmp_path)
    assert [list(row.values()) for row in found.rows] == [
        *OLD, ["36.04.05", "Anyar", "2026", "5", "1.5"],
        ["36.04.20", "Bojonegara", "2026", "6", "2.5"]]
    assert [(each["step"], each["count"]) for each in found.table["changes"]] == [("lanjut", 4)]
    assert found.table["questions"] == [] and found.report["remarks"] == []
    # What is shown of the sheet is what was typed.
    assert [each["sheet_column"] for each in found.table["columns"]] == list("ABCDE")
    assert {row["n"]: row["cells"][0]["z"] for row in found.report["sheets"][0]["rows"][:3]} == {
        1: "kepala", 2: "isi", 3: "isi"}


def test_a_finding_of_a_new_row_names_its_cell(tmp_path: Path) -> None:
    def wrong(sheet: Sheet) -> None:
        sheet.put(2, "balita", -6)

    found = read(fill(made(tmp_path), wrong), previous={
        "csv": str(tmp_path / "terbit.csv"), "schema": FIELDS}, annotated=True)
    finding = next(each for each in found.report["findings"] if each["code"] == "negative-count")
    assert (finding["cell"], finding["row"]) == ("D3", 6)


def test_whoever_wants_the_new_period_alone_switches_it_off(tmp_path: Path) -> None:
    mark = back(tmp_path).table["fingerprint"]
    found = back(tmp_path, settings={"tables": [{"fingerprint": mark, "off": ["lanjut"]}]})
    assert {row["tahun"] for row in found.rows} == {"2026"}


def test_a_column_that_is_not_wanted_any_more_goes_from_all_periods(tmp_path: Path) -> None:
    mark = back(tmp_path).table["fingerprint"]
    found = back(tmp_path, settings={"tables": [{"fingerprint": mark, "drop": ["persen"]}]})
    assert list(found.rows[0]) == ["kode_kecamatan", "nama_kecamatan", "tahun", "balita"]
    assert len(found.rows) == 6 and found.report["remarks"] == []


def test_a_period_that_is_public_already_is_replaced(tmp_path: Path) -> None:
    def last_year(sheet: Sheet) -> None:
        figures(sheet)
        for row in (1, 2):
            sheet.put(row, "tahun", 2025)

    found = read(fill(made(tmp_path), last_year), previous={
        "csv": str(tmp_path / "terbit.csv"), "schema": FIELDS})
    assert [(row["tahun"], row["balita"]) for row in found.rows] == [
        ("2024", "1200"), ("2024", "800"), ("2025", "5"), ("2025", "6")]


@pytest.mark.parametrize("order", [{"dataset": "lain"}, {"dataset": ""}])
def test_the_template_of_another_dataset_continues_nothing(
    tmp_path: Path, order: dict[str, str]
) -> None:
    assert {row["tahun"] for row in back(tmp_path, **order).rows} == {"2026"}


def test_a_table_of_one_period_is_replaced_by_the_next(tmp_path: Path) -> None:
    path = made(tmp_path, rows=ROWS[2:])
    found = read(fill(path, figures), previous={
        "csv": str(tmp_path / "terbit.csv"), "schema": FIELDS})
    assert {row["tahun"] for row in found.rows} == {"2026"} and found.said == []


def test_columns_that_do_not_fit_are_told_and_nothing_is_lost_in_silence(tmp_path: Path) -> None:
    path = fill(made(tmp_path), figures)
    (tmp_path / "lain.csv").write_text("tahun,lain\n2024,1\n2025,2\n")
    found = read(path, previous={"csv": str(tmp_path / "lain.csv"), "schema": {"fields": [
        {"name": "tahun", "type": "year"}, {"name": "lain", "type": "integer"}]}})
    assert {row["tahun"] for row in found.rows} == {"2026"}
    assert any("periode lama akan hilang" in each for each in found.said)


def test_types_that_were_read_otherwise_fit(tmp_path: Path) -> None:
    columns = [column("kode", role="kode"), column("tahun", "year"), column("nilai", "integer")]
    path = made(tmp_path, columns, [["12", 2024, 1], ["13", 2024, 2], ["12", 2025, 3],
                                    ["13", 2025, 4]])

    def type_in(sheet: Sheet) -> None:
        for row in (1, 2):
            sheet.put(row, "nilai", row)

    (tmp_path / "lalu.csv").write_text("kode,tahun,nilai\n12,2024,1.5\n13,2024,2\n")
    found = read(fill(path, type_in), previous={"csv": str(tmp_path / "lalu.csv"), "schema": {
        "fields": [{"name": "kode", "type": "integer"}, {"name": "tahun", "type": "integer"},
                   {"name": "nilai", "type": "number"}]}})
    assert [row["nilai"] for row in found.rows] == ["1.5", "2", "1", "2"]
    assert found.types == {"kode": "string", "tahun": "year", "nilai": "number"}
    assert found.table["template"]["dataset"] == DATASET


def test_signs_of_this_year_say_nothing_of_the_years_before(tmp_path: Path) -> None:
    def type_in(sheet: Sheet) -> None:
        figures(sheet)
        sheet.put(1, "balita", "...")

    found = read(fill(made(tmp_path), type_in), previous={
        "csv": str(tmp_path / "terbit.csv"), "schema": FIELDS})
    assert [row["status_angka"] for row in found.rows] == [
        "normal", "normal", "normal", "normal", "belum_tersedia", "normal"]
