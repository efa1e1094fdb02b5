"""Who hears of a step of a Berita Acara: the side that must act, or read, next."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ckanext.satudata.domain.berita_acara.steps import Side, State
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.notices import Kind

__all__ = ["TELLINGS", "Telling"]


@dataclass(frozen=True)
class Telling:
    """What one side is told of one step.

    :param kind: decides the person's settings; a task is void once it is done
    :param headline: line of the list and subject of the mail; ``{nomor}``
    :param text: what happened and what to do; ``{nomor}``, ``{instansi}``
    :param with_note: the reason of a refusal is meant for this side
    """

    kind: Kind
    headline: str
    text: str
    with_note: bool = False


_CONFIRM = Telling(
    Kind.TUGAS, N_("Menunggu konfirmasi Anda: berita acara {nomor}"),
    N_("Berita acara {nomor} tentang data {instansi} menunggu konfirmasi pihak Anda. Baca isinya, "
       "lalu konfirmasi, atau tolak dengan alasan."))
_VALID = Telling(
    Kind.KABAR, N_("Berita acara {nomor} dikonfirmasi kedua pihak"),
    N_("Berita acara {nomor} tentang data {instansi} sudah dikonfirmasi kedua pihak dan tidak "
       "berubah lagi. PDF-nya dapat diunduh."))

#: (step, state it led to, side) -> what that side is told.
TELLINGS: Mapping[tuple[str, State, Side], Telling] = MappingProxyType({
    ("terbitkan", State.MENUNGGU, Side.OPD): _CONFIRM,
    ("terbitkan", State.MENUNGGU, Side.WALIDATA): _CONFIRM,
    ("konfirmasi", State.MENUNGGU, Side.OPD): _CONFIRM,
    ("konfirmasi", State.MENUNGGU, Side.WALIDATA): _CONFIRM,
    ("konfirmasi", State.SAH, Side.OPD): _VALID,
    ("konfirmasi", State.SAH, Side.WALIDATA): _VALID,
    ("tolak", State.DITOLAK, Side.WALIDATA): Telling(
        Kind.TUGAS, N_("Berita acara {nomor} ditolak"),
        N_("{instansi} menolak berita acara {nomor}. Isinya kembali menjadi draf: perbaiki, lalu "
           "terbitkan dengan nomor baru, atau batalkan."), with_note=True),
    ("tolak", State.DITOLAK, Side.OPD): Telling(
        Kind.KABAR, N_("Berita acara {nomor} ditolak"),
        N_("Walidata menolak berita acara {nomor} tentang data {instansi} yang pernah dikirim "
           "kepada Anda. Tidak ada yang perlu Anda lakukan; penggantinya menyusul."),
        with_note=True),
})
