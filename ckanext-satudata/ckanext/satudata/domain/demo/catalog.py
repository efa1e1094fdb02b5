"""Everything the demo publishes: datasets, activities (MS-Keg), indicators (MS-Ind)."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.satudata.domain.demo.agencies import AGENCIES
from ckanext.satudata.domain.demo.catalog_closed import CLOSED
from ckanext.satudata.domain.demo.catalog_people import PEOPLE
from ckanext.satudata.domain.demo.catalog_places import PLACES
from ckanext.satudata.domain.demo.figures import SERIES
from ckanext.satudata.domain.demo.region import Area
from ckanext.satudata.domain.demo.spec import Dataset, Survey
from ckanext.satudata.domain.demo.tables import Categories

__all__ = ["DATASETS", "INDICATORS", "SURVEYS", "desa_dataset"]

DATASETS: tuple[Dataset, ...] = (*PEOPLE, *PLACES, *CLOSED)


def desa_dataset(number: int, area: Area, agency: str) -> Dataset:
    """Return the dataset a desa keeps itself, with its RT as categories."""
    weights = {f"RT {n:02d}": 1.0 for n in range(1, 13)}
    return Dataset(
        f"keluarga-desa-{number}",
        agency,
        f"Jumlah keluarga menurut RT Desa {area.name}",
        Categories(
            "jumlah_keluarga",
            "rukun_tetangga",
            "Rukun tetangga",
            weights,
            "jumlah_keluarga",
            "Jumlah keluarga",
            "kepala_keluarga",
            "Keluarga",
            level=area.code,
            years=2,
        ),
        "Keluarga",
        "Keluarga yang tinggal di desa menurut pendataan agen statistik.",
        "Rukun tetangga",
        "Jumlah",
        "kepala_keluarga",
        "2.13",
        "pencatatan_manual",
        ("profil_daerah",),
        ("desa cantik", "keluarga"),
        collected="pencacahan_lengkap",
        unit="Agen statistik desa",
        nature="sementara",
        coverage=(12, 12, "RT"),
    )


_NAMED: tuple[Survey, ...] = (
    Survey(
        "konsolidasi-penduduk",
        "disdukcapil",
        "Kompilasi Data Konsolidasi Bersih Kependudukan",
        "Perencanaan memerlukan jumlah penduduk yang sama di semua perangkat daerah.",
        "Menyediakan jumlah penduduk menurut jenis kelamin, umur, dan wilayah.",
        "kompilasi_produk_administrasi",
        "demografi_dan_kependudukan",
        "2.12",
        ("jumlah_penduduk", "laki_laki", "perempuan"),
    ),
    Survey(
        "penimbangan-balita",
        "dinas-kesehatan",
        "Kompilasi Penimbangan dan Pengukuran Balita",
        "Penurunan stunting perlu dipantau tiap bulan sampai kecamatan.",
        "Mengetahui balita yang diukur dan yang stunting di tiap kecamatan.",
        "kompilasi_produk_administrasi",
        "kesehatan",
        "1.02",
        ("balita", "balita_diukur", "balita_stunting"),
    ),
    Survey(
        "ubinan-padi",
        "dinas-pertanian",
        "Pendataan Luas Panen dan Hasil Ubinan Padi",
        "Ketersediaan pangan perlu diketahui sebelum musim paceklik.",
        "Menghitung luas panen, produksi, dan produktivitas padi.",
        "pencacahan_lengkap",
        "pertanian_dan_perikanan",
        "3.27",
        ("luas_panen", "produksi_padi"),
    ),
    Survey(
        "survei-tenaga-kerja",
        "disnakertrans",
        "Survei Ketenagakerjaan Daerah",
        "Program pelatihan kerja perlu sasaran menurut kecamatan.",
        "Memperkirakan angkatan kerja dan penganggur menurut kecamatan.",
        "survei",
        "ketenagakerjaan",
        "2.07",
        ("angkatan_kerja", "penganggur"),
        True,
    ),
    Survey(
        "survei-tik",
        "diskominfo",
        "Survei Pemakaian Teknologi Informasi Keluarga",
        "Layanan digital pemerintah perlu menjangkau keluarga tanpa internet.",
        "Memperkirakan keluarga yang memakai internet.",
        "survei",
        "teknologi_informasi_dan_komunikasi",
        "2.16",
        ("internet",),
        True,
    ),
)

_SEKTOR = {
    "1.01": "pendidikan_dan_pelatihan",
    "1.02": "kesehatan",
    "1.03": "pembangunan",
    "1.05": "lingkungan",
    "1.06": "perlindungan_sosial_dan_kesejahteraan",
    "2.07": "ketenagakerjaan",
    "2.11": "lingkungan",
    "2.08": "demografi_dan_kependudukan",
    "2.12": "demografi_dan_kependudukan",
    "2.13": "perwilayahan_dan_perkotaan",
    "2.16": "teknologi_informasi_dan_komunikasi",
    "2.17": "industri_dan_jasa",
    "3.27": "pertanian_dan_perikanan",
    "5.01": "pembangunan",
}


def _compilations() -> Iterator[Survey]:
    """Yield the yearly compilation of each agency, for the datasets of no activity of their own."""
    for agency in AGENCIES:
        own = [d for d in DATASETS if d.agency == agency.name and not d.activity]
        if not own and agency.name != "dpmd":
            continue
        names = [name for d in own for name in getattr(d.recipe, "names", ())]
        variables = tuple(
            dict.fromkeys(name for name in names if name in SERIES and not SERIES[name].over)
        )[:4]
        yield Survey(
            f"kompilasi-{agency.name}",
            agency.name,
            f"Kompilasi Data Sektoral {agency.short}",
            "Perangkat daerah mencatat pelayanan setiap hari dan angkanya diperlukan perencanaan.",
            f"Menyediakan data {agency.short} dengan standar dan metadata yang sama setiap tahun.",
            "kompilasi_produk_administrasi",
            _SEKTOR[agency.urusan[0]],
            agency.urusan[0],
            variables or ("jumlah_penduduk",),
        )


SURVEYS: tuple[Survey, ...] = (*_NAMED, *_compilations())

#: key: agency, name, concept, meaning, method, formula, unit, numerator, denominator, activity
INDICATORS: dict[str, tuple[str, str, str, str, str, str, str, str, str, str]] = {
    "prevalensi-stunting": (
        "dinas-kesehatan",
        "Prevalensi Stunting Balita",
        "Stunting",
        "Makin rendah makin baik.",
        "Balita stunting dibagi balita yang diukur, dikali 100.",
        "P = S / U × 100",
        "persen",
        "balita_stunting",
        "balita_diukur",
        "penimbangan-balita",
    ),
    "cakupan-imunisasi": (
        "dinas-kesehatan",
        "Cakupan Imunisasi Dasar Lengkap",
        "Imunisasi Dasar Lengkap",
        "Makin tinggi makin banyak bayi yang terlindungi.",
        "Bayi dengan imunisasi dasar lengkap dibagi kelahiran hidup, dikali 100.",
        "C = I / L × 100",
        "persen",
        "imunisasi",
        "lahir_hidup",
        "",
    ),
    "cakupan-ktp": (
        "disdukcapil",
        "Cakupan Kepemilikan KTP Elektronik",
        "Kepemilikan KTP-el",
        "Makin tinggi makin banyak penduduk yang terlayani.",
        "Penduduk yang memiliki KTP-el dibagi penduduk wajib KTP, dikali 100.",
        "C = M / W × 100",
        "persen",
        "memiliki_ktp",
        "wajib_ktp",
        "",
    ),
    "laju-penduduk": (
        "disdukcapil",
        "Laju Pertumbuhan Penduduk",
        "Pertumbuhan Penduduk",
        "Menunjukkan seberapa cepat penduduk bertambah dalam setahun.",
        "Selisih penduduk dua tahun berurutan dibagi penduduk tahun sebelumnya, dikali 100.",
        "r = (P1 - P0) / P0 × 100",
        "persen",
        "jumlah_penduduk",
        "jumlah_penduduk",
        "konsolidasi-penduduk",
    ),
    "apm-sd": (
        "dinas-pendidikan-kebudayaan",
        "Angka Partisipasi Murni SD/Sederajat",
        "Partisipasi Sekolah",
        "Makin mendekati 100 makin banyak anak yang bersekolah tepat usia.",
        "Anak 7-12 tahun yang bersekolah di SD dibagi seluruh anak usia itu, dikali 100.",
        "APM = M / U × 100",
        "persen",
        "sekolah_sd",
        "usia_sd",
        "",
    ),
    "tpt": (
        "disnakertrans",
        "Tingkat Pengangguran Terbuka",
        "Pengangguran",
        "Makin rendah makin baik.",
        "Penganggur dibagi angkatan kerja, dikali 100.",
        "TPT = N / A × 100",
        "persen",
        "penganggur",
        "angkatan_kerja",
        "survei-tenaga-kerja",
    ),
    "produktivitas-padi": (
        "dinas-pertanian",
        "Produktivitas Padi",
        "Produktivitas Tanaman",
        "Makin tinggi makin banyak hasil dari tiap hektare.",
        "Produksi dibagi luas panen.",
        "Y = Q / A",
        "kuintal_hektare",
        "produksi_padi",
        "luas_panen",
        "ubinan-padi",
    ),
    "indeks-desa": (
        "dpmd",
        "Indeks Desa",
        "Perkembangan Desa",
        "Makin mendekati 1 makin mandiri.",
        "Rata-rata indeks ketahanan sosial, ekonomi, dan lingkungan.",
        "I = (IKS + IKE + IKL) / 3",
        "indeks",
        "iks",
        "ike",
        "",
    ),
    "jalan-mantap": (
        "dinas-pupr",
        "Persentase Jalan dalam Kondisi Mantap",
        "Kemantapan Jalan",
        "Makin tinggi makin baik.",
        "Panjang jalan berkondisi baik dan sedang dibagi panjang seluruh jalan, dikali 100.",
        "M = (B + S) / P × 100",
        "persen",
        "panjang_baik_sedang",
        "panjang_jalan",
        "",
    ),
    "umkm-nib": (
        "diskoperindag",
        "Persentase UMKM yang Memiliki NIB",
        "Perizinan Usaha",
        "Makin tinggi makin banyak usaha yang terdaftar.",
        "UMKM ber-NIB dibagi seluruh UMKM, dikali 100.",
        "N = B / U × 100",
        "persen",
        "umkm_nib",
        "pelaku_umkm",
        "",
    ),
    "cakupan-akta": (
        "disdukcapil",
        "Cakupan Kepemilikan Akta Kelahiran Anak",
        "Kepemilikan Akta Kelahiran",
        "Makin tinggi makin banyak anak yang tercatat.",
        "Anak 0-17 tahun yang memiliki akta kelahiran dibagi seluruh anak usia itu, dikali 100.",
        "C = M / A × 100",
        "persen",
        "memiliki_akta",
        "anak",
        "",
    ),
    "keluarga-miskin": (
        "dinas-sosial",
        "Persentase Keluarga Miskin Terdaftar",
        "Kemiskinan",
        "Makin rendah makin baik.",
        "Keluarga miskin terdaftar dibagi seluruh keluarga, dikali 100.",
        "M = K / J × 100",
        "persen",
        "keluarga_miskin",
        "jumlah_keluarga",
        "",
    ),
    "air-minum-layak": (
        "dinas-pupr",
        "Persentase Keluarga dengan Akses Air Minum Layak",
        "Akses Air Minum",
        "Makin tinggi makin banyak keluarga yang terlayani.",
        "Keluarga dengan akses air minum layak dibagi seluruh keluarga, dikali 100.",
        "A = L / J × 100",
        "persen",
        "air_layak",
        "jumlah_keluarga",
        "",
    ),
    "kejadian-bencana": (
        "bpbd",
        "Jumlah Kejadian Bencana",
        "Kejadian Bencana",
        "Makin rendah makin baik.",
        "Banyaknya kejadian bencana yang ditangani dalam satu tahun.",
        "B = Σ kejadian",
        "kejadian",
        "jumlah_kejadian",
        "jumlah_kejadian",
        "",
    ),
    "perubahan-harga": (
        "diskoperindag",
        "Perubahan Harga Bahan Pangan Pokok",
        "Harga Eceran",
        "Angka positif berarti harga naik dari minggu sebelumnya.",
        "Selisih harga dua minggu berurutan dibagi harga minggu sebelumnya, dikali 100.",
        "H = (h1 - h0) / h0 × 100",
        "persen",
        "harga",
        "harga",
        "",
    ),
}
