"""What follows the red button: the question why, and the deletion of personal data.

UU 27/2022 art. 43-44: who controls personal data deletes it, and destroys it where keeping it has
no ground any more; art. 46: what leaked is written down. So the files go after some days in which
a mistake can be mended, and what was done, by whose decision, stays.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from ckanext.satudata.domain.errors import StateConflictError, TransitionInvalidError
from ckanext.satudata.domain.metadata_values import N_

__all__ = [
    "ASKED", "BACKOFF", "MAX_DAYS", "MAX_NOTE", "PLANNED", "STATE_LABELS", "Explained", "Kind",
    "Plan", "State", "cancelled", "explained", "next_try", "parse_days", "warns",
]

MAX_DAYS = 365
MAX_NOTE = 10_000
#: Until the next try of a deletion that failed, by the number of tries; the last stands for more.
BACKOFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=6))
_WARNED_BEFORE = timedelta(days=1)


class State(str, Enum):
    """Where one press of the red button stands."""

    MENUNGGU = "menunggu"  # nobody has said yet what happened
    TANPA = "tanpa"  # explained: no personal data in it
    TERJADWAL = "terjadwal"  # explained: what was chosen is deleted on a day
    BATAL = "batal"  # the plan was taken back: nothing is deleted
    BERJALAN = "berjalan"  # being deleted; there is no way back
    SELESAI = "selesai"


STATE_LABELS: Mapping[State, str] = {
    State.MENUNGGU: N_("Menunggu penjelasan"),
    State.TANPA: N_("Tidak memuat data pribadi"),
    State.TERJADWAL: N_("Pemusnahan dijadwalkan"),
    State.BATAL: N_("Pemusnahan dibatalkan"),
    State.BERJALAN: N_("Sedang dimusnahkan"),
    State.SELESAI: N_("Sudah dimusnahkan"),
}
#: Somebody has to answer.
ASKED = frozenset({State.MENUNGGU})
#: The clock will do something.
PLANNED = frozenset({State.TERJADWAL, State.BERJALAN})
_FINAL = frozenset({State.BERJALAN, State.SELESAI})


class Kind(str, Enum):
    """What can be deleted by itself."""

    BERKAS = "berkas"  # bytes, in whichever versions they were
    TABEL = "tabel"  # rows of a table that is the data
    TAUTAN = "tautan"  # a file at another address, of which only the address is ours
    ISIAN = "isian"  # what a version said of itself
    DRAF = "draf"  # what was never published
    SURAT = "surat"  # scan of a letter it was handed in with


@dataclass(frozen=True)
class Plan:
    """What is known of one press when somebody answers or takes the plan back."""

    state: State


@dataclass(frozen=True)
class Explained:
    """What the answer leads to.

    :param due_at: when it is deleted, ``None`` where nothing is
    """

    state: State
    due_at: datetime | None


def explained(
    plan: Plan, note: str, chosen: Sequence[str], now: datetime, days: int
) -> Explained:
    """Say what follows from an answer; it may be given anew until the deletion begins.

    :param chosen: keys of what holds personal data; none: it holds none
    :param days: until the deletion, as configured
    :raises StateConflictError: it is deleted already
    :raises TransitionInvalidError: no reason
    """
    if plan.state in _FINAL:
        raise StateConflictError(N_(
            "Pemusnahan sudah berjalan, jadi penjelasannya tidak dapat diubah lagi."), plan.state)
    if not note.strip():
        raise TransitionInvalidError({"note": N_("Tulis apa yang terjadi; ini tetap tercatat.")})
    if not chosen:
        return Explained(State.TANPA, None)
    return Explained(State.TERJADWAL, now + timedelta(days=days))


def cancelled(plan: Plan) -> State:
    """Say what a plan that is taken back becomes.

    :raises StateConflictError: there is none, or it is too late
    """
    if plan.state is not State.TERJADWAL:
        raise StateConflictError(
            N_("Pemusnahan sudah berjalan dan tidak dapat dibatalkan.") if plan.state in _FINAL
            else N_("Tidak ada pemusnahan yang dijadwalkan."), plan.state)
    return State.BATAL


def warns(explained_at: datetime, due_at: datetime, now: datetime) -> bool:
    """Tell whether it is time to say that something is deleted within a day."""
    return due_at - explained_at >= _WARNED_BEFORE and now >= due_at - _WARNED_BEFORE


def next_try(attempts: int, now: datetime) -> datetime:
    """Return when a deletion that failed so many times is tried again."""
    return now + BACKOFF[min(max(attempts, 1), len(BACKOFF)) - 1]


def parse_days(text: str) -> int:
    """Read how many days lie between the answer and the deletion.

    :raises ValueError: saying what to write
    """
    cleaned = text.strip()
    if not (cleaned.isascii() and cleaned.isdigit()) or int(cleaned) > MAX_DAYS:
        raise ValueError(f"{text!r} is not a number of days. Write 0 (at once) to {MAX_DAYS}")
    return int(cleaned)
