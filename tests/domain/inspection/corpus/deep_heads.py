"""Deep heads, rare signs, noughts that were lost."""
from __future__ import annotations

from corpus.grid import LEFT, UP, Page, title
from corpus.model import Built, Expected, Table, below, made, seeded
from corpus.writers import ods, xlsx


@made("Siswa Baru 4 baris kepala.xlsx")
def four_rows() -> Built:
    """Four header rows: measure, year, status of the school, sex; sums at two depths."""
    figures = seeded("fourrows")
    areas = below("33.72")
    years, states = (2024, 2025), ("Negeri", "Swasta")
    counts = {(a.code, y, s, x): figures.randrange(20, 900)
              for a in areas for y in years for s in states for x in "LP"}

    def line(codes: list[str]) -> list[int]:
        made_up: list[int] = []
        for y in years:
            of_year = [[sum(counts[c, y, s, x] for c in codes) for x in "LP"] for s in states]
            for pair in of_year:
                made_up.extend(pair)
            made_up.append(sum(sum(pair) for pair in of_year))
        return made_up

    years_row = [cell for y in years for cell in (y, *[LEFT] * 4)]
    grid = [
        title("JUMLAH SISWA BARU SMP KOTA SURAKARTA", 12), [],
        ["NO", "KECAMATAN", "JUMLAH SISWA BARU", *[LEFT] * 9],
        [UP, UP, *years_row],
        [UP, UP, *["STATUS SEKOLAH", LEFT, LEFT, LEFT, "JUMLAH"] * 2],
        [UP, UP, *["NEGERI", LEFT, "SWASTA", LEFT, UP] * 2],
        [UP, UP, *["L", "P", "L", "P", UP] * 2],
        *([i, a.name, *line([a.code])] for i, a in enumerate(areas, 1)),
        [None, "JUMLAH", *line([a.code for a in areas])],
    ]
    rows = [(a.code, a.name, y, s.upper(), x, counts[a.code, y, s, x])
            for a in areas for y in years for s in states for x in "LP"]
    return Built(xlsx(Page("SMP", grid)), Expected(home="33.72", tables=[Table(
        {"kode_wilayah": "string", "kecamatan": "string", "tahun": "year",
         "status_sekolah": "string", "jenis_kelamin": "string", "jumlah_siswa_baru": "integer"},
        rows, alias={"status_sekolah": ("status",), "jumlah_siswa_baru": (
            "siswa_baru", "jumlah_siswa_baru_smp", "nilai")})]))


@made("Produksi hasil hutan (tanda).xlsx")
def rare_signs() -> Built:
    """An en dash, a nought with a meaning of its own and "t.a.d.", each told in the note."""
    figures = seeded("forest")
    areas = below("36.04")[:9]
    wood = [figures.randrange(4, 900) for _ in areas]
    resin = [figures.randrange(4, 900) for _ in areas]
    shown: list[list[object]] = [[a.name, x, y]
                                 for a, x, y in zip(areas, wood, resin, strict=True)]
    shown[1][1] = shown[6][1] = "–"
    shown[3][1] = 0
    shown[2][2] = shown[7][2] = "t.a.d."
    grid = [
        ["Produksi Hasil Hutan Menurut Kecamatan, 2024"], [],
        ["Kecamatan", "Kayu Bulat (m3)", "Getah Pinus (ton)"], *shown,
        ["Keterangan:"], ["– : tidak ada"], ["0 : kurang dari setengah satuan"],
        ["t.a.d. : data tidak tersedia"],
    ]
    columns = {"kode_wilayah": "string", "kecamatan": "string", "kayu_bulat": "integer",
               "getah_pinus": "integer"}
    units = {"kayu_bulat": "meter kubik", "getah_pinus": "ton"}
    rows = [(a.code, a.name, None if i in (1, 6, 3) else x, None if i in (2, 7) else y)
            for i, (a, x, y) in enumerate(zip(areas, wood, resin, strict=True))]
    nought = [row if i != 3 else (*row[:2], 0, row[3]) for i, row in enumerate(rows)]
    extra = {"tahun": 2024}
    status = {1: "nol", 6: "nol", 3: "dapat_diabaikan"}
    answered, or_nought = (
        [(*row[:2], 0 if i in (1, 6) else row[2], row[3], status.get(i, "normal"),
          "belum_tersedia" if i in (2, 7) else "normal") for i, row in enumerate(kept)]
        for kept in (rows, nought))
    with_status = {**columns, "status_kayu_bulat": "string", "status_getah_pinus": "string"}
    return Built(xlsx(Page("hutan", grid)), Expected(
        home="36.04", asks=[("tanda", "–"), ("tanda", "0"), ("tanda", "t.a.d.")],
        answers={("tanda", "–"): "nol", ("tanda", "0"): "dapat_diabaikan",
                 ("tanda", "t.a.d."): "belum_tersedia"},
        tables=[Table(columns, rows, units=units, optional=extra)],
        or_tables=[[Table(columns, nought, units=units, optional=extra)]],
        answered=[Table(with_status, answered, units=units, optional=extra)],
        or_answered=[[Table(with_status, or_nought, units=units, optional=extra)]],
        about={"catatan": "kurang dari setengah satuan"}))


@made("kode kecamatan tanpa nol.ods")
def lost_noughts() -> Built:
    """Codes of three digits typed as numbers: 10 and 20 beside 100 and 110."""
    figures = seeded("noughts")
    lines = [(10 * n, f"Blok {n}", figures.randrange(1, 90)) for n in range(1, 13)]
    grid = [["Kode Blok Sensus", "Nama Blok", "Jumlah Bangunan"], *map(list, lines)]
    columns = {"kode_blok_sensus": "string", "nama_blok": "string", "jumlah_bangunan": "integer"}
    return Built(ods(Page("Sheet1", grid)), Expected(
        home="36.04", may_ask=("kode",),
        tables=[Table(columns, [(f"{c:03d}", n, k) for c, n, k in lines], exact=True)],
        or_tables=[[Table(columns, [(str(c), n, k) for c, n, k in lines], exact=True)]]))
