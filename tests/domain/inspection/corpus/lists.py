"""Lists and registers: officers, events, firms; each row a thing."""
from __future__ import annotations

import datetime as dt

from corpus.grid import LEFT, UP, Fmt, Page, blank, moved, title
from corpus.model import Built, Expected, Table, below, made, seeded
from corpus.writers import ods, xlsx

GRADES = {"II": ["II/a", "II/b", "II/c", "II/d"], "III": ["III/a", "III/b", "III/c", "III/d"],
          "IV": ["IV/a", "IV/b", "IV/c"]}


@made("Nominatif ASN per golongan BKPSDM.xlsx")
def grades() -> Built:
    """Grades down with a sum per group, sexes across, roman groups; grand total last."""
    figures = seeded("grades")
    counts = {(g, s): figures.randrange(0, 300) for part in GRADES.values() for g in part
              for s in "LP"}
    body: list[list[object]] = []
    for group, grades_in in GRADES.items():
        for number, g in enumerate(grades_in, 1):
            body.append([number, g, counts[g, "L"], counts[g, "P"],
                         counts[g, "L"] + counts[g, "P"]])
        men, women = (sum(counts[g, s] for g in grades_in) for s in "LP")
        body.append([None, f"Jumlah Gol. {group}", men, women, men + women])
    men, women = (sum(n for (_, sex), n in counts.items() if sex == s) for s in "LP")
    grid = [
        title("JUMLAH PNS MENURUT GOLONGAN DAN JENIS KELAMIN", 5),
        title("KEADAAN 31 DESEMBER 2025", 5), [],
        ["NO", "GOLONGAN", "JENIS KELAMIN", LEFT, "JUMLAH"], [UP, UP, "LAKI-LAKI", "PEREMPUAN", UP],
        *body, [None, "JUMLAH SELURUHNYA", men, women, men + women],
    ]
    return Built(xlsx(Page("GOL", grid)), Expected(home="36.72", tables=[Table(
        {"golongan": "string", "jenis_kelamin": "string", "jumlah_pns": "integer"},
        [(g, s, counts[g, s]) for part in GRADES.values() for g in part for s in "LP"],
        alias={"jumlah_pns": ("nilai", "pns", "jumlah")}, optional={"tahun": 2025})]))


@made("Daftar Penyuluh dan kontak.xlsx")
def contacts() -> Built:
    """Names with NIP, telephone, e-mail and date of birth: personal data of named people."""
    figures = seeded("contacts")
    names = ["Siti Aminah", "Budi Santoso", "I Wayan Sudarma", "Maria Yosefina", "Agus Salim",
             "Ratna Dewi", "Hendra Wijaya", "Nur Hidayah"]
    areas = below("36.04")
    lines = []
    for number, name in enumerate(names):
        born = dt.date(1970 + number * 2, 1 + number, 3 + number)
        lines.append((name, f"{born:%Y%m%d}{2005 + number}12{1 + number % 2}00{number + 1}",
                      born, f"08{figures.randrange(10**9, 10**10)}",
                      f"{name.split()[0].lower()}{number}@contoh.id", areas[number]))
    grid = [
        ["Daftar Penyuluh Pertanian"],
        ["No", "Nama", "NIP", "Tanggal Lahir", "No. HP", "Email", "Wilayah Kerja"],
        *([i, n, nip, Fmt(dt.datetime(b.year, b.month, b.day), "dd/mm/yyyy"), hp, mail, a.name]
          for i, (n, nip, b, hp, mail, a) in enumerate(lines, 1)),
    ]
    rows = [(n, nip, b.isoformat(), hp, mail, a.code, a.name) for n, nip, b, hp, mail, a in lines]
    return Built(xlsx(Page("penyuluh", grid)), Expected(
        home="36.04", must=[("personal", "pribadi", "phone", "telepon"),
                            ("personal", "pribadi", "mail", "surel")],
        tables=[Table({"nama": "string", "nip": "string", "tanggal_lahir": "date",
                       "no_hp": "string", "email": "string", "kode_wilayah": "string",
                       "wilayah_kerja": "string"}, rows)]))


@made("Kejadian Bencana BPBD 2025.xlsx")
def disasters() -> Built:
    """Days partly dates of Excel, partly text ("3 November 2025", "12/11/2025"), empty counts."""
    figures = seeded("disasters")
    areas = below("36.04")
    months = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus",
              "September", "Oktober", "November", "Desember"]
    lines = []
    for number in range(14):
        day = dt.date(2025, 1 + number % 12, 3 + 2 * number % 24)
        shown: object = Fmt(dt.datetime(day.year, day.month, day.day), "dd-mmm-yyyy")
        if number % 3 == 1:
            shown = f"{day.day} {months[day.month - 1]} {day.year}"
        if number % 3 == 2:
            shown = f"{day.day:02d}/{day.month:02d}/{day.year}"
        hurt = figures.randrange(0, 5) if number % 4 else None
        lines.append((shown, day, ["Banjir", "Longsor", "Puting beliung"][number % 3],
                      areas[number], hurt, figures.randrange(0, 60)))
    grid = [
        *blank(), title("REKAPITULASI KEJADIAN BENCANA TAHUN 2025", 7), *blank(),
        [None, "NO", "TANGGAL KEJADIAN", "JENIS BENCANA", "KECAMATAN", "LUKA-LUKA\n(orang)",
         "RUMAH RUSAK\n(unit)"],
        *([None, i, shown, kind, a.name, hurt, broken]
          for i, (shown, _, kind, a, hurt, broken) in enumerate(lines, 1)),
    ]
    rows = [(day.isoformat(), kind, a.code, a.name, hurt, broken)
            for _, day, kind, a, hurt, broken in lines]
    return Built(xlsx(Page("rekap", grid)), Expected(home="36.04", tables=[Table(
        {"tanggal_kejadian": "date", "jenis_bencana": "string", "kode_wilayah": "string",
         "kecamatan": "string", "luka_luka": "integer", "rumah_rusak": "integer"}, rows,
        units={"luka_luka": "orang", "rumah_rusak": "unit"})]))


@made("Data IKM binaan.ods")
def firms() -> Built:
    """A plain list in LibreOffice: ticks for Ya, coordinates with commas, money with dots."""
    figures = seeded("firms")
    lines = []
    for number in range(1, 21):
        lines.append((f"UD Sumber Rejeki {number}", ["Makanan", "Kerajinan", "Batik"][number % 3],
                      "√" if number % 2 else None, figures.randrange(2, 40),
                      figures.randrange(20, 900) * 250_000,
                      -7.5 - figures.randrange(1, 90_000) / 1_000_000,
                      110.8 + figures.randrange(1, 90_000) / 1_000_000))
    grid = [
        ["No", "Nama IKM", "Jenis Usaha", "Halal", "Tenaga Kerja (orang)", "Omzet (Rp)", "Lintang",
         "Bujur"],
        *([i, n, kind, halal, work, f"{money:,}".replace(",", "."), f"{y:.6f}".replace(".", ","),
           f"{x:.6f}".replace(".", ",")]
          for i, (n, kind, halal, work, money, y, x) in enumerate(lines, 1)),
    ]
    rows = [(*line[:5], round(line[5], 6), round(line[6], 6)) for line in lines]
    return Built(ods(Page("IKM", grid)), Expected(home="33.72", tables=[Table(
        {"nama_ikm": "string", "jenis_usaha": "string", "halal": "string",
         "tenaga_kerja": "integer", "omzet": "integer", "lintang": "number", "bujur": "number"},
        rows, units={"tenaga_kerja": "orang", "omzet": "rupiah"})]))


@made("Daftar Jembatan PUPR.xlsx")
def bridges() -> Built:
    """Lengths with their unit in the cell ("12,5 m"), year built, header text on three lines."""
    figures = seeded("bridges")
    lines = [(f"Jembatan {name}", figures.randrange(40, 900) / 10, figures.randrange(1972, 2024),
              ["Baik", "Sedang", "Rusak"][i % 3])
             for i, name in enumerate(("Cidurian", "Ciujung", "Cibanten", "Cikalumpang", "Ciwaka",
                                       "Anyar", "Kaserangan"))]
    grid = moved([
        title("DATA JEMBATAN KABUPATEN SERANG", 5),
        ["NO\nURUT", "NAMA\nJEMBATAN", "PANJANG\nJEMBATAN", "TAHUN\nDIBANGUN", "KONDISI"],
        *([i, n, f"{long:.1f} m".replace(".", ","), year, state]
          for i, (n, long, year, state) in enumerate(lines, 1)),
    ], right=1, down=1)
    return Built(xlsx(Page("jembatan", grid)), Expected(home="36.04", tables=[Table(
        {"nama_jembatan": "string", "panjang_jembatan": "number", "tahun_dibangun": "year",
         "kondisi": "string"}, lines, units={"panjang_jembatan": "meter"})]))


@made("PNS menurut OPD dan pendidikan.xlsx")
def education() -> Built:
    """Education across (SD to S3) with a blank column in between, "-" as nothing, total last."""
    figures = seeded("education")
    offices = ["Sekretariat Daerah", "Inspektorat", "Dinas Pendidikan", "Dinas Kesehatan",
               "Satpol PP", "Kecamatan Ciruas"]
    levels = ["SD", "SLTP", "SLTA", "D III", "S1/D IV", "S2", "S3"]
    counts = {(o, v): figures.randrange(1, 90) for o in offices for v in levels}
    gone = {(offices[1], "SD"), (offices[4], "S3"), (offices[5], "S3")}

    def cell(office: str, level: str) -> object:
        return "-" if (office, level) in gone else counts[office, level]

    def value(office: str, level: str) -> int | None:
        return None if (office, level) in gone else counts[office, level]

    grid = [
        ["Jumlah Pegawai Negeri Sipil Menurut Perangkat Daerah dan Tingkat Pendidikan"], [],
        ["No", "Perangkat Daerah", None, "Tingkat Pendidikan", *[LEFT] * 6, "Jumlah"],
        [UP, UP, None, *levels, UP],
        *([i, o, None, *(cell(o, v) for v in levels), sum(value(o, v) or 0 for v in levels)]
          for i, o in enumerate(offices, 1)),
        [None, "Jumlah", None, *(sum(value(o, v) or 0 for o in offices) for v in levels),
         sum(value(o, v) or 0 for o in offices for v in levels)],
    ]
    columns = {"perangkat_daerah": "string", "tingkat_pendidikan": "string",
               "jumlah_pegawai_negeri_sipil": "integer"}
    names = {"jumlah_pegawai_negeri_sipil": ("nilai", "jumlah", "pegawai_negeri_sipil")}
    return Built(xlsx(Page("pendidikan", grid)), Expected(
        home="36.04", asks=[("tanda", "-")], answers={("tanda", "-"): "nol"},
        tables=[Table(columns, [(o, v, value(o, v)) for o in offices for v in levels],
                      alias=names)],
        answered=[Table({**columns, "status_angka": "string"},
                        [(o, v, value(o, v) or 0, "nol" if (o, v) in gone else "normal")
                         for o in offices for v in levels], alias=names)]))
