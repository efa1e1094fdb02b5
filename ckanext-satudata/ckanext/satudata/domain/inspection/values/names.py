"""What a header says about the values below it: a count, money, a share, a year, a code.

Headers are read as words. A noun of people or things makes a count, which has no fractions; a word
such as ``persentase``, ``rata-rata`` or ``per`` takes that away again.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ckanext.satudata.domain.folding import fold
from ckanext.satudata.domain.inspection.table import RawColumn, RawTable
from ckanext.satudata.domain.inspection.values.dates import parse_moment
from ckanext.satudata.domain.inspection.words import month_of
from ckanext.satudata.domain.loading.columns import is_code_name

__all__ = ["Measure", "is_amount", "is_code", "is_moment", "is_note",
           "is_number_name", "is_time", "is_year", "measure_of"]

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
    "sertifikat", "izin", "ktp", "akta", "kia", "perkara", "kegiatan", "paket",
    "kejadian", "bencana", "kebakaran",
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
#: Shares, means and rates: never counts, whatever else the header says.
_SHARES = frozenset([
    "persen", "persentase", "prosentase", "prosen", "presentase", "percent", "rasio", "ratio",
    "rata", "rata2", "rerata", "mean", "median", "indeks", "index", "kepadatan", "proporsi",
    "prevalensi", "laju", "pertumbuhan", "kapita", "gini", "ipm", "ikm",
])
#: Lengths, areas, weights, rates: decimals are to be expected.
_SIZES = frozenset([
    "skor", "per", "luas", "panjang", "lebar", "tinggi", "jarak", "kedalaman", "volume",
    "berat", "bobot", "produksi", "produktivitas", "debit", "curah", "suhu", "kelembaban",
    "kelembapan", "tekanan", "kecepatan", "durasi", "ha", "hektar", "hektare", "km", "m", "m2",
    "m3", "km2", "meter", "kilometer", "ton", "kg", "kilogram", "kuintal", "kw", "gram",
    "liter", "koordinat", "lintang", "bujur", "latitude", "longitude", "lat", "long", "lng",
    "elevasi", "ketinggian", "inflasi", "kontribusi", "distribusi", "ntp", "kwh", "mw",
    "kecukupan", "partisipasi", "apk", "apm", "aps", "tpt", "tpak", "timbulan",
])
#: The same, unless people or things are named beside them.
_VAGUE = frozenset([
    "hasil", "cakupan", "capaian", "nilai", "hari", "jam", "menit", "umur", "usia", "perubahan",
    "angka", "tingkat", "lama", "peningkatan", "penurunan", "kenaikan", "daya", "kapasitas",
    "harapan", "porsi",
])
_RATES = frozenset(["angka", "tingkat", "lama", "harapan", "cakupan", "capaian", "peningkatan",
                    "penurunan", "perubahan", "kenaikan", "nilai", "daya", "kapasitas", "umur",
                    "usia"])
_MEASURED = _SHARES | _SIZES | _VAGUE
_THOUSANDS = re.compile(r"\b(?:ribu(?:an)?|juta(?:an)?|mil[iy]ar|tril[iy]un|000)\b|['.]000\b")
_COORDINATE = frozenset(["lintang", "bujur", "latitude", "longitude", "lat", "long", "lng", "lon",
                         "koordinat"])
#: Sizes told in a unit whose thousandth part is measured too: metres of a kilometre.
_FINE = frozenset(["luas", "panjang", "lebar", "jarak", "tinggi", "kedalaman", "ha", "hektar",
                   "hektare", "km", "km2", "kilometer", "ton", "produksi", "produktivitas",
                   "berat", "bobot"]) | _COORDINATE
#: Counted themselves only after a word of amount; else they say where, not what.
_PLACES = frozenset(["desa", "kelurahan", "kecamatan", "rt", "rw", "dusun", "lokasi", "titik"])
#: What alone in a title makes the figures below it counts.
_PEOPLE = frozenset([
    "penduduk", "jiwa", "orang", "warga", "kk", "keluarga", "siswa", "murid", "pelajar",
    "mahasiswa", "santri", "guru", "dosen", "pegawai", "asn", "pns", "pppk", "karyawan", "pasien",
    "kunjungan", "kelahiran", "kematian", "balita", "wisatawan", "penumpang", "peserta",
    "pengangguran", "disabilitas", "korban", "pengungsi", "umkm", "ternak",
])
#: A title says before these words what is told, and behind them by what it is parted.
_BY = re.compile(r"\b(?:menurut|berdasarkan|per|tiap|setiap|di|pada|by)\b.*")
_AMOUNT = frozenset([
    "jumlah", "jml", "jlh", "banyak", "banyaknya", "total", "rasio", "persen", "persentase",
    "rata", "rerata", "luas", "panjang", "indeks", "tingkat", "angka", "cakupan", "kepadatan",
    "pengguna", "penerima", "pemilik",
    # What a pivot table of Excel writes before the name of a column.
    "count", "sum", "average",
])
#: "per kecamatan" says how a table is parted, not that its figures are rates.
_EACH = re.compile(r"\bper (?:kecamatan|desa|kelurahan|kab\w*|kota|provinsi|wilayah|tahun|bulan|"
                   r"triwulan|semester|tanggal|opd|jenis|kategori|sekolah|puskesmas|rs|golongan)\b")
_MOMENT = re.compile(
    r"(?:data |nilai )?(?:(?:tahun|thn|th\.?|t\.?a\.?)\s*)?(?:19|20)\d{2}"
    r"(?:\s*/\s*(?:19|20)?\d{2})?(?:\s*[*r]+)?"
    r"|(?:triwulan|tw|kuartal|semester|caturwulan)[ .-]*(?:[ivx]{1,4}|\d)(?:[ /-]*(?:19|20)\d{2})?"
    r"|(?:bulan|bln)\s+\w+|(?:se)?tahunan|setahun")
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
    :ivar fine: of a unit whose thousandths are measured as a rule: km, km2, ha, ton
    :ivar share: a percentage: hardly above 100
    """

    count: bool = False
    money: bool = False
    measured: bool = False
    thousands: bool = False
    coordinate: bool = False
    share: bool = False
    fine: bool = False


def measure_of(table: RawTable, column: RawColumn) -> Measure:
    """Judge a column by its own header and unit first, then by the title of its table."""
    own = " ".join([*column.path, column.name, column.unit or ""])
    title = "\n".join([*(table.about.get(key, "") for key in ("judul", "satuan")),
                      *_stub_units(table, column)])
    return _measure(own, title, "/" in (column.unit or "") or any(map(_leads, column.path)),
                    _leads(table.about.get("judul", "")))


def _leads(text: str) -> bool:
    """Tell whether a header begins as rates do: ``Angka kematian bayi``, ``Tingkat hunian``."""
    words = [word for word in words_of(text) if word not in ("tabel", "data", "grafik", "table")]
    return bool(words) and words[0] in _RATES


@lru_cache(maxsize=4096)
def _measure(own: str, title: str, rate: bool, title_rate: bool) -> Measure:
    words = words_of(_EACH.sub(" ", fold(own)))
    about = words_of(" ".join(_BY.sub("", fold(part)) for part in title.split("\n")))
    have = set(words)
    thousands = bool(_THOUSANDS.search(fold(f"{own} {title}")))
    kind = _kind(words, rate or "%" in own, _COUNTED - _PLACES)
    if kind == "measured":
        return Measure(measured=True, thousands=thousands, coordinate=bool(have & _COORDINATE),
                       fine=bool(have & _FINE),
                       share=bool(have & _SHARE) or "%" in own)
    if kind is None or not have & (_MONEY | _AMOUNT):
        # "Laki-laki" below "Rata-rata lama sekolah" is no count.
        above = _kind(about, title_rate or "%" in title, _PEOPLE)
        if above == "measured" and not have & {"jumlah", "total", "banyaknya", "jml"}:
            return Measure(measured=True, thousands=thousands, fine=bool(set(about) & _FINE),
                           share=bool(set(about) & _SHARE) or "%" in title)
        if kind is None and above != "measured":
            kind = above
    return Measure(count=kind is not None, money=kind == "money", thousands=thousands)


def _kind(words: list[str], rate: bool, alone: frozenset[str]) -> str | None:
    """Return ``measured``, ``money``, ``count`` or nothing for the words of a header.

    :param alone: nouns that make a count without a word of amount before them
    """
    have = set(words)
    if rate or have & _SHARES:
        return "measured"
    first = next((at for at, word in enumerate(words) if word in _AMOUNT), len(words))
    counted = [at for at, word in enumerate(words)
               if word in alone or (word in _COUNTED and at > first)]
    sized = [at for at, word in enumerate(words) if word in _SIZES]
    amount = [at for at, word in enumerate(words) if word in _AMOUNT and word not in _MEASURED]
    if counted and amount and amount[0] < counted[0] and (not sized or counted[0] < sized[0]):
        return "count"
    if sized or (have & _VAGUE and not counted and not have & _MONEY):
        return "measured"
    return "money" if have & _MONEY else "count" if counted else None


def _stub_units(table: RawTable, column: RawColumn) -> list[str]:
    """Return units in brackets above the names of the rows: ``Komoditas (Rp)``."""
    first = table.columns[:2]
    return [found for each in first if each is not column and each.path
            for found in re.findall(r"\(([^)]*)\)", each.path[-1])]


@lru_cache(maxsize=4096)
def is_moment(text: str) -> bool:
    """Tell whether a header is itself a year, month, quarter or day."""
    bare = fold(text).replace("_", " ").strip("() *:")
    return bool(_MOMENT.fullmatch(bare)) or month_of(bare) is not None \
        or parse_moment(text) is not None


def is_amount(column: RawColumn) -> bool:
    """Tell whether a header names an amount of something, and not the thing."""
    return bool(set(words_of(" ".join([*column.path, column.name])))
                & (_AMOUNT | _MONEY | _SHARES | _SIZES))


def is_code(table: RawTable, column: RawColumn) -> bool:
    """Tell whether a header says that its values are codes: ``No. KK`` is, ``Jumlah KK`` is not."""
    if is_number_name(column) or _is_month_among_months(table, column):
        return False
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


def _is_month_among_months(table: RawTable, column: RawColumn) -> bool:
    """Tell ``Nop``, the month beside ``Okt``, from the number of a taxed object."""
    return _is_month(column) and any(
        each is not column and _is_month(each) for each in table.columns)


def _is_month(column: RawColumn) -> bool:
    return bool(column.path) and month_of(column.path[-1]) is not None


def is_year(column: RawColumn) -> bool:
    """Tell whether a header names a year (``Tahun``, ``thn_anggaran``)."""
    words = words_of(f"{column.path[-1] if column.path else ''} {column.name}")
    return bool(_YEAR & set(words)) and not (_MEASURED | _AMOUNT) & set(words)


def is_time(column: RawColumn) -> bool:
    """Tell whether a header names a time of any kind."""
    words = words_of(f"{column.path[-1] if column.path else ''} {column.name}")
    return is_year(column) or (
        bool(_TIME & set(words)) and not (_MEASURED - _TIME | _AMOUNT) & set(words))


def is_number_name(column: RawColumn) -> bool:
    """Tell whether a header only numbers the rows (``id``, ``No``)."""
    return column.name.strip("_") in ("id", "no", "nomor", "no_urut", "nomor_urut", "urut", "index")


def is_note(column: RawColumn) -> bool:
    """Tell whether a header names free text, in which a dash is no figure left out."""
    return bool(_NOTE & set(words_of(f"{column.path[-1] if column.path else ''} {column.name}")))
