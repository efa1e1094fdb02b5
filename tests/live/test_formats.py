"""Every dataset of the demo in the forms other programs take, judged by those programs."""
from __future__ import annotations

import io
import json
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from frictionless import Package
from rdflib import RDF, Graph

from ckanext.satudata.domain.federation.terms import DCAT

sys.path.insert(0, str(Path(__file__).parents[1] / "domain"))
import test_croissant
import test_data_package


@pytest.fixture(scope="module")
def records(portal: Any) -> list[dict[str, Any]]:
    said = json.loads(portal.get("/api/3/action/package_search?rows=1000&fq=dataset_type:dataset"))
    assert said["result"]["results"]
    return said["result"]["results"]


def test_every_package_obeys_its_standard(portal: Any, records: list[dict[str, Any]]) -> None:
    for each in records:
        path = f"/dataset/{each['name']}/datapackage.json"
        made = json.loads(portal.get(path))
        test_data_package.judged(made)
        report = Package(portal.url + path).validate()  # reads the files at their addresses
        assert report.valid, (each["name"], report.flatten(["type", "message"])[:5])
        restricted = each["access_rights"] != "terbuka"
        files = [] if restricted else each["resources"]
        assert [found["path"] for found in made["resources"] if found["name"] != "metadata"] == [
            found["url"] for found in files]
        left = made["satudata"].get("tidak_disertakan", [])
        assert len(left) == (len(each["resources"]) if restricted else 0)


def test_every_archive_is_valid_with_its_data(
    portal: Any, records: list[dict[str, Any]], tmp_path: Path
) -> None:
    tables = 0
    for each in records:
        folder = tmp_path / each["name"]
        with zipfile.ZipFile(io.BytesIO(
                portal.get(f"/dataset/{each['name']}/datapackage.zip"))) as archive:
            assert archive.testzip() is None
            archive.extractall(folder)
        report = Package(str(folder / "datapackage.json")).validate()
        assert report.valid, (each["name"], report.flatten(["type", "message"])[:5])
        package = json.loads((folder / "datapackage.json").read_text())
        test_data_package.judged(package)
        tables += sum(found.get("type") == "table" for found in package["resources"])
        assert (DCAT.Dataset in set(Graph().parse(folder / "metadata.ttl").objects(None, RDF.type)))
        assert (folder / "BACA.txt").read_text().startswith(each["title"])
    assert tables > 0


def test_every_croissant_obeys_its_specification(
    portal: Any, records: list[dict[str, Any]]
) -> None:
    tables = 0
    for each in records:
        made = json.loads(portal.get(f"/dataset/{each['name']}/croissant.json"))
        test_croissant.judged(made)
        tables += len(made.get("recordSet", []))
        assert f"/dataset/{each['name']}/versi/" in made["citeAs"]
    assert tables > 0


@pytest.mark.parametrize("kind", ["dataset", "kegiatan", "indikator"])
def test_a_page_offers_nothing_that_is_not_there(portal: Any, kind: str) -> None:
    said = json.loads(portal.get(f"/api/3/action/package_search?rows=1&fq=dataset_type:{kind}"))
    page = BeautifulSoup(portal.get(f"/{kind}/{said['result']['results'][0]['name']}"),
                         "html.parser")
    offered = {link["href"] for link in page.select("a[href], link[href]") if re.search(
        r"/(dataset|kegiatan|indikator)/.+\.\w+$|/versi/|/api/.*package_show", link["href"])}
    assert any(each.endswith(".bib") for each in offered)
    for each in sorted(offered):
        assert portal.get(each.removeprefix(portal.url)), each
