"""The approval workflow: states, transitions and the rule that decides.

Perpres 39/2019 art. 32-39: a producer hands data in (*pengumpulan*), the walidata inspects it
against the four principles and returns what does not conform (*pemeriksaan*, art. 34), Data
Prioritas is inspected again by the pembina whose result the walidata conveys (art. 35), and
only then is it made public (*penyebarluasan*). :data:`TRANSITIONS` is that, line by line.

A *submission* is one version of one dataset on its way to the public.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from ckanext.satudata.domain.errors import (
    FourEyesError,
    NotAllowedError,
    StateConflictError,
    TransitionInvalidError,
    VersionConflictError,
    WorkflowError,
)
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.roles import Actor, Permission, Subject, may
from ckanext.satudata.domain.versions.kinds import Change, Kind, propose

__all__ = [
    "EDITABLE",
    "EMERGENCY",
    "FROZEN",
    "MAX_AHEAD",
    "OPEN",
    "PUBLIC",
    "PUBLIC_TRANSITIONS",
    "STATE_LABELS",
    "TRANSITIONS",
    "WITH_PEMBINA",
    "Demand",
    "Effect",
    "Facts",
    "Outcome",
    "Request",
    "Rules",
    "State",
    "Transition",
    "answered",
    "available",
    "blocked",
    "by_name",
    "decide",
]


class State(str, Enum):
    """Where a version stands; the value is its code in the vocabulary ``status_alur``."""

    DRAF = "draf"
    DIAJUKAN = "diajukan"
    DIPERIKSA_WALIDATA = "diperiksa_walidata"
    DIKEMBALIKAN = "dikembalikan"
    DIPERIKSA_PEMBINA = "diperiksa_pembina"
    DIKEMBALIKAN_PEMBINA = "dikembalikan_pembina"
    DISETUJUI = "disetujui"
    TERBIT = "terbit"
    DIGANTIKAN = "digantikan"
    DITARIK = "ditarik"
    DIBATALKAN = "dibatalkan"


S = State

#: The producer may change the content.
EDITABLE = frozenset({S.DRAF, S.DIKEMBALIKAN})
#: On its way to a decision: the content is what was submitted.
FROZEN = frozenset({
    S.DIAJUKAN, S.DIPERIKSA_WALIDATA, S.DIPERIKSA_PEMBINA, S.DIKEMBALIKAN_PEMBINA, S.DISETUJUI})
#: Somebody still has to do something.
OPEN = EDITABLE | FROZEN
#: Everybody may see it.
PUBLIC = frozenset({S.TERBIT})
#: What changes what everybody sees.
PUBLIC_TRANSITIONS = frozenset({"terbitkan", "tarik", "tarik_darurat", "gantikan"})
#: The pembina inspects it, or has done so.
WITH_PEMBINA = frozenset({S.DIPERIKSA_PEMBINA, S.DIKEMBALIKAN_PEMBINA})

#: What people read on badges and pages.
STATE_LABELS: Mapping[State, str] = {
    S.DRAF: N_("Draf"),
    S.DIAJUKAN: N_("Menunggu pemeriksaan"),
    S.DIPERIKSA_WALIDATA: N_("Diperiksa Walidata"),
    S.DIKEMBALIKAN: N_("Dikembalikan"),
    S.DIPERIKSA_PEMBINA: N_("Diperiksa Pembina Data"),
    S.DIKEMBALIKAN_PEMBINA: N_("Dikembalikan Pembina Data"),
    S.DISETUJUI: N_("Disetujui"),
    S.TERBIT: N_("Terbit"),
    S.DIGANTIKAN: N_("Digantikan"),
    S.DITARIK: N_("Ditarik"),
    S.DIBATALKAN: N_("Dibatalkan"),
}


class Effect(str, Enum):
    """What a transition does beside changing the state."""

    NONE = ""
    START = "start"  # a first version begins
    REVISE = "revise"  # the next version of the same dataset begins
    CONFIRM = "confirm"  # the producer takes over what was typed on their behalf
    SUBMIT = "submit"
    INSPECT = "inspect"  # the actor, or the one named, is the inspector
    RETURN = "return"  # what the inspectors noted goes to the producer
    APPROVE = "approve"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    PUBLISH = "publish"  # the only one that makes anything public
    SUPERSEDE = "supersede"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"


class Demand(str, Enum):
    """What must come with a transition."""

    NONE = ""
    REASON = "reason"  # a note
    FINDING_OR_REASON = "finding_or_reason"  # an open catatan, or a note
    INSPECTOR = "inspector"  # the user who takes over
    RELEASE_AT = "release_at"


@dataclass(frozen=True)
class Transition:
    """One line of the law.

    :param permission: ``None`` where only another transition causes it
    :param label: on the button; ``{instansi}`` is the short name of the OPD
    :param four_eyes: refused to whoever submitted or edited this version
    :param to_pembina: where it leads instead when a re-check by the pembina is due
    :param owners_only: beside the permission: whoever submitted it, or an admin of the OPD
    :param primary: the one a person with several choices most likely wants
    """

    name: str
    source: State | None
    target: State
    permission: Permission | None
    label: str
    effect: Effect = Effect.NONE
    demand: Demand = Demand.NONE
    four_eyes: bool = False
    to_pembina: State | None = None
    owners_only: bool = False
    primary: bool = False


P, E, D = Permission, Effect, Demand
#: The one button against a leak: takes away every version there was.
EMERGENCY = "tarik_darurat"
_EMERGENCY = tuple(
    Transition(EMERGENCY, state, S.DITARIK, P.TARIK_DARURAT, N_("Tarik darurat"), E.WITHDRAW)
    for state in S if state in OPEN | PUBLIC
)

#: Perpres 39/2019 art. 32-39 as data; read it from top to bottom.
TRANSITIONS: tuple[Transition, ...] = (
    Transition("mulai", None, S.DRAF, P.ISI, N_("Mulai"), E.START),
    Transition("revisi", S.TERBIT, S.DRAF, P.REVISI, N_("Perbarui data"), E.REVISE, primary=True),
    Transition("revisi", S.DITARIK, S.DRAF, P.REVISI, N_("Perbaiki dan ajukan lagi"), E.REVISE,
               primary=True),
    Transition("konfirmasi", S.DRAF, S.DRAF, P.KONFIRMASI, N_("Konfirmasi isian"), E.CONFIRM,
               primary=True),
    Transition("konfirmasi", S.DIKEMBALIKAN, S.DIKEMBALIKAN, P.KONFIRMASI, N_("Konfirmasi isian"),
               E.CONFIRM, primary=True),
    Transition("ajukan", S.DRAF, S.DIAJUKAN, P.AJUKAN, N_("Kirim untuk diperiksa"), E.SUBMIT,
               primary=True),
    Transition("ajukan", S.DIKEMBALIKAN, S.DIAJUKAN, P.AJUKAN, N_("Kirim lagi untuk diperiksa"),
               E.SUBMIT, primary=True),
    Transition("tarik_ajuan", S.DIAJUKAN, S.DRAF, P.TARIK_AJUAN, N_("Tarik kembali kiriman"),
               owners_only=True),
    Transition("periksa", S.DIAJUKAN, S.DIPERIKSA_WALIDATA, P.PERIKSA, N_("Mulai periksa"),
               E.INSPECT, primary=True),
    Transition("setujui", S.DIPERIKSA_WALIDATA, S.DISETUJUI, P.SETUJUI, N_("Setujui"), E.APPROVE,
               four_eyes=True, to_pembina=S.DIPERIKSA_PEMBINA, primary=True),
    Transition("kembalikan", S.DIPERIKSA_WALIDATA, S.DIKEMBALIKAN, P.KEMBALIKAN,
               N_("Kembalikan ke {instansi}"), E.RETURN, D.FINDING_OR_REASON),
    Transition("alihkan", S.DIPERIKSA_WALIDATA, S.DIPERIKSA_WALIDATA, P.ALIHKAN,
               N_("Serahkan ke petugas lain"), E.INSPECT, D.INSPECTOR),
    Transition("setujui", S.DIPERIKSA_PEMBINA, S.DISETUJUI, P.PERIKSA_PEMBINA, N_("Setujui"),
               E.APPROVE, four_eyes=True, primary=True),
    Transition("kembalikan", S.DIPERIKSA_PEMBINA, S.DIKEMBALIKAN_PEMBINA, P.PERIKSA_PEMBINA,
               N_("Kembalikan ke Walidata"), demand=D.FINDING_OR_REASON),
    # art. 35(4): the walidata conveys what the pembina found.
    Transition("kembalikan", S.DIKEMBALIKAN_PEMBINA, S.DIKEMBALIKAN, P.TERUSKAN,
               N_("Teruskan ke {instansi}"), E.RETURN, primary=True),
    Transition("minta_periksa_ulang", S.DIKEMBALIKAN_PEMBINA, S.DIPERIKSA_PEMBINA, P.TERUSKAN,
               N_("Minta Pembina Data memeriksa ulang"), demand=D.REASON),
    Transition("terbitkan", S.DISETUJUI, S.TERBIT, P.TERBITKAN, N_("Terbitkan sekarang"),
               E.PUBLISH, primary=True),
    Transition("jadwalkan", S.DISETUJUI, S.DISETUJUI, P.TERBITKAN, N_("Atur jadwal rilis"),
               E.SCHEDULE, D.RELEASE_AT),
    Transition("batalkan_jadwal", S.DISETUJUI, S.DISETUJUI, P.TERBITKAN,
               N_("Batalkan jadwal rilis"), E.UNSCHEDULE),
    Transition("batalkan_persetujuan", S.DISETUJUI, S.DIKEMBALIKAN, P.BATALKAN_PERSETUJUAN,
               N_("Batalkan persetujuan"), E.RETURN, D.REASON),
    Transition("gantikan", S.TERBIT, S.DIGANTIKAN, None, N_("Digantikan versi baru"),
               E.SUPERSEDE),
    Transition("tarik", S.TERBIT, S.DITARIK, P.TARIK, N_("Tarik dari publik"), E.WITHDRAW,
               D.REASON),
    *_EMERGENCY,
    Transition("batalkan", S.DRAF, S.DIBATALKAN, P.BATALKAN, N_("Batalkan draf"), E.CANCEL),
    Transition("batalkan", S.DIKEMBALIKAN, S.DIBATALKAN, P.BATALKAN, N_("Batalkan draf"),
               E.CANCEL),
)

_BY_NAME: dict[tuple[State | None, str], Transition] = {(t.source, t.name): t for t in TRANSITIONS}
_PERMISSIONS: dict[str, frozenset[Permission]] = {
    name: frozenset(t.permission for t in TRANSITIONS if t.name == name and t.permission)
    for name in {t.name for t in TRANSITIONS}
}
MAX_NOTE = 10_000
#: A release further off than this is a slip of the keyboard; the dataset would never appear.
MAX_AHEAD = timedelta(days=5 * 366)


@dataclass(frozen=True)
class Rules:
    """What this government configured.

    :param pembina_for: kinds of data whose Data Prioritas the pembina checks again; in a region
        usually statistik and geospasial (art. 35 gives it to the central pembina only)
    :param letter_needed: an OPD's official signs ``ajukan`` with a surat pengantar
    """

    pembina_for: frozenset[str] = frozenset({"statistik", "geospasial"})
    letter_needed: bool = False


@dataclass(frozen=True)
class Facts:
    """What is known of a submission when a transition is decided.

    :param version: goes up with every content write and every transition
    :param authors: ids of whoever created, edited, typed, confirmed or submitted this version
    :param on_behalf: typed by the walidata and not confirmed by the producer yet
    :param typed_by: id of the walidata staff who typed it, or empty
    :param blocking: number of open *wajib diperbaiki* catatan
    :param unanswered: of those given to the producer, how many are not :func:`answered`
    :param gaps: number of fields the law demands that are still empty
    :param open_findings: number of open catatan of any severity
    :param revision_open: a newer version of this dataset is under way
    :param change: against the version that was public last; ``None`` for a first version
    """

    state: State
    version: int
    subject: Subject
    authors: frozenset[str] = frozenset()
    submitted_by: str = ""
    typed_by: str = ""
    on_behalf: bool = False
    prioritas: bool = False
    blocking: int = 0
    unanswered: int = 0
    gaps: int = 0
    open_findings: int = 0
    revision_open: bool = False
    release_at: datetime | None = None
    change: Change | None = None


@dataclass(frozen=True)
class Request:
    """What somebody asks for.

    :param seen: the version they saw, or ``None`` for the clock
    :param inspector: who shall inspect (``periksa``, ``alihkan``)
    :param letter: number and date of the surat pengantar
    :param kind: why this version follows another (:class:`Kind`); empty: as proposed
    :param reason: what was wrong, or what is new, as everybody will read it
    """

    transition: str
    seen: int | None
    note: str = ""
    findings: int = 0
    inspector: Actor | None = None
    release_at: datetime | None = None
    letter: Mapping[str, object] = field(default_factory=dict[str, object])
    kind: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Outcome:
    """What was decided.

    :param kind: of a version that is handed in to follow another, else empty
    """

    transition: Transition
    target: State
    kind: str = ""


def answered(answered_at: datetime | None, given_at: datetime | None) -> bool:
    """Tell whether a catatan is answered: after the return that gave it to the producer.

    Returned again it asks again, for what the producer said before did not settle it.

    :param given_at: the last return that brought it, ``None`` while only inspectors know of it
    """
    return answered_at is not None and (given_at is None or answered_at >= given_at)


def by_name(state: State | None, name: str) -> Transition | None:
    """Return the transition of that name from that state, if there is one."""
    return _BY_NAME.get((state, name))


def decide(
    facts: Facts, request: Request, actor: Actor, rules: Rules, now: datetime,
    clock: bool = False,
) -> Outcome:
    """Say where a transition leads, or why it is refused.

    In this order, so that nobody learns of a state they may not act on: permission of the
    person (403), state and version (409), then what came with it. Called under the row lock.

    :param clock: the timed release acts, not a person
    :raises NotAllowedError: may not do this to this submission in any state
    :raises StateConflictError: not from this state
    :raises VersionConflictError: the submission is not the one that was seen
    :raises TransitionInvalidError: something needed is missing
    """
    if request.transition not in _PERMISSIONS:
        raise TransitionInvalidError({"transition": N_(
            "Langkah “{transition}” tidak dikenal. Pakai salah satu dari {known}.")},
            transition=request.transition[:50], known=", ".join(sorted(
                name for name, asked in _PERMISSIONS.items() if asked and name != "mulai")))
    transition = by_name(facts.state, request.transition)
    if clock:
        _check_clock(facts, request, transition, now)
    else:
        _check_permission(facts, request.transition, transition, actor)
    if transition is None or transition.permission is None:
        raise StateConflictError(
            N_("Langkah ini tidak bisa dijalankan: data sedang berstatus “{status}”. Muat ulang "
               "halaman untuk melihat langkah yang tersedia."),
            facts.state.value, status=STATE_LABELS[facts.state])
    if request.seen is not None and request.seen != facts.version:
        raise VersionConflictError(
            N_("Data berubah sejak Anda melihatnya (Anda melihat versi {seen}, sekarang {now}). "
               "Muat ulang halaman, periksa perubahannya, lalu putuskan lagi."),
            facts.version, seen=request.seen, now=facts.version)
    if request.seen is None and not clock:
        raise TransitionInvalidError({"expected_version": N_(
            "Sebut versi yang Anda lihat. Ambil “version” dari satudata_submission_show.")})
    hindrance = blocked(transition, facts, actor, rules)
    if hindrance is not None:
        raise hindrance
    _check_demand(transition, facts, request, rules, now)
    return Outcome(transition, _target(transition, facts, rules),
                   _kind(facts.change, request) if transition.effect is Effect.SUBMIT else "")


def blocked(
    transition: Transition, facts: Facts, actor: Actor, rules: Rules
) -> WorkflowError | None:
    """Return why a transition of this state is refused to somebody who may do it as such."""
    if transition.four_eyes and actor.id in facts.authors:
        return FourEyesError(N_(
            "Anda ikut menyusun data ini, jadi petugas lain yang memutuskan."))
    if transition.owners_only and not (
        actor.id == facts.submitted_by or facts.subject.organization in actor.admin_of
        or actor.sysadmin
    ):
        return NotAllowedError(N_(
            "Hanya yang mengirim data ini, atau admin instansinya, yang bisa menariknya kembali."))
    if transition.effect is Effect.REVISE and facts.revision_open:
        return StateConflictError(N_(
            "Versi berikutnya sudah disiapkan. Lanjutkan versi itu, atau batalkan dahulu."),
            facts.state.value)
    if transition.effect is Effect.UNSCHEDULE and facts.release_at is None:
        return StateConflictError(N_(
            "Data ini tidak punya jadwal rilis. Terbitkan bila sudah waktunya."),
            facts.state.value)
    if transition.effect is Effect.CONFIRM and not facts.on_behalf:
        return StateConflictError(N_(
            "Tidak ada isian atas nama instansi yang menunggu konfirmasi."), facts.state.value)
    if transition.effect is Effect.CONFIRM and actor.id == facts.typed_by:
        return FourEyesError(N_(
            "Anda yang mengetik isian ini, jadi orang lain dari instansi itu yang mengonfirmasi."))
    if transition.effect is Effect.SUBMIT:
        return _unfit(facts, actor, rules)
    if transition.effect is Effect.APPROVE and facts.blocking:
        return TransitionInvalidError({"findings": N_(
            "Belum bisa disetujui: {count} catatan wajib diperbaiki. Kembalikan dengan catatan "
            "itu, atau selesaikan catatannya bila keliru.")}, count=facts.blocking)
    return None


def available(
    facts: Facts, actor: Actor, rules: Rules
) -> list[tuple[Transition, WorkflowError | None]]:
    """Return the transitions somebody may do now, each with what still stands in its way."""
    found: list[tuple[Transition, WorkflowError | None]] = []
    for transition in TRANSITIONS:
        if transition.source is not facts.state or transition.permission is None:
            continue
        if not may(actor, transition.permission, facts.subject):
            continue
        if transition.effect is Effect.CONFIRM and not facts.on_behalf:
            continue
        if transition.effect is Effect.UNSCHEDULE and facts.release_at is None:
            continue
        found.append((transition, blocked(transition, facts, actor, rules)))
    return found


def _target(transition: Transition, facts: Facts, rules: Rules) -> State:
    if (transition.to_pembina and facts.prioritas
            and facts.subject.jenis_data in rules.pembina_for):
        return transition.to_pembina
    return transition.target


def _kind(change: Change | None, request: Request) -> str:
    """Return the kind of a version that follows another, or say what it must be told with.

    Who used the figures must learn what is different now and why (Perpres 39/2019 art. 33).
    """
    if change is None:
        return ""
    try:
        kind = Kind(request.kind) if request.kind else propose(change)
    except ValueError:
        raise TransitionInvalidError({"kind": N_(
            "Jenis versi “{kind}” tidak dikenal. Pakai salah satu dari {known}.")},
            kind=request.kind[:50], known=", ".join(Kind)) from None
    if kind is Kind.PERUBAHAN_METADATA and change.files:
        raise TransitionInvalidError({"kind": N_(
            "Berkasnya ikut berubah, jadi ini bukan perubahan metadata saja. Pilih rilis baru atau "
            "perbaikan.")})
    if (kind is Kind.PERBAIKAN or change.past_changed) and not request.reason.strip():
        raise TransitionInvalidError({"reason": N_(
            "Tulis apa yang diperbaiki dan mengapa: angka yang sudah terbit berubah, dan "
            "pemakainya akan membaca alasan ini.")})
    return kind.value


def _check_permission(
    facts: Facts, name: str, transition: Transition | None, actor: Actor
) -> None:
    wanted = (
        {transition.permission} if transition and transition.permission else _PERMISSIONS[name])
    if not wanted or not any(
            each and may(actor, each, facts.subject) for each in wanted):
        raise NotAllowedError(N_(
            "Anda tidak berwenang atas langkah ini. Hubungi admin portal bila peran Anda keliru."))


def _check_clock(
    facts: Facts, request: Request, transition: Transition | None, now: datetime
) -> None:
    if transition is None or transition.effect is not Effect.PUBLISH:
        raise StateConflictError(
            N_("Jadwal rilis tidak berlaku lagi: data sedang berstatus “{status}”."),
            facts.state.value, status=STATE_LABELS[facts.state])
    if facts.release_at is None or facts.release_at > now:
        raise StateConflictError(N_("Jadwal rilis belum tiba."), facts.state.value)


def _unfit(facts: Facts, actor: Actor, rules: Rules) -> WorkflowError | None:
    if facts.on_behalf:
        return StateConflictError(N_(
            "Isian ini diketik Walidata atas nama instansi. Instansi mengonfirmasinya dahulu."),
            facts.state.value)
    if facts.unanswered:
        return TransitionInvalidError({"findings": N_(
            "Masih ada {count} catatan wajib diperbaiki yang belum dijawab. Perbaiki datanya, lalu "
            "jawab tiap catatan.")}, count=facts.unanswered)
    if facts.change is not None and facts.change.past_changed is None:
        return StateConflictError(N_(
            "Perbandingan dengan versi yang terbit belum selesai ({progress} %). Tunggu sebentar, "
            "lalu kirim lagi."), facts.state.value, progress=facts.change.progress)
    if facts.gaps:
        return TransitionInvalidError({"metadata": N_(
            "Masih ada {count} isian wajib yang kosong atau keliru. Lengkapi dahulu; daftarnya ada "
            "di halaman pengajuan.")}, count=facts.gaps)
    # Last: until the rest is done there is nothing to sign, and it is the producer who does it.
    if rules.letter_needed and not may(actor, Permission.TANDA_TANGAN, facts.subject):
        return NotAllowedError(N_(
            "Kiriman instansi ini ditandatangani pejabat pengelola data. Minta beliau "
            "mengirimkannya dari halaman ini."))
    return None


def _check_demand(
    transition: Transition, facts: Facts, request: Request, rules: Rules, now: datetime
) -> None:
    note = request.note.strip()
    if transition.demand is Demand.REASON and not note:
        raise TransitionInvalidError({"note": N_("Tulis alasannya; instansi akan membacanya.")})
    if (transition.demand is Demand.FINDING_OR_REASON and not note and not request.findings
            and not facts.open_findings):
        raise TransitionInvalidError({"note": N_(
            "Tulis alasannya atau tambahkan paling sedikit satu catatan pemeriksaan.")})
    if transition.effect is Effect.INSPECT:
        _check_inspector(transition, facts, request)
    if transition.demand is Demand.RELEASE_AT and request.release_at is None:
        raise TransitionInvalidError({"release_at": N_(
            "Pilih tanggal dan jam rilis.")})
    if request.release_at is not None:
        if transition.effect not in (Effect.SCHEDULE, Effect.APPROVE):
            raise TransitionInvalidError({"release_at": N_(
                "Langkah ini tidak memakai jadwal. Pakai “jadwalkan” atau “setujui”.")})
        if transition.to_pembina and _target(transition, facts, rules) is transition.to_pembina:
            raise TransitionInvalidError({"release_at": N_(
                "Pembina Data memeriksa data ini dahulu. Atur jadwal rilisnya setelah ia setuju.")})
        if request.release_at <= now:
            raise TransitionInvalidError({"release_at": N_(
                "Waktu rilis sudah lewat. Pilih waktu yang akan datang, atau terbitkan sekarang.")})
        if request.release_at > now + MAX_AHEAD:
            raise TransitionInvalidError({"release_at": N_(
                "Waktu rilis lebih dari lima tahun lagi. Periksa tahunnya.")})
    if (transition.effect is Effect.SUBMIT and rules.letter_needed
            and not (request.letter.get("nomor") and request.letter.get("tanggal"))):
        raise TransitionInvalidError({"letter": N_(
            "Isi nomor dan tanggal surat pengantar.")})


def _check_inspector(transition: Transition, facts: Facts, request: Request) -> None:
    who = request.inspector
    if who is None:
        if transition.demand is Demand.INSPECTOR:
            raise TransitionInvalidError({"inspector": N_("Pilih petugas yang memeriksa.")})
        return
    if not may(who, Permission.PERIKSA, facts.subject):
        raise TransitionInvalidError({"inspector": N_(
            "{name} tidak berwenang memeriksa data instansi ini. Pilih petugas Walidata lain.")},
            name=who.name)
