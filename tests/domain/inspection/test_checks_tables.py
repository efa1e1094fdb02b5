"""What is wrong with a table as a whole: totals, units, years, keys, completeness, wording."""
from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tidy_tables import found_by, places, tidy

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection.checks.area_incomplete import AreaIncomplete
from ckanext.satudata.domain.inspection.checks.area_level import AreaLevel
from ckanext.satudata.domain.inspection.checks.area_outside import AreaOutside
from ckanext.satudata.domain.inspection.checks.base import Facts
from ckanext.satudata.domain.inspection.checks.category_spelling import CategorySpelling
from ckanext.satudata.domain.inspection.checks.column_name import ColumnName
from ckanext.satudata.domain.inspection.checks.constant_column import ConstantColumn
from ckanext.satudata.domain.inspection.checks.empty_column import EmptyColumn
from ckanext.satudata.domain.inspection.checks.key_duplicate import KeyDuplicate
from ckanext.satudata.domain.inspection.checks.mixed_types import MixedTypes
from ckanext.satudata.domain.inspection.checks.total_category import TotalCategory
from ckanext.satudata.domain.inspection.checks.total_row import TotalRowSum
from ckanext.satudata.domain.inspection.checks.unit_content import UnitContent
from ckanext.satudata.domain.inspection.checks.unit_missing import UnitMissing
from ckanext.satudata.domain.inspection.checks.unit_mixed import UnitMixed
from ckanext.satudata.domain.inspection.checks.unit_unknown import UnitUnknown, is_known
from ckanext.satudata.domain.inspection.checks.year_future import YearFuture
from ckanext.satudata.domain.inspection.checks.year_implausible import YearImplausible
from ckanext.satudata.domain.inspection.checks.year_outside import YearOutside
from ckanext.satudata.domain.inspection.notes import Severity
from ckanext.satudata.domain.inspection.table import Role, TotalRow

SERANG = [area.code for area in wilayah.children("36.04")]
TODAY = Facts(today=date(2026, 11, 21))


def test_a_kabupaten_among_its_kecamatan_blocks_where_the_level_is_stated() -> None:
    table = tidy({"kode_wilayah": [*SERANG[:10], "36.04"], "murid": list(range(11))})
    found, = found_by(AreaLevel, table, Facts(level="kecamatan"))
    assert (found.row, found.severity) == (11, Severity.WAJIB)
    assert "36.04 adalah kabupaten/kota, sedangkan data ini per kecamatan" in found.message.text()
    found, = found_by(AreaLevel, table)
    assert found.severity is Severity.SEBAIKNYA
    clean = tidy({"kode_wilayah": SERANG[:10], "murid": list(range(10))})
    assert found_by(AreaLevel, clean, Facts(level="kecamatan")) == []


def test_an_area_elsewhere_is_pointed_out_and_a_comparison_is_not() -> None:
    facts = Facts(home="36.04")
    table = tidy({"kode_wilayah": [*SERANG[:5], "36.73.01"], "murid": list(range(6))})
    found, = found_by(AreaOutside, table, facts)
    assert (found.row, found.severity) == (6, Severity.SEBAIKNYA)
    provinces = tidy({"kode_wilayah": ["11", "12", "36", "51"], "nilai": [1, 2, 3, 4]})
    assert found_by(AreaOutside, provinces, facts) == []
    assert len(found_by(AreaOutside, provinces, Facts(areas=("36",)))) == 3


def test_missing_areas_are_named_and_never_taken_for_zero() -> None:
    table = tidy({"kode_wilayah": SERANG[2:], "murid": list(range(len(SERANG) - 2))})
    found, = found_by(AreaIncomplete, table, Facts(home="36.04", level="kecamatan"))
    name = wilayah.get(SERANG[0]).name
    assert found.message.text().startswith(
        f"2 dari {len(SERANG)} wilayah tidak ada: {name} ({SERANG[0]}), ")
    assert (found.severity, found.row) == (Severity.SEBAIKNYA, None)
    assert "jangan diisi 0" in found.how.text()


def test_areas_missing_in_some_years_are_told_with_the_years() -> None:
    rows = [(code, year) for year in (2022, 2023, 2024) for code in SERANG
            if (code, year) != (SERANG[3], 2023)]
    table = tidy({"kode_wilayah": [code for code, _ in rows], "tahun": [year for _, year in rows],
                  "murid": list(range(len(rows)))})
    found, = found_by(AreaIncomplete, table)
    assert "1 dari 29 wilayah tidak ada (2023)" in found.message.text()
    assert found.severity is Severity.SARAN  # nobody stated a level
    whole = tidy({"kode_wilayah": SERANG * 2, "tahun": [2023] * 29 + [2024] * 29,
                  "murid": list(range(58))})
    assert found_by(AreaIncomplete, whole, Facts(home="36.04", level="kecamatan")) == []


def test_a_list_of_events_promises_no_area() -> None:
    table = tidy({"kode_wilayah": [SERANG[at * at % 29] for at in range(80)] + SERANG[:20],
                  "tahun": [2020 + at % 4 for at in range(100)],
                  "korban": list(range(100))})
    assert [each for each in found_by(AreaIncomplete, table)
            if "(20" in each.message.text()] == []


def test_a_wrong_total_of_the_opd_is_shown_with_its_cell() -> None:
    table = tidy({"kecamatan": ["Anyar", "Baros", "Ciomas"], "murid": [10, 20, 30]},
                 totals={"murid": [("JUMLAH", [0, 1, 2], 70.0)]})
    found, = found_by(TotalRowSum, table)
    assert (found.column, found.cell, found.value, found.severity) == (
        "murid", "B7", "70", Severity.SEBAIKNYA)
    assert found.message.text().startswith(
        "JUMLAH, kolom murid: tertulis 70, padahal rinciannya berjumlah 60 (selisih 10).")


@pytest.mark.parametrize(("name", "values", "label", "total"), [
    ("murid", [10, 20, 30], "JUMLAH", 60.0), ("murid", [10.04, 20.04, 30.04], "JUMLAH", 60.1),
    ("kepadatan", [10, 20, 30], "JUMLAH", 20.0), ("murid", [10, 20, 30], "Rata-rata", 20.0),
    ("murid", [10, None, 30], "JUMLAH", 60.0), ("persentase_miskin", [10, 20, 30], "JUMLAH", 21.0),
])
def test_a_right_total_a_mean_and_a_gap_are_no_findings(
    name: str, values: list[float | None], label: str, total: float
) -> None:
    if values[0] == 10.04:
        values = [10.04, 20.04, 30.04]
        total = 60.13
    table = tidy({"kecamatan": ["Anyar", "Baros", "Ciomas"], name: values},
                 totals={name: [(label, [0, 1, 2], total)]})
    assert found_by(TotalRowSum, table) == []


def test_a_column_of_totals_that_never_adds_up_is_no_sum() -> None:
    wide = {"kecamatan": [area for area in "ABC" for _ in range(2)],
            "jenjang": ["SD", "SMP"] * 3, "guru": [5, 6, 7, 8, 9, 10]}

    def found(values: list[float]) -> int:
        table = tidy(wide)
        table.totals["guru"] = [
            (TotalRow(3 + 2 * at, "Jumlah", np.array([3 + 2 * at, 4 + 2 * at]), None, 4), value)
            for at, value in enumerate(values)]
        return len(found_by(TotalRowSum, table))

    assert found([11, 15, 19]) == 0
    assert found([11, 15, 91]) == 1
    assert found([1, 2, 3]) == 0


def test_a_village_called_like_its_kecamatan_is_no_total() -> None:
    table = tidy({"desa": ["Anyar", "Baros", "Ciomas"], "dana": [10, 20, 30]},
                 totals={"dana": [("Anyar", [0, 1, 2], 12.0)]})
    assert found_by(TotalRowSum, table) == []


def test_in_long_form_the_category_jumlah_is_held_against_the_others() -> None:
    table = tidy({"kode_wilayah": [code for code in SERANG[:3] for _ in range(3)],
                  "jenis_kelamin": ["laki-laki", "perempuan", "jumlah"] * 3,
                  "penduduk": [5, 6, 11, 7, 8, 15, 9, 1, 100]})
    found, = found_by(TotalCategory, table)
    assert (found.row, found.column) == (9, "penduduk")
    assert "untuk jumlah tertulis 100, padahal rinciannya berjumlah 10" in found.message.text()


@pytest.mark.parametrize(("unit", "known"), [
    ("orang", True), ("ribu orang", True), ("Juta Rupiah", True), ("TON PER HARI", True),
    ("rupiah/kapita/bulan", True), ("KM2", True), ("per 1.000 penduduk", True), ("ton/ha", True),
    ("gelondong", False), ("orng", False), ("ribu", False),
])
def test_units_of_the_list_alone_multiplied_or_per_something(unit: str, known: bool) -> None:
    assert is_known(unit) is known


def test_offices_are_no_units() -> None:
    table = tidy({"unit_kerja": ["SETDA", "BAPPEDA"], "satuan_kerja": ["a", "b"],
                  "pegawai": [1, 2]},
                 roles={"unit_kerja": Role.DIMENSI, "satuan_kerja": Role.DIMENSI})
    assert found_by(UnitUnknown, table) == [] and found_by(UnitMixed, table) == []


def test_an_unknown_unit_gets_the_nearest_of_the_list() -> None:
    table = tidy({"desa": ["a", "b"], "murid": [1, 2]}, units={"murid": "orangg"})
    found, = found_by(UnitUnknown, table)
    assert (found.column, found.proposed) == ("murid", "orang")
    rows = tidy({"desa": ["a", "b"], "satuan": ["orang", "gelondong"], "nilai": [1, 2]})
    assert places(found_by(UnitUnknown, rows)) == [("satuan", 2)]


def test_one_indicator_has_one_unit() -> None:
    table = tidy({"desa": ["a", "b", "c", "d"] * 2, "komoditas": ["padi"] * 4 + ["telur"] * 4,
                  "satuan": ["ton", "ton", "kuintal", "ton", "butir", "butir", "butir", "BUTIR"],
                  "nilai": list(range(8))})
    found, = found_by(UnitMixed, table)
    assert (found.row, found.column) == (3, "satuan")
    assert "baris lain dari hal yang sama memakai ton" in found.message.text()


def test_a_measure_without_a_unit_is_asked_for_one() -> None:
    table = tidy({"desa": ["a", "b"], "produksi_padi": [1.5, 2.5], "jumlah_penduduk": [3, 4],
                  "indeks_desa": [0.5, 0.6], "persentase_miskin": [5.0, 6.0]})
    found = found_by(UnitMissing, table)
    assert [(each.column, each.severity) for each in found] == [
        ("produksi_padi", Severity.SEBAIKNYA), ("jumlah_penduduk", Severity.SARAN)]
    assert found_by(UnitMissing, table, Facts(unit="orang")) == []


def test_thousands_of_people_in_a_kecamatan_are_persons() -> None:
    table = tidy({"kode_wilayah": SERANG[:3], "kunjungan": [20074, 50360, 19621]},
                 units={"kunjungan": "ribu orang"})
    found, = found_by(UnitContent, table)
    assert (found.column, found.proposed) == ("kunjungan", "orang")
    assert "bersatuan ribu orang, tetapi nilai tengah isinya 20.074" in found.message.text()
    right = tidy({"kode_wilayah": ["11", "12"], "penduduk": [5407.9, 15386.6]},
                 units={"penduduk": "ribu jiwa"})
    assert found_by(UnitContent, right) == []


def test_percentages_of_thousands_are_counts() -> None:
    table = tidy({"desa": ["a", "b", "c"], "persentase_miskin": [1200, 900, 15]})
    assert [each.column for each in found_by(UnitContent, table)] == ["persentase_miskin"]


def test_years_are_held_against_the_period_and_the_day() -> None:
    table = tidy({"kode_wilayah": SERANG[:5], "tahun": [2024, 2025, 2062, 2019, 2024],
                  "murid": [1, 2, 3, 4, 5]})
    stated = Facts(first_day=date(2020, 1, 1), last_day=date(2025, 12, 31))
    assert places(found_by(YearOutside, table, stated)) == [("tahun", 3), ("tahun", 4)]
    found, = found_by(YearFuture, table, TODAY)
    assert (found.row, found.severity) == (3, Severity.WAJIB)
    assert found_by(YearOutside, table) == []


def test_the_future_belongs_to_targets_and_projections() -> None:
    rows = {"kode_wilayah": SERANG[:3], "tahun": [2025, 2030, 2035]}
    assert found_by(YearFuture, tidy({**rows, "proyeksi_penduduk": [1, 2, 3]}), TODAY) == []
    found = found_by(YearFuture, tidy({**rows, "penduduk": [1, 2, 3]}), TODAY)
    assert {each.severity for each in found} == {Severity.SEBAIKNYA}


def test_a_year_of_five_digits_is_none() -> None:
    table = tidy({"kode_wilayah": SERANG[:3], "tahun": [2024, 20244, 202], "murid": [1, 2, 3]})
    assert places(found_by(YearImplausible, table)) == [("tahun", 2), ("tahun", 3)]


def test_two_figures_for_one_area_and_year_block() -> None:
    table = tidy({"kode_wilayah": [*SERANG[:20], SERANG[3]], "tahun": [2024] * 21,
                  "murid": list(range(21))})
    found, = found_by(KeyDuplicate, table)
    assert (found.row, found.severity) == (21, Severity.WAJIB)
    assert "dan baris 7 sama dalam kode_wilayah, tahun, tetapi" in found.message.text()
    same = tidy({"kode_wilayah": [SERANG[3], SERANG[3]], "murid": [3, 3]})
    assert found_by(KeyDuplicate, same) == []  # equal rows are duplicate-row


def test_records_may_share_area_and_year() -> None:
    table = tidy({"id": [f"e{at}" for at in range(30)], "kode_wilayah": SERANG[:3] * 10,
                  "korban": list(range(30))})
    assert found_by(KeyDuplicate, table) == []


def test_an_empty_and_a_constant_column_are_told() -> None:
    table = tidy({"kode_wilayah": SERANG[:5], "kosong": [None] * 5, "spasi": [" "] * 5,
                  "jenis": ["banjir"] * 5, "tahun": [2024] * 5, "korban": [1, 2, 3, 4, 5]})
    assert places(found_by(EmptyColumn, table)) == [("kosong", None), ("spasi", None)]
    assert places(found_by(ConstantColumn, table)) == [("jenis", None)]


def test_a_word_among_figures_is_found() -> None:
    table = tidy({"desa": list("abcde"), "murid": ["1.200", "35", "belum ada", "40", "1.300"],
                  "blok": ["1", "2", "A", "4", "5"], "jenis": ["a", "b", "1", "d", "e"]})
    found, = found_by(MixedTypes, table)
    assert (found.column, found.row) == ("murid", 3) and "80 persen" in found.message.text()


def test_one_category_in_several_spellings_gets_the_common_one() -> None:
    table = tidy({
        "jenis_kelamin": ["Laki-laki", "Laki-laki", "LAKI-LAKI", "Laki laki", "Perempuan ",
                          "Perempuan"],
        "umur": ["0-4", "0-4", "04", "1-2", "12", "1-2"], "jumlah": [1, 2, 3, 4, 5, 6],
    })
    found = found_by(CategorySpelling, table)
    assert [(each.row, each.proposed) for each in found] == [
        (3, "Laki-laki"), (4, "Laki-laki"), (5, "Perempuan")]
    slip = tidy({"agama": ["Protestan"] * 30 + ["Protesten"] + ["Katolik"] * 10,
                 "jumlah": list(range(41))})
    found, = found_by(CategorySpelling, slip)
    assert (found.row, found.proposed) == (31, "Protestan")


def test_two_villages_may_differ_by_a_blank() -> None:
    table = tidy({"nama_desa": ["Pasir Jambu", "Pasirjambu", "Sukamaju"] * 4,
                  "murid": list(range(12))})
    assert found_by(CategorySpelling, table) == []


def test_short_forms_in_column_names_are_spelled_out() -> None:
    table = tidy({"kode_wilayah": SERANG[:2], "jml_pddk": [1, 2], "rt": [3, 4],
                  "kolom_3": [5, 6], "jumlah_kk": [7, 8]})
    found = found_by(ColumnName, table)
    assert [(each.column, each.proposed) for each in found] == [
        ("jml_pddk", "jumlah_penduduk"), ("kolom_3", None)]
