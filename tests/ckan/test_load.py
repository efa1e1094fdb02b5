"""``ckan satudata load``: what goes in, and what a second run changes."""
from __future__ import annotations

import json
from typing import Any

import ckan.model as model
import pytest
from ckan.plugins import toolkit as tk
from ckan.tests import helpers
from load_samples import TABLE, Everything, Folder, actions, rows, show, texts

from ckanext.satudata.loading import service
from ckanext.satudata.loading.report import CHANGED, CREATED, FAILED, UNCHANGED

pytestmark = pytest.mark.usefixtures("clean_db", "clean_datastore", "clean_index", "with_plugins",
                                     "with_request_context")


# ------------------------------------------------------------------ what goes in

def test_a_folder_with_a_manifest_becomes_datasets_with_files_and_tables(
    folder: Folder, org: str, user: str
) -> None:
    path = folder([{
        "file": "a.csv", "identifier": "coba-a", "title": "Jumlah coba",
        "organization": "Dinas Coba",
        "frequency": "tahunan", "tag_string": "coba, contoh", "kode_wilayah": "36.04; 36.73",
        "temporal_coverage.start": "2025-01-01", "temporal_coverage.end": "2025-12-31",
        "resource.name": "Tabel coba",
    }], a__csv=TABLE)
    report = service.load(path, user)
    assert actions(report) == [CREATED], texts(report)
    dataset = show("jumlah-coba")
    assert dataset["identifier"] == "coba-a"
    assert dataset["frequency"] == "tahunan"
    assert dataset["kode_wilayah"] == ["36.04", "36.73"]
    assert dataset["temporal_coverage"] == [{"start": "2025-01-01", "end": "2025-12-31"}]
    assert [tag["name"] for tag in dataset["tags"]] == ["coba", "contoh"]
    resource = dataset["resources"][0]
    assert resource["name"] == "Tabel coba"
    assert resource["format"] == "CSV"
    assert resource["datastore_active"] is True
    assert [field["type"] for field in resource["skema"]["fields"]] == [
        "string", "string", "integer", "integer"]
    assert rows(resource["id"]) == [
        {"kode_kecamatan": "36.04.05", "nama_kecamatan": "Kramatwatu", "tahun": 2025, "jumlah": 10},
        {"kode_kecamatan": "36.04.30", "nama_kecamatan": "Anyar", "tahun": 2025, "jumlah": 7},
    ]
    found = helpers.call_action("package_search", {"user": user}, q="coba", include_private=True)
    assert [item["name"] for item in found["results"]] == ["jumlah-coba"]


def test_the_file_that_was_loaded_is_the_file_that_is_served(
    app: Any, folder: Folder, org: str, user: str
) -> None:
    service.load(folder(a__csv=TABLE) / "a.csv", user, org, online=True)
    resource = show("dataset-a")["resources"][0]
    answer = app.get(f"/dataset/dataset-a/resource/{resource['id']}/download/a.csv", status=200)
    assert answer.data.decode() == TABLE


def test_codes_keep_their_zeros(folder: Folder, org: str, user: str) -> None:
    table = "kode_kabupaten,kode_pos,nilai\n32.10,00123,1.50\n32.9,04567,2\n"
    service.load(folder(a__csv=table), user, org)
    assert rows(show("dataset-a")["resources"][0]["id"])[0] == {
        "kode_kabupaten": "32.10", "kode_pos": "00123", "nilai": 1.5}


def test_semicolons_and_decimal_commas_are_read_and_said_in_the_schema(
    folder: Folder, org: str, user: str
) -> None:
    service.load(folder(a__csv="nama;nilai\nA;1.234,5\nB;0,25\n"), user, org)
    resource = show("dataset-a")["resources"][0]
    assert [row["nilai"] for row in rows(resource["id"])] == [1234.5, 0.25]
    assert resource["skema"]["fields"][1] == {
        "name": "nilai", "type": "number", "decimalChar": ",", "groupChar": "."}


def test_an_old_windows_encoding_is_read_and_named(folder: Folder, org: str, user: str) -> None:
    report = service.load(folder(a__csv="nama,nilai\nCafé,1\n".encode("cp1252")), user, org)
    assert rows(show("dataset-a")["resources"][0]["id"])[0]["nama"] == "Café"
    assert "cp1252" in report.outcomes[0].remark()


def test_bytes_that_are_no_text_are_refused_with_their_place(
    folder: Folder, org: str, user: str
) -> None:
    report = service.load(folder(a__csv=b"nama,nilai\n\x81\x8d\xff,1\n"), user, org)
    assert actions(report) == [FAILED]
    assert "a.csv: Pengodean huruf tidak dikenali" in texts(report)
    assert not model.Session.query(model.Package).count()


def test_a_table_of_headers_only_is_loaded_empty_and_said_so(
    folder: Folder, org: str, user: str
) -> None:
    report = service.load(folder(a__csv="nama,nilai\n"), user, org)
    assert actions(report) == [CREATED]
    assert rows(show("dataset-a")["resources"][0]["id"]) == []
    assert "hanya berisi judul kolom" in report.outcomes[0].remark()


def test_what_is_no_clean_table_is_kept_as_a_file_and_said_so(
    folder: Folder, org: str, user: str
) -> None:
    report = service.load(folder(a__csv="Jumlah penduduk,,\nKecamatan,L,P\nAnyar,1,2\n"), user, org)
    assert actions(report) == [CREATED]
    resource = show("dataset-a")["resources"][0]
    assert not resource.get("datastore_active")
    assert "tanpa tabel" in report.outcomes[0].remark()


def test_a_data_package_is_one_dataset_with_its_schema(folder: Folder, org: str, user: str) -> None:
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "paket", "title": "Paket coba", "description": "Uraian.", "id": "paket-1",
        "keywords": ["satu", "dua"], "licenses": [{"name": "CC-BY-4.0"}],
        "satudata": {"frequency": "bulanan", "kode_wilayah": ["36.04"]},
        "resources": [{"name": "data", "path": "a.csv", "schema": {"fields": [
            {"name": "kode_kecamatan", "type": "string"},
            {"name": "nama_kecamatan", "type": "string"}, {"name": "tahun", "type": "string"},
            {"name": "jumlah", "type": "integer", "title": "Jumlah orang", "satuan": "jiwa"},
        ]}}],
    }
    report = service.load(folder(datapackage__json=json.dumps(package), a__csv=TABLE), user, org)
    assert actions(report) == [CREATED], texts(report)
    dataset = show("paket")
    assert (dataset["identifier"], dataset["frequency"]) == ("paket-1", "bulanan")
    assert dataset["license_id"] == "cc-by"
    fields = dataset["resources"][0]["skema"]["fields"]
    assert fields[3] == {
        "name": "jumlah", "title": "Jumlah orang", "satuan": "jiwa", "type": "integer"}
    assert fields[2]["type"] == "string"
    info = helpers.call_action("datastore_info", id=dataset["resources"][0]["id"])
    assert info["fields"][3]["info"]["label"] == "Jumlah orang"


def test_two_rows_of_one_identifier_are_two_files_of_one_dataset(
    folder: Folder, org: str, user: str
) -> None:
    path = folder([
        {"identifier": "x", "title": "Dua berkas", "file": "a.csv"},
        {"identifier": "x", "file": "b.csv"},
    ], a__csv=TABLE, b__csv=TABLE + "36.04.11,Cinangka,2025,3\n")
    report = service.load(path, user, org)
    assert actions(report) == [CREATED], texts(report)
    assert [r["name"] for r in show("dua-berkas")["resources"]] == ["a.csv", "b.csv"]


# ------------------------------------------------------------------ again

def test_a_second_run_changes_nothing(
    folder: Folder, everything: Everything, org: str, user: str
) -> None:
    path = folder([
        {"file": "a.csv", "title": "Jumlah coba", "tag_string": "satu,dua", "urusan": "1.02;2.12",
         "jadwal_rilis": "2026-03-15", "cakupan_pelaporan": '[{"diterima": 8, "seharusnya": 9}]'},
        {"file": "b.csv", "title": "Bukan tabel"},
    ], a__csv=TABLE, b__csv="Judul,,\nx,y,z\n")
    assert not service.load(path, user, org).failed
    before = everything()
    report = service.load(path, user, org)
    assert actions(report) == [UNCHANGED, UNCHANGED]
    assert everything() == before


def test_a_changed_file_replaces_the_old_under_the_same_resource(
    app: Any, folder: Folder, org: str, user: str
) -> None:
    path = folder(a__csv=TABLE)
    service.load(path, user, org)
    old = show("dataset-a")["resources"][0]
    alias = "nama_lain"
    helpers.call_action("datastore_create", resource_id=old["id"], aliases=[alias], force=True)
    folder(a__csv=TABLE.replace("jumlah", "banyak").replace(",7", ",8"))
    report = service.load(path, user, org)
    assert actions(report) == [CHANGED], texts(report)
    new = show("dataset-a")["resources"][0]
    assert new["id"] == old["id"]
    assert new["sha256"] != old["sha256"]
    assert [row["banyak"] for row in rows(old["id"])] == [10, 8]
    assert [row["banyak"] for row in rows(alias)] == [10, 8]
    assert helpers.call_action("datastore_search", resource_id=old["id"])["total"] == 2
    assert actions(service.load(path, user, org)) == [UNCHANGED]


def test_a_changed_field_alone_does_not_touch_the_file(folder: Folder, org: str, user: str) -> None:
    row = {"file": "a.csv", "identifier": "x", "title": "Judul lama", "notes": "Uraian."}
    path = folder([row], a__csv=TABLE)
    service.load(path, user, org)
    old = show("judul-lama")
    folder([row | {"title": "Judul baru", "notes": ""}])
    assert actions(service.load(path, user, org)) == [CHANGED]
    new = show("judul-lama")
    assert new["title"] == "Judul baru"
    assert new["notes"] == "Uraian.", "an empty cell says nothing"
    assert new["resources"][0]["last_modified"] == old["resources"][0]["last_modified"]


def test_a_table_that_is_none_any_more_leaves_no_table(folder: Folder, org: str, user: str) -> None:
    path = folder(a__csv=TABLE)
    service.load(path, user, org)
    folder(a__csv="Judul,,\nx,y,z\n")
    assert actions(service.load(path, user, org)) == [CHANGED]
    resource = show("dataset-a")["resources"][0]
    assert not resource.get("datastore_active")
    with pytest.raises(tk.ObjectNotFound):
        helpers.call_action("datastore_search", resource_id=resource["id"])


def test_a_dry_run_says_what_would_happen_and_writes_nothing(
    folder: Folder, everything: Everything, org: str, user: str
) -> None:
    path = folder([
        {"file": "a.csv", "identifier": "a", "title": "A", "frequency": "tahunan"},
        {"file": "b.csv", "identifier": "b", "title": "B"},
    ], a__csv=TABLE, b__csv=TABLE)
    service.load(path, user, org)
    folder([
        {"file": "a.csv", "identifier": "a", "title": "A", "frequency": "bulanan"},
        {"file": "b.csv", "identifier": "b", "title": "B"},
        {"file": "c.csv", "identifier": "c", "title": "C"},
        {"file": "d.csv", "identifier": "d", "title": "D", "frequency": "kadang-kadang"},
    ], c__csv=TABLE, d__csv=TABLE)
    before = everything()
    report = service.load(path, user, org, dry_run=True)
    assert actions(report) == [CHANGED, UNCHANGED, CREATED, FAILED]
    assert everything() == before


@pytest.mark.ckan_config("ckan.views.default_views", "datatables_view")
@pytest.mark.ckan_config("ckan.plugins", (
    "satudata activity datastore scheming_datasets scheming_organizations dcat structured_data "
    "harvest ckan_harvester dcat_rdf_harvester datatables_view"))
def test_a_loaded_table_can_be_seen_on_its_page(
    app: Any, org: str, user: str, folder: Folder
) -> None:
    def load() -> dict[str, Any]:
        service.load(folder(coba__csv=TABLE), user, org, online=True)
        [name] = helpers.call_action("package_list")
        return helpers.call_action("package_show", id=name)

    for _ in range(2):
        dataset = load()
        resource = dataset["resources"][0]
        [view] = helpers.call_action("resource_view_list", id=resource["id"])
        assert view["view_type"] == "datatables_view"
    page = app.get(f"/dataset/{dataset['name']}/resource/{resource['id']}/view/{view['id']}")
    assert "kode_kecamatan" in page.body
    rows = app.post(f"/datatables/ajax/{view['id']}", data={
        "draw": "1", "start": "0", "length": "10", "search[value]": ""})
    assert "Kramatwatu" in rows.body
