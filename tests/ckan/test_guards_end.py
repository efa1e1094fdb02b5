"""How datasets and organizations end: cancelled, deleted, purged; nothing public disappears."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import guard_world as gw
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.cli.cli import ckan as ckan_command
from ckan.tests import factories
from guard_world import World, act, code

from ckanext.satudata.shared.audit import Event

pytestmark = [
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_datastore", "clean_index"),
]

Data = dict[str, Any]


@pytest.fixture
def world() -> World:
    return gw.make()


def events(package_id: str) -> list[str | None]:
    model.Session.rollback()
    return list(model.Session.scalars(
        sa.select(Event.transition).where(Event.package_id == package_id).order_by(Event.id)))


def exists(package_id: str) -> str | None:
    """Return the state of CKAN's row, or None when there is none."""
    model.Session.rollback()
    return model.Session.scalar(
        sa.select(model.Package.state).where(model.Package.id == package_id))


@pytest.mark.parametrize("state", ["draf", "dikembalikan"])
def test_deleting_a_draft_cancels_it_and_keeps_the_event(world: World, state: str) -> None:
    gw.put(world.id, state)
    act(world.editor, "package_delete", id=world.dataset["name"])
    assert exists(world.id) == "deleted"
    assert gw.state(world.id) == "dibatalkan"
    assert events(world.id) == ["mulai", "batalkan"]


@pytest.mark.parametrize("action", ["package_delete", "dataset_purge"])
@pytest.mark.parametrize("state", ["diajukan", "diperiksa_walidata", "diperiksa_pembina",
                                   "dikembalikan_pembina", "disetujui", "terbit"])
def test_what_is_public_or_inspected_is_not_removed(
    world: World, state: str, action: str, everything: Callable[[], Data]
) -> None:
    gw.put(world.id, state)
    before = everything()
    word = "menariknya dahulu" if state == "terbit" else "dikembalikan"
    gw.refused(lambda: act(world.admin, action, id=world.id), word)
    gw.refused(lambda: code(action, id=world.id), word)
    with pytest.raises(tk.NotAuthorized) as error:
        act(world.outsider, action, id=world.id)
    assert "Kunjungan" not in str(error.value)
    assert everything() == before


@pytest.mark.parametrize("state", ["draf", "dikembalikan", "ditarik", "dibatalkan"])
def test_purging_leaves_the_submission_and_its_events(world: World, state: str) -> None:
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


def command(cli: Any, *words: str) -> Any:
    model.Session.remove()
    return cli.invoke(ckan_command, list(words))


@pytest.mark.parametrize("verb", ["delete", "purge"])
def test_the_command_line_is_held_too(
    world: World, cli: Any, verb: str, everything: Callable[[], Data]
) -> None:
    for state in ("diajukan", "terbit"):
        gw.put(world.id, state)
        before = everything()
        result = command(cli, "dataset", verb, world.dataset["name"])
        assert result.exit_code == 1
        assert "Kunjungan puskesmas" in result.output and "Traceback" not in result.output
        assert everything() == before


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


@pytest.mark.parametrize("action", ["organization_delete", "organization_purge"])
@pytest.mark.ckan_config("ckan.auth.create_unowned_dataset", True)
def test_an_organization_answers_for_its_public_data(
    world: World, action: str, everything: Callable[[], Data]
) -> None:
    for state in ("terbit", "diajukan"):
        gw.put(world.id, state)
        before = everything()
        gw.refused(lambda: act(world.admin, action, id=world.opd["name"]), "1 dataset")
        assert everything() == before
    gw.put(world.id, "draf")
    with pytest.raises(tk.ValidationError):  # CKAN would leave the draft without a producer
        act(world.admin, action, id=world.opd["id"])
    assert gw.shown(world.id)["owner_org"] == world.opd["id"]
    act(world.admin, "package_delete", id=world.id)
    act(world.admin, action, id=world.opd["id"])


class TestHarvestedDatasets:
    """What a source brought in ends as anything else does."""

    @pytest.fixture
    def source(self, world: World) -> str:
        from ckanext.harvest.model import HarvestJob, HarvestObject

        made = act(world.admin, "harvest_source_create", name="sumber", title="Sumber",
                   url="http://127.0.0.1:9/", source_type="ckan", owner_org=world.opd["id"])
        job = code("harvest_job_create", source_id=made["id"], run=False)
        model.Session.add(HarvestObject(
            guid="a", current=True, package_id=world.id, harvest_source_id=made["id"],
            job=HarvestJob.get(job["id"]), state="COMPLETE"))
        model.Session.commit()
        return made["id"]

    @pytest.mark.parametrize("action", ["harvest_source_clear", "harvest_source_index_clear"])
    def test_public_ones_are_not_cleared(self, world: World, source: str, action: str) -> None:
        gw.put(world.id, "terbit")
        gw.refused(lambda: act(world.admin, action, id=source))
        gw.refused(lambda: code(action, id=source))
        assert exists(world.id) == "active"

    def test_drafts_are_cancelled_and_cleared(self, world: World, source: str) -> None:
        act(world.admin, "harvest_source_clear", id=source)
        assert exists(world.id) is None
        assert gw.state(world.id) == "dibatalkan"


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
