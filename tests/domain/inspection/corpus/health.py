"""Tables of puskesmas and Dinas Kesehatan."""
from __future__ import annotations

from corpus.grid import LEFT, UP, Formula, Page, blank, moved, title
from corpus.model import Built, Expected, Table, area, below, idn, made, seeded
from corpus.writers import docx, percent, xlsx

MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
          "Oktober", "November", "Desember"]


@made("LB1 Puskesmas Kramatwatu Okt 2025.xlsx")
def diseases() -> Built:
    """LB1: three header rows (cases, age, sex), ICD codes, sums at the right, numbering row."""
    figures = seeded("lb1")
    diseases = [("A09", "Diare dan gastroenteritis"), ("I10", "Hipertensi esensial (primer)"),
                ("J00", "Nasofaringitis akut (common cold)"), ("J06.9", "ISPA tidak spesifik"),
                ("K30", "Dispepsia"), ("L23", "Dermatitis kontak alergi"), ("M79.1", "Mialgia"),
                ("R50.9", "Demam tidak spesifik")]
    groups = ["0-7 hr", "8-28 hr", "1-11 bln", "1-4 th", "5-9 th", "10-14 th", "15-44 th", ">45 th"]
    cases = {(d, g, s): figures.randrange(0, 40) for d, _ in diseases for g in groups for s in "LP"}
    wide = 2 * len(groups)
    head = [cell for g in groups for cell in (g, LEFT)]
    body = []
    for number, (code, name) in enumerate(diseases, 1):
        line = [cases[code, g, s] for g in groups for s in "LP"]
        body.append([number, code, name, *line, sum(line[::2]), sum(line[1::2]), sum(line)])
    grid = [
        title("LAPORAN BULANAN DATA KESAKITAN (LB 1)", wide + 6),
        ["Puskesmas", None, ": Kramatwatu"], ["Kabupaten", None, ": Serang"],
        ["Bulan", None, ": Oktober 2025"], [],
        ["NO", "KODE ICD X", "JENIS PENYAKIT",
         "JUMLAH KASUS BARU MENURUT GOLONGAN UMUR", *[LEFT] * (wide - 1), "TOTAL", LEFT, LEFT],
        [UP, UP, UP, *head, UP, LEFT, LEFT],
        [UP, UP, UP, *["L", "P"] * len(groups), "L", "P", "JML"],
        list(range(1, wide + 7)),
        *body,
    ]
    grid[6][-3:] = [None, None, None]
    rows = [(d, name, g, s, cases[d, g, s]) for d, name in diseases for g in groups for s in "LP"]
    return Built(xlsx(Page("LB1", grid)), Expected(home="36.04", tables=[Table(
        {"kode_icd_x": "string", "jenis_penyakit": "string", "golongan_umur": "string",
         "jenis_kelamin": "string", "jumlah_kasus_baru": "integer"}, rows,
        alias={"golongan_umur": ("kelompok_umur", "umur", "kelompok",
                                 "jumlah_kasus_baru_menurut_golongan_umur"),
               "jumlah_kasus_baru": ("kasus_baru", "nilai",
                                     "jumlah_kasus_baru_menurut_golongan_umur")},
        optional={"tahun": 2025, "bulan": None})]))


@made("eppgbm_stunting_desa_agustus.xlsx")
def stunting() -> Built:
    """e-PPGBM: percent formats, kecamatan only at its first desa, one desa measured too many."""
    figures = seeded("stunting")
    desa = [d for k in below("63.72")[:3] for d in below(k.code)]
    of = {k.code: k.name for k in below("63.72")}
    facts = []
    for number, each in enumerate(desa):
        children = figures.randrange(150, 600)
        seen = children - figures.randrange(5, 40) if number != 4 else children + 12
        short = figures.randrange(5, 60)
        facts.append((each, children, seen, short, round(short / seen, 3)))
    last, grid = "", [
        ["REKAP STATUS GIZI BALITA (e-PPGBM) BULAN AGUSTUS TAHUN 2025"], ["KOTA BANJARBARU"], [],
        ["No", "Kecamatan", "Kelurahan", "Jumlah Balita", "Jumlah Balita Diukur",
         "Jumlah Balita Stunting", "Prevalensi Stunting"],
    ]
    for number, (each, children, seen, short, share) in enumerate(facts, 1):
        name = of[each.parent] if each.parent != last else None
        last = each.parent
        grid.append([number, name, each.name, children, seen, short, percent(share)])
    rows = [(e.code, of[e.parent], e.name, children, seen, short, round(100 * share, 1))
            for e, children, seen, short, share in facts]
    return Built(xlsx(Page("AGUSTUS", grid)), Expected(
        home="63.72", must=[("part-above", "whole", "bagian")], tables=[Table(
            {"kode_wilayah": "string", "kecamatan": "string", "kelurahan": "string",
             "jumlah_balita": "integer", "jumlah_balita_diukur": "integer",
             "jumlah_balita_stunting": "integer", "prevalensi_stunting": "number"}, rows,
            units={"prevalensi_stunting": "persen"}, optional={"tahun": 2025, "bulan": None})]))


@made("Cakupan Imunisasi Dasar Lengkap 2025.xlsx")
def months() -> Built:
    """Months across, TOTAL at the right with formulas and their values, "-" in two cells."""
    figures = seeded("months")
    places = ["Puskesmas " + name for name in ("Alak", "Naioni", "Manutapen", "Sikumana", "Penfui",
                                               "Bakunase", "Oebobo", "Oepoi", "Pasir Panjang")]
    counts = {(p, m): figures.randrange(3, 90) for p in places for m in MONTHS}
    signs = {(places[1], "Juni"), (places[1], "Juli"), (places[6], "Juni")}

    def cell(place: str, month: str) -> int | str:
        return "-" if (place, month) in signs else counts[place, month]

    def value(place: str, month: str) -> int | None:
        return None if (place, month) in signs else counts[place, month]

    body = []
    for number, place in enumerate(places, 1):
        row = 5 + number
        line = [cell(place, m) for m in MONTHS]
        cached = sum(n for n in line if isinstance(n, int))
        body.append([number, place, *line, Formula(f"SUM(C{row}:N{row})", cached)])
    sums = [sum(value(p, m) or 0 for p in places) for m in MONTHS]
    grid = [
        title("JUMLAH BAYI YANG MENDAPAT IMUNISASI DASAR LENGKAP", 15),
        title("KOTA KUPANG TAHUN 2025", 15), [],
        ["No", "Puskesmas", "Bulan", *[LEFT] * 11, "Total"],
        [UP, UP, *MONTHS, UP],
        *body,
        ["JUMLAH", LEFT, *(Formula(f"SUM({c}6:{c}14)", n)
                           for c, n in zip("CDEFGHIJKLMN", sums, strict=True)), sum(sums)],
        [], ["Sumber: Laporan bulanan puskesmas"],
    ]
    columns = {"puskesmas": "string", "bulan": "string", "jumlah_bayi": "integer"}
    names = ("nilai", "jumlah_bayi_yang_mendapat_imunisasi_dasar_lengkap")
    extra = {"tahun": 2025}
    return Built(xlsx(Page("IDL", grid)), Expected(
        home="53.71", asks=[("tanda", "-")], answers={("tanda", "-"): "nol"},
        tables=[Table(columns, [(p, m, value(p, m)) for p in places for m in MONTHS],
                      alias={"jumlah_bayi": names}, optional=extra)],
        answered=[Table({**columns, "status_angka": "string"},
                        [(p, m, value(p, m) or 0, "nol" if (p, m) in signs else "normal")
                         for p in places for m in MONTHS],
                        alias={"jumlah_bayi": names}, optional=extra)]))


@made("Kunjungan rawat jalan + petugas.xlsx")
def with_nik() -> Built:
    """Visits by sex, and the NIK of who filled it in: personal data blocks."""
    figures = seeded("nik")
    areas = below("36.04")[:12]
    visits = {a.code: (figures.randrange(2_000, 9_000), figures.randrange(2_000, 9_000))
              for a in areas}
    niks = {a.code: f"3604{figures.randrange(1, 29):02d}{figures.randrange(1, 68):02d}"
                    f"{figures.randrange(1, 12):02d}{figures.randrange(70, 99)}"
                    f"{figures.randrange(1, 30):04d}" for a in areas}
    grid = [
        title("REKAPITULASI KUNJUNGAN RAWAT JALAN", 6), title("KABUPATEN SERANG TAHUN 2025", 6),
        ["NO", "KECAMATAN", "KUNJUNGAN", LEFT, LEFT, "NIK PETUGAS"],
        [UP, UP, "L", "P", "JML", UP],
        *([i, a.name, *map(idn, visits[a.code]), idn(sum(visits[a.code])), niks[a.code]]
          for i, a in enumerate(areas, 1)),
    ]
    rows = [(a.code, a.name, niks[a.code], s, visits[a.code][i])
            for a in areas for i, s in enumerate("LP")]
    return Built(xlsx(Page("Rekap", grid)), Expected(
        home="36.04", must=[("personal", "pribadi", "nik")], tables=[Table(
            {"kode_wilayah": "string", "kecamatan": "string", "nik_petugas": "string",
             "jenis_kelamin": "string", "kunjungan": "integer"}, rows, optional={"tahun": 2025})]))


@made("gizi buruk (kiriman WA).docx")
def forwarded_letter() -> Built:
    """A table in a letter of Word, merged header cells, figures with dots, sums in the last row."""
    figures = seeded("docx")
    areas = below("18.71")[:8]
    facts = {a.code: [figures.randrange(1_010, 3_000), figures.randrange(0, 9),
                      figures.randrange(0, 15)] for a in areas}
    grid = [
        ["No.", "Kecamatan", "Jumlah Balita", "Gizi Buruk (kasus)", "Gizi Kurang (kasus)"],
        *([f"{i}.", a.name, *map(idn, facts[a.code])] for i, a in enumerate(areas, 1)),
        ["Jumlah", LEFT, *(idn(sum(facts[a.code][k] for a in areas)) for k in range(3))],
    ]
    rows = [(a.code, a.name, *facts[a.code]) for a in areas]
    return Built(docx(grid, ["Kepada Yth. Kepala Bidang Kesehatan Masyarakat",
                             "Data balita per kecamatan, Kota Bandar Lampung, September 2025"],
                      ["Demikian disampaikan, terima kasih."]),
                 Expected(home="18.71", tables=[Table(
                     {"kode_wilayah": "string", "kecamatan": "string", "jumlah_balita": "integer",
                      "gizi_buruk": "integer", "gizi_kurang": "integer"}, rows,
                     units={"gizi_buruk": "kasus", "gizi_kurang": "kasus"},
                     optional={"tahun": 2025})]))


@made("Tenaga kesehatan marked.xlsx")
def marked_figures() -> Built:
    """Marks on figures: "123*" and "45 r" with their notes; "…" for none; the year is a title."""
    figures = seeded("marks")
    places = ["RSUD dr. Slamet", "RSUD Pameungpeuk", "RSUD Malangbong", "RS Guntur", "RS Intan",
              "Klinik Utama Nusa"]
    doctors = [figures.randrange(10, 80) for _ in places]
    nurses = [figures.randrange(100, 400) for _ in places]
    shown_doctors: list[object] = list(doctors)
    shown_nurses: list[object] = list(nurses)
    shown_doctors[1], shown_doctors[4] = f"{doctors[1]}*", f"{doctors[4]}*"
    shown_nurses[2], shown_nurses[5] = f"{nurses[2]} r", "…"
    grid = moved([
        ["Jumlah Dokter dan Perawat Menurut Rumah Sakit, 2024"], [],
        ["Rumah Sakit", "Dokter", "Perawat"],
        *([p, d, n] for p, d, n in zip(places, shown_doctors, shown_nurses, strict=True)),
        ["Catatan: * angka sementara"], ["r angka diperbaiki"],
    ], right=1)
    columns = {"rumah_sakit": "string", "dokter": "integer", "perawat": "integer"}
    rows = [(p, d, None if i == 5 else n)
            for i, (p, d, n) in enumerate(zip(places, doctors, nurses, strict=True))]
    answered = [(p, d, n, "sementara" if i in (1, 4) else "normal",
                 {2: "perbaikan", 5: "belum_tersedia"}.get(i, "normal"))
                for i, (p, d, n) in enumerate(rows)]
    return Built(xlsx(Page("nakes", grid)), Expected(
        home="32.05", asks=[("tanda", "*"), ("tanda", "r"), ("tanda", "…")],
        answers={("tanda", "*"): "sementara", ("tanda", "r"): "perbaikan",
                 ("tanda", "…"): "belum_tersedia"},
        tables=[Table(columns, rows, optional={"tahun": 2024})],
        answered=[Table({**columns, "status_dokter": "string", "status_perawat": "string"},
                        answered, optional={"tahun": 2024})],
        about={"catatan": "angka diperbaiki", "judul": "Jumlah Dokter dan Perawat"}))


@made("Posyandu per strata.xlsx")
def strata() -> Built:
    """Strata under their own parent header, Jumlah at the right, empty rows between the lines."""
    figures = seeded("strata")
    areas = below("52.03")[:10]
    kinds = ["Pratama", "Madya", "Purnama", "Mandiri"]
    counts = {(a.code, k): figures.randrange(0, 30) for a in areas for k in kinds}
    body: list[list[object]] = []
    for number, a in enumerate(areas, 1):
        line = [counts[a.code, k] for k in kinds]
        body.append([number, "Kec. " + a.name, *line, sum(line)])
        if number % 4 == 0:
            body.extend(blank())
    sums = [sum(counts[a.code, k] for a in areas) for k in kinds]
    grid = [
        ["Jumlah Posyandu Menurut Strata dan Kecamatan"], [area("52.03").name, None, "Tahun 2024"],
        ["No", "Kecamatan", "Strata Posyandu", LEFT, LEFT, LEFT, "Jumlah"],
        [UP, UP, *kinds, UP],
        *body,
        [None, "TOTAL", *sums, sum(sums)],
        ["Sumber : Dinas Kesehatan"],
    ]
    rows = [(a.code, "Kec. " + a.name, k, counts[a.code, k]) for a in areas for k in kinds]
    return Built(xlsx(Page("Sheet2", grid)), Expected(home="52.03", tables=[Table(
        {"kode_wilayah": "string", "kecamatan": "string", "strata_posyandu": "string",
         "jumlah_posyandu": "integer"}, rows, optional={"tahun": 2024},
        alias={"strata_posyandu": ("strata",), "jumlah_posyandu": ("nilai", "jumlah")})]))
