"""Who may do what: roles of Satu Data Indonesia, permissions, and one table that joins them.

Roles are those of Perpres 39/2019 art. 11-22 and, for restricted data, of UU 14/2008 (PPID).
A role alone gives nothing: it is granted with a scope, and a permission reaches as far as
:data:`GRANTS` says. Being an admin of a CKAN organization is being a *produsen*, never a
*walidata*: the one who makes data does not judge it.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

__all__ = [
    "GRANTS",
    "SCOPES",
    "Actor",
    "Grant",
    "Permission",
    "Reach",
    "Role",
    "ScopeKind",
    "Subject",
    "may",
    "roles_of",
]


class Role(str, Enum):
    """A role; the value is its code in the vocabulary ``peran``."""

    PRODUSEN_DATA = "produsen_data"
    PEJABAT_PENGELOLA_DATA = "pejabat_pengelola_data"
    AGEN_STATISTIK = "agen_statistik"
    WALIDATA = "walidata"
    WALIDATA_PENDUKUNG = "walidata_pendukung"
    SEKRETARIAT = "sekretariat"
    KOORDINATOR_FORUM = "koordinator_forum"
    PEMBINA_DATA = "pembina_data"
    PPID = "ppid"
    PIMPINAN = "pimpinan"
    PENGGUNA_PEMERINTAH = "pengguna_pemerintah"
    ANGGOTA = "anggota"  # a member of the OPD in CKAN; never stored as a grant


class Permission(str, Enum):
    """Something a person may do with one submission, or with the portal."""

    BACA = "baca"
    ISI = "isi"
    ISI_ATAS_NAMA = "isi_atas_nama"
    KONFIRMASI = "konfirmasi"
    AJUKAN = "ajukan"
    TANDA_TANGAN = "tanda_tangan"
    TARIK_AJUAN = "tarik_ajuan"
    PERIKSA = "periksa"
    ALIHKAN = "alihkan"
    KEMBALIKAN = "kembalikan"
    SETUJUI = "setujui"
    PERIKSA_PEMBINA = "periksa_pembina"
    TERUSKAN = "teruskan"
    TERBITKAN = "terbitkan"
    BATALKAN_PERSETUJUAN = "batalkan_persetujuan"
    TARIK = "tarik"
    TARIK_DARURAT = "tarik_darurat"
    REVISI = "revisi"
    BATALKAN = "batalkan"
    BERITA_ACARA = "berita_acara"
    PANTAU = "pantau"
    BACA_TERBATAS = "baca_terbatas"
    BUAT_TAUTAN = "buat_tautan"
    KELOLA_PERAN = "kelola_peran"
    KELOLA_KODE = "kelola_kode"


class ScopeKind(str, Enum):
    """What the scope of a grant names."""

    INSTALASI = "instalasi"  # the whole government: no scope to name
    INSTANSI = "instansi"  # one organization, by id
    JENIS_DATA = "jenis_data"  # a code of the vocabulary jenis_data


class Reach(str, Enum):
    """How far a permission of a role reaches."""

    SCOPE = "scope"  # what the grant's scope covers
    RESTRICTED = "restricted"  # only data under access restriction (UU 14/2008)
    AT_PEMBINA = "at_pembina"  # in scope, and handed to the pembina already (art. 35)


P, R = Permission, Reach


def _all(*permissions: Permission) -> dict[Permission, Reach]:
    return dict.fromkeys(permissions, Reach.SCOPE)


_PRODUSEN = _all(
    P.BACA, P.ISI, P.KONFIRMASI, P.AJUKAN, P.TARIK_AJUAN, P.REVISI, P.BATALKAN, P.BERITA_ACARA
)

#: The rule of the law in one table. What is not here is not allowed.
GRANTS: Mapping[Role, Mapping[Permission, Reach]] = MappingProxyType({
    # art. 19: produces data by the standards and hands it in with its metadata.
    Role.PRODUSEN_DATA: _PRODUSEN,
    # the same for a desa or kelurahan (Desa Cinta Statistik).
    Role.AGEN_STATISTIK: _PRODUSEN,
    # signs what the OPD hands in.
    Role.PEJABAT_PENGELOLA_DATA: _all(
        P.BACA, P.TANDA_TANGAN, P.KONFIRMASI, P.AJUKAN, P.TARIK_AJUAN, P.BERITA_ACARA),
    # art. 18, 34, 36: inspects and publishes, and types what came on paper.
    Role.WALIDATA: _all(
        P.BACA, P.ISI_ATAS_NAMA, P.PERIKSA, P.ALIHKAN, P.KEMBALIKAN, P.SETUJUI, P.TERUSKAN,
        P.TERBITKAN, P.BATALKAN_PERSETUJUAN, P.TARIK, P.TARIK_DARURAT, P.BERITA_ACARA, P.PANTAU,
        P.BUAT_TAUTAN, P.KELOLA_KODE),
    # art. 18: helps the walidata inside one OPD; does not approve.
    Role.WALIDATA_PENDUKUNG: _all(
        P.BACA, P.ISI_ATAS_NAMA, P.PERIKSA, P.ALIHKAN, P.KEMBALIKAN, P.BERITA_ACARA,
        P.BUAT_TAUTAN),
    # art. 20-24: keep the calendar; decide nothing about a dataset.
    Role.SEKRETARIAT: _all(P.BACA, P.PANTAU),
    Role.KOORDINATOR_FORUM: _all(P.BACA, P.PANTAU),
    # art. 35: re-inspects Data Prioritas of its kind.
    Role.PEMBINA_DATA: {P.BACA: R.AT_PEMBINA, P.PERIKSA_PEMBINA: R.SCOPE},
    # art. 37; UU 14/2008: restriction, and the button against a leak anywhere.
    Role.PPID: {P.BACA: R.RESTRICTED, P.BACA_TERBATAS: R.SCOPE, P.TARIK_DARURAT: R.SCOPE},
    Role.PIMPINAN: _all(P.BACA, P.PANTAU),
    # art. 39: government users need no letter.
    Role.PENGGUNA_PEMERINTAH: _all(P.BACA_TERBATAS),
    Role.ANGGOTA: _all(P.BACA),
})

#: What the scope of each role names.
SCOPES: Mapping[Role, ScopeKind] = MappingProxyType({
    Role.PRODUSEN_DATA: ScopeKind.INSTANSI,
    Role.PEJABAT_PENGELOLA_DATA: ScopeKind.INSTANSI,
    Role.AGEN_STATISTIK: ScopeKind.INSTANSI,
    Role.WALIDATA: ScopeKind.INSTALASI,
    Role.WALIDATA_PENDUKUNG: ScopeKind.INSTANSI,
    Role.SEKRETARIAT: ScopeKind.INSTALASI,
    Role.KOORDINATOR_FORUM: ScopeKind.INSTALASI,
    Role.PEMBINA_DATA: ScopeKind.JENIS_DATA,
    Role.PPID: ScopeKind.INSTALASI,
    Role.PIMPINAN: ScopeKind.INSTALASI,
    Role.PENGGUNA_PEMERINTAH: ScopeKind.INSTALASI,
    Role.ANGGOTA: ScopeKind.INSTANSI,
})


@dataclass(frozen=True)
class Grant:
    """A role with its scope, in force now.

    :param scope: id of an organization, code of a jenis_data, or empty, as :data:`SCOPES` says
    """

    role: Role
    scope: str = ""


@dataclass(frozen=True)
class Actor:
    """Somebody who acts, with every role they hold now.

    :param id: id of the CKAN user; empty for somebody who is not logged in
    :param sysadmin: may do everything any role may; four eyes binds them too
    :param admin_of: ids of the organizations whose CKAN admin they are
    """

    id: str
    name: str = ""
    grants: tuple[Grant, ...] = ()
    sysadmin: bool = False
    admin_of: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Subject:
    """What a permission is asked for.

    :param organization: id of the producing organization
    :param at_pembina: it was handed to the pembina at least once
    """

    organization: str = ""
    jenis_data: str = ""
    restricted: bool = False
    at_pembina: bool = False


def may(actor: Actor, permission: Permission, subject: Subject) -> bool:
    """Tell whether the actor holds a role that gives the permission for this subject."""
    return actor.sysadmin or any(_gives(grant, permission, subject) for grant in actor.grants)


def roles_of(actor: Actor, subject: Subject) -> tuple[Role, ...]:
    """Return the roles the actor holds toward this subject, in the order of the table."""
    held = {grant.role for grant in actor.grants if _covers(grant, subject)}
    return tuple(role for role in Role if role in held)


def _gives(grant: Grant, permission: Permission, subject: Subject) -> bool:
    reach = GRANTS[grant.role].get(permission)
    if reach is None or not _covers(grant, subject):
        return False
    if reach is Reach.RESTRICTED:
        return subject.restricted
    return subject.at_pembina if reach is Reach.AT_PEMBINA else True


def _covers(grant: Grant, subject: Subject) -> bool:
    kind = SCOPES[grant.role]
    if kind is ScopeKind.INSTALASI:
        return True
    named = subject.organization if kind is ScopeKind.INSTANSI else subject.jenis_data
    return bool(grant.scope) and grant.scope == named
