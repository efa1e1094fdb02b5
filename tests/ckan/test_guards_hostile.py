"""Anybody's JSON, other plugins' ways in, and CKAN's own pages, against the guards."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import guard_world as gw
import pytest
from ckan import model
from ckan.lib.navl.dictization_functions import DataError
from ckan.lib.plugins import get_permission_labels
from guard_world import World, act, code

from ckanext.satudata.domain.guards import ACTIONS, Find, Rule

pytestmark = [
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
    pytest.mark.ckan_config("ckan.search.solr_commit", False),
    pytest.mark.usefixtures("with_plugins"),
]

Data = dict[str, Any]
#: What a field that names something is sent instead of a text.
ODD: tuple[Any, ...] = (
    ["a"], {"a": 1}, 1, 1.5, True, "x" * 1_000_000, "a\x00b", [[[]]], {"id": {"id": []}})
#: Parameters by which a request names what it changes, from the table itself.
NAMED = sorted(
    (name, place.key) for name, entry in ACTIONS.items() for place in entry.places
    if place.find not in (Find.MATCH, Find.MEMBER, Find.NEW_LIST))


@pytest.fixture(scope="module")
def made() -> dict[str, World]:
    """What the first test of this module makes for all of them."""
    return {}


@pytest.fixture
def world(made: dict[str, World], request: pytest.FixtureRequest) -> Iterator[World]:
    with gw.shared(made, request) as found:
        yield found


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


def calls_with(world: World, odd: Any) -> list[tuple[str, Data]]:
    """Return calls that carry something odd where a rule reads a name."""
    return [
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


def test_odd_names_in_the_rules_are_told(world: World) -> None:
    for odd in (*ODD, None, ""):
        for action, data in calls_with(world, odd):
            with world.case(action, str(odd)[:40]):
                try:
                    code(action, **data)
                except (tk.ValidationError, tk.ObjectNotFound, tk.NotAuthorized, DataError):
                    continue
                assert odd in (None, "")


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


def test_no_collaborators_beside_the_roles(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A portal does not start with it on; the guard holds without that check as well.
    monkeypatch.setitem(tk.config, "ckan.auth.allow_dataset_collaborators", True)
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


def test_collaborators_of_before_have_no_right_left(world: World) -> None:
    """Rows of a portal that had collaborators before it had us, as CKAN left them."""
    outsider = model.User.get(world.outsider)
    for capacity in ("member", "editor", "admin"):
        with world.case(capacity):
            before = get_permission_labels().get_user_dataset_labels(outsider)
            model.Session.add(model.PackageMember(
                package_id=world.id, user_id=outsider.id, capacity=capacity))
            model.Session.commit()
            assert get_permission_labels().get_user_dataset_labels(outsider) == before
            for name, sent in {
                "package_show": {"id": world.id},
                "package_update": {"id": world.id, "title": "Lain"},
                "package_patch": {"id": world.id, "title": "Lain"},
                "package_revise": {"match__id": world.id, "update__title": "Lain"},
                "package_delete": {"id": world.id},
                "package_activity_list": {"id": world.id},
                "resource_create": {"package_id": world.id, "url": "https://data.example/b.csv"},
                "resource_show": {"id": world.resource},
                "resource_patch": {"id": world.resource, "name": "Lain"},
                "resource_delete": {"id": world.resource},
                "datastore_create": {"resource_id": world.resource, "force": True,
                                     "fields": gw.CSV},
                "datastore_search": {"resource_id": world.resource},
                "satudata_submission_show": {"id": world.id},
            }.items():
                with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
                    act(world.outsider, name, **sent)
            found = act(world.outsider, "package_search", include_private=True,
                        include_drafts=True)
            assert world.id not in [each["id"] for each in found["results"]]
            for name, sent in {
                "package_collaborator_list": {"id": world.id},
                "package_collaborator_list_for_user": {"id": world.outsider},
                "package_collaborator_create": {
                    "id": world.id, "user_id": outsider.id, "capacity": "editor"},
                "package_collaborator_delete": {"id": world.id, "user_id": outsider.id},
            }.items():
                with pytest.raises((tk.NotAuthorized, tk.ValidationError)):
                    act(world.outsider, name, **sent)


def test_every_rule_is_used_by_the_table() -> None:
    assert {entry.rule for entry in ACTIONS.values()} == set(Rule)
