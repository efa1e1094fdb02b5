"""What changed between versions is told to whoever may know it, and in time for the next step."""
from __future__ import annotations

import csv
import datetime as dt
import io
import os
import tempfile
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from guard_world import PLUGINS
from version_scene import CSV, Copy, Scene, act, upload

from ckanext.satudata.shared import blobs, outbox
from ckanext.satudata.versions import diff_job, diff_store
from ckanext.satudata.versions.diff_model import Diff
from ckanext.satudata.versions.model import Version
from ckanext.satudata.workflow import store

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", PLUGINS),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "clean_datastore"),
]

Data = dict[str, Any]
NEW = b"kecamatan,jumlah\nAnyar,1\nCinangka,5\nCiwandan,3\n"


@pytest.fixture
def scene() -> Scene:
    return Scene()


def write(copy: Copy, content: bytes = NEW) -> None:
    act("resource_patch", copy.scene.boss, id=copy.file, upload=upload(content), format="CSV")


def diff(scene: Scene, user: Data | None, first: int = 1, second: int | str = 2) -> Data:
    return act("satudata_version_diff", user, id=scene.id, **{"from": first, "to": second})


def tables(found: Data) -> dict[str, Data]:
    return {each["resource_id"]: each for each in found["resources"]}


def comparisons() -> list[Diff]:
    model.Session.rollback()
    return list(model.Session.scalars(
        sa.select(Diff), execution_options={"populate_existing": True}))


def test_a_fresh_working_copy_says_what_is_published(scene: Scene) -> None:
    scene.revise()
    found = diff(scene, scene.boss, 1, "draf")
    assert found["fields"] == []
    assert {each["status"] for each in found["resources"]} == {"sama"}
    assert act("satudata_revision_changes", scene.boss, id=scene.id) == {
        "number": 1, "fields": 0, "files": 0, "past_changed": 0, "progress": 100,
        "kind_proposed": "perubahan_metadata"}


def test_who_makes_a_version_reads_what_it_changes_and_nobody_else_does(scene: Scene) -> None:
    copy = scene.revise()
    write(copy)
    act("package_patch", scene.boss, id=copy.id, title="Kunjungan baru")
    found = diff(scene, scene.boss, 1, "draf")
    assert [(each["field"], each["label"], each["old"], each["new"]) for each in found["fields"]
            ] == [("title", "Judul", "Kunjungan", "Kunjungan baru")]
    table = tables(found)[scene.file]["table"]
    assert (table["state"], table["key"], table["key_source"]) == (
        "siap", ["kecamatan"], "datastore")
    assert table["rows"] == {"added": 1, "removed": 0, "changed": 1, "same": 1}
    assert (table["past_changed"], table["columns"]["changed"]) == (1, {"jumlah": 1})
    assert {"kind": "ubah", "key": {"kecamatan": "Cinangka"}, "column": "jumlah", "old": "2",
            "new": "5"} in table["sample"]
    assert act("satudata_revision_changes", scene.boss, id=copy.id) == {
        "number": 1, "fields": 1, "files": 1, "past_changed": 1, "progress": 100,
        "kind_proposed": "perbaikan"}
    for other in (None, factories.User()):
        with pytest.raises(tk.ObjectNotFound):
            diff(scene, other, 1, "draf")
        with pytest.raises(tk.NotAuthorized):
            act("satudata_revision_changes", other, id=copy.id)


def test_new_rows_alone_are_a_release_and_a_file_that_is_gone_is_a_correction(
    scene: Scene
) -> None:
    copy = scene.revise()
    write(copy, CSV + b"Ciwandan,3\n")
    changes = act("satudata_revision_changes", scene.boss, id=scene.id)
    assert (changes["past_changed"], changes["kind_proposed"]) == (0, "rilis_baru")
    act("resource_delete", scene.boss, id=copy.link)
    changes = act("satudata_revision_changes", scene.boss, id=scene.id)
    assert (changes["files"], changes["past_changed"]) == (2, 1)


def test_rows_written_to_a_table_are_compared_with_those_that_were_published(
    scene: Scene
) -> None:
    copy = scene.revise()
    act("datastore_upsert", scene.boss, resource_id=copy.only, force=True, method="upsert",
        records=[{"kecamatan": "Anyar", "jumlah": 11}, {"kecamatan": "Baru", "jumlah": 1}])
    found = tables(diff(scene, scene.boss, 1, "draf"))[scene.only]
    assert found["status"] == "ubah"
    assert found["table"]["rows"] == {"added": 1, "removed": 0, "changed": 1, "same": 0}
    assert found["table"]["key_source"] == "datastore"
    # What was handed in before the version came back is not what it holds once somebody writes.
    scene.step(scene.boss, copy.submission, "ajukan", reason="Angka baru")
    scene.step(scene.boss, copy.submission, "tarik_ajuan")
    kept = act("satudata_submission_show", scene.boss, id=copy.submission)
    assert kept["state"] == "draf" and store.content(copy.id).snapshots
    act("datastore_upsert", scene.boss, resource_id=copy.only, force=True, method="insert",
        records=[{"kecamatan": "Ciruas", "jumlah": 3}])
    assert tables(diff(scene, scene.boss, 1, "draf"))[scene.only]["table"]["rows"]["added"] == 2


def test_the_list_of_all_changes_is_a_file(scene: Scene, app: Any) -> None:
    copy = scene.revise()
    write(copy)
    address = tables(diff(scene, scene.boss, 1, "draf"))[scene.file]["table"]["list_url"]
    assert address.endswith(f"/versi/1/banding/draf/{scene.file}.csv")
    assert app.get(address, status=404)
    copy.publish()
    address = tables(diff(scene, None))[scene.file]["table"]["list_url"]
    answer = app.get(address)
    assert list(csv.reader(io.StringIO(answer.body))) == [
        ["jenis", "kecamatan", "kolom", "lama", "baru"],
        ["ubah", "Cinangka", "jumlah", "2", "5"], ["tambah", "Ciwandan", "", "", ""]]
    for wrong in (f"/dataset/{scene.id}/versi/1/banding/9/{scene.file}.csv",
                  f"/dataset/{scene.id}/versi/1/banding/2/{scene.link}.csv",
                  f"/dataset/{scene.id}/versi/1/banding/x/{scene.file}.csv"):
        app.get(wrong, status=404)


def test_of_restricted_files_the_public_is_told_counts_and_no_value(
    scene: Scene, app: Any
) -> None:
    copy = scene.revise()
    write(copy, NEW.replace(b"jumlah", b"Budi"))  # the first row of a table without a header
    act("resource_patch", scene.boss, id=copy.link, url="https://a.go.id/d/zqkunci")
    copy.publish()
    package = model.Package.get(scene.id)
    package.extras = {**package.extras, "access_rights": "terbatas"}
    model.Session.commit()
    found = diff(scene, None)
    table = tables(found)[scene.file]["table"]
    assert table["rows"] == {"added": 1, "removed": 0, "changed": 0, "same": 2}
    assert (table["sample"], table["list_url"]) == ([], None)
    assert (table["key"], table["columns"]) == (None, None)
    page = app.get(f"/dataset/{scene.id}/versi/1/banding/2")
    assert "Budi" not in str(found) and "Budi" not in page.body
    assert "zqkunci" not in str(found)  # the end of an address may be all that is secret of it
    assert "Baris dipasangkan" not in page.body and "jadi baris dibandingkan" not in page.body
    app.get(f"/dataset/{scene.id}/versi/1/banding/2/{scene.file}.csv", status=403)
    found = tables(diff(scene, scene.boss))
    assert found[scene.link]["file"]["new"]["filename"] == "zqkunci"
    table = found[scene.file]["table"]
    assert table["sample"] and table["list_url"] and table["columns"]["added"] == ["Budi"]
    logged = act("satudata_download_list", scene.boss, id=scene.id)["results"]
    assert [(each["way"], each["rows"]) for each in logged] == [("tabel", 1)]


def test_values_of_a_restricted_version_are_logged_on_whichever_side_it_stands(
    scene: Scene, app: Any
) -> None:
    """Data that was open, then restricted and then opened again: what lay between is not open."""
    copy = scene.revise()
    write(copy)
    copy.publish()
    second = model.Session.scalars(sa.select(Version).where(Version.number == 2)).one()
    second.content = {**second.content, "access_rights": "terbatas"}
    model.Session.commit()
    token = factories.APIToken(user=scene.boss["name"])["token"]
    for first, other in ((1, 2), (2, 1)):
        assert tables(diff(scene, scene.boss, first, other))[scene.file]["table"]["sample"]
        listing = app.get(f"/dataset/{scene.id}/versi/{first}/banding/{other}/{scene.file}.csv",
                          headers={"Authorization": token})
        assert {"private", "no-store"} <= set(listing.headers["Cache-Control"].split(", "))
    logged = act("satudata_download_list", scene.boss, id=scene.id)["results"]
    assert [(each["way"], each["number"]) for each in logged] == [("versi", 2), ("tabel", 2)] * 2


def test_a_large_table_is_compared_by_a_worker_and_the_step_waits_for_it(
    scene: Scene, monkeypatch: Any
) -> None:
    monkeypatch.setattr(diff_job, "SMALL", 0)
    copy = scene.revise()
    write(copy)
    assert not comparisons()
    outbox.drain(kinds=["banding"])
    waiting, = comparisons()
    assert (waiting.state, waiting.progress) == ("menunggu", 0)
    assert tables(diff(scene, scene.boss, 1, "draf"))[scene.file]["table"] == {
        "state": "menunggu", "progress": 0}
    changes = act("satudata_revision_changes", scene.boss, id=scene.id)
    assert (changes["past_changed"], changes["progress"], changes["kind_proposed"]) == (
        None, 0, None)
    diff_job.run(waiting.id)
    done, = comparisons()
    assert (done.state, done.progress) == ("siap", 100)
    assert blobs.exists(str(done.list_sha256))
    assert act("satudata_revision_changes", scene.boss, id=scene.id)["past_changed"] == 1
    # Words written since leave the bytes as they are.
    act("package_patch", scene.boss, id=copy.id, title="Lain")
    assert outbox.drain(kinds=["banding"]) == 0


def test_a_small_file_that_takes_long_keeps_nobody_waiting(
    scene: Scene, monkeypatch: Any
) -> None:
    """A megabyte that unpacks to a thousand is small, and a page is not served meanwhile."""
    copy = scene.revise()
    write(copy)
    monkeypatch.setattr(diff_job, "PATIENCE", 0)
    for _ in range(2):  # who comes next does not try once more
        table = tables(diff(scene, scene.boss, 1, "draf"))[scene.file]["table"]
        assert (table["state"], table["progress"]) == ("menunggu", 0)
        assert [each.attempts for each in comparisons()] == [1]
    diff_job.run(comparisons()[0].id)
    assert tables(diff(scene, scene.boss, 1, "draf"))[scene.file]["table"]["state"] == "siap"


def test_strangers_begin_no_comparison_while_many_wait(scene: Scene, monkeypatch: Any) -> None:
    """Who hands data in waits for the comparison of theirs; a crawler asks for all pairs."""
    copy = scene.revise()
    write(copy)
    copy.publish()
    model.Session.execute(sa.delete(Diff))
    model.Session.commit()
    monkeypatch.setattr(diff_job, "SMALL", 0)
    monkeypatch.setattr(diff_job, "ROOM", 0)
    said = {"state": "menunggu", "progress": 0}
    assert tables(diff(scene, None))[scene.file]["table"] == said
    assert not comparisons()
    assert tables(diff(scene, scene.boss))[scene.file]["table"] == said
    begun, = comparisons()
    diff_job.run(begun.id)
    assert tables(diff(scene, None))[scene.file]["table"]["state"] == "siap"


def test_what_a_dead_worker_left_is_taken_up_again_but_not_for_ever(scene: Scene) -> None:
    copy = scene.revise()
    write(copy)
    outbox.drain(kinds=["banding"])
    waiting, = comparisons()
    with diff_store.worked_on(waiting.id) as held:
        assert held is not None
        diff_store.note(held[0], waiting.id, state="berjalan", progress=40)
        diff_job.run(waiting.id)  # another process: the lock is held
        model.Session.rollback()
        assert (comparisons()[0].state, comparisons()[0].progress) == ("berjalan", 40)
        assert diff_store.stuck(sa.func.now() + sa.text("interval '1 hour'")) == []
    assert diff_store.stuck(sa.func.now() + sa.text("interval '1 hour'")) == [waiting.id]
    diff_job.run(waiting.id)
    assert comparisons()[0].state == "siap"
    # One that takes its process with it each time is given up, and counts as a change.
    model.Session.execute(sa.update(Diff).values(
        state="berjalan", attempts=diff_job.TRIES, finished_at=None, result=None))
    model.Session.commit()
    diff_job.run(waiting.id)
    assert comparisons()[0].state == "gagal"
    changes = act("satudata_revision_changes", scene.boss, id=scene.id)
    assert (changes["past_changed"], changes["kind_proposed"]) == (1, "perbaikan")


def test_a_file_that_is_no_table_is_said_so_in_words(scene: Scene) -> None:
    copy = scene.revise()
    write(copy, b"\x00\x01\x02" * 50)
    table = tables(diff(scene, scene.boss, 1, "draf"))[scene.file]["table"]
    assert table["state"] == "gagal" and "bukan teks" in table["reason"]
    assert act("satudata_revision_changes", scene.boss, id=scene.id)["past_changed"] == 1


def test_comparisons_go_with_the_files_they_are_of(scene: Scene) -> None:
    copy = scene.revise()
    write(copy)
    diff(scene, scene.boss, 1, "draf")
    assert len(comparisons()) == 1
    later = sa.func.now() + sa.text("interval '1 hour'")
    assert diff_store.forget(later) == 0
    write(copy, NEW + b"Lain,1\n")  # the earlier bytes belong to nothing now
    assert diff_store.forget(later) == 1


def test_what_a_killed_worker_left_in_the_temporary_folder_is_deleted(
    tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    for name in ("satudata-banding-lama", "satudata-banding-baru", "lain"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "berkas").write_text("rahasia")
    for name in ("satudata-banding-lama", "lain"):
        os.utime(tmp_path / name, (0, 0))
    diff_job.forget_unneeded(dt.datetime.now(dt.timezone.utc))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["lain", "satudata-banding-baru"]


def test_withdrawn_at_once_a_version_is_compared_by_nobody_outside(scene: Scene) -> None:
    copy = scene.revise()
    write(copy)
    copy.publish()
    assert tables(diff(scene, None))[scene.file]["table"]["sample"]
    scene.step(scene.boss, scene.id, "tarik_darurat")
    with pytest.raises((tk.ObjectNotFound, tk.NotAuthorized)):
        diff(scene, None)
