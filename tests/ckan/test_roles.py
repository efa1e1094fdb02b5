"""Giving, taking and listing roles through the actions, as an admin and as others do."""
from __future__ import annotations

import datetime as dt
import json
import threading
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan.tests import factories, helpers
from role_samples import day, join, leave, make_places, member, place_of, scope_of

from ckanext.satudata.domain.roles import Role
from ckanext.satudata.domain.standing import grantable
from ckanext.satudata.shared import actor
from ckanext.satudata.shared.audit import Event

pytestmark = [
    pytest.mark.usefixtures("clean_db", "with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]


@pytest.fixture
def places(admin: dict[str, Any]) -> dict[str, str]:
    return make_places(admin)


def give(admin: dict[str, Any], **data: Any) -> dict[str, Any]:
    return helpers.call_action(
        "satudata_role_grant", {"user": admin["name"], "ignore_auth": False}, **data)


def take(admin: dict[str, Any], **data: Any) -> dict[str, Any]:
    return helpers.call_action(
        "satudata_role_revoke", {"user": admin["name"], "ignore_auth": False}, **data)


def listed(admin: dict[str, Any], **data: Any) -> dict[str, Any]:
    return helpers.call_action(
        "satudata_role_list", {"user": admin["name"], "ignore_auth": False}, **data)


def refused(call: Any, field: str, **data: Any) -> str:
    """Return what the one wrong field says."""
    with pytest.raises(tk.ValidationError) as caught:
        call(**data)
    assert list(caught.value.error_dict) == [field]
    return str(caught.value.error_dict[field][0])


# ------------------------------------------------------------------------ giving


def test_a_role_is_held_from_the_moment_it_is_given(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    for role in grantable():
        scope, user = scope_of(role), member(place_of(role))
        given = give(admin, user=user["name"], role=role.value, scope=scope, decree="SK 12/2026")
        assert given["effective"] and given["standing"] == "berlaku"
        assert given["since"] == day(0) and given["until"] is None
        held = [each for each in actor.actor_of(user["name"]).grants if each.role is role]
        assert [each.scope for each in held] == [places.get(scope, scope)]
        assert actor.holders(role) == [user["id"]]


def test_a_grant_tells_who_gave_it_and_stands_in_the_trail(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = factories.User(fullname="Siti Aminah")
    given = give(admin, user=user["id"], role="ppid", decree="SK 12/2026")
    assert given["granted_by"]["name"] == admin["name"]
    assert given["user"]["fullname"] == "Siti Aminah"
    assert given["scope_label"] == "Seluruh pemerintah daerah"
    taken = take(admin, id=given["id"], reason="Pindah tugas")
    assert [(step["what"], step["note"], step["actor"]["name"]) for step in taken["trail"]] == [
        ("beri", "SK 12/2026", admin["name"]), ("cabut", "Pindah tugas", admin["name"])]
    events = model.Session.scalars(sa.select(Event).where(Event.kind == "peran")).all()
    assert {event.data["user"] for event in events} == {user["id"]}
    assert all(event.data["role"] == "ppid" for event in events)


def test_a_producer_is_no_grant_and_the_refusal_says_what_to_do(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = member(places["dinkes"])
    said = refused(give, "role", admin=admin, user=user["name"], role="produsen_data",
                   scope="dinkes")
    assert "editor atau admin" in said
    for unknown in ("anggota", "pengguna", "sysadmin", "", "WALIDATA"):
        assert "walidata_pendukung" in refused(
            give, "role", admin=admin, user=user["name"], role=unknown)


def test_walidata_is_only_for_members_of_the_one_organization(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = member(places["dinkes"], "admin")
    said = refused(give, "user", admin=admin, user=user["name"], role="walidata")
    assert "Diskominfo" in said
    join(user, places["diskominfo"])
    assert give(admin, user=user["name"], role="walidata")["effective"]


def test_without_the_option_the_refusal_names_the_line_to_write(
    admin: dict[str, Any], places: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tk.config, "ckanext.satudata.walidata", "")
    user = member(places["diskominfo"])
    said = refused(give, "role", admin=admin, user=user["name"], role="walidata")
    assert "ckanext.satudata.walidata = " in said


def test_an_option_that_names_nobody_is_named(
    admin: dict[str, Any], places: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tk.config, "ckanext.satudata.walidata", "tidak-ada")
    user = member(places["diskominfo"])
    assert "tidak-ada" in refused(give, "role", admin=admin, user=user["name"], role="walidata")


@pytest.mark.parametrize(("role", "place"), [
    ("pejabat_pengelola_data", "dinkes"), ("agen_statistik", "kramatwatu")])
def test_who_acts_inside_an_organization_must_belong_to_it(
    admin: dict[str, Any], places: dict[str, str], role: str, place: str
) -> None:
    user = member(places["diskominfo"])
    assert place.title() in refused(
        give, "user", admin=admin, user=user["name"], role=role, scope=place)
    join(user, places[place])
    assert give(admin, user=user["name"], role=role, scope=place)["effective"]


def test_an_agent_works_in_a_village_only(admin: dict[str, Any], places: dict[str, str]) -> None:
    user = member(places["dinkes"])
    said = refused(give, "scope", admin=admin, user=user["name"], role="agen_statistik",
                   scope="dinkes")
    assert "desa atau kelurahan" in said


UNFIT: tuple[tuple[str, Any], ...] = (
    ("walidata_pendukung", ""), ("walidata_pendukung", "tidak-ada"),
    ("walidata_pendukung", "statistik"), ("pembina_data", ""), ("pembina_data", "dinkes"),
    ("pembina_data", "Statistik"), ("ppid", "dinkes"), ("sekretariat", "statistik"),
    ("ppid", ["dinkes"]), ("walidata_pendukung", {"id": "dinkes"}),
    ("walidata_pendukung", "x" * 5000), ("walidata_pendukung", "dinkes\x00"),
)


def test_a_scope_that_does_not_fit_is_refused(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = factories.User()["name"]
    for role, scope in UNFIT:
        refused(give, "scope", admin=admin, user=user, role=role, scope=scope)
    assert listed(admin)["count"] == 0


def test_a_deleted_organization_is_no_scope(admin: dict[str, Any], places: dict[str, str]) -> None:
    helpers.call_action("organization_delete", {"user": admin["name"]}, id="dinkes")
    user = factories.User()
    for named in ("dinkes", places["dinkes"]):
        refused(give, "scope", admin=admin, user=user["name"], role="walidata_pendukung",
                scope=named)


def test_a_user_who_is_not_there_is_refused(admin: dict[str, Any]) -> None:
    nobody: tuple[Any, ...] = ("", None, "tidak-ada", "x" * 3000, "a\x00b", ["admin"], {})
    for named in nobody:
        refused(give, "user", admin=admin, user=named, role="ppid")


def test_a_deleted_user_gets_nothing(admin: dict[str, Any]) -> None:
    user = factories.User()
    helpers.call_action("user_delete", {"user": admin["name"]}, id=user["id"])
    assert "dihapus" in refused(give, "user", admin=admin, user=user["id"], role="ppid")


NO_DAYS: tuple[Any, ...] = (
    "kemarin", "2026-13-01", "2026-02-30", "30-11-2026", "20261130", "2026-W48-1", "1999-12-31",
    "2200-01-01", "9999999-01-01", "2026-11-30T00:00:00", "٢٠٢٦-11-30", 20261130, True, ["x"],
    "2026-11-30\x00", "-2026-11-30",
)


def test_what_is_no_day_is_refused(admin: dict[str, Any]) -> None:
    user = factories.User()["name"]
    for field in ("since", "until"):
        for written in NO_DAYS:
            refused(give, field, admin=admin, user=user, role="ppid", **{field: written})


def test_days_are_in_order_and_not_over(admin: dict[str, Any]) -> None:
    user = factories.User()["name"]
    assert "sudah lewat" in refused(
        give, "until", admin=admin, user=user, role="ppid", until=day(-1))
    assert "mendahului" in refused(
        give, "until", admin=admin, user=user, role="ppid", since=day(5), until=day(4))
    given = give(admin, user=user, role="ppid", since=day(0), until=day(0))
    assert given["effective"] and (given["since"], given["until"]) == (day(0), day(0))


def test_a_grant_of_tomorrow_begins_tomorrow(admin: dict[str, Any]) -> None:
    user = factories.User()
    given = give(admin, user=user["name"], role="ppid", since=day(1), until=day(3))
    assert (given["standing"], given["effective"]) == ("belum_mulai", False)
    assert actor.actor_of(user["name"]).grants == ()


@pytest.mark.ckan_config("ckanext.satudata.zona_waktu", "Asia/Jayapura")
def test_days_begin_and_end_where_the_installation_is(admin: dict[str, Any]) -> None:
    user = factories.User()["name"]
    given = give(admin, user=user, role="ppid", since="2026-01-01", until="2199-12-31")
    row = model.Session.get(actor.RoleGrant, given["id"])
    utc = dt.timezone.utc
    assert row.since.astimezone(utc) == dt.datetime(2025, 12, 31, 15, tzinfo=utc)
    assert row.until.astimezone(utc) == dt.datetime(2199, 12, 31, 15, tzinfo=utc)
    assert (given["since"], given["until"]) == ("2026-01-01", "2199-12-31")


def test_long_and_hostile_texts_are_refused(admin: dict[str, Any]) -> None:
    user = factories.User()["name"]
    for decree in ("x" * 201, "SK\x00", "SK\x1b[2J", ["SK"], {"a": 1}):
        refused(give, "decree", admin=admin, user=user, role="ppid", decree=decree)


def test_all_wrong_fields_are_named_at_once(admin: dict[str, Any]) -> None:
    with pytest.raises(tk.ValidationError) as caught:
        give(admin, user="tidak-ada", role="tidak-ada", since="x", until="y")
    assert set(caught.value.error_dict) == {"user", "role", "since", "until"}


def test_the_same_grant_twice_is_refused_while_it_holds(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    user = factories.User()["name"]
    first = give(admin, user=user, role="pembina_data", scope="statistik", until=day(10))
    assert "sudah memegang" in refused(
        give, "user", admin=admin, user=user, role="pembina_data", scope="statistik")
    give(admin, user=user, role="pembina_data", scope="geospasial")
    give(admin, user=user, role="pembina_data", scope="statistik", since=day(11))
    take(admin, id=first["id"], reason="SK baru")
    give(admin, user=user, role="pembina_data", scope="statistik", until=day(10))
    assert listed(admin)["count"] == 3


# ------------------------------------------------------------------------ taking


def test_a_role_taken_away_is_gone_at_once_and_kept_on_record(admin: dict[str, Any]) -> None:
    user = factories.User()
    given = give(admin, user=user["name"], role="pimpinan")
    taken = take(admin, id=given["id"], reason="Masa jabatan selesai")
    assert taken["standing"] == "dicabut" and taken["revoked_by"]["name"] == admin["name"]
    assert actor.actor_of(user["name"]).grants == ()
    assert listed(admin)["count"] == 0
    past = listed(admin, include_past=True)["results"]
    assert [each["revoke_reason"] for each in past] == ["Masa jabatan selesai"]


def test_a_role_is_not_taken_without_a_reason(admin: dict[str, Any]) -> None:
    given = give(admin, user=factories.User()["name"], role="pimpinan")
    none: tuple[Any, ...] = (None, "", "  ", "x" * 1001, "a\x00", ["x"], "y" * 1_000_000)
    for reason in none:
        refused(take, "reason", admin=admin, id=given["id"], reason=reason)
    assert listed(admin)["results"][0]["effective"]


def test_what_is_over_cannot_be_taken_again(admin: dict[str, Any]) -> None:
    given = give(admin, user=factories.User()["name"], role="pimpinan")
    take(admin, id=given["id"], reason="Selesai")
    assert "sudah dicabut" in refused(take, "id", admin=admin, id=given["id"], reason="Lagi")
    for unknown in ("tidak-ada", "", "x" * 200):
        with pytest.raises(tk.ObjectNotFound):
            take(admin, id=unknown, reason="Selesai")


def test_the_last_walidata_stays_unless_forced_with_a_reason(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    first, second = member(places["diskominfo"]), member(places["diskominfo"])
    one = give(admin, user=first["name"], role="walidata")
    two = give(admin, user=second["name"], role="walidata")
    take(admin, id=one["id"], reason="Pindah")
    assert "walidata terakhir" in refused(take, "force", admin=admin, id=two["id"], reason="Pindah")
    assert actor.holders(Role.WALIDATA) == [second["id"]]
    refused(take, "force", admin=admin, id=two["id"], reason="Pindah", force="mungkin")
    taken = take(admin, id=two["id"], reason="Akun dibajak", force=True)
    assert [w["code"] for w in taken["warnings"]] == ["walidata_tidak_ada"]
    event = model.Session.scalars(sa.select(Event).order_by(Event.id.desc())).first()
    assert event.data["force"] is True


def test_a_walidata_who_no_longer_holds_it_does_not_keep_the_last_one(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    """Somebody who left counts neither as a second walidata nor as the last one."""
    gone, stays = member(places["diskominfo"]), member(places["diskominfo"])
    one = give(admin, user=gone["name"], role="walidata")
    two = give(admin, user=stays["name"], role="walidata")
    leave(admin, gone, "diskominfo")
    refused(take, "force", admin=admin, id=two["id"], reason="Pindah")
    assert take(admin, id=one["id"], reason="Sudah keluar")["standing"] == "dicabut"


def test_two_admins_cannot_take_the_last_two_walidata_at_once(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    ids = [give(admin, user=member(places["diskominfo"])["name"], role="walidata")["id"]
           for _number in range(2)]
    ready = threading.Barrier(2)
    outcomes: list[str] = []

    def run(identifier: str) -> None:
        ready.wait()
        try:
            take(admin, id=identifier, reason="Bersamaan")
            outcomes.append("taken")
        except tk.ValidationError as error:
            outcomes.append(next(iter(error.error_dict)))
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=run, args=(each,)) for each in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    model.Session.remove()
    assert sorted(outcomes) == ["force", "taken"]
    assert len(actor.holders(Role.WALIDATA)) == 1


# ------------------------------------------------------------------------ warnings


def test_fewer_than_two_walidata_is_a_warning(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    assert [w["code"] for w in listed(admin)["warnings"]] == ["walidata_tidak_ada"]
    first = give(admin, user=member(places["diskominfo"])["name"], role="walidata")
    assert [w["code"] for w in first["warnings"]] == ["walidata_satu_orang"]
    second = give(admin, user=member(places["diskominfo"])["name"], role="walidata", until=day(3))
    assert second["warnings"] == []
    assert [w["code"] for w in take(admin, id=first["id"], reason="x")["warnings"]] == [
        "walidata_satu_orang", "walidata_segera_berakhir"]


# ------------------------------------------------------------------------ listing and rights


def test_the_list_is_filtered_ordered_and_cut(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    ani, budi = factories.User(fullname="Ani"), factories.User(fullname="budi")
    give(admin, user=budi["name"], role="ppid")
    give(admin, user=ani["name"], role="ppid")
    give(admin, user=ani["name"], role="walidata_pendukung", scope="dinkes")
    give(admin, user=budi["name"], role="pembina_data", scope="statistik")

    def shown(**data: Any) -> list[tuple[str, str]]:
        return [(e["role"], e["user"]["fullname"]) for e in listed(admin, **data)["results"]]

    assert shown() == [("pembina_data", "budi"), ("walidata_pendukung", "Ani"), ("ppid", "Ani"),
                       ("ppid", "budi")]
    assert shown(user=ani["name"], role="ppid") == [("ppid", "Ani")]
    assert shown(scope="dinkes") == shown(scope=places["dinkes"]) == [
        ("walidata_pendukung", "Ani")]
    assert shown(scope="statistik", role="pembina_data") == [("pembina_data", "budi")]
    assert shown(limit=1, offset=2) == [("ppid", "Ani")]
    assert listed(admin, limit=0)["count"] == 4
    assert shown(user="tidak-ada") == shown(scope="tidak-ada") == []


OUT_OF_BOUNDS: tuple[dict[str, Any], ...] = (
    {"limit": -1}, {"limit": 1001}, {"limit": "x"}, {"limit": True}, {"offset": 10**9},
    {"offset": "٣"}, {"role": "raja"}, {"role": ["ppid"]}, {"user": ["x"]}, {"scope": {"a": 1}},
    {"include_past": "mungkin"}, {"user": "a\x00"}, {"scope": "b\x00"},
)


def test_a_filter_out_of_bounds_is_refused(admin: dict[str, Any]) -> None:
    for data in OUT_OF_BOUNDS:
        refused(listed, next(iter(data)), admin=admin, **data)


def test_listing_changes_nothing(admin: dict[str, Any], everything: Any) -> None:
    give(admin, user=factories.User()["name"], role="ppid")
    before = everything()
    listed(admin, include_past=True)
    assert everything() == before
    assert tk.get_action("satudata_role_list").side_effect_free


@pytest.mark.parametrize("capacity", ["member", "editor", "admin"])
def test_only_a_sysadmin_manages_roles(
    admin: dict[str, Any], places: dict[str, str], capacity: str
) -> None:
    """Not even a walidata or the admin of an organization gives roles, least of all to itself."""
    user = member(places["diskominfo"], capacity)
    given = give(admin, user=user["name"], role="walidata")
    for who in (user["name"], ""):
        for call, data in ((give, {"user": user["name"], "role": "ppid"}),
                           (take, {"id": given["id"], "reason": "x"}), (listed, {})):
            with pytest.raises(tk.NotAuthorized):
                call({"name": who}, **data)


def test_everyone_reads_their_own_roles_and_no_others(
    admin: dict[str, Any], places: dict[str, str]
) -> None:
    user, other = factories.User(), factories.User()
    give(admin, user=user["name"], role="ppid")
    context = {"user": user["name"], "auth_user_obj": model.User.get(user["id"]),
               "ignore_auth": False}
    for named in (user["name"], user["id"]):
        own = helpers.call_action("satudata_role_list", dict(context), user=named)
        assert [each["role"] for each in own["results"]] == ["ppid"] and own["warnings"] == []
    for named in (other["name"], admin["name"], ["x"], None):
        with pytest.raises(tk.NotAuthorized):
            helpers.call_action("satudata_role_list", dict(context), user=named)


def test_the_api_answers_what_the_action_returns(app: Any, admin: dict[str, Any]) -> None:
    user = factories.User()
    headers = {"Authorization": admin["token"]}
    answer = json.loads(app.post(
        "/api/action/satudata_role_grant", headers=headers,
        json={"user": user["name"], "role": "ppid"}, status=200).body)["result"]
    shown = json.loads(app.get(
        "/api/action/satudata_role_list?role=ppid", headers=headers).body)["result"]
    assert [each["id"] for each in shown["results"]] == [answer["id"]]
    app.get("/api/action/satudata_role_grant?user=x&role=ppid", headers=headers, status=400)
    app.get("/api/action/satudata_role_list", status=403)
    refusal = app.post("/api/action/satudata_role_grant", headers=headers,
                       json={"user": "tidak-ada", "role": "ppid"}, status=409)
    assert json.loads(refusal.body)["error"]["user"]


def test_a_grant_and_its_event_are_written_together_or_not_at_all(
    admin: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.satudata.shared import audit

    def broken(*_args: Any, **_more: Any) -> None:
        raise RuntimeError("disk full")

    user = factories.User()
    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(RuntimeError):
        give(admin, user=user["name"], role="ppid")
    monkeypatch.undo()
    assert listed(admin, include_past=True)["count"] == 0
    assert actor.holders(Role.PPID) == []
