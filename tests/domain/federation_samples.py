"""Datasets for the federation tests: one with every field, and a generator of others."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.federation.mapping import (
    DATASET,
    DISTRIBUTION,
    Direction,
    Field,
    Kind,
    Site,
)

SITE = Site(
    url="https://data.serangkab.go.id",
    government="Pemerintah Kabupaten Serang",
    publisher_type="daerah-kabupaten",
    wilayah="36.04",
    walidata="diskominfosatik",
    walidata_name="Diskominfosatik Kabupaten Serang",
    walidata_email="data@serangkab.go.id",
)
ID = "6f1f3d0a-5f0e-4c39-9f43-1d0a2b8c7e11"
ORGANIZATION = {"id": "b0c7", "name": "dinkes", "title": "Dinas Kesehatan"}

FULL: dict[str, Any] = {
    "id": ID,
    "type": "dataset",
    "name": "kunjungan-puskesmas-2025",
    "title": "Kunjungan puskesmas menurut kecamatan 2025",
    "notes": "Jumlah kunjungan rawat jalan.\nSumber: e-Puskesmas.",
    "organization": ORGANIZATION,
    "unit_produsen": "Bidang Pelayanan Kesehatan",
    "urusan": ["1.02", "2.16"],
    "theme": ["http://publications.europa.eu/resource/authority/data-theme/TRAN"],
    "jenis_data": "statistik",
    "jenis_statistik": "sektoral",
    "tags": [{"name": "puskesmas"}, {"name": "kesehatan"}],
    "identifier": "serang-dinkes-0007",
    "alternate_identifier": ["lama/07", "e-Puskesmas #7"],
    "id_dds": "36.04-2026-0137",
    "kode_dssd": "1.02.000027",
    "aplikasi_asal": [next(iter(vocabulary.get("aplikasi_asal"))).code],
    "kegunaan": [each.code for each in vocabulary.get("kegunaan")][:2],
    "language": ["id", "en"],
    "license_id": "cc-by-4.0",
    "kategori": "Kesehatan",
    "url": "https://dinkes.serangkab.go.id/data?a=1&b=2",
    "version": "2025.1",
    "version_notes": "Angka tetap.",
    "id_sds": "SP00012.00.00",
    "konsep": "Kunjungan Rawat Jalan",
    "definisi": "Banyaknya orang yang datang berobat.",
    "klasifikasi": "Menurut jenis kelamin",
    "ukuran": "Jumlah",
    "satuan": "orang",
    "id_kegiatan": "kompilasi-data-kesehatan",
    "id_indikator": ["cakupan-kunjungan-puskesmas"],
    "id_kegiatan_mms": "12345",
    "id_indikator_mms": "6789",
    "identitas_rekomendasi": "V-25.3604.002",
    "cara_pengumpulan_data": next(iter(vocabulary.get("cara_pengumpulan_data"))).code,
    "provenance": "Dihimpun dari laporan bulanan puskesmas.",
    "conforms_to": ["https://www.rfc-editor.org/rfc/rfc4180", "Permenkes 31/2019"],
    "sifat_angka": "tetap",
    "seri": "Jumlah kunjungan puskesmas",
    "putus_seri": [
        {"tahun": "2020", "penjelasan": "Pandemi"},
        {"tahun": "2012", "penjelasan": "Kecamatan baru"},
    ],
    "documentation": ["https://dinkes.serangkab.go.id/panduan.pdf"],
    "data_induk": "puskesmas",
    "kunci_induk": "kode_puskesmas",
    "nama_induk": "nama_puskesmas",
    "kode_wilayah": ["36.04"],
    "tingkat_penyajian": "kecamatan",
    "temporal_coverage": [{"start": "2025-01-01", "end": "2025-12-31"}, {"start": "2024"}],
    "referensi_waktu": "keadaan 31 Desember",
    "cakupan_pelaporan": [{"diterima": 88, "seharusnya": 92, "satuan": "posyandu"}],
    "spatial_coverage": [
        {
            "uri": "http://sws.geonames.org/1627549/",
            "text": "Serang",
            "bbox": '{"type": "Polygon", "coordinates": [[[106, -6], [107, -6], [107, -7], '
                    '[106, -6]]]}',
        },
        {"text": "Pulau Tunda", "geom": "POINT (106.27 -5.81)"},
    ],
    "frequency": "tahunan",
    "jadwal_rilis": "2026-03-15",
    "prioritas_tahun": ["2025", "2026"],
    "kriteria_prioritas": "sdgs",
    "indikator_prioritas": "Angka kesakitan",
    "issued": "2026-03-15",
    "modified": "2026-03-16T09:30:00+07:00",
    "contact": [
        {
            "name": "Seksi Data",
            "email": "data@dinkes.serangkab.go.id",
            "identifier": "PPID-1",
            "url": "https://dinkes.serangkab.go.id",
        }
    ],
    "creator": [
        {
            "name": "Dinas Kesehatan",
            "email": "dinkes@serangkab.go.id",
            "identifier": "1.02.0.00",
            "url": "https://dinkes.serangkab.go.id",
            "uri": "https://data.serangkab.go.id/organization/b0c7",
        }
    ],
    "publisher": [
        {
            "name": "Pemerintah Kabupaten Serang",
            "uri": "https://serangkab.go.id/",
            "url": "https://serangkab.go.id/",
            "type": "http://purl.org/adms/publishertype/LocalAuthority",
        }
    ],
    "publisher_type": "daerah-kabupaten",
    "access_rights": "terbuka",
    "kategori_kip": next(iter(vocabulary.get("kategori_kip"))).code,
    "dasar_hukum": "UU 14/2008 pasal 17",
    "uji_konsekuensi": [
        {"nomor": "12/PPID/2026", "tanggal": "2026-01-05", "berlaku_sampai": "2027-01-05"}
    ],
    "keputusan_pembatasan": [{"nomor": "3/FSD/2026", "tanggal": "2026-02-01"}],
    "rights": "Sebutkan sumber.",
    "resources": [
        {
            "id": "r-1",
            "package_id": ID,
            "url": f"https://data.serangkab.go.id/dataset/{ID}/resource/r-1/download/a.csv",
            "access_url": f"https://data.serangkab.go.id/dataset/{ID}/resource/r-1",
            "download_url": f"https://data.serangkab.go.id/dataset/{ID}/resource/r-1/download/a.csv",
            "name": "Tabel 2025",
            "description": "Satu baris tiap kecamatan.",
            "format": "CSV",
            "mimetype": "text/csv",
            "size": 2048,
            "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "hash_algorithm": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256",
            "license": "cc-zero",
            "rights": "Hanya tabel ini.",
            "status": "http://publications.europa.eu/resource/authority/distribution-status/COMPLETED",
            "availability": "http://publications.europa.eu/resource/authority/planned-availability/STABLE",
            "language": ["en"],
            "conforms_to": ["https://www.rfc-editor.org/rfc/rfc4180"],
            "temporal_resolution": "P1Y",
            "issued": "2026-03-15",
            "modified": "2026-03-16",
            "jenis_berkas": "data",
            "skema": '{"fields": [{"name": "kode_kecamatan", "type": "string"}]}',
        },
        {
            "id": "r-2",
            "package_id": ID,
            "url": "https://contoh.go.id/berkas kedua.xlsx",
            "format": "XLSX",
        },
    ],
}

#: What a draft published with only what DCAT cannot do without.
MINIMAL: dict[str, Any] = {
    "id": ID,
    "name": "minimal",
    "title": "Judul saja",
    "organization": ORGANIZATION,
    "metadata_created": "2026-01-02T03:04:05.678901",
    "metadata_modified": "2026-01-03T03:04:05.678901",
    "resources": [],
}

#: Text that has broken some reader of RDF.
HOSTILE = (
    "biasa",
    "satu\ndua",
    "satu\r\ndua\r",
    'kutip " dan \'\'\' dan """',
    "miring \\",
    "\\u0041",
    "<b>&amp;</b>]]>",
    "kendali \x00\x08\x1b\x7f\x85 akhir",
    "\ud800 tunggal",
    "\ufffe\uffff",
    "ngéñ ꦗꦮ 🙂",
    " spasi ",
    "@id ^^xsd:x",
    "_:b0",
    "http://contoh.go.id/ bukan alamat",
    "javascript:alert(1)",
    "{{7*7}}",
    "a" * 3000,
    "\u202etanda",
    "[1, 2",
    '{"a": 1',
    "#pagar=100%",
    "1.234,56",
    "\t",
    "\u2028",
)
IRIS = (
    "https://contoh.go.id/a",
    "http://contoh.go.id/b?x=1&y=%20z#bagian",
    "https://dinas.go.id/jalan/\u00fc",
    "https://[2001:db8::1]/x",
    "urn:isbn:9786024383978",
)
AREAS = ("36", "36.04", "36.04.05", "36.04.06", "36.73", "52.03.01", "99.99")


class Maker:
    """Makes datasets that hold any of the fields with any of the values, the same for a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.serial = 0

    def text(self) -> str:
        return " ".join(self.random.choices(HOSTILE, k=self.random.randint(1, 2)))

    def day(self) -> str:
        day = date.fromordinal(self.random.randint(700_000, 750_000)).isoformat()
        return self.random.choice([day, day[:4], day[:7]])

    def own_iri(self) -> str:
        # One IRI is one node: two people of the same IRI would be one person.
        self.serial += 1
        return f"https://contoh.go.id/simpul/{self.serial}"

    def some(self, **parts: Callable[[], Any]) -> dict[str, Any]:
        names = [name for name in parts if self.random.random() < 0.6] or [next(iter(parts))]
        return {name: parts[name]() for name in names}

    def scalar(self) -> Any:
        return self.random.choice([self.text(), self.random.randint(-(10**12), 10**12), True, 0.5])

    def code(self, name: str) -> str:
        if name == "wilayah":
            return self.random.choice(AREAS)
        return self.random.choice([concept.code for concept in vocabulary.get(name)])

    def iri(self) -> str:
        return self.random.choice(IRIS)

    def agent(self) -> dict[str, Any]:
        return {"name": f"Dinas {self.random.randint(1, 99)}"} | self.some(
            email=lambda: f"a.b+{self.random.randint(1, 9)}@contoh.go.id",
            url=self.iri,
            identifier=lambda: f"PPID/{self.random.randint(1, 99)}",
            uri=self.own_iri,
        )

    def one(self, row: Field) -> Any:
        """Return one value the field may hold."""
        if row.vocabulary and row.kind is not Kind.VARIABLE:
            return self.code(row.vocabulary)
        makers: dict[Kind, Callable[[], Any]] = {
            Kind.DATE: self.day,
            Kind.CONTACT: self.agent,
            Kind.AGENT: self.agent,
            Kind.DURATION: lambda: self.random.choice(["P1Y", "P1M", "P7D", "PT1H"]),
            Kind.KEYWORD: lambda: {"name": f"kata {self.random.randint(1, 99)}"},
            Kind.PAGE: self.iri,
            Kind.RESOURCE: self.iri,
            Kind.FOREIGN_THEME: self.iri,
            Kind.URL: lambda: self.random.choice(IRIS[:4]),
            Kind.STANDARD: lambda: self.random.choice([self.iri(), self.text()]),
            Kind.OWN_PAGE: lambda: f"nama-{self.random.randint(1, 99)} \u00e9",
            Kind.RECORDS: lambda: self.some(**{name: self.scalar for name, _ in row.subfields}),
            Kind.PLACE: lambda: self.some(text=self.text, uri=self.own_iri),
            Kind.PERIOD: lambda: self.some(start=self.day, end=self.day),
            Kind.FORMAT: lambda: self.random.choice(["CSV", "XLSX", "Parquet", "Format sendiri"]),
            Kind.MEDIA_TYPE: lambda: self.random.choice(["text/csv", "application/vnd.api+json"]),
            Kind.SIZE: lambda: self.random.randint(0, 2**40),
            Kind.CHECKSUM: lambda: self.random.randbytes(32).hex(),
        }
        return makers.get(row.kind, self.text)()

    def record(self, rows: tuple[Field, ...]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for row in rows:
            if row.direction is Direction.BOTH and self.random.random() < 0.7:
                if row.many:
                    items = [self.one(row) for _ in range(self.random.randint(1, 3))]
                    made[row.name] = [
                        item for at, item in enumerate(items) if item not in items[:at]
                    ]
                else:
                    made[row.name] = self.one(row)
        return made

    def dataset(self) -> dict[str, Any]:
        """Return a dataset with up to two files."""
        files = [
            dict(self.record(DISTRIBUTION), id=f"r-{at}", package_id=ID)
            for at in range(self.random.randint(0, 2))
        ]
        return dict(
            self.record(DATASET), id=ID, name="nama", title=f"Judul {self.text()}", resources=files
        )
