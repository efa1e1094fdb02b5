"""What is no content: visibility, state, producer, and whose a resource is."""
from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import guard_world as gw
import pytest
from ckan import model
from ckan.tests import factories
from guard_world import World, act, code

pytestmark = [
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


def test_a_new_dataset_is_private_whatever_is_said(world: World) -> None:
    for said in (False, "False", "false", 0, "", None, True, [], {"a": 1}, "x"):
        for user in (world.editor, world.admin):
            with world.case(said, user):
                made = gw.draft(user, world.opd["id"], private=said, title="Baru")
                assert made["private"] is True
                assert gw.state(made["id"]) == "draf"
                with pytest.raises(tk.NotAuthorized):
                    act("", "package_show", id=made["id"])


def test_a_new_dataset_without_its_producer_is_told_what_to_choose(world: World) -> None:
    for user in (world.editor, world.admin):
        with world.case(user), pytest.raises(tk.ValidationError) as error:
            act(user, "package_create", title="Tanpa produsen", name="tanpa-produsen")
        assert "private" not in error.value.error_dict
        assert "Pilih instansinya" in error.value.error_dict["owner_org"][0]
    with world.case("anonim"), pytest.raises(tk.NotAuthorized):
        act("", "package_create", title="Tanpa produsen", name="tanpa-produsen")


def test_a_dataset_has_a_type_with_a_workflow(world: World) -> None:
    for kind in ("showcase", "x" * 200, "Dataset"):
        with pytest.raises(tk.ValidationError) as error:
            gw.draft(world.admin, world.opd["id"], type=kind)
        assert "indikator" in error.value.error_dict["type"][0]
    for kind in ("", None):
        made = gw.draft(world.editor, world.opd["id"], type=kind, title="Tanpa jenis")
        assert made["type"] == "dataset"
        assert gw.state(made["id"]) == "draf"


def test_a_harvest_source_is_set_up_by_the_walidata_only(world: World) -> None:
    source: Data = {"url": "http://127.0.0.1:9/", "source_type": "ckan", "title": "Sumber"}
    for action in ("harvest_source_create", "package_create"):
        with pytest.raises(tk.NotAuthorized) as error:
            act(world.editor, action, name="sumber", owner_org=world.opd["id"], type="harvest",
                **source)
        assert "Walidata" in str(error.value)
    made = act(world.walidata, "harvest_source_create", name="sumber",
               owner_org=model.Group.get("diskominfo").id, **source)
    assert act("", "package_show", id=made["id"])["private"] is False
    assert act(world.admin, "harvest_source_patch", id=made["id"], title="Lain")["title"] == "Lain"
    act(world.walidata, "harvest_source_delete", id=made["id"])


def test_private_sent_back_with_the_rest_changes_nothing(world: World) -> None:
    for said in (False, "False", "x", None, [], {}):
        for user in (world.editor, world.admin):
            with world.case(said, user):
                made = act(user, "package_update", **{
                    **gw.shown(world.id), "private": said, "notes": f"oleh {user}"})
                assert made["private"] is True and made["notes"] == f"oleh {user}"


def test_private_asked_for_by_name_is_refused_with_the_way(world: World) -> None:
    for call in (lambda d: act(world.admin, "package_patch", id=world.id, **d),
                 lambda d: code("package_patch", id=world.id, **d),
                 lambda d: act(world.admin, "package_revise", match={"id": world.id}, update=d),
                 lambda d: act(world.admin, "package_revise", match__id=world.id,
                               **{f"update__{key}": value for key, value in d.items()})):
        gw.refused(lambda c=call: c({"private": False}), "Kirim untuk diperiksa")
        assert call({"private": True, "notes": "ikut"})
    assert gw.shown(world.id)["private"] is True
    gw.put(world.id, "terbit")
    gw.refused(lambda: act(world.admin, "package_patch", id=world.id, private=True))
    assert gw.shown(world.id)["private"] is False


def test_what_a_resource_says_of_its_dataset_changes_nothing(world: World) -> None:
    act(world.editor, "resource_patch", id=world.resource, private=False, state="deleted",
        package_id=str(uuid.uuid4()))
    shown = gw.shown(world.id)
    assert shown["private"] is True and shown["state"] == "active"
    assert shown["resources"][0]["id"] == world.resource


def test_the_forms_steps_finish_a_draft_and_nothing_else_changes_the_state(world: World) -> None:
    made = gw.draft(world.editor, world.opd["id"], state="draft", title="Setengah")
    assert made["state"] == "draft"
    assert act(world.editor, "package_update", **{**made, "notes": "dua"})["state"] == "draft"
    done = tk.get_action("package_update")(
        {"user": world.editor, "allow_state_change": True}, {**made, "state": "active"})
    assert done["state"] == "active"
    again = act(world.editor, "package_update", **{**done, "state": "draft", "notes": "tiga"})
    assert again["state"] == "active" and again["notes"] == "tiga"
    with pytest.raises(tk.ValidationError) as error:
        act(world.editor, "package_patch", id=made["id"], state="draft")
    assert "state" in error.value.error_dict


def test_no_other_state_is_written(world: World) -> None:
    calls = (lambda said: act(world.admin, "package_patch", id=world.id, state=said),
             lambda said: act(world.admin, "package_update",
                              **{**gw.shown(world.id), "state": said}),
             lambda said: gw.draft(world.admin, world.opd["id"], state=said))
    for said in ("deleted", "to_delete", ["a"], {}, 1):
        for call in calls:
            with pytest.raises(tk.ValidationError) as error:
                call(said)
            word = "package_delete" if said == "deleted" else "tidak dikenal"
            assert word in error.value.error_dict["state"][0]
    assert gw.shown(world.id)["state"] == "active"


class TestMovingToAnotherProducer:
    """Changing the produsen changes who answers for the data."""

    #: package_owner_org_update is for sysadmins, says CKAN.
    ACTIONS = ("package_owner_org_update", "package_patch", "package_update")

    def move(self, world: World, action: str, user: str, to: Any) -> Any:
        if action == "package_owner_org_update":
            return act(user, action, id=world.id, organization_id=to)
        whole = gw.shown(world.id) if action == "package_update" else {"id": world.id}
        return act(user, action, **{**whole, "owner_org": to})

    def writer_for_both(self, world: World) -> str:
        user = factories.User()["name"]
        for org in (world.opd, world.other):
            code("member_create", id=org["id"], object=user, object_type="user", capacity="editor")
        return user

    def test_a_draft_moves_by_who_may_write_for_both(self, world: World) -> None:
        both = self.writer_for_both(world)
        before = gw.submission(world.id).version
        for action in self.ACTIONS:
            for user in (world.admin, both):
                if user == both and action == "package_owner_org_update":
                    continue
                with world.case(action, user):
                    self.move(world, action, user, world.other["name"])
                    assert gw.shown(world.id)["owner_org"] == world.other["id"]
                    after = gw.submission(world.id)
                    assert after.owner_org == world.other["id"] and after.version > before

    def test_a_producer_gives_nothing_away_and_a_stranger_takes_nothing(
        self, world: World
    ) -> None:
        for action in self.ACTIONS:
            for user in (world.editor, world.outsider):
                with world.case(action, user):
                    with pytest.raises((tk.NotAuthorized, tk.ValidationError)):
                        self.move(world, action, user, world.other["id"])
                    assert gw.shown(world.id)["owner_org"] == world.opd["id"]

    def test_nobody_moves_what_was_handed_in(self, world: World) -> None:
        for state in (*gw.FROZEN, "dikembalikan"):
            gw.put(world.id, state)
            for action in self.ACTIONS:
                with world.case(state, action):
                    gw.refused(lambda a=action: self.move(
                        world, a, world.admin, world.other["id"]))
                    assert gw.shown(world.id)["owner_org"] == world.opd["id"]

    @pytest.mark.ckan_config("ckan.auth.create_unowned_dataset", True)
    def test_no_dataset_is_left_without_a_producer(self, world: World) -> None:
        for action in self.ACTIONS:
            for to in ("", None, ["a"], {"id": "a"}, 1, "x" * 1000, "a\x00b", "tidak-ada"):
                with world.case(action, to):
                    with pytest.raises((tk.ValidationError, tk.ObjectNotFound)):
                        self.move(world, action, world.admin, to)
                    assert gw.shown(world.id)["owner_org"] == world.opd["id"]

    def test_the_same_organization_is_no_move(self, world: World) -> None:
        gw.put(world.id, "dikembalikan")
        for action in self.ACTIONS:
            self.move(world, action, world.admin, world.opd["name"])


class TestIdsOfResources:
    """A resource stays with its dataset, and so does the table that bears its id."""

    def refused(self, world: World, identifier: str) -> None:
        resources = [{"id": identifier, "url": "https://data.example/x.csv"}]
        with pytest.raises(tk.ValidationError) as error:
            gw.draft(world.outsider, world.other["id"], title="Ambil", resources=resources)
        assert identifier in str(error.value.error_dict)
        mine = gw.draft(world.outsider, world.other["id"], title="Milik saya")
        with pytest.raises(tk.ValidationError) as error:
            act(world.outsider, "package_patch", id=mine["id"], resources=resources)
        assert identifier in str(error.value.error_dict)

    def test_a_resource_in_use_is_not_taken(self, world: World) -> None:
        self.refused(world, world.resource)
        assert gw.shown(world.id)["resources"][0]["id"] == world.resource

    def test_a_deleted_resource_brings_its_table_to_nobody(self, world: World) -> None:
        table = gw.table(world)["resource_id"]
        act(world.editor, "resource_delete", id=table)
        self.refused(world, table)

    def test_a_table_left_behind_is_given_to_nobody(self, world: World) -> None:
        table = gw.table(world)["resource_id"]
        code("dataset_purge", id=world.id)
        self.refused(world, table)

    def test_a_fresh_id_and_ones_own_are_kept(self, world: World) -> None:
        identifier = str(uuid.uuid4())
        made = gw.draft(world.editor, world.opd["id"], title="Sendiri", resources=[
            {"id": identifier, "url": "https://data.example/x.csv"}])
        assert made["resources"][0]["id"] == identifier
        again = act(world.editor, "package_update", **{**made, "notes": "lagi"})
        assert again["resources"][0]["id"] == identifier


def test_a_relation_of_others_is_not_taken_by_its_id(world: World) -> None:
    other = gw.draft(world.editor, world.opd["id"], title="Lain")
    subject, object_ = model.Package.get(world.id), model.Package.get(other["id"])
    relation = subject.add_relationship("depends_on", object_, comment="awal")
    model.Session.commit()
    identifier = relation.id
    mine = gw.draft(world.outsider, world.other["id"], title="Milik saya")
    act(world.outsider, "package_patch", id=mine["id"], relationships_as_subject=[
        {"id": identifier, "type": "links_to", "comment": "diambil"}])
    found = model.Session.get(model.PackageRelationship, identifier)
    assert found.subject_package_id == world.id and found.comment == "awal"


def test_an_organization_is_not_ended_or_turned_by_an_edit(world: World) -> None:
    group = factories.Group(users=[{"name": world.editor, "capacity": "admin"}])
    for user, action, target in ((world.editor, "organization_patch", world.opd),
                                 (world.admin, "group_patch", group)):
        with pytest.raises(tk.ValidationError) as error:
            act(user, action, id=target["id"], state="deleted")
        assert "_delete" in error.value.error_dict["state"][0]
        turned = not target["is_organization"]
        with pytest.raises(tk.ValidationError):
            act(user, action, id=target["id"], is_organization=turned)
        for odd in ([], {}, 3, "mungkin"):
            with pytest.raises(tk.ValidationError):
                act(user, action, id=target["id"], is_organization=odd)
    act(world.editor, "organization_patch", id=world.opd["id"], state="active", title="Lain",
        is_organization="true")
