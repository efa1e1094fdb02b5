"""Workbooks of regencies and villages: by kecamatan, desa, kelurahan."""
from __future__ import annotations

from typing import Any

from expected.kit import (
    KODE_WILAYAH,
    Col,
    Expected,
    Finding,
    Rows,
    Shape,
    Table,
    below,
    children,
    figures,
    plain,
    sheet,
    text,
    texts,
    thousands,
)

# --- Water connections of Jember: more connections than households ---------------------------

_WATER = "xlsx/jember_air_minum.xlsx"


def _water() -> Rows:
    page = sheet(_WATER, "Sheet1 (2)")
    names = texts(page.col("B", 2, 32))
    return {"kode_wilayah": below("35.09", names), "kecamatan": names,
            "jumlah_kk": figures(page.col("C", 2, 32)),
            "jumlah_sambungan_rumah": figures(page.col("D", 2, 32)),
            "jumlah_sambungan_rumah_sr_melalui_pdam": figures(page.col("E", 2, 32)),
            "total_sambungan_rumah": figures(page.col("F", 2, 32))}


WATER = Expected(
    _WATER, "No dropped; no title names the regency: its 31 kecamatan prove it; “(SR)” is an"
    " abbreviation, no unit; header padded with blanks; F = D + E; four kecamatan have more"
    " connections than households",
    (Table((Shape((
        KODE_WILAYAH, Col("kecamatan", "string", "B Kecamatan"),
        Col("jumlah_kk", "integer", "C Jumlah KK"),
        Col("jumlah_sambungan_rumah", "integer", "D", also=("jumlah_sambungan_rumah_sr",)),
        Col("jumlah_sambungan_rumah_sr_melalui_pdam", "integer", "E",
            also=("jumlah_sambungan_rumah_melalui_pdam",)),
        # A total column of a wide table: kept as a column, or set apart to check the sums.
        Col("total_sambungan_rumah", "integer", "F TOTAL … (SR)", optional=True,
            also=("total_sambungan_rumah_sr",)),
    ), _water, 31, {
        (1, "jumlah_kk"): 17022, (1, "jumlah_sambungan_rumah_sr_melalui_pdam"): None,
        (5, "jumlah_sambungan_rumah"): 25172, (1, "kode_wilayah"): "35.09.01",
        (-1, "kecamatan"): "SUMBERJAMBE", (-1, "jumlah_sambungan_rumah"): 28021,
    }),), "Sheet1 (2)", "A1:F32", body="rows 2-32; E is missing for 18 kecamatan, not 0"),),
    findings=(
        Finding("part|bagian|whole", "Umbulsari, Sumbersari, Jelbuk, Sumberjambe have more"
                " connections than households", rows=(5, 21, 25, 31)),
        Finding("sum|total", "F = D + E in every row", never=True),
    ),
    blocks=None,
)

# --- RT and RW of Cicalengka: a spreadsheet written by a program -----------------------------

_RT = "xlsx/cicalengka_rt_rw_2024.xlsx"


def _rt() -> Rows:
    page = sheet(_RT, "Sheet1")
    made: dict[str, list[Any]] = {
        name: texts(page.col(letter, 5, 14)) for name, letter in (
            ("kode", "B"), ("nama", "C"), ("status_pemeritahan", "D"), ("nama_kecamatan", "E"),
            ("nama_kota_kab", "F"), ("satuan_rt", "H"), ("satuan_rw", "J"))}
    made["jumlah_rt"] = figures(page.col("G", 5, 14))
    made["jumlah_rw"] = figures(page.col("I", 5, 14))
    return made


RT = Expected(
    _RT, "“Unnamed: 6_level_0” of a program is no header; header of three rows with NILAI/SATUAN"
    " pairs; column A an unnamed index; kode 3204252001 stored as a number is text; unlabelled"
    " total row whose unit cell repeats the total",
    (Table((Shape((
        Col("kode", "string", "B KODE"), Col("nama", "string", "C NAMA"),
        Col("status_pemeritahan", "string", "D"), Col("nama_kecamatan", "string", "E"),
        Col("nama_kota_kab", "string", "F"),
        # “JUMLAH JUMLAH RT / NILAI”: saying the word twice, or NILAI, adds nothing.
        Col("jumlah_rt", "integer", "G", "rt", also=(
            "jumlah_jumlah_rt", "jumlah_rt_nilai", "jumlah_jumlah_rt_nilai")),
        # A unit of its own column stays a column, or becomes the unit of the measure.
        Col("satuan_rt", "string", "H", optional=True, also=(
            "jumlah_rt_satuan", "jumlah_jumlah_rt_satuan", "satuan")),
        Col("jumlah_rw", "integer", "I", "rw", also=(
            "jumlah_jumlah_rw", "jumlah_rw_nilai", "jumlah_jumlah_rw_nilai")),
        Col("satuan_rw", "string", "J", optional=True, also=(
            "jumlah_rw_satuan", "jumlah_jumlah_rw_satuan", "satuan_2")),
    ), _rt, 10, {
        (1, "kode"): "3204252001", (1, "jumlah_rt"): 31, (8, "jumlah_rt"): 0,
        (-1, "nama"): "NAGROG", (-1, "jumlah_rw"): 18,
    }, {"jumlah_rt": 432, "jumlah_rw": 127}),), "Sheet1", "A2:J16",
        "JUMLAH KELEMBAGAAN MASYARAKAT RT/RW DI KECAMATAN CICALENGKA",
        {"judul": "RT/RW DI KECAMATAN CICALENGKA"},
        "rows 5-14; row 15 is empty but for the index; row 16 is the total (432, 127)"),),
    findings=(Finding("sum|total", "the totals are right", never=True),),
)

# --- Population of Kabupaten Bandung: a thousands dot that became a decimal ------------------

_DKB = "xlsx/kabbandung_satudata_penduduk_dkb.xlsx"
_DKB_MEASURE = "data_konsolidasi_bersih_dari_kemandagri"


def _dkb_years() -> Rows:
    page = sheet(_DKB, "Series Column")
    return {"tahun": figures(page.row(1, "B", "G")),
            _DKB_MEASURE: [thousands(cell) for cell in page.row(2, "B", "G")]}


def _dkb_years_labelled() -> Rows:
    made = _dkb_years()
    return {"uraian": [text(sheet(_DKB, "Series Column")["A2"])] * 6, "tahun": made["tahun"],
            "nilai": made[_DKB_MEASURE]}


def _dkb() -> Rows:
    """Every figure times 1,000: the sums by year are those of the sheet Series Column."""
    page = sheet(_DKB, "Series Row")
    return {
        "kode_wilayah": [str(code).replace(" ", "") for code in page.col("B", 2, 187)],
        "wilayah": texts(page.col("C", 2, 187)), "tahun": figures(page.col("D", 2, 187)),
        "data_penduduk_hasil_konsolidasi_bersih": [round(value * 1000) for value in
                                                   page.col("E", 2, 187)]}


DKB = Expected(
    _DKB, "sheet Metadata is no table but pairs of words and values; Series Column: years as"
    " columns, “3.535.992” as text; Series Row: 50.36 is 50,360, proved by the yearly sums of the"
    " other sheet; “32. 04. 05” loses its blanks; Ciwidey 2023 (9,074 after 89,565) is flagged and"
    " kept",
    (
        Table((
            Shape((Col("tahun", "year", "B1:G1"),
                   Col(_DKB_MEASURE, "integer", "A2", also=("nilai",))), _dkb_years, 6, {
                (1, "tahun"): 2018, (1, _DKB_MEASURE): 3535992, (-1, _DKB_MEASURE): 3449868},
                key=("tahun",)),
            Shape((Col("uraian", "string", "A2", also=("indikator", "keterangan", "data", "nama",
                                                       "variabel", "kategori", "tahun_*")),
                   Col("tahun", "year", "B1:G1", also=("tahun_2",)), Col("nilai", "integer")),
                  _dkb_years_labelled, 6, key=("tahun",),
                  note="the one label may stay a column of its own"),
        ), "Series Column", "A1:G2", body="row 2, columns B-G melted"),
        Table((Shape((
            Col("kode_wilayah", "string", "B Kode Wilayah"), Col("wilayah", "string", "C"),
            Col("tahun", "year", "D"),
            Col("data_penduduk_hasil_konsolidasi_bersih", "integer", "E"),
        ), _dkb, 186, {
            (1, "kode_wilayah"): "32.04.05", (1, "wilayah"): "CILEUNYI",
            (1, "data_penduduk_hasil_konsolidasi_bersih"): 167228,
            (3, "data_penduduk_hasil_konsolidasi_bersih"): 50360,
            (5, "data_penduduk_hasil_konsolidasi_bersih"): 118040,
            (183, "data_penduduk_hasil_konsolidasi_bersih"): 9074,
            (-1, "data_penduduk_hasil_konsolidasi_bersih"): 110095,
        }, {"data_penduduk_hasil_konsolidasi_bersih": 21472376}),), "Series Row", "A1:E187",
            body="rows 2-187; A (No) is a row number"),
    ),
    findings=(Finding("jump|lonjak|outlier|factor|series|deret", "Ciwidey 2023 is a tenth of its"
                      " own past", rows=(183,), table=2),),
    corrections={2: {"answers": {"skala": "ribu"}}},
)

# --- Stunting by kelurahan of Kota Bandung ---------------------------------------------------

_STUNTING = "xlsx/kotabandung_stunting_kelurahan.xlsx"


def _stunting() -> Rows:
    page = sheet(_STUNTING, "data")
    districts, villages = texts(page.col("A", 2, 605)), texts(page.col("B", 2, 605))
    known = children("32.73")
    # “HUSEN” for Husein: one letter off within its kecamatan; the code, or none, is right.
    slip = ("32.73.06.1001", None)
    codes = [children(known[plain(str(district))]).get(plain(str(village)), slip)
             for district, village in zip(districts, villages, strict=True)]
    return {"namakec": districts, "kode_wilayah": codes, "namakel": villages,
            "keterangan": texts(page.col("C", 2, 605)),
            "jumlah_balita": figures(page.col("D", 2, 605)),
            "tahun": figures(page.col("E", 2, 605))}


STUNTING = Expected(
    _STUNTING, "clean; kelurahan get codes by their kecamatan (names without title or regency);"
    " in Sarijadi more are measured than there are",
    (Table((Shape((
        Col("namakec", "string", "A"), KODE_WILAYAH, Col("namakel", "string", "B"),
        Col("keterangan", "string", "C"), Col("jumlah_balita", "integer", "D"),
        Col("tahun", "year", "E"),
    ), _stunting, 604, {
        (1, "namakel"): "SUKARASA", (1, "jumlah_balita"): 544,
        (2, "keterangan"): "JUMLAH BALITA DIUKUR", (-1, "jumlah_balita"): 35, (1, "tahun"): 2023,
    }),), "data", "A1:E605", body="rows 2-605"),),
    findings=(Finding("part|bagian|whole", "SARIJADI: more balita measured than there are"),),
    blocks=None,
)

FILES = [WATER, RT, DKB, STUNTING]
