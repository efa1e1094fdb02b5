"""A request for a restricted file: its states, who takes which step, and its clock, as tables.

UU 14/2008 (KIP) art. 22: the PPID answers within ten working days and may once take seven more,
with its reasons in writing; a refusal names the exception of art. 17 it rests on. Who is not
content objects to the PPID's superior (art. 35 and 36), which every answer says. The law sets
these numbers, so they are no configuration; only the days off are (``domain/workdays.py``).
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from ckanext.satudata.domain import workdays
from ckanext.satudata.domain.errors import FourEyesError, NotAllowedError, StateConflictError
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.roles import SCOPES, Actor, Role, ScopeKind

__all__ = [
    "ANSWERED",
    "ANSWER_DAYS",
    "EXTENSION_DAYS",
    "GIVES",
    "GRANT_WARNING_DAYS",
    "GROUNDS",
    "LABELS",
    "OBJECTION_DAYS",
    "OPEN",
    "PROOF_DAYS",
    "STEPS",
    "TEST_WARNING_DAYS",
    "Desk",
    "Facts",
    "Ground",
    "Party",
    "State",
    "Step",
    "Urgency",
    "answer_due",
    "decide",
    "desk",
    "extended_due",
    "objection_due",
    "urgency",
]

#: Art. 22(7), 22(8) and 36(1), in working days.
ANSWER_DAYS = 10
EXTENSION_DAYS = 7
OBJECTION_DAYS = 30
#: Days in which somebody without an account proves that the e-mail address is theirs.
PROOF_DAYS = 7
#: An open request is "soon" in its last working days, counted after today.
SOON_DAYS = 2
#: So many days before its end is told that a permission, or a test of consequences, ends.
GRANT_WARNING_DAYS, TEST_WARNING_DAYS = 7, 30


class State(str, Enum):
    """Where a request stands."""

    MENUNGGU_BUKTI = "menunggu_bukti"  # the e-mail address is not proven yet: no clock runs
    MASUK = "masuk"
    DIPERPANJANG = "diperpanjang"
    DIKABULKAN = "dikabulkan"
    SEBAGIAN = "sebagian"
    DITOLAK = "ditolak"
    DIBATALKAN = "dibatalkan"


class Party(str, Enum):
    """Who takes a step."""

    PEMOHON = "pemohon"
    PPID = "ppid"
    WAKTU = "waktu"  # the clock


S = State
#: Waits for the PPID.
OPEN = frozenset({S.MASUK, S.DIPERPANJANG})
#: Answered, in the sense of art. 22(7).
ANSWERED = frozenset({S.DIKABULKAN, S.SEBAGIAN, S.DITOLAK})
#: Opens files.
GIVES = frozenset({S.DIKABULKAN, S.SEBAGIAN})

LABELS: Mapping[State, str] = MappingProxyType({
    S.MENUNGGU_BUKTI: N_("Surel belum dibuktikan"),
    S.MASUK: N_("Menunggu jawaban"),
    S.DIPERPANJANG: N_("Waktu diperpanjang"),
    S.DIKABULKAN: N_("Dikabulkan"),
    S.SEBAGIAN: N_("Dikabulkan sebagian"),
    S.DITOLAK: N_("Ditolak"),
    S.DIBATALKAN: N_("Dibatalkan"),
})


@dataclass(frozen=True)
class Step:
    """One thing that can be done with a request.

    :param files: some of the files are opened, until a day that is named
    :param grounds: an exception of art. 17 must be named, with a reason in words
    :param reason: a reason in words must come with it
    """

    name: str
    sources: frozenset[State]
    target: State
    parties: frozenset[Party]
    files: bool = False
    grounds: bool = False
    reason: bool = False


_PPID, _ASKER = frozenset({Party.PPID}), frozenset({Party.PEMOHON})

#: The whole life of a request.
STEPS: Mapping[str, Step] = MappingProxyType({step.name: step for step in (
    Step("buktikan", frozenset({S.MENUNGGU_BUKTI}), S.MASUK, _ASKER),
    Step("kabulkan", OPEN, S.DIKABULKAN, _PPID, files=True),
    # art. 22(7)e: what is left out is left out for a reason of art. 17 as well.
    Step("kabulkan_sebagian", OPEN, S.SEBAGIAN, _PPID, files=True, grounds=True, reason=True),
    Step("tolak", OPEN, S.DITOLAK, _PPID, grounds=True, reason=True),
    # art. 22(8): once, and with the reasons in writing.
    Step("perpanjang", frozenset({S.MASUK}), S.DIPERPANJANG, _PPID, reason=True),
    Step("batalkan", OPEN | {S.MENUNGGU_BUKTI}, S.DIBATALKAN, _ASKER),
    Step("lewat_bukti", frozenset({S.MENUNGGU_BUKTI}), S.DIBATALKAN, frozenset({Party.WAKTU})),
)})


class Ground(str, Enum):
    """What a refusal may rest on: the letters of UU 14/2008 art. 17, and no other."""

    A = "17a"
    B = "17b"
    C = "17c"
    D = "17d"
    E = "17e"
    F = "17f"
    G = "17g"
    H = "17h"
    I = "17i"  # noqa: E741  (the law's letter)
    J = "17j"


#: Each ground in the law's own words, shortened.
GROUNDS: Mapping[Ground, str] = MappingProxyType({
    Ground.A: N_("Pasal 17 huruf a: dapat menghambat proses penegakan hukum"),
    Ground.B: N_("Pasal 17 huruf b: dapat mengganggu hak atas kekayaan intelektual atau "
                 "perlindungan dari persaingan usaha tidak sehat"),
    Ground.C: N_("Pasal 17 huruf c: dapat membahayakan pertahanan dan keamanan negara"),
    Ground.D: N_("Pasal 17 huruf d: dapat mengungkapkan kekayaan alam Indonesia"),
    Ground.E: N_("Pasal 17 huruf e: dapat merugikan ketahanan ekonomi nasional"),
    Ground.F: N_("Pasal 17 huruf f: dapat merugikan kepentingan hubungan luar negeri"),
    Ground.G: N_("Pasal 17 huruf g: dapat mengungkapkan isi akta autentik yang bersifat pribadi "
                 "atau wasiat seseorang"),
    Ground.H: N_("Pasal 17 huruf h: dapat mengungkap rahasia pribadi"),
    Ground.I: N_("Pasal 17 huruf i: memorandum atau surat antar atau intra badan publik yang "
                 "menurut sifatnya dirahasiakan"),
    Ground.J: N_("Pasal 17 huruf j: tidak boleh diungkapkan berdasarkan undang-undang"),
})


# ------------------------------------------------------------------------------------ the desk
class Sight(str, Enum):
    """What a role has of the desk."""

    ANSWERS = "menjawab"
    READS = "membaca"


#: The PPID decides (UU 14/2008 art. 13 and 19); the walidata, who runs the portal, and the OPD,
#: whose data it is, see what is asked. A plain member of the OPD does not: a request says who
#: somebody is and what they are after.
_DESK: Mapping[Role, Sight] = MappingProxyType({
    Role.PPID: Sight.ANSWERS,
    Role.WALIDATA: Sight.READS,
    Role.WALIDATA_PENDUKUNG: Sight.READS,
    Role.PRODUSEN_DATA: Sight.READS,
    Role.PEJABAT_PENGELOLA_DATA: Sight.READS,
    Role.AGEN_STATISTIK: Sight.READS,
})


@dataclass(frozen=True)
class Desk:
    """What somebody sees of the requests, grants and downloads.

    :param organizations: ids of the OPD whose data it is; ``None`` for all
    :param answers: decides
    :param addresses: is shown the e-mail addresses of who asks (UU 27/2022 art. 27: no more
        people than need them)
    """

    organizations: frozenset[str] | None
    answers: bool
    addresses: bool

    @property
    def is_open(self) -> bool:
        """Whether there is anything to see at all."""
        return self.organizations is None or bool(self.organizations)

    def sees(self, organization: str) -> bool:
        """Tell whether a request for data of this OPD is among them."""
        return self.organizations is None or organization in self.organizations


def desk(actor: Actor) -> Desk:
    """Return what a person sees of the desk; somebody without a role sees nothing."""
    everywhere, answers, mine = actor.sysadmin, actor.sysadmin, set[str]()
    for grant in actor.grants:
        sight = _DESK.get(grant.role)
        if sight is None:
            continue
        if SCOPES[grant.role] is ScopeKind.INSTALASI:
            everywhere = True
            answers = answers or sight is Sight.ANSWERS
        elif grant.scope:
            mine.add(grant.scope)
    return Desk(None if everywhere else frozenset(mine), answers, everywhere)


# ---------------------------------------------------------------------------------- the decision
@dataclass(frozen=True)
class Facts:
    """What :func:`decide` needs to know of a request.

    :param requester: id of the account it was made with, empty without one
    """

    state: State
    requester: str = ""
    due_at: dt.datetime | None = None


def decide(facts: Facts, name: str, party: Party, now: dt.datetime, actor: Actor | None = None
           ) -> State:
    """Decide a step: the state after it.

    :param party: for whom it is taken; that ``actor`` may speak for the PPID is decided here
    :raises NotAllowedError: this person may not, whatever the state
    :raises FourEyesError: nobody answers what they asked themselves
    :raises StateConflictError: not in this state, or too late for it
    """
    step = STEPS[name]
    if party not in step.parties or (
            party is Party.PPID and not (actor is not None and desk(actor).answers)):
        raise NotAllowedError(N_("Hanya PPID yang menjawab permohonan akses."))
    if party is Party.PPID and actor is not None and actor.id == facts.requester:
        raise FourEyesError(N_(
            "Permohonan ini Anda ajukan sendiri. Minta PPID lain yang menjawabnya."))
    if facts.state not in step.sources:
        raise StateConflictError(_not_now(facts.state, name), facts.state.value)
    if name == "perpanjang" and facts.due_at is not None and now > facts.due_at:
        raise StateConflictError(N_(
            "Tenggatnya sudah lewat, jadi waktunya tidak dapat diperpanjang lagi (UU 14/2008 "
            "pasal 22 ayat (8)). Jawab permohonannya sekarang."), facts.state.value)
    return step.target


def _not_now(state: State, name: str) -> str:
    if state is State.DIPERPANJANG and name == "perpanjang":
        return N_("Waktunya sudah diperpanjang satu kali; undang-undang tidak memberi yang kedua. "
                  "Jawab permohonannya.")
    if state is State.MENUNGGU_BUKTI:
        return N_("Pemohon belum membuktikan alamat surelnya, jadi belum ada yang dapat dijawab.")
    if state in ANSWERED:
        return N_("Permohonan ini sudah dijawab. Muat ulang halamannya untuk membaca jawabannya.")
    return N_("Langkah itu tidak berlaku lagi untuk permohonan ini. Muat ulang halamannya.")


# ------------------------------------------------------------------------------------- the clock
def answer_due(
    received: dt.datetime, holidays: Collection[dt.date], tz: dt.tzinfo
) -> dt.datetime:
    """Return until when the PPID answers what came in at a moment (art. 22(7))."""
    return workdays.add_working_days(received, ANSWER_DAYS, holidays, tz)


def extended_due(due: dt.datetime, holidays: Collection[dt.date], tz: dt.tzinfo) -> dt.datetime:
    """Return the deadline after its one extension: counted on from the old one (art. 22(8))."""
    return workdays.add_working_days(due, EXTENSION_DAYS, holidays, tz)


def objection_due(
    answered: dt.datetime, holidays: Collection[dt.date], tz: dt.tzinfo
) -> dt.datetime:
    """Return until when an objection to an answer can be raised (art. 36(1))."""
    return workdays.add_working_days(answered, OBJECTION_DAYS, holidays, tz)


class Urgency(str, Enum):
    """How an open request stands to its deadline."""

    NONE = ""
    SOON = "segera"
    LATE = "lewat"


def urgency(
    state: State, due: dt.datetime | None, now: dt.datetime, holidays: Collection[dt.date],
    tz: dt.tzinfo,
) -> Urgency:
    """Tell whether a request is late or soon will be; one that waits for nobody is neither."""
    if state not in OPEN or due is None:
        return Urgency.NONE
    if now > due:
        return Urgency.LATE
    left = workdays.working_days_left(now, due, holidays, tz)
    return Urgency.SOON if left <= SOON_DAYS else Urgency.NONE
