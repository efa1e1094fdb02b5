"""Invented figures that hold together.

Everything is derived from one population of every desa: a kecamatan is the sum
of its desa, men and women add up to all, a part is never above its whole, and a
figure is the same in every table that shows it. The seed is the area's code and
the figure's name, so the same region always gets the same figures.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ckanext.satudata.domain.demo.region import Area, Region

__all__ = ["SERIES", "Figures", "Series"]


@dataclass(frozen=True)
class Series:
    """A figure per area and year.

    :ivar of: the figure it is a share of; ``low`` to ``high`` bound that share,
        ``trend`` is added to it each year. A share above 1 is a rate (chickens
        per inhabitant), never to be shown as a part.
    :ivar over: for a quotient, the figure below the line; then ``of`` stands above
        it and ``low`` is the factor (100 for per cent).
    """

    title: str
    satuan: str
    konsep: str
    of: str = ""
    low: float = 0.0
    high: float = 0.0
    trend: float = 0.0
    over: str = ""
    decimals: int = 0

    @property
    def type(self) -> str:
        """Table Schema type."""
        return "number" if self.decimals else "integer"


def _part(
    title: str, satuan: str, konsep: str, of: str, low: float, high: float, trend: float = 0.0
) -> Series:
    return Series(title, satuan, konsep, of, low, high, trend)


def _percent(title: str, konsep: str, part: str, whole: str) -> Series:
    return Series(title, "persen", konsep, part, 100.0, over=whole, decimals=2)


SERIES: Mapping[str, Series] = {
    "jumlah_penduduk": Series("Jumlah penduduk", "jiwa", "Penduduk"),
    "laki_laki": Series("Penduduk laki-laki", "jiwa", "Penduduk Laki-Laki"),
    "perempuan": Series("Penduduk perempuan", "jiwa", "Penduduk Perempuan"),
    "jumlah_keluarga": _part(
        "Jumlah keluarga", "kepala_keluarga", "Keluarga", "jumlah_penduduk", 0.26, 0.29
    ),
    "wajib_ktp": _part(
        "Penduduk wajib KTP", "jiwa", "Wajib KTP", "jumlah_penduduk", 0.69, 0.73, 0.002
    ),
    "memiliki_ktp": _part(
        "Penduduk yang memiliki KTP-el",
        "jiwa",
        "Kepemilikan KTP-el",
        "wajib_ktp",
        0.91,
        0.97,
        0.006,
    ),
    "persen_ktp": _percent(
        "Persentase kepemilikan KTP-el", "Cakupan KTP-el", "memiliki_ktp", "wajib_ktp"
    ),
    "anak": _part(
        "Penduduk usia 0-17 tahun", "jiwa", "Anak", "jumlah_penduduk", 0.28, 0.31, -0.002
    ),
    "memiliki_akta": _part(
        "Anak yang memiliki akta kelahiran",
        "jiwa",
        "Kepemilikan Akta Kelahiran",
        "anak",
        0.85,
        0.93,
        0.012,
    ),
    "persen_akta": _percent(
        "Persentase kepemilikan akta kelahiran", "Cakupan Akta Kelahiran", "memiliki_akta", "anak"
    ),
    "balita": _part("Jumlah balita", "balita", "Balita", "jumlah_penduduk", 0.078, 0.088, -0.0008),
    "balita_diukur": _part(
        "Balita yang diukur", "balita", "Pengukuran Balita", "balita", 0.78, 0.90, 0.012
    ),
    "balita_stunting": _part(
        "Balita stunting", "balita", "Stunting", "balita_diukur", 0.10, 0.20, -0.013
    ),
    "prevalensi_stunting": _percent(
        "Prevalensi stunting", "Prevalensi Stunting", "balita_stunting", "balita_diukur"
    ),
    "ibu_hamil": _part(
        "Jumlah ibu hamil", "ibu_hamil", "Ibu Hamil", "jumlah_penduduk", 0.017, 0.019
    ),
    "k4": _part(
        "Ibu hamil mendapat pelayanan K4",
        "ibu_hamil",
        "Pelayanan K4",
        "ibu_hamil",
        0.80,
        0.92,
        0.008,
    ),
    "persen_k4": _percent("Cakupan K4", "Cakupan K4", "k4", "ibu_hamil"),
    "lahir_hidup": _part(
        "Kelahiran hidup", "kelahiran", "Kelahiran Hidup", "ibu_hamil", 0.90, 0.95
    ),
    "imunisasi": _part(
        "Bayi dengan imunisasi dasar lengkap",
        "bayi",
        "Imunisasi Dasar Lengkap",
        "lahir_hidup",
        0.80,
        0.93,
        0.009,
    ),
    "persen_imunisasi": _percent(
        "Cakupan imunisasi dasar lengkap", "Cakupan Imunisasi", "imunisasi", "lahir_hidup"
    ),
    "kunjungan_puskesmas": _part(
        "Kunjungan rawat jalan puskesmas",
        "kunjungan",
        "Kunjungan Rawat Jalan",
        "jumlah_penduduk",
        0.55,
        1.1,
        0.03,
    ),
    "usia_sd": _part(
        "Penduduk usia 7-12 tahun",
        "jiwa",
        "Penduduk Usia SD",
        "jumlah_penduduk",
        0.105,
        0.115,
        -0.0008,
    ),
    "sekolah_sd": _part(
        "Penduduk usia 7-12 tahun yang bersekolah di SD/sederajat",
        "jiwa",
        "Partisipasi Sekolah",
        "usia_sd",
        0.95,
        0.985,
        0.002,
    ),
    "apm_sd": _percent(
        "Angka partisipasi murni SD/sederajat", "Angka Partisipasi Murni", "sekolah_sd", "usia_sd"
    ),
    "putus_sekolah": _part(
        "Siswa putus sekolah", "siswa", "Putus Sekolah", "sekolah_sd", 0.0008, 0.003, -0.0002
    ),
    "keluarga_miskin": _part(
        "Keluarga miskin terdaftar",
        "kepala_keluarga",
        "Keluarga Miskin",
        "jumlah_keluarga",
        0.12,
        0.30,
        -0.008,
    ),
    "penerima_pkh": _part(
        "Keluarga penerima PKH", "keluarga_penerima", "Penerima PKH", "keluarga_miskin", 0.35, 0.55
    ),
    "penerima_sembako": _part(
        "Keluarga penerima bantuan sembako",
        "keluarga_penerima",
        "Penerima Bantuan Sembako",
        "keluarga_miskin",
        0.55,
        0.80,
    ),
    "luas_sawah": _part(
        "Luas lahan sawah", "hektare", "Lahan Sawah", "jumlah_penduduk", 0.015, 0.06, -0.0004
    ),
    "luas_panen": _part("Luas panen padi", "hektare", "Luas Panen", "luas_sawah", 1.5, 2.2),
    "produksi_padi": _part(
        "Produksi padi (gabah kering giling)", "ton", "Produksi Padi", "luas_panen", 5.1, 6.2, 0.04
    ),
    "produktivitas_padi": Series(
        "Produktivitas padi",
        "kuintal_hektare",
        "Produktivitas Padi",
        "produksi_padi",
        10.0,
        over="luas_panen",
        decimals=2,
    ),
    "petani": _part("Jumlah petani", "petani", "Petani", "wajib_ktp", 0.06, 0.16, -0.002),
    "rumah": _part("Jumlah rumah", "rumah", "Rumah", "jumlah_keluarga", 0.86, 0.93),
    "rumah_layak": _part(
        "Rumah layak huni", "rumah", "Rumah Layak Huni", "rumah", 0.82, 0.93, 0.008
    ),
    "persen_rumah_layak": _percent(
        "Persentase rumah layak huni", "Rumah Layak Huni", "rumah_layak", "rumah"
    ),
    "air_layak": _part(
        "Keluarga dengan akses air minum layak",
        "kepala_keluarga",
        "Air Minum Layak",
        "jumlah_keluarga",
        0.78,
        0.92,
        0.01,
    ),
    "persen_air_layak": _percent(
        "Persentase keluarga dengan akses air minum layak",
        "Akses Air Minum",
        "air_layak",
        "jumlah_keluarga",
    ),
    "timbulan_sampah": _part(
        "Timbulan sampah setahun",
        "ton_tahun",
        "Timbulan Sampah",
        "jumlah_penduduk",
        0.15,
        0.19,
        0.001,
    ),
    "sampah_terkelola": _part(
        "Sampah terkelola setahun",
        "ton_tahun",
        "Sampah Terkelola",
        "timbulan_sampah",
        0.35,
        0.60,
        0.03,
    ),
    "persen_sampah": _percent(
        "Persentase sampah terkelola", "Sampah Terkelola", "sampah_terkelola", "timbulan_sampah"
    ),
    "pelaku_umkm": _part(
        "Jumlah pelaku UMKM",
        "usaha",
        "Usaha Mikro, Kecil, dan Menengah",
        "jumlah_keluarga",
        0.14,
        0.28,
        0.01,
    ),
    "umkm_nib": _part(
        "UMKM yang memiliki NIB", "usaha", "Nomor Induk Berusaha", "pelaku_umkm", 0.15, 0.40, 0.05
    ),
    "angkatan_kerja": _part("Angkatan kerja", "jiwa", "Angkatan Kerja", "wajib_ktp", 0.64, 0.69),
    "penganggur": _part(
        "Penganggur terbuka", "jiwa", "Pengangguran Terbuka", "angkatan_kerja", 0.06, 0.11, -0.004
    ),
    "tpt": _percent(
        "Tingkat pengangguran terbuka",
        "Tingkat Pengangguran Terbuka",
        "penganggur",
        "angkatan_kerja",
    ),
    "panjang_jalan": Series(
        "Panjang jalan kabupaten/kota",
        "kilometer",
        "Jalan",
        "jumlah_penduduk",
        0.0004,
        0.0007,
        0,
        decimals=2,
    ),
    "sampah_bank": _part(
        "Sampah yang masuk bank sampah",
        "ton_tahun",
        "Bank Sampah",
        "sampah_terkelola",
        0.02,
        0.08,
        0.005,
    ),
    "ternak_sapi": _part("Populasi sapi potong", "ekor", "Populasi Ternak", "petani", 0.10, 0.40),
    "ternak_kambing": _part("Populasi kambing", "ekor", "Populasi Ternak", "petani", 0.6, 1.4),
    "ternak_ayam": _part("Populasi ayam buras", "ekor", "Populasi Ternak", "petani", 6.0, 14.0),
    "dana_desa": _part(
        "Dana desa yang diterima", "ribu_rupiah", "Dana Desa", "jumlah_penduduk", 150.0, 260.0, 5.0
    ),
    "dana_desa_terserap": _part(
        "Dana desa yang terserap", "ribu_rupiah", "Realisasi Dana Desa", "dana_desa", 0.90, 0.99
    ),
    "internet": _part(
        "Keluarga dengan akses internet",
        "kepala_keluarga",
        "Akses Internet",
        "jumlah_keluarga",
        0.60,
        0.82,
        0.03,
    ),
    "pengguna_kb": _part(
        "Peserta KB aktif", "akseptor", "Peserta KB Aktif", "jumlah_keluarga", 0.45, 0.60, 0.004
    ),
}


class Figures:
    """The figures of one region over some years.

    :ivar late: of some figures (name, code of the area) only this share is known of the last year
    """

    def __init__(
        self, region: Region, years: Sequence[int],
        late: Mapping[tuple[str, str], float] | None = None,
    ) -> None:
        self.region, self.years, self.late = region, tuple(years), late or {}
        self.value = lru_cache(maxsize=None)(self._value)  # one set of figures per instance

    def chance(self, *key: object) -> float:
        """Return a number from 0 to below 1 that depends on the key alone."""
        text = "|".join(str(part) for part in key)
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") / 2**64

    def _value(self, name: str, area: Area, year: int) -> float:
        if name in ("jumlah_penduduk", "laki_laki", "perempuan"):
            return self._people(name, area, year)
        series = SERIES[name]
        above = self.value(series.of, area, year)
        if series.over:
            below = self.value(series.over, area, year)
            return round(above / below * series.low, series.decimals) if below else 0.0
        share = self._share(name, series, area, year)
        value = above * share
        if year == self.years[-1]:
            value *= self.late.get((name, area.code), 1.0)
        return round(value, series.decimals) if series.decimals else int(value)

    def _share(self, name: str, series: Series, area: Area, year: int) -> float:
        step = year - self.years[0]
        share = series.low + (series.high - series.low) * self.chance(name, area.code)
        share += series.trend * step
        share *= 1 + (self.chance(name, area.code, year) - 0.5) * 0.03
        return max(0.0, min(share, 0.995)) if series.high <= 1 else max(0.0, share)

    def _people(self, name: str, area: Area, year: int) -> int:
        if area.code.count(".") == 2:
            return sum(int(self.value(name, desa, year)) for desa in self.region.desa_of(area.code))
        step = year - self.years[0]
        base = 1_900 + 7_000 * self.chance("penduduk", area.code) ** 2
        if area.code.rsplit(".", 1)[-1].startswith("1"):
            base *= 1.7  # a kelurahan is a town ward
        growth = 0.006 + 0.012 * self.chance("laju", area.parent)
        total = int(base * (1 + growth) ** step)
        men = int(total * (0.503 + 0.012 * self.chance("laki", area.code)))
        return {"jumlah_penduduk": total, "laki_laki": men, "perempuan": total - men}[name]

    def split(self, total: int, weights: Mapping[str, float], *key: object) -> dict[str, int]:
        """Divide a whole among categories so that they add up to it exactly."""
        noisy = {
            name: weight * (0.85 + 0.3 * self.chance(name, *key))
            for name, weight in weights.items()
        }
        whole = sum(noisy.values())
        exact = {name: total * weight / whole for name, weight in noisy.items()}
        parts = {name: int(value) for name, value in exact.items()}
        rest = total - sum(parts.values())
        for name in sorted(exact, key=lambda n: (parts[n] - exact[n], n))[:rest]:
            parts[name] += 1
        return parts
