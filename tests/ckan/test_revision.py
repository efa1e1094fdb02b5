"""A revision: the published version stays as it is while its successor is made."""
from __future__ import annotations

import io
from typing import Any

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from werkzeug.datastructures import FileStorage

from ckanext.satudata.shared import doors
from ckanext.satudata.workflow import store

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "clean_datastore")
OLD, NEW = b"tahun,jumlah\n2024,1\n", b"tahun,jumlah\n2024,1\n2025,2\n"


def upload(content: bytes, name: str = "data.csv") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


@pytest.fixture
def boss() -> dict[str, Any]:
    return factories.Sysadmin()


@pytest.fixture
def second() -> dict[str, Any]:
    """Another sysadmin, for four eyes."""
    return factories.Sysadmin()


@pytest.fixture
def published(org: str, boss: dict[str, Any]) -> dict[str, Any]:
    """A public dataset with a file that has a table and an alias, and one that is only a link."""
    made = act("package_create", boss, title="Kunjungan", owner_org=org)
    file = act("resource_create", boss, package_id=made["id"], name="Tabel", upload=upload(OLD),
               format="CSV")
    act("datastore_create", boss, resource_id=file["id"], force=True, aliases="kunjungan_alias",
        fields=[{"id": "tahun", "type": "int"}], records=[{"tahun": 2024}])
    act("resource_create", boss, package_id=made["id"], name="Tautan", url="https://a.go.id/x.csv")
    doors.existing_published(made["id"], boss["name"])
    return act("package_show", None, id=made["id"])


def act(action: str, user: dict[str, Any] | None, /, **data: Any) -> Any:
    return helpers.call_action(
        action, {"user": user["name"] if user else "", "ignore_auth": False}, **data)


def step(user: dict[str, Any], identifier: str, transition: str, **more: Any) -> dict[str, Any]:
    seen = act("satudata_submission_show", user, id=identifier)
    return act("satudata_submission_transition", user, id=seen["id"], transition=transition,
               expected_version=seen["version"], **more)


def publish(user: dict[str, Any], other: dict[str, Any], copy: str) -> dict[str, Any]:
    act("package_patch", user, id=copy, title="Kunjungan baru")
    submission = store.content(copy)
    assert submission is not None
    submission.state = "disetujui"  # the way there is another test's
    model.Session.commit()
    return step(other, submission.id, "terbitkan")


def download(app: Any, dataset: dict[str, Any], number: int = 0) -> bytes:
    return app.get(dataset["resources"][number]["url"].split("test.ckan.net")[-1]).data


def test_a_revision_leaves_everything_public_as_it_was(
    app: Any, published: dict[str, Any], boss: dict[str, Any]
) -> None:
    started = step(boss, published["id"], "revisi")
    copy = act("package_show", boss, id=started["content_id"])
    assert copy["private"] is True
    assert copy["id"] != published["id"]
    assert [each["asal_resource_id"] for each in copy["resources"]] == [
        each["id"] for each in published["resources"]]
    act("resource_patch", boss, id=copy["resources"][0]["id"], upload=upload(NEW))
    act("package_patch", boss, id=copy["id"], title="Judul yang belum diperiksa")

    assert act("package_show", None, id=published["id"]) == published
    assert download(app, published) == OLD
    found = act("package_search", None, q="*:*")
    assert [each["title"] for each in found["results"]] == ["Kunjungan"]
    assert act("datastore_search", None, resource_id=published["resources"][0]["id"])["total"] == 1


def test_the_copy_gives_the_same_bytes(
    app: Any, published: dict[str, Any], boss: dict[str, Any]
) -> None:
    started = step(boss, published["id"], "revisi")
    copy = act("package_show", boss, id=started["content_id"])
    token = act("api_token_create", boss, user=boss["name"], name="t")["token"]
    path = copy["resources"][0]["url"].split("test.ckan.net")[-1]
    assert app.get(path, headers={"Authorization": token}).data == OLD


def test_publication_keeps_ids_and_name_and_switches_bytes_and_table(
    app: Any, published: dict[str, Any], boss: dict[str, Any], second: dict[str, Any]
) -> None:
    started = step(boss, published["id"], "revisi")
    copy = act("package_show", boss, id=started["content_id"])
    act("resource_patch", boss, id=copy["resources"][0]["id"], upload=upload(NEW))
    act("datastore_create", boss, resource_id=copy["resources"][0]["id"], force=True,
        fields=[{"id": "tahun", "type": "int"}], records=[{"tahun": 2024}, {"tahun": 2025}])
    act("resource_create", boss, package_id=copy["id"], name="Baru", upload=upload(b"a\n1\n"))
    done = publish(boss, second, copy["id"])

    assert done["state"] == "terbit"
    now = act("package_show", None, id=published["id"])
    assert (now["id"], now["name"]) == (published["id"], published["name"])
    assert now["title"] == "Kunjungan baru"
    assert [each["id"] for each in now["resources"][:2]] == [
        each["id"] for each in published["resources"]]
    assert len(now["resources"]) == 3
    assert download(app, now) == NEW
    file = now["resources"][0]["id"]
    assert act("datastore_search", None, resource_id=file)["total"] == 2
    assert act("datastore_search", None, resource_id="kunjungan_alias")["total"] == 2
    assert now["resources"][0]["datastore_active"] is True
    with pytest.raises(tk.NotAuthorized):
        act("package_show", None, id=copy["id"])
    assert [each["title"] for each in act("package_search", None, q="*:*")["results"]] == [
        "Kunjungan baru"]
    assert {each.state for each in store.of_package(published["id"])} == {"terbit", "digantikan"}


def test_an_unchanged_file_keeps_its_table_and_a_changed_one_does_not_keep_the_old(
    published: dict[str, Any], boss: dict[str, Any], second: dict[str, Any]
) -> None:
    started = step(boss, published["id"], "revisi")
    publish(boss, second, started["content_id"])
    file = published["resources"][0]["id"]
    now = act("package_show", None, id=published["id"])
    assert now["resources"][0]["datastore_active"] is True
    assert act("datastore_search", None, resource_id=file)["total"] == 1

    started = step(boss, published["id"], "revisi")
    copy = act("package_show", boss, id=started["content_id"])
    act("resource_patch", boss, id=copy["resources"][0]["id"], upload=upload(NEW))
    publish(boss, second, started["content_id"])
    now = act("package_show", None, id=published["id"])
    assert not now["resources"][0].get("datastore_active")
    with pytest.raises(tk.ObjectNotFound):
        act("datastore_search", None, resource_id=file)


def test_a_cancelled_revision_leaves_no_public_trace(
    published: dict[str, Any], boss: dict[str, Any]
) -> None:
    started = step(boss, published["id"], "revisi")
    act("package_patch", boss, id=started["content_id"], title="Batal")
    step(boss, started["id"], "batalkan")
    assert act("package_show", None, id=published["id"]) == published
    # The next attempt takes the number: a gap would tell of the one nobody was to see.
    assert step(boss, published["id"], "revisi")["number"] == 2


def test_one_revision_at_a_time(published: dict[str, Any], boss: dict[str, Any]) -> None:
    step(boss, published["id"], "revisi")
    terbit = next(each for each in store.of_package(published["id"]) if each.state == "terbit")
    with pytest.raises(tk.ValidationError) as refused:
        act("satudata_submission_transition", boss, id=terbit.id, transition="revisi",
            expected_version=terbit.version)
    assert refused.value.error_dict["conflict"] == "state"


def test_a_client_cannot_point_a_file_at_other_bytes(
    app: Any, published: dict[str, Any], boss: dict[str, Any]
) -> None:
    secret = act("package_create", boss, title="Rahasia", owner_org=published["owner_org"])
    other = act("resource_create", boss, package_id=secret["id"], upload=upload(b"rahasia"))
    mine = act("package_create", boss, title="Milik saya", owner_org=published["owner_org"],
               resources=[{"url": "x.csv", "url_type": "upload", "sha256": other["sha256"]}])
    assert "sha256" not in mine["resources"][0]
