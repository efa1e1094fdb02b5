"""What datasets hold changes in drafts only, whoever asks and by whatever action."""
from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import guard_world as gw
import pytest
from ckan import model
from ckan.tests import factories
from guard_world import World, act, code

from ckanext.satudata.domain import guards
from ckanext.satudata.workflow.publish import Door

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", f"{gw.PLUGINS} text_view"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
    pytest.mark.ckan_config("ckan.search.solr_commit", False),
    pytest.mark.usefixtures("with_plugins"),
]

Data = dict[str, Any]


@pytest.fixture(scope="module")
def made() -> dict[str, World]:
    """What the first test of this module makes for all of them."""
    return {}


@pytest.fixture
def world(made: dict[str, World], request: pytest.FixtureRequest) -> Iterator[World]:
    with gw.shared(made, request) as found:
        yield found


@pytest.fixture
def full(world: World) -> Data:
    """A draft with a table, an alias, views, a group, a keyword and a relation."""
    view = act(world.editor, "resource_view_create", resource_id=world.resource,
               view_type="text_view", title="Teks")
    other = gw.draft(world.editor, world.opd["id"], title="Lain")
    table = gw.table(world, aliases=["kunjungan"])["resource_id"]
    group = factories.Group(users=[{"name": world.editor, "capacity": "admin"}])
    empty = factories.Group(users=[{"name": world.editor, "capacity": "admin"}])
    code("member_create", id=group["id"], object=world.id, object_type="package",
         capacity="public")
    vocabulary = factories.Vocabulary(tags=[{"name": "satu"}])
    act(world.editor, "package_patch", id=world.id, tags=[{"name": "kata"}])
    return {"view": view["id"], "other": other["id"], "table": table, "group": group["id"],
            "empty": empty["id"], "vocabulary": vocabulary["id"],
            "tag": model.Tag.get("kata").id}


def related(world: World, full: Data) -> Data:
    """Relate the dataset to the other."""
    subject, other = model.Package.get(world.id), model.Package.get(full["other"])
    if not subject.get_relationships_with(other):
        subject.add_relationship("depends_on", other, comment="awal")
        model.Session.commit()
    return {"subject": world.id, "object": full["other"], "type": "depends_on"}


#: One call of every guarded content write that changes something of ``world.id``.
Call = Callable[[World, Data], Data]
CALLS: dict[str, Call] = {
    "package_update": lambda w, f: {**gw.shown(w.id), "notes": "lain"},
    "package_patch": lambda w, f: {"id": w.dataset["name"], "notes": "lain"},
    "package_revise": lambda w, f: {"match": {"name": w.dataset["name"]},
                                    "update": {"notes": "lain"}},
    "package_resource_reorder": lambda w, f: {"id": w.id, "order": [f["table"], w.resource]},
    "resource_create": lambda w, f: {"package_id": w.id, "url": "https://data.example/b.csv"},
    "resource_update": lambda w, f: {"id": w.resource, "url": "https://data.example/c.csv"},
    "resource_patch": lambda w, f: {"id": w.resource, "name": "lain"},
    "resource_delete": lambda w, f: {"id": w.resource},
    "resource_view_create": lambda w, f: {"resource_id": w.resource, "view_type": "text_view",
                                          "title": "Lain"},
    "resource_view_update": lambda w, f: {"id": f["view"], "title": "Lain"},
    "resource_view_delete": lambda w, f: {"id": f["view"]},
    "resource_view_reorder": lambda w, f: {"id": w.resource, "order": [f["view"]]},
    "resource_create_default_resource_views": lambda w, f: {
        "resource": {"id": w.resource, "package_id": w.id}},
    "package_create_default_resource_views": lambda w, f: {"package": gw.shown(w.id)},
    "package_relationship_delete": related,
    "member_create": lambda w, f: {"id": f["empty"], "object": w.dataset["name"],
                                   "object_type": "package", "capacity": "public"},
    "member_delete": lambda w, f: {"id": f["group"], "object": w.id, "object_type": "package"},
    "group_create": lambda w, f: {"name": "grup-baru", "packages": [{"id": w.id}]},
    "organization_create": lambda w, f: {"name": "instansi-baru", "packages": [{"id": w.id}]},
    "group_update": lambda w, f: {"id": f["empty"], "name": "kosong", "packages": [{"id": w.id}]},
    "group_patch": lambda w, f: {"id": f["group"], "packages": []},
    "group_delete": lambda w, f: {"id": f["group"]},
    "group_purge": lambda w, f: {"id": f["group"]},
    "tag_delete": lambda w, f: {"id": f["tag"]},
    "datastore_create": lambda w, f: {"resource_id": f["table"], "records": gw.NEW_ROWS,
                                      "force": True},
    "datastore_upsert": lambda w, f: {"resource_id": f["table"], "records": [
        {"kecamatan": "Anyar", "jumlah": 9}]},
    "datastore_delete": lambda w, f: {"resource_id": f["table"], "filters": {"jumlah": 1}},
    "datastore_records_delete": lambda w, f: {"resource_id": f["table"], "filters": {}},
    "datastore_run_triggers": lambda w, f: {"resource_id": "kunjungan"},
    "harvest_object_create": lambda w, f: {"guid": "a", "job_id": "x", "package_id": w.id},
}
#: Tested on their own below, or elsewhere: they name no dataset of their own.
ELSEWHERE = {
    "package_create", "organization_update", "organization_patch", "vocabulary_update",
    "vocabulary_delete", "datapusher_submit", "datapusher_hook",
}


def test_every_content_write_is_called_here() -> None:
    assert set(CALLS) | ELSEWHERE == set(guards.CONTENT)


@pytest.mark.ckan_config("ckan.auth.user_create_groups", True)
@pytest.mark.ckan_config("ckan.auth.user_create_organizations", True)
def test_content_stands_still_once_it_is_handed_in(world: World, full: Data) -> None:
    for state in ("diajukan", "terbit"):
        for action in sorted(CALLS):
            with world.case(state, action):
                gw.put(world.id, state)
                data = CALLS[action](world, full)
                before = gw.held()
                gw.refused(lambda a=action, d=data: act(world.admin, a, **d), "Kunjungan")
                gw.refused(lambda a=action, d=data: code(a, **d))
                # By its name, hidden data is not there for who may not read it.
                with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
                    act(world.outsider, action, **data)
                assert gw.held() == before
    assert gw.rows(full["table"]) == gw.ROWS


def test_content_of_a_draft_changes_and_the_version_goes_up(world: World, full: Data) -> None:
    nothing = {"resource_create_default_resource_views", "package_create_default_resource_views"}
    tried = set(CALLS) - {"harvest_object_create"}
    before = gw.submission(world.id).version
    for action in sorted(tried):
        with world.case(action):
            act(world.admin, action, **CALLS[action](world, full))
            after = gw.submission(world.id)
            assert after.state == "draf"
            assert after.version > before or action in nothing
            assert model.User.get(world.admin).id in after.editors or action in nothing


def test_the_refusal_says_the_way_out(world: World) -> None:
    words = {"terbit": "Perbarui data", "diajukan": "Tarik kembali", "ditarik": "Perbaiki dan",
             "dibatalkan": "ditutup", "digantikan": "ditutup"}
    for state in (*gw.FROZEN, "diperiksa_walidata", "diperiksa_pembina", "dikembalikan_pembina",
                  "digantikan"):
        with world.case(state):
            gw.put(world.id, state)
            error = gw.refused(lambda: act(world.editor, "package_patch", id=world.id, notes="x"),
                               words.get(state, "minta Walidata"))
            assert error.error_dict["state"] == state
            assert error.error_dict["package_id"] == world.id


def test_the_refusal_names_the_working_copy(world: World) -> None:
    gw.put(world.id, "terbit")
    copy = act(world.editor, "satudata_submission_transition", id=world.id, transition="revisi",
               expected_version=gw.submission(world.id).version)
    copy_id = gw.submission(world.id).content_id
    assert copy_id != world.id, copy
    error = gw.refused(lambda: act(world.editor, "package_patch", id=world.id, notes="x"), copy_id)
    assert error.error_dict["working_copy"] == copy_id
    act(world.editor, "package_patch", id=copy_id, notes="di salinan")
    assert gw.shown(world.id).get("notes") != "di salinan"


def test_a_stranger_learns_neither_state_nor_title(world: World) -> None:
    gw.put(world.id, "diajukan")
    for user in (world.outsider, ""):
        with pytest.raises(tk.NotAuthorized) as error:
            act(user, "package_patch", id=world.id, notes="x")
        assert "Kunjungan" not in str(error.value)


def test_a_group_does_not_take_in_another_agencys_draft(world: World) -> None:
    group = factories.Group(users=[{"name": world.outsider, "capacity": "admin"}])
    with pytest.raises(tk.NotAuthorized):
        act(world.outsider, "member_create", id=group["id"], object=world.id,
            object_type="package", capacity="public")
    with pytest.raises(tk.NotAuthorized):
        act(world.outsider, "group_patch", id=group["id"], packages=[{"name": world.id}])
    act(world.outsider, "group_patch", id=group["id"], title="Judul baru")


def test_people_and_groups_still_become_members(world: World) -> None:
    gw.put(world.id, "terbit")
    user = factories.User()
    act(world.editor, "member_create", id=world.opd["id"], object=user["id"],
        object_type="user", capacity="editor")
    act(world.editor, "organization_patch", id=world.opd["id"], title="Dinas Kesehatan Daerah")


def test_a_vocabulary_keeps_the_keywords_that_are_in_use(world: World) -> None:
    vocabulary = factories.Vocabulary(tags=[{"name": "satu"}, {"name": "dua"}])
    tag = model.Tag.get("satu", vocabulary["id"])
    model.Session.add(model.PackageTag(model.Package.get(world.id), tag))
    model.Session.commit()
    gw.put(world.id, "terbit")
    gw.refused(lambda: act(world.admin, "vocabulary_update", id=vocabulary["id"],
                           tags=[{"name": "dua"}]))
    gw.refused(lambda: act(world.admin, "vocabulary_delete", id=vocabulary["id"], name="x"))
    act(world.admin, "vocabulary_update", id=vocabulary["id"], name="lain")
    act(world.admin, "vocabulary_update", id=vocabulary["id"], tags=[{"name": "satu"}])


def test_a_view_moves_neither_into_nor_out_of_a_public_dataset(world: World) -> None:
    mine = gw.draft(world.editor, world.opd["id"], title="Punya saya")
    view = act(world.editor, "resource_view_create", view_type="text_view", title="Teks",
               resource_id=mine["resources"][0]["id"])
    gw.put(world.id, "terbit")
    gw.refused(lambda: act(world.editor, "resource_view_update", id=view["id"], title="Teks",
                           resource_id=world.resource))


def test_a_table_named_like_anothers_alias_opens_nothing(world: World) -> None:
    table = gw.table(world, aliases=["kunjungan"])["resource_id"]
    gw.put(world.id, "terbit")
    mine = gw.draft(world.editor, world.opd["id"], title="Punya saya", resources=[
        {"url": "https://data.example/b.csv", "name": "kunjungan"}])
    for action, more in (("datastore_upsert", {"records": [], "method": "insert"}),
                         ("datastore_delete", {"filters": {}}), ("datastore_create", {})):
        gw.refused(lambda a=action, m=more: act(
            world.editor, a, resource_id="kunjungan", force=True, **m))
    with pytest.raises(tk.ValidationError):
        act(world.editor, "datastore_create", resource_id=mine["resources"][0]["id"], force=True,
            fields=gw.CSV, aliases=["kunjungan"])
    assert gw.rows(table) == gw.ROWS


def test_no_table_bears_the_id_of_a_resource_as_its_alias(world: World) -> None:
    mine = gw.draft(world.outsider, world.other["id"], title="Milik saya")["resources"][0]["id"]
    for aliases in ([world.resource], f"satu, {world.resource}", [str(uuid.uuid4()).upper()]):
        with pytest.raises(tk.ValidationError) as error:
            act(world.outsider, "datastore_create", resource_id=mine, force=True, fields=gw.CSV,
                aliases=aliases)
        assert "aliases" in error.value.error_dict
    for odd in ([["a"]], [1], {"a": 1}, 3):
        with pytest.raises(tk.ValidationError):
            act(world.outsider, "datastore_create", resource_id=mine, force=True, fields=gw.CSV,
                aliases=odd)
    act(world.outsider, "datastore_create", resource_id=mine, force=True, fields=gw.CSV,
        aliases="satu,dua")


def test_nested_writes_keep_one_transaction_and_count_as_content(world: World) -> None:
    before = gw.submission(world.id).version
    made = act(world.editor, "datastore_create", resource={"package_id": world.id},
               fields=gw.CSV, records=gw.ROWS)
    assert gw.shown(world.id)["resources"][-1]["id"] == made["resource_id"]
    assert gw.submission(world.id).version > before


def test_a_write_that_is_put_off_commits_nothing(world: World) -> None:
    table = gw.table(world)["resource_id"]
    before = gw.submission(world.id).version
    tk.get_action("resource_view_create")(
        {"user": world.editor, "defer_commit": True},
        {"resource_id": table, "view_type": "text_view", "title": "Nanti"})
    assert gw.submission(world.id).version == before  # submission() rolls back first
    tk.get_action("package_patch")(
        {"user": world.editor, "defer_commit": True, "return_id_only": True},
        {"id": world.id, "notes": "nanti"})
    model.Session.commit()
    assert gw.shown(world.id)["notes"] == "nanti"
    assert gw.submission(world.id).version == before + 1


def test_a_refused_write_that_is_put_off_leaves_the_callers_work(world: World) -> None:
    gw.put(world.id, "terbit")
    group = model.Group.get(world.other["id"])
    group.description = "ditulis pemanggil"
    with pytest.raises(tk.ValidationError):
        tk.get_action("datastore_create")(
            {"user": world.editor, "defer_commit": True},
            {"resource_id": world.resource, "fields": gw.CSV, "force": True})
    model.Session.commit()
    assert model.Group.get(world.other["id"]).description == "ditulis pemanggil"


def test_the_door_lets_the_portals_own_code_in(world: World) -> None:
    gw.put(world.id, "terbit")
    tk.get_action("package_patch")(Door().context(user=world.admin), {
        "id": world.id, "notes": "diterima"})
    model.Session.commit()
    assert gw.shown(world.id)["notes"] == "diterima"
    gw.refused(lambda: act(world.admin, "package_patch", id=world.id, notes="lain"))


def test_every_way_to_revise_is_held(world: World) -> None:
    gw.put(world.id, "diajukan")
    for asked in (
        {"match__id": world.id, "update__notes": "x"},
        {"match__name": world.dataset["name"], "update__notes": "x"},
        {"match": f'{{"id": "{world.id}"}}', "update": '{"notes": "x"}'},
        {"match": {"name": world.dataset["name"]}, "filter": "-notes"},
        {"match": {"id": world.id}, "match__name": "lain", "filter": ["-*"]},
    ):
        gw.refused(lambda d=asked: act(world.editor, "package_revise", **d))
