"""From draft to a document nobody changes: the steps, as a table.

The walidata's side prepares and issues; each side confirms by a different person; until
both have, either side may refuse with a reason, and the draft comes back as a new document.
A number once given is never given again, so a refused document keeps its own.
"""
from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from ckanext.satudata.domain.errors import FourEyesError, NotAllowedError, StateConflictError
from ckanext.satudata.domain.metadata_values import N_
from ckanext.satudata.domain.roles import (
    GRANTS,
    SCOPES,
    Actor,
    Permission,
    Reach,
    Role,
    ScopeKind,
    Subject,
    may,
    roles_of,
)

__all__ = [
    "ISSUED",
    "LABELS",
    "STEPS",
    "Facts",
    "Readers",
    "Side",
    "State",
    "Step",
    "decide",
    "readers",
    "sides_of",
]


class State(str, Enum):
    """Where a Berita Acara stands."""

    DRAF = "draf"
    MENUNGGU = "menunggu"  # issued, frozen and numbered, waiting for confirmations
    SAH = "sah"  # confirmed by both sides
    DITOLAK = "ditolak"
    DIBATALKAN = "dibatalkan"  # a draft that came to nothing


class Side(str, Enum):
    """The two sides of the table."""

    WALIDATA = "walidata"
    OPD = "opd"


#: Numbered. Only then does anybody but the walidata's side see it: a draft is a desk.
ISSUED = frozenset({State.MENUNGGU, State.SAH, State.DITOLAK})

#: What people read on badges and pages.
LABELS: Mapping[State, str] = {
    State.DRAF: N_("Draf"),
    State.MENUNGGU: N_("Menunggu konfirmasi"),
    State.SAH: N_("Dikonfirmasi kedua pihak"),
    State.DITOLAK: N_("Ditolak"),
    State.DIBATALKAN: N_("Dibatalkan"),
}

#: Whose word counts for which side. A plain member of the OPD speaks for nobody.
_SPEAKERS = {
    Side.WALIDATA: frozenset({Role.WALIDATA, Role.WALIDATA_PENDUKUNG}),
    Side.OPD: frozenset({
        Role.PRODUSEN_DATA, Role.PEJABAT_PENGELOLA_DATA, Role.AGEN_STATISTIK}),
}


@dataclass(frozen=True)
class Step:
    """One thing that can be done with a Berita Acara."""

    name: str
    sources: frozenset[State]
    target: State
    sides: frozenset[Side]
    needs_reason: bool = False


_D, _M = frozenset({State.DRAF}), frozenset({State.MENUNGGU})
_W, _BOTH = frozenset({Side.WALIDATA}), frozenset(Side)

STEPS: dict[str, Step] = {step.name: step for step in (
    Step("ubah", _D, State.DRAF, _W),
    Step("terbitkan", _D, State.MENUNGGU, _W),
    Step("batalkan", _D, State.DIBATALKAN, _W),
    Step("konfirmasi", _M, State.SAH, _BOTH),
    Step("tolak", _M, State.DITOLAK, _BOTH, needs_reason=True),
)}


@dataclass(frozen=True)
class Facts:
    """What :func:`decide` needs to know of a document.

    :param confirmed: side -> id of the user who confirmed for it
    """

    state: State
    organization: str
    created_by: str
    confirmed: dict[Side, str]


def sides_of(actor: Actor, organization: str) -> frozenset[Side]:
    """Return the sides this person may speak for toward this OPD.

    A sysadmin without a role speaks for neither: a confirmation says that a person of that
    office agreed, and running the server does not make one of them.
    """
    subject = Subject(organization=organization)
    plain = Actor(id=actor.id, name=actor.name, grants=actor.grants)
    if not may(plain, Permission.BERITA_ACARA, subject):
        return frozenset()
    held = frozenset(roles_of(plain, subject))
    return frozenset(side for side, roles in _SPEAKERS.items() if held & roles)


@dataclass(frozen=True)
class Readers:
    """Which documents somebody may read.

    :param everything: all that are issued
    :param organizations: the issued ones of these OPD
    :param kinds: the issued ones with an item of these jenis_data that a pembina was handed
    :param drafts: drafts too: of all OPD (``None``) or of these
    """

    everything: bool
    organizations: frozenset[str]
    kinds: frozenset[str]
    drafts: frozenset[str] | None

    def may_read(self, organization: str, kinds: Collection[str], state: State) -> bool:
        """Tell whether one document is among them."""
        if state not in ISSUED:
            return self.drafts is None or organization in self.drafts
        return (self.everything or organization in self.organizations
                or bool(self.kinds.intersection(kinds)))


def readers(actor: Actor) -> Readers:
    """Return what a person may read: whoever may read the OPD's submissions, and its pembina."""
    everything = actor.sysadmin
    organizations: set[str] = set()
    kinds: set[str] = set()
    desks: set[str] = set()
    at_all_desks = actor.sysadmin
    for grant in actor.grants:
        reach, kind = GRANTS[grant.role].get(Permission.BACA), SCOPES[grant.role]
        if reach is Reach.SCOPE and kind is ScopeKind.INSTALASI:
            everything = True
        elif reach is Reach.SCOPE and kind is ScopeKind.INSTANSI:
            organizations.add(grant.scope)
        elif reach is Reach.AT_PEMBINA:
            kinds.add(grant.scope)
        if grant.role in _SPEAKERS[Side.WALIDATA]:
            at_all_desks = at_all_desks or kind is ScopeKind.INSTALASI
            desks.add(grant.scope)
    return Readers(everything, frozenset(organizations - {""}), frozenset(kinds - {""}),
                   None if at_all_desks else frozenset(desks - {""}))


def decide(facts: Facts, name: str, actor: Actor, side: Side | None = None) -> tuple[State, Side]:
    """Decide a step: the state after it, and the side it is done for.

    :param side: for whom, where the actor may speak for both sides
    :raises NotAllowedError: this person may not, whatever the state
    :raises FourEyesError: this person prepared it, or confirmed for the other side already
    :raises StateConflictError: not in this state, or this side has confirmed already
    """
    step = STEPS[name]
    chosen = _choose(_allowed(step, actor, facts.organization), side, facts)
    if facts.state not in step.sources:
        raise StateConflictError(
            N_("Langkah itu tidak berlaku lagi untuk berita acara ini. Muat ulang halamannya "
               "untuk melihat keadaannya sekarang."), facts.state.value)
    if name != "konfirmasi":
        return step.target, chosen
    if chosen in facts.confirmed:
        raise StateConflictError(
            N_("Pihak Anda sudah mengonfirmasi. Tidak ada yang perlu Anda lakukan."),
            facts.state.value)
    if actor.id in facts.confirmed.values() or (
            chosen is Side.OPD and actor.id == facts.created_by):
        raise FourEyesError(N_(
            "Kedua pihak harus dikonfirmasi oleh orang yang berbeda. Mintalah rekan Anda yang "
            "mewakili pihak itu."))
    complete = len(facts.confirmed) + 1 == len(Side)
    return (State.SAH if complete else State.MENUNGGU), chosen


def _allowed(step: Step, actor: Actor, organization: str) -> frozenset[Side]:
    """Return the sides the actor may take this step for."""
    sides = sides_of(actor, organization) & step.sides
    if not sides and actor.sysadmin and step.name != "konfirmasi":
        return step.sides
    if not sides:
        raise NotAllowedError(N_(
            "Hanya pihak yang tercantum di berita acara ini yang dapat melakukannya."))
    return sides


def _choose(sides: Collection[Side], asked: Side | None, facts: Facts) -> Side:
    if asked is not None:
        if asked not in sides:
            raise NotAllowedError(N_("Anda tidak mewakili pihak itu."))
        return asked
    # Who may speak for both speaks for the one that has not confirmed yet.
    waiting = [side for side in Side if side in sides and side not in facts.confirmed]
    return waiting[0] if waiting else next(side for side in Side if side in sides)
