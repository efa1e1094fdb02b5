"""The profile of a table: what a public page shows of it, and what it draws."""
from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tidy_tables import release, tidy

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection import pipeline
from ckanext.satudata.domain.inspection.charts import propose
from ckanext.satudata.domain.inspection.profile import MOST_BYTES, profile
from ckanext.satudata.domain.inspection.sheet import Span
from ckanext.satudata.domain.inspection.table import Role, TidyColumn, TidyTable

SERANG = [area.code for area in wilayah.children("36.04")]


def by_name(made: dict[str, object]) -> dict[str, dict[str, object]]:
    return {each["name"]: each for each in made["columns"]}  # type: ignore[union-attr,index]


def test_columns_are_told_by_their_kind() -> None:
    table = tidy({"kode_wilayah": SERANG[:4], "status": ["maju", "mandiri", "maju", None],
                  "tahun": [2021, 2022, 2023, 2023], "murid": [10, 20, None, 40]},
                 units={"murid": "siswa"})
    made = profile(table)
    columns = by_name(made)
    assert made["rows"] == 4
    assert columns["status"]["top"] == [["maju", 2], ["mandiri", 1]]
    assert (columns["status"]["n"], columns["status"]["missing"]) == (3, 1)
    assert (columns["tahun"]["first"], columns["tahun"]["last"]) == (2021, 2023)
    murid = columns["murid"]
    assert {key: murid[key] for key in ("n", "missing", "distinct", "min", "max", "median", "sum",
                                        "unit", "zeros")} == {
        "n": 3, "missing": 1, "distinct": 3, "min": 10, "max": 40, "median": 20, "sum": 70,
        "unit": "siswa", "zeros": 0}
    assert murid["mean"] == 23.33 and sum(murid["histogram"]["counts"]) == 3  # type: ignore[index]


def test_no_value_of_a_person_is_in_it() -> None:
    table = tidy({"nama": ["Budi Santoso", "Siti Aminah"], "desa": ["Anyar", "Baros"],
                  "nik": ["3604050101900003", "3604054511850001"],
                  "catatan": ["hubungi 081234567890", "-"], "umur": [36, 41]})
    made = profile(table)
    text = json.dumps(made, ensure_ascii=False)
    assert not any(each in text for each in ("Budi", "Siti", "36040501", "0812"))
    assert {name: each.get("personal") for name, each in by_name(made).items()} == {
        "nama": "nama", "desa": None, "nik": "nik", "catatan": "telepon", "umur": None}


def test_areas_and_years_covered_with_their_gaps() -> None:
    rows = [(code, year) for code in SERANG[1:] for year in (2019, 2020, 2022, 2023)]
    made = profile(tidy({"kode_wilayah": [code for code, _ in rows],
                         "tahun": [year for _, year in rows], "murid": list(range(len(rows)))}))
    areas, time = made["areas"], made["time"]
    assert (areas["counts"], areas["within"], areas["expected"], areas["missing_count"]) == (
        {"kecamatan": 28}, "36.04", 29, 1)
    assert areas["missing"] == [{"code": SERANG[0], "name": wilayah.get(SERANG[0]).name}]
    assert (time["first"], time["last"], time["gaps"], time["step"]) == (
        "2019", "2023", ["2021"], "year")


def test_the_change_against_the_last_release_by_key_and_measure() -> None:
    old = tidy({"kode_wilayah": SERANG[:4], "tahun": [2024] * 4, "murid": [10, 20, 30, 40],
                "lama": [1, 2, 3, 4]})
    new = tidy({"kode_wilayah": SERANG[1:5], "tahun": [2024] * 4, "murid": [20, 33, 40, 50],
                "baru": [1, 2, 3, 4]})
    change = profile(new, release(old))["change"]
    assert (change["rows_added"], change["rows_removed"], change["rows_changed"]) == (1, 1, 1)
    assert (change["columns_added"], change["columns_removed"]) == (["baru"], ["lama"])
    assert change["measures"] == [{"name": "murid", "before": 100, "after": 143, "changed": 1}]


def long(areas: int, years: int, sexes: bool = False, name: str = "jumlah_murid") -> TidyTable:
    rows = [(code, 2000 + year, sex) for code in SERANG[:areas] for year in range(years)
            for sex in (("laki-laki", "perempuan") if sexes else ("",))]
    columns: dict[str, list[object]] = {}
    if areas:
        columns["kode_wilayah"] = [row[0] for row in rows]
    if years > 1:
        columns["tahun"] = [row[1] for row in rows]
    if sexes:
        columns["jenis_kelamin"] = [row[2] for row in rows]
    columns[name] = [float(at) + 0.5 if "persen" in name else at for at in range(len(rows))]
    return tidy(columns)


@pytest.mark.parametrize(("table", "kind", "x", "series", "filtered", "aggregate"), [
    (long(20, 5), "line", "tahun", None, {}, "sum"),
    (long(20, 5, sexes=True), "line", "tahun", "jenis_kelamin", {}, "sum"),
    (long(4, 5), "line", "tahun", "kode_wilayah", {}, "sum"),
    (long(20, 5, name="persentase"), "map", "kode_wilayah", None, {"tahun": "2004"}, None),
    (long(20, 5, sexes=True, name="persentase"), "map", "kode_wilayah", None,
     {"tahun": "2004", "jenis_kelamin": "laki-laki"}, None),
    (long(20, 1), "map", "kode_wilayah", None, {}, "sum"),
    (long(3, 1), "bar", "kode_wilayah", None, {}, "sum"),
])
def test_the_chart_follows_from_what_the_table_is(
    table: TidyTable, kind: str, x: str, series: str | None, filtered: dict[str, str],
    aggregate: str | None,
) -> None:
    chart = propose(table)
    assert (chart["kind"], chart["x"], chart["series"], chart["filter"], chart["aggregate"]) == (
        kind, x, series, filtered, aggregate)
    assert chart["title"] and chart["why"]["text"]


def test_categories_become_bars_and_two_of_them_stacked_ones() -> None:
    one = tidy({"kondisi": ["baik", "rusak"], "panjang_jalan": [3.5, 1.0]})
    assert (propose(one)["kind"], propose(one)["x"]) == ("bar", "kondisi")
    two = tidy({"kondisi": ["baik", "rusak"] * 3, "permukaan": ["aspal", "aspal", "tanah", "tanah",
                                                               "kerikil", "kerikil"],
                "panjang_jalan": [1, 2, 3, 4, 5, 6]})
    chart = propose(two)
    assert (chart["kind"], chart["x"], chart["series"]) == ("stacked", "permukaan", "kondisi")


def test_prices_are_not_summed_and_one_of_them_is_drawn() -> None:
    table = tidy({"komoditas": ["Beras", "Telur"] * 3,
                  "tahun": [2021, 2021, 2022, 2022, 2023, 2023],
                  "harga": [1, 2, 3, 4, 5, 6]}, units={"harga": "rupiah"})
    chart = propose(table)
    assert (chart["kind"], chart["aggregate"], chart["series"]) == ("line", None, "komoditas")


def test_nothing_to_draw_is_a_table() -> None:
    made = profile(tidy({"nama_sekolah": ["SDN 1", "SDN 2"], "akreditasi": ["A", "B"]}))
    assert made["chart"]["kind"] == "table" and made["time"] is None and made["areas"] is None


def test_a_wide_table_still_fits_a_page() -> None:
    wide = {f"kolom_{at}": [f"isi panjang sekali {at} {row}" for row in range(12)]
            for at in range(400)}
    made = profile(tidy({"kode_wilayah": SERANG[:12], **wide}))
    assert len(json.dumps(made, ensure_ascii=False).encode()) <= MOST_BYTES
    assert len(made["columns"]) + made.get("columns_left_out", 0) == 401


def test_an_empty_table_and_days_have_a_profile() -> None:
    empty = profile(tidy({"kode_wilayah": [], "murid": []}))
    assert empty["rows"] == 0 and empty["chart"]["kind"] == "table"
    days = TidyTable(
        "s", "", Span(0, 0, 2, 1), [TidyColumn("tanggal", "date", Role.WAKTU),
                                    TidyColumn("harga", "number", Role.UKURAN)],
        pa.table({"tanggal": pa.array([date(2024, 1, 1), date(2024, 1, 2)]),
                  "harga": pa.array([1.5, 2.5])}), np.arange(2), {}, "x")
    made = profile(days)
    assert (made["time"]["first"], made["time"]["last"]) == ("2024-01-01", "2024-01-02")
    json.dumps(made)


def test_figures_without_a_unit_are_in_that_of_the_dataset(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_text("kecamatan,tahun,produksi\nAnyar,2024,3.5\nCiruas,2024,5.25\nKibin,2024,9\n")
    made = pipeline.answer({"path": path, "name": path.name, "out": tmp_path,
                            "facts": {"unit": "ton"}})["tables"][0]["profile"]
    assert by_name(made)["produksi"]["unit"] == "ton" == made["chart"]["unit"]
