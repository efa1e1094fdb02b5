"""Full metadata of the illustrative datasets, activities and indicators.

Dates depend on ``now`` alone, so that the release calendar has entries before
and after it whenever the demo is made.
"""

from __future__ import annotations

import datetime
from typing import Any

from ckanext.satudata.domain.demo import catalog
from ckanext.satudata.domain.demo.agencies import AGENCIES, host
from ckanext.satudata.domain.demo.editions import Edition, edition_of
from ckanext.satudata.domain.demo.figures import SERIES
from ckanext.satudata.domain.demo.region import Region
from ckanext.satudata.domain.demo.spec import Dataset, Survey

__all__ = ["PREFIX", "TAG", "activity", "dataset", "indicator", "years"]

#: Every name the demo makes begins so: what it made can be found and removed.
PREFIX = "contoh-"
TAG = "data contoh"
_NOTE = "Ini data contoh: semua angkanya dibuat oleh program dan tidak menggambarkan keadaan nyata."
#: Figures the catalog names that are no column of ``SERIES``.
_OTHER = {
    "iks": ("Indeks ketahanan sosial", "indeks"),
    "ike": ("Indeks ketahanan ekonomi", "indeks"),
    "jumlah_kejadian": ("Jumlah kejadian", "kejadian"),
    "harga": ("Harga rata-rata", "rupiah_per_kg"),
    "panjang_baik_sedang": ("Panjang jalan berkondisi baik dan sedang", "kilometer"),
}


def years(now: datetime.date) -> range:
    """Return the five full years before ``now``."""
    return range(now.year - 5, now.year)


def _common(region: Region, title: str, urusan: str, agency: str, key: str) -> dict[str, Any]:
    return {
        "name": f"{PREFIX}{key}",
        "title": title,
        "urusan": [urusan],
        "license_id": "cc-by",
        "language": ["id"],
        "kode_wilayah": [region.code],
        "access_rights": "terbuka",
        "contact": [
            {
                "name": f"Bidang Statistik Diskominfo {region.name} (contoh)",
                "email": f"statistik@diskominfo.{host(region)}",
                "url": f"https://diskominfo.{host(region)}/",
            }
        ],
    }


def dataset(
    spec: Dataset, region: Region, now: datetime.date, number: int, edition: Edition | None = None
) -> dict[str, Any]:
    """Return all fields of a dataset; ``number`` orders the illustrative codes.

    :param edition: the version that says them, the first unless given
    """
    edition = edition or edition_of(spec.key, 1)
    span = _span(spec, now)[:-edition.years_short or None]
    period = "-".join(str(year) for year in dict.fromkeys((span[0], span[-1])))
    fields = _common(region, f"{spec.title} {region.name}", spec.urusan, spec.agency, spec.key)
    fields |= {
        "notes": f"{edition.fields.get('definisi', spec.definisi)} Disajikan menurut "
        f"{_lower(spec.klasifikasi)} di {region.name}, {period}. {_NOTE}",
        "unit_produsen": spec.unit,
        "jenis_data": spec.kind,
        "jenis_statistik": "sektoral",
        "tag_string": ",".join([TAG, *spec.tags]),
        "id_dds": f"DD-{region.code}-{number:04d}",
        "kode_dssd": f"{spec.urusan}.{number:06d}",
        "aplikasi_asal": [spec.app],
        "kegunaan": list(spec.uses),
        "version": f"{span[-1]}.1",
        "version_notes": f"Menambahkan data tahun {span[-1]}.",
        "id_sds": f"SD{number:05d}.01.00",
        "konsep": spec.konsep,
        "definisi": spec.definisi,
        "klasifikasi": spec.klasifikasi,
        "ukuran": spec.ukuran,
        "satuan": spec.satuan,
        "cara_pengumpulan_data": spec.collected,
        "provenance": f"{_HOW[spec.collected]} {_NOTE}",
        "conforms_to": ["Permendagri 72/2019 (kode wilayah)"],
        "sifat_angka": spec.nature,
        "documentation": [f"https://{spec.agency}.{host(region)}/metadata/{spec.key}"],
        "tingkat_penyajian": spec.recipe.level if spec.recipe else "kabupaten_kota",
        "temporal_coverage": [{"start": f"{span[0]}-01-01", "end": f"{span[-1]}-12-31"}],
        "referensi_waktu": f"keadaan 31 Desember {span[-1]}",
        "frequency": spec.frequency,
        "jadwal_rilis": _release(spec, now).isoformat(),
        "kategori_kip": "berkala",
    }
    if fields["tingkat_penyajian"].count(".") == 3:
        fields["kode_wilayah"] = [fields["tingkat_penyajian"]]
        fields["tingkat_penyajian"] = "desa_kelurahan"
    fields["id_kegiatan"] = f"{PREFIX}kegiatan-{spec.activity or 'kompilasi-' + spec.agency}"
    if spec.collected == "survei":
        fields["identitas_rekomendasi"] = _recommendation(region, now)
    if spec.indicators:
        fields["id_indikator"] = [f"{PREFIX}indikator-{key}" for key in spec.indicators]
    if spec.coverage:
        received, due, of = spec.coverage
        fields["cakupan_pelaporan"] = [{"diterima": received, "seharusnya": due, "satuan": of}]
    if spec.break_note:
        fields["putus_seri"] = [{"tahun": str(now.year - 3), "penjelasan": spec.break_note}]
    if spec.priority:
        fields |= {
            "prioritas_tahun": [str(now.year)],
            "kriteria_prioritas": spec.priority,
            "indikator_prioritas": spec.konsep,
        }
    if spec.master:
        fields |= dict(zip(("data_induk", "kunci_induk", "nama_induk"), spec.master, strict=True))
    if spec.closed:
        fields |= _closed(spec, region, now)
    return fields | {
        name: said.format(tahun=span[-1]) for name, said in edition.fields.items()}


def _closed(spec: Dataset, region: Region, now: datetime.date) -> dict[str, Any]:
    assert spec.closed is not None
    decided = datetime.date(now.year - 1, 9, 15)
    return {
        "access_rights": spec.closed.access,
        "kategori_kip": "dikecualikan",
        "dasar_hukum": f"{spec.closed.basis} (contoh)",
        "uji_konsekuensi": [
            {
                "nomor": f"UK/{decided.year}/007 (contoh)",
                "tanggal": decided.isoformat(),
                "berlaku_sampai": decided.replace(year=decided.year + 5).isoformat(),
            }
        ],
        "keputusan_pembatasan": [
            {
                "nomor": f"FSD/{decided.year}/012 (contoh)",
                "tanggal": (decided + datetime.timedelta(30)).isoformat(),
            }
        ],
        "rights": spec.closed.reason,
    }


_HOW = {
    "kompilasi_produk_administrasi": "Dihimpun dari catatan pelayanan dan dicocokkan tiap "
                                     "akhir periode.",
    "survei": "Diperkirakan dari survei rumah tangga dengan sampel acak bertingkat.",
    "pencacahan_lengkap": "Dicacah seluruhnya oleh petugas lapangan.",
    "cara_lain": "Dikumpulkan dari sistem elektronik.",
}
_MONTHS = {"bulanan": 1, "mingguan": 1, "harian": 1, "triwulanan": 3, "semesteran": 6}


def _span(spec: Dataset, now: datetime.date) -> list[int]:
    whole = list(years(now))
    last = getattr(spec.recipe, "years", 0) or len(whole)
    return whole[-last:]


def _release(spec: Dataset, now: datetime.date) -> datetime.date:
    """Return the next release; a third of the yearly ones is already late."""
    step = _MONTHS.get(spec.frequency)
    if step:
        month = now.month - 1 + step
        return datetime.date(now.year + month // 12, month % 12 + 1, 15)
    this_year = datetime.date(now.year, spec.month, 15)
    late = sum(map(ord, spec.key)) % 3 == 0
    return this_year if this_year > now or late else this_year.replace(year=now.year + 1)


def _recommendation(region: Region, now: datetime.date) -> str:
    return f"V-{(now.year - 1) % 100:02d}.{region.code.replace('.', '')}.001"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _variable(name: str) -> dict[str, Any]:
    series = SERIES[name]
    return {
        "nama": name,
        "alias": series.title,
        "konsep": [series.konsep],
        "definisi": f"{series.title} pada akhir tahun menurut catatan penyelenggara.",
        "referensi_pemilihan": ["Permendagri 72/2019"],
        "referensi_waktu": "setahun terakhir",
        "tipe_data": "float" if series.decimals else "integer",
        "klasifikasi_isian": ["0..n = bilangan tidak negatif"],
        "ukuran": "Jumlah",
        "satuan": series.satuan,
        "aturan_validasi": ["tidak kurang dari 0"],
        "kalimat_pertanyaan": f"Berapa {_lower(series.title)}?",
        "bisa_diakses_umum": "true",
        "id_sds": "SD00001.01.00",
    }


def activity(spec: Survey, region: Region, now: datetime.date) -> dict[str, Any]:
    """Return all fields of an activity, every block of MS-Keg filled."""
    agency = next(a for a in AGENCIES if a.name == spec.agency)
    year = now.year - 1
    mail = f"{spec.agency}@{host(region)}"
    address = f"Pusat Pemerintahan {region.name} (contoh)"
    fields = _common(
        region,
        f"{spec.title} {region.name} {year}",
        spec.urusan,
        spec.agency,
        f"kegiatan-{spec.key}",
    )
    fields |= {
        "notes": f"{spec.aim} {_NOTE}",
        "tag_string": TAG,
        "tahun_kegiatan": str(year),
        "id_kegiatan_mms": "0000 (contoh)",
        "jenis_statistik": "sektoral",
        "cara_pengumpulan_data": spec.collected,
        "sektor_kegiatan": spec.sektor,
        "rekomendasi": "true" if spec.recommended else "false",
        "i_alamat": address,
        "i_telepon": "(021) 555 0100",
        "i_faksimile": "(021) 555 0199",
        "i_email": mail,
        "ii_unit_eselon_2": f"{agency.title} {region.name}",
        "ii_teknis_nama": "Nama Contoh",
        "ii_teknis_jabatan": spec.lead,
        "ii_teknis_alamat": address,
        "ii_teknis_telepon": "(021) 555 0100",
        "ii_teknis_email": mail,
        "ii_teknis_faksimile": "(021) 555 0199",
        "iii_latar_belakang": spec.why,
        "iii_tujuan": spec.aim,
        "iii_variabel": [
            {
                "nama": SERIES[name].title,
                "konsep": SERIES[name].konsep,
                "definisi": f"{SERIES[name].title} pada akhir tahun.",
                "referensi_waktu": "setahun terakhir",
            }
            for name in spec.variables
        ],
        "iv_dilakukan": "berulang",
        "iv_frekuensi": "tahunan",
        "iv_tipe": "cross_sectional",
        "iv_cakupan": "sebagian_indonesia",
        "iv_wilayah": [region.code],
        "iv_metode": ["wawancara"] if spec.collected == "survei" else ["data_sekunder"],
        "iv_sarana": ["capi"] if spec.collected == "survei" else ["lainnya"],
        "iv_lainnya": "" if spec.collected == "survei" else "Sarana: salinan basis data pelayanan",
        "iv_unit": ["rumah_tangga"] if spec.collected == "survei" else ["individu"],
        "vi_uji_coba": "true",
        "vi_kualitas": ["supervisi"],
        "vi_penyesuaian_nonrespon": "false",
        "vi_petugas": "staf",
        "vi_pendidikan_minimum": "sma_smk",
        "vi_jumlah_supervisor": "4",
        "vi_jumlah_enumerator": str(len(region.kecamatan)),
        "vi_pelatihan": "true",
        "vii_editing": "true",
        "vii_coding": "true",
        "vii_entry": "true",
        "vii_validasi": "true",
        "vii_analisis": "deskriptif",
        "vii_unit_analisis": ["individu"],
        "vii_tingkat_penyajian": ["kecamatan"],
        "viii_tercetak": "false",
        "viii_digital": "true",
        "viii_mikrodata": "false",
        "viii_digital_rilis": f"{now.year}-03-15",
        "ms_var": [_variable(name) for name in spec.variables],
    }
    for stage, (first, last) in {
        "perencanaan": (1, 1),
        "desain": (2, 2),
        "pengumpulan": (3, 10),
        "pengolahan": (11, 11),
        "analisis": (12, 12),
        "diseminasi": (12, 12),
        "evaluasi": (12, 12),
    }.items():
        fields[f"iii_{stage}_awal"] = f"{year}-{first:02d}-02"
        fields[f"iii_{stage}_akhir"] = f"{year}-{last:02d}-28"
    if spec.recommended:
        fields["identitas_rekomendasi"] = _recommendation(region, now)
    if spec.collected == "survei":
        fields |= {
            "v_rancangan": "multi",
            "v_pemilihan": "probabilitas",
            "v_metode": "stratified",
            "v_kerangka": "list_frame",
            "v_fraksi_sampel": "0,05",
            "v_sampling_error": "RSE 5 persen",
            "v_unit_sampel": "rumah tangga",
            "v_unit_observasi": "anggota rumah tangga",
        }
    return {key: value for key, value in fields.items() if value != ""}


def indicator(key: str, region: Region) -> dict[str, Any]:
    """Return all fields of an indicator (MS-Ind)."""
    agency, name, concept, reading, method, formula, unit, above, below, source = (
        catalog.INDICATORS[key]
    )
    urusan = next(a for a in AGENCIES if a.name == agency).urusan[0]
    title_of = {**{n: s.title for n, s in SERIES.items()}, **{n: t for n, (t, _) in _OTHER.items()}}
    fields = _common(region, name, urusan, agency, f"indikator-{key}")
    composite = key == "indeks-desa"
    fields |= {
        "notes": f"{method} {_NOTE}",
        "tag_string": TAG,
        "id_indikator_mms": "0000 (contoh)",
        "konsep": [concept],
        "definisi": method,
        "interpretasi": reading,
        "metode_perhitungan": method,
        "rumus": formula,
        "ukuran": "Persentase"
        if unit == "persen"
        else "Indeks"
        if unit == "indeks"
        else "Jumlah"
        if unit == "kejadian"
        else "Rasio",
        "satuan": unit,
        "id_sds": "SD00001.01.00",
        "variabel_disaggregasi": [{"nama": "Kecamatan", "sumber": "Permendagri 72/2019"}],
        "indikator_komposit": "true" if composite else "false",
        "level_estimasi": "desa_kelurahan" if composite else "kecamatan",
        "bisa_diakses_umum": "true",
    }
    if composite:
        fields["indikator_pembangun"] = [
            {
                "nama": title_of[part],
                "publikasi": "Indeks desa (contoh)",
                "link": f"https://dpmd.{host(region)}/indeks-desa",
            }
            for part in ("iks", "ike")
        ]
    else:
        activity_title = next(
            (s.title for s in catalog.SURVEYS if s.key == source), "Kompilasi data perangkat daerah"
        )
        fields["variabel_pembangun"] = [
            {"nama": title_of[part], "kegiatan_penghasil": [activity_title]}
            for part in dict.fromkeys((above, below))
        ]
    return fields
