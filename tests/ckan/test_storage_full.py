"""A disk or bucket without room: old bytes stay, nothing half is left, and people are told."""
from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from ckan.lib import files
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from file_keeper import make_storage
from s3_server import files_in, full_bucket
from werkzeug.datastructures import FileStorage

from ckanext.satudata.files.listing import listing
from ckanext.satudata.shared import blobs
from ckanext.satudata.shared.storage_errors import StorageFullError

pytestmark = pytest.mark.usefixtures("clean_db", "with_plugins")
#: The large one stays in memory on its way, so only the storage is too small for it.
SMALL, LARGE = b"a,b\n1,2\n", b"x" * 400_000


def call(action: str, **data: Any) -> Any:
    user = helpers.call_action("get_site_user")["name"]
    return helpers.call_action(action, {"user": user, "ignore_auth": True}, **data)


def test_an_upload_to_a_full_disk_is_refused_in_words_and_changes_nothing(
    app: Any, small_disk: Path
) -> None:
    token = factories.SysadminWithToken()["token"]
    headers = {"Authorization": token}
    dataset = factories.Dataset(owner_org=factories.Organization()["id"])
    storage = make_storage("kecil", {"type": "ckan:fs", "path": str(small_disk / "berkas"),
                                     "initialize": True, "overwrite_existing": True})
    with files_in(storage):
        made = call("resource_create", package_id=dataset["id"], name="Data",
                    upload=FileStorage(io.BytesIO(SMALL), "data.csv"))
        stored = [each.location for each in listing(storage)]
        answer = app.post("/api/action/resource_patch", headers=headers, data={
            "id": made["id"], "upload": (io.BytesIO(LARGE), "data.csv")})
        assert answer.status_code == 409
        assert "penuh" in json.loads(answer.data)["error"]["upload"][0]
        page = app.post(
            f"/dataset/{dataset['id']}/resource/{made['id']}/edit", headers=headers, data={
                "id": made["id"], "name": "Nama baru", "url": "data.csv", "save": "",
                "upload": (io.BytesIO(LARGE), "data.csv")})
        assert page.status_code == 200
        assert "Ruang penyimpanan berkas di peladen penuh" in page.get_data(as_text=True)
        with pytest.raises(tk.ValidationError, match="penuh"):
            blobs.store(io.BytesIO(LARGE))
        model.Session.rollback()

        assert [each.location for each in listing(storage)] == stored
        shown = call("resource_show", id=made["id"])
        assert (shown["name"], shown["sha256"]) == ("Data", made["sha256"])
        path = f"/dataset/{dataset['id']}/resource/{made['id']}/download/data.csv"
        assert app.get(path, headers=headers, status=200).data == SMALL
        again = call("resource_patch", id=made["id"],
                     upload=FileStorage(io.BytesIO(b"muat\n"), "data.csv"))
        assert b"".join(blobs.open(again["sha256"])) == b"muat\n"


def test_a_bucket_without_room_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    with full_bucket() as storage:
        with files_in(storage), pytest.raises(tk.ValidationError, match="penuh"):
            blobs.store(io.BytesIO(SMALL))
        monkeypatch.setattr("ckanext.satudata.files.s3.PART", 4)
        with pytest.raises(StorageFullError):
            storage.upload(files.Location("besar"), files.make_upload(SMALL))
    model.Session.rollback()
