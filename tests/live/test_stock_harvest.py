"""A stock CKAN harvests us by both paths, twice: what arrives, and that it stays whole.

Which field which path carries is a table; its source is what the harvesters of
ckanext-harvest 1.6.3 and ckanext-dcat 2.4.4 read.
"""

from __future__ import annotations

import json
import secrets
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import opening
from stock_portal import Portal, StockPortal

EU = "http://publications.europa.eu/resource/authority/"
PATHS = {"dcat_rdf": "/catalog.ttl", "ckan": ""}
ONLY_RDF = pytest.mark.parametrize("harvested", ["dcat_rdf"], indirect=True)
ONLY_API = pytest.mark.parametrize("harvested", ["ckan"], indirect=True)


@pytest.fixture(scope="module")
def ours(portal: Any, api_token: str) -> Portal:
    """Our running portal, as the test run started it."""
    made = Portal(portal.url, portal.ini, portal.python)
    made.token = api_token
    return made


@pytest.fixture(scope="module")
def published(ours: Portal) -> Iterator[dict[str, dict[str, Any]]]:
    """Three public datasets of ours beside whatever the portal holds: full, bare, restricted."""
    mark = secrets.token_hex(3)
    owner = ours.call("organization_create", name=f"uji-{mark}", title="Dinas Uji")
    # Title and description: the stock schema, as DCAT-AP, takes nothing without them.
    common = {"owner_org": owner["id"], "type": "dataset", "notes": "Data uji."}
    made: dict[str, dict[str, Any]] = {}
    try:
        made["full"] = ours.call(
            "package_create",
            **common,
            name=f"kunjungan-{mark}",
            title=f"Kunjungan puskesmas {mark}",
            license_id="cc-by",
            tag_string="puskesmas,rawat jalan",
            urusan=["1.02"],
            jenis_data="statistik",
            frequency="tahunan",
            access_rights="terbuka",
            language=["id"],
            kode_wilayah=["36.04"],
            satuan="orang",
            ukuran="Jumlah",
            konsep="Kunjungan",
            definisi="Banyaknya orang.",
            id_dds="36.04-2026-0137",
            prioritas_tahun=["2026"],
            provenance="Laporan bulanan.",
            version="2025.1",
            temporal_coverage=[{"start": "2025-01-01", "end": "2025-12-31"}],
            contact=[{"name": "Seksi Data", "email": "data@contoh.go.id"}],
            conforms_to=["https://www.rfc-editor.org/rfc/rfc4180"],
            resources=[
                {
                    "url": f"{ours.url}/base/images/ckan-logo.png",
                    "name": "Tabel 2025",
                    "format": "CSV",
                    "description": "Satu baris tiap kecamatan.",
                    "mimetype": "text/csv",
                    "size": 2048,
                }
            ],
        )
        made["bare"] = ours.call(
            "package_create", **common, name=f"hanya-{mark}", title=f"Judul saja {mark}"
        )
        made["restricted"] = ours.call(
            "package_create",
            **common,
            name=f"terbatas-{mark}",
            title=f"Data terbatas {mark}",
            access_rights="terbatas",
            uji_konsekuensi=[{"nomor": "1/UK/2026", "tanggal": "2026-01-12"}],
            keputusan_pembatasan=[{"nomor": "2/KEP/2026", "tanggal": "2026-02-20"}],
            dasar_hukum="UU 14/2008 pasal 17 huruf h",
            resources=[
                {"url": "https://contoh.go.id/rahasia.csv", "name": "Rinci", "format": "CSV"}
            ],
        )
        made["kegiatan"] = ours.call(
            "package_create",
            **{**common, "type": "kegiatan"},
            name=f"kegiatan-{mark}",
            title=f"Kompilasi {mark}",
        )
        opening.publish(ours.python, ours.ini, *(each["id"] for each in made.values()))
        yield made
    finally:
        for each in made.values():
            opening.purge(ours.call, each)
        ours.call("organization_purge", id=owner["id"])


@pytest.fixture(scope="module", params=PATHS)
def harvested(
    request: pytest.FixtureRequest,
    stock: StockPortal,
    ours: Portal,
    published: dict[str, dict[str, Any]],
) -> dict[str, Any]:
    """One source harvested twice, and what the stock portal holds after each run."""
    kind = request.param
    name = f"sumber-{kind.replace('_', '-')}"
    source = stock.source(name, ours.url + PATHS[kind], kind)
    first = stock.harvest(source)
    after_first = stock.datasets_of(name)
    # Stock ckanext-harvest 1.6.3 on CKAN 2.12 leaves its source in the index without
    # source_type; plain CKAN's own command mends it. Where our plugin runs, it does so itself.
    stock.ckan("search-index", "rebuild", source)
    second = stock.harvest(source)
    return {
        "kind": kind,
        "jobs": (first, second),
        "first": after_first,
        "second": stock.datasets_of(name),
    }


def public_titles(ours: Portal, kinds: set[str]) -> list[str]:
    found, start = [], 0
    while True:
        page = ours.call("package_search", rows=500, start=start)["results"]
        if not page:
            return sorted(each["title"] for each in found if each["type"] in kinds)
        found += page
        start += len(page)


def copy_of(
    harvested: dict[str, Any], dataset: dict[str, Any], when: str = "second"
) -> dict[str, Any]:
    [copy] = [each for each in harvested[when] if each["title"] == dataset["title"]]
    return copy


def test_every_public_dataset_arrives(
    harvested: dict[str, Any], ours: Portal, published: Any
) -> None:
    # Plain CKAN has no notion of our types: the API path takes all, DCAT lists data only.
    kinds = {"dataset"} if harvested["kind"] == "dcat_rdf" else {"dataset", "kegiatan", "indikator"}
    assert sorted(each["title"] for each in harvested["first"]) == public_titles(ours, kinds)


def test_both_runs_finish_without_an_error(harvested: dict[str, Any]) -> None:
    for job in harvested["jobs"]:
        assert job["status"] == "Finished"
        assert job["stats"].get("errored", 0) == 0, job["report"]
        assert job["gather_error_summary"] == []


def test_the_second_run_makes_no_second_copy(harvested: dict[str, Any]) -> None:
    first, second = ({each["id"] for each in harvested[when]} for when in ("first", "second"))
    assert first == second
    assert harvested["jobs"][1]["stats"].get("added", 0) == 0
    assert harvested["jobs"][1]["stats"].get("deleted", 0) == 0


def expected_by_rdf(ours: Portal, sent: dict[str, Any]) -> dict[str, Any]:
    """What ckanext-dcat's stock profile reads of a dataset of ours."""
    site = ours.url
    return {
        "title": sent["title"],
        "notes": sent["notes"],
        "version": "2025.1",
        "url": f"{site}/dataset/{sent['name']}",
        "identifier": sent["identifier"],
        "frequency": f"{EU}frequency/ANNUAL",
        "access_rights": f"{EU}access-right/PUBLIC",
        "language": [f"{EU}language/IND"],
        "provenance": "Laporan bulanan.",
        "conforms_to": ["https://www.rfc-editor.org/rfc/rfc4180"],
        "theme": {f"{EU}data-theme/HEAL", f"{site}/kode-referensi/urusan/1.02"},
        "license_id": "cc-by",
        "temporal_coverage": [{"start": "2025-01-01", "end": "2025-12-31"}],
    }


def as_sent(value: Any) -> Any:
    return set(value) if isinstance(value, list) and value and isinstance(value[0], str) else value


@ONLY_RDF
def test_dcat_carries_what_has_a_term(
    harvested: dict[str, Any], ours: Portal, published: dict[str, Any]
) -> None:
    sent, copy = published["full"], copy_of(harvested, published["full"])
    want = expected_by_rdf(ours, sent)
    assert {name: as_sent(copy.get(name)) for name in want} == {
        name: as_sent(value) for name, value in want.items()
    }
    assert {"puskesmas", "rawat jalan"} <= {tag["name"] for tag in copy["tags"]}
    assert [each["name"] for each in copy["contact"]] == ["Seksi Data"]
    assert [each["email"] for each in copy["contact"]] == ["data@contoh.go.id"]
    assert [each["name"] for each in copy["creator"]] == ["Dinas Uji"]
    assert len(copy["publisher"]) == 1 and copy["publisher"][0]["name"].startswith("Pemerintah")
    [place] = copy["spatial_coverage"]
    assert place["uri"] == f"{ours.url}/kode-referensi/wilayah/36.04"
    assert "Serang" in place["text"]
    assert any("36.04-2026-0137" in each for each in copy["alternate_identifier"])
    [file] = copy["resources"]
    assert {
        name: file[name] for name in ("url", "name", "description", "format", "mimetype", "size")
    } == {
        "url": sent["resources"][0]["url"],
        "name": "Tabel 2025",
        "description": "Satu baris tiap kecamatan.",
        "format": "CSV",
        "mimetype": "text/csv",
        "size": 2048,
    }


def test_fields_without_a_term_do_not_reach_a_stock_reader(
    harvested: dict[str, Any], published: dict[str, Any]
) -> None:
    """They are in the document for who reads it whole; a stock profile knows none of them."""
    copy = copy_of(harvested, published["full"])
    known = set(copy) | {extra["key"] for extra in copy.get("extras", [])}
    assert not known & {"satuan", "ukuran", "prioritas_tahun", "id_dds", "kode_wilayah", "urusan"}


@ONLY_API
def test_the_api_carries_core_fields_and_those_the_reader_knows(
    harvested: dict[str, Any], published: dict[str, Any]
) -> None:
    sent, copy = published["full"], copy_of(harvested, published["full"])
    assert copy["id"] == sent["id"]
    for name in ("title", "notes", "license_id", "version", "provenance", "conforms_to"):
        assert copy[name] == sent[name], name
    assert {tag["name"] for tag in copy["tags"]} == {tag["name"] for tag in sent["tags"]}
    [file] = copy["resources"]
    for name in ("id", "url", "name", "format", "description", "mimetype"):
        assert file[name] == sent["resources"][0][name], name


@ONLY_RDF
def test_the_file_of_restricted_data_is_not_given_away(
    harvested: dict[str, Any], ours: Portal, published: dict[str, Any]
) -> None:
    sent, copy = published["restricted"], copy_of(harvested, published["restricted"])
    assert copy["access_rights"] == f"{EU}access-right/RESTRICTED"
    [file] = copy["resources"]
    door = f"{ours.url}/dataset/{sent['id']}/resource/{sent['resources'][0]['id']}/download"
    assert file["url"] == door
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(door, timeout=60)
    answer = refused.value
    assert answer.code == 403
    assert json.load(answer)["error"]["request_access"].endswith("/minta-akses")
