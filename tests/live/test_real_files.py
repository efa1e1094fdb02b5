"""Real files of Indonesian portals: each goes in or is refused with its reason, none by name.

The files are not ours to ship; the test is left out where they are absent, and in CI.
"""
from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import opening
import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
FOLDERS = ("csv", "xlsx", "large", "metadata")

pytestmark = pytest.mark.beside("demo", ci=False)


def index() -> list[dict[str, str]]:
    with (SHARED / "INDEX.csv").open(newline="", encoding="utf-8") as stream:
        return [row for row in csv.DictReader(stream) if row["file"].split("/")[1] in FOLDERS]


class Api:
    """The portal's action API in the name of its sysadmin."""

    def __init__(self, url: str, token: str) -> None:
        self.url, self.token = url, token

    def __call__(self, action: str, **data: Any) -> Any:
        request = urllib.request.Request(
            f"{self.url}/api/action/{action}", json.dumps(data).encode(),
            {"Authorization": self.token, "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)["result"]


@pytest.fixture
def api(portal: Any, api_token: str) -> Api:
    return Api(portal.url, api_token)


@pytest.fixture
def folder(tmp_path: Path, api: Api) -> Iterator[Path]:
    """The files under a manifest made of the index, as a person would write it."""
    rows: list[dict[str, str]] = []
    organizations: dict[str, str] = {}
    for entry in index():
        path = Path(entry["file"])
        shutil.copyfile(SHARED / path, tmp_path / path.name)
        title = entry["probable_publisher"] or "Tidak diketahui"
        if title not in organizations:
            organizations[title] = f"penerbit-{len(organizations)}"
            api("organization_create", name=organizations[title], title=title)
        rows.append({
            "file": path.name, "identifier": entry["file"], "title": entry["title"],
            "organization": title, "notes": f"Sumber: {entry['source_repository']}",
            "provenance": f"{entry['path']} ({entry['commit'][:12]}). Turunan: {entry['derived']}",
            "rights": f"{entry['licence_data']}; repositori: {entry['licence_repo']}",
            "license_id": "notspecified", "tag_string": "berkas nyata",
        })
    with (tmp_path / "manifest.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    yield tmp_path
    for dataset in loaded(api):
        opening.purge(api, dataset)
    for name in organizations.values():
        api("organization_purge", id=name)


def loaded(api: Api) -> list[dict[str, Any]]:
    return api("package_search", fq='tags:"berkas nyata"', rows=1000)["results"]


def load(portal: Any, folder: Path) -> str:
    """Run the command as a person would; a file that fails must not be a traceback."""
    code = "from ckan.cli.cli import ckan; ckan(prog_name='ckan')"
    env = {key: value for key, value in os.environ.items() if not key.startswith("CKAN_")}
    done = subprocess.run(
        [portal.python, "-I", "-c", code, "-c", portal.ini, "satudata", "load", str(folder),
         "--sudah-terbit"],
        capture_output=True, text=True, env=env, check=False)
    print(done.stdout)
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert "kesalahan program" not in done.stdout
    return done.stdout


def test_every_file_goes_in_or_says_why_and_a_stock_portal_takes_it(
    portal: Any, api: Api, folder: Path, stock: Any
) -> None:
    said = load(portal, folder)
    files = {entry["file"]: entry for entry in index()}
    datasets = {dataset["identifier"]: dataset for dataset in loaded(api)}
    problems = said.partition("Yang perlu diperbaiki:")[2]
    for name in files.keys() - datasets.keys():
        assert Path(name).name in problems, f"{name} is neither loaded nor named"
    for name, dataset in datasets.items():
        (resource,) = dataset["resources"]
        assert resource["size"] == (folder / Path(name).name).stat().st_size
        if resource.get("datastore_active"):
            check_table(api, resource, files[name])
    assert f"{len(datasets)} dibuat" in said

    catalog = b"".join(pages(portal.url))
    for dataset in datasets.values():
        assert dataset["identifier"].encode() in catalog, dataset["identifier"]

    assert f"0 dibuat, 0 diperbarui, {len(datasets)} tidak berubah" in load(portal, folder)

    titles = sorted(dataset["title"] for dataset in datasets.values())
    for kind, path in {"dcat_rdf": "/catalog.ttl", "ckan": ""}.items():
        name = f"berkas-{kind.replace('_', '-')}"
        job = stock.harvest(stock.source(name, portal.url + path, kind))
        assert job["stats"].get("errored", 0) == 0, job["report"]
        taken = sorted(dataset["title"] for dataset in stock.datasets_of(name))
        assert [title for title in titles if title not in taken] == []


def check_table(api: Api, resource: dict[str, Any], entry: dict[str, str]) -> None:
    """Compare with what the index counted; codes must be text."""
    found = api("datastore_search", resource_id=resource["id"], limit=5)
    if entry["rows"].isdigit() and entry["file"].endswith((".csv", ".csv.gz")):
        assert found["total"] == int(entry["rows"]), entry["file"]
    for field in found["fields"]:
        if field["id"].lower().startswith("kode"):
            assert field["type"] == "text", (entry["file"], field)


def pages(url: str) -> Iterator[bytes]:
    """Yield the pages of the catalog until one adds no dataset."""
    for number in range(1, 100):
        with urllib.request.urlopen(f"{url}/catalog.ttl?page={number}", timeout=120) as answer:
            page = answer.read()
        if b"dcat:Dataset" not in page:
            return
        yield page
