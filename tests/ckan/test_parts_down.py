"""A part is down while a version is published: old or new meanwhile, and new once it is back."""
from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.datastore.backend import postgres
from file_keeper import make_storage
from marked_scene import Scene, upload
from marks import LATER
from outage import READ, WRITE, no_datastore
from s3_server import files_in, full_bucket
from workflow_cast import call
from workflow_law import CONFLICT
from workflow_world import told

from ckanext.satudata.files.listing import listing
from ckanext.satudata.shared import table_rows
from ckanext.satudata.tables import moving

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
NOBODY_LISTENS = "127.0.0.1:9"
SEARCH = frozenset({"package_search"})
#: More than :func:`small_disk` holds.
LARGE = "panjang " * 50_000


@pytest.fixture
def scene(scene: Scene) -> Scene:
    scene.bring("disetujui")
    return scene


def test_without_the_index_a_version_is_published_and_found_later(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as down:
        down.setitem(tk.config, "solr_url", f"http://{NOBODY_LISTENS}/solr/ckan")
        assert scene.step("terbitkan")["state"] == "terbit"
        scene.number += 1
        places = {place: path for place, path in scene.dataset.places().items()
                  if place not in SEARCH}
        seen = {place: scene.shapes.version(place, scene.get(path))
                for place, path in places.items()}
    assert set(seen.values()) == {scene.number, None}, seen
    search = scene.dataset.places()["package_search"]
    assert scene.shapes.version("package_search", scene.get(search)) == scene.number - 1
    scene.recover()
    scene.is_whole(scene.number)


def dead(url: str) -> str:
    host, port = NOBODY_LISTENS.split(":")
    return f"postgresql://nobody@{host}:{port}/{url.rpartition('/')[2].partition('?')[0]}"


def test_tables_that_cannot_be_written_follow_when_they_can(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as down:
        down.setitem(tk.config, WRITE, dead(tk.config[WRITE]))
        assert scene.step("terbitkan")["state"] == "terbit"
        scene.number += 1
        seen = scene.versions()
    assert set(seen.values()) == {scene.number, LATER, None}, seen
    assert {place for place, number in seen.items() if number == LATER} == {
        "datastore_search", "datastore_search alias", "datastore_info", "dump"}
    scene.recover()
    scene.is_whole(scene.number)
    scene.is_tidy()


def test_without_the_datastore_nothing_is_published(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as down:
        for name in (WRITE, READ):
            down.setitem(tk.config, name, dead(tk.config[name]))
        assert told(scene.stepping("terbitkan")) == CONFLICT
    for url in [each for each in postgres._engines if NOBODY_LISTENS in each]:
        postgres._engines.pop(url).dispose()
    assert scene.state() == "disetujui"
    scene.is_whole(scene.number)
    scene.is_tidy()


def seen(scene: Scene) -> set[int | None]:
    """Return what readers are told while no table can be read."""
    return {scene.shapes.version(place, scene.get(path))
            for place, path in scene.dataset.places().items() if place != "steady table"}


def test_a_datastore_that_stops_before_the_commit_leaves_the_old_version(scene: Scene) -> None:
    with no_datastore():
        assert told(scene.stepping("terbitkan")) == CONFLICT
        assert scene.state() == "disetujui"
        assert seen(scene) == {scene.number, LATER, None}
    scene.is_whole(scene.number)
    scene.is_tidy()


def test_a_datastore_that_stops_after_the_commit_gives_the_new_version_once_it_is_back(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    move = moving._move
    with ExitStack() as down, monkeypatch.context() as patch:
        def stopped(payload: dict[str, Any]) -> None:
            patch.undo()
            down.enter_context(no_datastore())
            move(payload)

        patch.setattr(moving, "_move", stopped)
        assert scene.step("terbitkan")["state"] == "terbit"
        scene.number += 1
        assert seen(scene) == {scene.number, LATER, None}
    scene.recover()
    scene.is_whole(scene.number)
    scene.is_tidy()


def held(scene: Scene) -> Any:
    """Return what the workflow and the working copy hold."""
    model.Session.remove()
    with model.ensure_engine().connect() as connection:
        return [connection.execute(sa.text(query), {"id": scene.package}).all() for query in (
            "SELECT * FROM satudata_submission WHERE package_id = :id ORDER BY id",
            "SELECT * FROM satudata_event WHERE package_id = :id ORDER BY id",
            "SELECT p.* FROM package p JOIN satudata_submission s ON s.content_id = p.id "
            "WHERE s.package_id = :id ORDER BY p.id",
            "SELECT r.* FROM resource r JOIN satudata_submission s ON s.content_id = r.package_id "
            "WHERE s.package_id = :id ORDER BY r.id")]


def test_without_room_nothing_is_handed_in_or_uploaded_and_all_is_published(
    scene: Scene, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = scene.step("batalkan_persetujuan")["content_id"]
    shown = call("package_show", scene.cast.produsen, id=copy)["resources"]
    rows, file = (next(each["id"] for each in shown if each["name"].startswith(name))
                  for name in ("Tabel", "Berkas"))
    call("datastore_upsert", scene.cast.produsen, resource_id=rows, force=True, method="insert",
         records=[{"kecamatan": LARGE, "nilai": 7}])
    before = held(scene)
    disk = make_storage("kecil", {"type": "ckan:fs", "path": str(small_disk / "berkas"),
                                  "initialize": True, "overwrite_existing": True})
    with full_bucket() as bucket:
        for storage in (disk, bucket):
            with files_in(storage):
                assert "penuh" in told(scene.stepping("ajukan"))
                assert held(scene) == before
                with pytest.raises(tk.ValidationError, match="penuh"):
                    call("resource_patch", scene.cast.produsen, id=file, upload=upload(LARGE))
                model.Session.rollback()
                assert held(scene) == before
    assert list(listing(disk)) == []
    with monkeypatch.context() as patch:  # nor where what is large waits on its way there
        patch.setattr(tempfile, "tempdir", str(small_disk))
        patch.setattr(table_rows, "SPOOL", 1000)
        assert "penuh" in told(scene.stepping("ajukan"))
    assert held(scene) == before

    scene.step("ajukan")
    scene.step("tarik_ajuan", "produsen")
    call("datastore_delete", scene.cast.produsen, resource_id=rows, force=True,
         filters={"nilai": 7})
    scene.approve()
    with files_in(disk):
        scene.step("terbitkan")
    scene.number += 1
    scene.recover()
    scene.is_whole(scene.number)
    scene.is_tidy()
