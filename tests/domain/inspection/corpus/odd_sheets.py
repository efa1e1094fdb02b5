"""Workbooks with more than one table, or with sheets that are no tables."""
from __future__ import annotations

from corpus.grid import LEFT, UP, Page, blank, moved, signature
from corpus.model import Built, Expected, Table, below, idn, made, seeded
from corpus.writers import ods, xls, xlsx

KEY = {"kode_wilayah": "string", "kecamatan": "string"}


@made("Buku Data Sektoral Dinsos 2025.xlsx")
def cover_and_chart() -> Built:
    """A cover, a chart sheet, an empty sheet, a sheet of contents, and one table."""
    figures = seeded("cover")
    areas = below("36.72")
    kinds = ["Lansia Terlantar", "Anak Terlantar", "Penyandang Disabilitas"]
    facts = {a.code: [figures.randrange(0, 300) for _ in kinds] for a in areas}
    grid = [
        ["Jumlah PPKS Menurut Jenis dan Kecamatan"], ["Tahun 2025"], [],
        ["No", "Kecamatan", *kinds],
        *([i, a.name, *facts[a.code]] for i, a in enumerate(areas, 1)),
        ["Jumlah", LEFT, *(sum(facts[a.code][k] for a in areas) for k in range(3))],
    ]
    cover = moved([["BUKU DATA SEKTORAL"], ["DINAS SOSIAL KOTA CILEGON"], ["TAHUN 2025"]],
                  right=3, down=8)
    contents = [["DAFTAR ISI"], ["1. Data PPKS"], ["2. Grafik PPKS"]]
    names = ("lansia_terlantar", "anak_terlantar", "penyandang_disabilitas")
    wide = Table({**KEY, **dict.fromkeys(names, "integer")},
                 [(a.code, a.name, *facts[a.code]) for a in areas], sheet="PPKS",
                 optional={"tahun": 2025})
    tall = Table({**KEY, "jenis": "string", "jumlah_ppks": "integer"},
                 [(a.code, a.name, k, facts[a.code][i]) for a in areas
                  for i, k in enumerate(kinds)], sheet="PPKS", optional={"tahun": 2025},
                 alias={"jenis": ("jenis_ppks",), "jumlah_ppks": ("nilai",)})
    return Built(xlsx(Page("PPKS", grid), Page("Sampul", cover), Page("Daftar Isi", contents),
                      Page("Grafik", [], chart_only=True), Page("Sheet5", [])),
                 Expected(home="36.72", tables=[wide], or_tables=[[tall]]))


@made("pivot bansos.xlsx")
def pivot() -> Built:
    """A pivot table pasted as values: Row Labels, Sum of, Grand Total."""
    figures = seeded("pivot")
    areas = below("33.72")
    facts = [(a, figures.randrange(100, 900), figures.randrange(10, 90)) for a in areas]
    grid = [
        [], [], ["Row Labels", "Sum of Jumlah KPM", "Count of Kelurahan"],
        *([a.name.upper(), x, y] for a, x, y in facts),
        ["Grand Total", sum(x for _, x, _ in facts), sum(y for *_, y in facts)],
    ]
    return Built(xlsx(Page("Sheet4", grid)), Expected(home="33.72", tables=[Table(
        {"kode_wilayah": "string", "row_labels": "string", "sum_of_jumlah_kpm": "integer",
         "count_of_kelurahan": "integer"}, [(a.code, a.name.upper(), x, y) for a, x, y in facts],
        alias={"row_labels": ("kecamatan",), "sum_of_jumlah_kpm": ("jumlah_kpm",),
               "count_of_kelurahan": ("kelurahan", "jumlah_kelurahan")})]))


@made("Data Peternakan 2 tabel.xlsx")
def stacked() -> Built:
    """Two tables under each other on one sheet, each with title, total and source."""
    figures = seeded("stacked")
    areas = below("64.72")
    animals, meats = ["Sapi", "Kambing", "Ayam Buras"], ["Daging Sapi", "Daging Ayam"]
    herd = {(a.code, k): figures.randrange(0, 9_000) for a in areas for k in animals}
    meat = {(a.code, k): figures.randrange(0, 9_000) / 10 for a in areas for k in meats}

    def part(heading: str, over: str, kinds: list[str], facts: dict) -> list:
        return [
            [heading], [], ["No", "Kecamatan", over, *[LEFT] * (len(kinds) - 1)], [UP, UP, *kinds],
            *([i, a.name, *(facts[a.code, k] for k in kinds)] for i, a in enumerate(areas, 1)),
            [None, "Jumlah", *(round(sum(facts[a.code, k] for a in areas), 1) for k in kinds)],
            ["Sumber: Dinas Ketahanan Pangan dan Pertanian"],
        ]

    grid = [*part("Tabel 1. Populasi Ternak Menurut Kecamatan, 2024 (ekor)", "Jenis Ternak",
                  animals, herd), *blank(2),
            *part("Tabel 2. Produksi Daging Menurut Kecamatan, 2024 (ton)", "Jenis Daging",
                  meats, meat)]
    return Built(xlsx(Page("Ternak", grid)), Expected(home="64.72", tables=[
        Table({**KEY, "jenis_ternak": "string", "populasi_ternak": "integer"},
              [(a.code, a.name, k, herd[a.code, k]) for a in areas for k in animals],
              units={"populasi_ternak": "ekor"}, optional={"tahun": 2024},
              alias={"populasi_ternak": ("nilai", "populasi")}),
        Table({**KEY, "jenis_daging": "string", "produksi_daging": "number"},
              [(a.code, a.name, k, meat[a.code, k]) for a in areas for k in meats],
              units={"produksi_daging": "ton"}, optional={"tahun": 2024},
              alias={"produksi_daging": ("nilai", "produksi")})]))


@made("pegawai kecamatan (kiri kanan).xlsx")
def side_by_side() -> Built:
    """Two tables beside each other with a column between them, of unequal length."""
    figures = seeded("beside")
    sexes = [("Laki-laki", figures.randrange(20, 90)), ("Perempuan", figures.randrange(20, 90))]
    grades = [(g, figures.randrange(1, 40)) for g in ("Golongan I", "Golongan II", "Golongan III",
                                                     "Golongan IV")]
    left = [["Jenis Kelamin", "Jumlah Pegawai"], *map(list, sexes),
            ["Jumlah", sum(n for _, n in sexes)]]
    right = [["Golongan", "Jumlah Pegawai"], *map(list, grades),
             ["Jumlah", sum(n for _, n in grades)]]
    left += [[None, None]] * (len(right) - len(left))
    grid = [["DATA PEGAWAI KECAMATAN CIRUAS TAHUN 2025"], [],
            *([*a, None, None, *b] for a, b in zip(left, right, strict=True))]
    count = {"jumlah_pegawai": "integer"}
    return Built(xlsx(Page("Sheet1", grid)), Expected(home="36.04", tables=[
        Table({"jenis_kelamin": "string", **count}, sexes, optional={"tahun": 2025}),
        Table({"golongan": "string", **count}, grades, optional={"tahun": 2025})]))


@made("Produksi Perikanan 2023 2024 2025.xls")
def sheet_per_year() -> Built:
    """The same table on a sheet per year; one year lacks a kecamatan; a fourth sheet is empty."""
    figures = seeded("peryear")
    areas = below("53.71")
    facts = {(a.code, y): (figures.randrange(10, 900), figures.randrange(10, 900))
             for a in areas for y in (2023, 2024, 2025)}
    del facts[areas[2].code, 2023]
    pages, tables, joined = [], [], []
    for year in (2023, 2024, 2025):
        inside = [a for a in areas if (a.code, year) in facts]
        pages.append(Page(str(year), [
            [f"PRODUKSI PERIKANAN KOTA KUPANG TAHUN {year}"], [],
            ["NO", "KECAMATAN", "TANGKAP (TON)", "BUDIDAYA (TON)"],
            *([i, a.name, *facts[a.code, year]] for i, a in enumerate(inside, 1)),
            [None, "JUMLAH", *(sum(facts[a.code, year][k] for a in inside) for k in (0, 1))]]))
        rows = [(a.code, a.name, *facts[a.code, year]) for a in inside]
        tables.append(Table({**KEY, "tangkap": "integer", "budidaya": "integer"}, rows,
                            sheet=str(year), units={"tangkap": "ton", "budidaya": "ton"},
                            optional={"tahun": year}))
        joined.extend((*row, year) for row in rows)
    one = Table({**KEY, "tangkap": "integer", "budidaya": "integer", "tahun": "year"}, joined)
    return Built(xls(*pages, Page("Sheet4", [])),
                 Expected(home="53.71", tables=tables, or_tables=[[one]]))


@made("Profil Desa per Kecamatan.ods")
def sheet_per_area() -> Built:
    """A sheet per kecamatan; the desa's parent stands only in title and sheet name."""
    figures = seeded("perarea")
    pages, tables, joined = [], [], []
    for kecamatan in below("51.02")[4:7]:
        desa = below(kecamatan.code)
        facts = [(n, n // 3 - figures.randrange(60))
                 for _ in desa for n in [figures.randrange(500, 9_000)]]
        pages.append(Page(kecamatan.name.upper(), [
            [f"DATA PENDUDUK DESA DI KECAMATAN {kecamatan.name.upper()}"], [],
            ["No", "Desa", "Penduduk (jiwa)", "Kepala Keluarga (KK)"],
            *([i, d.name, *map(idn, f)]
              for i, (d, f) in enumerate(zip(desa, facts, strict=True), 1)),
            ["Jumlah", LEFT, idn(sum(f[0] for f in facts)), idn(sum(f[1] for f in facts))]]))
        rows = [(d.code, d.name, *f) for d, f in zip(desa, facts, strict=True)]
        columns = {"kode_wilayah": "string", "desa": "string", "penduduk": "integer",
                   "kepala_keluarga": "integer"}
        tables.append(Table(columns, rows, sheet=kecamatan.name.upper(), units={
            "penduduk": "jiwa", "kepala_keluarga": "kepala keluarga"},
            optional={"kecamatan": None}))
        joined.extend(rows)
    return Built(ods(*pages), Expected(home="51.02", tables=tables, or_tables=[[
        Table(columns, joined, optional={"kecamatan": None})]]))


@made("Jumlah koperasi + catatan samping.xlsx")
def notes_beside() -> Built:
    """Remarks to the right of the table, a lone word far below it, and a signature block."""
    figures = seeded("sidenotes")
    areas = below("34.04")[:8]
    facts = [(a, figures.randrange(5, 90), figures.randrange(0, 20)) for a in areas]
    grid = [
        ["DATA KOPERASI PER KAPANEWON"], ["KABUPATEN SLEMAN 2025"], [],
        ["NO", "KAPANEWON", "KOPERASI AKTIF", "KOPERASI TIDAK AKTIF"],
        *([i, a.name.upper(), x, y] for i, (a, x, y) in enumerate(facts, 1)),
        ["JUMLAH", LEFT, sum(x for _, x, _ in facts), sum(y for *_, y in facts)],
        *signature("Sleman", "2 Januari 2026", "Dinas Koperasi dan UKM", "(nama)", 2),
        *blank(6), ["revisi 3"],
    ]
    grid[5].extend([None, None, "cek lagi ke bidang koperasi"])
    grid[7].extend([None, None, "belum termasuk KSP"])
    return Built(xlsx(Page("Sheet1", grid)), Expected(home="34.04", tables=[Table(
        {"kode_wilayah": "string", "kapanewon": "string", "koperasi_aktif": "integer",
         "koperasi_tidak_aktif": "integer"},
        [(a.code, a.name.upper(), x, y) for a, x, y in facts], optional={"tahun": 2025})]))
