"""Columns of a sheet: what of their headers is a time, an area, a unit, a title or a sum."""
from __future__ import annotations

import time

from sheets_from_lists import names, rows, tables

from ckanext.satudata.domain.inspection.checks.base import Facts
from ckanext.satudata.domain.inspection.checks.total_row import TotalRowSum


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


def test_a_sum_that_is_spelled_out_is_the_sum_of_its_parts() -> None:
    (table,) = tables(
        ["Puskesmas", "LAKI-LAKI", None, None, "PEREMPUAN", None, None],
        [None, *["HIDUP", "MATI", "HIDUP + MATI"] * 2],
        ["Kaliwungu", 90, 1, 91, 80, 2, 82], ["Jati", 70, 3, 73, 60, 1, 61],
        ["Undaan", 50, 0, 50, 40, 1, 41], merged=[(0, 1, 0, 3), (0, 4, 0, 6)])
    assert not any("hidup_mati" in name for name in names(table))
    assert "HIDUP + MATI" not in {cell for row in rows(table) for cell in row}


def test_the_days_of_a_month_in_the_title_are_dates_and_their_mean_stays_out() -> None:
    (table,) = tables(
        ["HARGA BERAS BULAN MARET 2025"], [],
        ["Pasar", "TANGGAL", *[None] * 4, "RATA-RATA"], [None, 1, 2, 3, 4, 5, None],
        *[[name, *[price] * 5, float(price)] for name, price in (
            ("Raya", 12000), ("Baru", 12500), ("Sore", 11500))],
        merged=[(2, 1, 2, 5), (2, 0, 3, 0), (2, 6, 3, 6)])
    assert table.data.num_rows == 15
    assert str(table.data["tanggal"][0].as_py()) == "2025-03-01"


def test_a_header_row_of_units_gives_the_units() -> None:
    (table,) = tables(
        ["Tanaman", "Luas Panen", "Produksi", "Produktivitas"], [None, "Ha", "Ton", "Ku/Ha"],
        ["Cabai", 12.5, 300, 24.1], ["Kubis", 9.25, 410, 44.3], ["Tomat", 3.5, 80, 22.9])
    assert names(table) == ["tanaman", "luas_panen", "produksi", "produktivitas"]
    assert [column.unit for column in table.columns[1:]] == [
        "hektare", "ton", "kuintal per hektare"]


def test_a_header_row_of_things_is_no_row_of_units() -> None:
    (table,) = tables(
        ["Kecamatan", "Jumlah", None, "Luas"], [None, "Desa", "Rumah", "Ha"],
        ["Grabag", 32, 4100, 12.5], ["Ngombol", 57, 3300, 9.25], ["Bagelen", 17, 2900, 3.5],
        merged=[(0, 1, 0, 2)])
    assert names(table)[-3:-1] == ["jumlah_desa", "jumlah_rumah"]


def test_a_unit_in_two_languages_is_one_unit() -> None:
    (table,) = tables(["Kecamatan", "Luas (km2/sq.km)"], ["Grabag", 12.5], ["Ngombol", 9.25])
    assert names(table)[-1] == "luas" and table.columns[-1].unit == "kilometer persegi"


def test_a_head_over_numbers_and_names_heads_the_names() -> None:
    (table,) = tables(["Kecamatan", None, "Desa"], [1, "Grabag", 32], [2, "Ngombol", 57],
                      [3, "Bagelen", 17], home="33.06")
    assert names(table) == ["kode_wilayah", "kecamatan", "desa"]
    (years,) = tables(["Tahun", None, "Desa"], [2021, "Naik", 32], [2022, "Naik", 57],
                      [2023, "Turun", 17])
    assert "tahun" in names(years)


def test_what_the_head_over_groups_names_names_their_column() -> None:
    (table,) = tables(
        ["Kecamatan", "Kondisi", None, None, None], [None, "Baik", None, "Rusak", None],
        [None, "Km", "%", "Km", "%"], ["Grabag", 10.5, 70, 4.5, 30], ["Ngombol", 6, 60, 4, 40],
        ["Bagelen", 9.5, 50, 9.5, 50],
        merged=[(0, 1, 0, 4), (1, 1, 1, 2), (1, 3, 1, 4), (0, 0, 2, 0)])
    assert "kondisi" in names(table) and "kelompok" not in names(table)


def test_jumlah_lansia_beside_men_and_women_is_their_sum_and_names_them() -> None:
    (table,) = tables(
        ["Kecamatan", "Jumlah Lansia", "Laki-Laki", "Perempuan"], ["Grabag", 30, 10, 20],
        ["Ngombol", 50, 30, 20], ["Bagelen", 17, 9, 8])
    assert rows(table, "jenis_kelamin", "jumlah_lansia")[:2] == [("laki-laki", 10),
                                                                 ("perempuan", 20)]


def test_a_change_between_two_years_is_of_neither() -> None:
    made = tables(["Moda", "2022", "2023", "2024", "Perubahan 2023-2024 (%)"],
                  ["Bus", 10, 11, 12, 9.1], ["Kapal", 20, 30, 33, 10.0], ["Kereta", 5, 6, 9, 50.0])
    assert not any("perubahan_2023" in names(table) for table in made)
    assert made[0].data.num_rows == 9


def test_parts_of_one_column_keep_the_word_above_them() -> None:
    (table,) = tables(
        ["Kelurahan", "Masjid", "Gereja", None, "Pura"],
        [None, None, "Katolik", "Protestan", None],
        ["Lobu", 22, 9, 4, 7], ["Sausu", 45, 8, 6, 6], ["Tolai", 30, 5, 3, 4],
        merged=[(0, 2, 0, 3), (0, 0, 1, 0), (0, 1, 1, 1), (0, 4, 1, 4)])
    assert names(table)[-4:] == ["masjid", "gereja_katolik", "gereja_protestan", "pura"]


def test_the_decree_above_an_annex_and_the_names_below_are_no_title_and_no_note() -> None:
    (table,) = tables(
        [None, None, "LAMPIRAN"], [None, None, "KEPUTUSAN BUPATI BELU"],
        [None, None, "NOMOR : 12/2025"], [None, None, "TANGGAL : 12 MEI 2025"], [],
        ["DAFTAR PENERIMA HIBAH (dalam Rupiah)"], ["No", "Nama", "Besaran"],
        [1, "Masjid Nurul Huda", 900], [2, "Gereja Santo Yusuf", 800], [3, "Pura Agung", 700],
        [], [None, None, "BUPATI BELU,"], [None, None, "ttd"], [None, None, "ANTONIUS"])
    assert table.about["judul"] == "DAFTAR PENERIMA HIBAH"
    assert table.about["satuan"] == "Rupiah"
    assert "KEPUTUSAN BUPATI" in table.about["catatan"]
    assert "ANTONIUS" not in table.about["catatan"]


def test_a_header_row_that_says_the_one_above_in_english_is_not_part_of_the_names() -> None:
    (table,) = tables(
        ["Tabel 3.1.2", "Jumlah Desa dan RW Menurut Kecamatan"], [],
        ["Kecamatan", "Desa", "Rukun Warga"], ["Subdistrict", "Village", "Citizens Association"],
        ["(1)", "(2)", "(3)"], ["Grabag", 32, 41], ["Ngombol", 57, 66], ["Bagelen", 17, 20],
        home="33.06")
    assert names(table) == ["kode_wilayah", "kecamatan", "desa", "rukun_warga"]


def test_two_dimensions_in_one_header_are_two_columns() -> None:
    (table,) = tables(
        ["Kecamatan", "0-4 L", "0-4 P", "5-9 L", "5-9 P"], ["Grabag", 1, 2, 3, 4],
        ["Ngombol", 5, 6, 7, 8])
    assert rows(table, "kelompok_umur", "jenis_kelamin", "nilai")[:4] == [
        ("0-4", "laki-laki", 1), ("0-4", "perempuan", 2), ("5-9", "laki-laki", 3),
        ("5-9", "perempuan", 4)]


def test_semesters_with_their_month_and_weeks_become_rows() -> None:
    (table,) = tables(
        ["Kabupaten", "2023", None, "2024", None],
        [None, *["Semester 1 (Maret)", "Semester 2 (September)"] * 2],
        ["Bulungan", 9.1, 9.0, 8.7, 8.6], ["Malinau", 6.1, 6.0, 5.9, 5.8],
        merged=[(0, 1, 0, 2), (0, 3, 0, 4), (0, 0, 1, 0)])
    assert table.data.num_rows == 8 and "semester" in names(table)
    (weeks,) = tables(["Komoditas", "Minggu I", "Minggu II", "Rata-rata"],
                      ["Beras", 12000, 12500, 12250.0], ["Telur", 28000, 29000, 28500.0])
    assert rows(weeks, "komoditas", "minggu")[:2] == [("Beras", "Minggu I"),
                                                      ("Beras", "Minggu II")]


def test_a_unit_said_once_more_in_english_is_said_once() -> None:
    (table,) = tables(
        ["Bulan", "Curah Hujan (mm)\nPrecipitation (mm)", "Hari Hujan (hari)\nRainy Days (days)"],
        ["Januari", 482, 6], ["Februari", 300, 9])
    assert names(table) == ["bulan", "curah_hujan", "hari_hujan"]
    assert [column.unit for column in table.columns[1:]] == ["milimeter", "hari"]


def test_words_broken_at_the_edge_of_a_header_are_made_whole() -> None:
    (table,) = tables(
        ["KECA-\nMATAN", "KEPA-\nDATAN", "Rata-\nrata", "Non-\nASN"],
        ["Baturaja", 82, 4, 3], ["Lubuk", 51, 6, 8], ["Ulu", 47, 5, 2])
    assert [name for name in names(table) if name != "kode_wilayah"] == [
        "kecamatan", "kepadatan", "rata_rata", "non_asn"]


def test_headers_of_a_great_many_letters_are_read_at_once() -> None:
    """Twice the letters took four times as long: these columns, ten seconds."""
    before = time.process_time()
    (table,) = tables(
        ["Kecamatan", *(f"c{at}{'y' * 3_000}" for at in range(300))],
        *[[name, *([4] * 300)] for name in ("Baturaja", "Lubuk", "Ulu")])
    assert time.process_time() - before < 5
    assert len(table.columns) > 300


def test_the_same_heads_below_parents_of_no_known_kind_stay_columns() -> None:
    (table,) = tables(
        ["Golongan", "Saldo Awal", None, "Saldo Akhir", None],
        [None, "Barang", "Nilai", "Barang", "Nilai"],
        ["Tanah", 12, 90, 14, 97], ["Mesin", 33, 41, 30, 38], ["Gedung", 5, 70, 6, 75],
        merged=[(0, 1, 0, 2), (0, 3, 0, 4)])
    assert names(table) == ["golongan", "saldo_awal_barang", "saldo_awal_nilai",
                            "saldo_akhir_barang", "saldo_akhir_nilai"]


def test_what_is_said_behind_a_colon_is_not_the_measure() -> None:
    (table,) = tables(
        ["DATA CURAH HUJAN HARIAN"], ["Stasiun : Karangploso"],
        ["Dasarian", "Jan", "Feb", "Mar"], ["I", 40, 12, 9], ["II", 31, 18, 22], ["III", 8, 7, 5])
    assert "curah_hujan_harian" in names(table)


def test_a_title_per_kecamatan_names_no_area() -> None:
    (table,) = tables(
        ["REALISASI PBB PER KECAMATAN S.D. 30 SEPTEMBER 2025"], ["Kecamatan", "SPPT", "Lunas"],
        ["Serpong", 400, 120], ["Pamulang", 300, 110], ["Ciputat", 350, 90])
    assert "wilayah" not in table.about


def test_months_told_in_numbers_go_with_every_table_of_a_sheet() -> None:
    table, other = tables(
        ["Desa", "Bulan", "Laki-laki", "Perempuan", "Luas"],
        ["Anyar", 1, 120, 131, 12.5], ["Anyar", 2, 118, 127, 13.5],
        ["Bandulu", 1, 98, 101, 22.1], ["Bandulu", 2, 95, 99, 24.2])
    assert names(table)[:2] == names(other)[:2] == ["desa", "bulan"]
    assert rows(table, "desa", "bulan", "jenis_kelamin")[:2] == [
        ("Anyar", 1, "laki-laki"), ("Anyar", 1, "perempuan")]
    assert names(other)[2:] == ["luas"]


def test_where_both_totals_meet_is_checked_as_well() -> None:
    sheet = [
        ["Jumlah penduduk menurut kecamatan, 2025"],
        ["Kecamatan", "Laki-laki", "Perempuan", "Jumlah"],
        ["Anyar", 1200, 1310, 2510], ["Cinangka", 1180, 1270, 2450], ["Ciruas", 980, 1010, 1990],
        ["Jumlah", 3360, 3590, 6950]]
    (right,) = tables(*sheet)
    assert list(TotalRowSum().run(right, Facts(), None)) == []
    sheet[-1][-1] = 7950
    (wrong,) = tables(*sheet)
    (found,) = TotalRowSum().run(wrong, Facts(), None)
    assert found.shared["cell"] == "D6"
    assert (found.shared["figure"], found.shared["sum"]) == ("7.950", "6.950")
