"""The rules of publication, as a table that reads like its sources. See :mod:`.metadata`."""
from __future__ import annotations

from ckanext.satudata.domain import data_induk
from ckanext.satudata.domain import metadata_checks as check
from ckanext.satudata.domain.metadata import Kind, Rule, Severity
from ckanext.satudata.domain.metadata_values import N_

__all__ = ["RULES"]

EVERY: tuple[Kind, ...] = ("dataset", "kegiatan", "indikator")
DATASET: tuple[Kind, ...] = ("dataset",)
KEGIATAN: tuple[Kind, ...] = ("kegiatan",)
INDIKATOR: tuple[Kind, ...] = ("indikator",)
MEASURED: tuple[Kind, ...] = ("dataset", "indikator")

P5 = "Perpres 39/2019 pasal 5 ayat (2)"
P7 = "Perpres 39/2019 pasal 7-8"
P9 = "Perpres 39/2019 pasal 9"
P10 = "Perpres 39/2019 pasal 10"
P29 = "Perpres 39/2019 pasal 29"
P37 = "Perpres 39/2019 pasal 37"
KEG = "BPS MS-Keg"
IND = "BPS MS-Ind"
VAR = "BPS MS-Var"

_COMMON = (
    Rule(EVERY, "title", "wajib", "metadata",
         N_("Tanpa judul, data tidak dapat ditemukan. Tulis apa yang diukur, di mana, dan kapan."), P7),
    Rule(EVERY, "owner_org", "wajib", "metadata",
         N_("Setiap data harus punya produsen. Pilih perangkat daerahnya."), P29),
    Rule(EVERY, "notes", "wajib", "metadata",
         N_("Pembaca perlu tahu isi data sebelum membukanya. Tulis satu paragraf."), P7),
    Rule(EVERY, "urusan", "wajib", "kode_referensi",
         N_("Urusan menempatkan data di kategorinya. Pilih, atau lengkapi urusan produsen data."),
         "UU 23/2014 pasal 12"),
    Rule(EVERY, "contact", "wajib", "metadata",
         N_("Pembaca perlu tempat bertanya. Isi nama unit dan surel atau situsnya."), P7,
         check=check.contact_reachable),
    Rule(EVERY, "license_id", "wajib", "metadata",
         N_("Tanpa lisensi orang tidak tahu boleh memakai ulang atau tidak. Pilih lisensi."),
         "Perpres 39/2019 pasal 36", check=check.licence_stated),
    Rule(EVERY, "access_rights", "wajib", "metadata",
         N_("Hak akses menentukan siapa yang boleh membuka berkas. Pilih terbuka, terbatas, atau tertutup."), P37),
    Rule(EVERY, "kode_wilayah", "wajib", "kode_referensi",
         N_("Tanpa kode wilayah data tidak dapat digabung dengan data lain. Pilih wilayah yang diliput."),
         "Perpres 39/2019 pasal 10"),
    Rule(EVERY, "tag_string", "saran", "metadata",
         N_("Kata kunci membantu orang menemukan data. Tulis dua atau tiga kata yang lazim dicari."), P7,
         check=check.tagged),
)

_MEASURED = (
    Rule(MEASURED, "konsep", "wajib", "standar_data",
         N_("Konsep menyebut gagasan yang diukur. Tulis tanpa ukuran, periode, atau wilayah."), P5 + " huruf a"),
    Rule(MEASURED, "definisi", "wajib", "standar_data",
         N_("Tanpa definisi pembaca tidak tahu apa yang dihitung. Tulis yang termasuk dan yang tidak."), P5 + " huruf b"),
    Rule(DATASET, "klasifikasi", "wajib", "standar_data",
         N_("Klasifikasi menyebut pengelompokan dalam tabel. Tulis misalnya menurut kecamatan."), P5 + " huruf c"),
    Rule(MEASURED, "ukuran", "wajib", "standar_data",
         N_("Ukuran menyebut cara menyatakan besarnya. Tulis misalnya jumlah, persentase, atau rata-rata."), P5 + " huruf d"),
    Rule(MEASURED, "satuan", "wajib", "standar_data",
         N_("Angka tanpa satuan tidak berarti. Pilih satuannya."), P5 + " huruf e"),
    Rule(MEASURED, "satuan", "saran", "standar_data",
         N_("Satuan “{value}” belum ada di daftar, jadi sulit dibandingkan. Pilih dari daftar bila ada padanannya."),
         P5 + " huruf e", check=check.known_unit),
    Rule(MEASURED, "ukuran", "sebaiknya", "standar_data",
         N_("Ukuran “{measure}” tidak cocok dengan satuan “{unit}”. Periksa salah satunya."),
         P5, check=check.measure_fits_unit),
    Rule(MEASURED, "id_sds", "saran", "standar_data",
         N_("Bila konsep ini ada di Standar Data Statistik, tulis kodenya agar sama dengan instansi lain."),
         "BPS 4/2020"),
)

_DATASET = (
    Rule(DATASET, "jenis_data", "wajib", "metadata",
         N_("Jenis data menentukan Pembina Data yang memeriksa. Pilih satu."), "Perpres 39/2019 pasal 12-14"),
    Rule(DATASET, "jenis_statistik", "sebaiknya", "metadata",
         N_("Data statistik perlu menyebut jenisnya: dasar, sektoral, atau khusus."), "UU 16/1997 pasal 5",
         when=check.equals("jenis_data", "statistik")),
    Rule(DATASET, "temporal_coverage", "wajib", "metadata",
         N_("Tanpa periode angka tidak dapat dibaca. Tulis tahun atau tanggal mulainya."), P7,
         check=check.each_group("temporal_coverage", "start")),
    Rule(DATASET, "temporal_coverage", "wajib", "metadata",
         N_("Periode berakhir ({end}) sebelum dimulai ({start}). Tukar atau betulkan."), P7,
         check=check.periods_in_order),
    Rule(DATASET, "tingkat_penyajian", "wajib", "metadata",
         N_("Tingkat penyajian menjanjikan baris untuk tiap wilayahnya. Pilih wilayah terkecil dalam tabel."),
         KEG + " Blok VII"),
    Rule(DATASET, "frequency", "wajib", "metadata",
         N_("Pembaca perlu tahu kapan angka baru datang. Pilih frekuensi terbit."), P29 + " huruf b"),
    Rule(DATASET, "jadwal_rilis", "wajib", "metadata",
         N_("Daftar Data mewajibkan jadwal rilis. Tulis tanggal yang dijanjikan."), P29 + " huruf b"),
    Rule(DATASET, "jadwal_rilis", "wajib", "metadata",
         N_("“{value}” bukan tanggal. Tulis hari-bulan-tahun, contoh 15-03-2026."), P29 + " huruf b",
         check=check.is_date("jadwal_rilis")),
    Rule(DATASET, "cara_pengumpulan_data", "sebaiknya", "metadata",
         N_("Cara pengumpulan menentukan cara membaca angka. Pilih satu."), "UU 16/1997 pasal 8-11"),
    Rule(DATASET, "provenance", "sebaiknya", "metadata",
         N_("Metode menjelaskan bagaimana angka lahir. Tulis langkah dari pencatatan sampai rekap."),
         KEG + " Blok IV-VII"),
    Rule(DATASET, "sifat_angka", "sebaiknya", "metadata",
         N_("Pembaca perlu tahu apakah angka masih akan berubah. Pilih tetap atau sementara."), "EPSS 20201"),
    Rule(DATASET, "id_kegiatan", "sebaiknya", "metadata",
         N_("Metadata kegiatan (MS-Keg) menjelaskan asal data. Tunjuk kegiatannya atau nomornya di INDAH."), P7,
         when=check.equals("jenis_data", "statistik"),
         check=check.one_filled("id_kegiatan", "id_kegiatan_mms")),
    Rule(DATASET, "cakupan_pelaporan", "wajib", "metadata",
         N_("Yang melapor ({part}) lebih banyak dari yang seharusnya ({whole}). Periksa keduanya."), "EPSS 20201",
         check=check.at_most("cakupan_pelaporan", "diterima", "seharusnya")),
    Rule(DATASET, "identitas_rekomendasi", "sebaiknya", "metadata",
         N_("Survei sektoral perlu rekomendasi BPS. Tulis nomor di surat rekomendasinya."), "Peraturan BPS 4/2019",
         when=check.equals("cara_pengumpulan_data", "survei")),
    Rule(("dataset", "kegiatan"), "identitas_rekomendasi", "wajib", "metadata",
         N_("“{value}” bukan bentuk identitas rekomendasi. Tulis V-tahun.kode wilayah BPS.nomor, contoh V-25.3604.002."),
         KEG, check=check.recommendation_form),
    Rule(DATASET, "unit_produsen", "saran", "metadata",
         N_("Bidang atau UPTD memudahkan orang bertanya. Tulis unit yang mengerjakan."), KEG + " Blok II"),
    Rule(DATASET, "kategori_kip", "sebaiknya", "metadata",
         N_("Kategori informasi publik menentukan kewajiban mengumumkan. Pilih satu."), "UU 14/2008 pasal 9-11"),
    Rule(DATASET, "kegunaan", "saran", "metadata",
         N_("Menyebut dokumen yang memakai data ini menunjukkan manfaatnya. Pilih yang sesuai."), "EPSS 20101"),
    Rule(DATASET, "id_dds", "saran", "metadata",
         N_("Kode Daftar Data menghubungkan data ini dengan rencananya. Tulis bila sudah ada."), P29),
    # Prioritas: year and criterion go together.
    Rule(DATASET, "kriteria_prioritas", "wajib", "metadata",
         N_("Data Prioritas harus menyebut kriterianya. Pilih satu."), "Perpres 39/2019 pasal 30 ayat (2)",
         when=check.filled("prioritas_tahun")),
    Rule(DATASET, "prioritas_tahun", "wajib", "metadata",
         N_("Kriteria prioritas sudah dipilih tetapi tahunnya belum. Tulis tahun penetapannya."),
         "Perpres 39/2019 pasal 31", when=check.any_field("kriteria_prioritas", "indikator_prioritas")),
    Rule(DATASET, "id_indikator", "sebaiknya", "metadata",
         N_("Data Prioritas perlu metadata indikator. Tunjuk indikatornya atau nomornya di INDAH."), P7,
         when=check.filled("prioritas_tahun"),
         check=check.one_filled("id_indikator", "id_indikator_mms")),
    # Data Induk: its name, the column of the codes and that of the names go together.
    Rule(DATASET, "data_induk", "wajib", "kode_referensi",
         N_("Kolom Data Induk sudah dipilih tetapi namanya belum. Tulis nama pendeknya, atau kosongkan kolomnya."),
         P10, when=check.any_field("kunci_induk", "nama_induk")),
    Rule(DATASET, "kunci_induk", "wajib", "kode_referensi",
         N_("Data Induk dirujuk lewat kodenya. Tulis nama kolom yang berisi kode."), P10,
         when=check.filled("data_induk")),
    Rule(DATASET, "nama_induk", "wajib", "kode_referensi",
         N_("Kode tanpa nama tidak dapat dibaca orang. Tulis nama kolom yang berisi nama."), P10,
         when=check.filled("data_induk")),
    Rule(DATASET, "kunci_induk", "wajib", "kode_referensi",
         N_("Kolom “{column}” tidak ada di tabel mana pun. Tulis salah satu: {known}."), P10,
         when=check.filled("data_induk"), check=data_induk.code_column_in_a_table),
    Rule(DATASET, "nama_induk", "wajib", "kode_referensi",
         N_("Kolom “{column}” tidak ada di tabel yang memuat kolom kodenya. Tulis salah satu: {known}."), P10,
         when=check.filled("data_induk"), check=data_induk.name_column_in_the_table),
    # Pembatasan akses: legal basis, consequence test, decision.
    Rule(DATASET, "dasar_hukum", "wajib", "metadata",
         N_("Akses dibatasi, jadi dasar hukumnya harus disebut. Tulis pasalnya."), "UU 14/2008 pasal 17",
         when=check.restricted),
    Rule(DATASET, "uji_konsekuensi", "wajib", "metadata",
         N_("Akses dibatasi, jadi uji konsekuensi PPID harus ada. Tulis nomor dan tanggalnya."),
         "UU 14/2008 pasal 19", when=check.restricted,
         check=check.each_group("uji_konsekuensi", "nomor", "tanggal")),
    Rule(DATASET, "uji_konsekuensi", "wajib", "metadata",
         N_("Uji konsekuensi berlaku sampai {until}. Minta PPID mengujinya kembali."), "UU 14/2008 pasal 20",
         when=check.restricted, check=check.not_expired("uji_konsekuensi", "berlaku_sampai")),
    Rule(DATASET, "keputusan_pembatasan", "wajib", "metadata",
         N_("Akses dibatasi, jadi keputusannya harus ada. Tulis nomor dan tanggal keputusan."), P37 + " ayat (5)",
         when=check.restricted, check=check.each_group("keputusan_pembatasan", "nomor", "tanggal")),
    Rule(DATASET, "access_rights", "wajib", "metadata",
         N_("Informasi dikecualikan tidak boleh berhak akses terbuka. Ubah salah satunya."), "UU 14/2008 pasal 17",
         when=check.all_of(check.equals("kategori_kip", "dikecualikan"), check.equals("access_rights", "terbuka")),
         check=lambda dataset, today: [check.Place(("access_rights",))]),
    # Berkas
    Rule(DATASET, "resources", "wajib", "interoperabilitas",
         N_("Belum ada berkas. Unggah tabelnya atau tulis alamatnya."), "Perpres 39/2019 pasal 33"),
    Rule(DATASET, "resources", "wajib", "interoperabilitas",
         N_("Berkas “{file}” belum menyebut formatnya. Tulis misalnya CSV."), P9, check=check.resource_formats),
    Rule(DATASET, "resources", "wajib", "interoperabilitas",
         N_("Data hanya tersedia sebagai {formats}, yang sulit diolah program. Tambahkan CSV atau XLSX."), P9,
         check=check.open_format),
    Rule(DATASET, "resources", "sebaiknya", "interoperabilitas",
         N_("Kolom di “{file}” belum dijelaskan. Isi keterangan kolomnya."), P9, check=check.resource_schemas),
    Rule(DATASET, "resources", "sebaiknya", "kode_referensi",
         N_("Tidak ada kolom di “{file}” yang menyebut kode referensi. Tandai misalnya kolom kode wilayah."),
         "Perpres 39/2019 pasal 10", check=check.resource_columns_bound("kode_referensi")),
    Rule(DATASET, "resources", "saran", "standar_data",
         N_("Kolom di “{file}” belum terhubung ke konsep, satuan, atau MS-Var. Lengkapi keterangan kolomnya."),
         VAR, check=check.resource_columns_bound("konsep", "satuan", "ms_var")),
)

_STAGES = ("perencanaan", "desain", "pengumpulan", "pengolahan", "analisis", "diseminasi", "evaluasi")


def _block(severity: Severity, block: str, **reasons: str) -> tuple[Rule, ...]:
    return tuple(
        Rule(KEGIATAN, name, severity, "metadata", reason, f"{KEG} {block}")
        for name, reason in reasons.items()
    )


_KEGIATAN = (
    *_block(
        "wajib", "kepala formulir",
        tahun_kegiatan=N_("Kegiatan perlu tahun. Tulis empat angka."),
        jenis_statistik=N_("Pilih jenis statistik; perangkat daerah lazimnya sektoral."),
        cara_pengumpulan_data=N_("Cara pengumpulan menentukan blok yang wajib diisi. Pilih satu."),
        sektor_kegiatan=N_("Pilih sektor kegiatan seperti pada formulir MS-Keg."),
    ),
    Rule(KEGIATAN, "identitas_rekomendasi", "wajib", "metadata",
         N_("Kegiatan ini mendapat rekomendasi BPS. Tulis identitas rekomendasinya."), KEG,
         when=check.true("rekomendasi")),
    Rule(KEGIATAN, "rekomendasi", "sebaiknya", "metadata",
         N_("Survei sektoral perlu rekomendasi BPS. Ajukan lewat Romantik, lalu isi Ya."), "Peraturan BPS 4/2019",
         when=check.equals("cara_pengumpulan_data", "survei"), check=check.says_yes("rekomendasi")),
    *_block(
        "sebaiknya", "Blok I",
        i_alamat=N_("Tulis alamat instansi."),
        i_telepon=N_("Tulis telepon instansi."),
        i_email=N_("Tulis surel instansi."),
    ),
    *_block(
        "wajib", "Blok II",
        ii_unit_eselon_2=N_("Tulis perangkat daerah penanggung jawab."),
        ii_teknis_nama=N_("Tulis nama penanggung jawab teknis."),
        ii_teknis_jabatan=N_("Tulis jabatan penanggung jawab teknis."),
    ),
    *_block(
        "wajib", "Blok III",
        iii_latar_belakang=N_("Tulis mengapa kegiatan ini perlu."),
        iii_tujuan=N_("Tulis apa yang ingin diketahui."),
        iii_pengumpulan_awal=N_("Tulis tanggal mulai pengumpulan data."),
        iii_pengumpulan_akhir=N_("Tulis tanggal selesai pengumpulan data."),
    ),
    *(
        Rule(KEGIATAN, f"iii_{stage}_akhir", "wajib", "metadata",
             N_("Tahap ini selesai ({end}) sebelum dimulai ({start}). Betulkan salah satunya."), KEG + " Blok III",
             check=check.in_order(f"iii_{stage}_awal", f"iii_{stage}_akhir"))
        for stage in _STAGES
    ),
    Rule(KEGIATAN, "iii_variabel", "wajib", "standar_data",
         N_("Belum ada variabel. Isi variabel utama, atau MS-Var."), KEG + " Blok III",
         check=check.one_filled("iii_variabel", "ms_var")),
    *_block(
        "wajib", "Blok IV",
        iv_dilakukan=N_("Pilih sekali atau berulang."),
        iv_tipe=N_("Pilih tipe pengumpulan data."),
        iv_cakupan=N_("Pilih cakupan wilayah."),
        iv_metode=N_("Pilih paling sedikit satu metode pengumpulan."),
        iv_sarana=N_("Pilih paling sedikit satu sarana pengumpulan."),
        iv_unit=N_("Pilih paling sedikit satu unit pengumpulan."),
    ),
    Rule(KEGIATAN, "iv_frekuensi", "wajib", "metadata",
         N_("Kegiatan berulang perlu frekuensi. Pilih satu."), KEG + " Blok IV",
         when=check.equals("iv_dilakukan", "berulang")),
    Rule(KEGIATAN, "iv_wilayah", "wajib", "kode_referensi",
         N_("Kegiatan di sebagian wilayah perlu daftar wilayahnya. Pilih wilayahnya."), KEG + " Blok IV",
         when=check.equals("iv_cakupan", "sebagian_indonesia")),
    *(
        Rule(KEGIATAN, note, "wajib", "metadata",
             N_("Anda memilih “Lainnya”. Jelaskan di isian keterangan."), KEG, when=check.includes(name, "lainnya"))
        for name, note in (
            ("iv_metode", "iv_lainnya"), ("iv_sarana", "iv_lainnya"), ("iv_unit", "iv_lainnya"),
            ("vi_kualitas", "vi_kualitas_lainnya"),
            ("vii_unit_analisis", "vii_lainnya"), ("vii_tingkat_penyajian", "vii_lainnya"),
        )
    ),
    # Block V only for surveys.
    *(
        Rule(KEGIATAN, name, "wajib", "metadata",
             N_("Survei wajib mengisi Blok V rancangan sampel. Lengkapi isian ini."), KEG + " Blok V",
             when=check.equals("cara_pengumpulan_data", "survei"))
        for name in (
            "v_rancangan", "v_pemilihan", "v_metode", "v_kerangka", "v_fraksi_sampel",
            "v_sampling_error", "v_unit_sampel", "v_unit_observasi",
        )
    ),
    Rule(KEGIATAN, "v_metode", "wajib", "metadata",
         N_("Metode sampel tidak termasuk jenis pemilihan yang dipilih. Periksa probabilitas atau nonprobabilitas."),
         KEG + " Blok V", check=check.sampling_fits),
    *_block(
        "sebaiknya", "Blok VI",
        vi_uji_coba=N_("Pilih Ya atau Tidak untuk uji coba."),
        vi_kualitas=N_("Pilih cara memeriksa kualitas pengumpulan."),
        vi_penyesuaian_nonrespon=N_("Pilih Ya atau Tidak untuk penyesuaian nonrespons."),
        vi_petugas=N_("Pilih petugas pengumpulan data."),
        vi_pelatihan=N_("Pilih Ya atau Tidak untuk pelatihan petugas."),
    ),
    *_block(
        "sebaiknya", "Blok VII",
        vii_editing=N_("Pilih Ya atau Tidak untuk penyuntingan."),
        vii_coding=N_("Pilih Ya atau Tidak untuk penyandian."),
        vii_entry=N_("Pilih Ya atau Tidak untuk perekaman."),
        vii_validasi=N_("Pilih Ya atau Tidak untuk penyahihan."),
        vii_analisis=N_("Pilih metode analisis."),
        vii_unit_analisis=N_("Pilih unit analisis."),
        vii_tingkat_penyajian=N_("Pilih tingkat penyajian hasil."),
    ),
    *_block(
        "sebaiknya", "Blok VIII",
        viii_tercetak=N_("Pilih Ya atau Tidak untuk publikasi tercetak."),
        viii_digital=N_("Pilih Ya atau Tidak untuk publikasi digital."),
        viii_mikrodata=N_("Pilih Ya atau Tidak untuk data mikro."),
    ),
    *(
        Rule(KEGIATAN, f"viii_{product}_rilis", "wajib", "metadata",
             N_("Publikasi ini tersedia untuk umum. Tulis rencana tanggal rilisnya."), KEG + " Blok VIII",
             when=check.true(f"viii_{product}"))
        for product in ("tercetak", "digital", "mikrodata")
    ),
    Rule(KEGIATAN, "ms_var", "sebaiknya", "standar_data",
         N_("Setiap variabel perlu nama, konsep, definisi, tipe data, dan satuan. Lengkapi MS-Var."), VAR,
         check=check.each_group("ms_var", "nama", "konsep", "definisi", "tipe_data", "satuan")),
)

_INDIKATOR = (
    Rule(INDIKATOR, "interpretasi", "wajib", "metadata",
         N_("Pembaca perlu tahu arti naik dan turunnya angka. Tulis cara membacanya."), IND),
    Rule(INDIKATOR, "metode_perhitungan", "wajib", "metadata",
         N_("Indikator perlu cara menghitung. Tulis dengan kata-kata."), IND),
    Rule(INDIKATOR, "rumus", "sebaiknya", "metadata",
         N_("Rumus menghilangkan keraguan. Tulis pembilang dan penyebutnya."), IND),
    Rule(INDIKATOR, "indikator_komposit", "wajib", "metadata",
         N_("Pilih Ya bila dibangun dari indikator lain, Tidak bila dari variabel."), IND),
    Rule(INDIKATOR, "indikator_pembangun", "wajib", "metadata",
         N_("Indikator komposit perlu daftar indikator pembangunnya. Isi paling sedikit satu nama."), IND,
         when=check.true("indikator_komposit"), check=check.each_group("indikator_pembangun", "nama")),
    Rule(INDIKATOR, "variabel_pembangun", "wajib", "metadata",
         N_("Indikator perlu daftar variabel pembangunnya. Isi nama variabel dan kegiatan penghasilnya."), IND,
         when=check.lacks("indikator_komposit"),
         check=check.each_group("variabel_pembangun", "nama", "kegiatan_penghasil")),
    Rule(INDIKATOR, "variabel_disaggregasi", "sebaiknya", "standar_data",
         N_("Klasifikasi penyajian menyebut pemilahan angka. Isi misalnya jenis kelamin."), IND),
    Rule(INDIKATOR, "level_estimasi", "wajib", "metadata",
         N_("Level estimasi menyebut wilayah terkecil yang dapat dipercaya. Pilih satu."), IND),
    Rule(INDIKATOR, "bisa_diakses_umum", "wajib", "metadata",
         N_("Pilih Ya bila angkanya boleh dibuka untuk umum."), IND),
)

#: Every rule, general ones first; the order is that of the form.
RULES: tuple[Rule, ...] = (*_COMMON, *_MEASURED, *_DATASET, *_KEGIATAN, *_INDIKATOR)
