"""Who opened the restricted data of the demo, by what right, and who asks for it.

Days are counted back from the day the demo is made, as in ``stories``; people are named by their
key. What is asked and answered is invented, the people hold the rights they use.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ACTS", "Act", "Answered", "Asked", "Given", "Opened"]


@dataclass(frozen=True)
class Given:
    """A permission; it ends by itself.

    :ivar by: the walidata for those of the government, the PPID for everybody else
    :ivar to: key of the organization whose members it lets in
    :ivar until: days ago of its last day
    """

    days: int
    by: str
    to: str
    until: int
    reason: str


@dataclass(frozen=True)
class Asked:
    """A request by an account.

    :ivar wanted: for how many days
    :ivar answer: ``None`` while it waits for the PPID
    """

    days: int
    by: str
    institution: str
    purpose: str
    wanted: int
    answer: Answered | None = None


@dataclass(frozen=True)
class Answered:
    """What the PPID answered; ``lasts``: days from then until the last one."""

    days: int
    by: str
    lasts: int
    conditions: str


@dataclass(frozen=True)
class Opened:
    """Files that somebody downloaded, all of them, or rows that they read."""

    days: int
    by: str
    rows: bool = False


Act = Given | Asked | Opened

#: By key of the dataset, in their order.
ACTS: Mapping[str, tuple[Act, ...]] = {
    "cadangan-logistik": (
        Given(112, "walidata", "dinas-sosial", 70,
              "Pembagian bantuan sosial bersama BPBD (contoh)."),
        Opened(104, "produsen-dinas-sosial"),
        Opened(61, "pengguna-pemerintah"),
        Opened(33, "pengguna-pemerintah", rows=True),
        Asked(31, "pengguna", "Program studi teknik sipil, universitas di daerah ini (contoh)",
              "Skripsi tentang jarak gudang logistik ke kawasan rawan banjir; hasilnya dibagikan "
              "kepada BPBD.", 180,
              Answered(26, "ppid", 150, "Letak gudang tidak dimuat dalam peta yang diterbitkan.")),
        Opened(25, "pengguna"),
        Asked(12, "wartawan", "Media daring daerah (contoh)",
              "Liputan kesiapan gudang logistik bencana: jumlah barang menurut kecamatan, tanpa "
              "letak gudangnya.", 30),
    ),
}
