"""The board of a recap: where each unit stands, and who has not sent."""
from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from ckanext.satudata.domain.inspection.notes import N_, Message
from ckanext.satudata.domain.intake.states import State

__all__ = ["LABELS", "ORDER", "Sent", "Stand", "counts", "headline", "is_ready", "reminder",
           "sort_key", "stand_of", "subject"]


class Stand(str, Enum):
    """Where a unit stands, from what it sent last."""

    BELUM = "belum"
    PERBAIKI = "perbaiki"
    DIBACA = "dibaca"
    MENUNGGU = "menunggu"
    DITERIMA = "diterima"


LABELS: Mapping[Stand, str] = {
    Stand.BELUM: N_("Belum kirim"), Stand.PERBAIKI: N_("Perlu diperbaiki"),
    Stand.DIBACA: N_("Sedang dibaca"), Stand.MENUNGGU: N_("Menunggu diterima"),
    Stand.DITERIMA: N_("Diterima"),
}
#: What needs somebody comes first.
ORDER: tuple[Stand, ...] = (
    Stand.BELUM, Stand.PERBAIKI, Stand.MENUNGGU, Stand.DIBACA, Stand.DITERIMA)


@dataclass(frozen=True)
class Sent:
    """One setoran of a unit.

    :ivar reading: state of its inspection: ``antre``, ``berjalan``, ``selesai``, ``ditolak``,
        ``gagal``; empty where there is none
    :ivar mend: findings that must be mended; ``questions``: that nobody answered yet
    :ivar tables: how many were found in it, None where nothing is known
    """

    state: State
    at: dt.datetime
    reading: str = ""
    mend: int = 0
    questions: int = 0
    tables: int | None = None


def stand_of(sent: Iterable[Sent]) -> Stand:
    """Return where a unit stands: its newest setoran says, unless that was thrown away.

    What was accepted stays accepted until something newer waits: then that is what is to do.
    """
    those = sorted((each for each in sent if each.state is not State.DIBUANG),
                   key=lambda each: each.at)
    if not those:
        return Stand.BELUM
    last = those[-1]
    if last.state is State.DITERIMA:
        return Stand.DITERIMA
    if last.reading in ("antre", "berjalan"):
        return Stand.DIBACA
    return Stand.MENUNGGU if is_ready(last) else Stand.PERBAIKI


def is_ready(sent: Sent) -> bool:
    """Tell whether a setoran can be accepted with others at once: read, and nothing in its way."""
    return (sent.state is State.MENUNGGU and sent.reading == "selesai" and not sent.mend
            and not sent.questions and bool(sent.tables))


def sort_key(
    stand: Stand, reminded_at: dt.datetime | None, opened_at: dt.datetime | None, code: str
) -> tuple[int, bool, dt.datetime, str]:
    """Return by what units are sorted: who needs most first, among them who heard longest ago.

    Of those who have not sent, who never opened their link comes before who did.
    """
    never = dt.datetime.min.replace(tzinfo=dt.timezone.utc)
    return ORDER.index(stand), opened_at is not None, reminded_at or never, code


def counts(stands: Sequence[Stand]) -> dict[str, int]:
    """Return how many units stand where; every state is there."""
    found = Counter(stands)
    return {each.value: found[each] for each in ORDER}


def headline(stands: Sequence[Stand], kind: str) -> Message:
    """Return what a board says first: who has not sent."""
    found = counts(stands)
    values = {"kind": kind, "count": found["belum"], "all": len(stands),
              "mend": found["perbaiki"], "wait": found["menunggu"]}
    if found["belum"]:
        return Message(N_("{count} dari {all} {kind} belum kirim."), values)
    if found["perbaiki"]:
        return Message(N_("Semua {all} {kind} sudah kirim; {mend} perlu diperbaiki."), values)
    if found["menunggu"] or found["dibaca"]:
        return Message(N_("Semua {all} {kind} sudah kirim; {wait} menunggu Anda terima."), values)
    return Message(N_("Semua {all} {kind} sudah kirim dan diterima."), values)


def reminder(stand: Stand, unit: str, title: str, until: str) -> Message:
    """Return what a unit is told with its link below.

    :param until: the last day in words, empty where none was set
    """
    values = {"unit": unit, "title": title, "until": until}
    if stand is Stand.PERBAIKI:
        return Message(N_(
            "Yth. {unit}, kiriman Anda untuk “{title}” perlu diperbaiki. Buka tautan ini untuk "
            "melihat catatannya, lalu kirim perbaikannya:"), values)
    if until:
        return Message(N_(
            "Yth. {unit}, data “{title}” dari Anda belum kami terima. Mohon dikirim paling lambat "
            "{until} lewat tautan ini. Tidak perlu akun, cukup dari HP:"), values)
    return Message(N_(
        "Yth. {unit}, data “{title}” dari Anda belum kami terima. Mohon dikirim lewat tautan ini. "
        "Tidak perlu akun, cukup dari HP:"), values)


def subject(title: str) -> Message:
    """Return the subject of a mail that reminds."""
    return Message(N_("Belum kami terima: {title}"), {"title": title})
