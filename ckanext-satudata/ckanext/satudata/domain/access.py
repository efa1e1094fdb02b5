"""Who opens the files of restricted data, by what right, and who lets others in.

Metadata is public whatever the level; the level is about files and rows. Two tables say it, and
what is not in them is not allowed:

- :data:`OPENS`, from Perpres 39/2019 art. 18-19, 34 and 39 and UU 14/2008 art. 17-19: whose duty
  opens files of which level;
- :data:`GIVES`, from Perpres 39/2019 art. 37: the walidata answers for government users, the
  PPID for everybody else.

Everybody else needs a permission of their own (*izin*), for a reason and until a day. It opens
either level: UU 14/2008 art. 17 excludes information from the public, not from whom the PPID
names, and an exclusion is not for ever (art. 20).
"""
from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from ckanext.satudata.domain.roles import Actor, Role, Subject, roles_of

__all__ = [
    "GIVES",
    "LONGEST",
    "OPENS",
    "Audience",
    "Basis",
    "Holder",
    "Level",
    "Permit",
    "Right",
    "Standing",
    "audience_of",
    "audiences",
    "level_of",
    "opened_by",
    "standing",
]

#: No permission is given for longer; it can be given again. An exclusion is re-tested (UU 14/2008
#: art. 20), and so is what was let through it.
LONGEST = dt.timedelta(days=366)


class Level(str, Enum):
    """How far a dataset's files are open; the value is a code of the vocabulary ``akses``."""

    TERBUKA = "terbuka"
    TERBATAS = "terbatas"
    TERTUTUP = "tertutup"

    @property
    def restricted(self) -> bool:
        """Tell whether not everybody opens its files."""
        return self is not Level.TERBUKA


class Basis(str, Enum):
    """By what right somebody opens files; what the log keeps."""

    TERBUKA = "terbuka"  # nothing to ask
    INSTANSI = "instansi"  # of the OPD that made it
    PEMERIKSA = "pemeriksa"  # inspects it
    PPID = "ppid"
    PEMERINTAH = "pemerintah"  # a government user, without a letter
    IZIN = "izin"  # a permission given to them
    DRAF = "draf"  # not public: its maker without an organization, or the pembina at work
    PENGELOLA = "pengelola"  # runs the portal
    SERVER = "server"  # the portal itself, no person


class Audience(str, Enum):
    """For whom a permission is: art. 37 names who answers for each."""

    PEMERINTAH = "pemerintah"
    UMUM = "umum"


class Holder(str, Enum):
    """What a permission names."""

    ORANG = "orang"  # a user, by id
    INSTANSI = "instansi"  # the members of an organization, by id
    PERAN = "peran"  # whoever holds a role, by code
    PERMOHONAN = "permohonan"  # the personal link of a request made without an account, by its id


class Standing(str, Enum):
    """Where a permission stands."""

    BELUM_MULAI = "belum_mulai"
    BERLAKU = "berlaku"
    BERAKHIR = "berakhir"
    DICABUT = "dicabut"


_ALL = frozenset({Level.TERBATAS, Level.TERTUTUP})
_TERBATAS = frozenset({Level.TERBATAS})

#: Whose duty opens files of which level, within the scope of the role.
OPENS: Mapping[Role, tuple[Basis, frozenset[Level]]] = MappingProxyType({
    # art. 19: made it, keeps it, answers for it.
    Role.PRODUSEN_DATA: (Basis.INSTANSI, _ALL),
    Role.AGEN_STATISTIK: (Basis.INSTANSI, _ALL),
    Role.PEJABAT_PENGELOLA_DATA: (Basis.INSTANSI, _ALL),
    Role.ANGGOTA: (Basis.INSTANSI, _ALL),
    # art. 18, 34: cannot inspect what they cannot open.
    Role.WALIDATA: (Basis.PEMERIKSA, _ALL),
    Role.WALIDATA_PENDUKUNG: (Basis.PEMERIKSA, _ALL),
    # UU 14/2008 art. 13, 19: tests the consequences and keeps what is excluded.
    Role.PPID: (Basis.PPID, _ALL),
    # Perpres 39/2019 art. 39: no letter, no MoU; excluded information all the same is excluded.
    Role.PENGGUNA_PEMERINTAH: (Basis.PEMERINTAH, _TERBATAS),
})

#: Who lets whom in: art. 37 (4), the walidata for government users, the PPID for everybody else.
GIVES: Mapping[Role, Audience] = MappingProxyType({
    Role.WALIDATA: Audience.PEMERINTAH,
    Role.PPID: Audience.UMUM,
})


@dataclass(frozen=True)
class Permit:
    """An *izin*: a permission given to somebody by name.

    :param holder: id of a user or an organization, or code of a role
    :param until: the moment after its last day
    :param files: ids of the resources it opens; empty: all of the dataset
    """

    id: str
    kind: Holder
    holder: str
    since: dt.datetime
    until: dt.datetime
    revoked: bool = False
    files: frozenset[str] = frozenset()

    def opens(self, resource: str, now: dt.datetime) -> bool:
        """Tell whether it is in force and for this file; no file: for all of them."""
        return standing(self, now) is Standing.BERLAKU and (
            not self.files or resource in self.files)


@dataclass(frozen=True)
class Right:
    """By what somebody may open files.

    :param role: the role, where it is one that opens them
    :param permit: id of the permission, where it is one
    """

    basis: Basis
    role: Role | None = None
    permit: str | None = None


def level_of(*codes: object) -> Level:
    """Return the strictest of some levels: of a dataset today and of an earlier version of it.

    No code is open, as data from before the field existed is. A code that is not known is closed:
    it may have meant anything.
    """
    found = Level.TERBUKA
    for code in codes:
        if code in (None, ""):
            continue
        try:
            level = Level(code)
        except ValueError:
            return Level.TERTUTUP
        found = max(found, level, key=list(Level).index)
    return found


def opened_by(
    actor: Actor, level: Level, subject: Subject, permits: Iterable[Permit], now: dt.datetime,
    resource: str = "",
) -> Right | None:
    """Return by what right somebody opens the files of public data, ``None`` without any.

    A duty goes before a permission, and running the portal comes last, so that the log names the
    reason that would hold for anybody.

    :param permits: those of this dataset, whoever they name
    :param resource: id of the file; empty asks for all of them
    """
    if not level.restricted:
        return Right(Basis.TERBUKA)
    for role in roles_of(actor, subject):
        basis, levels = OPENS.get(role, (None, frozenset[Level]()))
        if basis is not None and level in levels:
            return Right(basis, role=role)
    for permit in permits:
        if permit.opens(resource, now) and _names(permit, actor):
            return Right(Basis.IZIN, permit=permit.id)
    return Right(Basis.PENGELOLA) if actor.sysadmin else None


def standing(permit: Permit, now: dt.datetime) -> Standing:
    """Tell where a permission stands at a moment."""
    if permit.revoked:
        return Standing.DICABUT
    if now < permit.since:
        return Standing.BELUM_MULAI
    return Standing.BERLAKU if now < permit.until else Standing.BERAKHIR


def audiences(actor: Actor) -> frozenset[Audience]:
    """Return for whom somebody may give permissions, and answer requests."""
    if actor.sysadmin:
        return frozenset(Audience)
    return frozenset(GIVES[each.role] for each in actor.grants if each.role in GIVES)


def audience_of(kind: Holder, holder: Actor | None = None) -> Audience:
    """Tell who answers for whom a permission names.

    Every role and every organization of the portal is of the government; a person is who holds
    one or is a member of one. Who asked without an account is nobody of it that we know.
    """
    if kind is Holder.PERMOHONAN:
        return Audience.UMUM
    if kind is not Holder.ORANG:
        return Audience.PEMERINTAH
    return Audience.PEMERINTAH if holder is not None and holder.grants else Audience.UMUM


def _names(permit: Permit, actor: Actor) -> bool:
    if not actor.id:
        return False
    if permit.kind is Holder.ORANG:
        return permit.holder == actor.id
    if permit.kind is Holder.INSTANSI:
        return permit.holder in _member_of(actor)
    return permit.kind is Holder.PERAN and permit.holder in {
        each.role.value for each in actor.grants}


def _member_of(actor: Actor) -> Collection[str]:
    return {each.scope for each in actor.grants
            if each.role in (Role.PRODUSEN_DATA, Role.ANGGOTA)}
