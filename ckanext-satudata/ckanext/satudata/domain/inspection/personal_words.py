"""The words that tell personal data: headers of identity numbers, of people, of other things."""
from __future__ import annotations

import re

__all__ = ["BY_HEADER", "COUNTS", "INSTITUTION", "OFFICE_BOX", "OFFICE_DOMAIN", "PERSON", "THING"]

#: Words of an office's own mailbox, not a person's.
OFFICE_BOX = frozenset({
    "info", "admin", "humas", "sekretariat", "kontak", "contact", "ppid", "office", "kantor", "cs",
    "layanan", "pengaduan", "dinas", "badan", "puskesmas", "pkm", "sd", "sdn", "smp", "smpn",
    "sma", "sman", "smk", "smkn", "mi", "mts", "ma", "tk", "paud", "desa", "kelurahan",
    "kecamatan", "rsud", "rs", "rsu", "klinik", "sales", "marketing", "hotel", "reservation",
    "hrd", "pemdes", "bps", "diskominfo", "dinkes", "dinsos", "disdik", "kominfo", "bappeda",
    "bpbd", "upt", "uptd", "kec", "kel", "halo", "hello", "support", "helpdesk", "surat", "umum",
    "yayasan", "koperasi", "perpustakaan", "tu", "pemkab", "pemkot", "pemprov", "satudata",
    "pelayanan",
})
OFFICE_DOMAIN = re.compile(r"\.(?:go|sch|ac|mil|desa)\.id$|\.(?:gov|edu)$", re.IGNORECASE)

#: Header words -> (kind, form its values must have).
BY_HEADER: tuple[tuple[frozenset[str], str, str], ...] = (
    (frozenset({"nik", "ktp", "noktp", "nonik"}), "nik",
     r"(?:\d[\d .-]{8,22}\d|\d[.,]\d+[eE]\+?1[45])"),
    (frozenset({"kk", "nokk", "nkk"}), "kk",
     r"(?:\d[\d .-]{13,22}\d|\d[.,]\d+[eE]\+?1[45])"),
    (frozenset({"telp", "telepon", "tlp", "tlpn", "hp", "handphone", "wa", "whatsapp", "ponsel",
                "nohp", "notelp", "phone", "seluler", "hape"}),
     "telepon", r"\+?\(?(?:62|0)?\)?[ .-]?8[1-9](?:[ .-]?\d){7,10}"),
    (frozenset({"email", "surel", "mail"}), "email", r".+@.+"),
    (frozenset({"npwp"}), "npwp", r"[\d.\- ]{15,22}"),
    (frozenset({"nip"}), "nip", r"[\d ]{18,22}"),
    (frozenset({"nisn"}), "nisn", r"\d{10}"),
    (frozenset({"nuptk"}), "nuptk", r"\d{16}"),
    (frozenset({"paspor", "passport"}), "paspor", r"[A-Z]{1,2} ?\d{6,7}"),
    (frozenset({"rekening", "norek", "rek"}), "rekening", r"\d[\d -]{8,18}\d"),
    (frozenset({"bpjs", "jkn", "kis"}), "bpjs", r"\d{13}"),
)
PERSON = frozenset({
    "siswa", "murid", "pasien", "penerima", "pegawai", "ibu", "ayah", "bapak", "anak", "balita",
    "bayi", "warga", "penduduk", "pemilik", "guru", "peserta", "pemohon", "karyawan", "responden",
    "suami", "istri", "ortu", "wali", "petugas", "lengkap", "anggota", "kk", "keluarga",
    "mahasiswa", "santri", "lansia", "korban", "pelapor", "pelanggan", "nasabah", "debitur",
    "ketua", "kades", "lurah", "kader", "bidan", "dokter", "perawat", "pengurus", "penanggung",
    "pimpinan", "kepala", "direktur", "nelayan", "petani", "pendamping", "operator", "orang",
    "jamaah", "pelamar",
})
#: "nama_<thing>": a name of no person.
THING = frozenset({
    "provinsi", "kabupaten", "kab", "kota", "kecamatan", "kec", "desa", "kelurahan", "kel",
    "wilayah", "sekolah", "puskesmas", "rumah", "sakit", "rs", "instansi", "dinas", "opd",
    "satker", "skpd", "perusahaan", "usaha", "toko", "pasar", "hotel", "kegiatan", "program",
    "paket", "jalan", "ruas", "jembatan", "sungai", "barang", "komoditas", "produk", "obat",
    "unit", "lembaga", "yayasan", "koperasi", "kelompok", "poktan", "gapoktan", "masjid", "gereja",
    "klinik", "apotek", "kantor", "variabel", "indikator", "data", "dataset", "penyakit",
    "kejadian", "objek", "obyek", "wisata", "kolom", "tabel", "klpd", "urusan", "bidang",
    "jabatan", "dusun", "kampung", "bank", "posyandu", "terminal", "pelabuhan", "bandara", "tps",
    "tpa", "spbu", "merek", "merk", "jenis", "organisasi", "partai", "aplikasi", "situs", "cagar",
    "embung", "waduk", "bendungan", "irigasi", "daerah", "pos", "gedung", "bangunan", "menara",
    "pt", "cv", "umkm", "ikm", "industri", "pulau", "gunung", "bulan", "hari", "rekening", "akun",
    "kategori", "kelas", "perumahan", "blok", "buku", "kapal", "penyedia", "vendor", "stasiun",
    "halte", "taman", "lapangan", "tempat", "lokasi", "event",
})
INSTITUTION = THING - {"data", "variabel", "indikator", "jenis", "provinsi", "kabupaten", "kab",
                         "kota", "kecamatan", "kec", "wilayah", "kelompok", "penyakit", "jabatan",
                         "bulan", "hari", "rekening", "desa", "kelurahan", "kel", "lokasi",
                         "dusun", "kampung", "daerah", "kelas", "kategori", "blok"}
#: A figure about people is no list of people: "jumlah_kk", "persentase_nik".
COUNTS = frozenset({"jumlah", "total", "jml", "jlh", "persen", "persentase", "rata", "kepemilikan",
                     "status", "jenis", "cakupan", "rasio", "jenjang", "kelompok", "pekerjaan"})
