"""What a header says about the values below it: a count, money, a share, a year, a code.

Headers are read as words. A noun of people or things makes a count, which has no fractions; a word
such as ``persentase``, ``rata-rata`` or ``per`` takes that away again.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

from ckanext.satudata.domain.folding import fold
from ckanext.satudata.domain.inspection.table import RawColumn, RawTable
from ckanext.satudata.domain.loading.columns import is_code_name

__all__ = ["Measure", "is_code", "is_note", "is_time", "is_year", "measure_of"]

_COUNTED = frozenset([
    "penduduk", "jiwa", "orang", "warga", "kk", "keluarga", "jumlah_kk", "rumahtangga", "ruta",
    "laki", "lelaki", "pria", "perempuan", "wanita", "siswa", "murid", "pelajar", "mahasiswa",
    "santri", "guru", "dosen", "pegawai", "asn", "pns", "pppk", "karyawan", "pekerja", "buruh",
    "pengangguran", "pasien", "kunjungan", "kasus", "kelahiran", "kematian", "balita", "bayi",
    "anak", "lansia", "ibu", "bumil", "akseptor", "wisatawan", "tamu", "penumpang", "peserta",
    "anggota", "pemilih", "petani", "nelayan", "peternak", "kader", "relawan", "atlet",
    "penerima", "manfaat", "kpm", "disabilitas", "odgj", "korban", "pengungsi", "dokter",
    "bidan", "perawat", "apoteker", "tenaga", "unit", "buah", "lembaga", "kelompok",
    "perusahaan", "koperasi", "umkm", "sekolah", "kelas", "rombel", "ruang", "rumah",
    "bangunan", "gedung", "puskesmas", "posyandu", "apotek", "klinik", "kamar", "pasar", "toko",
    "warung", "hotel", "restoran", "desa", "kelurahan", "kecamatan", "rt", "rw", "dusun",
    "dokumen", "berkas", "laporan", "buku", "eksemplar", "judul", "naskah", "surat",
    "sertifikat", "izin", "perkara", "kegiatan", "paket", "kejadian", "bencana", "kebakaran",
    "titik", "lokasi", "ruas", "jembatan", "kendaraan", "mobil", "motor", "bus", "truk",
    "kapal", "perahu", "sambungan", "pelanggan", "menara", "aplikasi", "dataset", "pohon",
    "ekor", "sapi", "kambing", "ayam", "itik", "domba", "kerbau", "lembar", "butir", "masjid",
    "gereja", "pura", "vihara", "kuil", "musholla", "mushola",
])
_MONEY = frozenset([
    "rp", "rupiah", "harga", "upah", "ump", "umk", "gaji", "tarif", "biaya", "anggaran", "pagu",
    "realisasi", "belanja", "pendapatan", "pajak", "retribusi", "honor", "tunjangan", "dana",
    "omzet", "omset", "hps", "kontrak",
])
#: What can well have decimals: shares, means, rates, lengths, areas, weights.
_MEASURED = frozenset([
    "persen", "persentase", "prosentase", "prosen", "presentase", "percent", "rasio", "ratio",
    "rata", "rerata", "mean", "median", "indeks", "index", "skor", "nilai", "laju",
    "pertumbuhan", "tingkat", "kepadatan", "prevalensi", "proporsi", "cakupan", "capaian",
    "porsi", "angka", "per", "luas", "panjang", "lebar", "tinggi", "jarak", "kedalaman",
    "volume", "berat", "bobot", "produksi", "produktivitas", "hasil", "debit", "curah", "suhu",
    "kelembaban", "kelembapan", "tekanan", "kecepatan", "lama", "durasi", "umur", "usia",
    "harapan", "kapasitas", "daya", "ha", "hektar", "hektare", "km", "m", "m2", "m3", "km2",
    "meter", "kilometer", "ton", "kg", "kilogram", "kuintal", "kw", "gram", "liter", "jam",
    "hari", "menit", "koordinat", "lintang", "bujur", "latitude", "longitude", "lat", "long",
    "lng", "elevasi", "ketinggian", "inflasi", "kontribusi", "distribusi", "ipm", "ikm", "ntp",
    "gini", "kwh", "mw", "kecukupan", "partisipasi", "apk", "apm", "aps", "tpt", "tpak",
    "peningkatan", "penurunan", "perubahan", "kenaikan", "timbulan",
])
_THOUSANDS = re.compile(r"\b(?:ribu(?:an)?|juta(?:an)?|mil[iy]ar|tril[iy]un|000)\b|['.]000\b")
_COORDINATE = frozenset(["lintang", "bujur", "latitude", "longitude", "lat", "long", "lng", "lon",
                         "koordinat"])
_AMOUNT = frozenset([
    "jumlah", "jml", "jlh", "banyak", "banyaknya", "total", "rasio", "persen", "persentase",
    "rata", "rerata", "luas", "panjang", "indeks", "tingkat", "angka", "cakupan", "kepadatan",
    "pengguna", "penerima", "pemilik",
])
_SHARE = frozenset(["persen", "persentase", "prosentase", "prosen", "presentase", "percent"])
#: Words of a code that count things just as often: only the rest of the header or the title tells.
_SHARED = frozenset(["rt", "rw", "telepon", "telp", "hp", "wa", "urusan"])
_YEAR = frozenset(["tahun", "thn", "th", "year", "tahunan"])
_TIME = frozenset(["bulan", "bln", "month", "triwulan", "kuartal", "quarter", "semester", "periode",
                   "caturwulan", "tanggal", "tgl", "date", "waktu", "minggu", "hari"])
_NOTE = frozenset(["keterangan", "ket", "catatan", "nama", "alamat", "uraian", "sumber", "satuan",
                   "deskripsi", "note", "notes", "remarks", "status", "email", "website"])


def words_of(text: str) -> list[str]:
    """Return the words of a header in lower case, CamelCase taken apart."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).replace("_", " ")
    return re.findall(r"[a-z]+\d?", fold(parted))


@dataclass(frozen=True)
class Measure:
    """What a header makes of a column of numbers.

    :ivar count: its values are counted or are whole money: a fraction is a misread thousand
    :ivar money: an amount of rupiah
    :ivar measured: decimals are to be expected
    :ivar thousands: the unit is a thousand or more, so that even a count has decimals
    :ivar share: a percentage: hardly above 100
    """

    count: bool = False
    money: bool = False
    measured: bool = False
    thousands: bool = False
    coordinate: bool = False
    share: bool = False


def measure_of(table: RawTable, column: RawColumn) -> Measure:
    """Judge a column by its own header and unit first, then by the title of its table."""
    own = " ".join([*column.path, column.name, column.unit or ""])
    title = " ".join(table.about.get(key, "") for key in ("judul", "satuan"))
    words = words_of(own)
    have = set(words)
    thousands = bool(_THOUSANDS.search(fold(f"{own} {title}")))
    coordinate = bool(have & _COORDINATE)
    if have & _MEASURED or "%" in own or "/" in (column.unit or ""):
        return Measure(measured=True, thousands=thousands, coordinate=coordinate,
                       share=bool(have & _SHARE) or "%" in own)
    money, count = bool(have & _MONEY), bool(have & _COUNTED)
    if not (money or count):
        about = set(words_of(title))
        if about & _MEASURED or "%" in title:
            return Measure(measured=not have & {"jumlah", "total"}, thousands=thousands)
        money, count = bool(about & _MONEY), bool(about & _COUNTED)
    elif not money and set(words_of(title)) & _MEASURED and not have & _AMOUNT:
        # "Laki-laki" below "Rata-rata lama sekolah" is no count.
        return Measure(measured=True, thousands=thousands)
    return Measure(count=count or money, money=money, thousands=thousands)


def is_code(table: RawTable, column: RawColumn) -> bool:
    """Tell whether a header says that its values are codes: ``No. KK`` is, ``Jumlah KK`` is not."""
    if not (is_code_name(column.name) or is_code_name(column.path[-1] if column.path else "")):
        return False
    words = words_of(" ".join([*column.path, column.name]))
    if any(word in ("kode", "kd") for word in words):
        return True
    if any(word in _AMOUNT for word in words):
        return False
    shared = [word for word in words if word in _SHARED]
    if shared:
        title = set(words_of(table.about.get("judul", "")))
        return not (title & _AMOUNT and title & set(shared))
    return True


def is_year(column: RawColumn) -> bool:
    """Tell whether a header names a year (``Tahun``, ``thn_anggaran``)."""
    words = words_of(f"{column.path[-1] if column.path else ''} {column.name}")
    return bool(_YEAR & set(words)) and not (_MEASURED | _AMOUNT) & set(words)


def is_time(column: RawColumn) -> bool:
    """Tell whether a header names a time of any kind."""
    words = words_of(f"{column.path[-1] if column.path else ''} {column.name}")
    return is_year(column) or (
        bool(_TIME & set(words)) and not (_MEASURED - _TIME | _AMOUNT) & set(words))


def is_note(column: RawColumn) -> bool:
    """Tell whether a header names free text, in which a dash is no figure left out."""
    return bool(_NOTE & set(words_of(f"{column.path[-1] if column.path else ''} {column.name}")))
