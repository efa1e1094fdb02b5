"""How far each dataset of the demo has come on its way to the public, and what was said on it.

A story is a list of transitions of ``domain/workflow.py`` in their order; ``demo/service.py``
plays it through the real workflow, each step in the name of a person of the demo. Days are
counted back from the day the demo is made, so that some tasks are new and some are late
whenever that is. What the catatan say is true of the generated data.
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

__all__ = [
    "BEFORE", "PRODUSEN", "STORIES", "Answer", "Catatan", "Step", "Story", "office_hour", "release",
    "smooth", "story_of", "times",
]

#: Stands for the producer of the dataset, whoever that is.
PRODUSEN = "produsen"
#: Online before this portal: published without inspection, and marked so.
BEFORE = frozenset({"ktp-elektronik", "penduduk-desa", "titik-kumpul"})


@dataclass(frozen=True)
class Catatan:
    """What an inspector notes; the names are those of the table ``satudata_finding``.

    :ivar field: the field of the metadata it concerns, or
    :ivar column: the column of the first file, with ``row`` of its data where there is one
    :ivar proposed: a value for ``field`` that can be accepted with one tap
    """

    principle: str
    severity: str
    message: str
    how: str
    code: str = "lainnya"
    field: str = ""
    column: str = ""
    row: int = 0
    proposed: str = ""


@dataclass(frozen=True)
class Answer:
    """What the producer answers to a catatan; ``accept`` takes the proposed value over."""

    text: str
    accept: bool = False


@dataclass(frozen=True)
class Step:
    """One transition.

    :ivar by: key of a person in ``people``, or :data:`PRODUSEN`
    :ivar days: how many days ago; a weekend moves to the Friday before
    :ivar catatan: noted before the transition
    :ivar answers: to the open catatan in their order, before the transition
    :ivar inspector: key of the person ``alihkan`` hands it to
    :ivar release_in: days from this step to the release, for ``setujui``
    :ivar edition: written into the working copy after ``revisi``; a number of ``editions``
    :ivar kind: why this version follows another, for ``ajukan``; as proposed unless given
    :ivar reason: what is other now, as everybody reads it
    """

    transition: str
    by: str
    days: int
    note: str = ""
    catatan: tuple[Catatan, ...] = ()
    answers: tuple[Answer, ...] = ()
    inspector: str = ""
    release_in: int = 0
    edition: int = 0
    kind: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Story:
    """What happened to one dataset.

    :ivar typed_by: who typed it on behalf of the producer, from a letter on paper
    """

    steps: tuple[Step, ...] = ()
    typed_by: str = ""
    started: int = 0


_PERIOD = Catatan(
    "metadata", "wajib",
    "Referensi waktu menyebut keadaan 31 Desember, padahal tabelnya dirinci per bulan.",
    "Tulis periode yang dirujuk tiap baris.", "isi_tidak_sesuai_judul", field="referensi_waktu",
    proposed="selama bulan yang disebut pada tiap baris")
_UNIT = Catatan(
    "standar_data", "sebaiknya",
    "Kolom luas_sawah berisi luas, sedangkan isian Satuan hanya menyebut petani.",
    "Tambahkan satuan hektare pada susunan kolom, atau terangkan di Ukuran.",
    "satuan_tidak_sesuai", column="luas_sawah")

#: By key of the dataset. Whatever is not here has been published; see :func:`smooth`.
STORIES: Mapping[str, Story] = {
    # With the producer.
    "pasar": Story(started=2),
    "umkm": Story(started=4, typed_by="walidata-2"),
    "ppks": Story((
        Step("batalkan", PRODUSEN, 12, "Digabung dengan data keluarga miskin mulai tahun ini."),
    ), started=20),
    "bumdes": Story((
        Step("ajukan", PRODUSEN, 9),
        Step("periksa", "walidata", 7),
        Step("kembalikan", "walidata", 3, "Isinya sudah baik; dua hal ini tinggal dilengkapi.", (
            Catatan("interoperabilitas", "wajib",
                    "Data hanya tersedia sebagai XLSX.",
                    "Tambahkan berkas CSV dengan isi yang sama, agar bisa dibaca mesin.",
                    "format_salah", field="resources"),
            Catatan("metadata", "sebaiknya",
                    "Definisi belum menyebut apa yang membuat BUM Desa berbadan hukum.",
                    "Sebut dasar hukumnya, misalnya PP 11/2021.", field="definisi",
                    proposed="Badan usaha milik desa yang sudah berbadan hukum menurut "
                             "PP 11/2021."))),
    ), started=11),
    "petani": Story((
        Step("ajukan", PRODUSEN, 48),
        Step("periksa", "walidata-2", 46),
        Step("kembalikan", "walidata-2", 44, "", (
            _UNIT,
            Catatan("standar_data", "wajib",
                    "Definisi petani tidak menyebut umur dan rujukan waktunya.",
                    "Pakai definisi Sensus Pertanian: penduduk 15 tahun ke atas yang bekerja di "
                    "pertanian.", field="definisi"))),
    ), started=52),
    # With the walidata.
    "populasi-ternak": Story((Step("ajukan", PRODUSEN, 16),), started=17),
    "murid": Story((Step("ajukan", PRODUSEN, 1),), started=3),
    "keluarga-desa-2": Story((Step("ajukan", PRODUSEN, 2),), started=6),
    "kasus-penyakit": Story((
        Step("ajukan", PRODUSEN, 19),
        Step("periksa", "walidata-pendukung", 15, ),
    ), started=21),
    "sampah": Story((
        Step("ajukan", PRODUSEN, 23),
        Step("periksa", "walidata-2", 21),
        Step("kembalikan", "walidata-2", 18, "", (
            Catatan("standar_data", "wajib",
                    "Kolom persen_sampah tidak diterangkan: persen dari apa.",
                    "Terangkan pembilang dan penyebutnya di Definisi.", field="definisi",
                    proposed="Sampah yang timbul dalam setahun, dan bagian yang dikurangi atau "
                             "ditangani dalam persen dari timbulannya."),
            Catatan("standar_data", "saran",
                    "Pulo Ampel: sampah bank jauh di bawah kecamatan lain.",
                    "Tulis sebabnya di Catatan bila memang benar.", "angka_tidak_konsisten",
                    column="sampah_bank", row=4))),
        Step("ajukan", PRODUSEN, 4, answers=(
            Answer("Definisi sudah diganti dengan usulan Walidata.", accept=True),
            Answer("Benar: bank sampah di Pulo Ampel baru berjalan setengah tahun."))),
        Step("periksa", "walidata-2", 1),
    ), started=26),
    # With the pembina (Data Prioritas).
    "harga-pangan": Story((
        Step("ajukan", PRODUSEN, 10),
        Step("periksa", "walidata", 8),
        Step("setujui", "walidata", 5),
    ), started=13),
    "imunisasi-dasar": Story((
        Step("ajukan", PRODUSEN, 35),
        Step("periksa", "walidata", 33),
        Step("setujui", "walidata-2", 30, "Sesuai keempat prinsip."),
    ), started=38),
    "air-minum": Story((
        Step("ajukan", PRODUSEN, 17),
        Step("periksa", "walidata-2", 15),
        Step("setujui", "walidata-2", 11),
        Step("kembalikan", "pembina-statistik", 3, catatan=(
            Catatan("standar_data", "wajib",
                    "Definisi air minum layak belum mengikuti metadata TPB 6.1.1.",
                    "Sebut sumber terlindung dan jaraknya dari tempat pembuangan (10 meter atau "
                    "lebih).", field="definisi"),)),
    ), started=20),
    # Approved, on the way out.
    "indikator-utama": Story((
        Step("ajukan", PRODUSEN, 14),
        Step("periksa", "walidata", 11),
        Step("setujui", "walidata", 8),
        Step("setujui", "pembina-statistik", 2, "Angka cocok dengan publikasi Daerah Dalam Angka.",
             release_in=9),
    ), started=18),
    "rumah-layak-huni": Story((
        Step("ajukan", PRODUSEN, 12),
        Step("periksa", "walidata-2", 9),
        Step("setujui", "walidata-2", 6, release_in=10),
    ), started=15),
    # No longer public.
    "akses-internet": Story((
        Step("ajukan", PRODUSEN, 62),
        Step("periksa", "walidata-2", 58),
        Step("setujui", "walidata-2", 55),
        Step("terbitkan", "walidata", 54),
        Step("tarik", "walidata", 6,
             "Penimbang survei keliru; angka semua kecamatan dihitung ulang."),
    ), started=70),
    # Published after being returned once.
    "kunjungan-puskesmas": Story((
        Step("ajukan", PRODUSEN, 40),
        Step("periksa", "walidata", 38),
        Step("kembalikan", "walidata", 36, "", (
            Catatan("metadata", "wajib",
                    "Referensi waktu menyebut keadaan 31 Desember, padahal kunjungan dihitung "
                    "setahun penuh.", "Tulis selama tahun yang disebut pada tiap baris.",
                    field="referensi_waktu",
                    proposed="selama tahun yang disebut pada tiap baris"),
            Catatan("metadata", "saran", "Uraian belum menyebut apakah kunjungan gigi termasuk.",
                    "Tambahkan satu kalimat.", field="notes"))),
        Step("ajukan", PRODUSEN, 31, answers=(
            Answer("Sudah diganti.", accept=True),
            Answer("Kunjungan gigi termasuk; akan kami tulis pada rilis tahun depan."))),
        Step("periksa", "walidata", 29),
        Step("setujui", "walidata", 28),
        Step("terbitkan", "walidata-2", 27),
        Step("revisi", PRODUSEN, 15, "Menulis kunjungan gigi, seperti dijanjikan.", edition=2),
        Step("ajukan", PRODUSEN, 15, kind="perubahan_metadata",
             reason="Definisi menyebut kunjungan gigi; angkanya tetap."),
        Step("periksa", "walidata-2", 13),
        Step("setujui", "walidata-2", 13),
        Step("terbitkan", "walidata", 12),
    ), started=44),
    # Published three times: a new year, then a correction.
    "pelayanan-ibu-hamil": Story((
        Step("ajukan", PRODUSEN, 310),
        Step("periksa", "walidata", 307),
        Step("setujui", "walidata", 305),
        Step("terbitkan", "walidata-2", 304),
        Step("revisi", PRODUSEN, 96, edition=2),
        Step("ajukan", PRODUSEN, 94, kind="rilis_baru",
             reason="Menambahkan satu tahun data; angka tahun-tahun sebelumnya tetap."),
        Step("periksa", "walidata-2", 92),
        Step("setujui", "walidata-2", 90),
        Step("terbitkan", "walidata", 89),
        Step("revisi", PRODUSEN, 24, "Laporan triwulan IV dua puskesmas menyusul.", edition=3),
        Step("ajukan", PRODUSEN, 22, kind="perbaikan",
             reason="Laporan K4 triwulan IV dua puskesmas baru masuk setelah rilis; jumlah K4 dan "
                    "cakupan tahun terakhir di dua kecamatan bertambah."),
        Step("periksa", "walidata", 20),
        Step("setujui", "walidata", 19),
        Step("terbitkan", "walidata-2", 18),
    ), started=314),
    # Public, and restricted: see ``access``.
    "cadangan-logistik": Story((
        Step("ajukan", PRODUSEN, 150),
        Step("periksa", "walidata-2", 147),
        Step("setujui", "walidata-2", 144),
        Step("terbitkan", "walidata", 143),
    ), started=155),
    # Public, with a successor under way: being written, or returned.
    "partisipasi-sekolah": Story((
        Step("ajukan", PRODUSEN, 130),
        Step("periksa", "walidata", 127),
        Step("setujui", "walidata", 125),
        Step("setujui", "pembina-statistik", 120),
        Step("terbitkan", "walidata-2", 118),
        Step("revisi", PRODUSEN, 3, "Murid madrasah di satu kecamatan belum terhitung.",
             edition=2),
    ), started=134),
    "keluarga-berencana": Story((
        Step("ajukan", PRODUSEN, 84),
        Step("periksa", "walidata-2", 82),
        Step("setujui", "walidata-2", 80),
        Step("terbitkan", "walidata", 79),
        Step("revisi", PRODUSEN, 13, edition=2),
        Step("ajukan", PRODUSEN, 12, kind="perbaikan", reason="Perbaikan angka."),
        Step("periksa", "walidata-2", 8),
        Step("kembalikan", "walidata-2", 4, "Angkanya masuk akal; alasannya yang belum.", (
            Catatan("metadata", "wajib",
                    "Alasan perbaikan tidak menyebut kecamatan mana yang berubah dan laporan mana "
                    "yang dipakai.",
                    "Tulis di Catatan versi dan di alasan saat mengajukan lagi; pemakai data "
                    "membacanya.", field="version_notes"),)),
    ), started=88),
    "stunting": Story((
        Step("ajukan", PRODUSEN, 75, "Surat pengantar 400.7/0183 (contoh)."),
        Step("periksa", "walidata-pendukung", 73),
        Step("alihkan", "walidata-pendukung", 72, "Saya ikut dalam pengukurannya.",
             inspector="walidata"),
        Step("setujui", "walidata", 70),
        Step("setujui", "pembina-statistik", 65),
        Step("terbitkan", "walidata", 64),
    ), started=80),
}


def story_of(key: str, pembina: bool) -> Story:
    """Return what happened to a dataset.

    :param pembina: what the walidata approves goes on to the pembina; without, nobody of the
        pembina takes a step
    """
    found = STORIES.get(key) or smooth(key, pembina)
    if pembina:
        return found
    return replace(found, steps=tuple(
        step for step in found.steps if not step.by.startswith("pembina-")))


def times(story: Story, now: dt.datetime) -> list[dt.datetime]:
    """Return when a story began and when each of its steps was taken, in office hours.

    :param now: aware, in the zone of the government
    """
    days = [story.started, *(step.days for step in story.steps)]
    return [office_hour(now, ago, number) for number, ago in enumerate(days)]


def release(step: Step, taken: dt.datetime) -> dt.datetime:
    """Return the release a step plans: at eight in the morning, counted from its own day."""
    return (taken + dt.timedelta(step.release_in)).replace(
        hour=8, minute=0, second=0, microsecond=0)


def office_hour(now: dt.datetime, ago: int, number: int) -> dt.datetime:
    """Return when the step of this number was taken: so many days ago, or the Friday before."""
    day = now - dt.timedelta(ago)
    day -= dt.timedelta(max(0, day.weekday() - 4))  # a weekend moves to its Friday
    return day.replace(hour=8, minute=10, second=0, microsecond=0) + dt.timedelta(
        minutes=30 * number)


def smooth(key: str, pembina: bool = False) -> Story:
    """Return the story of what went through without a hitch.

    :param pembina: the pembina looked at it as well
    """
    seed = sum(map(ord, key))
    start = 30 + seed % 150
    first, second = ("walidata", "walidata-2") if seed % 2 else ("walidata-2", "walidata")
    steps = [
        Step("ajukan", PRODUSEN, start),
        Step("periksa", first, start - 3),
        Step("setujui", first, start - 5),
    ]
    if pembina:
        steps.append(Step("setujui", "pembina-statistik", start - 11))
    return Story((*steps, Step("terbitkan", second, start - 14)), started=start + 4)
