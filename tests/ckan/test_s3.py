"""Files in a bucket: a real server of the protocol, from upload to a part of a download."""
from __future__ import annotations

import datetime as dt
import hashlib
import io
import os
from typing import Any

import pytest
from ckan.config.declaration import Declaration, Key
from ckan.lib import files
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from file_keeper import make_storage
from publishing import publish
from s3_server import Server, files_in, settings
from werkzeug.datastructures import FileStorage

from ckanext.satudata.files import s3 as adapter
from ckanext.satudata.shared.storage_errors import StorageAwayError, StorageRefusedError

pytestmark = pytest.mark.usefixtures("clean_db", "with_plugins")


@pytest.fixture
def storage(s3: Server) -> Any:
    return make_storage("uji", settings(s3, path="resources"))


def put(storage: Any, location: str, content: bytes, **more: Any) -> None:
    upload = files.Upload(io.BytesIO(content), "x", more.pop("size", len(content)), "text/csv")
    storage.upload(files.Location(location), upload)


def at(location: str) -> files.FileData:
    return files.FileData(files.Location(location))


def locations(storage: Any) -> list[str]:
    return sorted(storage.scan())


def test_a_file_goes_in_and_out_and_lies_under_the_prefix(storage: Any) -> None:
    put(storage, "a/b.csv", b"a,b\n1,2\n")
    assert storage.exists(at("a/b.csv")) and not storage.exists(at("a/c.csv"))
    assert storage.size(files.Location("a/b.csv")) == 8
    assert storage.content(at("a/b.csv")) == b"a,b\n1,2\n"
    assert b"".join(storage.range(at("a/b.csv"), 4, 7)) == b"1,2"
    assert locations(storage) == ["a/b.csv"]
    bucket = make_storage("lain", {**settings_of(storage), "path": ""})
    assert locations(bucket) == ["resources/a/b.csv"]
    moved = storage.move(files.Location("d.csv"), at("a/b.csv"))
    assert storage.content(moved) == b"a,b\n1,2\n" and locations(storage) == ["d.csv"]
    assert storage.remove(at("d.csv")) is True and storage.remove(at("d.csv")) is False
    with pytest.raises(files.exc.MissingFileError):
        storage.content(at("d.csv"))


def settings_of(storage: Any) -> dict[str, Any]:
    kept = storage.settings
    return {"type": "satudata:s3", "bucket": kept.bucket, "endpoint": kept.endpoint,
            "key": kept.key, "secret": kept.secret, "region": kept.region, "addressing": "path"}


def test_what_the_ini_says_is_checked(s3: Server) -> None:
    declaration, key = Declaration(), Key().ckan.files.storage.uji
    adapter.S3Storage.declare_config_options(declaration, key)
    told = settings(s3, name="uji", max_size="10MB")
    config = {f"{key}.{name}": value for name, value in told.items() if name != "type"}
    declaration.make_safe(config)
    declaration.normalize(config)
    assert declaration.validate(config) == ({**config}, {})
    storage = make_storage("uji", {"type": "satudata:s3", **{
        name.rpartition(".")[2]: value for name, value in config.items()}})
    assert storage.settings.max_size == 10_000_000 and storage.settings.initialize is True
    with pytest.raises(files.exc.LargeUploadError):
        put(storage, "a", b"", size=10_000_001)
    wrong = {**config, f"{key}.addressing": "lain", f"{key}.bucket": ""}
    assert set(declaration.validate(wrong)[1]) == {f"{key}.addressing", f"{key}.bucket"}


def test_a_large_file_goes_in_parts_and_one_that_ends_early_not_at_all(
    storage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "PART", 5 * 1024 * 1024)
    content = os.urandom(11 * 1024 * 1024)
    put(storage, "besar", content)
    with storage.stream(at("besar")) as stream:
        assert stream.read() == content
    assert b"".join(storage.range(at("besar"), 6_000_000, 6_000_004)) == content[
        6_000_000:6_000_004]
    for size in (len(content) + 1, 5 * 1024 * 1024 + len(content)):
        with pytest.raises(files.exc.UploadSizeMismatchError):
            put(storage, "putus", content, size=size)
    with pytest.raises(files.exc.UploadSizeMismatchError):
        put(storage, "pendek", b"abc", size=4)
    assert locations(storage) == ["besar"]
    later = dt.datetime.now(dt.timezone.utc) + dt.timedelta(minutes=1)
    assert storage.end_uploads("", later) == 0  # nothing was left half-way


def test_an_upload_that_was_killed_is_ended_later(storage: Any) -> None:
    client = storage.settings.client()
    client.create_multipart_upload(Bucket=storage.settings.bucket, Key="resources/sha256/aa/x")
    long_ago = dt.datetime(2001, 1, 1, tzinfo=dt.timezone.utc)  # the server dates every one 2010
    assert storage.end_uploads("sha256/", long_ago) == 0
    assert storage.end_uploads("sha256/", dt.datetime.now(dt.timezone.utc)) == 1
    assert not storage.exists(at("sha256/aa/x"))


def test_a_bucket_that_keeps_what_is_removed_is_known(storage: Any) -> None:
    assert storage.keeps_old() is False
    storage.settings.client().put_bucket_versioning(
        Bucket=storage.settings.bucket, VersioningConfiguration={"Status": "Enabled"})
    assert storage.keeps_old() is True


def test_files_of_more_than_one_page_are_all_listed_and_no_neighbours(
    storage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "PAGE", 2)
    client, bucket = storage.settings.client(), storage.settings.bucket
    for number in range(5):
        client.put_object(Bucket=bucket, Key=f"resources/x/{number}", Body=b"")
    client.put_object(Bucket=bucket, Key="resources-lain/y", Body=b"")
    assert locations(storage) == [f"x/{number}" for number in range(5)]


def test_a_download_cut_off_goes_on_and_never_with_another_file(
    storage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(storage, "a", b"0123456789")
    with storage.stream(at("a")) as stream:
        raw = stream.raw
        assert raw.read(3) == b"012"
        raw._body._raw_stream.close()  # the line breaks
        assert raw.readall() == b"3456789"
    with storage.stream(at("a")) as stream:
        put(storage, "a", b"abcdefghij")
        with pytest.raises(StorageAwayError):
            stream.read()


def test_a_portal_keeps_its_files_in_a_bucket(app: Any, storage: Any) -> None:
    content = b"tahun,jumlah\n2025,12\n"
    digest = hashlib.sha256(content).hexdigest()
    user = helpers.call_action("get_site_user")["name"]
    with files_in(storage):
        dataset = factories.Dataset(owner_org=factories.Organization()["id"])
        resource = helpers.call_action(
            "resource_create", {"user": user}, package_id=dataset["id"], name="Data",
            upload=FileStorage(io.BytesIO(content), filename="data.csv"))
        assert resource["sha256"] == digest
        assert locations(storage) == [f"sha256/{digest[:2]}/{digest[2:4]}/{digest}"]
        publish(dataset["id"])
        path = f"/dataset/{dataset['id']}/resource/{resource['id']}/download/data.csv"
        answer = app.get(path, status=200)
        assert answer.data == content and answer.headers["Content-Length"] == str(len(content))
        assert answer.headers["Content-Disposition"].startswith("attachment")
        part = app.get(path, headers={"Range": "bytes=6-11"}, status=206)
        assert (part.data, part.headers["Content-Range"]) == (b"jumlah", "bytes 6-11/21")
        app.get(path, headers={"If-None-Match": answer.headers["ETag"]}, status=304)
        app.get(path, headers={"Range": "bytes=99-"}, status=416)
        storage.remove(at(f"sha256/{digest[:2]}/{digest[2:4]}/{digest}"))
        app.get(path, status=404)


def test_a_storage_that_is_away_or_refuses_says_so(app: Any, s3: Server) -> None:
    """The portal starts, answers 503 to readers, and refuses an upload in words."""
    gone = Server()
    storage = make_storage("uji", settings(gone))
    gone.stop()
    again = make_storage("uji", settings(gone))  # starts although nothing answers
    user = helpers.call_action("get_site_user")["name"]
    dataset = factories.Dataset(owner_org=factories.Organization()["id"])
    content = b"a\n1\n"
    resource = helpers.call_action(
        "resource_create", {"user": user}, package_id=dataset["id"], name="Data",
        upload=FileStorage(io.BytesIO(content), filename="data.csv"))
    publish(dataset["id"])
    other = factories.Dataset(owner_org=factories.Organization()["id"])
    path = f"/dataset/{dataset['id']}/resource/{resource['id']}/download/data.csv"
    with files_in(storage):
        answer = app.get(path, status=503)
        assert "tidak bisa dihubungi" in answer.get_data(as_text=True)
        assert answer.headers["Retry-After"]
        with pytest.raises(tk.ValidationError, match="tidak bisa dihubungi"):
            helpers.call_action(
                "resource_create", {"user": user}, package_id=other["id"], name="Data",
                upload=FileStorage(io.BytesIO(content), filename="data.csv"))
    with pytest.raises(StorageAwayError):
        again.exists(at("a"))
    closed = make_storage("uji", settings(s3, initialize=False))
    with pytest.raises(StorageRefusedError):
        put(closed, "a", b"a")
