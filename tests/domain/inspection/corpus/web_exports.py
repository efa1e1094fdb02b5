"""What web applications and interfaces send: HTML named .xls, XML 2003, JSON, GeoJSON; refusals."""
from __future__ import annotations

import io
import json

from corpus.grid import LEFT, UP, Page, title
from corpus.model import Built, Expected, Table, below, idn, made, seeded
from corpus.writers import html, xlsx, xml2003


@made("rekap_sipd_ewalidata.xls")
def ewalidata() -> Built:
    """SIPD e-Walidata: a page of HTML, rowspans in head and body, years, units per row, dots."""
    figures = seeded("ewalidata")
    things = [("1.02.0001", "Jumlah puskesmas", "unit"), ("1.02.0002", "Jumlah dokter", "orang"),
              ("1.02.0003", "Jumlah kunjungan pasien", "kunjungan"),
              ("1.02.0004", "Jumlah tempat tidur", "tempat tidur")]
    years = (2023, 2024, 2025)
    facts = {(c, y): first + figures.randrange(90)
             for (c, _, _), first in zip(things, (1_031, 212, 96_400, 1_405), strict=True)
             for y in years}
    grid = [
        title("Rekap Data SIPD e-Walidata", 7), title("Kabupaten Serang", 7),
        ["No", "Kode DSSD", "Uraian", "Satuan", "Tahun", LEFT, LEFT],
        [UP, UP, UP, UP, *years],
        *([i, c, n, u, *(idn(facts[c, y]) for y in years)]
          for i, (c, n, u) in enumerate(things, 1)),
    ]
    rows = [(c, n, u, y, facts[c, y]) for c, n, u in things for y in years]
    return Built(html(grid), Expected(home="36.04", tables=[Table(
        {"kode_dssd": "string", "uraian": "string", "satuan": "string", "tahun": "year",
         "nilai": "integer"}, rows)]))


@made("laporan_perizinan_oss.xls")
def permits() -> Built:
    """An application's page with two tables: its own filter form, then the data; total in tfoot."""
    figures = seeded("permits")
    kinds = ["NIB", "Sertifikat Standar", "Izin", "PKKPR"]
    facts = [(k, figures.randrange(5, 3_000), figures.randrange(0, 80)) for k in kinds]
    grid = [["No", "Jenis Perizinan", "Terbit", "Ditolak"],
            *([i, *f] for i, f in enumerate(facts, 1)),
            ["Total", LEFT, sum(f[1] for f in facts), sum(f[2] for f in facts)]]
    form = [["Periode", ": 01-01-2025 s.d. 31-12-2025"], ["Dicetak oleh", ": admin"]]
    return Built(html(form, grid, before="<script>window.print()</script>"), Expected(
        home="36.04", tables=[Table({"jenis_perizinan": "string", "terbit": "integer",
                                     "ditolak": "integer"}, facts)]))


@made("Rekap_Absensi_XML.xls")
def xml_table() -> Built:
    """XML 2003 with merged cells and missing cells skipped by index; names in capitals."""
    figures = seeded("absence")
    offices = ["SETDA", "SETWAN", "INSPEKTORAT", "BAPPEDA"]
    kinds = ["Sakit", "Izin", "Cuti", "Tanpa Keterangan"]
    counts = {(o, k): figures.randrange(0, 60) for o in offices for k in kinds}
    grid = [
        title("REKAP KETIDAKHADIRAN PEGAWAI SEPTEMBER 2025", 6), [],
        ["No", "Unit Kerja", "Alasan Ketidakhadiran", LEFT, LEFT, LEFT],
        [UP, UP, *kinds],
        *([i, o, *(counts[o, k] if (o, k) != (offices[1], "Izin") else None for k in kinds)]
          for i, o in enumerate(offices, 1)),
    ]
    rows = [(o, k, None if (o, k) == (offices[1], "Izin") else counts[o, k])
            for o in offices for k in kinds]
    return Built(xml2003(Page("September", grid)), Expected(home="36.04", tables=[Table(
        {"unit_kerja": "string", "alasan_ketidakhadiran": "string", "pegawai": "integer"}, rows,
        loose=True, alias={"pegawai": ("nilai", "ketidakhadiran_pegawai", "jumlah",
                                       "ketidakhadiran", "rekap_ketidakhadiran_pegawai")},
        optional={"tahun": 2025, "bulan": None})]))


@made("api_rumah_ibadah.json")
def records() -> Built:
    """Records of an interface below "data", numbers as text, null, codes as text."""
    figures = seeded("api")
    rows = [(a.code, a.name, figures.randrange(0, 90), None if i == 3 else figures.randrange(9))
            for i, a in enumerate(below("33.72"))]
    records_ = [{"kode_kecamatan": c, "kecamatan": n, "masjid": str(m), "gereja": g}
                for c, n, m, g in rows]
    whole = {"status": "success", "message": "OK", "data": records_, "total": len(records_)}
    return Built(json.dumps(whole, indent=1).encode(), Expected(home="33.72", tables=[Table(
        {"kode_kecamatan": "string", "kecamatan": "string", "masjid": "integer",
         "gereja": "integer"}, rows)]))


@made("titik_posko.geojson")
def places() -> Built:
    """GeoJSON of points with properties, one property missing in some of them."""
    figures = seeded("geojson")
    areas = below("36.72")
    rows = [(f"Posko {a.name}", a.name, figures.randrange(10, 90), a.code,
             "Cepat" if i % 2 else None) for i, a in enumerate(areas)]
    features = []
    for name, kecamatan, seats, _, note in rows:
        properties = {"nama": name, "kecamatan": kecamatan, "kapasitas": seats}
        if note:
            properties["keterangan"] = note
        features.append({"type": "Feature", "properties": properties, "geometry": {
            "type": "Point", "coordinates": [106.0 + seats / 1000, -6.0 - seats / 1000]}})
    whole = {"type": "FeatureCollection", "name": "posko", "features": features}
    return Built(json.dumps(whole).encode(), Expected(home="36.72", tables=[Table(
        {"nama": "string", "kode_wilayah": "string", "kecamatan": "string", "kapasitas": "integer",
         "keterangan": "string"}, [(n, c, k, s, note) for n, k, s, c, note in rows],
        optional={"longitude": None, "latitude": None, "bujur": None, "lintang": None,
                  "geometry": None})]))


@made("data_download.xls")
def login_page() -> Built:
    """The login page an application sent instead of the file: refused, saying so."""
    page = ("<!DOCTYPE html><html><head><title>Login</title></head><body><form action='/login'>"
            "<input name='username'><input type='password' name='password'>"
            "<button>Masuk</button></form></body></html>")
    return Built(page.encode(), Expected(refused=["not_a_table", "web_page", "no_table"]))


@made("Laporan Tahunan (terpotong).xlsx")
def torn() -> Built:
    """A workbook of which only the first part came over a bad line: refused, saying so."""
    whole = xlsx(Page("Data", [["Tahun", "Nilai"], *([y, y * 3] for y in range(1990, 2025))]))
    return Built(whole[: len(whole) * 2 // 3], Expected(refused=["damaged"]))


@made("Kosong.xlsx")
def empty() -> Built:
    """A workbook with nothing on any of its sheets: refused, or no table and a word about it."""
    return Built(xlsx(Page("Sheet1", []), Page("Sheet2", [])),
                 Expected(refused=["empty", "not_a_table", "no_table"]))


@made("foto papan data.jpg")
def photograph() -> Built:
    """A photograph of a board of figures: kept as proof, no figure is read from it."""
    # The head of a JPEG and a grey middle: what tells a photograph is its first bytes.
    made_up = io.BytesIO()
    made_up.write(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x48\x00\x48\x00\x00")
    made_up.write(b"\xff\xdb\x00C\x00" + bytes(64))
    made_up.write(b"\xff\xc0\x00\x0b\x08\x00\x08\x00\x08\x01\x01\x11\x00")
    made_up.write(b"\xff\xda\x00\x08\x01\x01\x00\x00?\x00\x80\xff\xd9")
    return Built(made_up.getvalue(), Expected(proof=True))
