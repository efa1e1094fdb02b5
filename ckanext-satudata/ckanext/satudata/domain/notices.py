"""Who is told of what: one table beside the transitions.

Whoever wrote a version always hears what was decided about it, whoever must act next hears
that it came, nobody hears what they did themselves. Perpres 39/2019 art. 34-35 makes the
return and the pembina's result something that is *conveyed*; this is how.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.workflow import State

__all__ = [
    "ESCALATION",
    "KINDS",
    "ON_BEHALF",
    "PURGES",
    "TELLINGS",
    "Audience",
    "Kind",
    "Preference",
    "Telling",
    "telling_of",
    "tellings",
]


class Kind(str, Enum):
    """What a notice is about; a person sets each kind on or off."""

    DIKEMBALIKAN = "dikembalikan"
    DISETUJUI = "disetujui"
    TERBIT = "terbit"
    DITARIK = "ditarik"
    TUGAS = "tugas"
    KABAR = "kabar"
    ESKALASI = "eskalasi"
    IZIN = "izin"
    PERMOHONAN = "permohonan"
    UJI = "uji"
    RINGKASAN = "ringkasan"


class Audience(str, Enum):
    """Who hears; the glue finds the people."""

    AUTHORS = "authors"  # created, edited, typed, confirmed or submitted this version
    PRODUSEN = "produsen"  # may edit it for the OPD
    CONFIRMERS = "confirmers"  # may confirm what was typed on the OPD's behalf
    INSPECTORS = "inspectors"  # may take it up: walidata, walidata_pendukung of the OPD
    INSPECTOR = "inspector"  # the one who inspects it now
    CONVEYORS = "conveyors"  # pass the pembina's result on
    PEMBINA = "pembina"  # of this jenis_data
    PUBLISHERS = "publishers"
    KOORDINATOR = "koordinator"
    PPID = "ppid"


@dataclass(frozen=True)
class Preference:
    """What a kind is called and where it goes unless a person says otherwise.

    :param portal: in the portal's list; ``None`` where the kind has no place there
    :param mail: by e-mail
    :param fixed: the entry in the portal cannot be turned off: the author *always* hears
    """

    label: str
    help: str
    portal: bool | None = True
    mail: bool = True
    fixed: bool = False


K, A, S = Kind, Audience, State

KINDS: Mapping[Kind, Preference] = MappingProxyType({
    K.DIKEMBALIKAN: Preference(
        N_("Data saya dikembalikan"),
        N_("Walidata mengembalikan data yang ikut Anda susun, atau membatalkan persetujuannya."),
        fixed=True),
    K.DISETUJUI: Preference(
        N_("Data saya disetujui"),
        N_("Data yang ikut Anda susun lolos pemeriksaan."), fixed=True),
    K.TERBIT: Preference(
        N_("Data saya terbit"),
        N_("Data yang ikut Anda susun dapat dibaca publik."), fixed=True),
    K.DITARIK: Preference(
        N_("Data saya ditarik"),
        N_("Data yang ikut Anda susun tidak lagi dapat dibaca publik."), fixed=True),
    K.TUGAS: Preference(
        N_("Ada yang menunggu saya"),
        N_("Sebuah data masuk ke Anda untuk diperiksa, diperbaiki, dikonfirmasi atau "
           "diterbitkan.")),
    K.KABAR: Preference(
        N_("Kabar lain"),
        N_("Data yang menyangkut Anda mulai diperiksa, dijadwalkan, ditarik pengirimnya dan "
           "sebagainya."), mail=False),
    K.ESKALASI: Preference(
        N_("Lewat tenggat terlalu lama"),
        N_("Untuk Koordinator Forum: sebuah pengajuan lewat tenggat lebih lama dari batasnya.")),
    # Told by ``domain/access_notices.py``.
    K.IZIN: Preference(
        N_("Akses saya"),
        N_("Permohonan akses Anda dijawab, atau izin Anda diberikan, segera berakhir atau "
           "dicabut."), fixed=True),
    K.PERMOHONAN: Preference(
        N_("Permohonan akses"),
        N_("Untuk PPID dan walidata: permohonan atas data terbatas masuk, segera jatuh tempo atau "
           "lewat tenggat.")),
    K.UJI: Preference(
        N_("Uji konsekuensi berakhir"),
        N_("Untuk PPID dan instansi: uji konsekuensi sebuah data terbatas berakhir dalam 30 "
           "hari.")),
    K.RINGKASAN: Preference(
        N_("Ringkasan harian"),
        N_("Satu surel tiap pagi hari kerja: apa yang menunggu Anda dan apa yang lewat tenggat. "
           "Tidak dikirim bila tidak ada."), portal=None),
})


@dataclass(frozen=True)
class Telling:
    """One audience of one transition.

    :param target: the state it led to
    :param headline: subject of the mail and line of the list; ``{judul}``
    :param text: what happened and what to do; ``{judul}``, ``{instansi}``, ``{rilis}``
    :param not_authors: whoever wrote the version is left out, because another must decide
    :param with_note: the reason that came with it is meant for this audience
    """

    transition: str
    target: State
    audience: Audience
    kind: Kind
    headline: str
    text: str
    not_authors: bool = False
    with_note: bool = False

    @property
    def task(self) -> bool:
        """Somebody must act; void once the submission has moved on."""
        return self.kind is Kind.TUGAS


#: Kinds of event that are told although they are no transition.
ESCALATION = "eskalasi"
ON_BEHALF = "atas_nama"
#: What the clock did, or will do, to personal data that leaked: headline and text.
PURGES: Mapping[str, tuple[str, str]] = MappingProxyType({
    "pemusnahan_besok": (
        N_("Dimusnahkan besok: {judul}"),
        N_("Berkas dan versi “{judul}” yang memuat data pribadi dimusnahkan besok dan tidak dapat "
           "dikembalikan. Bila keliru, Walidata atau PPID membatalkannya hari ini.")),
    "dimusnahkan": (
        N_("Sudah dimusnahkan: {judul}"),
        N_("Berkas dan versi “{judul}” yang memuat data pribadi sudah dimusnahkan. Catatan "
           "kejadiannya tetap tersimpan.")),
    "pemusnahan_tertahan": (
        N_("Pemusnahan belum selesai: {judul}"),
        N_("Sebagian berkas “{judul}” belum dapat dihapus dan dicoba lagi dengan sendirinya. Lihat "
           "apa yang tertahan di halamannya.")),
})

_RETURNED = (
    N_("Perlu diperbaiki: {judul}"),
    N_("“{judul}” dikembalikan untuk diperbaiki. Baca catatan pemeriksaannya, perbaiki datanya, "
       "lalu kirim lagi."),
)
_UNAPPROVED = (
    N_("Persetujuan dibatalkan: {judul}"),
    N_("Walidata membatalkan persetujuan atas “{judul}”. Baca alasannya, perbaiki datanya, lalu "
       "kirim lagi."),
)
_CONFIRM = (
    N_("Perlu dikonfirmasi: {judul}"),
    N_("Walidata mengetik “{judul}” atas nama {instansi}. Periksa isinya, lalu konfirmasi; baru "
       "setelah itu data dapat dikirim untuk diperiksa."),
)
_WITHDRAWN = (
    N_("Ditarik dari publik: {judul}"),
    N_("“{judul}” tidak lagi dapat dibaca publik. Baca alasannya, lalu perbaiki dan kirim lagi "
       "bila perlu."),
)
_WITHDRAWN_AT_ONCE = (
    N_("Ditarik darurat: {judul}"),
    N_("“{judul}” beserta semua berkasnya ditarik dari publik saat itu juga. Baca alasannya di "
       "halaman pengajuan; di sana pula datanya diperbaiki dan dikirim lagi bila perlu."),
)
_AGAIN = (
    N_("Diperiksa ulang Pembina Data: {judul}"),
    N_("Walidata meminta Pembina Data memeriksa ulang “{judul}”. Anda belum perlu berbuat "
       "apa-apa."),
)

#: Read it beside ``workflow.TRANSITIONS``. A person who stands in several lines of one
#: transition hears the first.
TELLINGS: tuple[Telling, ...] = (
    *(Telling(ON_BEHALF, state, A.CONFIRMERS, K.TUGAS, *_CONFIRM)
      for state in (S.DRAF, S.DIKEMBALIKAN)),
    *(Telling("konfirmasi", state, A.AUTHORS, K.KABAR,
              N_("Sudah dikonfirmasi: {judul}"),
              N_("{instansi} mengonfirmasi isian “{judul}”. Berikutnya instansi mengirimnya untuk "
                 "diperiksa."))
      for state in (S.DRAF, S.DIKEMBALIKAN)),
    Telling("ajukan", S.DIAJUKAN, A.INSPECTORS, K.TUGAS,
            N_("Menunggu pemeriksaan: {judul}"),
            N_("{instansi} mengirim “{judul}”. Mulai periksa, atau biarkan petugas lain "
               "mengambilnya."), not_authors=True),
    Telling("ajukan", S.DIAJUKAN, A.AUTHORS, K.KABAR,
            N_("Sudah dikirim: {judul}"),
            N_("“{judul}” dikirim untuk diperiksa Walidata.")),
    *(Telling("tarik_ajuan", S.DRAF, audience, K.KABAR,
              N_("Kiriman ditarik kembali: {judul}"),
              N_("{instansi} menarik kembali kiriman “{judul}”. Tidak ada yang perlu diperiksa."))
      for audience in (A.AUTHORS, A.INSPECTORS)),
    *(Telling(name, S.DIPERIKSA_WALIDATA, A.INSPECTOR, K.TUGAS,
              N_("Diserahkan kepada Anda: {judul}"),
              N_("Anda ditunjuk memeriksa “{judul}” dari {instansi}."), with_note=True)
      for name in ("periksa", "alihkan")),
    Telling("periksa", S.DIPERIKSA_WALIDATA, A.AUTHORS, K.KABAR,
            N_("Mulai diperiksa: {judul}"),
            N_("Walidata mulai memeriksa “{judul}”.")),
    Telling("kembalikan", S.DIKEMBALIKAN, A.AUTHORS, K.DIKEMBALIKAN, *_RETURNED, with_note=True),
    Telling("kembalikan", S.DIKEMBALIKAN, A.PRODUSEN, K.TUGAS, *_RETURNED, with_note=True),
    Telling("setujui", S.DIPERIKSA_PEMBINA, A.PEMBINA, K.TUGAS,
            N_("Menunggu pemeriksaan Pembina Data: {judul}"),
            N_("Walidata menyetujui “{judul}” dari {instansi}. Sebagai Data Prioritas, data ini "
               "perlu pemeriksaan Anda."), not_authors=True),
    Telling("setujui", S.DIPERIKSA_PEMBINA, A.AUTHORS, K.DISETUJUI,
            N_("Lolos pemeriksaan Walidata: {judul}"),
            N_("Walidata menyetujui “{judul}”. Sebagai Data Prioritas, data ini kini diperiksa "
               "Pembina Data.")),
    Telling("setujui", S.DISETUJUI, A.AUTHORS, K.DISETUJUI,
            N_("Disetujui: {judul}"),
            N_("“{judul}” disetujui.{rilis}")),
    Telling("setujui", S.DISETUJUI, A.PUBLISHERS, K.TUGAS,
            N_("Siap diterbitkan: {judul}"),
            N_("“{judul}” dari {instansi} disetujui dan belum punya jadwal rilis. Terbitkan, atau "
               "atur jadwalnya.")),
    Telling("kembalikan", S.DIKEMBALIKAN_PEMBINA, A.CONVEYORS, K.TUGAS,
            N_("Dikembalikan Pembina Data: {judul}"),
            N_("Pembina Data mengembalikan “{judul}”. Teruskan catatannya ke {instansi}, atau "
               "minta periksa ulang."), with_note=True),
    Telling("minta_periksa_ulang", S.DIPERIKSA_PEMBINA, A.PEMBINA, K.TUGAS,
            N_("Perlu diperiksa ulang: {judul}"),
            N_("Walidata meminta Anda memeriksa ulang “{judul}” dari {instansi}."),
            not_authors=True, with_note=True),
    *(Telling("minta_periksa_ulang", S.DIPERIKSA_PEMBINA, audience, K.KABAR, *_AGAIN)
      for audience in (A.AUTHORS, A.PRODUSEN)),
    Telling("jadwalkan", S.DISETUJUI, A.AUTHORS, K.KABAR,
            N_("Jadwal rilis: {judul}"),
            N_("Jadwal rilis “{judul}” ditetapkan.{rilis}")),
    Telling("batalkan_jadwal", S.DISETUJUI, A.AUTHORS, K.KABAR,
            N_("Jadwal rilis dibatalkan: {judul}"),
            N_("“{judul}” tetap disetujui, tetapi tidak lagi terbit dengan sendirinya. Walidata "
               "menerbitkannya.")),
    Telling("batalkan_jadwal", S.DISETUJUI, A.PUBLISHERS, K.TUGAS,
            N_("Belum punya jadwal rilis: {judul}"),
            N_("“{judul}” dari {instansi} disetujui dan tidak lagi terbit dengan sendirinya. "
               "Terbitkan, atau atur jadwalnya."), with_note=True),
    Telling("batalkan_persetujuan", S.DIKEMBALIKAN, A.AUTHORS, K.DIKEMBALIKAN, *_UNAPPROVED,
            with_note=True),
    Telling("batalkan_persetujuan", S.DIKEMBALIKAN, A.PRODUSEN, K.TUGAS, *_UNAPPROVED,
            with_note=True),
    Telling("terbitkan", S.TERBIT, A.AUTHORS, K.TERBIT,
            N_("Terbit: {judul}"),
            N_("“{judul}” kini dapat dibaca publik.")),
    *(Telling("tarik", S.DITARIK, audience, K.DITARIK, *_WITHDRAWN, with_note=True)
      for audience in (A.AUTHORS, A.PRODUSEN)),
    # The reason of an emergency may name what leaked: it stays in the portal.
    *(Telling("tarik_darurat", S.DITARIK, audience, K.DITARIK, *_WITHDRAWN_AT_ONCE)
      for audience in (A.AUTHORS, A.PRODUSEN, A.INSPECTORS, A.PPID)),
    Telling("batalkan", S.DIBATALKAN, A.AUTHORS, K.KABAR,
            N_("Draf dibatalkan: {judul}"),
            N_("Draf “{judul}” dibatalkan. Versi yang sudah terbit, bila ada, tidak berubah.")),
    *(Telling(ESCALATION, state, A.KOORDINATOR, K.ESKALASI,
              N_("Lewat tenggat: {judul}"),
              N_("“{judul}” dari {instansi} lewat tenggat dan belum ditangani."))
      for state in S),
    *(Telling(name, state, audience, K.DITARIK, *said)
      for name, said in PURGES.items() for state in S
      for audience in ((A.CONVEYORS, A.PPID) if name == "pemusnahan_tertahan" else
                       (A.CONVEYORS, A.PPID, A.AUTHORS, A.PRODUSEN))),
)


def tellings(transition: str, target: str) -> list[Telling]:
    """Return who hears of a transition into a state, the most concerned first."""
    return [each for each in TELLINGS
            if each.transition == transition and each.target.value == target]


def telling_of(transition: str, target: str, kind: str) -> Telling | None:
    """Return the words of one notice, or ``None`` for one of an older version of this table."""
    return next((each for each in tellings(transition, target) if each.kind.value == kind), None)
