"""Rows of a sheet: blocks, sums, rates and names said once, each taken for what it is."""
from __future__ import annotations

from sheets_from_lists import names, rows, tables


def test_a_year_alone_in_its_row_is_the_year_of_the_rows_below_it() -> None:
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


def test_rows_that_add_up_the_rows_below_them_are_sums_and_name_their_group() -> None:
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


def test_a_remark_between_rows_is_a_note_and_no_group() -> None:
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
