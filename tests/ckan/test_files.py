"""Resource files: content-addressed, and the hash is the server's alone."""
from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from ckan import model
from ckan.lib import files, uploader
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from publishing import publish
from sqlalchemy import event
from werkzeug.datastructures import FileStorage

pytestmark = pytest.mark.usefixtures("clean_db", "with_plugins")


def call(action: str, **data: Any) -> dict[str, Any]:
    user = helpers.call_action("get_site_user")["name"]
    return helpers.call_action(action, {"user": user, "ignore_auth": True}, **data)


def file(content: bytes, name: str = "data.csv") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def get(app: Any, resource: dict[str, Any], status: int) -> Any:
    """Download as somebody who may see drafts: new data is nobody else's yet."""
    path = f"/dataset/{resource['package_id']}/resource/{resource['id']}/download/data.csv"
    token = factories.SysadminWithToken()["token"]
    return app.get(path, headers={"Authorization": token}, status=status)


def served(app: Any, resource: dict[str, Any]) -> bytes:
    return get(app, resource, 200).data


def stored(digest: str) -> bool:
    storage = files.get_storage(tk.config["ckan.files.default_storages.resource"])
    location = files.Location(f"sha256/{digest[:2]}/{digest[2:4]}/{digest}")
    return storage.exists(files.FileData(location))


@pytest.fixture
def resource() -> dict[str, Any]:
    dataset = factories.Dataset(owner_org=factories.Organization()["id"])
    return call(
        "resource_create", package_id=dataset["id"], name="Data", upload=file(b"a,b\n1,2\n")
    )


def test_an_upload_is_served_and_its_hash_is_said(app: Any, resource: dict[str, Any]) -> None:
    assert served(app, resource) == b"a,b\n1,2\n"
    assert resource["sha256"] == resource["hash"] == sha(b"a,b\n1,2\n")
    assert resource["hash_algorithm"] == "sha256"
    assert resource["size"] == 8


def test_a_published_file_is_served_to_everybody_and_a_draft_is_not(
    app: Any, resource: dict[str, Any]
) -> None:
    path = f"/dataset/{resource['package_id']}/resource/{resource['id']}/download/data.csv"
    assert b"a,b" not in app.get(path).data
    publish(resource["package_id"])
    assert app.get(path, status=200).data == b"a,b\n1,2\n"


def test_new_bytes_are_served_under_the_same_id_and_the_old_ones_kept(
    app: Any, resource: dict[str, Any]
) -> None:
    changed = call("resource_patch", id=resource["id"], upload=file(b"new\n"))
    assert changed["id"] == resource["id"]
    assert served(app, changed) == b"new\n"
    assert stored(resource["sha256"]) and stored(changed["sha256"])


def test_a_change_of_metadata_keeps_the_file(app: Any, resource: dict[str, Any]) -> None:
    update = {k: v for k, v in resource.items() if k not in {"sha256", "hash", "hash_algorithm"}}
    changed = call("resource_update", **{**update, "name": "Nama baru"})
    assert changed["sha256"] == resource["sha256"]
    assert served(app, changed) == b"a,b\n1,2\n"


def test_a_failed_commit_keeps_the_old_bytes(app: Any, resource: dict[str, Any]) -> None:
    class Boom(Exception):
        pass

    def boom(session: Any) -> None:
        raise Boom

    event.listen(model.Session, "before_commit", boom)
    try:
        with pytest.raises(Boom):
            call("resource_patch", id=resource["id"], upload=file(b"new\n"))
    finally:
        event.remove(model.Session, "before_commit", boom)
        model.Session.rollback()
    assert served(app, resource) == b"a,b\n1,2\n"


@pytest.mark.parametrize("action", ["resource_patch", "resource_update"])
def test_a_client_cannot_point_its_resource_at_another_file(
    app: Any, resource: dict[str, Any], action: str
) -> None:
    secret = call(
        "resource_create", package_id=resource["package_id"], name="R", upload=file(b"secret\n")
    )
    changed = call(action, **{**resource, "sha256": secret["sha256"]})
    assert changed["sha256"] == resource["sha256"]
    assert served(app, changed) == b"a,b\n1,2\n"


def test_a_client_cannot_create_a_resource_on_a_known_hash(
    app: Any, resource: dict[str, Any]
) -> None:
    claim = {"url": "data.csv", "url_type": "upload", "sha256": resource["sha256"]}
    dataset = factories.Dataset(owner_org=factories.Organization()["id"], resources=[claim])
    created = call("resource_create", package_id=resource["package_id"], **claim)
    for other in [*dataset["resources"], created]:
        assert "sha256" not in other
        get(app, other, 404)


@pytest.mark.parametrize("action", ["package_create", "resource_create", "package_update"])
def test_the_id_of_a_deleted_file_is_given_to_no_other_organization(action: str) -> None:
    """CKAN lets a client choose a resource's id, and frees a deleted one's; its file stays."""
    theirs = factories.Dataset(owner_org=factories.Organization()["id"])
    secret = call("resource_create", package_id=theirs["id"], upload=file(b"rahasia\n"))
    call("resource_delete", id=secret["id"])
    editor = factories.User()
    own = factories.Organization(users=[{"name": editor["name"], "capacity": "editor"}])
    dataset = {"title": "Milik sendiri", "owner_org": own["id"]}
    claim = {"id": secret["id"], "url": "data.csv", "url_type": "upload"}
    context = {"user": editor["name"], "ignore_auth": False}
    made = helpers.call_action("package_create", dict(context), **dataset)
    sent = {
        "package_create": {**dataset, "name": "lain", "resources": [claim]},
        "resource_create": {**claim, "package_id": made["id"]},
        "package_update": {**made, "resources": [claim]},
    }[action]
    with pytest.raises(tk.ValidationError, match="sudah dipakai"):
        helpers.call_action(action, dict(context), **sent)
    model.Session.rollback()
    assert call("package_show", id=made["id"])["resources"] == []


def test_a_link_in_place_of_a_file_drops_the_hash(resource: dict[str, Any]) -> None:
    changed = call(
        "resource_update",
        id=resource["id"], name="Data", url="https://example.org/a.csv", clear_upload="true",
    )
    assert changed["url"] == "https://example.org/a.csv"
    assert "sha256" not in changed


def test_a_file_stored_before_this_extension_is_still_served(
    app: Any, resource: dict[str, Any]
) -> None:
    before = model.Session.get(model.Resource, resource["id"])
    before.extras = {k: v for k, v in before.extras.items() if k != "sha256"}
    model.repo.commit()
    upload = uploader.get_resource_uploader(dict(resource, sha256=None))
    storage = upload.storage
    storage.upload(upload.get_path(resource["id"]), files.make_upload(io.BytesIO(b"old way\n")))
    assert served(app, resource) == b"old way\n"


def test_a_file_over_the_limit_is_refused_with_both_sizes(
    resource: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = files.get_storage(tk.config["ckan.files.default_storages.resource"])
    monkeypatch.setattr(storage.settings, "max_size", 1_000_000)
    with pytest.raises(tk.ValidationError) as error:
        call(
            "resource_create", package_id=resource["package_id"], name="B",
            upload=file(b"x" * 1_500_000),
        )
    assert "1,5 MB" in str(error.value) and "1,0 MB" in str(error.value)
