"""``ckan satudata load``: what is refused, and that nothing is left half-loaded."""
from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.tests import factories, helpers
from ckanext.datastore.backend import postgres
from load_samples import TABLE, Everything, Folder, actions, rows, show, texts

from ckanext.satudata.domain.loading.limits import Limits
from ckanext.satudata.domain.loading.problems import LoadError
from ckanext.satudata.loading import service
from ckanext.satudata.loading.report import CHANGED, CREATED, FAILED, UNCHANGED
from ckanext.satudata.shared import filling

pytestmark = pytest.mark.usefixtures("clean_db", "clean_datastore", "clean_index", "with_plugins",
                                     "with_request_context")


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


def workbook(path: Path, sheet: str) -> Path:
    """Write the parts of a workbook that a reader looks for first, with this sheet."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    pack = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>'
                         '<sheet name="S" sheetId="1" r:id="a"/></sheets></workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{pack}">'
                         f'<Relationship Id="a" Type="{rel}/worksheet" '
                         'Target="worksheets/sheet1.xml"/></Relationships>')
        archive.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>'
                         f"{sheet}</sheetData></worksheet>")
    return path


def test_a_workbook_with_one_far_cell_is_refused_before_it_is_read(
    folder: Folder, org: str, user: str, tmp_path: Path
) -> None:
    path = workbook(folder() / "jauh.xlsx",
                    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    report = service.load(path, user, org)
    assert actions(report) == [FAILED]
    assert "Sel XFD1048576 di lembar “S” berisi sesuatu jauh di luar tabel" in texts(report)
    assert report.outcomes[0].seconds < 5


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    folder: Folder, org: str, user: str
) -> None:
    path = workbook(folder() / "bom.xlsx", "<row/>" * 2_000_000)
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
        patch.setattr(filling.Filling, step, _breaks)
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
    service.load(path, user, org, online=True)
    before, old = everything(), show("dataset-a")["resources"][0]
    folder(a__csv=TABLE.replace(",7", ",8"))
    with monkeypatch.context() as patch:
        patch.setattr(filling.Filling, step, _breaks)
        report = service.load(path, user, org, online=True)
    assert actions(report) == [FAILED]
    after = everything()
    after["files"] = before["files"]
    assert after == before
    served = app.get(f"/dataset/dataset-a/resource/{old['id']}/download/a.csv").data.decode()
    assert served == TABLE
    assert actions(service.load(path, user, org, online=True)) == [CHANGED]


def test_a_crash_between_the_two_commits_is_mended_by_the_next_run(
    folder: Folder, org: str, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder(a__csv=TABLE)
    service.load(path, user, org)
    folder(a__csv=TABLE.replace(",7", ",8"))
    with monkeypatch.context() as patch:
        patch.setattr(filling.Filling, "commit", _breaks)
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
