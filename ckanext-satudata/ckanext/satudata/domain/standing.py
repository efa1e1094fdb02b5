"""Whether a role that was given holds now, and if not, why.

A role rests on more than its dates: its holder must still be there and, for some, still belong
to the organization they act for (Perpres 39/2019 art. 18: the walidata is one perangkat daerah).
Asked anew at each act, so that nobody has to remember to take a role away.
"""
from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from ckanext.satudata.domain.roles import SCOPES, Role, ScopeKind

__all__ = ["DERIVED", "HELD_BY_MEMBERS", "Held", "Standing", "grantable", "standing"]

#: Follow from the membership in CKAN; nobody grants them.
DERIVED = frozenset({Role.PRODUSEN_DATA, Role.ANGGOTA})

#: Only for members of an organization: the walidata's own, or the one in the scope.
HELD_BY_MEMBERS = frozenset({Role.WALIDATA, Role.PEJABAT_PENGELOLA_DATA, Role.AGEN_STATISTIK})

#: The order of Perpres 39/2019: art. 18-19, 20-24, then 37 and 39; ours beside their like.
_ORDER = (
    Role.PEMBINA_DATA, Role.WALIDATA, Role.WALIDATA_PENDUKUNG, Role.PEJABAT_PENGELOLA_DATA,
    Role.AGEN_STATISTIK, Role.KOORDINATOR_FORUM, Role.SEKRETARIAT, Role.PPID, Role.PIMPINAN,
    Role.PENGGUNA_PEMERINTAH,
)


class Standing(str, Enum):
    """Where a grant stands; only :attr:`BERLAKU` gives anything."""

    BERLAKU = "berlaku"
    BELUM_MULAI = "belum_mulai"
    BERAKHIR = "berakhir"
    DICABUT = "dicabut"
    PENGGUNA_NONAKTIF = "pengguna_nonaktif"
    BUKAN_ANGGOTA = "bukan_anggota"
    INSTANSI_NONAKTIF = "instansi_nonaktif"
    WALIDATA_BELUM_DIATUR = "walidata_belum_diatur"
    TIDAK_DIKENAL = "tidak_dikenal"


@dataclass(frozen=True)
class Held:
    """A grant with all it rests on.

    :param role: ``None`` for a role this version of the software does not know
    :param until: the moment it ends, ``None`` for a grant without end
    :param member_of: ids of the active organizations its holder belongs to, in any capacity
    :param scope_active: the organization in the scope is there and active
    :param walidata: id of the organization that is the walidata, empty where none is set
    """

    role: Role | None
    scope: str
    since: dt.datetime
    until: dt.datetime | None = None
    revoked: bool = False
    user_active: bool = True
    member_of: frozenset[str] = frozenset()
    scope_active: bool = True
    walidata: str = ""


def grantable() -> tuple[Role, ...]:
    """Return the roles that can be given, in the order of the law."""
    return _ORDER


def standing(held: Held, now: dt.datetime) -> Standing:
    """Tell whether a grant holds at a moment; of several reasons why not, the most final one."""
    if held.role is None or held.role in DERIVED:
        return Standing.TIDAK_DIKENAL
    if held.revoked:
        return Standing.DICABUT
    if held.until is not None and held.until <= now:
        return Standing.BERAKHIR
    if not held.user_active:
        return Standing.PENGGUNA_NONAKTIF
    lost = _lost(held, held.role)
    if lost is not None:
        return lost
    return Standing.BELUM_MULAI if now < held.since else Standing.BERLAKU


def _lost(held: Held, role: Role) -> Standing | None:
    """Return what of the organizations and the scope the grant rests on is gone."""
    kind = SCOPES[role]
    if kind is ScopeKind.JENIS_DATA and not held.scope:
        return Standing.TIDAK_DIKENAL
    if kind is ScopeKind.INSTANSI and not (held.scope and held.scope_active):
        return Standing.INSTANSI_NONAKTIF
    if role is Role.WALIDATA and not held.walidata:
        return Standing.WALIDATA_BELUM_DIATUR
    if role in HELD_BY_MEMBERS:
        needed = held.walidata if role is Role.WALIDATA else held.scope
        if needed not in held.member_of:
            return Standing.BUKAN_ANGGOTA
    return None
