"""What the words of a header say about a measure: whether it counts, is a share, may be summed.

The words are those of Indonesian official statistics (BPS, Kemendagri's DSSD, the sectors'
reports), not of any one file.
"""
from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ckanext.satudata.domain import metadata_derive, vocabulary
from ckanext.satudata.domain.folding import fold
from ckanext.satudata.domain.inspection.table import TidyColumn, TidyTable

__all__ = ["COUNTED", "PEOPLE", "TOTAL_WORDS", "about", "is_about_change", "is_additive",
           "is_count", "is_forecast", "is_surely_additive", "may_be_negative",
           "may_exceed_hundred", "multiple", "says_share", "unit_code", "words"]

_BREAK = re.compile(r"[^a-z0-9%+]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

#: Words of a header that only say "the sum", and carry no meaning of their own.
TOTAL_WORDS = frozenset({"jumlah", "total", "jml", "jlh", "banyaknya", "banyak", "totalnya",
                         "keseluruhan", "seluruh", "seluruhnya"})
_GENERIC = TOTAL_WORDS | {"nilai", "angka", "value", "data", "ukuran", "besaran"}

_SHARE = frozenset({"persen", "persentase", "prosentase", "presentase", "persentasi", "%", "pct",
                    "percent", "percentage", "proporsi", "porsi"})
#: Percentages that are no share of a whole: growth, ratios, attainment of a target. The angka
#: partisipasi kasar (APK) divides pupils of any age by an age group.
_NO_SHARE = frozenset({
    "pertumbuhan", "laju", "lpe", "inflasi", "deflasi", "kenaikan", "penurunan", "peningkatan",
    "perubahan", "tumbuh", "growth", "yoy", "mtm", "qtq", "ytd", "ctc", "andil", "kontribusi",
    "sumbangan", "rasio", "ratio", "indeks", "index", "capaian", "pencapaian", "realisasi",
    "kinerja", "target", "apk", "kasar", "selisih", "deviasi", "margin", "roa", "roe", "ldr",
    "npl", "car", "bunga", "nilai tukar", "sensitivitas", "elastisitas", "beban", "cakupan",
    "kecukupan", "keuntungan", "rentabilitas", "bor", "hunian", "okupansi",
})
_BELOW_ZERO = frozenset({
    "pertumbuhan", "laju", "lpe", "inflasi", "deflasi", "kenaikan", "penurunan", "peningkatan",
    "perubahan", "tumbuh", "growth", "yoy", "mtm", "qtq", "ytd", "andil", "kontribusi",
    "sumbangan", "selisih", "surplus", "defisit", "neto", "netto", "net", "saldo", "neraca",
    "migrasi", "suhu", "temperatur", "lintang", "bujur", "latitude", "longitude", "lat", "lon",
    "lng", "long", "koordinat", "x", "y", "elevasi", "ketinggian", "kedalaman", "pasut", "laba",
    "rugi", "rl", "koreksi", "penyesuaian", "mutasi", "deviasi", "margin", "roa", "roe",
    "elastisitas", "perbedaan", "gap", "celah", "pembiayaan", "sisa", "lebih", "kurang",
    "silpa", "investasi", "arus", "anomali", "skor", "zscore", "z", "log", "dpl",
})
#: A measure with one of these is no sum of its parts.
_NOT_ADDITIVE = _SHARE | frozenset({
    "rata", "rerata", "rataan", "average", "mean", "median", "rasio", "ratio", "indeks", "index",
    "kepadatan", "laju", "pertumbuhan", "inflasi", "tingkat", "angka", "per", "harga", "suhu",
    "kelembaban", "kelembapan", "umur", "usia", "harapan", "gini", "ipm", "idm", "skor", "nilai",
    "prevalensi", "insidensi", "apk", "apm", "aps", "produktivitas", "upah", "umk", "ump", "ntp",
    "lintang", "bujur", "latitude", "longitude", "ketinggian", "jarak", "peringkat", "ranking",
    "rank", "minimum", "maksimum", "tertinggi", "terendah", "kecepatan", "tekanan", "cakupan",
    "tfr", "imr", "tpt", "tpak", "kode", "tahun", "bulan", "no", "nomor", "target", "capaian",
    "skala", "tarif", "garis", "proporsi", "perkapita", "kapita", "dependency",
})
_FORECAST = frozenset({"target", "proyeksi", "rencana", "perkiraan", "prakiraan", "prediksi",
                       "anggaran", "pagu", "apbd", "rpjmd", "renstra", "ramalan", "rkpd", "rup",
                       "projection", "forecast", "perencanaan", "usulan"})

#: Codes of ``satuan`` for people.
PEOPLE = frozenset({
    "orang", "jiwa", "kepala_keluarga", "rumah_tangga", "keluarga_penerima", "siswa", "mahasiswa",
    "santri", "guru", "dosen", "pegawai", "tenaga_kerja", "pencari_kerja", "pasien", "balita",
    "bayi", "ibu_hamil", "akseptor", "penumpang", "wisatawan", "peserta", "anggota", "pemilih",
    "petani", "nelayan", "pembudi_daya", "relawan", "kader", "atlet", "kelahiran", "kematian",
    "kunjungan", "kasus",
})
#: A number of times may be a mean.
COUNTED = metadata_derive.COUNTED - {"kali"}
_COUNT_NOUNS = frozenset({
    "penduduk", "jiwa", "orang", "kk", "keluarga", "siswa", "murid", "guru", "pegawai", "asn",
    "pns", "balita", "bayi", "ibu", "pasien", "kasus", "korban", "meninggal", "kematian",
    "kelahiran", "kejadian", "unit", "sekolah", "rombel", "desa", "kelurahan", "kecamatan", "rt",
    "rw", "puskesmas", "posyandu", "rumah", "koperasi", "umkm", "usaha", "kendaraan", "kapal",
    "ternak", "ekor", "peserta", "penerima", "laki", "perempuan", "lansia", "anak", "wisatawan",
    "penumpang", "pelanggan", "sambungan", "tenaga", "dokter", "perawat", "bidan", "petani",
    "nelayan", "pemilih", "kunjungan", "bangunan", "masjid", "gereja", "pasar", "jembatan",
})


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a header or label, in lower case: ``JumlahKK (%)`` -> jumlah kk %."""
    split = _CAMEL.sub(" ", text.replace("%", " % "))
    return tuple(word for word in _BREAK.split(fold(split)) if word)


@vocabulary.remembered(4096)
def unit_code(unit: str | None) -> str | None:
    """Return the code of ``satuan`` a unit means, ``None`` where the list has it not."""
    found = vocabulary.get("satuan").match(unit) if unit else None
    return None if found is None else found.code


_MANY = {"puluh": 10, "ratus": 100, "ribu": 1000, "ribuan": 1000, "juta": 10**6, "jutaan": 10**6,
         "miliar": 10**9, "milyar": 10**9, "triliun": 10**12}


@lru_cache(maxsize=4096)
def multiple(unit: str | None) -> tuple[int, str]:
    """Take a unit apart: ``ribu orang`` is (1000, ``orang``), ``ha`` is (1, ``ha``)."""
    times, rest = 1, list[str]()
    for word in fold(unit or "").split():
        if word in _MANY:
            times *= _MANY[word]
        else:
            rest.append(word)
    return times, " ".join(rest)


def about(table: TidyTable, column: TidyColumn) -> frozenset[str]:
    """Return every word said about a measure; the table's title where its name says nothing."""
    said = {*words(column.name), *words(column.title), *words(column.source_header)}
    if said <= _GENERIC | _SHARE:
        said = {*words(table.title), *words(table.about.get("judul", "")),
                *(said & (TOTAL_WORDS | _SHARE)), *_left_of(table, column)}
    return frozenset(said)


def _left_of(table: TidyTable, column: TidyColumn) -> tuple[str, ...]:
    """Return the words of the column before a bare "persen": it is the percentage of that."""
    names = [each.name for each in table.columns]
    at = names.index(column.name)
    return words(names[at - 1]) if at and says_share(words(column.name)) else ()


def says_share(said: Iterable[str]) -> bool:
    return not _SHARE.isdisjoint(said)


def may_exceed_hundred(said: Iterable[str]) -> bool:
    """Tell whether a percentage is of a kind that may pass 100: growth, a ratio, attainment."""
    return not _NO_SHARE.isdisjoint(said)


def may_be_negative(said: Iterable[str]) -> bool:
    return not _BELOW_ZERO.isdisjoint(said)


def is_about_change(said: Iterable[str]) -> bool:
    """Tell whether a title speaks of growth or attainment, of which a column may be the figure."""
    return not (_BELOW_ZERO | {"realisasi", "capaian", "pencapaian", "target"}).isdisjoint(said)


def is_forecast(said: Iterable[str]) -> bool:
    """Tell whether figures of years to come belong there: a target, a projection, a budget."""
    return not _FORECAST.isdisjoint(said)


def is_additive(said: frozenset[str], unit: str | None) -> bool:
    """Tell whether the figures of parts may be summed to that of the whole."""
    code = unit_code(unit) or ""
    if code in COUNTED:
        return not said & {"rata", "rerata", "rataan", "rasio", "per", "kepadatan"}
    if code in {"persen", "permil", "indeks", "poin", "derajat_celsius", "derajat", "rasio"}:
        return False
    return "_per_" not in f"_{code}_" and "/" not in (unit or "") and not said & _NOT_ADDITIVE


_SUMMED = _COUNT_NOUNS | TOTAL_WORDS | {"luas", "panjang", "produksi", "volume", "anggaran",
                                       "belanja", "realisasi", "pendapatan", "penerimaan"}


def is_surely_additive(table: TidyTable, column: TidyColumn, unit: str | None) -> bool:
    """Tell the same, and no where a column called "nilai" leaves open what it measures."""
    said = about(table, column)
    if not is_additive(said - {"nilai", "angka"}, unit):
        return False
    open_name = set(words(column.name)) <= _GENERIC - TOTAL_WORDS
    return not open_name or unit_code(unit) in COUNTED or bool(said & _SUMMED)


def is_count(said: frozenset[str], unit: str | None) -> bool:
    """Tell whether a measure counts whole things, so that it has neither fraction nor sign."""
    if said & {"rata", "rerata", "rataan", "rasio", "per", "kepadatan", "ribu", "ribuan", "juta",
               "angka", "tfr", "tingkat", "prevalensi", "insidensi", "harapan",
               "jutaan", "persen", "persentase", "prosentase", "%", "indeks", "laju", "proporsi",
               "luas", "panjang", "volume", "produksi", "nilai", "anggaran", "belanja"}:
        return False
    if unit:
        return unit_code(unit) in COUNTED
    return bool(said & TOTAL_WORDS) and bool(said & _COUNT_NOUNS)
