"""Sheets with something hidden, doubled, uncounted or out of place."""
from __future__ import annotations

from corpus.grid import LEFT, UP, Formula, Page, moved, signature, title, unmerged
from corpus.model import Built, Expected, Table, below, made, seeded
from corpus.writers import percent, text, xlsx

KEY = {"kode_wilayah": "string", "kecamatan": "string"}


@made("data kelurahan tersembunyi.xlsx")
def hidden() -> Built:
    """A code column is hidden (may be left out), and a filter hides rows (are data)."""
    figures = seeded("hidden")
    lines = [(k.code, k.name, figures.randrange(500, 9_000), ["Perkotaan", "Perdesaan"][i % 2])
             for i, k in enumerate(below(below("36.72")[0].code))]
    grid = [["kode_kelurahan", "kelurahan", "jumlah_penduduk", "klasifikasi"], *map(list, lines)]
    return Built(xlsx(Page("Data", grid, hidden_columns=[0], hidden_rows=[2, 4])), Expected(
        home="36.72", tables=[Table(
            {"kode_kelurahan": "string", "kelurahan": "string", "jumlah_penduduk": "integer",
             "klasifikasi": "string"}, lines, exact=True)],
        or_tables=[[Table(
            {"kode_wilayah": "string", "kelurahan": "string", "jumlah_penduduk": "integer",
             "klasifikasi": "string"}, lines)]]))


@made("rekap_generate_sistem.xlsx")
def uncounted_formulas() -> Built:
    """Made by a program: the formulas have no value beside them; totals are empty, rates lost."""
    figures = seeded("uncounted")
    areas = below("63.72")
    facts = [(a, figures.randrange(50, 400), figures.randrange(10, 50)) for a in areas]
    grid = [
        ["No", "Kecamatan", "Jumlah Bayi", "Bayi BBLR", "Persentase (%)"],
        *([i, a.name, x, y, Formula(f"D{i + 1}/C{i + 1}*100")]
          for i, (a, x, y) in enumerate(facts, 1)),
        [None, "JUMLAH", Formula("SUM(C2:C6)"), Formula("SUM(D2:D6)"), None],
    ]
    rows = [(a.code, a.name, x, y, None) for a, x, y in facts]
    return Built(xlsx(Page("Sheet", grid)), Expected(home="63.72", tables=[Table(
        {**KEY, "jumlah_bayi": "integer", "bayi_bblr": "integer", "persentase": "*"}, rows,
        units={"persentase": "persen"})], or_tables=[[Table(
            {**KEY, "jumlah_bayi": "integer", "bayi_bblr": "integer"},
            [row[:4] for row in rows])]]))


@made("kepala dobel.xlsx")
def doubled_headers() -> Built:
    """The same header twice with nothing above it, and a column without a header."""
    figures = seeded("doubled")
    offices = ["Bidang Aset", "Bidang Anggaran", "Bidang Akuntansi", "Sekretariat"]
    rows = [(o, figures.randrange(1, 50), figures.randrange(1, 10**7), f"catatan {i}")
            for i, o in enumerate(offices)]
    grid = [["Bidang", "Jumlah", "Jumlah", None], *map(list, rows)]
    return Built(xlsx(Page("Sheet1", grid)), Expected(
        home="36.04", may=("label", "header"), tables=[Table(
            {"bidang": "string", "jumlah": "integer", "jumlah_2": "integer",
             "kolom_4": "string"}, rows,
            alias={"kolom_4": ("kolom_d", "d", "keterangan", "kolom", "tanpa_nama",
                               "kolom_tanpa_nama")})]))


@made("Laporan capaian KB per kecamatan.xlsx")
def letterhead() -> Built:
    """Letterhead with address and line, blank columns, Rata-rata under JUMLAH, percent formats."""
    figures = seeded("kb")
    areas = below("36.04")[:15]
    facts = []
    for each in areas:
        couples = figures.randrange(3_000, 12_000)
        users = figures.randrange(1_500, couples)
        facts.append((each, couples, users, round(users / couples, 4)))
    couples, users = sum(f[1] for f in facts), sum(f[2] for f in facts)
    grid = moved([
        title("PEMERINTAH KABUPATEN SERANG", 6),
        title("DINAS KELUARGA BERENCANA, PEMBERDAYAAN PEREMPUAN DAN PERLINDUNGAN ANAK", 6),
        title("Jalan Raya Serang - Pandeglang KM 5, Kode Pos 42100, email: dkbp3a@contoh.go.id", 6),
        [], title("LAPORAN CAPAIAN PESERTA KB AKTIF", 6), title("BULAN : SEPTEMBER 2025", 6), [],
        ["NO", "KECAMATAN", None, "PUS", "PESERTA KB AKTIF", "% PA/PUS"],
        ["1", "2", None, "3", "4", "5 = 4/3"],
        *([i, a.name, None, c, u, percent(s, 2)] for i, (a, c, u, s) in enumerate(facts, 1)),
        ["JUMLAH", LEFT, None, couples, users, percent(users / couples, 2)],
        ["RATA-RATA", LEFT, None, couples / 15, users / 15, None],
        *signature("Serang", "3 Oktober 2025", "DKBP3A", "(nama pejabat)", 4),
    ], right=1, down=1)
    return Built(xlsx(Page("SEPT", grid)), Expected(home="36.04", tables=[Table(
        {**KEY, "pus": "integer", "peserta_kb_aktif": "integer", "persen_pa_pus": "number"},
        [(a.code, a.name, c, u, round(100 * s, 2)) for a, c, u, s in facts],
        units={"persen_pa_pus": "persen"}, optional={"tahun": 2025, "bulan": None},
        alias={"persen_pa_pus": ("pa_pus", "persentase_pa_pus")})]))


@made("Data Pasar tanpa merge.xlsx")
def parents_unmerged() -> Built:
    """Three header rows whose parents were never merged, roman row numbers, no totals."""
    figures = seeded("markets")
    roman = ["I", "II", "III", "IV", "V", "VI"]
    markets = ["Pasar Anyar", "Pasar Ciomas", "Pasar Kragilan", "Pasar Tambak", "Pasar Padarincang",
               "Pasar Baros"]
    facts = {(m, y, k): figures.randrange(5, 400) for m in markets for y in (2024, 2025)
             for k in ("Kios", "Los")}
    grid = unmerged([
        ["JUMLAH KIOS DAN LOS PASAR"],
        ["NO", "NAMA PASAR", "TAHUN", LEFT, LEFT, LEFT],
        [UP, UP, 2024, LEFT, 2025, LEFT],
        [UP, UP, "Kios", "Los", "Kios", "Los"],
        *([roman[i], m, *(facts[m, y, k] for y in (2024, 2025) for k in ("Kios", "Los"))]
          for i, m in enumerate(markets)),
    ])
    wide = Table({"nama_pasar": "string", "tahun": "year", "kios": "integer", "los": "integer"},
                 [(m, y, facts[m, y, "Kios"], facts[m, y, "Los"])
                  for m in markets for y in (2024, 2025)])
    tall = Table({"nama_pasar": "string", "tahun": "year", "jenis": "string", "nilai": "integer"},
                 [(m, y, k, facts[m, y, k]) for m in markets for y in (2024, 2025)
                  for k in ("Kios", "Los")],
                 alias={"jenis": ("kelompok", "kategori", "uraian"),
                        "nilai": ("jumlah", "jumlah_kios_dan_los_pasar")})
    return Built(xlsx(Page("Pasar", grid)), Expected(home="36.04", tables=[wide],
                                                     or_tables=[[tall]]))


@made("penerima beasiswa salah jumlah.xlsx")
def wrong_total() -> Built:
    """Most rows add up (L+P = Jumlah), one does not, and the total row is off by a thousand."""
    figures = seeded("wrongtotal")
    areas = below("12.71")
    facts = {a.code: [figures.randrange(20, 900), figures.randrange(20, 900)] for a in areas}
    men, women = (sum(pair[i] for pair in facts.values()) for i in (0, 1))
    off = areas[6].code
    grid = [
        title("Penerima Beasiswa Menurut Kecamatan, Kota Medan 2025", 5), [],
        ["No", "Kecamatan", "Penerima Beasiswa", LEFT, LEFT], [UP, UP, "L", "P", "Jumlah"],
        *([i, a.name, *facts[a.code], sum(facts[a.code]) + (100 if a.code == off else 0)]
          for i, a in enumerate(areas, 1)),
        ["Jumlah", LEFT, men, women + 1_000, men + women + 1_000],
    ]
    rows = [(a.code, a.name, s, facts[a.code][i]) for a in areas for i, s in enumerate("LP")]
    return Built(xlsx(Page("beasiswa", grid)), Expected(
        home="12.71", must=[("total", "jumlah", "sum")], may=("total", "jumlah", "sum"),
        tables=[Table({**KEY, "jenis_kelamin": "string", "penerima_beasiswa": "integer"}, rows,
                      optional={"tahun": 2025})]))


@made("ganda dan salah ketik.csv")
def repeated_rows() -> Built:
    """Three equal rows, a kecamatan with a slip of one letter, two spellings of one category."""
    figures = seeded("repeated")
    areas = below("36.04")[:10]
    lines = [(a.code, a.name, ["Negeri", "negeri ", "Swasta"][i % 3], figures.randrange(1, 99))
             for i, a in enumerate(areas)]
    shown = [list(line[1:]) for line in lines]
    shown[6][0] = "Pontamg"
    grid = [["Kecamatan", "Status", "Jumlah TK"], *shown, shown[1], shown[1]]
    rows = [(c, n if i != 6 else "Pontamg", s.strip(), k)
            for i, (c, n, s, k) in enumerate(lines)]
    return Built(text(grid), Expected(
        home="36.04", must=[("duplicate", "unique", "primary-key", "ganda", "kunci")],
        may=("duplicate", "unique", "primary", "ganda", "kunci"),
        tables=[Table({**KEY, "status": "string", "jumlah_tk": "integer"},
                      [*rows, rows[1], rows[1]])]))


@made("persen di atas seratus.xlsx")
def above_hundred() -> Built:
    """A coverage of 8,450 percent: the comma was lost; it blocks and is not repaired."""
    figures = seeded("hundred")
    areas = below("18.71")[:12]
    rows = [(a.code, a.name, round(figures.uniform(60, 99), 2) if i != 5 else 8_450.0)
            for i, a in enumerate(areas)]
    grid = moved([["Cakupan Air Bersih Rumah Tangga, 2024"], [],
                  ["Kecamatan", "Persentase Rumah Tangga (%)"],
                  *([name, share] for _, name, share in rows),
                  ["Sumber: Dinas Perumahan"]], right=2, down=1)
    return Built(xlsx(Page("air", grid)), Expected(
        home="18.71", must=[("percent", "persen")], may=("percent", "persen"), tables=[Table(
            {**KEY, "persentase_rumah_tangga": "number"}, rows,
            units={"persentase_rumah_tangga": "persen"}, optional={"tahun": 2024})]))


@made("jalan per kecamatan & permukaan.xlsx")
def two_blocks() -> Built:
    """Two groups of columns over the same areas (surface, condition): two tables or two groups."""
    figures = seeded("roads")
    areas = below("64.72")
    surfaces, states = ["Aspal", "Beton", "Tanah"], ["Baik", "Sedang", "Rusak"]
    long = {(a.code, k): figures.randrange(1, 900) / 10 for a in areas for k in surfaces + states}
    grid = [
        title("PANJANG JALAN MENURUT JENIS PERMUKAAN DAN KONDISI (KM)", 8),
        title("KOTA SAMARINDA TAHUN 2025", 8), [],
        ["NO", "KECAMATAN", "JENIS PERMUKAAN", LEFT, LEFT, "KONDISI", LEFT, LEFT],
        [UP, UP, *surfaces, *states],
        *([i, a.name, *(long[a.code, k] for k in surfaces + states)]
          for i, a in enumerate(areas, 1)),
    ]

    def part(name: str, kinds: list[str]) -> Table:
        return Table({**KEY, name: "string", "panjang_jalan": "number"},
                     [(a.code, a.name, k, long[a.code, k]) for a in areas for k in kinds],
                     alias={"panjang_jalan": ("nilai",)}, units={"panjang_jalan": "kilometer"},
                     optional={"tahun": 2025})

    return Built(xlsx(Page("jalan", grid)), Expected(home="64.72", tables=[
        part("jenis_permukaan", surfaces), part("kondisi", states)]))
