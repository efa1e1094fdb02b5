"""Lists of desa and their like: names in blocks, merged cells, codes that were damaged."""
from __future__ import annotations

from corpus.grid import LEFT, UP, Fmt, Page, title
from corpus.model import Built, Expected, Table, area, bare, below, idn, made, seeded
from corpus.writers import docx, text, xls, xlsx

ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII"]


@made("DAFTAR DESA IDM 2024 DPMD.xlsx")
def merged_kecamatan() -> Built:
    """Kecamatan in merged cells down, status and score with decimal comma, no totals."""
    figures = seeded("idm")
    status = ["Mandiri", "Maju", "Berkembang", "Tertinggal"]
    body, rows, number = [], [], 0
    for kecamatan in below("52.03")[:5]:
        for at, desa in enumerate(below(kecamatan.code)):
            number += 1
            score, label = round(figures.uniform(0.5, 0.95), 4), status[figures.randrange(4)]
            body.append([number, UP if at else kecamatan.name.upper(), desa.name.upper(),
                         idn(score, 4), label])
            rows.append((desa.code, kecamatan.name.upper(), desa.name.upper(), score, label))
    grid = [
        title("STATUS INDEKS DESA MEMBANGUN KABUPATEN LOMBOK TIMUR TAHUN 2024", 5), [],
        ["NO", "KECAMATAN", "DESA", "NILAI IDM", "STATUS IDM"], *body,
    ]
    return Built(xlsx(Page("IDM", grid)), Expected(home="52.03", tables=[Table(
        {"kode_wilayah": "string", "kecamatan": "string", "desa": "string",
         "nilai_idm": "number", "status_idm": "string"}, rows, optional={"tahun": 2024})]))


@made("Jumlah RT RW per Kelurahan.xlsx")
def blocks() -> Built:
    """A row with the kecamatan alone, then its kelurahan, numbers restarting, a sum under each."""
    figures = seeded("blocks")
    body: list[list[object]] = []
    rows: list[tuple[object, ...]] = []
    for kecamatan in below("36.72")[:6]:
        body.append([None, f"KECAMATAN {kecamatan.name.upper()}"])
        rt_all = rw_all = 0
        for number, each in enumerate(below(kecamatan.code), 1):
            rt, rw = figures.randrange(10, 60), figures.randrange(2, 15)
            rt_all, rw_all = rt_all + rt, rw_all + rw
            body.append([number, each.name, rt, rw])
            rows.append((each.code, kecamatan.name.upper(), each.name, rt, rw))
        body.append([None, "Jumlah", rt_all, rw_all])
    grid = [
        title("JUMLAH RT DAN RW PER KELURAHAN", 4), title("KOTA CILEGON TAHUN 2025", 4), [],
        ["No", "Kelurahan", "Jumlah RT", "Jumlah RW"], *body,
        [None, "TOTAL KOTA CILEGON", sum(r[3] for r in rows), sum(r[4] for r in rows)],
    ]
    with_word = [(c, "KECAMATAN " + k, *rest) for c, k, *rest in rows]
    columns = {"kode_wilayah": "string", "kecamatan": "string", "kelurahan": "string",
               "jumlah_rt": "integer", "jumlah_rw": "integer"}
    return Built(xlsx(Page("RT RW", grid)), Expected(
        home="36.72", tables=[Table(columns, rows, optional={"tahun": 2025})],
        or_tables=[[Table(columns, with_word, optional={"tahun": 2025})]]))


@made("Alokasi Dana Desa 2026 (lampiran).docx")
def roman_blocks() -> Built:
    """Roman numbers for the kecamatan with its sum, arabic for the desa; Rupiah; in Word."""
    figures = seeded("add")
    body: list[list[object]] = []
    rows: list[tuple[object, ...]] = []
    for roman, kecamatan in zip(ROMAN, below("51.02")[:3], strict=False):
        desa = below(kecamatan.code)
        money = [figures.randrange(700_000_000, 1_900_000_000) for _ in desa]
        body.append([roman, kecamatan.name.upper(), idn(sum(money))])
        for number, (each, paid) in enumerate(zip(desa, money, strict=True), 1):
            body.append([number, each.name, idn(paid)])
            rows.append((each.code, kecamatan.name.upper(), each.name, paid))
    grid = [["NO", "KECAMATAN/DESA", "ALOKASI DANA DESA (Rp)"], *body,
            [None, "JUMLAH", idn(sum(r[3] for r in rows))]]
    return Built(docx(grid, ["LAMPIRAN PERATURAN BUPATI TABANAN NOMOR 1 TAHUN 2026"]),
                 Expected(home="51.02", tables=[Table(
                     {"kode_wilayah": "string", "kecamatan": "string", "desa": "string",
                      "alokasi_dana_desa": "integer"}, rows,
                     units={"alokasi_dana_desa": "rupiah"}, optional={"tahun": 2026})]))


@made("data gampong banda aceh.xls")
def gampong() -> Built:
    """Gampong under kecamatan filled in on each row; households as "KK", L/P not; old Excel."""
    figures = seeded("gampong")
    lines = [(g.code, k.name, g.name, figures.randrange(100, 3_000), figures.randrange(3, 9))
             for k in below("11.71") for g in below(k.code)]
    grid = [
        ["Data Gampong Kota Banda Aceh"], [],
        ["No", "Kecamatan", "Gampong", "Jumlah KK", "Jumlah Dusun"],
        *([i, *line[1:]] for i, line in enumerate(lines, 1)),
    ]
    return Built(xls(Page("Sheet1", grid)), Expected(home="11.71", tables=[Table(
        {"kode_wilayah": "string", "kecamatan": "string", "gampong": "string",
         "jumlah_kk": "integer", "jumlah_dusun": "integer"}, lines)]))


@made("Nagari Kab Agam.csv")
def nagari() -> Built:
    """Nagari, comma-delimited with quotes, thousands comma of an English Sheets, title above."""
    figures = seeded("nagari")
    lines = [(n.code, k.name, n.name, figures.randrange(400, 20_000))
             for k in below("13.06")[:6] for n in below(k.code)]
    grid = [["Jumlah Penduduk Nagari di Kabupaten Agam"], [""],
            ["Kecamatan", "Nagari", "Jumlah Penduduk (jiwa)"],
            *([k, n, f"{p:,}"] for _, k, n, p in lines),
            ["Jumlah", "", f"{sum(p for *_, p in lines):,}"]]
    return Built(text(grid), Expected(home="13.06", tables=[Table(
        {"kode_wilayah": "string", "kecamatan": "string", "nagari": "string",
         "jumlah_penduduk": "integer"}, lines, units={"jumlah_penduduk": "jiwa"})]))


@made("Kampung Kab. Jayapura 2025.xlsx")
def kampung() -> Built:
    """Distrik filled down without merging, "Kampung/Kelurahan", blanks around the names."""
    figures = seeded("kampung")
    body, lines, last = [], [], ""
    for distrik in below("91.03")[:6]:
        for each in below(distrik.code):
            if each.kind == "desa_adat":
                continue
            people = figures.randrange(60, 3_000)
            body.append([f"  {distrik.name} " if distrik.name != last else None,
                         f"{each.name}  ", people])
            last = distrik.name
            lines.append((each.code, distrik.name, each.name, people))
    grid = [["Distrik", "Kampung/Kelurahan", "Jumlah  Penduduk"], *body]
    return Built(xlsx(Page("Data", grid)), Expected(home="91.03", tables=[Table(
        {"kode_wilayah": "string", "distrik": "string", "kampung_kelurahan": "string",
         "jumlah_penduduk": "integer"}, lines)]))


@made("kode_kabupaten_rusak.csv")
def damaged_codes() -> Built:
    """Codes read as numbers: 32.01 to 32.18 where 32.10 became 32.1; names beside them."""
    figures = seeded("codes")
    areas = [a for a in below("32") if a.kind == "kabupaten"]
    facts = [(a, figures.randrange(10, 900)) for a in areas]
    grid = [["kode_kabupaten", "nama_kabupaten", "jumlah_koperasi"],
            *([float(a.code), a.name.upper(), n] for a, n in facts)]
    return Built(text(grid, ","), Expected(home="32", tables=[Table(
        {"kode_kabupaten": "string", "nama_kabupaten": "string", "jumlah_koperasi": "integer"},
        [(a.code, a.name.upper(), n) for a, n in facts], exact=True)]))


@made("kode desa jadi angka.xlsx")
def codes_as_floats() -> Built:
    """Kode desa as numbers with ".0" as text, undotted; desa unnamed; suggestion of the dots."""
    figures = seeded("floats")
    lines = [(d.code.replace(".", ""), figures.randrange(0, 40))
             for k in below("36.04")[:4] for d in below(k.code)]
    grid = [["kode_desa", "jumlah_bumdes"], *([code + ".0", n] for code, n in lines)]
    return Built(xlsx(Page("Sheet1", grid)), Expected(home="36.04", tables=[Table(
        {"kode_desa": "string", "jumlah_bumdes": "integer"}, lines, exact=True)]))


@made("Rekap NPSN & kodepos.xlsx")
def apostrophes() -> Built:
    """Numbers kept as text by an apostrophe, codes by format "000": leading noughts stay."""
    figures = seeded("apostrophe")
    lines = [(f"{n:03d}", f"'0{figures.randrange(10**6):06d}", f"Koperasi {n} Jaya",
              figures.randrange(5, 300)) for n in range(7, 19)]
    grid = [
        ["Kode Koperasi", "Nomor Badan Hukum", "Nama Koperasi", "Anggota (orang)"],
        *([Fmt(int(code), "000"), number, name, count] for code, number, name, count in lines),
    ]
    return Built(xlsx(Page("koperasi", grid)), Expected(home="36.04", tables=[Table(
        {"kode_koperasi": "string", "nomor_badan_hukum": "string", "nama_koperasi": "string",
         "anggota": "integer"}, [(c, n[1:], name, k) for c, n, name, k in lines],
        units={"anggota": "orang"})]))


@made("Jumlah desa per kabupaten Bali & NTB.xlsx")
def subtotals_of_provinces() -> Built:
    """Kabupaten of two provinces, a bold province row with its sum above each, INDONESIA absent."""
    figures = seeded("subtotal")
    body: list[list[object]] = []
    rows: list[tuple[object, ...]] = []
    for province in ("51", "52"):
        inside = below(province)
        counts = [figures.randrange(20, 250) for _ in inside]
        body.append([area(province).name.upper(), sum(counts)])
        for each, count in zip(inside, counts, strict=True):
            body.append(["   " + bare(each.name), count])
            rows.append((each.code, bare(each.name), count))
    grid = [["Banyaknya Desa/Kelurahan Menurut Kabupaten/Kota, 2025"], [],
            ["Provinsi/Kabupaten/Kota", "Banyaknya Desa/Kelurahan"], *body]
    names = {"kabupaten_kota": ("provinsi_kabupaten_kota",)}
    return Built(xlsx(Page("desa", grid)), Expected(
        home="51", tables=[Table(
            {"kode_wilayah": "string", "kabupaten_kota": "string",
             "banyaknya_desa_kelurahan": "integer"}, rows, alias=names,
            optional={"provinsi": None, "tahun": 2025})]))


@made("Sarana ibadah (kec sbg kolom).xlsx")
def areas_across() -> Built:
    """Kecamatan as columns, kinds of building as rows: long, with a code per kecamatan."""
    figures = seeded("worship")
    areas = below("33.72")
    kinds = ["Masjid", "Musala", "Gereja", "Pura", "Vihara", "Kelenteng"]
    counts = {(k, a.code): figures.randrange(0, 120) for k in kinds for a in areas}
    grid = [
        title("Jumlah Sarana Ibadah Menurut Jenis dan Kecamatan, Kota Surakarta 2025", 8), [],
        ["No", "Jenis Sarana Ibadah", "Kecamatan", *[LEFT] * 4, "Jumlah"],
        [UP, UP, *(a.name for a in areas), UP],
        *([i, k, *(counts[k, a.code] for a in areas), sum(counts[k, a.code] for a in areas)]
          for i, k in enumerate(kinds, 1)),
    ]
    return Built(xlsx(Page("ibadah", grid)), Expected(home="33.72", tables=[Table(
        {"jenis_sarana_ibadah": "string", "kode_wilayah": "string", "kecamatan": "string",
         "jumlah_sarana_ibadah": "integer"},
        [(k, a.code, a.name, counts[k, a.code]) for k in kinds for a in areas],
        optional={"tahun": 2025}, alias={"jumlah_sarana_ibadah": ("nilai", "jumlah",
                                                                  "sarana_ibadah")})]))
