"""What the national CKAN refuses of a harvested record, and what it only stores badly.

Sources, read there: CKAN 2.9.11 (``logic/schema.py``, ``logic/validators.py``,
``lib/search/index.py``, ``config/solr/schema.xml``), ckanext-harvest 1.5.6 (its CKAN harvester
checks by CKAN's create schema), ckanext-spatial 1.1.0, and for the contractor's dataset type
Onestringlab/ckanext-scheming of March 2025 (``metadata_dataset.yaml``, ``presets.json``).
"""
from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, TypeGuard, cast

from ckanext.satudata.domain.federation.plain import EMAIL, LONGEST_TAG
from ckanext.satudata.domain.federation.terms import clean_text, date_literal

__all__ = [
    "CHOICES",
    "CONTRACTOR_FIELDS",
    "CORE_FIELDS",
    "LONGEST_VALUE",
    "NEVER_AN_EXTRA",
    "RULES",
    "Shape",
    "problems",
]


class Shape(Enum):
    """What schema the reading CKAN has: one view cannot serve both."""

    CKAN = "CKAN without a schema: what SDI adds stands in extras"
    KONTRAKTOR = "the contractor's scheming schema: its fields stand at the top"


#: Keys of CKAN's create schema; an extra of such a name refuses the record.
CORE_FIELDS = frozenset({
    "__before", "__extras", "__junk", "author", "author_email", "extras", "groups", "id",
    "license_id", "log_message", "maintainer", "maintainer_email", "name", "notes", "owner_org",
    "private", "relationships_as_object", "relationships_as_subject", "resources", "return_to",
    "save", "state", "tag_string", "tags", "title", "type", "url", "version",
})

#: Fields of the contractor's type ``dataset`` beyond CKAN's own; extras of these names refuse the
#: record too. Those of the MS-Keg form (``i_`` to ``viii_``) describe a kegiatan, not its data.
CONTRACTOR_FIELDS = frozenset({
    "accessRights", "accrualPeriodicity", "cara_pengumpulan_data", "i_alamat", "i_email",
    "i_faksimile", "i_instansi_penyelanggara", "i_telepon", "id_dds", "id_indikator_mms",
    "id_kegiatan_mms", "id_msind", "id_sds", "identitas_rekomendasi", "ii_pj_alamat",
    "ii_pj_email", "ii_pj_faksimile", "ii_pj_jabatan", "ii_pj_nama", "ii_pj_telepon",
    "ii_unit_eselon1", "ii_unit_eselon2", "iii_latar_belakang_kegiatan", "iii_tujuan_kegiatan",
    "indikator_komposit", "indikator_prioritas", "interpretasi",
    "iv_cakupan_wilayah_pengumpulan_data", "iv_frekuensi_penyelanggara",
    "iv_kegiatan_ini_dilakukan", "iv_metode_pengumpulan_data", "iv_sarana_pengumpulan_data",
    "iv_tipe_pengumpulan_data", "iv_unit_pengumpulan_data", "jenis", "jenis_statistik",
    "judul_kegiatan", "klasifikasi", "kodereferensi", "kriteria_prioritas", "level_estimasi",
    "metode_perhitungan", "prioritas_tahun", "produsen_data_city_code", "produsen_data_name",
    "produsen_data_province_code", "publisher_type", "publishing_status", "rumus", "satuan",
    "sektor_kegiatan", "submission_period", "tahun_kegiatan", "theme", "total_msind",
    "total_msvar", "ukuran", "v_fraksi_sampel_keseluruhan", "v_jenis_rancangan_sampel",
    "v_kerangka_sampel_tahap_terakhir", "v_metode_pemilihan_sampel_tahap_terakhir",
    "v_metode_yang_digunakan", "v_nilai_perkiraan_sampling_error_variabel_utama",
    "v_unit_observasi", "v_unit_sampel", "vi_apakah_melakukan_pelatihan_petugas",
    "vi_apakah_melakukan_penyesuaian_nonrespon", "vi_apakah_melakukan_uji_coba",
    "vi_jumlah_petugas_enumerator", "vi_jumlah_petugas_supervisor",
    "vi_metode_pemeriksaan_kualitas_pengumpulan_data",
    "vi_persyaratan_pendidikan_terendah_petugas_pengumpulan_data", "vi_petugas_pengumpulan_data",
    "vii_metode_analisis", "vii_tahapan_pengolahan_data", "vii_tingkat_penyajian_hasil_analisis",
    "vii_unit_analisis", "viii_ketersediaan_produk_digital",
    "viii_ketersediaan_produk_mikrodata", "viii_ketersediaan_produk_tercetak",
})

#: The contractor's fields that take only these values.
CHOICES: Mapping[str, frozenset[str]] = {
    "accessRights": frozenset({"terbuka", "terbatas", "tertutup"}),
    "publisher_type": frozenset({"pusat", "daerah-provinsi", "daerah-kota", "daerah-kabupaten"}),
}

#: Names an extra must not have although nothing refuses it: a field of CKAN's search index that
#: is no text (one value of another kind and the record cannot be found), what CKAN or
#: ckanext-harvest adds itself, and marks of the nation's own work: the approval plugin hides a
#: record by ``publishing_status``, and who says "Sudah Diperiksa" is the walidata, not a producer.
NEVER_AN_EXTRA = frozenset({
    "Hasil_Pemeriksaan_SKDN", "_version_", "bbox_area", "capacity", "data_dict", "dataset_type",
    "entity_type", "guid", "harvest_job_id", "harvest_object_id", "harvest_source_id",
    "harvest_source_title", "harvest_source_url", "index_id", "indexed_ts", "maxx", "maxy",
    "metadata_created", "metadata_modified", "minx", "miny", "organization",
    "permission_labels", "publishing_status", "ratings_average", "ratings_count",
    "resources_accessed_recent", "resources_accessed_total", "revision_id", "site_id",
    "spatial_geom", "title_string", "validated_data_dict", "views_recent", "views_total",
})

#: Solr's limit of one text that is searched as a whole, in bytes; longer, the index refuses it.
LONGEST_VALUE = 32_766
_LONGEST_NAME = 100
_LONGEST_VERSION = 100
_SHORTEST_RESOURCE_ID, _LONGEST_RESOURCE_ID = 7, 100
_NAME = re.compile(r"[a-z0-9_\-]{2,}")
_RESERVED_NAMES = frozenset({"new", "edit", "search"})
_RESOURCE_ID = re.compile(r"[0-9a-zA-Z _-]+")
_TAG = re.compile(r"[\w \-.]+")
#: What CKAN reads as a time: digits and anything between, no zone.
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?")
_MODIFIED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}")
_GEOMETRIES = frozenset({"Point", "Polygon"})

#: What each rule means.
RULES: Mapping[str, str] = {
    "kosong": "Required, but empty.",
    "teks": "Must be one text: no list, no object, no control characters.",
    "nama": "Only 2-100 lower-case letters, digits, hyphens and underscores.",
    "surel": "Not one e-mail address.",
    "versi": "More than 100 characters.",
    "tag": "Only 2-100 letters, digits, blanks, hyphens, underscores and dots.",
    "ganda": "Stands there more than once.",
    "nama_inti": "Has the name of a core field, so the whole record is refused.",
    "terlarang": "May not be sent to the national portal.",
    "panjang": "More than 32,766 bytes, so the record is not found.",
    "tanggal": "Not a date without a time zone.",
    "geojson": "Not complete GeoJSON.",
    "bilangan": "Not a whole number.",
    "alamat": "Not a complete http address.",
    "pengenal": "Only 7-100 letters, digits, blanks, hyphens and underscores.",
    "pilihan": "Not one of the national portal's choices.",
    "tipe": "Not a type the national portal knows.",
    "status": "Only active or deleted.",
}


def problems(flat: Mapping[str, Any], shape: Shape) -> list[str]:
    """Return what the national CKAN would refuse of a record, or could not find again.

    :param flat: a record as its API would give it
    :param shape: what schema the reader has
    :returns: ``<where>: <key of RULES>`` a problem, such as ``tags.2: tag``; none where all is well
    """
    return [f"{where}: {rule}" for where, rule in _found(flat, shape)]


def _found(flat: Mapping[str, Any], shape: Shape) -> Iterator[tuple[str, str]]:
    for name in ("id", "name", "title", "metadata_modified"):
        if not flat.get(name):
            yield name, "kosong"
    if flat.get("type") != "dataset":
        yield "type", "tipe"
    if flat.get("state") not in ("active", "deleted"):
        yield "state", "status"
    if flat.get("private") is not False:
        yield "private", "terlarang"
    yield from _core(flat)
    yield from _tags(flat)
    taken = CORE_FIELDS | CONTRACTOR_FIELDS if shape is Shape.KONTRAKTOR else CORE_FIELDS
    yield from _extras(flat, taken)
    if shape is Shape.KONTRAKTOR:
        yield from _contractor(flat)
    for at, resource in enumerate(_records(flat.get("resources"))):
        for where, rule in _resource(resource):
            yield f"resources.{at}.{where}", rule


def _records(given: object) -> list[Mapping[str, Any]]:
    return cast("list[Mapping[str, Any]]", given) if isinstance(given, list) else []


def _core(flat: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name = flat.get("name") or ""
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name) or name in _RESERVED_NAMES:
        yield "name", "nama"
    for key in ("title", "notes", "author", "maintainer", "url", "license_id", "version"):
        given = flat.get(key, "")
        if not _is_text(given):
            yield key, "teks"
        # Searched as a whole; notes and the people are cut into words.
        elif key in ("title", "url", "license_id") and _too_long(given):
            yield key, "panjang"
    for key in ("author_email", "maintainer_email"):
        if flat.get(key) and not (_is_text(flat[key]) and EMAIL.fullmatch(flat[key])):
            yield key, "surel"
    if len(str(flat.get("version") or "")) > _LONGEST_VERSION:
        yield "version", "versi"
    if not _MODIFIED.fullmatch(str(flat.get("metadata_modified"))):
        yield "metadata_modified", "tanggal"
    for key in ("groups", "organization", "publishing_status"):
        if key in flat:
            yield key, "terlarang"


def _tags(flat: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for at, tag in enumerate(_records(flat.get("tags"))):
        name = str(tag.get("name"))
        if not 2 <= len(name) <= LONGEST_TAG or not _TAG.fullmatch(name):
            yield f"tags.{at}", "tag"
        if name in seen:
            yield f"tags.{at}", "ganda"
        seen.add(name)


def _extras(flat: Mapping[str, Any], taken: frozenset[str]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for extra in _records(flat.get("extras")):
        key, given = str(extra.get("key") or ""), extra.get("value")
        where = f"extras.{key}"
        if not key:
            yield where, "kosong"
        if key in seen:
            yield where, "ganda"
        if key in taken:
            yield where, "nama_inti"
        if key in NEVER_AN_EXTRA and (key, given) != ("Hasil_Pemeriksaan_SKDN", "1"):
            yield where, "terlarang"
        seen.add(key)
        if not _is_text(given):
            yield where, "teks"
        elif _too_long(given):
            yield where, "panjang"
        elif key.endswith("_date") and date_literal(given) is None:
            yield where, "tanggal"
        elif key == "spatial" and not _is_geometry(given):
            yield where, "geojson"


def _contractor(flat: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in CONTRACTOR_FIELDS & flat.keys():
        given = flat[name]
        if not _is_text(given):
            yield name, "teks"
        elif _too_long(given):
            yield name, "panjang"
        elif name in CHOICES and given not in CHOICES[name]:
            yield name, "pilihan"


def _resource(resource: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "id" in resource:
        given = str(resource["id"])
        if not (_SHORTEST_RESOURCE_ID <= len(given) <= _LONGEST_RESOURCE_ID
                and _RESOURCE_ID.fullmatch(given)):
            yield "id", "pengenal"
    url = resource.get("url")
    if not isinstance(url, str) or not re.match(r"https?://[^/\s]+", url):
        yield "url", "alamat"
    if "size" in resource and (
        isinstance(resource["size"], bool) or not isinstance(resource["size"], int)
    ):
        yield "size", "bilangan"
    for key in ("created", "last_modified"):
        if key in resource and not _is_time(resource[key]):
            yield key, "tanggal"
    if "url_type" in resource:
        yield "url_type", "terlarang"
    for key in resource.keys() - {"size"}:
        if not _is_text(resource[key]):
            yield key, "teks"
        elif key in ("url", "format") and _too_long(resource[key]):
            yield key, "panjang"


def _is_text(given: object) -> TypeGuard[str]:
    """Tell whether something is a text that PostgreSQL and an XML reader can hold."""
    return isinstance(given, str) and clean_text(given) == given


def _too_long(given: str) -> bool:
    return len(given.encode("utf-8")) >= LONGEST_VALUE


def _is_time(given: object) -> bool:
    try:
        return bool(isinstance(given, str) and _TIME.fullmatch(given)
                    and datetime.fromisoformat(given))
    except ValueError:
        return False


def _is_geometry(given: str) -> bool:
    """Tell whether a text is GeoJSON of a kind every backend of ckanext-spatial can index."""
    try:
        found: Any = json.loads(given)
        ring: list[list[float]] = (
            [found["coordinates"]] if found["type"] == "Point" else found["coordinates"][0])
        positions = {(float(x), float(y)) for x, y in ring}
    except (ValueError, TypeError, KeyError, IndexError):
        return False
    whole = found["type"] == "Point" or (len(positions) >= 4 and ring[0] == ring[-1])
    return found["type"] in _GEOMETRIES and whole and all(
        -180 <= x <= 180 and -90 <= y <= 90 for x, y in positions)
