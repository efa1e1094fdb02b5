"""Delimited text, as Excel, Google Sheets, open data portals and applications write it."""
from __future__ import annotations

import datetime as dt

from corpus.grid import Grid
from corpus.model import ANY, Built, Expected, Table, below, idn, made, seeded
from corpus.writers import text


@made("diskominfo-od_jumlah_wifi_publik_v1.csv")
def open_data() -> Built:
    """A clean open data file with id, BPS-like codes without dots and a unit column: unchanged."""
    figures = seeded("opendata")
    areas = [a for a in below("32") if a.kind == "kota"]
    rows, number = [], 0
    for year in (2022, 2023, 2024):
        for each in areas:
            number += 1
            rows.append((number, "32", "JAWA BARAT", each.code.replace(".", ""),
                         each.name.upper(), figures.randrange(0, 200), "TITIK", year))
    columns = {"id": "integer", "kode_provinsi": "string", "nama_provinsi": "string",
               "kode_kabupaten_kota": "string", "nama_kabupaten_kota": "string",
               "jumlah_wifi_publik": "integer", "satuan": "string", "tahun": "year"}
    grid: Grid = [list(columns), *map(list, rows)]
    return Built(text(grid), Expected(home="32", tables=[Table(columns, rows, exact=True)]))


@made("Respon Survei (Sheets) - Form Responses 1.csv")
def sheets() -> Built:
    """Google Forms: long questions as headers with commas, timestamps, free text with newlines."""
    figures = seeded("forms")
    head = ["Timestamp", "Nama OPD", "Berapa jumlah operator data, termasuk honorer?",
            "Kendala yang dihadapi (boleh lebih dari satu)"]
    rows = []
    for number, office in enumerate(["Dinas Sosial", "Dinas PUPR", "Bappeda", "DPMD"]):
        stamp = dt.datetime(2025, 10, 6 + number, 9, 5 + number, 11)
        rows.append((stamp, office, figures.randrange(1, 9),
                     "Jaringan lambat,\nSDM terbatas" if number % 2 else "Tidak ada"))
    grid = [head, *([f"{s.month}/{s.day}/{s.year} {s:%H:%M:%S}", *rest] for s, *rest in rows)]
    # 10/6/2025 in the order of Sheets (US): 9 October would be 10/9. All days are below 12.
    return Built(text(grid), Expected(
        home="36.04", asks=[("tanggal", "")], tables=[Table(
            {"timestamp": "*", "nama_opd": "string",
             "berapa_jumlah_operator_data_termasuk_honorer": "integer",
             "kendala_yang_dihadapi": "string"},
            [(ANY, o, n, k) for _, o, n, k in rows],
            alias={"kendala_yang_dihadapi": (
                "kendala_yang_dihadapi_boleh_lebih_dari_satu",)})]))


@made("Rekap Bantuan Sosial.csv")
def titles_and_blanks() -> Built:
    """Semicolons with lines of nothing but semicolons, BOM, "sep=;" first, title above."""
    figures = seeded("bansos")
    areas = below("36.04")[:9]
    facts = [(a, figures.randrange(1_000, 9_000), figures.randrange(100, 990)) for a in areas]
    grid: Grid = [
        ["REKAPITULASI PENERIMA BANTUAN SOSIAL TAHUN 2025"], [],
        ["NO", "KECAMATAN", "PKH (KPM)", "BPNT (KPM)", "", ""],
        *([i, a.name.upper(), idn(x), idn(y), "", ""] for i, (a, x, y) in enumerate(facts, 1)),
        ["", "JUMLAH", idn(sum(x for _, x, _ in facts)), idn(sum(y for *_, y in facts))],
        [], [], ["Sumber: SIKS-NG"],
    ]
    data = b"sep=;\r\n" + text(grid, ";")
    return Built(b"\xef\xbb\xbf" + data, Expected(
        home="36.04", about={"sumber": "SIKS-NG", "tahun": "2025"}, tables=[Table(
            {"kode_wilayah": "string", "kecamatan": "string", "pkh": "integer",
             "bpnt": "integer"}, [(a.code, a.name.upper(), x, y) for a, x, y in facts],
            units={"pkh": "keluarga penerima manfaat", "bpnt": "keluarga penerima manfaat"},
            optional={"tahun": 2025})]))


@made("export_simpus_pipe.txt")
def pipes() -> Built:
    """An application's text with | and no quotes, code of visit with leading noughts, ISO days."""
    figures = seeded("pipes")
    rows = [(f"{n:06d}", (dt.date(2025, 5, 1) + dt.timedelta(days=n)).isoformat(),
             ["UMUM", "BPJS", "GRATIS"][n % 3], figures.randrange(10, 200)) for n in range(1, 60)]
    columns = {"no_kunjungan": "string", "tgl_kunjungan": "date", "cara_bayar": "string",
               "jumlah": "integer"}
    return Built(text([list(columns), *map(list, rows)], "|"), Expected(
        home="36.04", tables=[Table(columns, rows, exact=True)]))


@made("tempel dari web.tsv")
def pasted() -> Built:
    """Tabs, decimal commas and unicode minus, no-break spaces as thousands."""
    figures = seeded("pasted")
    items = ["Ekspor nonmigas", "Impor nonmigas", "Ekspor migas", "Impor migas"]
    rows = [(i, round(figures.uniform(1_000, 90_000), 1), round(figures.uniform(-9, 9), 2))
            for i in items]
    grid = [["Uraian", "Nilai (juta US$)", "Perubahan (%)"],
            *([i, f"{x:,.1f}".replace(",", "\u00a0").replace(".", ","),
               f"{y:.2f}".replace(".", ",").replace("-", "\u2212")] for i, x, y in rows)]
    return Built(text(grid, "\t"), Expected(home="36", tables=[Table(
        {"uraian": "string", "nilai": "number", "perubahan": "number"}, rows,
        units={"nilai": "juta dolar amerika serikat", "perubahan": "persen"})]))


@made("transaksi_retribusi_2025.csv")
def long_table() -> Built:
    """20,000 clean rows with a repeated category, money whole, one empty figure in a hundred."""
    figures = seeded("long")
    kinds = ["Parkir", "Pasar", "Kebersihan", "Terminal"]
    rows = [(f"TRX{n:07d}", (dt.date(2025, 1, 1) + dt.timedelta(days=n % 365)).isoformat(),
             kinds[n % 4], None if n % 100 == 7 else figures.randrange(2, 400) * 500)
            for n in range(1, 20_001)]
    columns = {"kode_transaksi": "string", "tanggal": "date", "jenis": "string",
               "nilai_rupiah": "integer"}
    grid = [list(columns), *(list(r) for r in rows)]
    return Built(text(grid), Expected(home="36.04", tables=[Table(
        columns, rows, exact=True, alias={"nilai_rupiah": ("nilai",)})]))


@made("jumlah_puskesmas_bersih.csv")
def clean_with_dots() -> Built:
    """Clean, snake_case, dotted codes, decimal points; nothing is to be changed or asked."""
    figures = seeded("clean")
    rows = [(a.code, a.name, year, figures.randrange(1, 4), round(figures.uniform(0.5, 9.9), 2))
            for a in below("36.04") for year in (2024, 2025)]
    columns = {"kode_wilayah": "string", "kecamatan": "string", "tahun": "year",
               "jumlah_puskesmas": "integer", "rasio_per_30000_penduduk": "number"}
    return Built(text([list(columns), *map(list, rows)]), Expected(
        home="36.04", tables=[Table(columns, rows, exact=True)]))


@made("kemiskinan kabkota DIY.csv")
def bps_dynamic() -> Built:
    """BPS' dynamic table: first cell names the rows, title over the years, footnotes as rows."""
    figures = seeded("diy")
    areas = below("34")
    years = [2022, 2023, 2024]
    facts = {(a.code, y): round(first - 0.4 * (y - 2022), 2)
             for a in areas for first in [figures.uniform(8, 18)] for y in years}
    grid: Grid = [
        ["Kabupaten/Kota", "Persentase Penduduk Miskin (Persen)", "", ""],
        ["", *years],
        *([a.name.removeprefix("Kabupaten "), *(facts[a.code, y] for y in years)] for a in areas),
        ["D.I. Yogyakarta", "11.49", "11.04", "10.83"],
        ["Catatan:"], ["Data Susenas Maret"],
    ]
    rows = [(a.code, a.name.removeprefix("Kabupaten "), y, facts[a.code, y])
            for a in areas for y in years]
    return Built(text(grid), Expected(home="34", tables=[Table(
        {"kode_wilayah": "string", "kabupaten_kota": "string", "tahun": "year",
         "persentase_penduduk_miskin": "number"}, rows,
        units={"persentase_penduduk_miskin": "persen"})], about={"catatan": "Susenas"}))


@made("luas_lahan_tanpa_kop.csv")
def ragged() -> Built:
    """Semicolons, decimal comma, rows that end early, a total in small letters."""
    figures = seeded("ragged")
    areas = below("53.71")
    facts = [(a, figures.randrange(10, 9_000) / 10, figures.randrange(10, 900) / 10)
             for a in areas]
    grid: Grid = [
        ["Kecamatan", "Luas Sawah (Ha)", "Luas Kebun (Ha)"],
        *([a.name, idn(x, 1), idn(y, 1)] if i != 2 else [a.name, idn(x, 1)]
          for i, (a, x, y) in enumerate(facts)),
        ["total", idn(sum(x for _, x, _ in facts), 1)],
    ]
    rows = [(a.code, a.name, x, None if i == 2 else y) for i, (a, x, y) in enumerate(facts)]
    return Built(text(grid, ";", even=False), Expected(home="53.71", may=("cell",), tables=[Table(
        {"kode_wilayah": "string", "kecamatan": "string", "luas_sawah": "number",
         "luas_kebun": "number"}, rows, units={"luas_sawah": "hektare",
                                               "luas_kebun": "hektare"})]))
