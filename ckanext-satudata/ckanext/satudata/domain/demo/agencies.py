"""The agencies (OPD) and desa of the illustrative region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ckanext.satudata.domain.demo.region import Area, Region

__all__ = [
    "AGENCIES",
    "Agency",
    "Person",
    "desa_organizations",
    "organization",
    "organizations",
    "people",
]

NOTE = "Data contoh: instansi, kontak, dan angkanya hanya ilustrasi."


@dataclass(frozen=True)
class Agency:
    """An OPD; ``code`` is its code after Permendagri 90/2019 (illustrative)."""

    name: str
    title: str
    short: str
    kind: str
    urusan: tuple[str, ...]
    task: str
    code: str


AGENCIES: tuple[Agency, ...] = (
    Agency(
        "diskominfo",
        "Dinas Komunikasi, Informatika, Statistik, dan Persandian",
        "Diskominfo",
        "dinas",
        ("2.16", "2.20", "2.21"),
        "Walidata: memeriksa dan menyebarluaskan data",
        "2.16.2.20.2.21.01.0000",
    ),
    Agency(
        "bappeda",
        "Badan Perencanaan Pembangunan Daerah",
        "Bappeda",
        "badan",
        ("5.01", "5.05"),
        "Koordinator Forum Satu Data dan perencanaan pembangunan",
        "5.01.5.05.0.00.01.0000",
    ),
    Agency(
        "dinas-kesehatan",
        "Dinas Kesehatan",
        "Dinkes",
        "dinas",
        ("1.02",),
        "Menyelenggarakan urusan kesehatan",
        "1.02.0.00.0.00.01.0000",
    ),
    Agency(
        "dinas-pendidikan-kebudayaan",
        "Dinas Pendidikan dan Kebudayaan",
        "Dindikbud",
        "dinas",
        ("1.01", "2.22"),
        "Menyelenggarakan urusan pendidikan dan kebudayaan",
        "1.01.2.22.0.00.01.0000",
    ),
    Agency(
        "disdukcapil",
        "Dinas Kependudukan dan Pencatatan Sipil",
        "Disdukcapil",
        "dinas",
        ("2.12",),
        "Menyelenggarakan administrasi kependudukan",
        "2.12.0.00.0.00.01.0000",
    ),
    Agency(
        "bpbd",
        "Badan Penanggulangan Bencana Daerah",
        "BPBD",
        "badan",
        ("1.05",),
        "Menanggulangi bencana di daerah",
        "1.05.0.00.0.00.01.0000",
    ),
    Agency(
        "dinas-sosial",
        "Dinas Sosial",
        "Dinsos",
        "dinas",
        ("1.06",),
        "Menyelenggarakan urusan sosial",
        "1.06.0.00.0.00.01.0000",
    ),
    Agency(
        "dpmd",
        "Dinas Pemberdayaan Masyarakat dan Desa",
        "DPMD",
        "dinas",
        ("2.13",),
        "Membina pemerintahan dan pembangunan desa",
        "2.13.0.00.0.00.01.0000",
    ),
    Agency(
        "dinas-pertanian",
        "Dinas Pertanian dan Ketahanan Pangan",
        "Distan",
        "dinas",
        ("3.27", "2.09"),
        "Menyelenggarakan urusan pertanian dan pangan",
        "3.27.2.09.0.00.01.0000",
    ),
    Agency(
        "dinas-pupr",
        "Dinas Pekerjaan Umum dan Penataan Ruang",
        "DPUPR",
        "dinas",
        ("1.03", "1.04"),
        "Menyelenggarakan pekerjaan umum dan penataan ruang",
        "1.03.1.04.0.00.01.0000",
    ),
    Agency(
        "dlh",
        "Dinas Lingkungan Hidup",
        "DLH",
        "dinas",
        ("2.11",),
        "Menyelenggarakan urusan lingkungan hidup",
        "2.11.0.00.0.00.01.0000",
    ),
    Agency(
        "diskoperindag",
        "Dinas Koperasi, Perindustrian, dan Perdagangan",
        "Diskoperindag",
        "dinas",
        ("2.17", "3.30", "3.31"),
        "Membina koperasi, usaha kecil, industri, dan perdagangan",
        "2.17.3.30.3.31.01.0000",
    ),
    Agency(
        "disnakertrans",
        "Dinas Tenaga Kerja dan Transmigrasi",
        "Disnakertrans",
        "dinas",
        ("2.07", "3.32"),
        "Menyelenggarakan urusan tenaga kerja",
        "2.07.3.32.0.00.01.0000",
    ),
    Agency(
        "dppkbp3a",
        "Dinas Pengendalian Penduduk, KB, dan Pelindungan Anak",
        "DPPKBP3A",
        "dinas",
        ("2.08", "2.14"),
        "Menyelenggarakan keluarga berencana dan pelindungan anak",
        "2.14.2.08.0.00.01.0000",
    ),
)


def host(region: Region) -> str:
    """Return a host name that can never be real (RFC 2606)."""
    return f"{region.bare_name.lower().replace(' ', '')}.example"


def organization(agency: Agency, region: Region) -> dict[str, Any]:
    """Return the organization dict of an OPD."""
    domain = host(region)
    return {
        "name": f"contoh-{agency.name}",
        "title": f"{agency.title} {region.name}",
        "description": f"{agency.task} di {region.name}. {NOTE}",
        "singkatan": agency.short,
        "jenis_instansi": agency.kind,
        "urusan": list(agency.urusan),
        "kode_wilayah": region.code,
        "kode_instansi": agency.code,
        "alamat": f"Pusat Pemerintahan {region.name} (contoh)",
        "telepon": "(021) 555 0100",
        "surel": f"{agency.name}@{domain}",
        "situs": f"https://{agency.name}.{domain}/",
        "kontak_nama": f"Petugas data {agency.short} (contoh)",
    }


def desa_organizations(region: Region) -> list[tuple[dict[str, Any], Area | None]]:
    """Return a kecamatan and two of its desa, the organizations of the desa below it.

    The first kecamatan that has two desa (kelurahan have no government of their own).
    """
    for kecamatan in region.kecamatan:
        desa = [a for a in region.desa_of(kecamatan.code) if a.code.rsplit(".", 1)[-1][0] != "1"]
        if len(desa) >= 2:
            break
    else:
        return []
    domain = host(region)
    above = f"contoh-kecamatan-{_slug(kecamatan)}"
    found: list[tuple[dict[str, Any], Area | None]] = [
        (
            {
                "name": above,
                "title": f"Kecamatan {kecamatan.name}",
                "description": f"Perangkat kewilayahan di {region.name}. {NOTE}",
                "singkatan": f"Kec. {kecamatan.name}",
                "jenis_instansi": "kecamatan",
                "urusan": ["7.01"],
                "kode_wilayah": kecamatan.code,
                "kode_instansi": "7.01.0.00.0.00.01.0000",
                "alamat": f"Kantor Kecamatan {kecamatan.name} (contoh)",
                "telepon": "(021) 555 0101",
                "surel": f"kecamatan@{domain}",
                "situs": f"https://kecamatan.{domain}/",
                "kontak_nama": "Petugas data kecamatan (contoh)",
            },
            None,
        )
    ]
    for number, area in enumerate(desa[:2], 1):
        found.append(
            (
                {
                    "name": f"contoh-desa-{_slug(area)}",
                    "title": f"Desa {area.name}",
                    "description": f"Pemerintah desa di Kecamatan {kecamatan.name}, "
                                   f"{region.name}. {NOTE}",
                    "singkatan": f"Desa {area.name}",
                    "jenis_instansi": "desa",
                    "urusan": ["2.13"],
                    "kode_wilayah": area.code,
                    "induk": above,
                    "kode_instansi": area.code,
                    "alamat": f"Kantor Desa {area.name} (contoh)",
                    "telepon": f"(021) 555 011{number}",
                    "surel": f"desa{number}@{domain}",
                    "situs": f"https://desa{number}.{domain}/",
                    "kontak_nama": f"Agen statistik Desa {area.name} (contoh)",
                },
                area,
            )
        )
    return found


def organizations(region: Region) -> list[dict[str, Any]]:
    """Return all organizations, parents before children."""
    return [
        *(organization(agency, region) for agency in AGENCIES),
        *(entry for entry, _ in desa_organizations(region)),
    ]


@dataclass(frozen=True)
class Person:
    """A user of the demo: an SDI role at one organization.

    :ivar capacity: CKAN membership in that organization.
    :ivar scope: what the role is granted for: name of an organization or code of a jenis_data,
        empty for the whole government.
    """

    name: str
    title: str
    role: str
    organization: str | None
    capacity: str = "editor"
    scope: str = ""


def people(region: Region) -> list[Person]:
    """Return a user of every SDI role, and a produsen for every OPD."""

    def of(name: str) -> str:
        return f"contoh-{name}"

    found = [
        Person("contoh-walidata", "Walidata", "walidata", of("diskominfo"), "admin"),
        # A second one: whoever wrote or handed in data does not approve them.
        Person("contoh-walidata-2", "Walidata (petugas kedua)", "walidata", of("diskominfo"),
               "member"),
        Person(
            "contoh-walidata-pendukung",
            "Walidata pendukung",
            "walidata_pendukung",
            of("dinas-kesehatan"),
            scope=of("dinas-kesehatan"),
        ),
        # BPS is no agency of the region: the role alone lets its officer in.
        Person("contoh-pembina-statistik", "Pembina data statistik (BPS)", "pembina_data", None,
               scope="statistik"),
        Person(
            "contoh-pembina-geospasial",
            "Pembina data geospasial",
            "pembina_data",
            of("dinas-pupr"),
            "member",
            "geospasial",
        ),
        Person(
            "contoh-koordinator",
            "Koordinator Forum Satu Data",
            "koordinator_forum",
            of("bappeda"),
            "admin",
        ),
        Person("contoh-sekretariat", "Sekretariat Satu Data", "sekretariat", of("bappeda")),
        Person("contoh-ppid", "PPID", "ppid", of("diskominfo"), "member"),
        Person("contoh-pimpinan", "Pimpinan daerah", "pimpinan", of("bappeda"), "member"),
        Person(
            "contoh-pejabat",
            "Pejabat pengelola data Dinas Kesehatan",
            "pejabat_pengelola_data",
            of("dinas-kesehatan"),
            "admin",
            of("dinas-kesehatan"),
        ),
        Person(
            "contoh-pengguna-pemerintah",
            "Pengguna data pemerintah",
            "pengguna_pemerintah",
            of("bappeda"),
            "member",
        ),
        Person("contoh-pengguna", "Pengguna data", "pengguna", None),
        Person("contoh-wartawan", "Wartawan", "pengguna", None),
    ]
    found += [
        Person(
            f"contoh-produsen-{agency.name}",
            f"Produsen data {agency.short}",
            "produsen_data",
            of(agency.name),
        )
        for agency in AGENCIES
    ]
    desa = [entry for entry, area in desa_organizations(region) if area is not None]
    found += [
        Person(
            f"contoh-agen-statistik-{number}",
            f"Agen statistik {entry['title']}",
            "agen_statistik",
            entry["name"],
            scope=entry["name"],
        )
        for number, entry in enumerate(desa, 1)
    ]
    return found


def _slug(area: Area) -> str:
    """Return name and code: two desa of one name must not share an organization."""
    words = "".join(c if c.isalnum() else "-" for c in area.name.lower())
    return f"{'-'.join(words.split('-'))}-{area.code.replace('.', '')[-4:]}".replace("--", "-")
