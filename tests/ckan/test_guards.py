"""The registry as it is: every action classified, an unknown one refused, reads left alone."""
from __future__ import annotations

import functools
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import guard_world as gw
import pytest
from ckan import logic
from ckan.exceptions import CkanConfigurationException
from ckan.tests import factories
from guard_world import act, code

from ckanext.satudata.domain import guards as table
from ckanext.satudata.domain.guards import ACTIONS, Kind
from ckanext.satudata.logic import action
from ckanext.satudata.workflow import guards

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

#: Everything that comes with CKAN and with the extensions we need.
BUNDLED = (
    f"{gw.PLUGINS} audio_view image_view video_view text_view webpage_view datatables_view "
    "datapusher tabledesigner tracking resource_proxy stats expire_api_token multilingual_dataset "
    "multilingual_group multilingual_resource multilingual_tag scheming_groups dcat_json_interface "
    "dcat_json_harvester croissant")
ALL_ON = [
    pytest.mark.ckan_config("ckan.plugins", BUNDLED),
    pytest.mark.ckan_config("ckan.datapusher.api_token", "kunci"),
    pytest.mark.ckan_config("ckan.datapusher.url", "http://127.0.0.1:9"),
    pytest.mark.ckan_config("ckan.datastore.sqlsearch.enabled", True),
]


def every_on(test: Any) -> Any:
    """Run a test with every bundled plugin."""
    return functools.reduce(lambda found, mark: mark(found), ALL_ON, test)


def live() -> dict[str, Any]:
    """Return CKAN's own registry, as the API reads it."""
    tk.get_action("package_show")
    return dict(logic._actions)


@every_on
def test_every_action_there_is_stands_in_the_table() -> None:
    assert sorted(set(live()) - set(ACTIONS)) == []


@every_on
def test_the_table_names_nothing_that_is_not_there() -> None:
    assert sorted(set(ACTIONS) - set(live()) - table.SOMETIMES) == []
    assert set(ACTIONS) >= table.SOMETIMES


@every_on
def test_get_calls_nothing_that_writes() -> None:
    """CKAN lets GET call what a plugin marked as free of side effects."""
    assert [name for name, function in live().items()
            if getattr(function, "side_effect_free", False)
            and ACTIONS[name].kind is not Kind.READ] == []


def test_a_link_reindexes_no_harvest_sources(app: Any) -> None:
    admin = factories.SysadminWithToken()
    app.get("/api/action/harvest_sources_reindex", status=400,
            headers={"Authorization": admin["token"]})


@every_on
def test_reads_carry_no_guard_and_guards_keep_the_help_of_what_they_guard() -> None:
    own = {name: vars(action)[name] for name in action.__all__}
    made = guards.guarded(own)
    for name, entry in ACTIONS.items():
        if entry.kind in (Kind.READ, Kind.NEUTRAL, Kind.WORKFLOW):
            assert made.get(name) is own.get(name), name
        elif name in live():
            assert made[name].chained_action
    said = tk.get_action("help_show")({"ignore_auth": True}, {"name": "package_update"})
    assert "Update a dataset" in said


class Foreign(p.SingletonPlugin):
    """A plugin nobody told us of."""

    p.implements(p.IActions)

    def get_actions(self) -> dict[str, Any]:
        return {"asing_tulis": write, "asing_baca": read}


calls: list[str] = []


def write(context: Any, data_dict: dict[str, Any]) -> str:
    """Write something."""
    calls.append("tulis")
    return "ditulis"


@tk.side_effect_free
def read(context: Any, data_dict: dict[str, Any]) -> str:
    """Read something."""
    calls.append("baca")
    return "dibaca"


@pytest.fixture(autouse=True)
def none_called() -> None:
    calls.clear()


def foreign(test: Any) -> Any:
    """Run a test with the plugin on."""
    for mark in (pytest.mark.provide_plugin("asing", Foreign),
                 pytest.mark.ckan_config("ckan.plugins", f"{gw.PLUGINS} asing")):
        test = mark(test)
    return test


@foreign
def test_an_action_nobody_classified_is_refused_to_everybody(app: Any) -> None:
    admin = factories.SysadminWithToken()
    for name in ("asing_tulis", "asing_baca"):
        with pytest.raises(tk.NotAuthorized) as error:
            code(name)
        assert name in str(error.value) and "tindakan_lain" in str(error.value)
        answer = app.post(f"/api/action/{name}", headers={"Authorization": admin["token"]},
                          json={}, status=403)
        assert "ckanext.satudata.tindakan_lain" in answer.json["error"]["message"]
    assert calls == []


@foreign
@pytest.mark.ckan_config("ckanext.satudata.tindakan_lain", "asing_baca:read asing_tulis:neutral")
def test_the_operator_lets_it_in_by_name(app: Any) -> None:
    assert code("asing_tulis") == "ditulis"
    assert app.get("/api/action/asing_baca").json["result"] == "dibaca"
    assert "Read something" in code("help_show", name="asing_baca")


@foreign
@pytest.mark.ckan_config("ckanext.satudata.tindakan_lain", "asing_tulis:content")
def test_a_foreign_content_write_is_held_like_our_own() -> None:
    world = gw.make()
    for named in ({"id": world.id}, {"package_id": world.dataset["name"]},
                  {"resource_id": world.resource}, {"dataset_id": world.id}):
        before = gw.submission(world.id).version
        assert act(world.editor, "asing_tulis", **named) == "ditulis"
        assert gw.submission(world.id).version == before + 1
    gw.put(world.id, "terbit")
    calls.clear()
    for named in ({"id": world.id}, {"resource_id": world.resource}, {"name": world.id}):
        gw.refused(lambda n=named: code("asing_tulis", **n))
    with pytest.raises(tk.ValidationError) as error:
        code("asing_tulis", id="tidak-ada")
    assert "dataset" in error.value.error_dict["id"][0]
    assert calls == []


def test_a_slip_in_the_operators_list_stops_the_start(
    ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for line in ("package_update:neutral", "asing", "asing:boleh", ":read"):
        monkeypatch.setitem(ckan_config, "ckanext.satudata.tindakan_lain", line)
        with pytest.raises(CkanConfigurationException) as error:
            guards.check()
        assert "ckanext.satudata.tindakan_lain" in str(error.value) and line in str(error.value)


@pytest.mark.provide_plugin("asing", Foreign)
@pytest.mark.ckan_config("ckan.plugins", f"asing {gw.PLUGINS}")
def test_a_plugin_named_before_ours_is_seen_as_well() -> None:
    with pytest.raises(tk.NotAuthorized):
        code("asing_tulis")
    assert calls == []


def ruled(rule: table.Rule) -> list[str]:
    return sorted(name for name, entry in ACTIONS.items() if entry.rule is rule
                  and name not in table.SOMETIMES)


@every_on
def test_what_is_never_done_says_what_to_do_instead() -> None:
    admin = factories.Sysadmin()["name"]
    for name in ruled(table.Rule.NEVER):
        for call in (lambda n=name: act(admin, n), lambda n=name: code(n),
                     lambda n=name: act("", n)):
            with pytest.raises(tk.NotAuthorized) as error:
                call()
            assert str(error.value) == tk._(ACTIONS[name].say)


@every_on
def test_what_only_the_portal_does_no_client_does() -> None:
    admin = factories.Sysadmin()["name"]
    for name in ruled(table.Rule.PORTAL_ONLY):
        with pytest.raises(tk.NotAuthorized) as error:
            act(admin, name, name="f", rettype="trigger", definition="x")
        assert str(error.value) == tk._(ACTIONS[name].say)


def test_the_portals_own_activities_are_still_written() -> None:
    world = gw.make()
    found = code("package_activity_list", id=world.id)
    assert [each["activity_type"] for each in found] == ["new package"]


def test_nobody_makes_a_token_in_anothers_name() -> None:
    admin, user = factories.Sysadmin()["name"], factories.User()["name"]
    with pytest.raises(tk.NotAuthorized) as error:
        act(admin, "api_token_create", user=user, name="pinjam")
    assert "pemiliknya" in str(error.value)
    assert act(admin, "api_token_create", user=admin, name="sendiri")["token"]
    assert code("api_token_create", user=user, name="oleh portal")["token"]
