"""Whether a role somebody was given holds now, and if not, why: what the role page tells."""
from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.roles import SCOPES, Role, ScopeKind
from ckanext.satudata.domain.standing import (
    DERIVED,
    HELD_BY_MEMBERS,
    Held,
    Standing,
    grantable,
    standing,
)

NOW = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.timezone.utc)
DAY = dt.timedelta(days=1)


def held(role: Role, **changes: object) -> Held:
    """A grant that holds now, so that each test takes away one thing."""
    kind = SCOPES[role]
    scope = {ScopeKind.INSTALASI: "", ScopeKind.INSTANSI: "dinkes",
             ScopeKind.JENIS_DATA: "statistik"}[kind]
    member_of = frozenset({"dinkes", "kominfo"})
    start = Held(role=role, scope=scope, since=NOW - DAY, member_of=member_of, walidata="kominfo")
    return replace(start, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", grantable())
def test_a_grant_in_its_time_with_all_it_rests_on_holds(role: Role) -> None:
    assert standing(held(role), NOW) is Standing.BERLAKU


@pytest.mark.parametrize("role", grantable())
@pytest.mark.parametrize(("changes", "expected"), [
    ({"revoked": True}, Standing.DICABUT),
    ({"user_active": False}, Standing.PENGGUNA_NONAKTIF),
    ({"since": NOW + DAY}, Standing.BELUM_MULAI),
    ({"since": NOW + dt.timedelta(microseconds=1)}, Standing.BELUM_MULAI),
    ({"since": NOW}, Standing.BERLAKU),
    ({"until": NOW}, Standing.BERAKHIR),
    ({"until": NOW - DAY}, Standing.BERAKHIR),
    ({"until": NOW + dt.timedelta(microseconds=1)}, Standing.BERLAKU),
    ({"revoked": True, "until": NOW - DAY}, Standing.DICABUT),
])
def test_time_and_person_decide_for_every_role(
    role: Role, changes: dict[str, object], expected: Standing
) -> None:
    assert standing(held(role, **changes), NOW) is expected


@pytest.mark.parametrize("role", grantable())
def test_only_some_roles_rest_on_a_membership(role: Role) -> None:
    """Who left the organization the role rests on has lost it; other roles do not ask."""
    alone = standing(held(role, member_of=frozenset()), NOW)
    elsewhere = standing(held(role, member_of=frozenset({"bappeda"})), NOW)
    expected = Standing.BUKAN_ANGGOTA if role in HELD_BY_MEMBERS else Standing.BERLAKU
    assert (alone, elsewhere) == (expected, expected)


def test_a_walidata_of_no_organization_holds_nothing() -> None:
    assert standing(held(Role.WALIDATA, walidata=""), NOW) is Standing.WALIDATA_BELUM_DIATUR
    other = held(Role.WALIDATA, walidata="bappeda")
    assert standing(other, NOW) is Standing.BUKAN_ANGGOTA


@pytest.mark.parametrize("role", [r for r in grantable() if SCOPES[r] is ScopeKind.INSTANSI])
def test_a_role_of_a_deleted_organization_is_gone(role: Role) -> None:
    assert standing(held(role, scope_active=False), NOW) is Standing.INSTANSI_NONAKTIF


@pytest.mark.parametrize("role", [*sorted(DERIVED), None])
def test_what_is_not_stored_or_not_known_never_holds(role: Role | None) -> None:
    assert standing(replace(held(Role.PPID), role=role), NOW) is Standing.TIDAK_DIKENAL


def test_a_scope_left_empty_is_no_role_everywhere() -> None:
    for role in grantable():
        if SCOPES[role] is not ScopeKind.INSTALASI:
            assert standing(held(role, scope=""), NOW) is not Standing.BERLAKU, role


def test_the_roles_that_can_be_given_stand_in_the_vocabulary() -> None:
    codes = [concept.code for concept in vocabulary.get("peran")]
    assert {*grantable(), Role.PRODUSEN_DATA} <= set(codes)
    assert [role.value for role in grantable()] == [
        code for code in codes if code in set(grantable())], "listed in the law's order"
    assert {*codes} - {role.value for role in Role} == {"pengguna"}, "the public needs no grant"
