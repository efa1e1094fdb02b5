"""Workbooks of the nation, a province and applications: BPS, panel harga, SIPD, indicators."""
from __future__ import annotations

import re
from typing import Any

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
    provinces,
    sheet,
    text,
    texts,
    thousands,
)

# --- Unemployment by province: February there, August and the year not yet --------------------

_TPT = "xlsx/bps_tpt_provinsi_2026.xlsx"
_RATE = "tingkat_pengangguran_terbuka_menurut_provinsi"


def _tpt(letters: str) -> Rows:
    page = sheet(_TPT, "Sheet1")
    names = texts(page.col("A", 5, 42))
    months = [text(page[f"{letter}4"]) for letter in letters]
    return {
        "kode_wilayah": [code for code in provinces([str(name) for name in names])
                         for _ in months],
        "provinsi": [name for name in names for _ in months],
        "tahun": [2026] * 38 * len(months), "bulan": months * 38,
        _RATE: [figure(page[f"{letter}{row}"], ("-",)) for row in range(5, 43)
                for letter in letters]}


_TPT_COLUMNS = (
    KODE_WILAYAH,
    # “38 Provinsi” counts the rows: the figure may stay in the name or go.
    Col("provinsi", "string", "A1 “38 Provinsi”", also=("38_provinsi",)),
    Col("tahun", "year", "B3:D3"), Col("bulan", "string", "B4:D4", also=("periode",)),
    Col(_RATE, "number", "B2:D2 (Persen)", ("persen", "Persen"),
        also=("tingkat_pengangguran_terbuka",)),
)

TPT = Expected(
    _TPT, "four merged header rows; figures as text with a decimal point; “-” of August and the"
    " year asked; the row INDONESIA is a total",
    (Table((
        Shape(_TPT_COLUMNS, lambda: _tpt("BC"), 76, {
            (1, _RATE): 5.88, (2, _RATE): None, (1, "bulan"): "Februari",
            (-1, "provinsi"): "PAPUA PEGUNUNGAN", (-1, "kode_wilayah"): "95",
        }, key=("bulan",)),
        Shape(_TPT_COLUMNS, lambda: _tpt("BCD"), 114, key=("bulan",),
              note="the yearly rate is no sum of the months: it may stay as a period"),
    ), "Sheet1", "A1:D43", "Tingkat Pengangguran Terbuka Menurut Provinsi (Persen)",
        {"judul": "Tingkat Pengangguran Terbuka"}, "rows 5-42; row 43 (INDONESIA) is the total",
        (Ask("tanda", "-", None, answer="belum_tersedia"),)),),
    findings=(Finding("sum|total-row", "a national rate is no sum of provinces", never=True),),
)

# --- Retail prices: 732 days as columns, prices as text --------------------------------------

_PRICES = "xlsx/jakarta_harga_eceran_pangan.xlsx"


def _prices() -> Rows:
    page = sheet(_PRICES, "DKI Jakarta")
    days = ["-".join(reversed(str(day).split("/"))) for day in page.row(1, "B", "ABE")]
    assert len(days) == 732
    return {"komoditas": [name for name in texts(page.col("A", 2, 21)) for _ in days],
            "tanggal": days * 20,
            "nilai": [thousands(cell) for row in range(2, 22)
                      for cell in page.row(row, "B", "ABE")]}


PRICES = Expected(
    _PRICES, "732 days dd/mm/yyyy as columns; prices as text with a thousands dot (“12.080”); “-”"
    " asked once for all, not per day; the unit Rp stands in the header of the other column",
    (Table((Shape((
        Col("komoditas", "string", "A “ Komoditas (Rp) ”"), Col("tanggal", "date", "B1:ABE1"),
        Col("nilai", "integer", "B2:ABE21", ("Rp", "rupiah", "Rupiah"), also=("harga", "rp")),
    ), _prices, 14640, {
        (1, "tanggal"): "2022-10-16", (1, "nilai"): 12080, (732, "tanggal"): "2024-10-16",
        (-1, "komoditas"): "Tepung Terigu Kemasan (non-curah)",
    }, key=("tanggal",)),), "DKI Jakarta", "A1:ABE21", body="rows 2-21, B-ABE melted",
        asks=(Ask("tanda", "-", 1381, answer="belum_tersedia"),)),),
)

# --- Satpol PP of Keerom: groups by indentation, units per row, years as columns -------------

_KEEROM = "xlsx/keerom_satpolpp_2016_2021.xlsx"
#: Row of the sheet: row of its group. Row 17 stands alone, and has a unit but no figure.
_GROUP = {9: 8, 10: 8, 12: 11, 13: 11, 15: 14, 16: 14, 17: None, 19: 18, 20: 18, 21: 18, 22: 18,
          23: 18, 24: 18}


def _bare(label: object) -> str | None:
    """“1. Jumlah Linmas” and “Jumlah Linmas” say the same."""
    return None if text(label) is None else re.sub(r"^\d+\.\s*", "", str(text(label)))


def _keerom(rows: list[int], with_group: bool) -> Rows:
    page = sheet(_KEEROM, "Worksheet")
    made: dict[str, list[Any]] = {"kelompok_sub_kelompok_data": [], "satuan": [], "tahun": [],
                                  "nilai": []}
    if with_group:
        made["kelompok"] = []
    for row in rows:
        for year, cell in zip(range(2016, 2022), page.row(row, "F", "K"), strict=True):
            made["kelompok_sub_kelompok_data"].append(_bare(page[f"D{row}"]))
            made["satuan"].append(text(page[f"E{row}"]))
            made["tahun"].append(year)
            made["nilai"].append(figure(cell))
            if with_group:
                group = _GROUP[row]
                alone = (None, _bare(page["D17"]))
                made["kelompok"].append(alone if group is None else _bare(page[f"D{group}"]))
    return made


def _unnumbered(frame: Any) -> Any:
    for name in ("kelompok_sub_kelompok_data", "kelompok"):
        if name in frame:
            frame[name] = frame[name].map(_bare, na_action="ignore")
    return frame


_KEEROM_COLUMNS = (
    Col("kelompok_sub_kelompok_data", "string", "D", also=("sub_kelompok_data", "uraian")),
    Col("satuan", "string", "E"), Col("tahun", "year", "F6:K6 Tahun"),
    Col("nilai", "integer", "F8:K24", also=("jumlah",)))

KEEROM = Expected(
    _KEEROM, "letterhead; hidden id columns A, B; No dropped; groups told by indentation only;"
    " units per row; years under a merged header; the same label twice in different groups",
    (Table((
        Shape((Col("kelompok", "string", "D, rows without figures", also=("kelompok_*", "induk",
                                                                          "grup*")),
               *_KEEROM_COLUMNS), lambda: _keerom(sorted(_GROUP), True), 78, {
            (1, "nilai"): 17, (6, "nilai"): 47, (7, "nilai"): 58933, (1, "satuan"): "Orang",
            (1, "kelompok"): "Rasio jumlah Polisi Pamong Praja per 10.000 penduduk",
            (-1, "nilai"): 8, (37, "nilai"): None, (1, "tahun"): 2016,
        }, key=("tahun",), normal=_unnumbered),
        Shape(_KEEROM_COLUMNS, lambda: _keerom(list(range(8, 25)), False), 102,
              key=("tahun",), normal=_unnumbered,
              note="a group row kept as a row without figures: nothing lost, nothing guessed"),
    ), "Worksheet", "C6:K24", "Satuan Polisi Pamong Praja",
        {"judul": "Satuan Polisi Pamong Praja"}, "rows 8-24; F-K melted; A, B hidden ids"),),
)

# --- Indicators of the province: a list ------------------------------------------------------

_IKD = "xlsx/jabar_indikator_kinerja_daerah.xlsx"


def _ikd() -> Rows:
    page = sheet(_IKD, "sheet1")
    return {name: texts(page.col(letter, 2, 517)) for letter, name in zip("ABCD", (
        "bidang_urusan", "indikator_kinerja_daerah", "satuan", "perangkat_daerah"), strict=True)}


IKD = Expected(
    _IKD, "clean list of indicators; units written in many ways (Persen/persen, Trilyun, Nlai);"
    " one row stands there twice",
    (Table((Shape(cols("bidang_urusan indikator_kinerja_daerah satuan perangkat_daerah"), _ikd,
                  516, {
        (1, "indikator_kinerja_daerah"): "Harapan Lama Sekolah", (1, "satuan"): "Tahun",
        (-1, "perangkat_daerah"): "Badan Kesatuan Bangsa Dan Politik",
    }),), "sheet1", "A1:D517", body="rows 2-517"),),
    findings=(Finding("duplicate", "one row stands there twice"),),
    blocks=None,
)

# --- e-Walidata: one row three times, years as columns ---------------------------------------

_DSSD = "xlsx/sidoarjo_dssd_bangunan_gedung.xls"
_YEARS = range(2019, 2025)


def _dssd_long(years: range) -> Rows:
    page = sheet(_DSSD, "Sheet1")
    n = len(years)
    made: dict[str, list[Any]] = {
        name: [value for value in texts(page.col(letter, 2, 4)) for _ in years]
        for letter, name in zip("ABC", ("kode_dssd", "uraian_dssd", "satuan"), strict=True)}
    made["tahun"] = list(years) * 3
    made["data"] = [figure(page.at(row, 3 + year - 2019)) for row in (2, 3, 4) for year in years]
    assert all(len(values) == 3 * n for values in made.values())
    return made


def _dssd_wide() -> Rows:
    page = sheet(_DSSD, "Sheet1")
    made: dict[str, list[Any]] = {
        name: list(texts(page.col(letter, 2, 4)))
        for letter, name in zip("ABC", ("kode_dssd", "uraian_dssd", "satuan"), strict=True)}
    for letter, year in zip("DEFGHI", _YEARS, strict=True):
        made[f"data_{year}"] = list(figures(page.col(letter, 2, 4)))
    return made


_DSSD_LONG = (*cols("kode_dssd uraian_dssd satuan tahun:y"),
              Col("data", "integer", "D1:I1 data_2019…", also=("nilai",)))
_DSSD_KEY = ("tahun",)

DSSD = Expected(
    _DSSD, "e-Walidata template: data_2019…data_2024 are years as columns; the same row three"
    " times; only 2023 has a figure, and it is 0; the others are missing",
    (Table((
        Shape(_DSSD_LONG, lambda: _dssd_long(_YEARS), 18, {
            (1, "kode_dssd"): "1.03.000010", (1, "tahun"): 2019, (1, "data"): None,
            (5, "data"): 0, (-1, "tahun"): 2024}, key=_DSSD_KEY),
        Shape((*cols("kode_dssd uraian_dssd satuan"), *(
            Col(f"data_{year}", ("integer", "number") if year == 2023 else
                ("string", "integer", "number"), optional=year != 2023) for year in _YEARS)),
              _dssd_wide, 3, note="names of a known template: as it stands is right too"),
        Shape(_DSSD_LONG, lambda: _dssd_long(range(2023, 2024)), 3, key=_DSSD_KEY,
              note="year columns without one value left out as a listed change"),
    ), "Sheet1", "A1:I4", body="rows 2-4, all kept; D-I melted"),),
    findings=(Finding("duplicate|unik|unique|key", "one row stands there three times"),),
    blocks=None,
)

FILES = [TPT, PRICES, KEEROM, IKD, DSSD]
