"""What earlier versions of some datasets said: the last edition of each is what the recipes give.

An edition is told by what it lacks, so that whatever differs between two versions is true: a year
that was not there yet, a report that came late, a field that was said better afterwards.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["EDITIONS", "Edition", "edition_of"]

#: A figure's column, and the number of the kecamatan: how much of it was known in the last year.
Late = Mapping[tuple[str, int], float]


@dataclass(frozen=True)
class Edition:
    """One version of a dataset.

    :ivar years_short: how many of its last years were not there yet
    :ivar late: figures of which only a share was reported
    :ivar fields: said otherwise than the catalog says it; with ``{tahun}`` for the last year
    """

    years_short: int = 0
    late: Late = field(default_factory=dict[tuple[str, int], float])
    fields: Mapping[str, str] = field(default_factory=dict[str, str])


_K4_LATE: Late = {("k4", 2): 0.76, ("k4", 7): 0.81}

#: By key of the dataset, first to last.
EDITIONS: Mapping[str, tuple[Edition, ...]] = {
    "pelayanan-ibu-hamil": (
        Edition(years_short=1),
        Edition(late=_K4_LATE, fields={"sifat_angka": "sementara"}),
        Edition(fields={
            "sifat_angka": "perbaikan", "version": "{tahun}.2",
            "version_notes": "Laporan triwulan IV yang menyusul sudah dimasukkan."}),
    ),
    "kunjungan-puskesmas": (
        Edition(),
        Edition(fields={
            "definisi": "Kedatangan pasien ke puskesmas untuk berobat tanpa menginap, termasuk "
                        "kunjungan gigi.",
            "version": "{tahun}.2",
            "version_notes": "Definisi menyebut kunjungan gigi; angkanya tetap."}),
    ),
    "partisipasi-sekolah": (
        Edition(late={("sekolah_sd", 4): 0.93}),
        Edition(fields={
            "version": "{tahun}.2",
            "version_notes": "Murid madrasah di satu kecamatan sudah dihitung."}),
    ),
    "keluarga-berencana": (
        Edition(late={("pengguna_kb", 1): 0.9, ("pengguna_kb", 5): 0.88}),
        Edition(fields={
            "version": "{tahun}.2", "version_notes": "Perbaikan angka."}),
    ),
}


def edition_of(key: str, number: int) -> Edition:
    """Return what version ``number`` (from 1) of a dataset says."""
    found = EDITIONS.get(key)
    return found[number - 1] if found else Edition()
