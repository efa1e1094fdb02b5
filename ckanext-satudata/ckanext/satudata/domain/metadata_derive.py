"""What need not be asked: values that follow from the organization, the portal or another field.

A value someone typed is never overwritten. A derived value is stored like a typed one (so that
API clients, harvesters and the search index see it), and it follows its source only as long as
it is still exactly what was derived: :func:`fill` compares with what the previous state gave.
"""
from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from ckanext.satudata.domain.vocabulary import get

__all__ = [
    "COUNTED",
    "Agency",
    "Installation",
    "area_of",
    "as_list",
    "derived",
    "empty",
    "fill",
    "new_identifier",
    "publisher_type",
]

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Installation:
    """The government this portal belongs to; ``area`` is its kode wilayah (Kemendagri)."""

    site_url: str
    area: str
    government: str = ""
    contact_name: str = ""
    contact_email: str = ""
    licence: str = "cc-by"


@dataclass(frozen=True)
class Agency:
    """What a producer's organization says about itself."""

    id: str
    name: str
    title: str
    affairs: tuple[str, ...] = ()
    email: str = ""
    website: str = ""
    code: str = ""
    address: str = ""
    phone: str = ""
    kind: str = ""
    area: str = field(default="")


def empty(value: Any) -> bool:
    """Tell whether a field holds nothing; ``False`` and ``0`` are answers."""
    if value is None or value == "":
        return True
    if isinstance(value, (list, tuple)):
        return all(empty(item) for item in cast("Sequence[Any]", value))
    if isinstance(value, Mapping):
        return all(empty(item) for item in cast("Values", value).values())
    return False


def as_list(value: Any) -> list[str]:
    """Return the texts of a field that holds a list, or one text with an item a line."""
    if isinstance(value, str):
        return [item.strip() for item in value.splitlines() if item.strip()]
    if isinstance(value, (list, tuple)):
        return [str(item) for item in cast("Sequence[Any]", value) if not empty(item)]
    return []


def new_identifier() -> str:
    """Return a new identifier that stays the same wherever the dataset travels (RFC 9562 URN)."""
    return uuid.uuid4().urn


def area_of(agency: Agency | None, installation: Installation | None) -> str:
    """Return whose area data covers: a desa's is its own, an OPD's that of the government."""
    own = agency.area if agency else ""
    home = installation.area if installation else ""
    return own if home and own.startswith(f"{home}.") else home or own


def publisher_type(area: str) -> str:
    """Return the kind of government of a kode wilayah (draft national schema, ``publisher_type``).

    Kemendagri numbers kabupaten 01-69 and kota 71-99 within their province.
    """
    parts = area.split(".")
    if not area:
        return "pusat"
    if len(parts) == 1:
        return "daerah-provinsi"
    if len(parts) == 2:
        return "daerah-kota" if parts[1] >= "71" else "daerah-kabupaten"
    return "desa"


#: Units that say how the size is expressed; for metre or rupiah it may be a length or an average.
_MEASURES = {
    "persen": "Persentase", "permil": "Rasio", "rasio": "Rasio", "indeks": "Indeks",
    "skor": "Skor", "peringkat": "Peringkat", "per_1000_penduduk": "Rasio",
    "per_10000_penduduk": "Rasio", "per_100000_penduduk": "Rasio",
    "per_1000_kelahiran_hidup": "Rasio", "per_100000_kelahiran_hidup": "Rasio",
}
#: Codes of ``satuan`` for things that are counted one by one: their measure is a number of them.
COUNTED = frozenset({
    "orang", "jiwa", "kepala_keluarga", "rumah_tangga", "keluarga_penerima", "siswa",
    "mahasiswa", "santri", "guru", "dosen", "pegawai", "tenaga_kerja", "pencari_kerja",
    "pasien", "kunjungan", "kasus", "kelahiran", "kematian", "balita", "bayi", "ibu_hamil",
    "akseptor", "wisatawan", "penumpang", "peserta", "anggota", "pemilih", "petani", "nelayan",
    "pembudi_daya", "relawan", "kader", "atlet", "unit", "buah", "lembaga", "kelompok", "usaha",
    "perusahaan", "koperasi", "sekolah", "kelas", "ruang", "rumah", "bangunan", "puskesmas",
    "posyandu", "rumah_sakit", "tempat_tidur", "kamar", "pasar", "desa", "kelurahan",
    "desa_kelurahan", "kecamatan", "kabupaten_kota", "provinsi", "rukun_tetangga",
    "rukun_warga", "dokumen", "berkas", "laporan", "buku", "judul", "eksemplar", "naskah",
    "surat", "sertifikat", "izin", "perkara", "peraturan", "kegiatan", "program", "proyek",
    "paket", "kali", "kejadian", "titik", "lokasi", "ruas", "jembatan", "kendaraan", "kapal",
    "perahu", "sambungan", "pelanggan", "menara", "aplikasi", "dataset", "pohon", "ekor",
    "rumpun", "butir", "lembar", "set",
})


def _measure(unit: Any) -> str | None:
    """Return the ukuran a satuan implies; only where there is one sensible answer."""
    found = get("satuan").match(unit) if isinstance(unit, str) else None
    if found is None:
        return None
    return "Jumlah" if found.code in COUNTED else _MEASURES.get(found.code)


def _category(affairs: Sequence[str]) -> str | None:
    vocabulary = get("urusan")
    for code in affairs:
        if code in vocabulary:
            return vocabulary[code].label_id
    return None


def _agent(agency: Agency, site_url: str) -> dict[str, str]:
    agent = {
        "name": agency.title or agency.name,
        "email": agency.email,
        "url": agency.website,
        "identifier": agency.code,
        "uri": f"{site_url}/organization/{agency.id}",
    }
    return {key: value for key, value in agent.items() if value}


def derived(
    dataset: Values,
    kind: str,
    agency: Agency | None,
    installation: Installation | None,
) -> dict[str, Any]:
    """Return what the fields of `dataset` would be if nobody typed them.

    :param kind: dataset type, ``dataset``, ``kegiatan`` or ``indikator``.
    :param agency: the producer; None where unknown.
    :param installation: None for what another portal published: its area, publisher and
        licence are not ours to state.
    """
    values: dict[str, Any] = {}
    affairs = as_list(dataset.get("urusan"))
    if agency and agency.affairs:
        values["urusan"] = list(agency.affairs)
        affairs = affairs or list(agency.affairs)
    category = _category(affairs)
    if category:
        values["kategori"] = category
    description = dataset.get("iii_tujuan" if kind == "kegiatan" else "definisi")
    if isinstance(description, str) and not empty(description):
        values["notes"] = description
    if kind != "kegiatan":
        measure = _measure(dataset.get("satuan"))
        if measure:
            values["ukuran"] = measure
    if installation is None:
        return values
    if agency:
        values["creator"] = [_agent(agency, installation.site_url)]
        if kind == "kegiatan":
            values.update(
                i_alamat=agency.address,
                i_telepon=agency.phone,
                i_email=agency.email,
                ii_unit_eselon_2=agency.title,
            )
    values.update(
        language=["id"],
        license_id=installation.licence,
        access_rights="terbuka",
        kode_wilayah=[area_of(agency, installation)],
    )
    if kind == "kegiatan":
        values["iv_wilayah"] = [area_of(agency, installation)]
    if installation.government:
        values["publisher"] = [
            {"name": installation.government, "uri": installation.site_url}
        ]
    if kind == "dataset":
        values["publisher_type"] = publisher_type(installation.area)
    contact = {"name": installation.contact_name, "email": installation.contact_email}
    if not any(contact.values()) and agency and agency.email:
        contact = {"name": agency.title or agency.name, "email": agency.email}
    if any(contact.values()):
        values["contact"] = [{key: value for key, value in contact.items() if value}]
    return {key: value for key, value in values.items() if not empty(value)}


def _comparable(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_comparable(item) for item in cast("Sequence[Any]", value) if not empty(item)]
    if isinstance(value, Mapping):
        return {
            key: _comparable(item)
            for key, item in cast("Values", value).items()
            if not empty(item)
        }
    return str(value).strip()


def _names_agency(value: Any, agency: Agency) -> bool:
    """Tell whether a stored creator is the derived one.

    Its id tells: the agency may have been renamed since, and the portal have got a new address.
    """
    return (
        isinstance(value, list)
        and len(cast("list[Any]", value)) == 1
        and isinstance(value[0], Mapping)
        and str(cast("Values", value[0]).get("uri")).endswith(f"/organization/{agency.id}")
    )


def fill(
    dataset: Values,
    kind: str,
    agency: Agency | None,
    installation: Installation | None,
    previous: Values | None = None,
    previous_agency: Agency | None = None,
) -> dict[str, Any]:
    """Return the fields to set on write: the empty ones, and the derived ones whose source changed.

    :param previous: the stored state on an update. A value equal to what that state gave was
        never typed, so it follows; any other value stays as it is.
    """
    old = derived(previous, kind, previous_agency, installation) if previous else {}

    def follows(name: str) -> bool:
        current = dataset.get(name)
        if previous is not None and name in old and _comparable(current) == _comparable(old[name]):
            return True
        return (
            name == "creator"
            and previous_agency is not None
            and installation is not None
            and _names_agency(current, previous_agency)
        )

    def differing(new: Values) -> dict[str, Any]:
        return {
            name: value
            for name, value in new.items()
            if empty(dataset.get(name))
            or (follows(name) and _comparable(dataset[name]) != _comparable(value))
        }

    changes = differing(derived(dataset, kind, agency, installation))
    if "urusan" in changes:
        # The category follows the affairs that were just derived.
        changes = differing(
            derived({**dataset, "urusan": changes["urusan"]}, kind, agency, installation)
        )
    if empty(dataset.get("identifier")):
        kept = previous.get("identifier") if previous else None
        changes["identifier"] = kept if not empty(kept) else new_identifier()
    return changes
