"""``ckan satudata versions init``: what was public before versions were kept becomes one."""
from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import files
from ckan.tests import factories, helpers
from ckan.tests.helpers import CKANCliRunner
from publishing import COMPLETE, publish
from werkzeug.datastructures import FileStorage

from ckanext.satudata.cli import satudata
from ckanext.satudata.shared import blobs, outbox
from ckanext.satudata.versions.model import Version, VersionFile

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins", "clean_files")
OLD = b"kecamatan,jumlah\nAnyar,1\n"
SHA = hashlib.sha256(OLD).hexdigest()


def call(action: str, **data: Any) -> Any:
    user = helpers.call_action("get_site_user")["name"]
    return helpers.call_action(action, {"user": user, "ignore_auth": True}, **data)


def run(app: Any) -> Any:
    with app.flask_app.app_context():
        return CKANCliRunner().invoke(satudata.commands["versions"], ["init"])


def online(org: str, title: str) -> dict[str, Any]:
    """A dataset as the portal held it before this extension: its file under the resource's id."""
    dataset = factories.Dataset(owner_org=org, title=title, **COMPLETE)
    made = call("resource_create", package_id=dataset["id"], name="Tabel",
                upload=FileStorage(io.BytesIO(OLD), "data.csv"))
    publish(dataset["id"])
    resource = model.Session.get(model.Resource, made["id"])
    resource.extras = {name: value for name, value in resource.extras.items()
                       if name not in {"sha256", "hash_algorithm"}}
    resource.hash = ""
    model.Session.execute(sa.delete(VersionFile))
    model.Session.execute(sa.delete(Version))
    model.Session.commit()
    storage = blobs.storage()
    blobs.remove(SHA)
    storage.upload(old_place(made["id"]), files.make_upload(OLD))
    return call("package_show", id=dataset["id"])


def old_place(identifier: str) -> files.Location:
    return files.Location(f"{identifier[:3]}/{identifier[3:6]}/{identifier[6:]}")


def address(dataset: dict[str, Any]) -> str:
    return f"/dataset/{dataset['id']}/resource/{dataset['resources'][0]['id']}/download/data.csv"


def versions() -> list[Version]:
    model.Session.rollback()
    return list(model.Session.scalars(sa.select(Version)))


def test_public_data_become_version_1_and_their_files_stay_readable(app: Any, org: str) -> None:
    dataset, link = online(org, "Kunjungan"), factories.Dataset(owner_org=org, title="Tautan")
    call("resource_create", package_id=link["id"], url="https://a.go.id/x.csv")
    publish(link["id"])
    model.Session.execute(sa.delete(Version))
    model.Session.commit()
    factories.Dataset(owner_org=org, title="Draf")
    storage, place = blobs.storage(), old_place(dataset["resources"][0]["id"])
    assert app.get(address(dataset), status=200).data == OLD

    result = run(app)
    assert result.exit_code == 0 and "2 dataset dicatat" in result.output, result.output
    assert app.get(address(dataset), status=200).data == OLD
    found = {each.package_id: each for each in versions()}
    assert set(found) == {dataset["id"], link["id"]}
    assert [each.number for each in found.values()] == [1, 1]
    assert found[dataset["id"]].content["resources"][0]["sha256"] == SHA
    file = model.Session.scalars(sa.select(VersionFile).where(
        VersionFile.submission_id == found[dataset["id"]].submission_id)).one()
    assert (file.sha256, file.size) == (SHA, len(OLD))
    shown = call("package_show", id=dataset["id"])
    assert (shown["resources"][0]["sha256"], shown["resources"][0]["hash"]) == (SHA, SHA)
    assert shown["metadata_modified"] == dataset["metadata_modified"]

    assert storage.exists(files.FileData(place))  # for who was told the old place a moment ago
    model.Session.execute(sa.update(outbox.Message).values(not_before=sa.func.now()))
    model.Session.commit()
    outbox.drain(kinds={"berkas_lama"})
    assert not storage.exists(files.FileData(place))
    assert app.get(address(dataset), status=200).data == OLD

    before = [each.content_hash for each in versions()]
    again = run(app)
    assert "0 dataset dicatat" in again.output
    assert [each.content_hash for each in versions()] == before


def test_one_that_fails_is_named_and_the_others_go_on(app: Any, org: str) -> None:
    broken, gone, whole = (online(org, title) for title in ("Rusak", "Tanpa berkas", "Utuh"))
    storage = blobs.storage()
    for each in (broken, gone):
        place = old_place(each["resources"][0]["id"])
        storage.remove(files.FileData(place))
    Path(storage.full_path(old_place(broken["resources"][0]["id"]))).mkdir()

    result = run(app)
    assert result.exit_code == 1
    assert "Gagal: Rusak" in result.output and "1 gagal" in result.output
    assert "Tanpa berkas" in result.output and "berkas Tabel tidak ada" in result.output
    assert {each.package_id for each in versions()} == {gone["id"], whole["id"]}

    Path(storage.full_path(old_place(broken["resources"][0]["id"]))).rmdir()
    storage.upload(old_place(broken["resources"][0]["id"]), files.make_upload(OLD))
    result = run(app)
    assert result.exit_code == 0 and "1 dataset dicatat" in result.output
    assert len(versions()) == 3


def test_a_revision_of_older_data_has_its_files(app: Any, org: str) -> None:
    dataset = online(org, "Kunjungan")
    copy = call("satudata_revision_start", id=dataset["id"])
    token = factories.SysadminWithToken()["token"]
    answer = app.get(address(copy), headers={"Authorization": token}, status=200)
    assert answer.data == OLD
    assert app.get(address(dataset), status=200).data == OLD
