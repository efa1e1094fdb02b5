"""Months, days and marks of time in headers and cells."""
from __future__ import annotations

import datetime as dt

from corpus.grid import LEFT, UP, Fmt, Page, title
from corpus.health import MONTHS
from corpus.model import ANY, Built, Expected, Table, idn, made, seeded
from corpus.writers import text, xls, xlsx


@made("Inflasi bulanan mmm-yy.xlsx")
def month_headers() -> Built:
    """Months across as days of Excel shown "Jan-24", groups of goods down, rates below nought."""
    figures = seeded("inflation")
    months = [dt.datetime(2024 + n // 12, n % 12 + 1, 1) for n in range(18)]
    groups = ["Makanan, Minuman dan Tembakau", "Pakaian", "Perumahan", "Transportasi"]
    rate = {(g, m): round(figures.uniform(-0.9, 1.8), 2) for g in groups for m in months}
    grid = [["Inflasi Bulanan Menurut Kelompok Pengeluaran (%)"], [],
            ["Kelompok Pengeluaran", *(Fmt(m, "mmm-yy") for m in months)],
            *([g, *(rate[g, m] for m in months)] for g in groups)]
    return Built(xlsx(Page("inflasi", grid)), Expected(home="36", tables=[Table(
        {"kelompok_pengeluaran": "string", "bulan": "yearmonth", "inflasi_bulanan": "number"},
        [(g, f"{m:%Y-%m}", rate[g, m]) for g in groups for m in months],
        units={"inflasi_bulanan": "persen"}, alias={"inflasi_bulanan": ("nilai", "inflasi")})]))


@made("NTP Provinsi.csv")
def month_cells() -> Built:
    """"Maret 2026" in cells, newest first, decimal commas beside semicolons."""
    figures = seeded("ntp")
    lines = [(2025 + n // 12, n % 12, round(figures.uniform(98, 120), 2)) for n in range(15)]
    grid = [["Bulan", "Nilai Tukar Petani"],
            *([f"{MONTHS[m]} {y}", idn(rate, 2)] for y, m, rate in reversed(lines))]
    return Built(text(grid, ";"), Expected(home="36", tables=[Table(
        {"bulan": "yearmonth", "nilai_tukar_petani": "number"},
        [(f"{y}-{m + 1:02d}", rate) for y, m, rate in lines])]))


@made("Sensus Harian Rawat Inap Jan 2026.xls")
def day_headers() -> Built:
    """The days 1 to 31 across under "TANGGAL", the month in the title, Jml at the right."""
    figures = seeded("wards")
    wards = ["Melati", "Mawar", "Anggrek", "ICU"]
    days = list(range(1, 32))
    seen = {(w, d): figures.randrange(0, 25) for w in wards for d in days}
    grid = [
        title("SENSUS HARIAN PASIEN RAWAT INAP", 34), title("BULAN JANUARI 2026", 34), [],
        ["NO", "RUANG", "TANGGAL", *[LEFT] * 30, "JML"], [UP, UP, *days, UP],
        *([i, w, *(seen[w, d] for d in days), sum(seen[w, d] for d in days)]
          for i, w in enumerate(wards, 1)),
        [None, "JUMLAH", *(sum(seen[w, d] for w in wards) for d in days), sum(seen.values())],
    ]
    names = {"pasien": ("nilai", "sensus_harian_pasien_rawat_inap", "pasien_rawat_inap",
                        "jumlah_pasien")}
    extra = {"tahun": 2026, "bulan": None}
    rows = [(w, d, seen[w, d]) for w in wards for d in days]
    by_day = [(w, f"2026-01-{d:02d}", n) for w, d, n in rows]
    columns = {"ruang": "string", "tanggal": "integer", "pasien": "integer"}
    return Built(xls(Page("JAN", grid)), Expected(
        home="36.04", tables=[Table(columns, rows, alias=names, optional=extra)],
        or_tables=[[Table({**columns, "tanggal": "date"}, by_day, alias=names, optional=extra)],
                   [Table({**columns, "tanggal": "string"}, rows, alias=names, optional=extra)]]))


@made("NIK jadi angka.csv")
def lost_digits() -> Built:
    """NIK that Excel made 3,60408E+15: digits are lost, nothing can mend it; still personal."""
    figures = seeded("lostdigits")
    names = ["Sukardi", "Marlina", "Asep Sunandar", "Dewi Lestari", "Rohman"]
    lines = [(n, f"3,604{figures.randrange(10, 99)}E+15", figures.randrange(1, 12) * 300_000)
             for n in names]
    grid = [["Nama Penerima", "NIK", "Bantuan (Rp)"], *([n, k, idn(m)] for n, k, m in lines)]
    return Built(text(grid, ";"), Expected(
        home="36.04", must=[("personal", "pribadi", "nik")], may_ask=("kode",), tables=[Table(
            {"nama_penerima": "string", "nik": "string", "bantuan": "integer"},
            [(n, ANY, m) for n, _, m in lines], units={"bantuan": "rupiah"})]))


@made("data_menara_telekomunikasi.xlsx")
def truth() -> Built:
    """TRUE and FALSE of Excel, days as text d/m/yy above 12, heights as text with comma, ranges."""
    figures = seeded("towers")
    rows, shown = [], []
    for number in range(1, 13):
        day = dt.date(2024, number, 13 + number)
        high = figures.randrange(200, 720) / 10
        range_ = f"{10 * number}-{10 * number + 10}"
        rows.append((f"MN-{number:03d}", number % 3 == 0, day.isoformat(), high, range_))
        shown.append([f"MN-{number:03d}", number % 3 == 0, f"{day.day}/{day.month}/{day:%y}",
                      idn(high, 1), range_])
    grid = [["Kode Menara", "Menara Bersama", "Tanggal Izin", "Tinggi (m)", "Radius Layanan"],
            *shown]
    return Built(xlsx(Page("menara", grid)), Expected(home="36.04", tables=[Table(
        {"kode_menara": "string", "menara_bersama": "boolean", "tanggal_izin": "date",
         "tinggi": "number", "radius_layanan": "string"}, rows, units={"tinggi": "meter"})]))


@made("laporan_keluar.xls")
def text_named_xls() -> Built:
    """Tabs and plain text named .xls, as old programs export; text in Latin-1, days d-m-Y."""
    figures = seeded("tabs")
    rows = [(f"{n:04d}", f"2025-{n:02d}-{n + 12:02d}", "Café & Resto" if n % 2 else "Kios",
             figures.randrange(1, 90)) for n in range(1, 12)]
    grid = [["Kode Izin", "Tanggal Terbit", "Jenis Usaha", "Karyawan"],
            *([c, f"{d[8:]}-{d[5:7]}-{d[:4]}", k, n] for c, d, k, n in rows)]
    return Built(text(grid, "\t", "cp1252"), Expected(home="36.04", tables=[Table(
        {"kode_izin": "string", "tanggal_terbit": "date", "jenis_usaha": "string",
         "karyawan": "integer"}, rows)]))


@made("hasil_olah_pandas.csv")
def with_index() -> Built:
    """Written by a script: an index without a name from 0, clean otherwise, 1.0 for whole years."""
    figures = seeded("pandas")
    rows = [(f"Dinas {name}", 2021 + n, figures.randrange(2, 50))
            for n, name in enumerate(("Sosial", "Perhubungan", "Pertanian", "Pariwisata"))]
    grid = [["", "perangkat_daerah", "tahun", "jumlah_aplikasi"],
            *([i, o, f"{y}.0", n] for i, (o, y, n) in enumerate(rows))]
    return Built(text(grid), Expected(home="36.04", may=("label", "header"), tables=[Table(
        {"perangkat_daerah": "string", "tahun": "year", "jumlah_aplikasi": "integer"}, rows,
        exact=True)]))
