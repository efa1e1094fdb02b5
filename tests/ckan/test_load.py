"""``ckan satudata load``: what goes in, what is refused, and that nothing is left half-loaded."""
from __future__ import annotations

import csv
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.plugins import toolkit as tk
from ckan.tests import factories, helpers
from ckanext.datastore.backend import postgres

from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.problems import LoadError
from ckanext.satudata.loading import datastore, service
from ckanext.satudata.loading.report import CHANGED, CREATED, FAILED, UNCHANGED, Report

pytestmark = pytest.mark.usefixtures("clean_db", "clean_datastore", "clean_index", "with_plugins",
                                     "with_request_context")

TABLE = (
    "kode_kecamatan,nama_kecamatan,tahun,jumlah\n"
    "36.04.05,Kramatwatu,2025,10\n36.04.10,Anyar,2025,7\n"
)


@pytest.fixture
def org() -> str:
    return factories.Organization(name="dinas-coba", title="Dinas Coba")["name"]


@pytest.fixture
def user() -> str:
    return helpers.call_action("get_site_user")["name"]


Folder = Callable[..., Path]
Everything = Callable[[], dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Make a folder of files; a manifest given as rows is written as CSV."""

    def make(manifest: list[dict[str, str]] | None = None, **files: str | bytes) -> Path:
        for name, content in files.items():
            path = tmp_path / name.replace("__", ".")
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if manifest is not None:
            names = list(dict.fromkeys(key for row in manifest for key in row))
            with (tmp_path / "manifest.csv").open("w", newline="", encoding="utf-8") as stream:
                writer = csv.DictWriter(stream, names)
                writer.writeheader()
                writer.writerows(manifest)
        return tmp_path

    return make


def actions(report: Report) -> list[str]:
    return [outcome.action for outcome in report.outcomes]


def show(name: str) -> dict[str, Any]:
    return helpers.call_action("package_show", id=name)


def rows(resource_id: str) -> list[dict[str, Any]]:
    found = helpers.call_action("datastore_search", resource_id=resource_id, sort="_id")
    return [{k: v for k, v in row.items() if k != "_id"} for row in found["records"]]


def texts(report: Report) -> str:
    return "\n".join(problem.text() for problem in report.all_problems())


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
        {"kode_kecamatan": "36.04.10", "nama_kecamatan": "Anyar", "tahun": 2025, "jumlah": 7},
    ]
    found = helpers.call_action("package_search", q="coba")
    assert [item["name"] for item in found["results"]] == ["jumlah-coba"]


def test_the_file_that_was_loaded_is_the_file_that_is_served(
    app: Any, folder: Folder, org: str, user: str
) -> None:
    service.load(folder(a__csv=TABLE) / "a.csv", user, org)
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
    assert "a.csv: pengodean huruf tidak dikenali" in texts(report)
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


# ------------------------------------------------------------------ what is wrong

def test_of_forty_rows_three_bad_ones_are_named_and_the_rest_goes_in(
    folder: Folder, org: str, user: str
) -> None:
    manifest = [
        {"file": f"t{n}.csv", "identifier": f"id-{n}", "title": f"Tabel {n}", "organization": org,
         "frequency": "tahunan"}
        for n in range(40)
    ]
    manifest[6]["frequency"] = "setiap-saat"
    manifest[17]["file"] = "hilang.csv"
    manifest[29]["organization"] = "dinas-tidak-ada"
    tables = {f"t{n}__csv": f"nama,nilai\nA,{n}\n" for n in range(40)}
    report = service.load(folder(manifest, **tables), user)
    assert report.count(CREATED) == 37
    assert report.failed
    lines = [problem.text() for problem in report.all_problems()]
    assert len(lines) == 3, lines
    for start in (
        "manifest.csv, baris 8, kolom frequency: ",
        "manifest.csv, baris 19, kolom file: berkas hilang.csv",
        "manifest.csv, baris 31: organisasi dinas-tidak-ada",
    ):
        assert any(line.startswith(start) for line in lines), (start, lines)


def test_a_duplicate_identifier_is_refused_and_the_first_goes_in(
    folder: Folder, org: str, user: str
) -> None:
    path = folder([
        {"file": "a.csv", "identifier": "sama", "title": "Yang pertama"},
        {"file": "b.csv", "identifier": "sama", "title": "Yang kedua"},
    ], a__csv=TABLE, b__csv=TABLE)
    report = service.load(path, user, org)
    assert actions(report) == [CREATED]
    assert "baris 3, kolom identifier: identifier sama sudah dipakai di baris 2" in texts(report)
    assert report.failed


def test_without_an_organization_the_row_says_what_to_do(folder: Folder, user: str) -> None:
    report = service.load(folder(a__csv=TABLE), user)
    assert actions(report) == [FAILED]
    assert "--org" in texts(report)


def test_an_empty_folder_is_an_error(tmp_path: Path, user: str, org: str) -> None:
    with pytest.raises(LoadError, match="folder ini kosong"):
        service.load(tmp_path, user, org)


def test_a_file_that_vanishes_fails_alone(
    folder: Folder, org: str, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder([{"file": "a.csv", "title": "A"}, {"file": "b.csv", "title": "B"}],
                  a__csv=TABLE, b__csv=TABLE)
    plan = service.read_path(path, service.shapes.shape_of, org)
    (path / "a.csv").unlink()
    report = service.load_plan(plan, user)
    assert actions(report) == [FAILED, CREATED]
    assert "a.csv: berkas tidak dapat dibuka lagi" in texts(report)


def test_a_row_that_does_not_fit_is_named_with_its_line(
    folder: Folder, org: str, user: str
) -> None:
    table = "nama,nilai\n" + "A,1\n" * 200 + "B,2,3\n" + "C,3\n"
    report = service.load(folder(a__csv=table), user, org)
    assert actions(report) == [CREATED]
    assert "a.csv, baris 202: baris ini berisi 3 sel" in texts(report)
    assert helpers.call_action(
        "datastore_search", resource_id=show("dataset-a")["resources"][0]["id"])["total"] == 201
    assert report.failed


def test_a_user_without_rights_is_refused(folder: Folder, org: str) -> None:
    someone = factories.User()["name"]
    report = service.load(folder(a__csv=TABLE), someone, org)
    assert actions(report) == [FAILED]
    assert "tidak berhak" in texts(report)
    assert not model.Session.query(model.Package).count()


def test_a_workbook_with_one_far_cell_is_refused_before_it_is_read(
    folder: Folder, org: str, user: str, tmp_path: Path
) -> None:
    path = folder() / "jauh.xlsx"
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    report = service.load(path, user, org)
    assert actions(report) == [FAILED]
    assert "sel XFD1048576 membuat lembar ini terlalu luas" in texts(report)
    assert report.outcomes[0].seconds < 5


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    folder: Folder, org: str, user: str
) -> None:
    path = folder() / "bom.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<row/>" * 2_000_000)
    report = service.load(path, user, org, limits=Limits(workbook_bytes=5_000_000))
    assert actions(report) == [FAILED]
    assert "melebihi 5 MB" in texts(report)


def test_a_link_out_of_the_folder_is_not_followed(
    folder: Folder, org: str, user: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    secret = tmp_path_factory.mktemp("luar") / "rahasia.csv"
    secret.write_text(TABLE)
    path = folder([{"file": "tautan.csv", "title": "T"}])
    os.symlink(secret, path / "tautan.csv")
    report = service.load(path, user, org)
    assert "tautan ke luar folder" in texts(report)
    assert not model.Session.query(model.Package).count()


# ------------------------------------------------------------------ nothing half-loaded

def _breaks(*_: Any, **__: Any) -> None:
    raise sa.exc.OperationalError("COPY", {}, Exception("the datastore has gone"))


@pytest.mark.parametrize("step", ["_copy", "_take_place"])
def test_a_new_dataset_whose_table_fails_leaves_nothing(
    folder: Folder, everything: Everything, org: str, user: str,
    monkeypatch: pytest.MonkeyPatch, step: str,
) -> None:
    path = folder(a__csv=TABLE)
    before = everything()
    with monkeypatch.context() as patch:
        patch.setattr(datastore.Filling, step, _breaks)
        report = service.load(path, user, org)
    assert actions(report) == [FAILED]
    after = everything()
    after["files"] = before["files"]  # bytes under their hash that nothing points to
    assert after == before
    assert actions(service.load(path, user, org)) == [CREATED]


@pytest.mark.parametrize("step", ["_copy", "_take_place"])
def test_an_update_whose_table_fails_leaves_the_old_as_it_was(
    app: Any, folder: Folder, everything: Everything, org: str, user: str,
    monkeypatch: pytest.MonkeyPatch, step: str,
) -> None:
    path = folder(a__csv=TABLE)
    service.load(path, user, org)
    before, old = everything(), show("dataset-a")["resources"][0]
    folder(a__csv=TABLE.replace(",7", ",8"))
    with monkeypatch.context() as patch:
        patch.setattr(datastore.Filling, step, _breaks)
        report = service.load(path, user, org)
    assert actions(report) == [FAILED]
    after = everything()
    after["files"] = before["files"]
    assert after == before
    served = app.get(f"/dataset/dataset-a/resource/{old['id']}/download/a.csv").data.decode()
    assert served == TABLE
    assert actions(service.load(path, user, org)) == [CHANGED]


def test_a_crash_between_the_two_commits_is_mended_by_the_next_run(
    folder: Folder, org: str, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder(a__csv=TABLE)
    service.load(path, user, org)
    folder(a__csv=TABLE.replace(",7", ",8"))
    with monkeypatch.context() as patch:
        patch.setattr(datastore.Filling, "commit", _breaks)
        report = service.load(path, user, org)
    assert actions(report) == [FAILED]
    resource = show("dataset-a")["resources"][0]
    assert [row["jumlah"] for row in rows(resource["id"])] == [10, 7]
    assert actions(service.load(path, user, org)) == [CHANGED]
    assert [row["jumlah"] for row in rows(resource["id"])] == [10, 8]
    assert actions(service.load(path, user, org)) == [UNCHANGED]


def test_a_failed_metadata_check_leaves_no_table(
    folder: Folder, everything: Everything, org: str, user: str
) -> None:
    path = folder([{"file": "a.csv", "title": "A", "frequency": "kadang"}], a__csv=TABLE)
    before = everything()
    assert actions(service.load(path, user, org)) == [FAILED]
    after = everything()
    after["files"] = before["files"]
    assert after == before


def test_a_filled_table_is_like_one_the_datastore_made(folder: Folder, org: str, user: str) -> None:
    service.load(folder(a__csv=TABLE), user, org)
    ours = show("dataset-a")["resources"][0]["id"]
    made = factories.Resource(package_id=show("dataset-a")["id"])["id"]
    helpers.call_action(
        "datastore_create", {"user": user}, resource_id=made, force=True,
        fields=[{"id": "kode_kecamatan", "type": "text"}, {"id": "nama_kecamatan", "type": "text"},
                {"id": "tahun", "type": "bigint"}, {"id": "jumlah", "type": "bigint"}],
        records=rows(ours))

    def form(table: str) -> list[Any]:
        with postgres.get_write_engine().connect() as connection:
            return [
                [tuple(str(v).replace(table, "TABEL") for v in row)
                 for row in connection.execute(sa.text(query), {"table": table})]
                for query in (
                    "SELECT column_name, data_type, column_default FROM information_schema.columns "
                    "WHERE table_name = :table ORDER BY ordinal_position",
                    "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                    "WHERE c.relname = :table",
                    "SELECT count(*), bool_or(i.relname = :table || '_pkey') FROM pg_index x "
                    "JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid "
                    "WHERE c.relname = :table",
                )
            ] + [[tuple(row) for row in connection.execute(sa.text(
                f'SELECT _full_text::text FROM "{table}" ORDER BY _id'))]]

    assert form(ours) == form(made)
    found = helpers.call_action("datastore_search", resource_id=ours, q="kramatwatu")
    assert found["total"] == 1
    helpers.call_action("datastore_upsert", resource_id=ours, method="insert", force=True,
                        records=[{"kode_kecamatan": "36.04.11", "jumlah": 1}])
    assert helpers.call_action("datastore_search", resource_id=ours, q="36.04.11")["total"] == 1
    helpers.call_action("datastore_create", resource_id=ours, force=True, indexes=["tahun"])
