"""``ckan satudata versions init``: what was public before versions were kept becomes one."""
from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import files, search
from ckan.tests import factories, helpers
from ckan.tests.helpers import CKANCliRunner
from ckanext.activity.model import Activity
from publishing import COMPLETE, publish
from restricted_world import ADDRESS, DECIDED, ELSEWHERE, MARK
from werkzeug.datastructures import FileStorage

from ckanext.satudata.cli import satudata
from ckanext.satudata.shared import blobs, outbox
from ckanext.satudata.shared.withheld import WithheldUrl
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


def restricted(org: str, title: str, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Restricted data as it was public before addresses were withheld and decisions asked for."""
    dataset = factories.Dataset(owner_org=org, title=title, **{**COMPLETE, **DECIDED})
    link = call("resource_create", package_id=dataset["id"], name="Tautan", format="CSV",
                url=ELSEWHERE)
    call("datastore_create", resource={"package_id": dataset["id"], "name": "Tabel"}, force=True,
         fields=[{"id": "nama", "type": "text"}], records=[{"nama": MARK}])
    publish(dataset["id"])
    ours = call("resource_show", id=link["id"])["url"]
    model.Session.execute(sa.delete(WithheldUrl))
    resource = model.Session.get(model.Resource, link["id"])
    resource.url, resource.cache_url = ELSEWHERE, ELSEWHERE
    package = model.Session.get(model.Package, dataset["id"])
    package.extras = {key: value for key, value in package.extras.items() if key not in without}
    for each in model.Session.query(Activity).filter(Activity.object_id == dataset["id"]):
        each.data = json.loads(json.dumps(each.data).replace(ours, ELSEWHERE))
    model.Session.execute(sa.delete(VersionFile))
    model.Session.execute(sa.delete(Version))
    model.Session.commit()
    search.rebuild(dataset["id"])
    assert ADDRESS in str(call("package_search", q="*:*", fq=f"id:{dataset['id']}"))
    return call("package_show", id=dataset["id"], use_cache=False)


def test_what_was_restricted_already_stays_so_and_what_lacks_is_told(app: Any, org: str) -> None:
    decided = restricted(org, "Diputuskan")
    undecided = restricted(org, "Tanpa putusan", ("keputusan_pembatasan", "uji_konsekuensi"))
    result = run(app)
    assert result.exit_code == 0 and "2 dataset dicatat" in result.output, result.output
    told = [each for each in result.output.splitlines() if "keputusan" in each]
    assert len(told) == 1 and undecided["id"] in told[0] and "Tanpa putusan" in told[0]
    found = {each.package_id: each for each in versions()}
    boss = factories.SysadminWithToken()["token"]
    for dataset in (decided, undecided):
        link, table = dataset["resources"]
        file = f"/dataset/{dataset['id']}/resource/{link['id']}/berkas"
        for path in (f"/api/action/package_show?id={dataset['id']}",
                     f"/api/action/package_search?fq=id:{dataset['id']}&fl=*",
                     f"/api/action/package_search?fq=id:{dataset['id']}",
                     f"/api/action/package_search?q=urls:{ADDRESS}",
                     f"/api/action/resource_search?query=url:{ADDRESS}",
                     f"/api/action/satudata_version_show?id={dataset['id']}&number=1",
                     f"/dataset/{dataset['id']}.ttl", f"/dataset/{dataset['id']}", file):
            assert ADDRESS not in app.get(path, expect_errors=True).text.replace(
                f"urls:{ADDRESS}", ""), path
        assert ADDRESS not in str(list(model.Session.scalars(sa.select(Activity.data))))
        for path in (file, f"/api/action/datastore_search?resource_id={table['id']}"):
            assert app.get(path, expect_errors=True).status_code == 403, path
        # Nothing is lost: who may open it still does, and the version has all of it.
        led = app.get(file, headers={"Authorization": boss}, follow_redirects=False)
        assert (led.status_code, led.headers["Location"]) == (302, ELSEWHERE)
        version = found[dataset["id"]]
        assert version.content["resources"][0]["url"] == ELSEWHERE
        kept = model.Session.scalars(sa.select(VersionFile).where(
            VersionFile.submission_id == version.submission_id).order_by(
                VersionFile.position)).all()
        assert kept[0].url == ELSEWHERE
        assert MARK.encode() in b"".join(blobs.open(kept[1].table_sha256 or ""))


def test_a_revision_of_older_data_has_its_files(app: Any, org: str) -> None:
    dataset = online(org, "Kunjungan")
    copy = call("satudata_revision_start", id=dataset["id"])
    token = factories.SysadminWithToken()["token"]
    answer = app.get(address(copy), headers={"Authorization": token}, status=200)
    assert answer.data == OLD
    assert app.get(address(dataset), status=200).data == OLD
