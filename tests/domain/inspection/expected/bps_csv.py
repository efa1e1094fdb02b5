"""Tables of BPS as their site exports them (dynamic tables), and one of BRS."""
from __future__ import annotations

from expected.kit import (
    KODE_WILAYAH,
    Ask,
    Col,
    Expected,
    Finding,
    Rows,
    Shape,
    Table,
    cols,
    figure,
    figures,
    grid,
    provinces,
    regency,
    text,
    texts,
)

_MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus",
           "September", "Oktober", "November", "Desember")


# --- Banten: body rows 2-9, row 10 is the province, notes from row 12 ------------------------

def _banten() -> Rows:
    sheet = grid("csv/banten_penduduk_kabkota_2025.csv")
    names = texts(sheet.col("A", 2, 9))
    return {
        "kode_wilayah": [regency("36", str(name)) for name in names],
        "kabupaten_kota": names,
        "jumlah_penduduk": figures(sheet.col("B", 2, 9)),
        "laju_pertumbuhan_penduduk_per_tahun": figures(sheet.col("C", 2, 9)),
        "persentase_penduduk": figures(sheet.col("D", 2, 9)),
        "kepadatan_penduduk_per_km_persegi": figures(sheet.col("E", 2, 9)),
        "rasio_jenis_kelamin_penduduk": figures(sheet.col("F", 2, 9)),
    }


BANTEN = Expected(
    "csv/banten_penduduk_kabkota_2025.csv",
    "province row below its regencies is a total; notes with HTML below; unit ribu in a header;"
    " “Serang” is the kabupaten beside “Kota Serang”",
    (Table((Shape((
        KODE_WILAYAH,
        Col("kabupaten_kota", "string", "A Kabupaten/Kota"),
        Col("jumlah_penduduk", "number", "B Jumlah Penduduk (Ribu)",
            ("ribu", "ribu orang", "ribu jiwa")),
        Col("laju_pertumbuhan_penduduk_per_tahun", "number", "C"),
        Col("persentase_penduduk", "number", "D", (None, "persen")),
        # The bracket repeats in short what the words before it say: a unit, or part of the name.
        Col("kepadatan_penduduk_per_km_persegi", "integer", "E … per km persegi (Km2)",
            also=("kepadatan_penduduk_per_km_persegi_km2",)),
        Col("rasio_jenis_kelamin_penduduk", "number", "F"),
    ), _banten, 8, {
        (1, "kode_wilayah"): "36.01", (4, "kode_wilayah"): "36.04", (7, "kode_wilayah"): "36.73",
        (1, "jumlah_penduduk"): 1338.4, (-1, "kabupaten_kota"): "Kota Tangerang Selatan",
        (5, "kepadatan_penduduk_per_km_persegi"): 11055,
    }, {"jumlah_penduduk": 12537.6}),), range="A1:F10",
        about={"catatan": "Hasil Proyeksi Penduduk Indonesia"},
        body="rows 2-9; row 10 (Banten) is the total; rows 11-15 are notes"),),
    findings=(Finding("sum|total|jumlah", "12,537.6 against 12,537.4 is rounding", never=True),
              Finding("percent", "the share of the total row never counts", never=True)),
)


# --- Kemiskinan: measure and month in one header ---------------------------------------------

def _poverty(file: str, last: int, columns: dict[str, str]) -> Rows:
    """Wide: as the columns stand, the row after ``last`` (Indonesia) left out."""
    sheet = grid(file)
    names = texts(sheet.col("A", 2, last))
    made: dict[str, list[object]] = {
        "kode_wilayah": list(provinces([str(name) for name in names])), "provinsi": list(names)}
    for letter, name in columns.items():
        made[name] = list(figures(sheet.col(letter, 2, last), ("...",)))
    return made


def _poverty_long(file: str, last: int, pairs: dict[str, tuple[str, str]]) -> Rows:
    """Long: a row per province and month, a column per measure."""
    sheet = grid(file)
    names = texts(sheet.col("A", 2, last))
    codes = provinces([str(name) for name in names])
    made: dict[str, list[object]] = {
        "kode_wilayah": [code for code in codes for _ in range(2)],
        "provinsi": [name for name in names for _ in range(2)],
        "bulan": ["Maret", "September"] * len(names)}
    for measure, (march, september) in pairs.items():
        both = zip(figures(sheet.col(march, 2, last), ("...",)),
                   figures(sheet.col(september, 2, last), ("...",)), strict=True)
        made[measure] = [value for pair in both for value in pair]
    return made


def _poverty_file(year: int, last: int, measures: dict[str, tuple[str, str, str, str | None]],
                  spots: dict[tuple[int, str], object], asks: tuple[Ask, ...] = ()) -> Expected:
    file = f"csv/bps_kemiskinan_provinsi_{year}.csv"
    pairs = {name: (march, september) for name, (march, september, _, _) in measures.items()}
    wide = {march: f"{name}_maret" for name, (march, _, _, _) in measures.items()}
    wide |= {september: f"{name}_september" for name, (_, september, _, _) in measures.items()}
    wide = dict(sorted(wide.items()))
    units = {name: unit for name, (_, _, _, unit) in measures.items()}
    kinds = {name: kind for name, (_, _, kind, _) in measures.items()}
    n = last - 1
    return Expected(
        file, "measure and month share one header (“… - Maret (ribu) (Ribu)”), unit twice; the row"
        " Indonesia is a total" + ("; “...” asked" if asks else ""),
        (Table((
            Shape((KODE_WILAYAH, Col("provinsi", "string", "A Provinsi"),
                   Col("bulan", "string", "from the headers B…"),
                   *(Col(name, kinds[name], f"{pairs[name][0]} and {pairs[name][1]}", units[name])
                     for name in pairs)),
                  lambda: _poverty_long(file, last, pairs), n * 2, spots,
                  key=("bulan",), note="months leave the headers, as years do"),
            Shape((KODE_WILAYAH, Col("provinsi", "string", "A Provinsi"),
                   *(Col(wide[letter], kinds[wide[letter].rpartition("_")[0]], letter,
                         units[wide[letter].rpartition("_")[0]]) for letter in wide)),
                  lambda: _poverty(file, last, wide), n,
                  note="one header row of good names, typed: unchanged is right too"),
        ), range=f"A1:{'E' if year == 2015 else 'G'}{last + 1}", about={},
            body=f"rows 2-{last}; row {last + 1} (Indonesia) is the total", asks=asks),),
    )


POVERTY_2015 = _poverty_file(2015, 35, {
    "jumlah_penduduk_miskin": ("B", "C", "number", "ribu"),
    "persentase_penduduk_miskin": ("D", "E", "number", None),
}, {(1, "jumlah_penduduk_miskin"): 851.59, (2, "jumlah_penduduk_miskin"): 859.41,
    (-1, "persentase_penduduk_miskin"): 28.4, (1, "kode_wilayah"): "11",
    (-1, "kode_wilayah"): "91"})

POVERTY_2024 = _poverty_file(2024, 39, {
    "garis_kemiskinan": ("B", "C", "integer", "Rp"),
    "jumlah_penduduk_miskin": ("D", "E", "number", "ribu"),
    "persentase_penduduk_miskin": ("F", "G", "number", None),
}, {(1, "garis_kemiskinan"): 661227, (2, "persentase_penduduk_miskin"): 12.64,
    (-1, "garis_kemiskinan"): None, (-1, "jumlah_penduduk_miskin"): None,
    (-1, "kode_wilayah"): "95", (68, "kode_wilayah"): "96"},
    # Three provinces, two measures, September: asked once per measure.
    asks=(Ask("tanda", "...", 6, most=2, answer="belum_tersedia"),))


# --- Passengers: five header rows, two directions, twelve months and a yearly column ---------

_AIR = "csv/bps_penumpang_pesawat_2024.csv"
_GROUPS = {"Keberangkatan pada Penerbangan Domestik": ("B", "M"),
           "Keberangkatan pada Penerbangan Internasional": ("O", "Z")}


def _air_long() -> Rows:
    """Rows 6-11, columns B-M and O-Z; N and AA (Tahunan) and row 12 (TOTAL) stay out."""
    sheet = grid(_AIR)
    made: dict[str, list[object]] = {name: [] for name in (
        "bandara_utama_domestik", "penerbangan", "tahun", "bulan",
        "jumlah_penumpang_pesawat_di_bandara_utama")}
    for row in range(6, 12):
        for group, (first, last) in _GROUPS.items():
            for month, cell in zip(_MONTHS, sheet.row(row, first, last), strict=True):
                for name, value in zip(made, (text(sheet.at(row, 0)), group, 2024, month,
                                              figure(cell, ("-",))), strict=True):
                    made[name].append(value)
    return made


def _air_two_measures() -> Rows:
    sheet = grid(_AIR)
    made: dict[str, list[object]] = {
        "bandara_utama_domestik": [text(sheet.at(row, 0)) for row in range(6, 12)
                                   for _ in _MONTHS],
        "tahun": [2024] * 72, "bulan": list(_MONTHS) * 6}
    for name, (first, last) in zip(("keberangkatan_pada_penerbangan_domestik",
                                    "keberangkatan_pada_penerbangan_internasional"),
                                   _GROUPS.values(), strict=True):
        made[name] = [figure(cell, ("-",)) for row in range(6, 12)
                      for cell in sheet.row(row, first, last)]
    return made


AIR = Expected(
    _AIR, "five header rows (stub, title, direction, year, month), yearly columns and TOTAL row of"
    " signs only; “Bandara Lainnya” is data; airports are no areas",
    (Table((
        Shape((
            Col("bandara_utama_domestik", "string", "A1"),
            # No header names this dimension: any name that a reader understands is right.
            Col("penerbangan", "string", "row 3", also=("kategori", "kelompok", "jenis*",
                                                        "keberangkatan*", "uraian", "rincian",
                                                        "arah*", "asal*", "dimensi*")),
            Col("tahun", "year", "row 4"), Col("bulan", "string", "row 5"),
            # “di Bandara Utama” may stay or go: the table says which airports it means.
            Col("jumlah_penumpang_pesawat_di_bandara_utama", "integer", "row 2 (Orang)",
                ("orang", "Orang"), also=("jumlah_penumpang_pesawat",)),
        ), _air_long, 144, {
            (1, "bulan"): "Januari", (1, "jumlah_penumpang_pesawat_di_bandara_utama"): 225772,
            (12, "jumlah_penumpang_pesawat_di_bandara_utama"): None,
            (-1, "bandara_utama_domestik"): "Bandara Lainnya",
        }, {"jumlah_penumpang_pesawat_di_bandara_utama": 46337479},
            key=("penerbangan", "bulan")),
        Shape((
            Col("bandara_utama_domestik"), Col("tahun", "year"), Col("bulan"),
            Col("keberangkatan_pada_penerbangan_domestik", "integer", unit="orang"),
            Col("keberangkatan_pada_penerbangan_internasional", "integer", unit="orang"),
        ), _air_two_measures, 72, key=("bulan",),
            note="the header above the months names the measure: one column each"),
    ), range="A1:AA12", title="Jumlah Penumpang Pesawat di Bandara Utama",
        about={"judul": "Jumlah Penumpang Pesawat di Bandara Utama"},
        body="rows 6-11; row 12 (TOTAL) and columns N, AA (Tahunan) are totals",
        asks=(Ask("tanda", "-", None, most=2, answer="belum_tersedia"),)),),
    findings=(
        Finding("jump|lonjak|outlier|factor|series", "Juanda fell from 441,084 to 39,984 in"
                " November: a figure of about a tenth of its neighbours"),
    ),
)


# --- Crime by police region ------------------------------------------------------------------

def _crime() -> Rows:
    sheet = grid("csv/bps_tindak_pidana_polda_2023.csv")
    return {"kepolisian_daerah": texts(sheet.col("A", 4, 37)), "tahun": [2023] * 34,
            "jumlah_tindak_pidana_menurut_kepolisian_daerah": figures(sheet.col("B", 4, 37))}


CRIME = Expected(
    "csv/bps_tindak_pidana_polda_2023.csv",
    "three header rows (stub, title, year); police regions are no provinces (METRO JAYA): no code;"
    " the row INDONESIA is a total",
    (Table((Shape((
        Col("kepolisian_daerah", "string", "A1 Kepolisian Daerah"), Col("tahun", "year", "row 3"),
        # The title names the measure; “menurut …” says how it is split, not what it is.
        Col("jumlah_tindak_pidana_menurut_kepolisian_daerah", "integer", "row 2",
            also=("jumlah_tindak_pidana",)),
    ), _crime, 34, {
        (1, "kepolisian_daerah"): "ACEH", (11, "kepolisian_daerah"): "METRO JAYA",
        (11, "jumlah_tindak_pidana_menurut_kepolisian_daerah"): 87426,
        (-1, "jumlah_tindak_pidana_menurut_kepolisian_daerah"): 14074,
    }, {"jumlah_tindak_pidana_menurut_kepolisian_daerah": 584991}),),
        range="A1:B38", title="Jumlah Tindak Pidana Menurut Kepolisian Daerah",
        about={"judul": "Jumlah Tindak Pidana"}, body="rows 4-37; row 38 is the total"),),
    findings=(Finding("wilayah|area", "police regions are not areas", never=True),),
)


# --- Farmers' terms of trade by month --------------------------------------------------------

_MONTH_CODE = {name: f"{at:02d}" for at, name in enumerate(_MONTHS, 1)}


def _ntp() -> Rows:
    sheet = grid("csv/brs_ntp_jabar.csv")
    months = [str(value).split() for value in sheet.col("A", 2, 16)]
    return {"bulan": [f"{year}-{_MONTH_CODE[month]}" for month, year in months],
            "ntp": figures(sheet.col("B", 2, 16)), "ntup": figures(sheet.col("C", 2, 16)),
            "it": figures(sheet.col("D", 2, 16)), "ib": figures(sheet.col("E", 2, 16))}


NTP = Expected(
    "csv/brs_ntp_jabar.csv", "month as text (“Maret 2026”) becomes 2026-03; newest first is kept",
    (Table((Shape(cols("bulan:m ntp:n ntup:n it:n ib:n"), _ntp, 15, {
        (1, "bulan"): "2026-03", (-1, "bulan"): "2025-01", (1, "ntp"): 118.76, (1, "it"): 147.7,
    }, {"ntp": 1727.91}),), range="A1:E16", body="rows 2-16"),),
)


# --- Human development, five measures, each its own unit -------------------------------------

def _ipm() -> Rows:
    sheet = grid("csv/jateng_ipm_komponen.csv")
    names = texts(sheet.col("A", 2, 176))
    made: dict[str, list[object]] = {
        "kode_wilayah": [regency("33", str(name)) for name in names], "wilayah": list(names)}
    for letter, name in zip("BCDEFG", ("tahun", "usia_harapan_hidup_saat_lahir",
                                       "harapan_lama_sekolah", "rata_rata_lama_sekolah",
                                       "pengeluaran_per_kapita", "indeks_pembangunan_manusia"),
                            strict=True):
        made[name] = list(figures(sheet.col(letter, 2, 176)))
    return made


IPM = Expected(
    "csv/jateng_ipm_komponen.csv",
    "clean, five measures each with its unit in the header; names get codes",
    (Table((Shape((
        KODE_WILAYAH, Col("wilayah", "string", "A Wilayah"), Col("tahun", "year", "B Tahun"),
        Col("usia_harapan_hidup_saat_lahir", "number", "C", "tahun"),
        Col("harapan_lama_sekolah", "number", "D", "tahun"),
        Col("rata_rata_lama_sekolah", "number", "E", "tahun"),
        Col("pengeluaran_per_kapita", "integer", "F", "ribu rupiah/orang/tahun"),
        Col("indeks_pembangunan_manusia", "number", "G"),
    ), _ipm, 175, {
        (1, "kode_wilayah"): "33.01", (-1, "kode_wilayah"): "33.76", (1, "tahun"): 2020,
        (1, "pengeluaran_per_kapita"): 10440, (-1, "indeks_pembangunan_manusia"): 77.43,
    }),), range="A1:G176", body="rows 2-176"),),
)

FILES = [BANTEN, POVERTY_2015, POVERTY_2024, AIR, CRIME, NTP, IPM]
