"""Tables of people: BPS "Dalam Angka", Disdukcapil."""
from __future__ import annotations

from corpus.grid import LEFT, UP, Fmt, Page, blank, moved, signature, title, unmerged
from corpus.model import Built, Expected, Table, bare, below, idn, made, seeded
from corpus.writers import text, xls, xlsx

POPULATION = ("penduduk", "nilai", "jumlah_penduduk", "jenis_kelamin_sex", "jumlah")


@made("4.1.2 Penduduk menurut Kecamatan dan JK, 2025.xlsx")
def in_figures() -> Built:
    """Kabupaten Dalam Angka: two languages in each header, numbering row, total under the areas."""
    figures = seeded("dda")
    areas = below("34.04")
    people = {a.code: (figures.randrange(9_000, 70_000), figures.randrange(9_000, 70_000))
              for a in areas}
    men, women = (sum(pair[i] for pair in people.values()) for i in (0, 1))
    grid = [
        title("Jumlah Penduduk Menurut Kecamatan dan Jenis Kelamin di Kabupaten Sleman, 2025", 4),
        title("Population by Subdistrict and Sex in Sleman Regency, 2025", 4),
        [],
        ["Kecamatan\nSubdistrict", "Jenis Kelamin/Sex", LEFT, LEFT],
        [UP, "Laki-laki\nMale", "Perempuan\nFemale", "Jumlah\nTotal"],
        ["(1)", "(2)", "(3)", "(4)"],
        *([a.name, *people[a.code], sum(people[a.code])] for a in areas),
        ["Kabupaten Sleman", men, women, men + women],
        ["Sumber/Source: Dinas Kependudukan dan Pencatatan Sipil Kabupaten Sleman"],
    ]
    rows = [(a.code, a.name, sex, people[a.code][i])
            for a in areas for i, sex in enumerate(("Laki-laki", "Perempuan"))]
    return Built(xlsx(Page("4.1.2", grid)), Expected(home="34.04", tables=[Table(
        {"kode_wilayah": "string", "kecamatan": "string", "jenis_kelamin": "string",
         "jumlah_penduduk": "integer"}, rows,
        alias={"kecamatan": ("kecamatan_subdistrict",), "jumlah_penduduk": POPULATION},
        optional={"tahun": 2025})],
        about={"judul": "Jumlah Penduduk Menurut Kecamatan", "tahun": "2025",
               "sumber": "Dinas Kependudukan"}))


@made("Jumlah Penduduk 2022-2024 kec (rev).xlsx")
def years_and_sex() -> Built:
    """Years over L, P, L+P; the last year "2024*" with its note; letterhead; signature block."""
    figures = seeded("years")
    areas = below("36.72")
    years = (2022, 2023, 2024)
    people = {(a.code, y, s): round(first * 1.015 ** (y - 2022)) + figures.randrange(90)
              for a in areas for s in "LP" for first in [figures.randrange(15_000, 45_000)]
              for y in years}

    def line(codes: list[str]) -> list[int]:
        made: list[int] = []
        for y in years:
            pair = [sum(people[c, y, s] for c in codes) for s in "LP"]
            made.extend([*pair, sum(pair)])
        return made

    grid = [
        title("PEMERINTAH KOTA CILEGON", 11),
        title("DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL", 11),
        title("Jl. Jend. Sudirman No. 2 Cilegon, Telp. (0254) 000000", 11),
        [],
        title("JUMLAH PENDUDUK MENURUT KECAMATAN TAHUN 2022 - 2024", 11),
        [],
        ["NO", "KECAMATAN", 2022, LEFT, LEFT, 2023, LEFT, LEFT, "2024*", LEFT, LEFT],
        [UP, UP, *["L", "P", "L+P"] * 3],
        *([i, a.name.upper(), *line([a.code])] for i, a in enumerate(areas, 1)),
        ["JUMLAH", LEFT, *line([a.code for a in areas])],
        ["Keterangan: *) Angka sementara"],
        *signature("Cilegon", "12 Januari 2025", "Dinas", "(nama pejabat)", 8),
    ]
    rows = [(a.code, a.name.upper(), y, s, people[a.code, y, s])
            for a in areas for y in years for s in "LP"]
    columns = {"kode_wilayah": "string", "kecamatan": "string", "tahun": "year",
               "jenis_kelamin": "string", "jumlah_penduduk": "integer"}
    return Built(xlsx(Page("Sheet1", grid)), Expected(
        home="36.72", may_ask=("tanda",), about={"judul": "JUMLAH PENDUDUK MENURUT KECAMATAN"},
        tables=[Table(columns, rows, alias={"jumlah_penduduk": POPULATION},
                      optional={"status_angka": None})]))


@made("agregat_umur_kelurahan_smt1_2025.xls")
def ages() -> Built:
    """Disdukcapil: age groups (5-9 is no date) over L/P per kelurahan, old Excel."""
    figures = seeded("ages")
    areas = [k for c in below("36.72")[:3] for k in below(c.code)]
    of = {c.code: c.name for c in below("36.72")}
    groups = ["0-4", "5-9", "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49",
              "50-54", "55-59", "60-64", "65-69", "70-74", "75+"]
    people = {(a.code, g, s): figures.randrange(90, 900)
              for a in areas for g in groups for s in "LP"}
    head = [cell for g in groups for cell in (g, LEFT)]
    grid = [
        ["JUMLAH PENDUDUK MENURUT KELOMPOK UMUR DAN JENIS KELAMIN"], ["SEMESTER I TAHUN 2025"], [],
        ["NO", "KECAMATAN", "KELURAHAN", "KELOMPOK UMUR", *[LEFT] * (len(head) - 1)],
        [UP, UP, UP, *head],
        [UP, UP, UP, *["LK", "PR"] * len(groups)],
        *([i, of[a.parent].upper(), a.name.upper(),
           *(people[a.code, g, s] for g in groups for s in "LP")] for i, a in enumerate(areas, 1)),
    ]
    rows = [(a.code, of[a.parent].upper(), a.name.upper(), g, s, people[a.code, g, s])
            for a in areas for g in groups for s in "LP"]
    return Built(xls(Page("KELOMPOK UMUR", grid)), Expected(home="36.72", tables=[Table(
        {"kode_wilayah": "string", "kecamatan": "string", "kelurahan": "string",
         "kelompok_umur": "string", "jenis_kelamin": "string", "jumlah_penduduk": "integer"},
        rows, alias={"jumlah_penduduk": POPULATION}, optional={"tahun": 2025})]))


@made("penduduk kepadatan per desa.csv")
def density() -> Built:
    """Indonesian Excel: semicolons, cp1252, 1.234 and 1.234,56, title lines above, blanks after."""
    figures = seeded("density")
    kecamatan = below("34.04")[5]
    areas = below(kecamatan.code)
    facts = [(figures.randrange(2_000, 30_000), figures.randrange(300, 900) / 100) for _ in areas]
    grid = [
        ["Data Penduduk, Luas dan Kepadatan \u2013 Kapanewon Mlati"],
        ["Kabupaten Sleman Tahun 2024"], [],
        ["No.", "Kalurahan", "Jumlah Penduduk (jiwa)", "Luas (km²)", "Kepadatan (jiwa/km²)", ""],
        *([i, a.name, idn(n), idn(km, 2), idn(round(n / km, 2), 2), ""]
          for i, (a, (n, km)) in enumerate(zip(areas, facts, strict=True), 1)),
        ["", "Jumlah", idn(sum(n for n, _ in facts)), idn(sum(km for _, km in facts), 2), "", ""],
        [], [],
    ]
    rows = [(a.code, a.name, n, km, round(n / km, 2))
            for a, (n, km) in zip(areas, facts, strict=True)]
    return Built(text(grid, ";", "cp1252"), Expected(home="34.04", tables=[Table(
        {"kode_wilayah": "string", "kalurahan": "string", "jumlah_penduduk": "integer",
         "luas": "number", "kepadatan": "number"}, rows, optional={"tahun": 2024},
        units={"jumlah_penduduk": "jiwa", "luas": "kilometer persegi",
               "kepadatan": "orang per kilometer persegi"})]))


@made("penduduk_kecamatan_unicode.txt")
def unicode_text() -> Built:
    """Excel's "Unicode text": UTF-16, tabs; the dotted code stands in the sheet already."""
    figures = seeded("utf16")
    areas = below("73.71")
    facts = [(n, n // 3 - figures.randrange(900))
             for _ in areas for n in [figures.randrange(9_000, 90_000)]]
    grid = [["Kode Kecamatan", "Nama Kecamatan", "Jumlah Penduduk", "Jumlah KK"],
            *([a.code, a.name, n, kk] for a, (n, kk) in zip(areas, facts, strict=True))]
    rows = [(a.code, a.name, n, kk) for a, (n, kk) in zip(areas, facts, strict=True)]
    return Built(text(grid, "\t", "utf-16"), Expected(home="73.71", tables=[Table(
        {"kode_kecamatan": "string", "nama_kecamatan": "string", "jumlah_penduduk": "integer",
         "jumlah_kk": "integer"}, rows)]))


@made("TFR dan Angka Kelahiran Provinsi.xlsx")
def signs_and_years() -> Built:
    """Years 2015 to 2024 over provinces, decimal comma as text, "-" and "NA", INDONESIA last."""
    figures = seeded("tfr")
    areas = below("")[:34]
    years = range(2015, 2025)
    rate = {(a.code, y): round(first - 0.02 * (y - 2015) + figures.random() / 20, 2)
            for a in areas for first in [figures.uniform(2.1, 3.2)] for y in years}
    signs = {(areas[3].code, 2015): "-", (areas[3].code, 2016): "-", (areas[30].code, 2015): "NA",
             (areas[30].code, 2016): "NA", (areas[30].code, 2017): "NA"}

    def cell(code: str, year: int) -> str:
        return signs.get((code, year), idn(rate[code, year], 2))

    def value(code: str, year: int) -> float | None:
        return None if (code, year) in signs else rate[code, year]

    grid = [
        ["Angka Kelahiran Total (TFR) Menurut Provinsi, 2015-2024"], [],
        ["Provinsi", *years],
        *([a.name, *(cell(a.code, y) for y in years)] for a in areas),
        ["INDONESIA", *("2,28" for _ in years)],
        [], ["Catatan: - = data tidak tersedia, NA = provinsi belum terbentuk"],
        ["Sumber: Badan Pusat Statistik"],
    ]
    columns = {"kode_wilayah": "string", "provinsi": "string", "tahun": "year", "tfr": "number"}
    names = ("nilai", "angka_kelahiran_total", "angka_kelahiran_total_tfr")
    rows = [(a.code, a.name, y, value(a.code, y)) for a in areas for y in years]
    codes = {"-": "belum_tersedia", "NA": "tidak_berlaku"}
    answered = [(a.code, a.name, y, value(a.code, y),
                 codes[signs[a.code, y]] if (a.code, y) in signs else "normal")
                for a in areas for y in years]
    return Built(xlsx(Page("Tabel", grid)), Expected(
        home="36", tables=[Table(columns, rows, alias={"tfr": names})],
        asks=[("tanda", "-"), ("tanda", "NA")],
        answers={("tanda", sign): code for sign, code in codes.items()},
        answered=[Table({**columns, "status_angka": "string"}, answered,
                        alias={"tfr": names, "status_angka": ("status_tfr",)})],
        about={"sumber": "Badan Pusat Statistik", "catatan": "provinsi belum terbentuk"}))


@made("Piramida Penduduk.xlsx")
def pyramid() -> Built:
    """Age groups down, L, P, L+P across; the table begins in C6; "Jumlah/Total" last."""
    figures = seeded("pyramid")
    groups = [f"{n}-{n + 4}" for n in range(0, 75, 5)] + ["75+"]
    people = {g: (figures.randrange(5_000, 40_000), figures.randrange(5_000, 40_000))
              for g in groups}
    men, women = (sum(pair[i] for pair in people.values()) for i in (0, 1))
    grid = moved([
        title("Penduduk Kota Kupang Menurut Kelompok Umur dan Jenis Kelamin (jiwa), 2025", 4),
        [],
        ["Kelompok Umur", "Laki-laki", "Perempuan", "Laki-laki + Perempuan"],
        *([g, *people[g], sum(people[g])] for g in groups),
        ["Jumlah/Total", men, women, men + women],
    ], right=2, down=3)
    rows = [(g, sex, people[g][i]) for g in groups
            for i, sex in enumerate(("Laki-laki", "Perempuan"))]
    return Built(xlsx(Page("Piramida", grid)), Expected(home="53.71", tables=[Table(
        {"kelompok_umur": "string", "jenis_kelamin": "string", "penduduk": "integer"}, rows,
        units={"penduduk": "jiwa"}, optional={"tahun": 2025},
        alias={"penduduk": (*POPULATION, "penduduk_kota_kupang")})]))


@made("Kecamatan Kerambitan Dalam Angka Tabel 1.1.xlsx")
def kecamatan_in_figures() -> Built:
    """Luas and share of the area, the kecamatan's own row last; two header rows, a unit row."""
    figures = seeded("kda")
    kecamatan = below("51.02")[3]
    areas = below(kecamatan.code)
    km = [figures.randrange(120, 700) / 100 for _ in areas]
    grid = [
        ["Luas Wilayah dan Persentase Menurut Desa di Kecamatan Kerambitan, 2024"],
        [],
        ["Desa", "Luas", "Persentase terhadap Luas Kecamatan", "Jumlah Banjar Dinas"],
        [None, "(km2)", "(%)", "(buah)"],
        ["[1]", "[2]", "[3]", "[4]"],
        *([a.name, x, round(100 * x / sum(km), 2), 3 + i % 5]
          for i, (a, x) in enumerate(zip(areas, km, strict=True))),
        ["Kecamatan Kerambitan", round(sum(km), 2), 100, sum(3 + i % 5 for i in range(len(areas)))],
        ["Sumber : Kantor Camat Kerambitan"],
    ]
    rows = [(a.code, a.name, x, round(100 * x / sum(km), 2), 3 + i % 5)
            for i, (a, x) in enumerate(zip(areas, km, strict=True))]
    return Built(xlsx(Page("1.1", grid)), Expected(home="51.02", tables=[Table(
        {"kode_wilayah": "string", "desa": "string", "luas": "number",
         "persentase_terhadap_luas_kecamatan": "number", "jumlah_banjar_dinas": "integer"}, rows,
        units={"luas": "kilometer persegi", "persentase_terhadap_luas_kecamatan": "persen",
               "jumlah_banjar_dinas": "buah"}, optional={"tahun": 2024})],
        about={"sumber": "Kantor Camat Kerambitan", "tahun": "2024"}))


@made("DATA PENDUDUK PER KECAMATAN fix.xlsx")
def thousands_became_decimals() -> Built:
    """Thousands dots became decimals: 50.36 is 50,360; 868 stays; L+P and the total prove it."""
    figures = seeded("thousands")
    areas = below("36.72")
    people = {a.code: [figures.randrange(1_100, 60_000), figures.randrange(1_100, 60_000)]
              for a in areas}
    people[areas[2].code] = [24_308, 26_052]  # 50,360: the nought is lost
    people[areas[4].code] = [868, 902]

    def damaged(n: int) -> float | int:
        return n if n < 1_000 else n / 1_000

    men, women = (sum(pair[i] for pair in people.values()) for i in (0, 1))
    grid = [
        title("DATA PENDUDUK PER KECAMATAN", 5), title("KOTA CILEGON TAHUN 2025", 5), [],
        ["No", "Kecamatan", "Laki-laki", "Perempuan", "Jumlah"],
        *([i, a.name, *map(damaged, people[a.code]), damaged(sum(people[a.code]))]
          for i, a in enumerate(areas, 1)),
        ["Jumlah", LEFT, damaged(men), damaged(women), damaged(men + women)],
    ]
    rows = [(a.code, a.name, s, people[a.code][i]) for a in areas for i, s in enumerate("LP")]
    return Built(xlsx(Page("Sheet1", grid)), Expected(home="36.72", tables=[Table(
        {"kode_wilayah": "string", "kecamatan": "string", "jenis_kelamin": "string",
         "penduduk": "integer"}, rows, optional={"tahun": 2025},
        alias={"penduduk": (*POPULATION, "data_penduduk")})]))


@made("Penduduk kabkota Banten.xlsx")
def bare_names() -> Built:
    """"Serang" is the kabupaten, "Kota Serang" the kota; growth below nought; unmerged parents."""
    figures = seeded("banten")
    areas = below("36")
    facts = [(figures.randrange(400, 4_000) + figures.randrange(10) / 10,
              round(figures.uniform(-0.4, 2.4), 2)) for _ in areas]
    grid = unmerged([
        title("Penduduk dan Laju Pertumbuhan Penduduk Menurut Kabupaten/Kota di Provinsi Banten, "
              "2025", 3),
        ["Kabupaten/Kota", "Penduduk (ribu)", "Laju Pertumbuhan Penduduk per Tahun 2020-2025 (%)"],
        ["(1)", "(2)", "(3)"],
        *([bare(a.name), n, Fmt(rate, "0.00")]
          for a, (n, rate) in zip(areas, facts, strict=True)),
        ["Banten", round(sum(n for n, _ in facts), 1), 1.31],
        *blank(), ["Sumber: BPS, Proyeksi Penduduk"],
    ])
    rows = [(a.code, bare(a.name), n, rate) for a, (n, rate) in zip(areas, facts, strict=True)]
    return Built(xlsx(Page("Sheet", grid)), Expected(home="36", tables=[Table(
        {"kode_wilayah": "string", "kabupaten_kota": "string", "penduduk": "number",
         "laju_pertumbuhan_penduduk_per_tahun_2020_2025": "number"}, rows,
        units={"penduduk": "ribu", "laju_pertumbuhan_penduduk_per_tahun_2020_2025": "persen"},
        optional={"tahun": 2025})]))
