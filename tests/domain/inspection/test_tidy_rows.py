"""Rows of a sheet: blocks, sums, rates and names said once, each taken for what it is."""
from __future__ import annotations

from sheets_from_lists import names, rows, sheet, tables

from ckanext.satudata.domain import wilayah
from ckanext.satudata.domain.inspection.sheet import RawFile
from ckanext.satudata.domain.inspection.tidy import tidy


def test_a_year_alone_in_its_row_is_the_year_of_the_desasbelow_it() -> None:
    (table,) = tables(
        ["Kelompok Tani", "Anggota", "Lahan"],
        [2022], ["Maju", 10, 3], ["Jaya", 20, 4], ["Jumlah", 30, 7],
        [2023], ["Maju", 11, 3], ["Jaya", 22, 5], ["Jumlah", 33, 8])
    assert rows(table) == [(2022, "Maju", 10, 3), (2022, "Jaya", 20, 4),
                           (2023, "Maju", 11, 3), (2023, "Jaya", 22, 5)]
    assert names(table)[0] == "tahun"
    assert table.columns[0].type == "year"


def test_a_year_without_figures_in_a_column_of_years_stays_a_row() -> None:
    (table,) = tables(["Tahun", "Hotel", "Kamar"], [2020, 4, 90], [2021], [2022, 5, 120])
    assert rows(table) == [(2020, 4, 90), (2021, None, None), (2022, 5, 120)]


def test_the_same_table_for_each_kecamatan_is_one_table() -> None:
    (table,) = tables(
        ["Data Kelompok Tani"],
        ["KECAMATAN: INDRALAYA"], ["No", "Nama Poktan", "Anggota"],
        [1, "Maju", 88], [2, "Jaya", 120], ["Jumlah", None, 208], [],
        ["KECAMATAN: PEMULUTAN"], ["No", "Nama Poktan", "Anggota"],
        [1, "Rukun", 150], [2, "Tani", 70], ["Jumlah", None, 220])
    assert rows(table, "kecamatan", "nama_poktan", "anggota") == [
        ("INDRALAYA", "Maju", 88), ("INDRALAYA", "Jaya", 120),
        ("PEMULUTAN", "Rukun", 150), ("PEMULUTAN", "Tani", 70)]


def test_the_sum_below_a_pyramid_is_no_age() -> None:
    (table,) = tables(
        ["Laki-laki", "Kelompok Umur", "Perempuan"],
        [30, "0-4", 29], [31, "5-9", 30], [29, "10-14", 28], [90, "JUMLAH", 87])
    assert "JUMLAH" not in table.data["kelompok_umur"].to_pylist()
    assert table.data.num_rows == 6


def test_a_code_of_accounts_is_never_given_to_the_row_below() -> None:
    (table,) = tables(
        ["Kode", "Uraian", "Anggaran", "Realisasi"],
        ["4", "PENDAPATAN", 300, 280], ["4.1", "PAD", 300, 280],
        ["4.1.01", "Pajak", 200, 190], ["4.1.02", "Retribusi", 100, 90],
        [None, "JUMLAH PENDAPATAN DAERAH", 300, 280],
        ["5", "BELANJA", 200, 150], ["5.1", "Operasi", 200, 150],
        [None, "SURPLUS", 100, 130])
    by_label = dict(rows(table, "uraian", "kode"))
    assert by_label["SURPLUS"] is None
    assert by_label["Retribusi"] == "4.1.02"


def test_a_rate_below_the_sum_is_not_published_as_a_count() -> None:
    (table,) = tables(
        ["Puskesmas", "Lahir Hidup", "Lahir Mati"],
        ["Sanana", 120, 2], ["Pohea", 60, 0], ["Waiboga", 40, 1], ["JUMLAH", 220, 3],
        ["ANGKA LAHIR MATI PER 1.000 KELAHIRAN", None, 13.5])
    assert table.data.num_rows == 3
    assert [column.type for column in table.columns[1:]] == ["integer", "integer"]
    assert not table.questions


def test_signs_for_as_above_become_the_text_above() -> None:
    (table,) = tables(
        ["Nama Pasar", "Kondisi", "Kios"],
        ["Pasar Induk", "Baik", 210], ["Pasar Sore", "s.d.a", 45], ["Pasar Pagi", '"', 60],
        ["Pasar Ikan", "Rusak", 12])
    assert table.data["kondisi"].to_pylist() == ["Baik", "Baik", "Baik", "Rusak"]
    assert any(change.step == "isi_turun" and change.count == 2 for change in table.changes)


def test_a_year_said_once_for_its_months_is_said_in_every_row() -> None:
    (table,) = tables(
        ["Tahun", "Bulan", "Ekspor"],
        [2023, "Januari", 150], [None, "Februari", 140], [None, "Maret", 160],
        [2024, "Januari", 170], [None, "Februari", 155], [None, "Maret", 166])
    assert table.data["tahun"].to_pylist() == [2023] * 3 + [2024] * 3


def test_desasthat_add_up_the_desasbelow_them_are_sums_and_name_their_group() -> None:
    (table,) = tables(
        ["Uraian", "Kunjungan", "Belanja"],
        ["A. Nusantara", 1500, 30], ["1. Laki-laki", 700, 10], ["2. Perempuan", 800, 20],
        ["B. Mancanegara", 150, 9], ["1. Laki-laki", 70, 4], ["2. Perempuan", 80, 5],
        ["Jumlah (A+B)", 1650, 39])
    assert rows(table, "kelompok", "kunjungan") == [
        ("A. Nusantara", 700), ("A. Nusantara", 800), ("B. Mancanegara", 70),
        ("B. Mancanegara", 80)]
    grand = next(total for total, _ in table.totals["kunjungan"] if total.label == "Jumlah (A+B)")
    assert len(grand.members) == 4


def test_a_remark_between_desasis_a_note_and_no_group() -> None:
    remark = "*Data Puskesmas Wairiang masih menunggu konfirmasi dari bidan koordinator setempat"
    (table,) = tables(
        ["Puskesmas", "Posyandu", "Aktif"],
        ["Lewoleba", 22, 20], ["Hadakewa", 14, 14], [remark], ["Wairiang", 18, 9],
        ["Balauring", 20, 17])
    assert names(table) == ["puskesmas", "posyandu", "aktif"]
    assert table.data.num_rows == 4
    assert "menunggu konfirmasi" in table.about["catatan"]


def test_a_place_called_like_a_sum_stays_a_row_where_codes_come_first() -> None:
    places = [["BAHU", 717101, 1], ["MALALAYANG", 717102, 2]] * 4
    (table,) = tables(
        ["kode", "nama", "nomor"],
        *[[code + at, name, number] for at, (name, code, number) in enumerate(places)],
        [820301, "TAHUNAN", 9],
        *[[code + 20 + at, name, number] for at, (name, code, number) in enumerate(places)])
    assert "TAHUNAN" in table.data["nama"].to_pylist()


def test_kecamatan_tahunan_is_a_place_and_no_sum() -> None:
    (table,) = tables(["Kecamatan", "Desa"], ["Jepara", 16], ["Tahunan", 15], ["Batealit", 11],
                      ["Mlonggo", 8])
    assert "Tahunan" in table.data["kecamatan"].to_pylist()


def test_a_sum_after_a_blank_row_belongs_to_the_table_above_it() -> None:
    (table,) = tables(
        ["No", "Barang", "Tahun Pembelian", "Jumlah", "Harga (Rp)"],
        [1, "Meja", 2019, 4, 900], [2, "Kursi", 2020, 9, 700], [3, "Lemari", 2021, 2, 800],
        [], ["TOTAL", None, None, None, 2400])
    assert table.data.num_rows == 3
    assert [total.label for total, _ in table.totals["harga"]] == ["TOTAL"]


def test_the_sum_of_a_group_is_told_by_the_name_of_the_group() -> None:
    (table,) = tables(
        ["Kecamatan", "Skala", "Status", "Total"],
        ["Bunaken", "Mikro", "Formal", 10], [None, None, "Informal", 20],
        [None, "Kecil", "Formal", 5], [None, None, "Informal", 7],
        [None, "Kecil Total", None, 12], ["Bunaken Total", None, None, 42],
        ["Wenang", "Mikro", "Formal", 8], [None, None, "Informal", 9],
        ["Wenang Total", None, None, 17], ["Grand Total", None, None, 59])
    assert table.data.num_rows == 6
    assert table.data["kecamatan"].to_pylist() == ["Bunaken"] * 4 + ["Wenang"] * 2
    assert [len(total.members) for total, _ in table.totals["total"]] == [2, 4, 2, 6]


def test_a_count_of_what_the_row_above_names_is_no_sum_of_it() -> None:
    (table,) = tables(["Uraian", "Kasus"], ["Desa", 12], ["Jumlah Desa", 40], ["Sekolah", 3])
    assert table.data.num_rows == 3


def test_a_mean_in_two_languages_is_no_month() -> None:
    (table,) = tables(
        ["Bulan/Month", "Hunian"], ["Januari/January", 40], ["Februari/February", 50],
        ["Maret/March", 60], ["Rata-rata/Average", 50])
    assert table.data.num_rows == 3


def test_sums_below_names_of_groups_in_the_column_of_numbers_stay_out() -> None:
    blocks = [[[month], [1, "Kenten", 6, 4], [2, "Dempo", 3, 2], [3, "Plaju", 1, 1],
               [None, "Jumlah", 10, 7]] for month in ("JANUARI", "FEBRUARI", "MARET")]
    (table,) = tables(["No", "Puskesmas", "Rawat Jalan", "Rawat Inap"],
                      *[row for block in blocks for row in block])
    assert "Jumlah" not in table.data["puskesmas"].to_pylist()
    assert table.data["bulan"].to_pylist() == ["JANUARI"] * 3 + ["FEBRUARI"] * 3 + ["MARET"] * 3


def test_what_the_whole_was_in_other_years_is_no_kecamatan() -> None:
    (table,) = tables(
        ["Jumlah Sekolah di Kabupaten Purworejo, 2023/2024"], [],
        ["Kecamatan", "Sekolah"], ["Grabag", 8], ["Ngombol", 7], ["Purwodadi", 9], ["Bagelen", 5],
        ["Kaligesing", 4], ["Kabupaten Purworejo", 33], ["2022/2023", 28], ["2021/2022", 30],
        home="33.06")
    assert table.data["kecamatan"].to_pylist() == ["Grabag", "Ngombol", "Purwodadi", "Bagelen",
                                                     "Kaligesing"]


def test_the_groups_of_a_two_level_column_are_named_by_its_header() -> None:
    sheet: list[list[object]] = []
    for above in wilayah.children("33.06")[:2]:
        desa = wilayah.children(above.code)[:4]
        sheet += [[above.code, above.name, 10 * len(desa)], *([d.code, d.name, 10] for d in desa)]
    (table,) = tables(["KODE", "KECAMATAN/DESA", "JUMLAH KK"], *sheet, home="33.06")
    assert rows(table, "kecamatan", "desa", "jumlah_kk")[0] == (sheet[0][1], sheet[1][1], 10)
    heights = [[*row[:2], 100 + at] for at, row in enumerate(sheet)]
    (register,) = tables(["kode", "nama", "ketinggian"], *heights, home="33.06")
    assert register.data.num_rows == len(sheet)


def test_the_row_of_the_whole_says_where_its_kecamatan_are() -> None:
    (table,) = tables(
        ["Wilayah", "Pelanggan"], ["KOTA BANDUNG", 60], ["Kec. Sukasari", 10],
        ["Kec. Cidadap", 20], ["Kec. Lengkong", 30], home="32")
    assert table.data["kode_wilayah"].to_pylist() == ["32.73.01", "32.73.08", "32.73.13"]
    assert not table.questions


def test_a_kecamatan_called_as_its_kabupaten_is_told_from_the_sum_by_figures() -> None:
    inside = [[each.name, 10 + at, 3] for at, each in enumerate(wilayah.children("74.02")[:6])]
    head = [["Jumlah Desa di Kabupaten Konawe"], [], ["Kecamatan", "Desa", "RW"]]
    whole = ["Konawe", sum(row[1] for row in inside), 18]
    (table,) = tables(*head, *inside, whole, home="74.02")
    assert table.data.num_rows == 6
    (place,) = tables(*head, *inside, ["Konawe", 12, 3], home="74.02")
    assert place.data.num_rows == 7


def test_sums_that_stand_one_column_left_of_their_parts_name_them() -> None:
    body = [[1, "Kota Agung", None, 30, 300], [None, None, "Lele", 10, 100],
            [None, None, "Nila", 20, 200], [2, "Wonosobo", None, 50, 500],
            [None, None, "Lele", 20, 200], [None, None, "Mas", 30, 300]]
    (table,) = tables(["No", "Kecamatan", "Jenis Ikan", "Produksi", "Nilai"], *body)
    assert rows(table, "kecamatan", "jenis_ikan", "produksi") == [
        ("Kota Agung", "Lele", 10), ("Kota Agung", "Nila", 20), ("Wonosobo", "Lele", 20),
        ("Wonosobo", "Mas", 30)]
    assert "no" not in names(table) and "kelompok" not in names(table)


def test_numbers_in_front_of_all_names_are_no_part_of_them() -> None:
    (table,) = tables(["Kabupaten", "Produksi"], ["1. Pesisir Selatan", 10], ["2. Solok", 20],
                      ["3. Sijunjung", 30], home="13")
    assert table.data["kabupaten"].to_pylist() == ["Pesisir Selatan", "Solok", "Sijunjung"]
    assert any("1. Pesisir Selatan menjadi Pesisir Selatan" in change.what.text()
               for change in table.changes)
    (kept,) = tables(["Kelas", "Siswa"], ["1. A", 10], ["1. B", 20], ["2. A", 30], ["2. B", 4])
    assert kept.data["kelas"].to_pylist()[0] == "1. A"


def test_a_name_behind_a_roman_number_names_the_desasbelow_it() -> None:
    inside: list[list[object]] = []
    for roman, above in zip(("I", "II"), wilayah.children("12.01")[:2], strict=True):
        desa = wilayah.children(above.code)[:4]
        inside += [[roman, f"KEC. {above.name.upper()}"],
                   *([at, each.name, 90 + at, 9] for at, each in enumerate(desa, 1))]
    (table,) = tables(["No", "Desa/Kelurahan", "Jumlah KK", "KK Miskin"], *inside, home="12.01")
    assert table.data.num_rows == 8
    assert "kecamatan" in names(table) and table.data["kode_wilayah"].null_count == 0


def test_bare_names_in_the_order_of_codes_are_told_apart_in_a_long_table_too() -> None:
    inside = wilayah.children("13")
    names_of = [each.name.removeprefix("Kabupaten ").removeprefix("Kota ") for each in inside]
    (table,) = tables(["Kabupaten/Kota", "L", "P"],
                      *([name, 10 + at, 20 + at] for at, name in enumerate(names_of)), home="13")
    assert table.data["kode_wilayah"].to_pylist() == [each.code for each in inside for _ in "LP"]
    told = [change.cell for change in table.changes if "Solok (13.02)" in change.what.text()]
    assert len(told) == 1 and "," not in told[0]


def test_desasmade_ready_with_numbers_and_formulas_are_left_out_and_told() -> None:
    (table,) = tables(
        ["No", "Koperasi", "Jenis", "L", "P", "Total"],
        [1, "Maju", "Jasa", 20, 11, 31], [2, "Jaya", "Jasa", 0, 0, 0],
        [3, "Abadi", "Tani", 5, 9, 14],
        [4, None, None, None, None, 0], [5, None, None, None, None, 0],
        [None, "JUMLAH", None, 25, 20, 45])
    assert set(table.data["koperasi"].to_pylist()) == {"Maju", "Jaya", "Abadi"}
    (told,) = [change for change in table.changes if change.step == "kosong"]
    assert (told.count, told.certain) == (2, False)


def test_zeros_below_a_merged_name_are_data() -> None:
    (table,) = tables(
        ["Kelompok", "Tahun", "Kios", "Los"], ["Anyar", 2023, 4, 9], ["Lama", 2023, 7, 2],
        [None, 2024, 0, 0], merged=[(2, 0, 3, 0)])
    assert table.data.num_rows == 3


def test_sums_carried_over_to_the_next_page_are_no_rows() -> None:
    head = ["No", "Kelompok Tani", "Luas", "Anggota"]
    (table,) = tables(
        head, [1, "Maju", 12, 30], [2, "Jaya", 14, 41], [3, "Rukun", 9, 22],
        [None, "Jumlah dipindahkan", 35, 93], head, [None, "Jumlah pindahan", 35, 93],
        [4, "Tani", 11, 25], [5, "Makmur", 8, 19], [None, "JUMLAH", 54, 137])
    assert table.data["kelompok_tani"].to_pylist() == ["Maju", "Jaya", "Rukun", "Tani", "Makmur"]


def test_a_sum_without_a_number_is_told_by_its_figures_whatever_it_is_called() -> None:
    head = ["No", "Desa", "Bayi", "Balita"]
    desas = [[1, "Bulak", 40, 90], [2, "Kedung", 31, 77], [3, "Panggung", 28, 81]]
    (table,) = tables(head, *desas, [None, "Puskesmas", 99, 248])
    assert table.data["desa"].to_pylist() == ["Bulak", "Kedung", "Panggung"]
    (other,) = tables(head, *desas, [None, "Puskesmas", 99, 201])
    assert other.data.num_rows == 4


def test_groups_over_letters_are_found_where_the_sum_stands_over_the_numbers() -> None:
    (table,) = tables(
        ["No", "Jenis", "Umum", "Dinas"],
        [1, "Mobil", 30, 12], [None, "a. Sedan", 10, 5], [None, "b. Jeep", 20, 7],
        [2, "Bus", 9, 4], [None, "a. Kecil", 5, 3], [None, "b. Besar", 4, 1],
        ["Jumlah", None, 39, 16])
    assert table.data["kelompok"].to_pylist() == ["Mobil", "Mobil", "Bus", "Bus"]


def test_the_first_part_of_a_code_in_several_columns_is_no_number_of_rows() -> None:
    (table,) = tables(
        ["Kode", None, None, "Uraian", "Anggaran"],
        ["1", None, None, "PENDAPATAN", 500], ["1", "1", None, "PAD", 100],
        ["1", "1", "1", "Hasil Usaha", 60], ["1", "1", "2", "Hasil Aset", 40],
        ["1", "2", None, "Transfer", 400], ["2", None, None, "BELANJA", 450],
        merged=[(0, 0, 0, 2)])
    assert table.data["kode"].to_pylist() == ["1", "1", "1", "1", "1", "2"]


def test_the_last_name_of_a_list_without_figures_stays_a_row() -> None:
    (table,) = tables(
        ["Jenis", "PKH", "BPNT", "PBI"], ["A", 4, 5, 6], ["B", 7, 8, 9], ["(kosong)"],
        ["Total Hasil", 11, 13, 15])
    assert table.data["jenis"].to_pylist() == ["A", "B", "(kosong)"]


def test_groups_numbered_in_roman_keep_their_names() -> None:
    (table,) = tables(
        ["No", "Uraian", "Anggaran", "Realisasi"],
        ["I", "PENDAPATAN", 900, 880], ["1", "PAD", 200, 190], ["2", "Transfer", 700, 690],
        ["II", "BELANJA", 950, 900], ["1", "Operasi", 600, 580], ["2", "Modal", 350, 320])
    assert rows(table, "kelompok", "uraian") == [
        ("PENDAPATAN", "PAD"), ("PENDAPATAN", "Transfer"),
        ("BELANJA", "Operasi"), ("BELANJA", "Modal")]


def test_what_is_said_below_the_sum_of_days_is_no_day() -> None:
    (table,) = tables(
        ["Tanggal", "Curah Hujan", "Penguapan"], [1, 4, 2], [2, 9, 3], [3, 1, 5], [4, 0, 2],
        ["Jumlah", 14, 12], ["Hari Hujan", 3, 0])
    assert table.data["tanggal"].to_pylist() == [1, 2, 3, 4]


def test_a_kind_that_is_called_pindahan_stays_a_row() -> None:
    (table,) = tables(
        ["Asal Siswa", "Laki", "Wanita"], ["Baru", 30, 28], ["Mengulang", 2, 1],
        ["Pindahan", 3, 4], ["Jumlah", 35, 33])
    assert "Pindahan" in table.data["asal_siswa"].to_pylist()


def test_a_short_list_of_words_is_a_table_where_there_is_no_other() -> None:
    words = ["Komoditas", "Produksi"], ["Padi", "1.200 kg"], ["Jagung", "1,2 ton"]
    (table,) = tables(*words)
    assert rows(table) == [("Padi", "1.200 kg"), ("Jagung", "1,2 ton")]
    assert tables(["Judul", "Data Padi"], ["Produsen Data", "Dinas Pertanian"],
                  ["Satuan", "ton"]) == []


def test_a_sheet_of_which_nothing_is_read_says_so() -> None:
    printed = sheet(["KECAMATAN      PENDUDUK"], ["Bayat            6.120"], ["Cawas 5.870"],
                    ["Trucuk           7.001"])
    assert tidy(RawFile("cetak.xlsx", "xlsx", [printed])) == []
    assert "Lembar1" in printed.remarks[0].text()
    titled = sheet(["LAPORAN"], ["Tahun 2025"])
    assert tidy(RawFile("kosong.xlsx", "xlsx", [titled])) == []
    assert not titled.remarks


def test_the_sum_of_a_span_of_years_is_no_year() -> None:
    years = [[2021, 10, 7], [2022, 14, 9], [2023, 12, 8]]
    (table,) = tables(["Tahun", "Produksi", "Luas"], *years, ["2021-2023", 36, 24])
    assert rows(table) == [tuple(row) for row in years]
