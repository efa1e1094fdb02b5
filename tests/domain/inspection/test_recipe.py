"""Corrections: each step can be switched off, each correction holds, and next year it holds again.
"""
from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from ckanext.satudata.domain.inspection import report
from ckanext.satudata.domain.inspection.recipe import Recipe, without_drops
from ckanext.satudata.domain.inspection.sheet import Column, Kind, RawFile, Sheet, Span
from ckanext.satudata.domain.inspection.steps import CONTINUE, STEPS
from ckanext.satudata.domain.inspection.table import TidyTable
from ckanext.satudata.domain.inspection.tidy import tidy

Rows = Sequence[Sequence[Any]]
HOME = "36.04"


def book(rows: Rows, merged: Sequence[Span] = (), name: str = "Lembar1") -> Sheet:
    """A sheet of a workbook: numbers are numbers, texts are texts."""
    width = max(map(len, rows))
    full = [[*row, *[None] * (width - len(row))] for row in rows]
    columns: list[Column] = []
    for cells in zip(*full, strict=True):
        texts = ["" if cell is None else str(cell) for cell in cells]
        numeric = [isinstance(cell, int | float) for cell in cells]
        kinds = [Kind.NUMBER if number else Kind.TEXT if text.strip() else Kind.EMPTY
                 for number, text in zip(numeric, texts, strict=True)]
        columns.append(Column(
            pa.chunked_array([pa.array(texts, pa.string())]), np.array(kinds, dtype=np.uint8),
            np.array([cell if number else np.nan
                      for cell, number in zip(cells, numeric, strict=True)], dtype=float)))
    return Sheet(name, columns, merged=list(merged))


def tables(rows: Rows, *entries: dict[str, Any], merged: Sequence[Span] = (),
           name: str = "data.xlsx", home: str = HOME) -> list[TidyTable]:
    recipe = Recipe.read({"version": 1, "tables": list(entries)})
    return tidy(RawFile(name, "xlsx", [book(rows, merged)]), recipe, home)


def one(rows: Rows, *entries: dict[str, Any], **more: Any) -> TidyTable:
    (table,) = tables(rows, *entries, **more)
    return table


def corrected(rows: Rows, merged: Sequence[Span] = (), **corrections: Any) -> TidyTable:
    """The table once the officer said something about it as it was shown."""
    mark = tables(rows, merged=merged)[0].fingerprint
    return one(rows, {"fingerprint": mark, **corrections}, merged=merged)


def names(table: TidyTable) -> list[str]:
    return table.data.column_names


def column(table: TidyTable, name: str) -> list[Any]:
    return table.data.column(name).to_pylist()


def steps(table: TidyTable) -> set[str]:
    return {change.step for change in table.changes}


def asked(table: TidyTable) -> list[str]:
    return [question.key for question in table.questions if question.answer is None]


MESSY: Rows = [
    ["Produksi Padi Menurut Kecamatan di Kabupaten Serang"],
    ["No", "Kelompok", "Kecamatan", "Kode Unit", "Tanggal data", "Produksi (ton)"],
    [None, None, None, None, None, "2022", "2023"],
    [1, "Utara", "Pontang", "7132.0", "16/10/2022", "1.250,5", "1.251,5"],
    [2, None, "Ciruas", "7133.0", "17/10/2022", "2.100,5", "2.101,5"],
    [],
    [3, None, "Kragilan", "7134.0", "18/10/2022", "-", "901,5"],
    [4, "Selatan", "Padarincang ", "7135.0", "19/10/2022", "1.100,5", "1.101,5"],
    [None, None, "JUMLAH", None, None, "4.451,5", "5.356,0"],
    ["Sumber: Dinas Pertanian"],
]
MERGED = [Span(3, 1, 6, 1), Span(1, 5, 1, 6),
          *(Span(1, at, 2, at) for at in range(5))]
SIGN = "tanda:produksi:-"


def all_steps(**corrections: Any) -> set[str]:
    return steps(corrected(MESSY, MERGED, **corrections))


#: What is put to a template of ours is asked in test_template_continuing.py: no sheet has it.
@pytest.mark.parametrize("code", [step.code for step in STEPS if step.code != CONTINUE])
def test_a_step_that_is_switched_off_is_not_done_and_not_listed_and_the_rest_is(code: str) -> None:
    answers = {SIGN: "nol"}
    before, after = all_steps(answers=answers), all_steps(answers=answers, off=[code])
    assert code in before, before
    assert code not in after
    # Without figures there are none to turn into rows, and no total to read.
    follows = {"angka": {"tanda", "panjang", "jumlah"}, "kepala": {"satuan", "tanda"}}
    assert before - after - {code} <= follows.get(code, set())




def test_what_is_not_left_out_stays_in_the_table() -> None:
    assert column(corrected(MESSY, MERGED, off=["nomor"]), "no")[:4] == [1, 1, 2, 2]
    blank = corrected(MESSY, MERGED, off=["kosong"])
    assert blank.data.num_rows == 10 and blank.rows.tolist().count(5) == 2
    assert "JUMLAH" in column(corrected(MESSY, MERGED, off=["jumlah"]), "kecamatan")
    assert column(corrected(MESSY, MERGED, off=["tanggal"]), "tanggal_data")[0] == "16/10/2022"
    assert column(corrected(MESSY, MERGED, off=["kode"]), "kode_unit")[0] == "7132.0"
    assert "kode_wilayah" not in names(corrected(MESSY, MERGED, off=["wilayah"]))
    assert "Padarincang " in column(corrected(MESSY, MERGED, off=["spasi"]), "kecamatan")
    assert column(corrected(MESSY, MERGED, off=["isi_turun"]), "kelompok")[2] is None
    assert corrected(MESSY, MERGED, off=["judul"]).about == {}


# --- Each kind of correction -------------------------------------------------------------------

PLAIN: Rows = [
    ["Kecamatan", "Ibu kota", "Luas Wilayah (km2)", "Jumlah Desa"],
    ["Pontang", "Pontang", 64.85, 11],
    ["Ciruas", "Citerep", 40.61, 15],
    ["Kragilan", "Sentul", 51.66, 12],
    ["Padarincang", "Padarincang", 99.12, 14],
]


def test_names_units_and_types_are_those_the_officer_gives() -> None:
    made = corrected(PLAIN, names={"luas_wilayah": "luas"}, units={"luas_wilayah": "hektare"},
                     types={"jumlah_desa": "number", "ibu_kota": "string"})
    assert "luas" in names(made) and "luas_wilayah" not in names(made)
    field = {each.name: each for each in made.columns}
    assert field["luas"].unit == "hektare"
    assert field["jumlah_desa"].type == "number"
    assert column(made, "jumlah_desa") == [11.0, 15.0, 12.0, 14.0]
    assert made.recipe == "applied"


def test_a_type_may_be_said_of_the_new_name_and_of_columns_that_became_one() -> None:
    made = corrected(PLAIN, names={"jumlah_desa": "desa"}, types={"desa": "string"})
    assert column(made, "desa") == ["11", "15", "12", "14"]
    years: Rows = [["Kecamatan", "2021", "2022"], ["Pontang", 5, 6], ["Ciruas", 7, 8],
                   ["Kragilan", 1, 2]]
    made = corrected(years, types={"nilai": "number"})
    assert made.columns[-1].type == "number" and column(made, "nilai")[0] == 5.0


def test_years_may_stay_columns_and_a_table_may_be_left_out() -> None:
    years: Rows = [["Kecamatan", "2021", "2022"], ["Pontang", 5, 6], ["Ciruas", 7, 8],
                   ["Kragilan", 1, 2]]
    assert "tahun" in names(corrected(years))
    flat = corrected(years, long=False)
    assert flat.data.num_rows == 3 and "tahun" not in names(flat) and "panjang" not in steps(flat)
    assert tables(years, {"fingerprint": corrected(years).fingerprint, "skip": True}) == []


def test_a_table_is_read_from_where_the_officer_points_and_it_is_said() -> None:
    made = corrected(PLAIN, range="A1:C5")
    assert names(made)[-1] == "luas_wilayah" and made.data.num_rows == 4
    assert any("menurut koreksi Anda" in each.what.text() and not each.certain
               for each in made.changes)
    assert made.recipe == "applied"


def test_as_many_header_rows_as_the_officer_says() -> None:
    rows: Rows = [["Wilayah", "Luas", "Desa"], ["(nama)", "km2", "buah"],
                  ["Pontang", 64.85, 11], ["Ciruas", 40.61, 15], ["Kragilan", 51.66, 12]]
    made = corrected(rows, header_rows=2)
    assert names(made) == ["kode_wilayah", "wilayah_nama", "luas_km2", "desa_buah"]
    assert column(made, "wilayah_nama") == ["Pontang", "Ciruas", "Kragilan"]
    assert made.recipe == "applied"
    bare = corrected(PLAIN, header_rows=0)
    assert any(name.startswith("kolom_") for name in names(bare)) and bare.data.num_rows == 5
    assert bare.recipe == "applied"


def test_codes_of_another_list_do_not_stand_for_those_of_areas() -> None:
    rows: Rows = [["Kode Unit", "Kecamatan", "Jumlah"], ["7132", "Pontang", 4],
                  ["7133", "Ciruas", 5], ["7134", "Kragilan", 6]]
    assert column(corrected(rows), "kode_wilayah")[0] == "36.04.12"
    bps: Rows = [["Kode", "Kecamatan", "Jumlah"], ["3604210", "Pontang", 4],
                 ["3604180", "Ciruas", 5], ["3604160", "Kragilan", 6]]
    assert "kode_wilayah" not in names(corrected(bps))


# --- Answers -----------------------------------------------------------------------------------

def test_an_answer_about_a_sign_gives_it_its_meaning() -> None:
    made = corrected(MESSY, MERGED, answers={SIGN: "nol"})
    assert not asked(made) and column(made, "produksi")[4] == 0
    assert column(made, "status_angka")[4] == "nol" and column(made, "status_angka")[0] == "normal"


SCALE: Rows = [["Kecamatan", "Keterangan angka"], ["Pontang", "50.361"], ["Ciruas", "42.105"],
               ["Kragilan", "61.204"], ["Padarincang", "70.311"]]
DATES: Rows = [["Nama kegiatan", "Tanggal", "Jumlah"], ["Rapat", "03/04/2022", 4],
               ["Pelatihan", "05/06/2022", 5], ["Bimtek", "07/08/2022", 6]]
CODES: Rows = [["Kode pos", "Kantor", "Jumlah"], ["12345", "Pasar", 4], ["22345", "Kota", 5],
               ["32345", "Desa", 6], ["42345", "Utara", 7], ["52345", "Barat", 8],
               ["2345", "Timur", 9]]
AREAS: Rows = [["Kabupaten/Kota", "Jumlah"], ["Serang", 4], ["Cilegon", 5], ["Lebak", 6]]


@pytest.mark.parametrize(("rows", "step"), [(SCALE, "skala"), (DATES, "tanggal"), (CODES, "kode"),
                                            (AREAS, "wilayah"), (MESSY, "tanda")])
def test_each_choice_of_each_question_is_taken_and_not_asked_again(rows: Rows, step: str) -> None:
    merged = MERGED if rows is MESSY else []
    home = "" if step == "wilayah" else HOME
    plain = tables(rows, merged=merged, home=home)[0]
    question = next(each for each in plain.questions if each.key.startswith(f"{step}:"))
    seen: list[Any] = []
    for choice in question.choices:
        made = one(rows, {"fingerprint": plain.fingerprint,
                          "answers": {question.key: choice.code}}, merged=merged, home=home)
        answered = {each.key: each.answer for each in made.questions}
        assert answered.get(question.key, choice.code) == choice.code
        assert question.key not in asked(made)
        assert made.data.num_rows == plain.data.num_rows
        seen.append(made.data.to_pydict())
    assert any(each != seen[0] for each in seen[1:])


# --- Next year ---------------------------------------------------------------------------------

def next_year() -> list[list[Any]]:
    rows = [list(row) for row in MESSY]
    rows[2] = [None, None, None, None, None, "2022", "2023", "2024"]
    for at, text in ((3, "1.300,5"), (4, "2.300,5"), (6, "-"), (7, "1.400,5")):
        rows[at] = [*rows[at], text]
    rows.insert(8, [5, None, "Cikande", "7136.0", "20/10/2022", "700,5", "701,5", "702,5"])
    rows[9] = [None, None, "JUMLAH", None, None, "5.152,0", "6.057,5", "5.704,0"]
    return rows


NEXT_MERGED = [Span(3, 1, 6, 1), Span(7, 1, 8, 1), Span(1, 5, 1, 7),
               *(Span(1, at, 2, at) for at in range(5))]


def test_next_years_file_needs_no_touch() -> None:
    mark = corrected(MESSY, MERGED).fingerprint
    kept = {"fingerprint": mark, "answers": {SIGN: "nol"}, "names": {"produksi": "produksi_padi"},
            "units": {"produksi": "kuintal"}, "off": ["kode"]}
    made = one(next_year(), kept, merged=NEXT_MERGED, name="Produksi 2024 FINAL.xlsx")
    assert not asked(made) and made.recipe == "applied"
    assert made.data.num_rows == 15 and set(column(made, "tahun")) == {2022, 2023, 2024}
    assert column(made, "produksi_padi")[-1] == 702.5
    assert column(made, "status_angka").count("nol") == 2
    assert made.columns[names(made).index("produksi_padi")].unit == "kuintal"
    assert column(made, "kode_unit")[0] == "7132.0"


def test_another_header_is_asked_about_again_and_that_is_said() -> None:
    kept = {"fingerprint": corrected(MESSY, MERGED).fingerprint, "answers": {SIGN: "nol"}}
    rows = next_year()
    rows[1] = ["No", "Kelompok", "Kecamatan", "Kode Unit", "Tanggal data", "Panen (ton)"]
    made = one(rows, kept, merged=NEXT_MERGED)
    assert asked(made) and made.recipe == "other_layout"
    shown = report.build(RawFile("b.xlsx", "xlsx", [book(rows)]), [report.Inspected(made)])
    assert shown["tables"][0]["recipe"] == "other_layout"
    assert any("Koreksi yang disimpan tidak dipakai" in each["text"] for each in shown["remarks"])
    assert one(rows, merged=NEXT_MERGED).recipe is None


# --- What is no correction ---------------------------------------------------------------------

@pytest.mark.parametrize("nonsense", [
    {"off": 5}, {"off": {"a": []}}, {"off": [["x"]]}, {"off": ["tidak_ada"]}, {"off": "judul"},
    {"answers": 5}, {"answers": {"tanda": None, "tanda:": "nol", "": "", "a": ["b"]}},
    {"answers": {SIGN: "tidak ada"}}, {"answers": {f"tanda:x{n}:-": "nol" for n in range(10_000)}},
    {"names": {"kecamatan": "", "kelompok": "kecamatan", "produksi": "kecamatan"}},
    {"names": {"kecamatan": "'\"<b>;--", "tahun": "=1+1", "x": "y" * 100_000}},
    {"names": [1]}, {"types": {"kecamatan": "integer"}}, {"types": {"produksi": "date"}},
    {"types": {"produksi": "boolean", "kecamatan": "date", "kode_unit": "geojson", "tahun": 4}},
    {"units": {"produksi": "\x00" * 99, "kecamatan": "<script>"}}, {"units": 3.5},
    {"range": "XFD1048576"}, {"range": "A1:XFD1048576"}, {"range": "B9:A1"}, {"range": "A0"},
    {"range": 7}, {"range": "A1" * 5000}, {"range": "$A$3:$G$9"},
    {"header_rows": True}, {"header_rows": -1}, {"header_rows": 20}, {"header_rows": 1e9},
    {"long": "ya"}, {"skip": "ya"}, {"fingerprint": None}, {"apa": "saja"},
])
def test_a_recipe_that_makes_no_sense_breaks_nothing(nonsense: dict[str, Any]) -> None:
    before = corrected(MESSY, MERGED)
    for kept in ({"fingerprint": before.fingerprint, **nonsense}, nonsense):
        made = one(MESSY, kept, merged=MERGED)
        moved = any("menurut koreksi Anda" in each.what.text() for each in made.changes)
        assert moved or made.data.num_rows >= before.data.num_rows
        assert len(set(names(made))) == len(names(made)) and all(names(made))
        lost = [name for name in names(before) if name in names(made)
                and made.data.column(name).null_count > before.data.column(name).null_count]
        assert not lost or any(not each.certain for each in made.changes) or len(asked(made)) > 1


@pytest.mark.parametrize("wanted", ["integer", "number", "boolean", "date", "datetime", "year",
                                    "yearmonth"])
def test_a_type_that_does_not_fit_is_refused_by_name(wanted: str) -> None:
    made = corrected(PLAIN, types={"ibu_kota": wanted, "luas_wilayah": wanted})
    for name in ("ibu_kota", "luas_wilayah"):
        got = next(each for each in made.columns if each.name == name)
        if got.type == wanted:
            assert made.data.column(name).null_count == 0
        else:
            assert made.data.column(name).null_count == 0
            assert any(each.what.values.get("column") == made.spoken(name) and not each.certain
                       for each in made.changes)


def test_names_that_collide_are_told_apart_and_that_is_said() -> None:
    made = corrected(PLAIN, names={"ibu_kota": "kecamatan"})
    assert "kecamatan_2" in names(made) and column(made, "kecamatan")[1] == "Ciruas"
    assert any(each.what.values.get("wanted") == "kecamatan" for each in made.changes)


def test_a_place_that_is_not_on_the_sheet_is_refused_by_name() -> None:
    made = corrected(PLAIN, range="XFD1048576")
    assert any("XFD1048576" in each.what.text() and not each.certain for each in made.changes)
    assert made.data.num_rows == 4
    made = corrected(PLAIN, header_rows=20)
    assert made.data.num_rows == 4 and any(not each.certain and each.step == "kepala"
                                           for each in made.changes)


@pytest.mark.parametrize("data", [None, [], {}, {"tables": {}}, {"tables": [1, None, "x", []]},
                                  {"version": 9, "tables": [{}]}])
def test_what_is_no_recipe_is_none(data: Any) -> None:
    (made,) = tidy(RawFile("a.xlsx", "xlsx", [book(PLAIN)]), Recipe.read(data), HOME)
    assert made.data.num_rows == 4 and made.recipe is None


def test_ten_thousand_tables_are_no_burden() -> None:
    kept = [{"fingerprint": f"{n:016x}", "range": "A1:D5", "header_rows": 1,
             "answers": {f"k{m}": "x" for m in range(20)}} for n in range(10_000)]
    started = time.monotonic()
    assert one(PLAIN, *kept).data.num_rows == 4
    assert time.monotonic() - started < 5


def test_a_column_that_is_left_out_is_in_no_clean_table_and_is_not_shown() -> None:
    rows = [("NIK", "Nama", "Kecamatan", "Jumlah"),
            ("3604015512900001", "Siti Aminah", "Anyar", 12),
            ("3604010101900002", "Budi Santoso", "Ciruas", 15)]
    whole = corrected(rows)
    table = corrected(rows, drop=["nik", "nama", "tidak_ada"])
    assert [name for name in names(whole) if name not in names(table)] == ["nik", "nama"]
    assert table.schema()["fields"] == [
        each for each in whole.schema()["fields"] if each["name"] not in ("nik", "nama")]
    assert list(table.dropped) == ["nik", "nama"]
    made = report.build(RawFile("data.xlsx", "xlsx", [book(rows)]), [report.Inspected(table)])
    shown = [cell["t"] for row in made["sheets"][0]["rows"][1:] for cell in row["cells"][:2]]
    assert len(shown) == 4 and {*"".join(shown)} == {"•"}
    assert made["tables"][0]["dropped"] == ["nik", "nama"]
    # Its name may have been put right, and a table of nothing is none.
    renamed = corrected(rows, drop=["nik"], names={"nik": "nomor_induk"})
    assert not {"nik", "nomor_induk"} & set(names(renamed))
    assert names(corrected(rows, drop=names(whole))) == names(whole)


def test_what_is_published_as_it_is_keeps_every_column() -> None:
    recipe = {"version": 1, "tables": [{"fingerprint": "x", "drop": ["nik"], "skip": True}]}
    assert without_drops(recipe) == {"version": 1, "tables": [{"fingerprint": "x", "skip": True}]}
    assert without_drops({}) == {}
    assert Recipe.read({"tables": [{"fingerprint": "x", "drop": "nik"}]}).tables[0].drop == set()
