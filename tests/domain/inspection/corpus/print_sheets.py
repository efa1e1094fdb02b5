"""Sheets laid out for paper: repeated heads, columns side by side, footnotes, empty remarks."""
from __future__ import annotations

from corpus.grid import LEFT, UP, Page, blank, signature, title
from corpus.model import Built, Expected, Table, below, idn, made, seeded
from corpus.writers import html, xlsx

KEY = {"kode_wilayah": "string", "kecamatan": "string"}


@made("Tabel 3.2 Lanjutan.xlsx")
def head_repeated() -> Built:
    """A long table whose head and numbers stand again after each page, "Lanjutan Tabel 3.2"."""
    figures = seeded("continued")
    lines = [(d.code, k.name, d.name, figures.randrange(300, 9_000), figures.randrange(2, 12))
             for k in below("34.04")[:9] for d in below(k.code)]
    head = [["Kapanewon", "Kalurahan", "Penduduk (jiwa)", "Padukuhan"],
            ["(1)", "(2)", "(3)", "(4)"]]
    grid = [["Tabel 3.2 Jumlah Penduduk dan Padukuhan Menurut Kalurahan, 2024"], [], *head]
    for number, (_, *cells) in enumerate(lines):
        if number and number % 15 == 0:
            grid.extend([[], ["Lanjutan Tabel 3.2"], [], *head])
        grid.append(list(cells))
    grid.append(["Sumber: Kapanewon"])
    return Built(xlsx(Page("3.2", grid)), Expected(home="34.04", tables=[Table(
        {"kode_wilayah": "string", "kapanewon": "string", "kalurahan": "string",
         "penduduk": "integer", "padukuhan": "integer"}, lines, units={"penduduk": "jiwa"},
        optional={"tahun": 2024})]))


@made("Daftar harga 2 kolom cetak.xlsx")
def newspaper_columns() -> Built:
    """One list set in two columns to save paper: the numbers go on in the second."""
    figures = seeded("newspaper")
    items = [(f"Barang {letter}{n}", figures.randrange(2, 900) * 500)
             for letter in "ABCD" for n in range(1, 6)]
    half = len(items) // 2
    grid = [
        title("STANDAR HARGA SATUAN TAHUN 2026", 7), [],
        ["No", "Nama Barang", "Harga (Rp)", None, "No", "Nama Barang", "Harga (Rp)"],
        *([i + 1, *items[i], None, i + 1 + half, *items[i + half]] for i in range(half)),
    ]
    columns = {"nama_barang": "string", "harga": "integer"}
    unit = {"harga": "rupiah"}
    two = [Table(columns, part, units=unit, optional={"tahun": 2026})
           for part in (items[:half], items[half:])]
    return Built(xlsx(Page("SHS", grid)), Expected(
        home="36.04", tables=[Table(columns, items, units=unit, optional={"tahun": 2026})],
        or_tables=[two]))


@made("Data RTLH 2025 + catatan kaki.xlsx")
def footnotes() -> Built:
    """Footnote numbers stuck to headers and names; an empty KET column; signature."""
    figures = seeded("footnotes")
    areas = below("36.72")
    facts = [(a, figures.randrange(50, 900), figures.randrange(0, 50)) for a in areas]
    grid = [
        title("DATA RUMAH TIDAK LAYAK HUNI", 5), title("KOTA CILEGON TAHUN 2025", 5), [],
        ["NO", "KECAMATAN", "RTLH 1)\n(unit)", "Ditangani 2)\n(unit)", "KET"],
        *([i, a.name + (" 3)" if i == 4 else ""), x, y]
          for i, (a, x, y) in enumerate(facts, 1)),
        [None, "JUMLAH", sum(x for _, x, _ in facts), sum(y for *_, y in facts)],
        ["1) Hasil pendataan e-RTLH"], ["2) APBD dan CSR"], ["3) Belum termasuk kawasan industri"],
        *signature("Cilegon", "5 Januari 2026", "Dinas Perumahan", "(nama)", 3),
    ]
    rows = [(a.code, a.name, x, y) for a, x, y in facts]
    kept = [(c, n + (" 3)" if i == 3 else ""), x, y) for i, (c, n, x, y) in enumerate(rows)]
    columns = {**KEY, "rtlh": "integer", "ditangani": "integer"}
    units = {"rtlh": "unit", "ditangani": "unit"}
    extra = {"tahun": 2025, "ket": None}
    return Built(xlsx(Page("RTLH", grid)), Expected(
        home="36.72", about={"catatan": "e-RTLH"},
        tables=[Table(columns, rows, units=units, optional=extra)],
        or_tables=[[Table(columns, kept, units=units, optional=extra)]]))


@made("Template e-walidata terisi.xlsx")
def filled_template() -> Built:
    """Instructions of the template above the table; a hidden list for the drop-downs beside it."""
    figures = seeded("template")
    areas = below("33.72")
    facts = [(a, figures.randrange(1, 60)) for a in areas]
    grid = [
        ["PETUNJUK PENGISIAN"], ["1. Isi kolom berwarna kuning saja."],
        ["2. Jangan mengubah susunan kolom."], ["3. Simpan dalam format .xlsx"], [],
        ["Kecamatan", "Tahun", "Jumlah Bank Sampah (unit)"],
        *([a.name, 2025, n] for a, n in facts),
    ]
    hidden = [["daftar kecamatan"], *([a.name] for a in areas)]
    return Built(xlsx(Page("Isian", grid), Page("ref", hidden, hidden=True)), Expected(
        home="33.72", tables=[Table(
            {**KEY, "tahun": "year", "jumlah_bank_sampah": "integer"},
            [(a.code, a.name, 2025, n) for a, n in facts], sheet="Isian",
            units={"jumlah_bank_sampah": "unit"})]))


@made("sampah kelola rata2.xlsx")
def averages_across() -> Built:
    """Sum and mean of each row at the right, "Rata2" and "Jml" in many spellings; unit in title."""
    figures = seeded("waste")
    places = ["TPS3R Beji", "TPS3R Kemiri", "TPST Cilowong", "Bank Sampah Induk"]
    months = ["Jan", "Peb", "Mar", "Apr", "Mei", "Jun"]
    tons = {(p, m): figures.randrange(20, 900) / 10 for p in places for m in months}
    grid = [
        ["Sampah Terkelola Semester I 2025 (ton)"], [],
        ["No", "Nama Tempat", *months, "Jml", "Rata2"],
        *([i, p, *(tons[p, m] for m in months), round(sum(tons[p, m] for m in months), 1),
           round(sum(tons[p, m] for m in months) / 6, 2)] for i, p in enumerate(places, 1)),
        *blank(), [None, "Total (ton)", *(round(sum(tons[p, m] for p in places), 1)
                                         for m in months)],
    ]
    return Built(xlsx(Page("sampah", grid)), Expected(home="36.04", tables=[Table(
        {"nama_tempat": "string", "bulan": "string", "sampah_terkelola": "number"},
        [(p, m, tons[p, m]) for p in places for m in months], units={"sampah_terkelola": "ton"},
        alias={"sampah_terkelola": ("nilai",)}, optional={"tahun": 2025})]))


@made("rekap_bumil_per_desa.xls")
def grouped_page() -> Built:
    """A page of HTML with rowspan in the body, a subtotal per kecamatan, dots for thousands."""
    figures = seeded("bumil")
    body: list[list[object]] = []
    rows: list[tuple[object, ...]] = []
    for number, kecamatan in enumerate(below("51.02")[:3], 1):
        desa = below(kecamatan.code)[:5]
        counts = [figures.randrange(400, 2_300) for _ in desa]
        for at, (each, count) in enumerate(zip(desa, counts, strict=True)):
            body.append([UP if at else number, UP if at else kecamatan.name, each.name,
                         idn(count)])
            rows.append((each.code, kecamatan.name, each.name, count))
        body.append([f"Sub Total {kecamatan.name}", LEFT, LEFT, idn(sum(counts))])
    grid = [["No", "Kecamatan", "Desa", "Ibu Hamil (orang)"], *body,
            ["Grand Total", LEFT, LEFT, idn(sum(int(r[3]) for r in rows))]]  # type: ignore[arg-type]
    return Built(html(grid, before="<center><b>REKAP IBU HAMIL TAHUN 2025</b></center>"),
                 Expected(home="51.02", tables=[Table(
                     {"kode_wilayah": "string", "kecamatan": "string", "desa": "string",
                      "ibu_hamil": "integer"}, rows, units={"ibu_hamil": "orang"},
                     optional={"tahun": 2025})]))
