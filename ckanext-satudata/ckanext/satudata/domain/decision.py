"""The rule that decides about a step of the workflow: who, from where, with what.

It reads the table of ``workflow.py``; what is known of a submission comes in as :class:`Facts`.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ckanext.satudata.domain.errors import (
    FourEyesError,
    NotAllowedError,
    StateConflictError,
    TransitionInvalidError,
    UninspectedError,
    VersionConflictError,
    WorkflowError,
)
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.roles import Actor, Permission, Subject, may
from ckanext.satudata.domain.versions.kinds import Change, Kind, propose
from ckanext.satudata.domain.workflow import (
    PERMISSIONS,
    STATE_LABELS,
    TRANSITIONS,
    Demand,
    Effect,
    State,
    Transition,
    by_name,
)

__all__ = [
    "MAX_AHEAD",
    "MAX_NOTE",
    "Facts",
    "Outcome",
    "Request",
    "Rules",
    "answered",
    "available",
    "blocked",
    "decide",
    "uninspected",
]

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
    :param inspecting: number of files whose automatic inspection is not done
    :param stopping: number of open *wajib diperbaiki* of checks that only another file settles;
        ``stopping_names``: which
    :param to_explain: number of those that a reason settles and that have none
    :param untidy: number of files whose clean table is still being made, or loaded
    :param left_out: number of files of which every table was left out
    :param questions: of how clean tables were read, that nobody answered
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
    inspecting: int = 0
    stopping: int = 0
    stopping_names: str = ""
    to_explain: int = 0
    untidy: int = 0
    left_out: int = 0
    questions: int = 0


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
    if request.transition not in PERMISSIONS:
        raise TransitionInvalidError({"transition": N_(
            "Langkah “{transition}” tidak dikenal. Pakai salah satu dari {known}.")},
            transition=request.transition[:50], known=", ".join(sorted(
                name for name, asked in PERMISSIONS.items() if asked and name != "mulai")))
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
    if request.seen not in (None, facts.version) and not transition.blind:
        raise VersionConflictError(
            N_("Data berubah sejak Anda melihatnya (Anda melihat versi {seen}, sekarang {now}). "
               "Muat ulang halaman, periksa perubahannya, lalu putuskan lagi."),
            facts.version, seen=request.seen, now=facts.version)
    if request.seen is None and not clock and not transition.blind:
        raise TransitionInvalidError({"expected_version": N_(
            "Sebut versi yang Anda lihat. Ambil “version” dari satudata_submission_show.")})
    hindrance = blocked(transition, facts, actor, rules)
    if hindrance is not None:
        raise hindrance
    _check_demand(transition, facts, request, rules, now)
    if transition.effect is Effect.SUBMIT and facts.to_explain and not request.reason.strip():
        raise TransitionInvalidError({"reason": N_(
            "Tulis apa yang diperbaiki dan mengapa: angka yang sudah terbit berubah, dan "
            "pemakainya akan membaca alasan ini.")})
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
    if transition.effect in (Effect.APPROVE, Effect.PUBLISH) and facts.inspecting:
        return uninspected(facts.state, facts.inspecting)
    if transition.effect is Effect.APPROVE and facts.blocking:
        return TransitionInvalidError({"findings": N_(
            "Belum bisa disetujui: {count} catatan wajib diperbaiki. Kembalikan dengan catatan "
            "itu, atau selesaikan catatannya bila keliru.")}, count=facts.blocking)
    return None


def uninspected(state: State, count: int) -> UninspectedError:
    """Return why a version waits whose files are not inspected yet."""
    return UninspectedError(N_(
        "Pemeriksaan otomatis masih berjalan ({count} berkas). Tunggu sebentar, lalu kirim "
        "lagi."), state.value, count=count)


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
        {transition.permission} if transition and transition.permission else PERMISSIONS[name])
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
    if facts.inspecting:
        return uninspected(facts.state, facts.inspecting)
    if facts.untidy:
        return UninspectedError(N_(
            "Tabel rapi masih disiapkan ({count} berkas). Tunggu sebentar, lalu kirim lagi."),
            facts.state.value, count=facts.untidy)
    if facts.left_out:
        return TransitionInvalidError({"findings": N_(
            "{count} berkas tidak menjadi tabel: tidak terbaca, atau semua tabelnya dilewati. Di "
            "halaman “Periksa hasil baca” periksa ulang atau tampilkan lagi tabelnya, pilih "
            "berkas aslinya, atau hapus berkas itu.")},
            count=facts.left_out)
    if facts.questions:
        return TransitionInvalidError({"findings": N_(
            "{count} pertanyaan tentang isi berkas belum dijawab. Jawab di halaman “Periksa hasil "
            "baca”; kami tidak menebak.")}, count=facts.questions)
    if facts.stopping:
        return TransitionInvalidError({"findings": N_(
            "Pemeriksaan otomatis menemukan {count} hal yang wajib diperbaiki: {names}. Perbaiki "
            "berkasnya lalu unggah lagi. Bila temuannya keliru, minta Walidata "
            "mengesampingkannya.")}, count=facts.stopping, names=facts.stopping_names)
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
