"""Stored files: nobody's are deleted after the grace, somebody's never, and all are checked."""
from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import files
from ckan.tests import factories, helpers
from ckan.tests.helpers import CKANCliRunner
from file_keeper import make_storage
from publishing import COMPLETE, inspect_and_publish, move, publish
from s3_server import Server, files_in, settings
from werkzeug.datastructures import FileStorage

from ckanext.satudata.cli import satudata
from ckanext.satudata.files.collecting import collect
from ckanext.satudata.inspection.model import Inspection
from ckanext.satudata.shared import blob_ledger, blobs
from ckanext.satudata.shared.db import Base, number_of

pytestmark = pytest.mark.usefixtures("clean_db", "with_plugins", "clean_files")
Run = Callable[..., Any]
WEEK = dt.timedelta(days=7)


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest) -> Iterator[Any]:
    """What must hold for a folder must hold for a bucket."""
    if request.param == "folder":
        yield blobs.storage()
    else:
        bucket = make_storage("uji", settings(request.getfixturevalue("s3"), path="res"))
        with files_in(bucket):
            yield bucket


def call(action: str, **data: Any) -> Any:
    user = helpers.call_action("get_site_user")["name"]
    return helpers.call_action(action, {"user": user, "ignore_auth": True}, **data)


def give(content: bytes, dataset: str = "", name: str = "data.csv") -> dict[str, Any]:
    package = dataset or factories.Dataset(owner_org=factories.Organization()["id"])["id"]
    return call("resource_create", package_id=package, name="Data",
                upload=FileStorage(io.BytesIO(content), filename=name))


def days_later(days: float) -> None:
    """Let time pass for everything in the ledger."""
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text(
            "UPDATE satudata_blob SET touched_at = touched_at - make_interval(secs => :s), "
            "unreferenced_since = unreferenced_since - make_interval(secs => :s)"),
            {"s": days * 86400})


@pytest.fixture
def run(app: Any) -> Run:
    """Run ``ckan satudata files`` with the storages of the test: a new start knows only the ini."""
    def command(*arguments: str) -> Any:
        with app.flask_app.app_context():
            return CKANCliRunner().invoke(satudata.commands["files"], arguments)

    return command


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_what_nobody_needs_goes_after_the_grace_and_the_rest_stays(storage: Any, run: Run) -> None:
    current = give(b"dipakai\n")
    draft = give(b"lama\n")
    call("resource_patch", id=draft["id"], upload=FileStorage(io.BytesIO(b"baru\n"), "data.csv"))
    published = give(b"versi satu\n")
    publish(published["package_id"])
    old, needed = sha(b"lama\n"), [current["sha256"], sha(b"baru\n"), published["sha256"]]
    days_later(30)
    assert "Akan dihapus: 0" in run("gc", "--dry-run").output  # marked first, never at first sight
    assert "Menunggu masa tenggang 7 hari: 1" in run("gc").output
    assert blobs.exists(old)
    days_later(8)
    assert "Akan dihapus: 1 berkas" in run("gc", "--dry-run").output
    assert blobs.exists(old)
    result = run("gc")
    assert result.exit_code == 0 and "Dihapus: 1 berkas" in result.output
    assert not blobs.exists(old) and all(blobs.exists(each) for each in needed)
    assert run("check").exit_code == 0


def test_files_that_stand_in_no_ledger_wait_for_the_grace_too(storage: Any) -> None:
    """As after an upgrade, or when a backup was laid back."""
    digest = sha(b"yatim")
    blobs.put_whole(storage, blobs.location(digest), files.make_upload(b"yatim"))
    assert collect(WEEK, dry_run=True).waiting == 1
    assert collect(WEEK).removed == 0
    days_later(8)
    storage.remove(files.FileData(blobs.location(digest)))  # vanished between listing and deletion
    assert collect(WEEK).removed == 1
    assert collect(WEEK).stored == 0


def test_what_is_needed_again_loses_its_mark() -> None:
    resource = give(b"x\n")
    call("resource_delete", id=resource["id"])
    collect(WEEK)
    days_later(6)
    again = give(b"x\n")
    days_later(6)
    assert collect(WEEK).removed == 0 and blobs.exists(again["sha256"])


def test_an_upload_that_counts_on_stored_bytes_is_not_robbed_of_them() -> None:
    """The collector looks between an upload's question whether they are there and its commit."""
    digest = blobs.store(io.BytesIO(b"sama"))
    model.Session.commit()
    collect(WEEK)
    days_later(30)
    blobs.store(io.BytesIO(b"sama"))  # the upload: finds them, and has not committed its row yet
    days_later(30)  # it takes its time
    collect(WEEK)
    days_later(30)
    assert collect(WEEK).removed == 0 and blobs.erase([digest]) == []
    assert blobs.exists(digest)
    model.Session.rollback()  # it failed
    assert collect(WEEK).removed == 1 and not blobs.exists(digest)


def test_an_upload_while_its_bytes_are_deleted_waits_and_stores_them_anew(storage: Any) -> None:
    digest = blobs.store(io.BytesIO(b"sama"))
    model.Session.commit()
    collect(WEEK)
    days_later(30)
    held, go = threading.Event(), threading.Event()
    done: list[str] = []

    def remove(sha256: str) -> None:
        held.set()
        assert go.wait(30)
        blobs.remove(sha256)

    collector = threading.Thread(
        target=lambda: done.extend(blob_ledger.collect([digest], remove, blob_ledger.idle(WEEK))))
    collector.start()
    assert held.wait(30)

    def upload() -> None:
        done.append(blobs.store(io.BytesIO(b"sama")))
        model.Session.remove()

    uploader = threading.Thread(target=upload)
    uploader.start()
    uploader.join(0.3)
    assert uploader.is_alive()  # else it would have seen the bytes that are about to go
    go.set()
    collector.join(30)
    uploader.join(30)
    assert done == [digest, digest]
    assert b"".join(blobs.open(digest)) == b"sama"


class _Killing(io.BytesIO):
    """Kills the process that reads it, the way the kernel does, once part of it is sent."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell() > 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(min(size or 0, 1024 * 1024))


def test_a_process_killed_in_an_upload_leaves_nothing_under_the_hash(
    storage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ckanext.satudata.files.s3.PART", 1024 * 1024)
    content = b"x" * 3 * 1024 * 1024
    place = blobs.location(sha(content))
    child = os.fork()
    if child == 0:
        blobs.put_whole(storage, place, files.Upload(
            _Killing(content), "besar", len(content), "text/csv"))
        os._exit(0)  # not reached
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert not storage.exists(files.FileData(place))
    monkeypatch.setattr("ckanext.satudata.files.collecting.BROKEN_OFF", dt.timedelta(seconds=-5))
    assert collect(WEEK).aside == 1
    monkeypatch.undo()
    assert blobs.store(io.BytesIO(content)) == sha(content) and blobs.exists(sha(content))


def test_uploads_that_broke_off_go_after_a_day(storage: Any, monkeypatch: Any) -> None:
    storage.upload(files.Location(f"{blobs.ASIDE}/abc"), files.make_upload(b"sepa"))
    assert collect(WEEK).aside == 0
    monkeypatch.setattr("ckanext.satudata.files.collecting.BROKEN_OFF", dt.timedelta(seconds=-5))
    assert collect(WEEK, dry_run=True).aside == 1
    assert collect(WEEK).aside == 1
    assert not storage.exists(files.FileData(files.Location(f"{blobs.ASIDE}/abc")))


def test_what_is_gone_or_other_than_it_should_be_is_named(storage: Any, run: Run) -> None:
    dataset = factories.Dataset(owner_org=factories.Organization()["id"], title="Jumlah penduduk")
    resource = give(b"a,b\n1,2\n", dataset["id"])
    publish(dataset["id"])
    assert run("check").exit_code == 0
    place = blobs.location(resource["sha256"])
    storage.upload(place, files.make_upload(b"a,b\n1,3\n"))  # same length
    assert run("check", "--quick").exit_code == 0
    result = run("check")
    assert result.exit_code == 1
    assert "Isinya bukan yang semestinya" in result.output
    assert "Jumlah penduduk" in result.output and "data.csv" in result.output
    assert "versi 1" in result.output
    storage.remove(files.FileData(place))
    result = run("check", "--quick")
    assert result.exit_code == 1 and f"Hilang: {place}" in result.output
    give(b"a,b\n1,2\n")  # the same file uploaded again, wherever, mends it
    assert run("check").exit_code == 0


def test_two_collections_at_once_are_one(run: Run) -> None:
    with model.ensure_engine().begin() as other:
        other.execute(sa.select(sa.func.pg_advisory_xact_lock(number_of("satudata_gc"))))
        result = run("gc")
        assert result.exit_code == 1 and "sedang berjalan" in result.output
    assert run("gc").exit_code == 0


def test_half_a_file_under_a_hash_is_written_again(storage: Any) -> None:
    digest = blobs.store(io.BytesIO(b"utuh"))
    storage.upload(blobs.location(digest), files.make_upload(b"ut"))
    blobs.store(io.BytesIO(b"utuh"))
    assert b"".join(blobs.open(digest)) == b"utuh"


def test_a_portal_moves_to_a_bucket_and_a_copy_broken_off_goes_on(
    app: Any, s3: Server, run: Run, monkeypatch: Any
) -> None:
    resource, other = give(b"a,b\n1,2\n"), give(b"lain\n")
    publish(resource["package_id"])
    folder = blobs.storage()
    folder.upload(files.Location("abc/def/berkas-lama"), files.make_upload(b"sebelum\n"))
    damaged = folder.full_path(blobs.location(other["sha256"]))
    Path(damaged).write_bytes(b"rusk\n")
    bucket = make_storage("bucket", settings(s3))
    monkeypatch.setitem(files.storages.members, "bucket", bucket)
    bucket.upload(files.Location("abc/def/berkas-lama"), files.make_upload(b"seb"))  # broken off
    result = run("copy", "--to", "bucket")
    assert result.exit_code == 1
    assert "2 berkas" in result.output and other["sha256"] in result.output
    assert not bucket.exists(files.FileData(blobs.location(other["sha256"])))
    Path(damaged).write_bytes(b"lain\n")
    result = run("copy", "--to", "bucket")
    assert result.exit_code == 0 and "1 berkas" in result.output and "2 sudah ada" in result.output
    path = f"/dataset/{resource['package_id']}/resource/{resource['id']}/download/data.csv"
    with files_in(bucket):
        assert run("check").exit_code == 0
        assert app.get(path, status=200).data == b"a,b\n1,2\n"
        assert bucket.content(files.FileData(files.Location("abc/def/berkas-lama"))) == b"sebelum\n"
    assert "Tidak ada penyimpanan" in run("copy", "--to", "tiada").output


def test_versions_store_what_changed_and_no_more(run: Run) -> None:
    """Three files, one of which changes: the others lie there once, however many versions."""
    storage = blobs.storage()
    dataset = factories.Dataset(owner_org=factories.Organization()["id"], **COMPLETE)
    kept = [("kunjungan,jumlah\n" + "".join(
        f"{name} {number},{number + 7}\n" for number in range(500))).encode()
        for name in ("Satu", "Dua lagi")]
    for content in kept:
        give(content, dataset["id"], "tabel.csv")
    changing = give(b"versi 0\n" * 1000, dataset["id"], "laporan.pdf")
    inspect_and_publish(dataset["id"])
    producer, walidata = factories.Sysadmin(), factories.Sysadmin()
    for number in range(1, 4):
        revision = call("satudata_revision_start", id=dataset["id"])
        mine = next(each for each in revision["resources"]
                    if each["asal_resource_id"] == changing["id"])
        call("resource_patch", id=mine["id"], upload=FileStorage(
            io.BytesIO(b"versi %d\n" % number * 1000), "laporan.pdf"))
        made = revision["submission"]["id"]
        move(made, "ajukan", producer, kind="perbaikan", reason="Halaman 3 keliru.")
        for step in ("periksa", "setujui", "terbitkan"):
            move(made, step, walidata)
    wanted = [*kept, *(b"versi %d\n" % number * 1000 for number in range(4))]
    # What an inspection made of them is stored as well; of a clean table it is the file itself.
    results = {each for files in model.Session.scalars(sa.select(Inspection.files))
               for each in files.values()} - {sha(each) for each in wanted}
    stored = {each.location: each.size for each in listed(storage)
              if each.location.rpartition("/")[2] not in results}
    assert sorted(stored.values()) == sorted(len(each) for each in wanted)
    days_later(60)
    collect(WEEK)
    days_later(60)
    assert collect(WEEK).removed == 0
    assert len(listed(storage)) == 6 + len(results) and run("check").exit_code == 0


def listed(storage: Any) -> list[Any]:
    from ckanext.satudata.files.listing import listing

    return list(listing(storage))


#: Hashes that are no reference: the ledger, what was compared or inspected, secrets, the log of
#: downloads.
NO_REFERENCE = {"satudata_blob.sha256", "satudata_inspection.sha256",
                "satudata_diff.old_sha256", "satudata_diff.new_sha256",
                "satudata_access_token.sha256", "satudata_download.sha256",
                "satudata_upload_link.token_sha256", "satudata_intake.receipt_sha256"}


def test_every_column_of_hashes_is_known_to_the_collector() -> None:
    """A room that stores bytes and does not say what refers to them would lose them."""
    known = str(sa.select(blob_ledger.referring()))
    columns = {f"{table.name}.{column.name}" for table in Base.metadata.tables.values()
               for column in table.columns if column.name.endswith("sha256")}
    assert {each for each in columns - NO_REFERENCE if each not in known} == set()
    for each in ("resource.extras", "satudata_submission.snapshots", "satudata_submission.letter",
                 "satudata_inspection.files"):
        assert each in known
