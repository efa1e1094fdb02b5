"""Series: indicators, harvests, rain, traffic."""
from __future__ import annotations

from corpus.grid import LEFT, UP, Page, title
from corpus.health import MONTHS
from corpus.model import ANY, Built, Expected, Table, below, idn, made, seeded
from corpus.writers import ods, xlsx


@made("Matriks Indikator RPJMD 2021-2025.xlsx")
def indicators() -> Built:
    """A unit per row, years across, target of the last year; figures partly text with commas."""
    figures = seeded("iku")
    about = [("Laju pertumbuhan ekonomi", "persen", 4.8), ("Tingkat kemiskinan", "persen", 7.1),
             ("Indeks Pembangunan Manusia", "indeks", 70.2), ("Angka harapan hidup", "tahun", 68.9),
             ("Panjang jalan kondisi baik", "km", 512.4), ("Gini rasio", "poin", 0.33)]
    names = [(n, unit) for n, unit, _ in about]
    years = range(2021, 2026)
    facts = {(n, y): round(first * figures.uniform(0.96, 1.05), 2)
             for n, _, first in about for y in years}
    grid = [
        title("CAPAIAN INDIKATOR KINERJA UTAMA", 9), [],
        ["No", "Indikator", "Satuan", "Realisasi", LEFT, LEFT, LEFT, LEFT, "Sumber Data"],
        [UP, UP, UP, *years, UP],
        *([i, n, unit, *(idn(facts[n, y], 2) if i % 2 else facts[n, y] for y in years),
           "BPS" if i % 2 else "Bappeda"] for i, (n, unit) in enumerate(names, 1)),
    ]
    rows = [(n, unit, "BPS" if i % 2 else "Bappeda", y, facts[n, y])
            for i, (n, unit) in enumerate(names, 1) for y in years]
    return Built(xlsx(Page("IKU", grid)), Expected(home="36.04", tables=[Table(
        {"indikator": "string", "satuan": "string", "sumber_data": "string", "tahun": "year",
         "realisasi": "number"}, rows, alias={"realisasi": ("nilai",)})]))


@made("Luas Panen Produksi Padi kab Sleman.ods")
def measures_over_years() -> Built:
    """Measures over years, each with its unit, LibreOffice; note under the table; total row."""
    figures = seeded("padi")
    areas = below("34.04")
    years = ("2023", "2024")
    facts = {(a.code, y): (ha + 7 * k, round(ha * figures.uniform(5.2, 6.1), 1))
             for a in areas for ha in [figures.randrange(200, 9_000)]
             for k, y in enumerate(years)}
    grid = [
        title("Luas Panen dan Produksi Padi Menurut Kapanewon", 5), [],
        ["Kapanewon", "Luas Panen (ha)", LEFT, "Produksi (ton)", LEFT],
        [UP, *years, *years],
        *([a.name, *(facts[a.code, y][k] for k in (0, 1) for y in years)] for a in areas),
        ["Kabupaten Sleman", *(round(sum(facts[a.code, y][k] for a in areas), 1)
                               for k in (0, 1) for y in years)],
        ["Sumber: Dinas Pertanian, Pangan dan Perikanan"],
    ]
    rows = [(a.code, a.name, int(y), *facts[a.code, y]) for a in areas for y in years]
    return Built(ods(Page("Padi", grid)), Expected(home="34.04", tables=[Table(
        {"kode_wilayah": "string", "kapanewon": "string", "tahun": "year",
         "luas_panen": "integer", "produksi": "number"}, rows,
        units={"luas_panen": "hektare", "produksi": "ton"})]))


@made("Curah Hujan Stasiun 2025.xlsx")
def rain() -> Built:
    """Days down 1 to 31 (no row numbers!), months across, 31 February empty, "-" for no rain."""
    figures = seeded("rain")
    length = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    fell: dict[tuple[int, str], float | None] = {}
    for month, days in zip(MONTHS, length, strict=True):
        for day in range(1, 32):
            dry = figures.random() < 0.3
            fell[day, month] = (None if dry or day > days else figures.randrange(2, 900) / 10)
    grid = [
        title("DATA CURAH HUJAN HARIAN (mm)", 13), title("STASIUN CIKEUSAL, TAHUN 2025", 13), [],
        ["TANGGAL", "BULAN", *[LEFT] * 11],
        [UP, *MONTHS],
        *([day, *(None if day > length[k] else fell[day, m] if fell[day, m] else "-"
                  for k, m in enumerate(MONTHS))] for day in range(1, 32)),
        ["Jumlah", *(round(sum(fell[d, m] or 0 for d in range(1, 32)), 1) for m in MONTHS)],
        ["Maksimum", *(max(fell[d, m] or 0 for d in range(1, 32)) for m in MONTHS)],
    ]
    names = ("nilai", "data_curah_hujan_harian", "curah_hujan_harian")
    columns = {"tanggal": "integer", "bulan": "string", "curah_hujan": "number"}
    rows = [(d, m, fell[d, m]) for d in range(1, 32) for m in MONTHS]
    return Built(xlsx(Page("2025", grid)), Expected(
        home="36.04", asks=[("tanda", "-")], tables=[Table(
            columns, rows, alias={"curah_hujan": names}, units={"curah_hujan": "milimeter"},
            optional={"tahun": 2025}, loose=True)]))


@made("Uji KIR 2025.xlsx")
def vehicles() -> Built:
    """Months down, kinds of vehicle across under "Jenis Kendaraan", JUMLAH and RATA-RATA below."""
    figures = seeded("kir")
    kinds = ["Mobil Penumpang", "Mobil Bus", "Mobil Barang", "Kereta Gandengan"]
    counts = {(m, k): figures.randrange(0, 400) for m in MONTHS for k in kinds}
    sums = [sum(counts[m, k] for m in MONTHS) for k in kinds]
    grid = [
        title("REKAPITULASI KENDARAAN WAJIB UJI YANG DIUJI", 7),
        title("DINAS PERHUBUNGAN KOTA BANDAR LAMPUNG TAHUN 2025", 7), [],
        ["NO", "BULAN", "JENIS KENDARAAN", LEFT, LEFT, LEFT, "JUMLAH"],
        [UP, UP, *kinds, UP],
        *([i, m.upper(), *(counts[m, k] for k in kinds), sum(counts[m, k] for k in kinds)]
          for i, m in enumerate(MONTHS, 1)),
        ["JUMLAH", LEFT, *sums, sum(sums)],
        ["RATA-RATA", LEFT, *(round(n / 12, 2) for n in sums), round(sum(sums) / 12, 2)],
    ]
    return Built(xlsx(Page("KIR", grid)), Expected(home="18.71", tables=[Table(
        {"bulan": "string", "jenis_kendaraan": "string", "kendaraan": "integer"},
        [(m.upper(), k, counts[m, k]) for m in MONTHS for k in kinds], optional={"tahun": 2025},
        alias={"kendaraan": ("nilai", "jumlah", "rekapitulasi_kendaraan_wajib_uji_yang_diuji",
                             "kendaraan_wajib_uji_yang_diuji", "kendaraan_wajib_uji")})]))


@made("Pengunjung objek wisata.xlsx")
def scale_unproved() -> Built:
    """1.25, 12.75 and 850 visitors without any sum: thousands or not is asked."""
    figures = seeded("wisata")
    places = ["Pantai Anyer", "Pantai Carita", "Rawa Dano", "Gunung Pinang", "Curug Cihujan",
              "Pulau Sangiang", "Makam Sultan", "Kampung Domba"]
    seen = [1_250, 12_750, 850, 3_407, 20_160, figures.randrange(1_001, 9_999), 640, 5_318]
    grid = [
        ["Jumlah Pengunjung Objek Wisata"], [],
        ["No", "Objek Wisata", "Jumlah Pengunjung (orang)"],
        *([i, p, n if n < 1_000 else n / 1_000]
          for i, (p, n) in enumerate(zip(places, seen, strict=True), 1)),
    ]
    columns = {"objek_wisata": "string", "jumlah_pengunjung": "integer"}
    return Built(xlsx(Page("wisata", grid)), Expected(
        home="36.04", asks=[("skala", "")], may=("fraction", "pecahan"),
        answers={("skala", ""): "ribuan"},
        tables=[Table({**columns, "jumlah_pengunjung": "*"}, [(p, ANY) for p in places],
                      units={"jumlah_pengunjung": "orang"})],
        answered=[Table(columns, list(zip(places, seen, strict=True)),
                        units={"jumlah_pengunjung": "orang"})]))


@made("Produksi Tanaman Pangan 2015-2024.xlsx")
def series_down() -> Built:
    """Years down with a mark at the last one ("2024**"), crops across under "Komoditas (ton)"."""
    figures = seeded("crops")
    crops = ["Padi", "Jagung", "Kedelai", "Ubi Kayu"]
    years = list(range(2015, 2025))
    facts = {(y, c): round(first * figures.uniform(0.9, 1.1), 2)
             for c in crops for first in [figures.uniform(90, 90_000)] for y in years}
    grid = [
        ["Tabel 5.1.3 Produksi Tanaman Pangan Menurut Komoditas"], [],
        ["Tahun", "Komoditas (ton)", LEFT, LEFT, LEFT],
        [UP, *crops],
        *([y if y < 2024 else "2024**", *(facts[y, c] for c in crops)] for y in years),
        ["Catatan: ** Angka sangat sementara"],
    ]
    return Built(xlsx(Page("5.1.3", grid)), Expected(
        home="52.03", may_ask=("tanda",), about={"catatan": "sangat sementara"},
        tables=[Table({"tahun": "year", "komoditas": "string", "produksi": "number"},
                      [(y, c, facts[y, c]) for y in years for c in crops],
                      units={"produksi": "ton"}, optional={"status_angka": None,
                                                           "status_tahun": None},
                      alias={"produksi": ("nilai", "produksi_tanaman_pangan")})]))


@made("Kunjungan Perpustakaan 2024.xlsx")
def two_years_two_kinds() -> Built:
    """Half-years over kinds of visitor; "Semester" in the header row; note under it in italics."""
    figures = seeded("perpus")
    kinds, halves = ["Pelajar", "Mahasiswa", "Umum"], ["Semester I", "Semester II"]
    places = ["Perpustakaan Daerah", "Taman Baca Alun-alun", "Mobil Pintar 1", "Mobil Pintar 2"]
    seen = {(p, h, k): figures.randrange(20, 999) for p in places for h in halves for k in kinds}
    grid = [
        title("Jumlah Pengunjung Perpustakaan Menurut Jenis Pengunjung Tahun 2024 (orang)", 7),
        ["Nama Perpustakaan", "Semester I", LEFT, LEFT, "Semester II", LEFT, LEFT],
        [UP, *kinds, *kinds],
        *([p, *(seen[p, h, k] for h in halves for k in kinds)] for p in places),
        ["Total", *(sum(seen[p, h, k] for p in places) for h in halves for k in kinds)],
    ]
    return Built(xlsx(Page("2024", grid)), Expected(home="36.04", tables=[Table(
        {"nama_perpustakaan": "string", "semester": "string", "jenis_pengunjung": "string",
         "jumlah_pengunjung": "integer"},
        [(p, h, k, seen[p, h, k]) for p in places for h in halves for k in kinds],
        units={"jumlah_pengunjung": "orang"}, optional={"tahun": 2024},
        alias={"jenis_pengunjung": ("kelompok", "kategori", "uraian"),
               "jumlah_pengunjung": ("nilai", "jumlah_pengunjung_perpustakaan")})]))
