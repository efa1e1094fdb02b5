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


def test_a_table_of_one_period_is_continued_by_the_next(tmp_path: Path) -> None:
    path = made(tmp_path, rows=ROWS[2:])
    found = read(fill(path, figures), tidy=True, previous={
        "csv": str(tmp_path / "terbit.csv"), "schema": FIELDS})
    assert [row["tahun"] for row in found.rows] == ["2025", "2025", "2026", "2026"]
    assert told(found) == ("Menambah tahun 2026 pada data 2025.", 2, True)


def told(found: Back) -> tuple[str, int, bool]:
    """Return what is said of the published table, its rows that stay, and whether that may go."""
    release = found.table["release"]
    return release["said"]["text"], release["kept"], release["may"]


def plain(folder: Path, text: str, before: str, **order: Any) -> Back:
    """Return the inspection of a file nobody made a template for, in the place of a table."""
    (folder / "terbit.csv").write_text(before)
    (folder / "baru.csv").write_text(text)
    names = before.splitlines()[0].split(",")
    fields = [{"name": each, "type": {"tahun": "year", "balita": "integer"}.get(each, "string")}
              for each in names]
    return read(folder / "baru.csv", **{"tidy": True, "previous": {
        "csv": str(folder / "terbit.csv"), "schema": {"fields": fields}}, **order})


HEAD = "kelompok,tahun,balita\n"
PAST = HEAD + "".join(f"{name},{year},{year - 1000}\n" for year in (2020, 2021, 2022, 2024)
                      for name in ("Bayi", "Anak", "Remaja"))
NEXT = HEAD + "Bayi,2025,7\nAnak,2025,8\nRemaja,2025,9\n"


def test_a_file_of_new_years_is_put_to_what_is_published(tmp_path: Path) -> None:
    found = plain(tmp_path, NEXT, PAST)
    assert told(found) == ("Menambah tahun 2025 pada data 2020–2022, 2024.", 12, True)
    assert len(found.rows) == 15 and found.rows[-1]["balita"] == "9"
    assert [(each["step"], each["count"]) for each in found.table["changes"]] == [("lanjut", 12)]
    one_year = HEAD + "Bayi,2024,5\nAnak,2024,6\nRemaja,2024,7\n"
    assert told(plain(tmp_path, NEXT, one_year)) == (
        "Menambah tahun 2025 pada data 2024.", 3, True)


def test_whoever_wants_it_replaced_says_so_and_may_take_it_back(tmp_path: Path) -> None:
    mark = plain(tmp_path, NEXT, PAST).table["fingerprint"]
    off = {"tables": [{"fingerprint": mark, "off": ["lanjut"]}]}
    found = plain(tmp_path, NEXT, PAST, settings=off)
    assert told(found) == (
        "Mengganti data 2020–2022, 2024 dengan 2025: tahun 2020–2022, 2024 tidak ikut terbit "
        "lagi, hanya terbaca di versi lama.", 0, True)
    assert len(found.rows) == 3


def test_a_year_that_is_published_may_be_a_correction_of_the_table(tmp_path: Path) -> None:
    found = plain(tmp_path, NEXT.replace("2025", "2024"), PAST)
    assert told(found) == (
        "Mengganti data 2020–2022, 2024 dengan 2024: tahun 2020–2022 tidak ikut terbit lagi, "
        "hanya terbaca di versi lama.", 0, False)
    assert len(found.rows) == 3
    again = plain(tmp_path, PAST.replace(",1020", ",5"), PAST)
    assert told(again) == (
        "Memperbarui data 2020–2022, 2024. Tidak ada tahun yang bertambah atau hilang.", 0, False)


def test_other_columns_and_tables_without_years_are_replaced(tmp_path: Path) -> None:
    other = "kelompok,tahun,ibu_hamil\nBayi,2025,7\nAnak,2025,8\nRemaja,2025,9\n"
    text, kept, may = told(plain(tmp_path, other, PAST))
    assert text.startswith("Mengganti data 2020–2022, 2024 dengan 2025") and (kept, may) == (
        0, False)
    bare = "kelompok,balita\nBayi,7\nAnak,8\nRemaja,9\n"
    assert told(plain(tmp_path, bare, bare.replace("7", "6"))) == (
        "Mengganti tabel yang terbit (3 baris).", 0, False)


def test_a_file_that_is_published_as_it_is_is_no_table_to_put_rows_to(tmp_path: Path) -> None:
    found = plain(tmp_path, NEXT, PAST, tidy=False)
    assert found.table["release"] is None and len(found.rows) == 3


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
