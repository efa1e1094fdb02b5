"""Who opens restricted files, as the law has it: role by role, level by level."""
from __future__ import annotations

import datetime as dt

import pytest

from ckanext.satudata.domain.access import (
    GIVES,
    OPENS,
    Audience,
    Basis,
    Holder,
    Level,
    Permit,
    Right,
    Standing,
    audience_of,
    audiences,
    level_of,
    opened_by,
    standing,
)
from ckanext.satudata.domain.roles import SCOPES, Actor, Grant, Role, ScopeKind, Subject

NOW = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.timezone.utc)
DAY = dt.timedelta(days=1)
SUBJECT = Subject("dinkes", "statistik", restricted=True)
RESTRICTED = (Level.TERBATAS, Level.TERTUTUP)


def held(role: Role, scope: str | None = None) -> Actor:
    own = {ScopeKind.INSTALASI: "", ScopeKind.INSTANSI: "dinkes",
           ScopeKind.JENIS_DATA: "statistik"}[SCOPES[role]]
    return Actor("u", "Budi", (Grant(role, own if scope is None else scope),))


def permit(kind: Holder = Holder.ORANG, holder: str = "u", *, since: dt.datetime = NOW - DAY,
           until: dt.datetime = NOW + DAY, revoked: bool = False) -> Permit:
    return Permit("izin-1", kind, holder, since, until, revoked)


def basis(actor: Actor, level: Level, *permits: Permit) -> Basis | None:
    right = opened_by(actor, level, SUBJECT, permits, NOW)
    return right.basis if right else None


#: Written from the law, not from the table: role -> what it opens of its own OPD's data.
LAW: dict[Role, tuple[Basis | None, Basis | None]] = {
    Role.PRODUSEN_DATA: (Basis.INSTANSI, Basis.INSTANSI),
    Role.PEJABAT_PENGELOLA_DATA: (Basis.INSTANSI, Basis.INSTANSI),
    Role.AGEN_STATISTIK: (Basis.INSTANSI, Basis.INSTANSI),
    Role.ANGGOTA: (Basis.INSTANSI, Basis.INSTANSI),
    Role.WALIDATA: (Basis.PEMERIKSA, Basis.PEMERIKSA),
    Role.WALIDATA_PENDUKUNG: (Basis.PEMERIKSA, Basis.PEMERIKSA),
    Role.PPID: (Basis.PPID, Basis.PPID),
    Role.PENGGUNA_PEMERINTAH: (Basis.PEMERINTAH, None),
    Role.SEKRETARIAT: (None, None),
    Role.KOORDINATOR_FORUM: (None, None),
    Role.PEMBINA_DATA: (None, None),
    Role.PIMPINAN: (None, None),
}


@pytest.mark.parametrize("role", Role)
def test_each_role_opens_what_its_duty_needs(role: Role) -> None:
    assert tuple(basis(held(role), level) for level in RESTRICTED) == LAW[role]


@pytest.mark.parametrize(
    "role", [role for role in OPENS if SCOPES[role] is ScopeKind.INSTANSI])
@pytest.mark.parametrize("level", RESTRICTED)
def test_a_duty_in_one_opd_opens_nothing_of_another(role: Role, level: Level) -> None:
    assert basis(held(role, "disdik"), level) is None


@pytest.mark.parametrize("actor", [Actor(""), Actor("u"), *map(held, Role)])
def test_open_data_asks_nobody(actor: Actor) -> None:
    assert opened_by(actor, Level.TERBUKA, SUBJECT, (), NOW) == Right(Basis.TERBUKA)


@pytest.mark.parametrize("level", RESTRICTED)
def test_who_runs_the_portal_passes_and_the_log_says_so(level: Level) -> None:
    admin = Actor("u", sysadmin=True)
    assert basis(admin, level) is Basis.PENGELOLA
    assert basis(admin, level, permit()) is Basis.IZIN
    both = Actor("u", grants=(Grant(Role.PPID),), sysadmin=True)
    assert opened_by(both, level, SUBJECT, [permit()], NOW) == Right(Basis.PPID, Role.PPID)


@pytest.mark.parametrize("level", RESTRICTED)
@pytest.mark.parametrize(("given", "expected"), [
    (permit(), Right(Basis.IZIN, permit="izin-1")),
    (permit(holder="other"), None),
    (permit(since=NOW), Right(Basis.IZIN, permit="izin-1")),
    (permit(since=NOW + DAY, until=NOW + 2 * DAY), None),
    (permit(until=NOW), None),
    (permit(revoked=True), None),
    (permit(Holder.INSTANSI, "disdik"), Right(Basis.IZIN, permit="izin-1")),
    (permit(Holder.INSTANSI, "dinsos"), None),
    (permit(Holder.PERAN, "pimpinan"), Right(Basis.IZIN, permit="izin-1")),
    (permit(Holder.PERAN, "sekretariat"), None),
])
def test_a_permission_opens_for_whom_it_names_while_it_lasts(
    level: Level, given: Permit, expected: Right | None
) -> None:
    actor = Actor("u", grants=(Grant(Role.ANGGOTA, "disdik"), Grant(Role.PIMPINAN)))
    assert opened_by(actor, level, SUBJECT, [given], NOW) == expected


def test_nobody_is_named_by_no_permission() -> None:
    for kind in Holder:
        assert basis(Actor(""), Level.TERBATAS, permit(kind, "")) is None


def test_an_office_elsewhere_does_not_make_a_member() -> None:
    """A walidata_pendukung's scope names an OPD too, but people are its members in CKAN."""
    actor = Actor("u", grants=(Grant(Role.WALIDATA_PENDUKUNG, "disdik"),))
    assert basis(actor, Level.TERBATAS, permit(Holder.INSTANSI, "disdik")) is None


@pytest.mark.parametrize(("codes", "expected"), [
    ((), Level.TERBUKA), ((None, ""), Level.TERBUKA), (("terbuka",), Level.TERBUKA),
    (("terbuka", "terbatas"), Level.TERBATAS), (("tertutup", "terbatas"), Level.TERTUTUP),
    (("terbatas", None), Level.TERBATAS), (("rahasia",), Level.TERTUTUP),
    ((["terbuka"],), Level.TERTUTUP),
])
def test_the_strictest_level_counts_and_an_unknown_one_is_closed(
    codes: tuple[object, ...], expected: Level
) -> None:
    assert level_of(*codes) is expected


def test_where_a_permission_stands() -> None:
    assert standing(permit(), NOW) is Standing.BERLAKU
    assert standing(permit(since=NOW + DAY, until=NOW + 2 * DAY), NOW) is Standing.BELUM_MULAI
    assert standing(permit(until=NOW), NOW) is Standing.BERAKHIR
    assert standing(permit(revoked=True, until=NOW), NOW) is Standing.DICABUT


@pytest.mark.parametrize("role", Role)
def test_the_walidata_answers_for_government_and_the_ppid_for_the_rest(role: Role) -> None:
    expected = {Role.WALIDATA: {Audience.PEMERINTAH}, Role.PPID: {Audience.UMUM}}.get(role, set())
    assert audiences(held(role)) == expected
    assert (role in GIVES) is bool(expected)


def test_who_is_of_the_government() -> None:
    assert audience_of(Holder.ORANG, Actor("u")) is Audience.UMUM
    assert audience_of(Holder.ORANG) is Audience.UMUM
    assert audience_of(Holder.ORANG, held(Role.ANGGOTA)) is Audience.PEMERINTAH
    assert audience_of(Holder.INSTANSI) is audience_of(Holder.PERAN) is Audience.PEMERINTAH
    assert audiences(Actor("u", sysadmin=True)) == set(Audience)
