"""A role is without effect the moment what it rests on is gone: asked of the database each time."""
from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan.tests import factories, helpers
from role_samples import give, holder, join, leave, make_places, member, place_of, set_times

from ckanext.satudata.domain.roles import Permission, Role, Subject, may
from ckanext.satudata.domain.standing import HELD_BY_MEMBERS, Standing, grantable
from ckanext.satudata.shared import actor
from ckanext.satudata.shared.actor import RoleGrant, actor_of, actor_of_context, holders

pytestmark = [
    pytest.mark.usefixtures("clean_db", "with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
NOW = dt.datetime.now(dt.timezone.utc)
SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def places(admin: dict[str, Any]) -> dict[str, str]:
    return make_places(admin)


def roles(user: dict[str, Any]) -> set[Role]:
    """Return the granted roles somebody holds now, by every way there is to ask."""
    derived = {Role.PRODUSEN_DATA, Role.ANGGOTA}
    by_name = {each.role for each in actor_of(user["name"]).grants} - derived
    by_id = {each.role for each in actor_of(user["id"]).grants} - derived
    by_object = {each.role for each in actor_of(model.User.get(user["id"])).grants} - derived
    by_context = {each.role for each in actor_of_context({"user": user["name"]}).grants} - derived
    by_holders = {role for role in grantable() if user["id"] in holders(role)}
    assert by_name == by_id == by_object == by_context == by_holders
    return by_name


# What takes a role away; each returns what the list says then.


def deleted(admin: dict[str, Any], user: dict[str, Any]) -> Standing:
    helpers.call_action("user_delete", {"user": admin["name"]}, id=user["id"])
    return Standing.PENGGUNA_NONAKTIF


def deleted_in_the_database(admin: dict[str, Any], user: dict[str, Any]) -> Standing:
    model.Session.execute(sa.text("UPDATE \"user\" SET state = 'deleted' WHERE id = :id"),
                          {"id": user["id"]})
    model.Session.commit()
    return Standing.PENGGUNA_NONAKTIF


def revoked(admin: dict[str, Any], user: dict[str, Any]) -> Standing:
    tk.get_action("satudata_role_revoke")({"user": admin["name"]}, {
        "id": user["grant"], "reason": "Pindah", "force": True})
    return Standing.DICABUT


def ended(admin: dict[str, Any], user: dict[str, Any]) -> Standing:
    set_times(user["grant"], until=NOW - SECOND)
    return Standing.BERAKHIR


def not_begun(admin: dict[str, Any], user: dict[str, Any]) -> Standing:
    set_times(user["grant"], since=NOW + DAY)
    return Standing.BELUM_MULAI


@pytest.mark.parametrize("how", [deleted, deleted_in_the_database, revoked, ended, not_begun])
def test_every_role_is_gone_at_once(
    admin: dict[str, Any], places: dict[str, str],
    how: Callable[[dict[str, Any], dict[str, Any]], Standing],
) -> None:
    for role in grantable():
        user = holder(admin, role)
        assert roles(user) == {role}
        said = how(admin, user)
        assert roles(user) == set(), role
        assert stands(user) is said, role


def stands(user: dict[str, Any]) -> Standing:
    model.Session.expire_all()
    row = model.Session.get(RoleGrant, user["grant"])
    found = actor.standings([row])[row.id]
    listed = tk.get_action("satudata_role_list")({"ignore_auth": True, "user": ""}, {
        "include_past": True, "user": user["id"]})["results"]
    assert [(each["standing"], each["effective"]) for each in listed] == [
        (found.value, found is Standing.BERLAKU)]
    return found


# What takes away only the roles that rest on a membership.


def removed(admin: dict[str, Any], user: dict[str, Any], home: str) -> None:
    leave(admin, user, home)


def moved(admin: dict[str, Any], user: dict[str, Any], home: str) -> None:
    leave(admin, user, home)
    join(user, "dinsos", "admin")


def membership_undone(admin: dict[str, Any], user: dict[str, Any], home: str) -> None:
    """As CKAN's ``member_delete`` and a purge of the member leave it."""
    tk.get_action("member_delete")({"user": admin["name"]}, {
        "id": home, "object": user["id"], "object_type": "user"})


@pytest.mark.parametrize("how", [removed, moved, membership_undone])
def test_who_leaves_loses_the_roles_that_rest_on_belonging(
    admin: dict[str, Any], places: dict[str, str],
    how: Callable[[dict[str, Any], dict[str, Any], str], None],
) -> None:
    for role in grantable():
        user = holder(admin, role)
        how(admin, user, place_of(role))
        if role in HELD_BY_MEMBERS:
            assert roles(user) == set(), role
            assert stands(user) is Standing.BUKAN_ANGGOTA
            join(user, place_of(role))
        assert roles(user) == {role}, "kept, or held again by who comes back"


def test_a_deleted_organization_takes_its_roles_with_it(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    people = {role: holder(admin, role) for role in grantable()}
    for name in places:
        helpers.call_action("organization_delete", {"user": admin["name"]}, id=name)
    for role, user in people.items():
        rests = role in HELD_BY_MEMBERS or role is Role.WALIDATA_PENDUKUNG
        assert roles(user) == (set() if rests else {role})
        if rests:
            assert stands(user) is (Standing.WALIDATA_BELUM_DIATUR if role is Role.WALIDATA
                                    else Standing.INSTANSI_NONAKTIF)


def test_another_walidata_organization_ends_the_old_ones_roles(
    admin: dict[str, Any], places: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is walidata because they once were of the office that no longer is.

    A group of CKAN's is none either: it lies in the same table, and others than sysadmins make
    those.
    """
    user = holder(admin, Role.WALIDATA)
    group = factories.Group(users=[{"name": user["name"], "capacity": "admin"}])
    for name, said in (("", Standing.WALIDATA_BELUM_DIATUR), ("dinsos", Standing.BUKAN_ANGGOTA),
                       ("tidak-ada", Standing.WALIDATA_BELUM_DIATUR),
                       (group["name"], Standing.WALIDATA_BELUM_DIATUR)):
        monkeypatch.setitem(tk.config, "ckanext.satudata.walidata", name)
        assert roles(user) == set()
        assert stands(user) is said


# Being a producer follows CKAN's membership.


def produces(user: dict[str, Any], organization: str) -> bool:
    subject = Subject(organization)
    asked = may(actor_of(user["name"]), Permission.AJUKAN, subject)
    assert asked == (user["id"] in holders(Role.PRODUSEN_DATA, organization))
    assert asked == (user["id"] in actor.permitted(Permission.AJUKAN, subject))
    return asked


@pytest.mark.parametrize("capacity", ["editor", "admin"])
def test_editors_and_admins_are_producers_until_they_are_not(
    admin: dict[str, Any], places: dict[str, str], capacity: str
) -> None:
    user = member("dinkes", capacity)
    assert produces(user, places["dinkes"]) and not produces(user, places["dinsos"])
    join(user, "dinkes", "member")
    assert not produces(user, places["dinkes"]), "demoted"
    assert may(actor_of(user["name"]), Permission.BACA, Subject(places["dinkes"]))
    join(user, "dinkes", capacity)
    leave(admin, user, "dinkes")
    assert not produces(user, places["dinkes"]), "removed"
    assert not may(actor_of(user["name"]), Permission.BACA, Subject(places["dinkes"]))
    join(user, "dinkes", capacity)
    helpers.call_action("organization_delete", {"user": admin["name"]}, id="dinkes")
    assert not produces(user, places["dinkes"]), "organization deleted"


def test_a_member_of_a_group_is_no_producer_of_an_organization(admin: dict[str, Any]) -> None:
    user = factories.User()
    factories.Group(users=[{"name": user["name"], "capacity": "admin"}])
    assert actor_of(user["name"]).grants == ()


def test_an_admin_of_the_walidata_organization_is_no_walidata(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = member("diskominfo", "admin")
    who = actor_of(user["name"])
    assert not may(who, Permission.SETUJUI, Subject(places["diskominfo"]))
    assert not may(who, Permission.PERIKSA, Subject(places["dinkes"]))


def test_of_two_memberships_in_one_organization_the_stronger_counts(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    """CKAN keeps one row a person; a second one from an import must not take rights away."""
    for first, second in (("editor", "member"), ("member", "editor")):
        user = member("dinkes", first)
        model.Session.add(model.Member(group=model.Group.get("dinkes"), table_name="user",
                                       table_id=user["id"], capacity=second))
        model.Session.commit()
        assert produces(user, places["dinkes"])


# Nobody, and what is not known.


def test_somebody_unknown_is_nobody() -> None:
    for who in (None, "", "tidak-ada", "x" * 300):
        assert actor_of(who) == actor.NOBODY
        assert actor_of_context({"user": who}) == actor.NOBODY
    assert not any(may(actor.NOBODY, each, Subject("x")) for each in Permission)


def test_a_deleted_sysadmin_is_nobody(admin: dict[str, Any]) -> None:
    other = factories.Sysadmin()
    assert actor_of(other["name"]).sysadmin
    helpers.call_action("user_delete", {"user": admin["name"]}, id=other["id"])
    assert actor_of(other["name"]) == actor.NOBODY
    demoted = factories.Sysadmin()
    user = model.User.get(demoted["id"])
    user.sysadmin = False
    model.Session.commit()
    assert not actor_of(demoted["name"]).sysadmin


def test_a_code_in_the_table_that_nobody_can_grant_gives_nothing(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    """A row that came in beside the action, or from a later version of this software."""
    user, codes = member("dinsos"), ("produsen_data", "anggota", "raja", "WALIDATA", "")
    for code in codes:
        model.Session.add(RoleGrant(
            id=f"x-{code}", user_id=user["id"], role=code, scope=places["dinkes"], decree="",
            since=NOW - DAY, granted_at=NOW, revoke_reason=""))
    model.Session.commit()
    assert {each.scope for each in actor_of(user["name"]).grants} == {places["dinsos"]}
    assert user["id"] not in holders(Role.PRODUSEN_DATA)
    listed = tk.get_action("satudata_role_list")({"ignore_auth": True, "user": ""}, {})["results"]
    assert [each["standing"] for each in listed] == ["tidak_dikenal"] * len(codes)


def test_several_roles_are_held_side_by_side_and_lost_one_by_one(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = member("diskominfo")
    join(user, "dinkes")
    for role, scope in ((Role.WALIDATA, ""), (Role.PPID, ""),
                        (Role.PEJABAT_PENGELOLA_DATA, "dinkes"), (Role.PEMBINA_DATA, "statistik"),
                        (Role.PEMBINA_DATA, "geospasial")):
        give(admin, user=user["name"], role=role.value, scope=scope)
    held = actor_of(user["name"]).grants
    assert {each.scope for each in held if each.role is Role.PEMBINA_DATA} == {
        "statistik", "geospasial"}
    assert holders(Role.PEMBINA_DATA, "geospasial") == [user["id"]]
    assert holders(Role.PEMBINA_DATA, "keuangan_negara") == []
    leave(admin, user, "diskominfo")
    assert roles(user) == {Role.PPID, Role.PEJABAT_PENGELOLA_DATA, Role.PEMBINA_DATA}
    leave(admin, user, "dinkes")
    assert roles(user) == {Role.PPID, Role.PEMBINA_DATA}


def test_who_may_be_told_is_who_may_act(admin: dict[str, Any], places: dict[str, str]) -> None:
    """The notices ask by permission, the actions by person: the two must agree."""
    people = [holder(admin, role) for role in grantable()] + [
        member("dinkes", capacity) for capacity in ("member", "editor", "admin")]
    leave(admin, people[1], "diskominfo")
    for subject in (Subject(places["dinkes"], "statistik"),
                    Subject(places["dinsos"], "geospasial", True),
                    Subject(places["kramatwatu"], "statistik", True, True), Subject()):
        for permission in Permission:
            told = set(actor.permitted(permission, subject)) - {admin["id"]}  # made the places
            act = {user["id"] for user in people
                   if may(actor_of(user["name"]), permission, subject)}
            assert told == act, (permission, subject)
