"""Who hears of what about access to restricted files: one table beside ``domain/requests.py``."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.notices import Kind

__all__ = ["TELLINGS", "Audience", "Telling"]


class Audience(str, Enum):
    """Who hears; the glue finds the people."""

    PPID = "ppid"
    WALIDATA = "walidata"
    OPD = "opd"  # whoever may write the data, and the official who signs for it
    REQUESTER = "requester"  # with an account; without one they get a letter
    HOLDER = "holder"  # of a permission in their own name


@dataclass(frozen=True)
class Telling:
    """What one audience is told of one event.

    :param kind: decides the person's settings
    :param headline: line of the list and subject of the mail; ``{judul}``, ``{nomor}``
    :param text: what happened and what to do; ``{tanggal}`` too
    :param while_open: no news any more once the request is answered
    :param with_note: the reason that came with it is meant for this audience
    """

    kind: Kind
    headline: str
    text: str
    while_open: bool = False
    with_note: bool = False


A, K = Audience, Kind

_CAME_IN = Telling(
    K.PERMOHONAN, N_("Permohonan akses masuk: {judul}"),
    N_("Permohonan {nomor} meminta berkas “{judul}”. Jawab paling lambat {tanggal} (UU 14/2008 "
       "pasal 22)."), while_open=True)
_SOON = Telling(
    K.PERMOHONAN, N_("Segera jatuh tempo: permohonan {nomor}"),
    N_("Permohonan akses {nomor} atas “{judul}” belum dijawab. Tenggatnya {tanggal}."),
    while_open=True)
_LATE = Telling(
    K.PERMOHONAN, N_("Lewat tenggat: permohonan {nomor}"),
    N_("Permohonan akses {nomor} atas “{judul}” belum dijawab dan tenggatnya {tanggal} sudah "
       "lewat. Pemohon kini dapat mengajukan keberatan."), while_open=True)
_TEST = Telling(
    K.UJI, N_("Uji konsekuensi berakhir: {judul}"),
    N_("Uji konsekuensi {nomor} yang membatasi “{judul}” berlaku sampai {tanggal}. Uji kembali, "
       "atau buka datanya (UU 14/2008 pasal 20)."))

#: (event, audience) -> what it is told. Nobody hears what they did themselves.
TELLINGS: Mapping[tuple[str, Audience], Telling] = MappingProxyType({
    # With an account a request is received as it is made; else as its address is proven.
    ("ajukan", A.PPID): _CAME_IN,
    ("buktikan", A.PPID): _CAME_IN,
    ("segera", A.PPID): _SOON,
    ("segera", A.WALIDATA): _SOON,
    ("lewat", A.PPID): _LATE,
    ("lewat", A.WALIDATA): _LATE,
    ("perpanjang", A.REQUESTER): Telling(
        K.IZIN, N_("Waktu jawaban diperpanjang: {judul}"),
        N_("PPID memerlukan waktu lebih untuk menjawab permohonan Anda {nomor}. Jawabannya datang "
           "paling lambat {tanggal}."), with_note=True),
    ("kabulkan", A.REQUESTER): Telling(
        K.IZIN, N_("Dikabulkan: {judul}"),
        N_("PPID mengabulkan permohonan Anda {nomor}. Masa akses dan syaratnya ada di "
           "jawabannya.")),
    ("kabulkan_sebagian", A.REQUESTER): Telling(
        K.IZIN, N_("Dikabulkan sebagian: {judul}"),
        N_("PPID mengabulkan sebagian permohonan Anda {nomor}. Baca berkas mana yang dibuka, "
           "alasan selebihnya, dan cara mengajukan keberatan."), with_note=True),
    ("tolak", A.REQUESTER): Telling(
        K.IZIN, N_("Ditolak: {judul}"),
        N_("PPID menolak permohonan Anda {nomor}. Baca dasar dan alasannya, dan cara mengajukan "
           "keberatan."), with_note=True),
    ("beri_izin", A.HOLDER): Telling(
        K.IZIN, N_("Anda diberi izin: {judul}"),
        N_("Berkas “{judul}” dapat Anda buka sampai {tanggal}. Setiap pembukaan dicatat.")),
    ("cabut_izin", A.HOLDER): Telling(
        K.IZIN, N_("Izin Anda dicabut: {judul}"),
        N_("Berkas “{judul}” tidak dapat Anda buka lagi."), with_note=True),
    ("izin_berakhir", A.HOLDER): Telling(
        K.IZIN, N_("Izin Anda segera berakhir: {judul}"),
        N_("Berkas “{judul}” dapat Anda buka sampai {tanggal}. Bila masih perlu sesudahnya, minta "
           "akses lagi.")),
    ("uji_berakhir", A.PPID): _TEST,
    ("uji_berakhir", A.OPD): _TEST,
})
