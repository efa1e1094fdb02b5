"""Three workbooks of Kota Bandar Lampung: sheets made for printing, several tables on a sheet."""
from __future__ import annotations

from collections.abc import Sequence

from expected.kit import (
    KODE_WILAYAH,
    Col,
    Expected,
    Finding,
    Rows,
    Shape,
    Table,
    below,
    figures,
    sheet,
    texts,
)

# --- Vehicle tests: three sheets, one of them with two tables --------------------------------

_CARS = "xlsx/bandarlampung_dinas_perhubungan.xlsx"


def _cars_by_month() -> Rows:
    page = sheet(_CARS, "Sheet1")
    return {"bulan": texts(page.col("B", 5, 16)),
            "jumlah_kendaraan_yang_diuji": figures(page.col("C", 5, 16)),
            "jumlah_biaya_pengujian": figures(page.col("D", 5, 16))}


def _cars_by_kind(first: int, last: int) -> Rows:
    page = sheet(_CARS, "Sheet2")
    return {"jenis_kendaraan": texts(page.col("C", first, last)),
            "jumlah": figures(page.col("D", first, last))}


def _cars_by_month_and_kind() -> Rows:
    page = sheet(_CARS, "Sheet3")
    kinds = texts(page.row(4, "D", "F"))
    return {"bulan": [month for month in texts(page.col("C", 5, 16)) for _ in kinds],
            "jenis_kendaraan": kinds * 12,
            "nilai": [value for row in range(5, 17) for value in figures(page.row(row, "D", "F"))]}


_KINDS = (Col("jenis_kendaraan", "string", "C JENIS KENDARAAN"),
          Col("jumlah", "integer", "D JUMLAH: the measure itself, no total of others"))

CARS = Expected(
    _CARS, "title row merged and unmerged, tables not at A1, JUMLAH rows; Sheet2 holds two tables"
    " under the words UMUM and BUKAN UMUM; Sheet3 kinds as columns under a merged header",
    (
        Table((Shape((
            Col("bulan", "string", "B BULAN"),
            Col("jumlah_kendaraan_yang_diuji", "integer", "C"),
            Col("jumlah_biaya_pengujian", "integer", "D"),
        ), _cars_by_month, 12, {
            (1, "bulan"): "JANUARI", (1, "jumlah_kendaraan_yang_diuji"): 1420,
            (-1, "jumlah_biaya_pengujian"): 157357500,
        }, {"jumlah_kendaraan_yang_diuji": 16112, "jumlah_biaya_pengujian": 2046649150}),),
            "Sheet1", "B4:D17", "JUMLAH KENDARAAN BERMOTOR WAJIB UJI DAN JUMLAH BIAYA PENGUJIAN DI"
            " KOTA BANDAR LAMPUNG TAHUN 2022", {"judul": "WAJIB UJI", "tahun": "2022"},
            "rows 5-16; row 17 (JUMLAH) is the total"),
        Table((Shape(_KINDS, lambda: _cars_by_kind(6, 12), 7, {
            (1, "jumlah"): 6643, (2, "jumlah"): 0, (-1, "jenis_kendaraan"): "GANDENGAN/TEMPELAN",
        }, {"jumlah": 7908}),), "Sheet2", "B5:D12", "UMUM", {"judul": "UMUM"}, "rows 6-12"),
        Table((Shape(_KINDS, lambda: _cars_by_kind(16, 21), 6, {
            (1, "jumlah"): 3125, (-1, "jumlah"): 0, (3, "jenis_kendaraan"): "MOBIL TANKI",
        }, {"jumlah": 8204}),), "Sheet2", "B15:D21", "BUKAN UMUM", {"judul": "BUKAN UMUM"},
            "rows 16-21"),
        Table((Shape((
            Col("bulan", "string", "C BULAN"), Col("jenis_kendaraan", "string", "D3:F3 merged"),
            Col("nilai", "integer", "D5:F16; nothing on the sheet names the measure"),
        ), _cars_by_month_and_kind, 36, {
            (1, "nilai"): 1315, (2, "jenis_kendaraan"): "BUS", (-1, "nilai"): 26,
        }, {"nilai": 16112}, key=("jenis_kendaraan",)),), "Sheet3", "C3:F17",
            body="rows 5-16, columns D-F melted; row 17 is the total"),
    ),
    findings=(Finding("sum|total|jumlah", "every total is right", never=True),),
)

# --- Roads: three tables stacked on one sheet ------------------------------------------------

_ROADS = "xlsx/bandarlampung_dinas_pu_2023.xlsx"


def _roads(row: int, header: int, dimension: str, measure: str) -> Rows:
    page = sheet(_ROADS, "Sheet1")
    return {"tahun": [page[f"A{row}"]] * 4, dimension: texts(page.row(header, "B", "E")),
            measure: figures(page.row(row, "B", "E"))}


def _flyovers() -> Rows:
    page = sheet(_ROADS, "Sheet1")
    return {"nama_fly_over": texts(page.col("B", 19, 30)),
            "ukuran_fly_over": texts(page.col("C", 19, 30)),
            "kondisi_fly_over": texts(page.col("D", 19, 30)),
            "tahun_pembuatan": figures(page.col("E", 19, 30))}


#: The title begins with the measure; how much of it follows is taste.
_LENGTH: Sequence[str] = ("panjang_jalan_*", "panjang")

ROADS = Expected(
    _ROADS, "three stacked tables with numbered titles and merged headers; lengths in km with three"
    " decimals that are no thousands; one empty figure; total columns; “650 x 12” stays text",
    (
        Table((Shape((
            Col("tahun", "year", "A Tahun"), Col("kondisi", "string", "B6:E6 Kondisi (Km)"),
            Col("panjang_jalan", "number", "B8:E8", ("km", "Km"), also=tuple(_LENGTH)),
        ), lambda: _roads(8, 7, "kondisi", "panjang_jalan"), 4, {
            (1, "kondisi"): "Baik", (1, "panjang_jalan"): 1162.657,
            (2, "kondisi"): "Sedang", (-1, "panjang_jalan"): 29.645,
        }, {"panjang_jalan": 1556.216}, key=("kondisi",)),), "Sheet1", "A6:F8",
            "1. Panjang Jalan di Kota Bandar Lampung Tahun s.d Februari 2023",
            {"judul": "Panjang Jalan"}, "row 8, columns B-E melted; F (Jumlah) is the total"),
        Table((Shape((
            Col("tahun", "year", "A Tahun"),
            Col("jenis_permukaan_jalan", "string", "B13:E13"),
            # Here the title begins with the dimension: no name of the measure is beyond doubt.
            Col("panjang_jalan", "number", "B15:E15", ("km", "Km"),
                also=(*_LENGTH, "nilai", "jenis_permukaan_jalan_menurut_panjang_jalan*")),
        ), lambda: _roads(15, 14, "jenis_permukaan_jalan", "panjang_jalan"), 4, {
            (1, "jenis_permukaan_jalan"): "Beton", (1, "panjang_jalan"): 11.468,
            (2, "panjang_jalan"): 1523.33, (-1, "panjang_jalan"): None,
        }, {"panjang_jalan": 1556.216}, key=("jenis_permukaan_jalan",)),), "Sheet1", "A13:F15",
            "2. Jenis Permukaan Jalan Menurut Panjang Jalan (Aspal, Kerikil,Tanah, lainnya) Tahun"
            " s.d Februari 2023", {"judul": "Jenis Permukaan Jalan"},
            "row 15, columns B-E melted; F (Jumlah) is the total; Tanah is missing, not 0"),
        Table((Shape((
            Col("nama_fly_over", "string", "B"),
            Col("ukuran_fly_over", "string", "C Ukuran Fly Over (Meter)", ("meter", "Meter", "m")),
            Col("kondisi_fly_over", "string", "D"), Col("tahun_pembuatan", "year", "E"),
        ), _flyovers, 12, {
            (1, "ukuran_fly_over"): "650 x 12", (4, "ukuran_fly_over"): "278,85 x 10",
            (10, "nama_fly_over"): "Fly Over Jalan Untung Surapati - Ra Basyid",
            (-1, "tahun_pembuatan"): 2020,
        }),), "Sheet1", "A18:E30",
            "3. Jumlah Pembangunan Fly Over dan Under Pass tahun s.d Februari 2023",
            {"judul": "Fly Over"}, "rows 19-30; A (No) is a row number"),
    ),
)

# --- Welfare register by kecamatan -----------------------------------------------------------

_DTKS = "xlsx/bandarlampung_dinas_sosial_2023.xlsx"


def _dtks() -> Rows:
    page = sheet(_DTKS, "Sheet1")
    names = texts(page.col("C", 6, 25))
    return {"kode_wilayah": below("18.71", names), "kecamatan": names,
            "jumlah_individu": figures(page.col("D", 6, 25)),
            "jumlah_keluarga": figures(page.col("E", 6, 25))}


DTKS = Expected(
    _DTKS, "three merged title rows name the kota; table at B5; No dropped; JUMLAH row with a"
    " merged label; names without the blanks of the list (TANJUNGKARANG)",
    (Table((Shape((
        KODE_WILAYAH, Col("kecamatan", "string", "C KECAMATAN"),
        Col("jumlah_individu", "integer", "D"), Col("jumlah_keluarga", "integer", "E"),
    ), _dtks, 20, {
        (1, "kode_wilayah"): "18.71.01", (3, "kode_wilayah"): "18.71.03",
        (-1, "kode_wilayah"): "18.71.20", (8, "jumlah_keluarga"): 839,
        (-1, "jumlah_individu"): 36317,
    }, {"jumlah_individu": 491211, "jumlah_keluarga": 161542}),), "Sheet1", "B5:E26",
        "JUMLAH DATA TERPADU KESEJAHTERAAN SOSIAL DI KOTA BANDAR LAMPUNG",
        {"judul": "KESEJAHTERAAN SOSIAL", "tahun": "2023"},
        "rows 6-25; row 26 (JUMLAH) is the total"),),
    findings=(Finding("sum|total|jumlah", "the totals are right", never=True),),
)

FILES = [CARS, ROADS, DTKS]
