"""What was not inspected is not published; nobody gets around it, nobody floods it."""
from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import Any

import ckan.plugins.toolkit as tk
import openpyxl
import pytest
import sqlalchemy as sa
from at_once import at_once
from ckan import model
from ckan.tests import factories
from ckanext.datastore.backend import postgres
from test_inspection import (
    GOOD,
    LEAK,
    NIK,
    file,
    make,
    notes,
    refused,
    replace,
    report,
    rows,
    work,
)
from workflow_cast import Cast, Data, call, people

from ckanext.satudata.inspection import job, pace
from ckanext.satudata.inspection.model import Inspection
from ckanext.satudata.purging import removal
from ckanext.satudata.shared import blobs, moment, outbox
from ckanext.satudata.shared.blob_ledger import Blob
from ckanext.satudata.workflow import service

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
UNCHECKED = "file-unchecked"
PEOPLE = [{"nik": NIK, "jumlah": 1}, {"nik": "3604010101900002", "jumlah": 2}]


made, cast = people()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Every inspection fails by our own fault."""
    monkeypatch.setattr(job, "_inspect", lambda *_given: 1 / 0)
    return monkeypatch


def stays(cast: Cast, who: Data, dataset: Data, transition: str, **more: Any) -> str:
    """Try a step that is refused; return why."""
    before = cast.show(dataset["id"])["state"]
    with pytest.raises((tk.ValidationError, tk.NotAuthorized)) as error:
        cast.step(who, dataset["id"], transition, **more)
    assert cast.show(dataset["id"])["state"] == before
    return json.dumps(getattr(error.value, "error_dict", str(error.value)), ensure_ascii=False)


def handed_in(cast: Cast, dataset: Data) -> None:
    cast.step(cast.produsen, dataset["id"], "ajukan")
    cast.step(cast.walidata, dataset["id"], "periksa")


def test_what_we_failed_to_inspect_waits_for_a_written_word_of_the_walidata(
    cast: Cast, broken: pytest.MonkeyPatch
) -> None:
    dataset = make(cast, LEAK)
    work(), work(), work()
    found = notes(cast, dataset)[UNCHECKED]
    assert found["created_by"] is None and "data pribadi" in found["message"]
    handed_in(cast, dataset)  # an agency does not wait for our fault
    assert "catatan wajib" in stays(cast, cast.walidata, dataset, "setujui")
    for who, more, error in ((cast.walidata, {}, tk.ValidationError),
                             (cast.walidata, {"withdraw": True}, tk.ValidationError),
                             (cast.produsen, {"note": "Aman."}, tk.NotAuthorized),
                             (cast.pembina, {"note": "Aman."}, tk.NotAuthorized)):
        with pytest.raises(error):
            call("satudata_finding_resolve", who, id=found["id"], **more)
    said = "Diperiksa manual: 2 baris, tidak ada nama atau nomor orang."
    call("satudata_finding_resolve", cast.walidata, id=found["id"], note=said)
    (event,) = [each for each in call("satudata_submission_timeline", cast.walidata,
                                      id=dataset["id"])["results"] if each.get("note") == said]
    assert event["actor"]["name"] == "walidata"
    cast.step(cast.walidata, dataset["id"], "kembalikan", note="Ganti berkasnya.")
    # The word is about these bytes.
    replace(cast, dataset["resources"][0], LEAK + b"\n")
    work(), work(), work()
    assert UNCHECKED in notes(cast, dataset)
    broken.undo()
    replace(cast, dataset["resources"][0], GOOD)
    work()
    assert notes(cast, dataset) == {}


def test_no_clock_publishes_what_was_not_inspected(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make(cast, GOOD)
    handed_in(cast, dataset)
    soon = moment.now() + dt.timedelta(hours=1)
    cast.step(cast.walidata, dataset["id"], "setujui", release_at=soon.isoformat())
    late = soon + dt.timedelta(minutes=1)
    (row,) = rows(dataset).values()
    row.state, row.finished_at = "antre", None
    model.Session.commit()
    assert service.release_due(late) == []
    shown = cast.show(dataset["id"])
    assert shown["state"] == "disetujui" and shown["release_at"]  # it waits
    with monkeypatch.context() as patch:
        patch.setattr(job, "_inspect", lambda *_given: 1 / 0)
        work(), work(), work()
        assert service.release_due(late) == []
    shown = cast.show(dataset["id"])
    assert shown["state"] == "disetujui" and not shown["release_at"]  # people decide
    assert "belum diperiksa" in stays(cast, cast.walidata, dataset, "terbitkan")
    call("satudata_inspection_run", cast.walidata, id=dataset["id"], wait=True)
    assert cast.step(cast.walidata, dataset["id"], "terbitkan")["state"] == "terbit"


def test_what_was_never_inspected_is_before_it_is_approved(cast: Cast) -> None:
    dataset = make(cast, LEAK, GOOD)
    call("package_patch", cast.produsen, id=dataset["id"], title="Data lama")
    work()
    for each in notes(cast, dataset).values():
        call("satudata_finding_resolve", cast.walidata, id=each["id"])
    handed_in(cast, dataset)
    submission = cast.show(dataset["id"])["id"]
    for table in ("satudata_finding", "satudata_inspection"):  # as before this portal inspected
        name = "submission_id" if table == "satudata_finding" else "content_id"
        model.Session.execute(sa.text(f"DELETE FROM {table} WHERE {name} = :id"), {
            "id": submission if table == "satudata_finding" else dataset["id"]})
    model.Session.commit()
    assert "catatan wajib" in stays(cast, cast.walidata, dataset, "setujui")
    assert "personal-data" in notes(cast, dataset)


def test_no_name_kind_or_link_hides_people(cast: Cast) -> None:
    dataset = make(cast, GOOD)
    first = dataset["resources"][0]["id"]
    # A workbook nobody can open, called a guide.
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    guide = call("resource_create", cast.produsen, package_id=dataset["id"], name="Pedoman",
                 jenis_berkas="dokumentasi", format="PDF", resource_type="documentation",
                 upload=file(locked, "pedoman.xlsx"))
    work()
    assert list(notes(cast, dataset)) == [UNCHECKED]
    replace(cast, guide, LEAK, "pedoman.txt")
    work()
    assert list(notes(cast, dataset)) == ["personal-data"]
    # What was a guide and is data now is read as data.
    replace(cast, guide, b"a,b\n\0\0\0,1\n", "panduan.csv")
    work()
    assert "file-unreadable" not in notes(cast, dataset)
    call("resource_patch", cast.produsen, id=guide["id"], jenis_berkas="data")
    work()
    assert "file-unreadable" in notes(cast, dataset)
    # A link in its place: nothing of the old file is asked any more, and back again all of it.
    call("resource_patch", cast.produsen, id=guide["id"], url="https://a.go.id/x.csv",
         url_type="", format="CSV")
    call("satudata_inspection_run", cast.produsen, id=dataset["id"], wait=True)
    assert notes(cast, dataset) == {}
    replace(cast, guide, LEAK, "data.pdf")
    assert "nik" in refused(cast, dataset)
    assert "personal-data" in notes(cast, dataset)
    call("resource_delete", cast.produsen, id=guide["id"])
    book = io.BytesIO()
    made = openpyxl.Workbook()
    for row in (["tahun", "nik"], [2025, NIK], [2025, PEOPLE[1]["nik"]]):
        made.active.append(row)
    made.save(book)
    with zipfile.ZipFile(book, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"Attribute VB_Name")
    replace(cast, first, book.getvalue(), "makro.xlsm")
    work()
    assert "personal-data" in notes(cast, dataset)
    marked = rows(dataset)[first].files["bertanda.xlsx"]
    names = zipfile.ZipFile(io.BytesIO(b"".join(blobs.open(marked)))).namelist()
    assert not [each for each in names if "vba" in each.lower()]


def test_rows_without_a_file_are_inspected_too(cast: Cast) -> None:
    dataset = make(cast)
    table = call("datastore_create", cast.produsen, resource={
        "package_id": dataset["id"], "name": "Baris", "format": "CSV"}, records=PEOPLE,
        fields=[{"id": "nik", "type": "text"}, {"id": "jumlah", "type": "int"}])["resource_id"]
    why = refused(cast, dataset)
    assert "nik" in why
    assert notes(cast, dataset)["personal-data"]["place"]["resource"] == table
    (shown,) = call("satudata_inspection_list", cast.produsen, id=dataset["id"])["results"]
    assert (shown["state"], shown["counts"]["wajib"] > 0) == ("selesai", True)
    call("datastore_delete", cast.produsen, resource_id=table, force=True)
    call("datastore_create", cast.produsen, resource_id=table, force=True, fields=[
        {"id": "tahun", "type": "int"}, {"id": "jumlah", "type": "int"}],
         records=[{"tahun": 2025, "jumlah": 4}])
    handed_in(cast, dataset)
    assert notes(cast, dataset) == {}


def test_rows_written_into_the_table_of_a_file_are_inspected_too(cast: Cast) -> None:
    dataset = make(cast, GOOD)
    file = dataset["resources"][0]["id"]
    table = {"resource_id": file, "force": True}
    call("datastore_create", cast.produsen, **table, records=PEOPLE,
         fields=[{"id": "nik", "type": "text"}, {"id": "jumlah", "type": "int"}])
    assert "nik" in refused(cast, dataset)
    found = notes(cast, dataset)["personal-data"]
    assert found["place"]["resource"] == file and found["count"] == 2
    shown = report(dataset, cast.produsen)
    assert (shown["state"], shown["counts"]["wajib"]) == ("selesai", 0)  # of the file itself
    seen = call("datastore_search", cast.walidata, resource_id=file)["records"]
    assert seen[0]["jumlah"] == 1 and NIK not in json.dumps(seen)
    # The file read again says nothing about the table, nor the other way round.
    replace(cast, file, LEAK)
    work()
    replace(cast, file, GOOD + b"2025,Ciruas,30\n")
    work()
    assert notes(cast, dataset)["personal-data"]["id"] == found["id"]
    call("datastore_delete", cast.produsen, **table)
    handed_in(cast, dataset)
    assert notes(cast, dataset) == {}
    cast.step(cast.walidata, dataset["id"], "kembalikan", note="Isi tabelnya.")
    call("datastore_create", cast.produsen, **table, records=[{"tahun": 2025, "jumlah": 4}],
         fields=[{"id": "tahun", "type": "int"}, {"id": "jumlah", "type": "int"}])
    handed_in(cast, dataset)
    # What gets in beside the guards is nothing anybody approved.
    with postgres.get_write_engine().begin() as connection:
        connection.exec_driver_sql(f'UPDATE "{file}" SET jumlah = 5')
    assert "baris tabelnya" in stays(cast, cast.walidata, dataset, "setujui")


def test_what_was_read_of_rows_is_purged_with_them(cast: Cast) -> None:
    dataset = make(cast, GOOD)
    fields = [{"id": "nik", "type": "text"}, {"id": "jumlah", "type": "int"}]
    call("datastore_create", cast.produsen, resource_id=dataset["resources"][0]["id"], force=True,
         fields=fields, records=PEOPLE)
    call("datastore_create", cast.produsen, resource={
        "package_id": dataset["id"], "name": "Baris", "format": "CSV"}, fields=fields,
        records=[*PEOPLE, {"nik": "3604010101900003", "jumlah": 3}])
    refused(cast, dataset)
    read = [each for each in rows(dataset).values() if each.asked.get("table")]
    stored = {each.sha256 for each in read} | {each.files["tabel-1.csv"] for each in read}
    assert len(read) == 2 and all(blobs.exists(each) for each in stored)
    call("satudata_submission_transition", cast.walidata, id=dataset["id"],
         transition="tarik_darurat")
    call("satudata_withdrawal_explain", cast.ppid, id=dataset["id"], note="NIK",
         personal_data=["draf"])
    model.Session.execute(sa.update(Blob).values(touched_at=moment.now() - dt.timedelta(days=1)))
    model.Session.commit()
    removal.run_due(moment.now() + dt.timedelta(days=8))
    assert rows(dataset) == {} and not [each for each in stored if blobs.exists(each)]


def test_nobody_floods_it(
    cast: Cast, broken: pytest.MonkeyPatch
) -> None:
    dataset = make(cast, GOOD)
    work(), work(), work()
    tried: list[int] = []
    broken.setattr(job, "_inspect", lambda *_given: tried.append(1) or 1 / 0)
    broken.setattr(pace, "RETRIES", 2)
    broken.setattr(pace, "RUNS_OF_DATASET", 4)
    for _ in range(4):
        call("satudata_inspection_run", cast.produsen, id=dataset["id"], wait=True)
    assert len(tried) == 2 * job.TRIES
    with pytest.raises(pace.TooOften, match="Terlalu sering") as error:
        call("satudata_inspection_run", cast.rekan, id=dataset["id"])
    assert 0 < error.value.error_dict["retry_after"] <= 600
    broken.setattr(pace, "RUNS_OF_ACCOUNT", 0)
    with pytest.raises(pace.TooOften) as error:
        call("satudata_inspection_run", cast.produsen, id=make(cast, GOOD)["id"])
    assert error.value.error_dict["limit"] == "akun"
    broken.setattr(pace, "CORRECTIONS_OF_DATASET", 2)
    with pytest.raises(pace.TooOften) as error:
        for number in range(3):
            call("satudata_recipe_update", cast.produsen, id=dataset["id"], recipe={
                "version": 1, "tables": [{"fingerprint": f"f{number}"}]})
    assert number == 2
    cast.step(cast.produsen, dataset["id"], "ajukan")  # who hands in is not counted


def test_no_text_of_a_file_acts_in_a_page_or_a_spreadsheet(cast: Cast, app: Any) -> None:
    evil = "<img src=x onerror=alert(1)>"
    sheet = (f'"{evil}",kecamatan,jumlah\n"=HYPERLINK(""http://a"")","{evil}",-5\n'
             f'@SUM(A1),"a, b",x{evil}\n+cmd|x,Ciruas,7\n').encode()
    dataset = make(cast, sheet, name="a<img src=x onerror=alert(1)>.csv")
    call("resource_patch", cast.produsen, id=dataset["resources"][0]["id"], name=evil)
    work()
    resource = dataset["resources"][0]["id"]
    address = f"/dataset/{dataset['name']}/resource/{resource}/pemeriksaan"
    token = {each: {"Authorization": factories.APIToken(user=cast.people[each]["name"])["token"]}
             for each in ("produsen", "walidata", "pembina", "pembina_geo", "tetangga", "anggota")}
    card = f"/pengajuan/{cast.show(dataset['id'])['id']}"
    for each in (address, card):
        page = app.get(each, headers=token["produsen"])
        assert "<img src=x" not in page.body and "&lt;img src=x" in page.body
        assert "no-store" in page.headers["Cache-Control"] or each == card
    for name in sorted(rows(dataset)[resource].files):
        answer = app.get(f"{address}/{name}", headers=token["produsen"])
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "attachment" in answer.headers["Content-Disposition"]
        if name.endswith(".csv"):
            import csv
            cells = [cell for row in csv.reader(io.StringIO(answer.text.lstrip("\ufeff")))
                     for cell in row]
            assert cells and not [cell for cell in cells if (cell[:1] in "=@\t\r" and cell)
                                  or cell[:1] == "+"], (name, cells)
    assert "=HYPERLINK" in b"".join(blobs.open(
        rows(dataset)[resource].files["tabel-1.csv"])).decode()  # what is kept is the data
    for who in ("pembina", "pembina_geo", "tetangga", "anggota"):
        app.get(address, headers=token[who], status=404)
        app.get(f"{address}/tabel-1.csv", headers=token[who], status=404)
    with pytest.raises(tk.NotAuthorized):
        call("package_collaborator_create", cast.boss, id=dataset["id"],
             user_id=cast.anggota["id"], capacity="editor")


@pytest.mark.parametrize("end", ["tarik_darurat", "delete", "purge"])
def test_what_is_stopped_or_gone_meanwhile_keeps_no_value(cast: Cast, app: Any, end: str) -> None:
    dataset = make(cast, LEAK.replace(b"Anyar", b"Zqkampung"))
    outbox.drain(kinds=["periksa"])
    (row,) = rows(dataset).values()
    identifier, package = row.id, dataset["id"]
    ends = {
        "tarik_darurat": lambda: call(
            "satudata_submission_transition", cast.walidata, id=package,
            transition="tarik_darurat"),
        "delete": lambda: call("package_delete", cast.produsen, id=package),
        "purge": lambda: call("dataset_purge", cast.boss, id=package)}
    told = at_once(app, [lambda: job.run(identifier), ends[end]])
    assert set(told) <= {"done", "ditarik"}, told
    model.Session.rollback()
    left = model.Session.scalars(
        sa.select(Inspection).where(Inspection.package_id == package)).all()
    if end == "purge":
        assert left == []
    elif end == "tarik_darurat":
        assert "Zqkampung" not in json.dumps([each.report for each in left])
    else:  # kept with the dataset, and shown to nobody who may not read that
        with pytest.raises(tk.NotAuthorized):
            call("satudata_inspection_list", cast.tetangga, id=package)


def test_nothing_is_published_while_it_is_inspected(cast: Cast, app: Any) -> None:
    dataset = make(cast, LEAK)
    work()
    for each in notes(cast, dataset).values():
        call("satudata_finding_resolve", cast.walidata, id=each["id"])
    handed_in(cast, dataset)
    cast.step(cast.walidata, dataset["id"], "setujui")
    shown = cast.show(dataset["id"])
    # As if a newer engine found it only now.
    (row,) = rows(dataset).values()
    model.Session.execute(sa.text("DELETE FROM satudata_finding WHERE submission_id = :id"), {
        "id": shown["id"]})
    identifier, row.state, row.finished_at, row.attempts = row.id, "antre", None, 0
    model.Session.commit()
    at_once(app, [lambda: job.run(identifier), lambda: call(
        "satudata_submission_transition", cast.walidata, id=dataset["id"],
        transition="terbitkan", expected_version=shown["version"])])
    assert cast.show(dataset["id"])["state"] == "disetujui"
    assert "data pribadi" in stays(cast, cast.walidata, dataset, "terbitkan")
