"""What a load makes public: nothing by itself, and never past the inspection."""
from __future__ import annotations

from typing import Any

import pytest
from ckan.tests import factories, helpers
from load_samples import TABLE, Everything, Folder, actions, show, texts
from publishing import COMPLETE, inspect_and_publish, move

from ckanext.satudata.loading import service
from ckanext.satudata.loading.report import CHANGED, CREATED, FAILED, UNCHANGED

pytestmark = pytest.mark.usefixtures("clean_db", "clean_datastore", "clean_index", "with_plugins",
                                     "with_request_context")
ROW = {"file": "a.csv", "identifier": "x", "title": "Jumlah coba"}
OTHER = TABLE.replace(",7", ",8")


def submission(name: str = "jumlah-coba") -> dict[str, Any]:
    return helpers.call_action("satudata_submission_show", id=name)


def events(name: str = "jumlah-coba") -> list[dict[str, Any]]:
    """Return what happened to a dataset, oldest first."""
    admin = factories.Sysadmin()["name"]
    return helpers.call_action(
        "satudata_submission_timeline", {"user": admin, "ignore_auth": False}, id=name,
    )["results"][::-1]


def found_by_anybody() -> list[str]:
    found = helpers.call_action("package_search", {"user": "", "ignore_auth": False})
    return [each["name"] for each in found["results"]]


def complete(name: str) -> None:
    """Fill in what the law demands of a draft."""
    user = factories.Sysadmin()["name"]
    helpers.call_action("package_patch", {"user": user}, id=name, **COMPLETE)


def test_what_is_loaded_is_a_draft_that_the_public_does_not_see(
    folder: Folder, org: str, user: str
) -> None:
    service.load(folder([ROW], a__csv=TABLE), user, org)
    assert show("jumlah-coba")["private"] is True
    assert submission()["state"] == "draf"
    assert found_by_anybody() == []


@pytest.mark.ckan_config("ckan.views.default_views", "datatables_view")
@pytest.mark.ckan_config("ckan.plugins", (
    "satudata activity datastore scheming_datasets scheming_organizations dcat structured_data "
    "harvest ckan_harvester dcat_rdf_harvester datatables_view"))
def test_the_view_made_with_a_dataset_is_part_of_its_first_version(
    folder: Folder, org: str, user: str
) -> None:
    service.load(folder([ROW], a__csv=TABLE), user, org)
    [resource] = show("jumlah-coba")["resources"]
    assert helpers.call_action("resource_view_list", id=resource["id"])
    assert submission()["version"] == 1


def test_a_changed_folder_changes_a_draft(folder: Folder, org: str, user: str) -> None:
    service.load(folder([ROW], a__csv=TABLE), user, org)
    seen = submission()["version"]
    assert actions(service.load(folder([ROW], a__csv=OTHER), user, org)) == [CHANGED]
    assert submission()["version"] > seen


def test_what_stood_online_before_is_public_and_says_that_nobody_inspected_it(
    folder: Folder, org: str, user: str
) -> None:
    operator = factories.Sysadmin()
    path = folder([ROW], a__csv=TABLE)
    report = service.load(path, operator["name"], org, online=True)
    assert actions(report) == [CREATED], texts(report)
    assert "belum diperiksa" in report.outcomes[0].remark()
    assert found_by_anybody() == ["jumlah-coba"]
    assert submission()["state"] == "terbit" and submission()["belum_diperiksa"] is True
    last = events()[-1]
    assert (last["kind"], last["to_state"]) == ("pindahan", "terbit")
    assert last["actor"]["name"] == operator["name"]


@pytest.mark.parametrize("online", [False, True])
def test_the_same_folder_again_changes_nothing(
    folder: Folder, everything: Everything, org: str, user: str, online: bool
) -> None:
    path = folder([ROW], a__csv=TABLE)
    service.load(path, user, org, online=True)
    before = everything()
    assert actions(service.load(path, user, org, online=online)) == [UNCHANGED]
    assert everything() == before


def test_drafts_of_an_earlier_load_are_published_when_it_is_said_so(
    folder: Folder, org: str, user: str
) -> None:
    path = folder([ROW], a__csv=TABLE)
    service.load(path, user, org)
    assert actions(service.load(path, user, org, online=True)) == [CHANGED]
    assert found_by_anybody() == ["jumlah-coba"]


def test_data_that_nobody_inspected_follows_the_old_portal_and_each_time_is_recorded(
    folder: Folder, org: str, user: str
) -> None:
    service.load(folder([ROW], a__csv=TABLE), user, org, online=True)
    seen, known = submission(), len(events())
    report = service.load(folder([ROW], a__csv=OTHER), user, org, online=True)
    assert actions(report) == [CHANGED], texts(report)
    now = submission()
    assert now["belum_diperiksa"] is True and now["state"] == "terbit"
    assert now["version"] > seen["version"] and now["content_hash"] != seen["content_hash"]
    assert [each["kind"] for each in events()[known:]] == ["pindahan"]


def test_the_old_portal_s_private_datasets_stay_drafts(
    folder: Folder, org: str, user: str
) -> None:
    path = folder([
        {**ROW, "private": "true"},
        {"file": "b.csv", "identifier": "y", "title": "Lain", "private": "false"},
        {"file": "c.csv", "identifier": "z", "title": "Ragu", "private": "mungkin"},
    ], a__csv=TABLE, b__csv=TABLE, c__csv=TABLE)
    report = service.load(path, user, org, online=True)
    assert actions(report) == [CREATED, CREATED, FAILED]
    assert "mungkin" in texts(report)
    assert found_by_anybody() == ["lain"]
    assert submission()["state"] == "draf"


def test_a_dry_run_publishes_nothing_and_says_what_it_would(
    folder: Folder, everything: Everything, org: str, user: str
) -> None:
    service.load(folder([ROW], a__csv=TABLE), user, org)
    row = {"file": "b.csv", "identifier": "y", "title": "Lain"}
    path = folder([ROW, row], b__csv=TABLE)
    before = everything()
    report = service.load(path, user, org, dry_run=True, online=True)
    assert actions(report) == [CHANGED, CREATED]
    assert all("terbit" in outcome.remark() for outcome in report.outcomes)
    assert everything() == before
def test_public_data_is_not_overwritten_by_a_load(
    folder: Folder, everything: Everything, org: str, user: str
) -> None:
    service.load(folder([ROW], a__csv=TABLE), user, org, online=True)
    before = everything()
    report = service.load(folder([ROW], a__csv=OTHER), user, org)
    assert actions(report) == [FAILED]
    assert "Perbarui data" in texts(report)
    after = everything()
    after["files"] = before["files"]  # bytes under their hash that nothing points to
    assert after == before


@pytest.mark.parametrize("online", [False, True])
def test_what_was_inspected_is_changed_by_a_revision_only(
    folder: Folder, everything: Everything, org: str, user: str, online: bool
) -> None:
    service.load(folder([ROW], a__csv=TABLE), user, org)
    complete("jumlah-coba")
    inspect_and_publish("jumlah-coba")
    before = everything()
    report = service.load(folder([ROW], a__csv=OTHER), user, org, online=online)
    assert actions(report) == [FAILED]
    assert "Perbarui data" in texts(report)
    after = everything()
    after["files"] = before["files"]
    assert after == before


@pytest.mark.parametrize("online", [False, True])
def test_what_is_being_inspected_is_left_alone(
    folder: Folder, everything: Everything, org: str, user: str, online: bool
) -> None:
    service.load(folder([ROW], a__csv=TABLE), user, org)
    complete("jumlah-coba")
    move("jumlah-coba", "ajukan", factories.Sysadmin())
    before = everything()
    report = service.load(folder([ROW], a__csv=OTHER), user, org, online=online)
    assert actions(report) == [FAILED] and texts(report)
    after = everything()
    after["files"] = before["files"]
    assert after == before


