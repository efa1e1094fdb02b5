"""Tables of money: APBD, retribusi, prices, PDAM."""
from __future__ import annotations

import datetime as dt

from corpus.grid import LEFT, UP, Error, Fmt, Formula, Page, moved, signature, title
from corpus.model import Built, Expected, Table, below, idn, made, seeded
from corpus.writers import text, xls, xlsx, xml2003

QUARTERS = ["Triwulan I", "Triwulan II", "Triwulan III", "Triwulan IV"]


@made("LRA_SKPD_2025_sipd.xls")
def budget() -> Built:
    """SIPD realisation as XML 2003: codes with levels, money, over/under, percent, letterhead."""
    figures = seeded("lra")
    accounts = [("4", "PENDAPATAN DAERAH"), ("4.1", "PENDAPATAN ASLI DAERAH (PAD)"),
                ("4.1.01", "Pajak Daerah"), ("4.1.02", "Retribusi Daerah"),
                ("4.1.04", "Lain-lain PAD yang Sah"), ("4.2", "PENDAPATAN TRANSFER"),
                ("4.2.01", "Pendapatan Transfer Pemerintah Pusat"),
                ("4.2.02", "Pendapatan Transfer Antar Daerah")]
    leaves = {code: (plan, plan * figures.randrange(82, 112) // 100 + 1)
              for code, _ in accounts if len(code) > 3
              for plan in [figures.randrange(10**9, 10**11)]}
    sums = {code: tuple(sum(pair[k] for leaf, pair in leaves.items()
                            if leaf == code or leaf.startswith(code + ".")) for k in (0, 1))
            for code, _ in accounts}
    body = [(code, name, plan, done, done - plan, round(100 * done / plan, 2))
            for code, name in accounts for plan, done in [sums[code]]]
    grid = [
        title("PEMERINTAH KABUPATEN LOMBOK TIMUR", 6),
        title("LAPORAN REALISASI ANGGARAN", 6), title("TAHUN ANGGARAN 2025", 6), [],
        ["KODE REKENING", "URAIAN", "ANGGARAN (Rp)", "REALISASI (Rp)",
         "BERTAMBAH/(BERKURANG) (Rp)", "%"],
        *([code, name, plan, done, f"({idn(-gap)})" if gap < 0 else idn(gap), share]
          for code, name, plan, done, gap, share in body),
    ]
    return Built(xml2003(Page("Lap. Realisasi", grid)), Expected(home="52.03", tables=[Table(
        {"kode_rekening": "string", "uraian": "string", "anggaran": "integer",
         "realisasi": "integer", "bertambah_berkurang": "integer", "persen": "number"}, body,
        alias={"persen": ("persentase", "kolom_6", "kolom_f", "f")},
        units={"anggaran": "rupiah", "realisasi": "rupiah"}, optional={"tahun": 2025})]))


@made("Harga Pangan Harian Jan 2026.xlsx")
def daily_prices() -> Built:
    """Days across as dates of Excel, weekends empty, a unit per row."""
    figures = seeded("daily")
    goods = [("Beras Medium", "kg"), ("Beras Premium", "kg"), ("Gula Pasir", "kg"),
             ("Minyak Goreng Curah", "liter"), ("Telur Ayam Ras", "kg"), ("Cabai Rawit", "kg"),
             ("Daging Sapi Murni", "kg")]
    days = [dt.date(2026, 1, day) for day in range(1, 32)]
    price = {(g, d): first + figures.randrange(-3, 4) * 250
             for g, _ in goods for first in [figures.randrange(24, 280) * 500] for d in days}
    work = [d for d in days if d.weekday() < 5]
    grid = [
        title("HARGA RATA-RATA BAHAN POKOK DI PASAR TRADISIONAL (Rp)", 34),
        title("KOTA MAKASSAR", 34), [],
        ["No", "Komoditas", "Satuan", *(Fmt(dt.datetime(d.year, d.month, d.day), "dd-mmm-yy")
                                        for d in days)],
        *([i, g, unit, *(price[g, d] if d in work else None for d in days)]
          for i, (g, unit) in enumerate(goods, 1)),
    ]
    rows = [(g, unit, d.isoformat(), price[g, d] if d in work else None)
            for g, unit in goods for d in days]
    return Built(xlsx(Page("Januari", grid)), Expected(home="73.71", tables=[Table(
        {"komoditas": "string", "satuan": "string", "tanggal": "date", "harga": "integer"}, rows,
        loose=True, units={}, alias={"harga": (
            "nilai", "harga_rata_rata", "harga_rata_rata_bahan_pokok",
            "harga_rata_rata_bahan_pokok_di_pasar_tradisional")})]))


@made("RKA 2.2.1 Sekretariat.xls")
def plan_of_work() -> Built:
    """RKA: codes, volume with unit beside it, price, sum; total row; signature; old Excel."""
    figures = seeded("rka")
    lines = []
    for number, (name, unit) in enumerate([
            ("Kertas HVS F4", "rim"), ("Tinta printer", "botol"), ("Map arsip", "buah"),
            ("Konsumsi rapat", "kotak"), ("Jasa kebersihan", "orang bulan"),
            ("Sewa kendaraan", "unit hari"), ("Cetak spanduk", "meter")], 1):
        volume, price = figures.randrange(2, 400), figures.randrange(5, 900) * 500
        lines.append((f"5.1.02.01.01.{number:04d}", name, volume, unit, price, volume * price))
    grid = [
        ["RENCANA KERJA DAN ANGGARAN"], ["SATUAN KERJA PERANGKAT DAERAH"],
        ["Kegiatan", ": Administrasi Umum Perangkat Daerah"], [],
        ["Kode Rekening", "Uraian", "Rincian Perhitungan", LEFT, LEFT, "Jumlah (Rp)"],
        [UP, UP, "Volume", "Satuan", "Harga Satuan (Rp)", UP],
        [1, 2, 3, 4, 5, "6=(3x5)"],
        *map(list, lines),
        ["Jumlah", LEFT, LEFT, LEFT, LEFT, sum(line[5] for line in lines)],
        *signature("Selong", "3 November 2025", "Bagian Umum", "(nama pejabat)", 4),
    ]
    return Built(xls(Page("RKA", grid)), Expected(home="52.03", tables=[Table(
        {"kode_rekening": "string", "uraian": "string", "volume": "integer", "satuan": "string",
         "harga_satuan": "integer", "jumlah": "integer"}, lines,
        alias={"volume": ("rincian_perhitungan_volume",),
               "satuan": ("rincian_perhitungan_satuan",),
               "harga_satuan": ("rincian_perhitungan_harga_satuan",)},
        units={"harga_satuan": "rupiah", "jumlah": "rupiah"})]))


@made("PDAM sambungan & pemakaian semester 1.xlsx")
def water() -> Built:
    """Months over two measures (SR, m3), thousands dots as text, TOTAL row, note at the right."""
    figures = seeded("pdam")
    areas = below("36.72")
    months = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun"]
    facts = {(a.code, m): (first + 12 * k, 17 * first + figures.randrange(900))
             for a in areas for first in [figures.randrange(950, 6_000)]
             for k, m in enumerate(months)}
    head = [cell for m in months for cell in (m, LEFT)]
    grid = [
        title("SAMBUNGAN DAN PEMAKAIAN AIR MENURUT KECAMATAN TAHUN 2025", 14), [],
        ["NO", "KECAMATAN", *head],
        [UP, UP, *["Sambungan (SR)", "Pemakaian (m3)"] * 6],
        *([i, a.name, *(idn(n) for m in months for n in facts[a.code, m])]
          for i, a in enumerate(areas, 1)),
        [None, "TOTAL", *(idn(sum(facts[a.code, m][k] for a in areas))
                          for m in months for k in (0, 1))],
    ]
    grid[5].extend([None, None, "Catatan: data Mei belum diaudit"])
    rows = [(a.code, a.name, m, *facts[a.code, m]) for a in areas for m in months]
    return Built(xlsx(Page("Rekap", grid)), Expected(home="36.72", tables=[Table(
        {"kode_wilayah": "string", "kecamatan": "string", "bulan": "string",
         "sambungan": "integer", "pemakaian": "integer"}, rows, optional={"tahun": 2025},
        units={"sambungan": "sambungan", "pemakaian": "meter kubik"})]))


@made("harga_sembako_mingguan.csv")
def priced_text() -> Built:
    """Semicolons, "Rp 12.500" and "Rp12.500,00" in one column, dates as 05/01/2026, BOM."""
    figures = seeded("priced")
    markets, goods = ["Pasar Klewer", "Pasar Gede", "Pasar Legi"], ["Beras", "Gula", "Telur"]
    days = [dt.date(2026, 1, 5) + dt.timedelta(weeks=w) for w in range(4)]
    facts = [(d, m, g, figures.randrange(20, 80) * 500) for d in days for m in markets
             for g in goods]
    grid = [["tanggal", "pasar", "komoditas", "harga"],
            *([d.strftime("%d/%m/%Y"), m, g, f"Rp {idn(p)}" if i % 2 else f"Rp{idn(p, 2)}"]
              for i, (d, m, g, p) in enumerate(facts))]
    return Built(text(grid, ";", "utf-8-sig"), Expected(home="33.72", tables=[Table(
        {"tanggal": "date", "pasar": "string", "komoditas": "string", "harga": "integer"},
        [(d.isoformat(), m, g, p) for d, m, g, p in facts], exact=True,
        units={"harga": "rupiah"})]))


@made("Retribusi Pasar TW.xlsx")
def quarters() -> Built:
    """Triwulan across, formulas with values, one sum lost to #REF!, begins in B3."""
    figures = seeded("retribusi")
    markets = ["Pasar Induk Rau", "Pasar Lama", "Pasar Baros", "Pasar Ciruas", "Pasar Petir"]
    paid = {(m, q): figures.randrange(10, 900) * 25_000 for m in markets for q in QUARTERS}
    body = []
    for number, m in enumerate(markets):
        row = 7 + number
        total = Formula(f"SUM(C{row}:F{row})", sum(paid[m, q] for q in QUARTERS))
        body.append([m, *(paid[m, q] for q in QUARTERS), Error("#REF!") if number == 2 else total])
    grid = moved([
        title("REALISASI RETRIBUSI PELAYANAN PASAR TAHUN 2025", 6), ["(dalam rupiah)"], [],
        ["NAMA PASAR", *QUARTERS, "JUMLAH"],
        *body,
        ["JUMLAH", *(Formula(f"SUM({c}7:{c}11)", sum(paid[m, q] for m in markets))
                     for c, q in zip("CDEF", QUARTERS, strict=True)),
         Formula("SUM(G7:G11)", "#REF!")],
    ], right=1, down=2)
    return Built(xlsx(Page("2025", grid)), Expected(home="36.04", tables=[Table(
        {"nama_pasar": "string", "triwulan": "string", "realisasi_retribusi": "integer"},
        [(m, q, paid[m, q]) for m in markets for q in QUARTERS],
        units={"realisasi_retribusi": "rupiah"}, optional={"tahun": 2025},
        alias={"realisasi_retribusi": ("nilai", "realisasi_retribusi_pelayanan_pasar",
                                       "realisasi", "retribusi")})]))


@made("Target Realisasi PAD per OPD 2023-2025.xlsx")
def years_over_measures() -> Built:
    """Years over Target, Realisasi, % : long by year, the three measures stay columns."""
    figures = seeded("pad")
    offices = ["Badan Pendapatan Daerah", "Dinas Perhubungan", "Dinas Kesehatan",
               "Dinas Pariwisata"]
    years = (2023, 2024, 2025)
    facts = {}
    for office in offices:
        for year in years:
            plan = figures.randrange(10**9, 10**10)
            done = plan * figures.randrange(70, 108) // 100 + figures.randrange(100)
            facts[office, year] = (plan, done, round(100 * done / plan, 2))
    grid = [
        ["Target dan Realisasi Pendapatan Asli Daerah menurut Perangkat Daerah"], [],
        ["No.", "Perangkat Daerah", *(cell for y in years for cell in (f"Tahun {y}", LEFT, LEFT))],
        [UP, UP, *["Target (Rp)", "Realisasi (Rp)", "Capaian (%)"] * 3],
        *([i, o, *(n for y in years for n in facts[o, y])] for i, o in enumerate(offices, 1)),
        ["Jumlah", LEFT, *(sum(facts[o, y][k] for o in offices) if k < 2 else None
                           for y in years for k in range(3))],
    ]
    return Built(xlsx(Page("PAD", grid)), Expected(home="36.04", tables=[Table(
        {"perangkat_daerah": "string", "tahun": "year", "target": "integer",
         "realisasi": "integer", "capaian": "number"},
        [(o, y, *facts[o, y]) for o in offices for y in years],
        units={"target": "rupiah", "realisasi": "rupiah", "capaian": "persen"})]))
