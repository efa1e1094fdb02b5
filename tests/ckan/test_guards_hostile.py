"""Anybody's JSON, other plugins' ways in, and CKAN's own pages, against the guards."""
from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import guard_world as gw
import pytest
from ckan import model
from ckan.lib.navl.dictization_functions import DataError
from ckan.tests import factories
from guard_world import World, act, code

from ckanext.satudata.domain.guards import ACTIONS, Find, Rule

pytestmark = [
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_datastore", "clean_index"),
]

Data = dict[str, Any]
#: What a field that names something is sent instead of a text.
ODD: tuple[Any, ...] = (
    ["a"], {"a": 1}, 1, 1.5, True, "x" * 1_000_000, "a\x00b", [[[]]], {"id": {"id": []}})
#: Parameters by which a request names what it changes, from the table itself.
NAMED = sorted(
    (name, place.key) for name, entry in ACTIONS.items() for place in entry.places
    if place.find not in (Find.MATCH, Find.MEMBER, Find.NEW_LIST))


@pytest.fixture
def world() -> World:
    return gw.make()


def test_odd_names_are_told_and_not_looked_up(world: World) -> None:
    """Each must be said as a wrong field; none may reach the database or change anything."""
    before = gw.submission(world.id).version
    for action, key in NAMED:
        if action.startswith("datapusher"):
            continue
        outer, dot, inner = key.partition(".")
        for odd in ODD:
            data: Data = {outer: {inner: odd} if dot else odd}
            with pytest.raises(tk.ValidationError) as error:
                code(action, **data)
            assert {inner or outer} <= set(error.value.error_dict), (action, odd)
        if dot:
            for odd in ("teks", ["a"], 1):
                with pytest.raises(tk.ValidationError):
                    code(action, **{outer: odd})
    assert gw.submission(world.id).version == before


@pytest.mark.parametrize("odd", [*ODD, None, ""])
def test_odd_names_in_the_rules_are_told(world: World, odd: Any) -> None:
    calls: list[tuple[str, Data]] = [
        ("package_revise", {"match": {"id": odd}, "update": {"notes": "x"}}),
        ("package_revise", {"match__id": odd, "update__notes": "x"}),
        ("package_revise", {"match": odd}),
        ("member_create", {"id": world.opd["id"], "object": odd, "object_type": "package",
                           "capacity": "public"}),
        ("organization_delete", {"id": odd}), ("organization_purge", {"id": odd}),
        ("package_delete", {"id": odd}), ("dataset_purge", {"id": odd}),
        ("package_owner_org_update", {"id": odd, "organization_id": world.opd["id"]}),
        ("harvest_source_clear", {"id": odd}), ("file_delete", {"id": odd}),
        ("file_register", {"storage": odd, "location": "a"}),
        ("group_patch", {"id": world.other["id"], "packages": [{"id": odd}]}),
        ("group_create", {"name": "grup", "packages": odd}),
        ("package_create", {"title": "x", "owner_org": world.opd["id"], "type": odd,
                            "resources": [{"id": odd, "url": "https://data.example/a"}]}),
        ("package_update", {**gw.shown(world.id), "resources": [
            {"id": odd, "url": "https://data.example/a"}]}),
    ]
    for action, data in calls:
        try:
            code(action, **data)
        except (tk.ValidationError, tk.ObjectNotFound, tk.NotAuthorized, DataError):
            continue
        assert odd in (None, ""), (action, odd)


def test_a_list_for_a_group_is_bounded(world: World) -> None:
    with pytest.raises(tk.ValidationError) as error:
        code("group_create", name="grup", packages=[{"id": world.id}] * 5_001)
    assert "5000" in error.value.error_dict["packages"][0]


def test_a_deep_match_does_not_overflow(world: World) -> None:
    with pytest.raises((tk.ValidationError, tk.ObjectNotFound)):
        code("package_revise", match="[" * 100_000, update={"notes": "x"})


@pytest.mark.ckan_config("ckan.plugins", f"{gw.PLUGINS} datapusher")
@pytest.mark.ckan_config("ckan.datapusher.api_token", "kunci")
@pytest.mark.ckan_config("ckan.datapusher.url", "http://127.0.0.1:9")
def test_the_datapusher_fills_drafts_only(world: World) -> None:
    calls: dict[str, Data] = {
        "datapusher_submit": {"resource_id": world.resource},
        "datapusher_hook": {"metadata": {"resource_id": world.resource}, "status": "complete"},
    }
    for state in ("diajukan", "terbit"):
        gw.put(world.id, state)
        for action, data in calls.items():
            gw.refused(lambda a=action, d=data: act(world.admin, a, **d))
            with pytest.raises(tk.NotAuthorized):
                act(world.outsider, action, **data)
    gw.put(world.id, "draf")
    with pytest.raises(tk.ValidationError) as error:  # it goes as far as the service, which is off
        act(world.editor, "datapusher_submit", **calls["datapusher_submit"])
    assert "DataPusher" in str(error.value)


@pytest.mark.ckan_config("ckan.plugins", f"{gw.PLUGINS} tabledesigner datatables_view")
def test_tables_are_designed_in_drafts_only(world: World) -> None:
    before = gw.submission(world.id).version
    made = act(world.editor, "resource_create", package_id=world.id, url_type="tabledesigner",
               name="Tabel rancangan")
    assert gw.shown(world.id)["resources"][-1]["datastore_active"] is True
    assert gw.submission(world.id).version > before
    gw.put(world.id, "diajukan")
    gw.refused(lambda: act(world.admin, "resource_update", id=made["id"],
                           url_type="tabledesigner"))


@pytest.mark.ckan_config("ckan.auth.allow_dataset_collaborators", True)
def test_no_collaborators_beside_the_roles(world: World) -> None:
    for call in (act, lambda _user, action, **data: code(action, **data)):
        with pytest.raises(tk.NotAuthorized) as error:
            call(world.admin, "package_collaborator_create", id=world.id, user_id=world.outsider,
                 capacity="editor")
        assert "peran" in str(error.value)
    user = model.User.get(world.outsider)
    model.Session.add(model.PackageMember(
        package_id=world.id, user_id=user.id, capacity="editor"))
    model.Session.commit()
    act(world.admin, "package_collaborator_delete", id=world.id, user_id=user.id)


def test_ckans_own_pages_say_why(world: World, app: Any) -> None:
    gw.put(world.id, "terbit")
    token = {"Authorization": factories.APIToken(
        user=world.editor, context={"ignore_auth": True})["token"]}
    for path in (f"/dataset/delete/{world.id}",
                 f"/dataset/{world.id}/resource/{world.resource}/delete"):
        page = app.post(path, headers=token, status=409)
        assert "Kunjungan puskesmas" in page.body and "sudah terbit" in page.body
    page = app.post(f"/dataset/edit/{world.id}", headers=token,
                    data={"title": "Lain", "save": "1"}, status=200)
    assert "Perbarui data" in page.body
    assert gw.shown(world.id)["title"] == "Kunjungan puskesmas"


def test_the_form_makes_and_edits_a_draft(world: World, app: Any) -> None:
    token = {"Authorization": factories.APIToken(
        user=world.editor, context={"ignore_auth": True})["token"]}
    app.post("/dataset/new", headers=token, follow_redirects=False, status=302, data={
        "title": "Dari formulir", "owner_org": world.opd["id"], "private": "False", "save": "1",
        "_ckan_phase": "1"})
    made = gw.shown("dari-formulir")
    assert made["private"] is True
    app.post(f"/dataset/edit/{made['id']}", headers=token, follow_redirects=False, status=302,
             data={"title": "Dari formulir", "owner_org": world.opd["id"], "private": "False",
                   "notes": "diubah", "save": "1"})
    again = gw.shown(made["id"])
    assert again["notes"] == "diubah" and again["private"] is True


def test_every_rule_is_used_by_the_table() -> None:
    assert {entry.rule for entry in ACTIONS.values()} == set(Rule)
