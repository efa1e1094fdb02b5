"""What a file can do to who inspects it: nothing is said of persons, nothing breaks, nothing grows.

Every file here goes the whole road, through the child process the portal uses.
"""
from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ckanext.satudata.domain.inspection import downloads, redaction, report, report_html, sandbox
from ckanext.satudata.domain.inspection.notes import RefusedFile

NIK, OTHER, PHONE, MAIL = (
    "3604010101900003", "3604014501920001", "081234567890", "budi.zz@gmail.com")
PLAIN = [["kecamatan", "tahun", "jumlah"], ["Anyar", "2024", "3"], ["Ciruas", "2024", "5"],
         ["Kibin", "2024", "9"]]


def inspected(folder: Path, rows: Sequence[Sequence[Any]], name: str = "data.csv",
              **order: Any) -> dict[str, Any]:
    path, out = folder / "berkas", folder / "hasil"
    out.mkdir(exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return sandbox.inspect(path, name, out, order)


def workbook(folder: Path, fill: Callable[[Any], None]) -> dict[str, Any]:
    import openpyxl

    book = openpyxl.Workbook()
    for row in PLAIN:
        book.active.append(row)
    fill(book)
    path, out = folder / "berkas.xlsx", folder / "hasil"
    book.save(path)
    out.mkdir()
    return sandbox.inspect(path, "data.xlsx", out)


def personal(made: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    return [(each["severity"], each["message"]["values"]["kind"], each["cell"])
            for each in made["findings"] if each["code"] == "personal-outside"]


def says(made: dict[str, Any], *secrets: str) -> list[str]:
    said = json.dumps(made, ensure_ascii=False) + report_html.page([made])
    return [each for each in secrets if each in said]


def test_a_number_of_a_person_beside_the_table_stops_it_and_is_told_to_nobody(
    tmp_path: Path
) -> None:
    made = inspected(tmp_path, [[f"Penerima {NIK}"], [f"Hubungi {PHONE} atau {MAIL}"], *PLAIN,
                                [f"Catatan: NIK {OTHER}"]])
    assert sorted(personal(made)) == [
        ("sebaiknya", "nomor telepon", "A2"), ("sebaiknya", "surel", "A2"), ("wajib", "NIK", "A1")]
    assert made["counts"]["wajib"] == 1 and not says(made, NIK, OTHER, PHONE, MAIL)


@pytest.mark.parametrize(("rows", "name"), [
    ([["kecamatan", f"jumlah {NIK}"], ["Anyar", "3"], ["Ciruas", "5"]], "data.csv"),
    ([*PLAIN, [f"Jumlah {NIK}", "", "17"]], "data.csv"), (PLAIN, f"data {NIK}.csv")])
def test_nor_in_a_header_a_total_or_the_name_of_the_file(
    tmp_path: Path, rows: list[list[str]], name: str
) -> None:
    made = inspected(tmp_path, rows, name)
    assert [each[:2] for each in personal(made)] == [("wajib", "NIK")]
    assert not says(made, NIK)


def test_nor_on_a_sheet_nobody_sees_or_in_its_name(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        hidden = book.create_sheet("rahasia")
        hidden.sheet_state = "hidden"
        hidden.append([PHONE, NIK])
        book.create_sheet(f"Kontak {PHONE}").append(["ya"])

    made = workbook(tmp_path, fill)
    assert set(personal(made)) == {
        ("wajib", "NIK", "B1"), ("wajib", "nomor telepon", "A1"),
        ("wajib", "nomor telepon", None)}
    assert not says(made, NIK, PHONE)
    assert len(made["tables"]) == 1


def test_what_offices_sign_with_stays(tmp_path: Path) -> None:
    made = inspected(tmp_path, [
        *PLAIN, ["Kepala Dinas"], ["NIP. 19700101 199003 1 001"],
        ["Sumber: dinkes@serangkab.go.id, telp. (0254) 200123"]])
    assert personal(made) == []
    assert redaction.redacted("Tabel 3604.010 2020-2024, 1.234.567.890.123.456") == (
        "Tabel 3604.010 2020-2024, 1.234.567.890.123.456")


def test_no_other_check_quotes_a_person(tmp_path: Path) -> None:
    made = inspected(tmp_path, [
        ["nama_penerima", "nik", "nominal"],
        *[["Budi Zzqantoro", NIK, "1000"], ["BUDI ZZQANTORO", NIK, "1000"],
          ["Budi Zzqantorp", OTHER, "2000"]] * 4])
    assert {"personal-data", "category-spelling"} <= set(made["counts"]["by_code"])
    assert not says(made, "Zzqantor", "ZZQANTOR", NIK)
    assert "Zzqantor" not in (tmp_path / "hasil" / "catatan-1.csv").read_text()


@pytest.mark.parametrize("text", [
    "1" * 90_000, "１２３" * 3_000, "²", "_" * 90_000, "(a" * 45_000, "[" * 40_000 + "]" * 40_000,
    "0" * 90_000, "٣"])
def test_no_cell_breaks_or_stalls_it(tmp_path: Path, text: str) -> None:
    rows = [["Judul " + text], ["no", "kecamatan", text, "jumlah"],
            *[[text, "Anyar", text, str(number)] for number in range(6)]]
    made = inspected(tmp_path, rows, limits={"seconds": 20})
    assert made["refused"] is None and made["tables"][0]["n_rows"] >= 6


@pytest.mark.parametrize("name", [
    "a\nb\0\x1b.csv", "x\ud800.csv", "../../etc/passwd.csv", "\u202efdp.csv", "<x9>\"'.csv"])
def test_the_name_of_a_file_is_words_and_no_place(tmp_path: Path, name: str) -> None:
    made = inspected(tmp_path, PLAIN, name)
    assert made["refused"] is None and made["file"].isprintable()
    assert {each.name for each in tmp_path.iterdir()} == {"berkas", "hasil"}
    assert "<x9>" not in report_html.page([made])


def test_a_number_no_calendar_has_is_no_crash(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        book.active["D2"] = -1e308
        book.active["D2"].number_format = "yyyy-mm-dd"

    assert workbook(tmp_path, fill)["refused"]["code"] == "bad_date"


def test_a_wide_file_of_some_megabytes_is_read(tmp_path: Path) -> None:
    made = inspected(tmp_path, [["kec", *(f"bagian {at}" for at in range(900))],
                                *[[f"Kec {row}", *([row * 7_919] * 900)] for row in range(1_200)]])
    assert made["refused"] is None


def test_a_report_is_never_too_large_to_be_kept(tmp_path: Path) -> None:
    made = inspected(tmp_path, [["c" + str(at) + "y" * 3_000 for at in range(600)],
                                *[["x" * 500] * 600 for _ in range(30)]])
    assert len(json.dumps(made)) < report.MAX_BYTES
    with pytest.raises(RefusedFile, match="terlalu banyak"):
        report.fitted({"tables": [], "file": "x" * 200}, 100)


def test_too_many_tables_and_what_was_half_made_are_refused(tmp_path: Path) -> None:
    blank = ["", "", ""]
    made = inspected(tmp_path, [
        row for at in range(3) for row in ([f"Tabel {at} Jumlah", "", ""], *PLAIN, blank, blank)],
        limits={"tables": 2})
    assert made["refused"]["code"] == "too_many_tables"
    assert list((tmp_path / "hasil").iterdir()) == []


def test_a_list_of_findings_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ckanext.satudata.domain.inspection import pipeline

    monkeypatch.setattr(downloads, "MAX_LINES", 50)
    monkeypatch.setattr(downloads, "_PIECE", 20)
    path = tmp_path / "x.csv"
    path.write_text("kode_wilayah,jumlah\n" + "99.99,-1\n" * 300)
    made = pipeline.answer({"path": str(path), "name": "x.csv", "out": str(tmp_path / "hasil")})
    lines = (tmp_path / "hasil" / "catatan-1.csv").read_text().count("\n")
    assert lines <= 1 + 50 + 20 * 3 < sum(made["counts"][each] for each in (
        "wajib", "sebaiknya", "saran"))
