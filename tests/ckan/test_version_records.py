"""Each version is written down in the commit that makes it public."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories
from guard_world import PLUGINS
from test_revision import NEW, OLD, act, publish, step, upload

from ckanext.satudata.shared import doors
from ckanext.satudata.versions.model import Version, VersionFile

pytestmark = [
    pytest.mark.ckan_config("ckan.plugins", f"{PLUGINS} text_view"),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "clean_datastore"),
]


@pytest.fixture
def boss() -> dict[str, Any]:
    return factories.Sysadmin()


@pytest.fixture
def second() -> dict[str, Any]:
    return factories.Sysadmin()


@pytest.fixture
def published(org: str, boss: dict[str, Any]) -> dict[str, Any]:
    """A public dataset in a group, with a file that has a view, and one that is only a link."""
    group = factories.Group(user=boss)
    made = act("package_create", boss, title="Kunjungan", owner_org=org,
               groups=[{"id": group["id"]}])
    file = act("resource_create", boss, package_id=made["id"], name="Tabel", upload=upload(OLD),
               format="CSV")
    act("resource_view_create", boss, resource_id=file["id"], title="Teks",
        view_type="text_view")
    act("resource_create", boss, package_id=made["id"], name="Tautan", url="https://a.go.id/x.csv")
    doors.existing_published(made["id"], boss["name"])
    return act("package_show", None, id=made["id"])


def versions(package_id: str) -> list[Version]:
    model.Session.rollback()
    return list(model.Session.scalars(
        sa.select(Version).where(Version.package_id == package_id).order_by(Version.number)))


def files(version: Version) -> Iterator[VersionFile]:
    yield from model.Session.scalars(
        sa.select(VersionFile).where(VersionFile.submission_id == version.submission_id)
        .order_by(VersionFile.position))


def test_a_publication_keeps_what_was_said_and_given(
    published: dict[str, Any], boss: dict[str, Any], second: dict[str, Any]
) -> None:
    copy = act("satudata_revision_start", boss, id=published["name"])
    act("resource_patch", boss, id=copy["resources"][0]["id"], upload=upload(NEW, "baru.csv"))
    publish(boss, second, copy["id"])

    first, now = versions(published["id"])
    assert (first.number, now.number) == (1, 2)
    assert first.content["title"] == "Kunjungan"
    assert (first.ended_at, now.ended_at) == (now.published_at, None)
    assert now.changes == {"fields": ["title"], "files": {"added": 0, "removed": 0, "changed": 1}}
    old, new = next(files(first)), next(files(now))
    assert old.resource_id == new.resource_id == published["resources"][0]["id"]
    assert (old.filename, new.filename) == ("data.csv", "baru.csv")
    assert old.sha256 != new.sha256
    assert [each.url for each in files(now)] == [None, "https://a.go.id/x.csv"]


def test_groups_and_views_come_along_and_a_view_keeps_its_id(
    published: dict[str, Any], boss: dict[str, Any], second: dict[str, Any]
) -> None:
    file = published["resources"][0]["id"]
    before = {each["id"]: each["title"] for each in act("resource_view_list", None, id=file)}
    copy = act("satudata_revision_start", boss, id=published["id"])
    assert [each["id"] for each in copy["groups"]] == [each["id"] for each in published["groups"]]
    views = act("resource_view_list", boss, id=copy["resources"][0]["id"])
    assert [each["title"] for each in views] == list(before.values())
    act("resource_view_update", boss, **{**views[-1], "title": "Diganti"})
    act("resource_view_create", boss, resource_id=copy["resources"][0]["id"], title="Tambahan",
        view_type="text_view")
    assert {each["id"]: each["title"]
            for each in act("resource_view_list", None, id=file)} == before
    publish(boss, second, copy["id"])

    now = act("package_show", None, id=published["id"])
    assert [each["id"] for each in now["groups"]] == [each["id"] for each in published["groups"]]
    after = {each["id"]: each["title"] for each in act("resource_view_list", None, id=file)}
    assert set(before) < set(after)
    assert list(after.values()) == [*list(before.values())[:-1], "Diganti", "Tambahan"]


def test_a_working_copy_is_given_once_and_only_to_who_may_revise(
    published: dict[str, Any], boss: dict[str, Any]
) -> None:
    copy = act("satudata_revision_start", boss, id=published["id"], note="Data Oktober")
    assert copy["submission"]["state"] == "draf"
    assert act("satudata_revision_start", boss, id=published["id"])["id"] == copy["id"]
    with pytest.raises(tk.NotAuthorized):
        act("satudata_revision_start", factories.User(), id=published["id"])
    with pytest.raises(tk.ValidationError) as refused:
        act("package_patch", boss, id=published["id"], title="Lewat samping")
    assert refused.value.error_dict["working_copy"] == copy["id"]


def test_what_was_never_public_has_nothing_to_revise(org: str, boss: dict[str, Any]) -> None:
    draft = act("package_create", boss, title="Draf", owner_org=org)
    with pytest.raises(tk.ValidationError) as refused:
        act("satudata_revision_start", boss, id=draft["id"])
    assert refused.value.error_dict["conflict"] == "state"


def test_a_withdrawal_hides_one_version_and_the_red_button_all(
    published: dict[str, Any], boss: dict[str, Any], second: dict[str, Any]
) -> None:
    copy = act("satudata_revision_start", boss, id=published["id"])
    publish(boss, second, copy["id"])
    step(second, published["id"], "tarik", note="Salah tahun.")
    first, now = versions(published["id"])
    assert first.withdrawn_at is None
    assert now.withdrawn_at == now.ended_at is not None

    again = act("satudata_revision_start", boss, id=published["id"])
    assert again["id"] == published["id"]
    publish(boss, second, again["id"])
    step(second, published["id"], "tarik_darurat")
    assert [each.number for each in versions(published["id"])] == [1, 2, 3]
    assert all(each.withdrawn_at for each in versions(published["id"]))
