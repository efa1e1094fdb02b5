"""Real files of Indonesian portals: each goes in or is refused with its reason, none by name.

The files are not ours to ship; the test is skipped where they are absent.
"""
from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import ckan.model as model
import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers

from ckanext.satudata.loading import service
from ckanext.satudata.loading.report import CREATED, FAILED, UNCHANGED

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"

pytestmark = [
    pytest.mark.skipif(not (SHARED / "demo").is_dir(), reason="the example files are not here"),
    pytest.mark.usefixtures("clean_db", "clean_datastore", "clean_index", "with_plugins",
                            "with_request_context"),
]

FOLDERS = ("csv", "xlsx", "large", "metadata")


def index() -> list[dict[str, str]]:
    with (SHARED / "INDEX.csv").open(newline="", encoding="utf-8") as stream:
        return [row for row in csv.DictReader(stream) if row["file"].split("/")[1] in FOLDERS]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files under a manifest made of the index, as a person would write it."""
    rows, organizations = [], {}
    for entry in index():
        path = Path(entry["file"])
        target = tmp_path / path.name
        os.link(SHARED / path, target) if os.access(SHARED, os.W_OK) else target.write_bytes(
            (SHARED / path).read_bytes())
        title = entry["probable_publisher"] or "Tidak diketahui"
        if title not in organizations:
            organizations[title] = factories.Organization(
                name=f"penerbit-{len(organizations)}", title=title)["name"]
        rows.append({
            "file": path.name, "identifier": entry["file"], "title": entry["title"],
            "organization": title, "notes": f"Sumber: {entry['source_repository']}",
            "provenance": f"{entry['path']} ({entry['commit'][:12]}). {entry['derived']}",
            "rights": f"{entry['licence_data']}; repositori: {entry['licence_repo']}",
            "license_id": "notspecified", "tag_string": "berkas nyata",
        })
    with (tmp_path / "manifest.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return tmp_path


def test_every_file_goes_in_or_says_why(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    user = helpers.call_action("get_site_user")["name"]
    report = service.load(folder, user)
    with capsys.disabled():
        for outcome in report.outcomes:
            print(f"{outcome.seconds:6.1f}s {outcome.rows:7d} {outcome.action:9} {outcome.title[:60]}"
                  f" {outcome.remark()}")
    files = {entry["file"]: entry for entry in index()}
    assert len(report.outcomes) == len(files)
    assert all(outcome.action in (CREATED, FAILED) for outcome in report.outcomes)
    for outcome in report.outcomes:
        if outcome.action == FAILED:
            assert outcome.problems, outcome.title
            continue
        resource = show(outcome.id)["resources"][0]
        assert resource["size"] == (folder / Path(outcome.identifier).name).stat().st_size
        if resource.get("datastore_active"):
            check_table(resource, files[outcome.identifier], outcome.rows)
        else:
            assert "tanpa tabel" in outcome.remark()
    again = service.load(folder, user)
    assert {o.action for o in again.outcomes if o.action != FAILED} == {UNCHANGED}
    assert model.Session.query(model.Package).count() == report.count(CREATED)


def check_table(resource: dict[str, Any], entry: dict[str, str], rows: int) -> None:
    """Compare with what the index counted; codes must be text."""
    found = helpers.call_action("datastore_search", resource_id=resource["id"], limit=5)
    assert found["total"] == rows
    if entry["rows"].isdigit() and entry["file"].endswith((".csv", ".csv.gz")):
        assert rows == int(entry["rows"]), entry["file"]
    for field in found["fields"]:
        if field["id"].lower().startswith("kode"):
            assert field["type"] == "text", (entry["file"], field)


def show(identifier: str | None) -> dict[str, Any]:
    return tk.get_action("package_show")({"ignore_auth": True}, {"id": identifier})
