"""Names of areas: short, abbreviated, ambiguous, or no areas at all."""
from __future__ import annotations

from corpus.grid import Page
from corpus.model import Built, Expected, Table, below, made, seeded
from corpus.writers import text, xlsx

SHORT = {"19": "Kep. Bangka Belitung", "21": "Kep. Riau", "31": "DKI Jakarta",
         "34": "DI Yogyakarta"}


@made("ipm_provinsi_bps.csv")
def provinces() -> Built:
    """All provinces in capitals and BPS' short names, decimal points, INDONESIA last."""
    figures = seeded("ipm")
    rows = [(p.code, SHORT.get(p.code, p.name).upper(), 2025, round(figures.uniform(60, 84), 2))
            for p in below("")]
    grid = [["Provinsi", "Tahun", "Indeks Pembangunan Manusia"], *(list(r[1:]) for r in rows),
            ["INDONESIA", 2025, 75.02]]
    return Built(text(grid), Expected(home="36", tables=[Table(
        {"kode_wilayah": "string", "provinsi": "string", "tahun": "year",
         "indeks_pembangunan_manusia": "number"}, rows)]))


@made("Daftar koperasi per kab jabar.xlsx")
def abbreviated() -> Built:
    """Kab. Bogor, KOTA SUKABUMI, Kab.Bandung Barat in one column; the province first."""
    figures = seeded("abbreviated")
    areas = below("32")
    shown = [a.name.replace("Kabupaten ", ("Kab. ", "Kab.", "KAB ")[i % 3])
             if i % 4 else a.name.upper() for i, a in enumerate(areas)]
    counts = [figures.randrange(100, 2_500) for _ in areas]
    grid = [["Kab/Kota", "Jumlah Koperasi (unit)"], ["JAWA BARAT", sum(counts)],
            *([name, n] for name, n in zip(shown, counts, strict=True))]
    return Built(xlsx(Page("koperasi", grid)), Expected(home="32", tables=[Table(
        {"kode_wilayah": "string", "kab_kota": "string", "jumlah_koperasi": "integer"},
        [(a.code, name, n) for a, name, n in zip(areas, shown, counts, strict=True)],
        units={"jumlah_koperasi": "unit"})]))


@made("desa tanpa kecamatan.csv")
def ambiguous() -> Built:
    """Desa without their kecamatan; three names occur twice: asked, not guessed."""
    figures = seeded("ambiguous")
    desa = [d for k in below("51.02") for d in below(k.code)]
    double = {d.name for d in desa if sum(e.name == d.name for e in desa) > 1}
    picked = [d for d in desa if figures.random() < 0.35 or d.name in double]
    lines = [(d, figures.randrange(1, 40)) for d in picked]
    grid = [["Desa", "Jumlah UMKM"], *([d.name, n] for d, n in lines)]
    rows = [(None if d.name in double else d.code, d.name, n) for d, n in lines]
    return Built(text(grid), Expected(
        home="51.02", asks=[("wilayah", "")], may=("unique", "duplicate", "primary"),
        tables=[Table({"kode_wilayah": "string", "desa": "string", "jumlah_umkm": "integer"},
                      rows)]))


@made("Siswa per cabang dinas.xlsx")
def no_areas() -> Built:
    """Branches of an office and police regions called "Wilayah": no code is forced."""
    figures = seeded("branches")
    rows = [(f"Cabang Dinas Wilayah {n}", police, figures.randrange(10, 900))
            for n, police in zip(("I", "II", "III", "IV", "V"),
                                 ("Polres Metro Bekasi", "Polda Metro Jaya", "Polres Cimahi",
                                  "Polresta Bogor Kota", "Bandara Kertajati"), strict=True)]
    grid = [["No", "Wilayah", "Satuan Pengamanan", "Jumlah Personel"],
            *([i, *row] for i, row in enumerate(rows, 1))]
    return Built(xlsx(Page("cabdin", grid)), Expected(home="32", tables=[Table(
        {"wilayah": "string", "satuan_pengamanan": "string", "jumlah_personel": "integer"},
        rows)]))


@made("sudut kosong.xlsx")
def no_corner() -> Built:
    """The corner cell is empty: only the values tell that the rows are kecamatan."""
    figures = seeded("corner")
    areas = below("53.71")
    rows = [(a.code, a.name, figures.randrange(0, 30), figures.randrange(0, 30)) for a in areas]
    grid = [["Jumlah Hotel dan Restoran Kota Kupang 2025"], [],
            [None, "Hotel", "Restoran"], *(list(r[1:]) for r in rows),
            ["Kota Kupang", sum(r[2] for r in rows), sum(r[3] for r in rows)]]
    return Built(xlsx(Page("Sheet1", grid)), Expected(
        home="53.71", may=("label", "header"), tables=[Table(
            {"kode_wilayah": "string", "kecamatan": "string", "hotel": "integer",
             "restoran": "integer"}, rows, optional={"tahun": 2025},
            alias={"kecamatan": ("kolom_1", "kolom_a", "wilayah", "uraian", "kolom", "a")})]))


@made("penyalur beras kode bps.csv")
def bps_codes() -> Built:
    """Kabupaten with BPS codes of their own: kept as they are, the standard code is suggested."""
    figures = seeded("bpscodes")
    rows = [(a.kode_bps, a.name, figures.randrange(3, 90)) for a in below("14")]
    grid = [["kode_bps", "kabupaten", "jumlah_penyalur"], *map(list, rows)]
    return Built(text(grid), Expected(home="14", tables=[Table(
        {"kode_bps": "string", "kabupaten": "string", "jumlah_penyalur": "integer"}, rows,
        optional={"kode_wilayah": None})]))
