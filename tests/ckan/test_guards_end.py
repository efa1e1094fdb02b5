"""How datasets and organizations end: cancelled, deleted, purged; nothing public disappears."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import guard_world as gw
import pytest
import sqlalchemy as sa
from ckan import model
from guard_world import World, act, code, events, exists

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


def test_deleting_a_draft_cancels_it_and_keeps_the_event(world: World) -> None:
    for state in ("draf", "dikembalikan"):
        with world.case(state):
            gw.put(world.id, state)
            act(world.editor, "package_delete", id=world.dataset["name"])
            assert exists(world.id) == "deleted"
            assert gw.state(world.id) == "dibatalkan"
            assert events(world.id) == ["mulai", "batalkan"]


def test_what_is_public_or_inspected_is_not_removed(world: World) -> None:
    for state in ("diajukan", "diperiksa_walidata", "diperiksa_pembina", "dikembalikan_pembina",
                  "disetujui", "terbit"):
        gw.put(world.id, state)
        word = "menariknya dahulu" if state == "terbit" else "dikembalikan"
        for action in ("package_delete", "dataset_purge"):
            with world.case(state, action):
                before = gw.held()
                gw.refused(lambda a=action: act(world.admin, a, id=world.id), word)
                gw.refused(lambda a=action: code(a, id=world.id), word)
                with pytest.raises(tk.NotAuthorized) as error:
                    act(world.outsider, action, id=world.id)
                assert "Kunjungan" not in str(error.value)
                assert gw.held() == before


def test_purging_leaves_the_submission_and_its_events(world: World) -> None:
    for state in ("draf", "dikembalikan", "ditarik", "dibatalkan"):
        with world.case(state):
            gw.put(world.id, state)
            code("dataset_purge", id=world.id)
            assert exists(world.id) is None
            assert gw.state(world.id) in ("dibatalkan", "ditarik")
            assert events(world.id)[0] == "mulai"


def test_withdrawn_data_may_be_deleted(world: World) -> None:
    gw.put(world.id, "ditarik")
    act(world.editor, "package_delete", id=world.id)
    assert exists(world.id) == "deleted"
    assert gw.state(world.id) == "ditarik"
    gw.refused(lambda: act(world.admin, "package_patch", id=world.id, state="active"))


def test_a_working_copy_is_cancelled_and_the_public_version_stays(world: World) -> None:
    gw.put(world.id, "terbit")
    act(world.editor, "satudata_submission_transition", id=world.id, transition="revisi",
        expected_version=gw.submission(world.id).version)
    copy = gw.submission(world.id).content_id
    gw.refused(lambda: act(world.editor, "package_delete", id=world.id), "menariknya dahulu")
    act(world.editor, "package_delete", id=copy)
    assert gw.state(world.id) == "dibatalkan"
    assert gw.shown(world.id)["private"] is False
    code("dataset_purge", id=copy)
    assert act("", "package_show", id=world.id)["id"] == world.id


def test_a_withdrawn_dataset_waits_for_its_open_revision(world: World) -> None:
    gw.put(world.id, "terbit")
    act(world.editor, "satudata_submission_transition", id=world.id, transition="revisi",
        expected_version=gw.submission(world.id).version)
    gw.put(world.id, "ditarik")
    gw.refused(lambda: act(world.editor, "package_delete", id=world.id), "Batalkan dahulu")


def test_a_bystander_deletes_nothing(world: World) -> None:
    for user in (world.outsider, ""):
        with pytest.raises(tk.NotAuthorized):
            act(user, "package_delete", id=world.id)
    assert gw.state(world.id) == "draf"


class TestRowsWrittenBesideTheActions:
    """Code that writes CKAN's rows itself meets the same rule when it is flushed."""

    def test_nothing_becomes_public(self, world: World) -> None:
        model.Package.get(world.id).private = False
        gw.refused(model.Session.commit, "alur pemeriksaan")
        model.Session.rollback()
        assert gw.shown(world.id)["private"] is True

    def test_nothing_public_is_hidden_or_deleted(self, world: World) -> None:
        gw.put(world.id, "terbit")
        for field, value in (("private", True), ("state", "deleted")):
            setattr(model.Package.get(world.id), field, value)
            gw.refused(model.Session.commit)
            model.Session.rollback()
        model.Package.get(world.id).purge()
        gw.refused(model.Session.commit)
        model.Session.rollback()
        assert act("", "package_show", id=world.id)

    def test_a_new_row_is_private(self, world: World) -> None:
        made = model.Package(name="langsung", title="Langsung", type="dataset", private=False,
                             owner_org=world.opd["id"])
        model.Session.add(made)
        model.Session.commit()
        assert model.Package.get("langsung").private is True

    def test_ordinary_rows_are_left_alone(self, world: World) -> None:
        gw.put(world.id, "terbit")
        model.Package.get(world.id).metadata_modified = sa.func.now()
        model.Group.get(world.opd["id"]).description = "baru"
        model.Session.commit()


@pytest.mark.ckan_config("ckan.auth.create_unowned_dataset", True)
@pytest.mark.ckan_config("ckan.auth.create_unowned_dataset", True)
def test_no_dataset_is_left_without_its_producer(world: World) -> None:
    # CKAN's default: it would take the producer off each dataset, one commit after the other.
    for state in ("draf", "ditarik"):
        with world.case(state):
            gw.put(world.id, state)
            for action in ("organization_delete", "organization_purge"):
                gw.refused(lambda a=action: act(world.admin, a, id=world.opd["id"]),
                           "1 dataset", "Pindahkan")
                with pytest.raises(tk.NotAuthorized):
                    act(world.outsider, action, id=world.opd["id"])
            assert gw.shown(world.id)["owner_org"] == world.opd["id"]


def test_an_organization_answers_for_its_public_data(world: World) -> None:
    for action in ("organization_delete", "organization_purge"):
        with world.case(action):
            for state in ("terbit", "diajukan"):
                gw.put(world.id, state)
                before = gw.held()
                gw.refused(
                    lambda a=action: act(world.admin, a, id=world.opd["name"]), "1 dataset")
                assert gw.held() == before
            gw.put(world.id, "draf")
            with pytest.raises(tk.ValidationError):  # a draft would be without a producer
                act(world.admin, action, id=world.opd["id"])
            assert gw.shown(world.id)["owner_org"] == world.opd["id"]
            act(world.admin, "package_delete", id=world.id)
            act(world.admin, action, id=world.opd["id"])


class TestHarvestedDatasets:
    """What a source brought in ends as anything else does."""

    def test_public_ones_are_not_cleared(self, world: World) -> None:
        source = gw.source(world)
        gw.put(world.id, "terbit")
        for action in ("harvest_source_clear", "harvest_source_index_clear"):
            gw.refused(lambda a=action: act(world.admin, a, id=source))
            gw.refused(lambda a=action: code(a, id=source))
        assert exists(world.id) == "active"


class TestStoredFiles:
    """CKAN's files API does not reach the storage of resources."""

    def test_no_call_reaches_the_storage_of_resources(self, world: World) -> None:
        record = model.File(name="a", location="a", storage="resources", content_type="text/csv",
                            size=1, hash="h")
        model.Session.add(record)
        model.Session.commit()
        identifier = record.id
        for action, data in (
            ("file_create", {"storage": "resources", "upload": b"x", "name": "a.csv"}),
            ("file_register", {"storage": "resources", "location": "a"}),
            ("file_delete", {"id": identifier}), ("file_rename", {"id": identifier, "name": "b"}),
            ("file_pin", {"id": identifier}), ("file_unpin", {"id": identifier}),
            ("file_ownership_transfer", {"id": identifier, "owner_id": world.editor,
                                         "owner_type": "user"}),
        ):
            for call in (lambda a=action, d=data: act(world.admin, a, **d),
                         lambda a=action, d=data: code(a, **d)):
                with pytest.raises(tk.NotAuthorized) as error:
                    call()
                assert "resource_update" in str(error.value)
        model.Session.rollback()
        assert model.Session.get(model.File, identifier).name == "a"

    def test_other_storages_are_ckans_business(self, world: World) -> None:
        with pytest.raises(tk.ValidationError) as error:
            act(world.admin, "file_create", storage="tidak-ada", upload=b"x", name="a.csv")
        assert "storage" in error.value.error_dict
