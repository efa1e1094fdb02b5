"""Columns of a sheet: what of their headers is a time, an area, a unit, a title or a sum."""
from __future__ import annotations

from sheets_from_lists import names, rows, tables


def test_sums_across_groups_are_no_table_of_their_own() -> None:
    (table,) = tables(
        ["Kelurahan", "PKH", None, "BPNT", None, "TOTAL KPM"],
        [None, "KPM", "Nominal", "KPM", "Nominal"],
        ["Lobu", 22, 900, 40, 700, 62], ["Sausu", 45, 800, 120, 600, 165],
        ["Tolai", 30, 500, 87, 400, 117], merged=[(0, 1, 0, 2), (0, 3, 0, 4)])
    assert table.data.num_rows == 6
    assert "kpm" in names(table)


def test_school_years_become_rows_and_their_sums_stay_out() -> None:
    (table,) = tables(
        ["Sekolah", "Negeri", None, "Swasta", None, "Jumlah", None],
        [None, *["2022/2023", "2023/2024"] * 3],
        ["SMA", 320, 341, 10, 20, 330, 361], ["SMK", 811, 790, 102, 110, 913, 900],
        ["MA", 50, 40, 210, 205, 260, 245],
        merged=[(0, 1, 0, 2), (0, 3, 0, 4), (0, 5, 0, 6)])
    assert table.data.num_rows == 12
    assert set(table.data["tahun_ajaran"].to_pylist()) == {"2022/2023", "2023/2024"}


def test_areas_side_by_side_become_rows_with_their_codes() -> None:
    table, whole = tables(
        ["Indikator Sulawesi Barat 2024"], [],
        ["Indikator", "Majene", "Mamasa", "Mamuju", "Pasangkayu", "Sulawesi Barat"],
        ["Penduduk miskin", 13.81, 12.84, 7.26, 4.81, 10.71],
        ["IPM", 69.21, 68.35, 69.5, 69.41, 68.2], ["TPT", 3.45, 1.2, 2.88, 2.01, 2.68],
        home="76")
    assert rows(table, "indikator", "kode_wilayah")[:2] == [
        ("Penduduk miskin", "76.05"), ("Penduduk miskin", "76.03")]
    assert table.data.num_rows == 12
    assert whole.data.num_rows == 3


def test_months_cut_short_with_a_dot_become_rows() -> None:
    (table,) = tables(
        ["Komoditas", "Jan. 2020", "Feb. 2020", "Mar. 2020"],
        ["Beras", 11500, 11600, 11550], ["Gula", 14000, 14100, 14250],
        ["Telur", 23000, 24000, 25000])
    assert rows(table)[0] == ("Beras", "2020-01", 11500)
    assert table.data.num_rows == 9


def test_a_title_in_several_cells_is_no_table() -> None:
    (table,) = tables(
        ["Tabel", "4.1.5", "Jumlah Murid Sekolah Menengah Menurut Kelas, 2024"],
        ["Table", None, "Number of Students by Class, 2024"], [],
        ["Kelas", "Negeri", "Swasta"], ["Kelas X", 30, 10], ["Kelas XI", 40, 11],
        ["Kelas XII", 35, 12])
    assert table.title == "Jumlah Murid Sekolah Menengah Menurut Kelas, 2024"
    assert table.about["tahun"] == "2024"


def test_a_percent_sign_alone_is_the_unit_whatever_the_title_says() -> None:
    (table,) = tables(
        ["Realisasi Anggaran (rupiah)"],
        ["Uraian", "Anggaran", "Realisasi", "%"],
        ["Pegawai", 1000, 900, 90.5], ["Barang", 2000, 1500, 75.2], ["Modal", 500, 400, 80.1])
    assert [column.unit for column in table.columns] == [None, "rupiah", "rupiah", "persen"]


def test_letters_below_a_group_are_headers_though_an_e_is_a_sign_elsewhere() -> None:
    (table,) = tables(
        ["Unit Kerja", "Golongan IV", None, None, None, None],
        [None, "a", "b", "c", "d", "e"],
        ["Setda", 10, 5, 3, 1, 0], ["Dinas", 80, 20, 2, 0, 0], ["RSUD", 6, 2, 1, 0, 0],
        merged=[(0, 1, 0, 5)])
    assert table.data.num_rows in (3, 15)
    assert "Setda" in table.data["unit_kerja"].to_pylist()
    assert not table.questions


def test_the_budget_of_one_year_stands_beside_the_figures_of_two() -> None:
    (table,) = tables(
        ["Uraian", "Anggaran 2024", "Realisasi 2024", "Realisasi 2023"],
        ["Pegawai", 100, 90, 80], ["Barang", 200, 190, 150], ["Modal", 50, 40, 30])
    assert rows(table)[:2] == [("Pegawai", 2024, 100, 90), ("Pegawai", 2023, None, 80)]


def test_a_count_of_numbers_is_a_count() -> None:
    (table,) = tables(["Row Labels", "Count of NIP"], ["Guru", 1204], ["Bidan", 289],
                      ["Perawat", 311], ["Grand Total", 1804])
    assert table.columns[1].type == "integer"


def test_the_english_half_of_a_header_goes_though_a_unit_follows_it() -> None:
    (table,) = tables(
        ["Bulan/Month", "Curah Hujan/Rainfall (mm)", "Hari Hujan/Rainy Days (hari)"],
        ["Januari", 115.2, 14], ["Februari", 98.4, 12], ["Maret", 130.1, 16])
    assert names(table) == ["bulan", "curah_hujan", "hari_hujan"]


def test_the_same_word_below_two_headers_keeps_both_in_its_name() -> None:
    (table,) = tables(
        ["Unit Kerja", "Dokter", None, None, None, "Perawat", None, None, None],
        [None, "PNS", None, "Honorer", None, "PNS", None, "Honorer", None],
        [None, *["L", "P"] * 4],
        ["Bungku", 1, 2, 0, 1, 5, 12, 3, 8], ["Bahodopi", 0, 1, 1, 1, 4, 9, 6, 10],
        ["Morowali", 8, 10, 4, 6, 20, 45, 22, 40],
        merged=[(0, 1, 0, 4), (0, 5, 0, 8), (1, 1, 1, 2), (1, 3, 1, 4), (1, 5, 1, 6),
                (1, 7, 1, 8)])
    assert names(table)[2:] == ["dokter_pns", "dokter_honorer", "perawat_pns", "perawat_honorer"]
