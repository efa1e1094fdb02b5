"""Tables of schools and madrasah: Dapodik, EMIS, Dinas Pendidikan."""
from __future__ import annotations

from corpus.grid import LEFT, UP, Page, title
from corpus.model import Built, Expected, Table, below, idn, made, seeded
from corpus.writers import html, xls, xlsx

CONDITIONS = ["Baik", "Rusak Ringan", "Rusak Sedang", "Rusak Berat"]


def schools(name: str, home: str, count: int) -> list[tuple[str, str, str, str]]:
    """Return (name, NPSN, status, kecamatan code) of invented schools."""
    figures = seeded(name)
    areas = below(home)
    made_up = []
    for number in range(1, count + 1):
        kecamatan = areas[number % len(areas)]
        state = number % 3 != 0
        kind = f"SDN {number} {kecamatan.name}" if state else f"SD Swasta Harapan {number}"
        made_up.append((kind, f"{figures.randrange(20_000_000, 70_000_000)}",
                        "Negeri" if state else "Swasta", kecamatan.code))
    return made_up


@made("daftar-sekolah-dapodik 2026-01-05 10_12_33.xlsx")
def dapodik() -> Built:
    """Export of Dapodik: lines about the download above, "Kec. X", pupils by sex, no totals."""
    figures = seeded("dapodik-pupils")
    of = {a.code: a.name for a in below("51.02")}
    listed = schools("dapodik", "51.02", 40)
    pupils = {npsn: (figures.randrange(20, 200), figures.randrange(20, 200))
              for _, npsn, _, _ in listed}
    grid = [
        ["Daftar Satuan Pendidikan"], ["Kab. Tabanan"],
        ["Tanggal Unduh: 2026-01-05 10:12:33", None, "Pengunduh: Dinas Pendidikan"], [],
        ["No", "Nama Satuan Pendidikan", "NPSN", "Status", "Kecamatan", "Peserta Didik", LEFT,
         LEFT],
        [UP, UP, UP, UP, UP, "L", "P", "Total"],
        *([i, name, npsn, status, "Kec. " + of[code], *pupils[npsn], sum(pupils[npsn])]
          for i, (name, npsn, status, code) in enumerate(listed, 1)),
    ]
    rows = [(name, npsn, status, code, "Kec. " + of[code], s, pupils[npsn][i])
            for name, npsn, status, code in listed for i, s in enumerate("LP")]
    return Built(xlsx(Page("Profil Sekolah", grid)), Expected(home="51.02", tables=[Table(
        {"nama_satuan_pendidikan": "string", "npsn": "string", "status": "string",
         "kode_wilayah": "string", "kecamatan": "string", "jenis_kelamin": "string",
         "peserta_didik": "integer"}, rows)]))


@made("Sarpras dan siswa SD (untuk rapat).xlsx")
def measures_beside_sexes() -> Built:
    """Pupils by sex beside rombel and guru: two kinds of figures in one sheet."""
    figures = seeded("rombel")
    areas = below("51.02")
    facts = {a.code: [figures.randrange(300, 2_000) for _ in range(2)]
             + [figures.randrange(20, 90) for _ in range(2)] for a in areas}
    grid = [
        title("JUMLAH SISWA, ROMBEL DAN GURU SD NEGERI KABUPATEN TABANAN TA 2025/2026", 7),
        ["NO", "KECAMATAN", "SISWA", LEFT, LEFT, "ROMBEL", "GURU"],
        [UP, UP, "L", "P", "JML", UP, UP],
        *([i, a.name, *facts[a.code][:2], sum(facts[a.code][:2]), *facts[a.code][2:]]
          for i, a in enumerate(areas, 1)),
        [None, "JUMLAH", *(sum(facts[a.code][k] for a in areas) for k in (0, 1)),
         sum(sum(facts[a.code][:2]) for a in areas),
         *(sum(facts[a.code][k] for a in areas) for k in (2, 3))],
    ]
    wide = Table(
        {"kode_wilayah": "string", "kecamatan": "string", "siswa_l": "integer",
         "siswa_p": "integer", "rombel": "integer", "guru": "integer"},
        [(a.code, a.name, *facts[a.code]) for a in areas], optional={"siswa_jml": None,
                                                                     "siswa_jumlah": None})
    key = {"kode_wilayah": "string", "kecamatan": "string"}
    pupils = Table({**key, "jenis_kelamin": "string", "siswa": "integer"}, [
        (a.code, a.name, s, facts[a.code][i]) for a in areas for i, s in enumerate("LP")])
    others = Table({**key, "rombel": "integer", "guru": "integer"}, [
        (a.code, a.name, *facts[a.code][2:]) for a in areas])
    return Built(xlsx(Page("Sheet1", grid)),
                 Expected(home="51.02", tables=[pupils, others], or_tables=[[wide]]))


@made("emis_madrasah_kab_serang.xls")
def emis() -> Built:
    """EMIS: a web page named .xls; NSM of 12 digits, NPSN, names; everything is text."""
    figures = seeded("emis")
    of = {a.code: a.name for a in below("36.04")}
    kinds = ["MI", "MTs", "MA"]
    lines = []
    for number in range(1, 31):
        code = sorted(of)[number % len(of)]
        lines.append((f"{figures.choice([111, 121, 131])}236040{number:03d}",
                      str(60_700_000 + figures.randrange(90_000)),
                      f"{kinds[number % 3]} Al-Hidayah {number}", kinds[number % 3],
                      ["Swasta", "Negeri"][number % 7 == 0], of[code].upper(), code,
                      figures.randrange(40, 500), figures.randrange(4, 30)))
    grid = [
        ["No", "NSM", "NPSN", "Nama Lembaga", "Jenjang", "Status", "Kecamatan", "Jumlah Siswa",
         "Jumlah Guru"],
        *([i, *line[:6], *line[7:]] for i, line in enumerate(lines, 1)),
    ]
    rows = [(*line[:5], line[6], line[5], *line[7:]) for line in lines]
    return Built(html(grid, before="<h3>Rekap Data Madrasah Kab. Serang TP 2025/2026</h3>"),
                 Expected(home="36.04", tables=[Table(
                     {"nsm": "string", "npsn": "string", "nama_lembaga": "string",
                      "jenjang": "string", "status": "string", "kode_wilayah": "string",
                      "kecamatan": "string", "jumlah_siswa": "integer", "jumlah_guru": "integer"},
                     rows)]))


@made("Kondisi Ruang Kelas SD 2025.xls")
def conditions() -> Built:
    """Ruang kelas by Kondisi; each kecamatan's sum stands in the last column; old Excel."""
    figures = seeded("conditions")
    areas = below("64.72")
    rooms = {(a.code, c): figures.randrange(0, 90) for a in areas for c in CONDITIONS}
    grid = [
        title("JUMLAH RUANG KELAS SD MENURUT KONDISI DAN KECAMATAN", 7),
        title("KOTA SAMARINDA TAHUN 2025", 7), [],
        ["NO.", "KECAMATAN", "KONDISI", LEFT, LEFT, LEFT, "JUMLAH"],
        [UP, UP, *map(str.upper, CONDITIONS), UP],
        [1, 2, 3, 4, 5, 6, 7],
        *([i, a.name.upper(), *(rooms[a.code, c] for c in CONDITIONS),
           sum(rooms[a.code, c] for c in CONDITIONS)] for i, a in enumerate(areas, 1)),
        ["JUMLAH TOTAL", LEFT, *(sum(rooms[a.code, c] for a in areas) for c in CONDITIONS),
         sum(rooms.values())],
        ["Sumber data: Dapodik, cut off 31 Agustus 2025"],
    ]
    rows = [(a.code, a.name.upper(), c.upper(), rooms[a.code, c])
            for a in areas for c in CONDITIONS]
    return Built(xls(Page("SD", grid)), Expected(home="64.72", tables=[Table(
        {"kode_wilayah": "string", "kecamatan": "string", "kondisi": "string",
         "jumlah_ruang_kelas_sd": "integer"}, rows, optional={"tahun": 2025},
        alias={"jumlah_ruang_kelas_sd": ("nilai", "jumlah_ruang_kelas", "ruang_kelas_sd",
                                         "jumlah")})],
        about={"sumber": "Dapodik, cut off 31 Agustus 2025"}))


@made("APK APM SMP per kecamatan.xlsx")
def rates() -> Built:
    """Rates as text with a percent sign and decimal comma; APK may be above 100; average row."""
    figures = seeded("apk")
    areas = below("12.71")
    facts = {a.code: (round(figures.uniform(88, 112), 2), round(figures.uniform(70, 97), 2))
             for a in areas}
    grid = [
        ["APK dan APM SMP/MTs Menurut Kecamatan di Kota Medan Tahun Ajaran 2024/2025"], [],
        [None, "No", "Kecamatan", "APK", "APM"],
        *([None, i, a.name, *(idn(x, 2) + "%" for x in facts[a.code])]
          for i, a in enumerate(areas, 1)),
        [None, None, "Rata-rata", "100,20%", "84,10%"],
    ]
    return Built(xlsx(Page("apk-apm", grid)), Expected(home="12.71", tables=[Table(
        {"kode_wilayah": "string", "kecamatan": "string", "apk": "number", "apm": "number"},
        [(a.code, a.name, *facts[a.code]) for a in areas],
        units={"apk": "persen", "apm": "persen"})]))


@made("Guru menurut status dan jenjang.xlsx")
def two_dimensions() -> Built:
    """Two dimensions across, named in the title alone; sums inside the block."""
    figures = seeded("teachers")
    areas = below("53.71")
    levels, kinds = ["SD", "SMP"], ["PNS", "PPPK", "Honorer"]
    counts = {(a.code, v, k): figures.randrange(0, 200)
              for a in areas for v in levels for k in kinds}

    def line(code: str) -> list[int]:
        made_up: list[int] = []
        for v in levels:
            part = [counts[code, v, k] for k in kinds]
            made_up.extend([*part, sum(part)])
        return made_up

    grid = [
        title("Jumlah Guru Menurut Kecamatan, Jenjang dan Status Kepegawaian, 2025", 10),
        ["No", "Kecamatan", "SD", LEFT, LEFT, LEFT, "SMP", LEFT, LEFT, LEFT],
        [UP, UP, *[*kinds, "Jumlah"] * 2],
        *([i, a.name, *line(a.code)] for i, a in enumerate(areas, 1)),
        [None, "Kota Kupang", *(sum(column) for column in zip(*(line(a.code) for a in areas),
                                                            strict=True))],
    ]
    rows = [(a.code, a.name, v, k, counts[a.code, v, k])
            for a in areas for v in levels for k in kinds]
    return Built(xlsx(Page("Guru", grid)), Expected(home="53.71", tables=[Table(
        {"kode_wilayah": "string", "kecamatan": "string", "jenjang": "string",
         "status_kepegawaian": "string", "jumlah_guru": "integer"}, rows,
        alias={"jenjang": ("kelompok", "kategori", "kelompok_1"),
               "status_kepegawaian": ("kelompok_2", "kategori_2", "status", "uraian"),
               "jumlah_guru": ("nilai", "jumlah")}, optional={"tahun": 2025})]))


@made("Siswa per tahun ajaran.xlsx")
def school_years() -> Built:
    """School years 2021/2022 across: no calendar years, kept as text; "Jumlah" row unmarked."""
    figures = seeded("schoolyears")
    levels = ["TK/RA", "SD/MI", "SMP/MTs", "SMA/SMK/MA"]
    years = ["2021/2022", "2022/2023", "2023/2024", "2024/2025"]
    counts = {(v, y): first + figures.randrange(900)
              for v in levels for first in [figures.randrange(2_000, 50_000)] for y in years}
    grid = [
        ["Jumlah Siswa Menurut Jenjang Pendidikan"], [],
        ["No", "Jenjang Pendidikan", "Tahun Ajaran", LEFT, LEFT, LEFT],
        [UP, UP, *years],
        *([f"{i})", v, *(counts[v, y] for y in years)] for i, v in enumerate(levels, 1)),
        [None, "Jumlah", *(sum(counts[v, y] for v in levels) for y in years)],
    ]
    return Built(xlsx(Page("siswa", grid)), Expected(home="36.04", tables=[Table(
        {"jenjang_pendidikan": "string", "tahun_ajaran": "string", "jumlah_siswa": "integer"},
        [(v, y, counts[v, y]) for v in levels for y in years],
        alias={"jumlah_siswa": ("nilai", "jumlah")})]))
