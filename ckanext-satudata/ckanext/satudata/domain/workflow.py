"""The approval workflow: its states and transitions; ``decision.py`` reads the table.

Perpres 39/2019 art. 32-39: a producer hands data in (*pengumpulan*), the walidata inspects it
against the four principles and returns what does not conform (*pemeriksaan*, art. 34), Data
Prioritas is inspected again by the pembina whose result the walidata conveys (art. 35), and
only then is it made public (*penyebarluasan*). :data:`TRANSITIONS` is that, line by line.

A *submission* is one version of one dataset on its way to the public.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.roles import Permission

__all__ = [
    "EDITABLE",
    "EMERGENCY",
    "FROZEN",
    "OPEN",
    "PERMISSIONS",
    "PUBLIC",
    "PUBLIC_TRANSITIONS",
    "STATE_LABELS",
    "TRANSITIONS",
    "WITH_PEMBINA",
    "Demand",
    "Effect",
    "State",
    "Transition",
    "by_name",
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
    :param blind: done whatever changed since somebody looked: what leaks waits for nobody who
        edits the draft meanwhile
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
    blind: bool = False


P, E, D = Permission, Effect, Demand
#: The one button against a leak: takes away every version there was.
EMERGENCY = "tarik_darurat"
_EMERGENCY = tuple(
    Transition(EMERGENCY, state, S.DITARIK, P.TARIK_DARURAT, N_("Tarik darurat"), E.WITHDRAW,
               blind=True)
    for state in S if state in OPEN | PUBLIC
)

#: Perpres 39/2019 art. 32-39 as data; read it from top to bottom.
TRANSITIONS: tuple[Transition, ...] = (
    Transition("mulai", None, S.DRAF, P.ISI, N_("Mulai"), E.START),
    Transition("revisi", S.TERBIT, S.DRAF, P.REVISI, N_("Perbarui data"), E.REVISE, primary=True),
    Transition("revisi", S.DITARIK, S.DRAF, P.REVISI, N_("Perbaiki dan kirim lagi"), E.REVISE,
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
#: Every permission a name may need, by the name.
PERMISSIONS: dict[str, frozenset[Permission]] = {
    name: frozenset(t.permission for t in TRANSITIONS if t.name == name and t.permission)
    for name in {t.name for t in TRANSITIONS}
}


def by_name(state: State | None, name: str) -> Transition | None:
    """Return the transition of that name from that state, if there is one."""
    return _BY_NAME.get((state, name))
