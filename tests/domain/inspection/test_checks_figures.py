"""Figures that cannot be: shares above 100, counts below zero, parts above their whole."""
from __future__ import annotations

import pytest
from sheets_from_lists import tables
from tidy_tables import found_by, places, tidy

from ckanext.satudata.domain.inspection.checks.fraction_count import FractionCount
from ckanext.satudata.domain.inspection.checks.negative_count import NegativeCount
from ckanext.satudata.domain.inspection.checks.part_above_whole import PartAboveWhole
from ckanext.satudata.domain.inspection.checks.percent_range import PercentRange
from ckanext.satudata.domain.inspection.checks.total_column import TotalColumn
from ckanext.satudata.domain.inspection.checks.unit_missing import UnitMissing
from ckanext.satudata.domain.inspection.notes import Severity
from ckanext.satudata.domain.inspection.parts import extends, serves
from ckanext.satudata.domain.inspection.wording import words

AREAS = [f"36.04.{number:02}" for number in range(5, 15)]


def column_of(name: str, values: list[float], **more: object) -> object:
    return tidy({"kode_wilayah": AREAS[:len(values)], name: values}, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "unit", "severity"), [
    ("persentase_balita_stunting", None, Severity.WAJIB),
    ("balita_stunting_persen", "persen", Severity.WAJIB),
    ("penduduk_miskin", "%", Severity.SEBAIKNYA),
    ("laju_pertumbuhan_persen", "persen", None), ("inflasi", "%", None),
    ("persentase_realisasi", "persen", None), ("apk_sd", "persen", None),
    ("rasio_ketergantungan", "persen", None), ("jumlah_penduduk", "orang", None),
])
def test_a_share_above_100_blocks_and_growth_does_not(
    name: str, unit: str | None, severity: Severity | None
) -> None:
    table = column_of(name, [12.1, 118.2, 15.0, 9.9], units={name: unit} if unit else None)
    found = found_by(PercentRange, table)  # type: ignore[arg-type]
    assert [each.severity for each in found] == ([severity] if severity else [])
    if severity:
        assert places(found) == [(name, 2)] and "118,2 persen" in found[0].message.text()


def test_in_long_form_the_label_and_the_unit_of_the_row_decide() -> None:
    table = tidy({
        "kode_wilayah": AREAS[:6],
        "uraian": ["Persentase rumah layak", "Laju inflasi", "Persentase rumah layak",
                   "Jumlah rumah", "Persentase rumah layak", "Persentase rumah layak"],
        "satuan": ["persen", "persen", "persen", "unit", "persen", "persen"],
        "nilai": [80.0, 130.0, 101.0, 5000.0, 70.0, 60.0],
    })
    found, = found_by(PercentRange, table)
    assert (found.row, found.severity) == (3, Severity.WAJIB)


@pytest.mark.parametrize(("name", "unit", "wrong"), [
    ("jumlah_penduduk", "jiwa", True), ("murid", "siswa", True), ("jumlah_kk", None, True),
    ("selisih_penduduk", "jiwa", False), ("migrasi_neto", "orang", False),
    ("suhu", "derajat Celsius", False), ("surplus_beras", "ton", False), ("nilai", None, False),
])
def test_a_count_is_not_below_zero(name: str, unit: str | None, wrong: bool) -> None:
    table = column_of(name, [5, -3, 8], units={name: unit} if unit else None)
    assert places(found_by(NegativeCount, table)) == ([(name, 2)] if wrong else [])  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "unit", "wrong"), [
    ("jumlah_penduduk", "jiwa", True), ("jumlah_penduduk", "ribu jiwa", False),
    ("rata_rata_anggota", "orang", False), ("proyeksi_penduduk", "jiwa", False),
    ("luas_rumah", "unit", False), ("produksi_padi", "ton", False),
])
def test_half_a_person_is_pointed_out(name: str, unit: str, wrong: bool) -> None:
    table = column_of(name, [5, 50.36, 8], units={name: unit})
    assert places(found_by(FractionCount, table)) == ([(name, 2)] if wrong else [])  # type: ignore[arg-type]


@pytest.mark.parametrize(("part", "whole", "how"), [
    ("jumlah balita diukur", "jumlah balita", 2), ("balita stunting", "balita", 1),
    ("KK yang terlayani", "Jumlah KK", 2), ("penduduk miskin", "penduduk", 1),
    ("rumah sakit", "rumah", 0), ("jumlah rumah tangga", "jumlah rumah", 0),
    ("balita", "balita diukur", 0), ("penduduk per km2", "penduduk", 0),
    ("luas panen", "luas", 1), ("target balita", "balita", 0), ("siswa 2024", "siswa", 0),
    ("produksi tahun lalu", "produksi", 0), ("jumlah laki-laki", "jumlah", 0),
])
def test_a_phrase_extends_another(part: str, whole: str, how: int) -> None:
    assert extends(words(part), words(whole)) == how


@pytest.mark.parametrize(("part", "whole", "related"), [
    ("jumlah sambungan rumah", "jumlah KK", True), ("pelanggan", "jumlah rumah tangga", True),
    ("stunting", "balita diukur", True), ("sambungan", "desa", False),
    ("jumlah KK", "sambungan rumah", False), ("penduduk", "jumlah KK", False),
])
def test_a_service_reaches_those_it_is_meant_for(part: str, whole: str, related: bool) -> None:
    assert serves(words(part), words(whole)) is related


def test_a_part_above_its_whole_blocks() -> None:
    table = tidy({"kode_wilayah": AREAS, "balita": [900 + 10 * at for at in range(10)],
                  "balita_diukur": [800 + 10 * at for at in range(9)] + [2000]})
    found, = found_by(PartAboveWhole, table)
    assert (found.row, found.column, found.severity) == (10, "balita_diukur", Severity.WAJIB)
    assert found.message.text() == (
        "Baris 13: balita_diukur 2.000, lebih besar dari balita 990. "
        "Bagian tidak boleh melebihi keseluruhan.")


def test_connections_above_households_block_where_nearly_all_obey() -> None:
    table = tidy({"kode_wilayah": AREAS, "jumlah_kk": [500] * 10,
                  "sambungan_rumah": [100, 200, 300, 400, 450, 120, 130, 510, 90, 80]})
    found, = found_by(PartAboveWhole, table)
    assert (found.row, found.severity) == (8, Severity.WAJIB)
    doubtful = tidy({"kode_wilayah": AREAS, "jumlah_kk": [500] * 10,
                     "sambungan_rumah": [100, 200, 300, 400, 450, 120, 530, 510, 590, 80]})
    assert {each.severity for each in found_by(PartAboveWhole, doubtful)} == {Severity.SEBAIKNYA}


def test_what_is_added_to_a_whole_is_no_part_of_it() -> None:
    table = tidy({"kode_wilayah": AREAS, "sambungan_rumah": [10] * 9 + [3],
                  "sambungan_rumah_melalui_pdam": [5] * 10,
                  "total_sambungan": [15] * 9 + [8]})
    assert found_by(PartAboveWhole, table) == []


def test_a_bare_percent_is_of_what_stands_before_it() -> None:
    table = tidy({"kode_wilayah": AREAS[:4], "anggaran": [1, 2, 3, 4], "realisasi": [1, 2, 3, 5],
                  "persen": [100.0, 90.0, 99.0, 125.0]})
    assert found_by(PercentRange, table) == []


def test_words_that_the_figures_deny_are_no_relation() -> None:
    table = tidy({"kode_wilayah": AREAS, "anak": [5] * 10, "anak_tangga": list(range(10, 20))})
    assert found_by(PartAboveWhole, table) == []


def test_in_long_form_a_category_is_held_against_the_one_it_extends() -> None:
    table = tidy({
        "kode_wilayah": [area for area in AREAS[:6] for _ in range(2)],
        "uraian": ["Jumlah balita", "Jumlah balita diukur"] * 6,
        "nilai": [100, 90, 120, 110, 90, 95, 70, 70, 88, 10, 60, 44],
    })
    found, = found_by(PartAboveWhole, table)
    assert (found.row, found.severity) == (6, Severity.WAJIB)
    assert "Jumlah balita diukur 95, lebih besar dari Jumlah balita 90" in found.message.text()


def test_a_total_that_is_not_the_sum_of_men_and_women_is_pointed_out() -> None:
    table = tidy({"kode_wilayah": AREAS[:4], "laki_laki": [10, 20, 30, 40],
                  "perempuan": [11, 21, 31, 41], "jumlah": [21, 41, 61, 1081]})
    found, = found_by(TotalColumn, table)
    assert (found.column, found.row, found.severity) == ("jumlah", 4, Severity.SEBAIKNYA)
    assert found.message.text() == ("Baris 7: jumlah tertulis 1.081, padahal laki_laki + perempuan "
                                    "berjumlah 81 (selisih 1.000).")


def test_parts_are_found_by_their_figures_where_no_word_names_them() -> None:
    table = tidy({"kode_wilayah": AREAS, "baik": list(range(10, 20)), "sedang": [5] * 10,
                  "rusak": [2] * 10, "total_jalan": [17 + at for at in range(9)] + [99]})
    assert places(found_by(TotalColumn, table)) == [("total_jalan", 10)]


def test_rounding_is_forgiven() -> None:
    table = tidy({"kode_wilayah": AREAS[:4], "laki_laki": [10.1, 20.2, 30.3, 40.4],
                  "perempuan": [11.1, 21.1, 31.1, 41.1], "jumlah": [21.3, 41.2, 61.4, 81.5]})
    assert found_by(TotalColumn, table) == []


def test_a_part_above_a_total_blocks_beside_the_wrong_sum() -> None:
    table = tidy({"kode_wilayah": AREAS[:6], "laki_laki": [10, 20, 30, 40, 50, 60],
                  "perempuan": [11, 21, 31, 41, 51, 61], "jumlah": [21, 41, 61, 81, 101, 12]})
    assert [each.column for each in found_by(PartAboveWhole, table)] == ["laki_laki", "perempuan"]


def test_a_catatan_names_row_and_column_of_the_sheet_and_not_of_the_clean_table() -> None:
    found, = tables(["JUMLAH PENDUDUK MENURUT KAMPUNG"], ["KAMPUNG", "L", "P"],
                    *([f"Kampung {letter}", 5, 6] for letter in "ABCDEFGH"), ["Kampung I", 4, -3])
    wrong, = found_by(NegativeCount, found)
    assert (wrong.column, wrong.row, wrong.cell) == ("jumlah_penduduk", 18, "C11")
    assert wrong.message.text().startswith("Baris 11, kolom “P” (C): -3;")
    missing, = found_by(UnitMissing, found)
    assert missing.message.text() == "Kolom “L”, “P” (B, C) tidak menyebut satuannya."
