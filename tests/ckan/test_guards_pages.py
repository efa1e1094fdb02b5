"""CKAN's own pages, its API over HTTP and its commands, against the guards."""
from __future__ import annotations

from typing import Any

import guard_world as gw
import pytest
from ckan import model
from ckan.cli.cli import ckan as ckan_command
from ckan.tests import factories
from guard_world import World, act, events, exists

pytestmark = [
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
]


@pytest.fixture
def world() -> World:
    return gw.make()


def test_no_client_brings_the_door_along(world: World, app: Any) -> None:
    gw.put(world.id, "terbit")
    token = factories.APIToken(user=world.admin)["token"]
    answer = app.post("/api/action/package_patch", headers={"Authorization": token}, json={
        "id": world.id, "notes": "x", "satudata_door": {"revision_of": ""},
        "context": {"satudata_door": True}}, status=409)
    assert answer.json["error"]["conflict"] == "state"


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


def command(cli: Any, *words: str) -> Any:
    model.Session.remove()
    return cli.invoke(ckan_command, list(words))


def test_the_command_line_is_held_too(world: World, cli: Any) -> None:
    for state in ("diajukan", "terbit"):
        gw.put(world.id, state)
        before = gw.held()
        for verb in ("delete", "purge"):
            result = command(cli, "dataset", verb, world.dataset["name"])
            assert result.exit_code == 1
            assert "Kunjungan puskesmas" in result.output and "Traceback" not in result.output
            assert gw.held() == before


def test_the_command_line_deletes_and_purges_what_it_may(world: World, cli: Any) -> None:
    gw.put(world.id, "ditarik")
    assert command(cli, "dataset", "delete", world.dataset["name"]).exit_code == 0
    assert exists(world.id) == "deleted"
    assert command(cli, "dataset", "purge", world.id).exit_code == 0
    assert exists(world.id) is None


def test_the_command_line_does_not_clear_all_views(world: World, cli: Any) -> None:
    result = command(cli, "views", "clear", "-y")
    assert result.exit_code == 1


def test_the_trash_purges_what_was_cancelled(world: World, app: Any) -> None:
    act(world.editor, "package_delete", id=world.id)
    token = factories.APIToken(user=world.admin, context={"ignore_auth": True})["token"]
    app.post("/ckan-admin/trash", headers={"Authorization": token}, data={"action": "package"})
    assert exists(world.id) is None
    assert events(world.id) == ["mulai", "batalkan"]


def test_drafts_of_a_source_are_cancelled_and_cleared(world: World) -> None:
    act(world.admin, "harvest_source_clear", id=gw.source(world))
    assert exists(world.id) is None
    assert gw.state(world.id) == "dibatalkan"
