"""An uploaded file is read by itself; what is wrong in it stops the hand-in and is told at once."""
from __future__ import annotations

import datetime as dt
import io
import json
import re
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from at_once import at_once
from ckan import model
from ckan.lib import jobs
from ckan.tests import factories
from crashing import Place, dying
from werkzeug.datastructures import FileStorage
from workflow_cast import Cast, Data, call, people

from ckanext.satudata.inspection import job, store, written
from ckanext.satudata.inspection.model import WAITING, Inspection, Recipe
from ckanext.satudata.purging import removal
from ckanext.satudata.shared import blobs, moment, outbox
from ckanext.satudata.shared.blob_ledger import Blob

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
GOOD = b"tahun,kecamatan,jumlah\n2025,Anyar,10\n2025,Cinangka,20\n"
JOB = f"{job.run.__module__}.{job.run.__name__}"
CHANGED = GOOD.replace(b"20\n", b"25\n")
NIK = "3604015512900001"
LEAK = (f"tahun,kecamatan,nik,jumlah\n2025,Anyar,{NIK},1\n"
        "2025,Cinangka,3604010101900002,2\n").encode()


made, cast = people()


def file(content: bytes, name: str = "data.csv") -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def make(cast: Cast, *contents: bytes, name: str = "data.csv", **more: Any) -> Data:
    """Return a draft with stored files."""
    made = cast.make(resources=[], **more)
    for content in contents:
        call("resource_create", cast.produsen, package_id=made["id"], name="Tabel",
             upload=file(content, name))
    return call("package_show", cast.produsen, id=made["id"])


def replace(cast: Cast, resource: Data | str, content: bytes, name: str = "data.csv") -> None:
    identifier = resource if isinstance(resource, str) else resource["id"]
    call("resource_patch", cast.produsen, id=identifier, upload=file(content, name))


def waiting() -> list[str]:
    model.Session.rollback()
    return list(model.Session.scalars(
        sa.select(Inspection.id).where(Inspection.state.in_(WAITING))))


def work() -> None:
    """Do what a worker does."""
    outbox.drain(kinds=[written.KIND])
    for each in waiting():
        job.run(each)


def queued() -> list[str]:
    """Return the inspections that workers were woken for."""
    return [each.args[0] for each in jobs.get_queue().jobs if each.func_name == JOB]


def rows(dataset: Data) -> dict[str, Inspection]:
    model.Session.rollback()
    return store.current_of(dataset["id"])


def notes(cast: Cast, dataset: Data, is_open: bool = True) -> dict[str, Data]:
    """Return what checks say must be mended as the producer reads it, by check."""
    shown = cast.show(dataset["id"], cast.produsen)["findings"]
    return {each["check_name"]: each for each in shown
            if each["check_name"] and each["severity"] == "wajib"
            and (each["resolved_at"] is None) == is_open}


def report(dataset: Data, who: Data, at: int = 0) -> Data:
    return call("satudata_inspection_show", who, resource_id=dataset["resources"][at]["id"])


def refused(cast: Cast, dataset: Data, **more: Any) -> str:
    """Hand in, which is refused; return why."""
    with pytest.raises(tk.ValidationError) as error:
        cast.step(cast.produsen, dataset["id"], "ajukan", **more)
    assert cast.show(dataset["id"])["state"] in ("draf", "dikembalikan")
    return json.dumps(error.value.error_dict, ensure_ascii=False)


def publish(cast: Cast, identifier: str, **more: Any) -> None:
    cast.step(cast.produsen, identifier, "ajukan", **more)
    cast.through(identifier, ("walidata", "periksa"), ("walidata", "setujui"),
                 ("walidata", "terbitkan"))


def test_what_is_wrong_is_told_once_for_a_column_and_stops_the_hand_in(cast: Cast) -> None:
    dataset = make(cast, LEAK)
    assert [each.state for each in rows(dataset).values()] == []
    work()
    listed = call("satudata_inspection_list", cast.produsen, id=dataset["id"])
    assert [(each["state"], each["progress"]) for each in listed["results"]] == [("selesai", 100)]
    found = notes(cast, dataset)["personal-data"]
    assert (found["severity"], found["count"], found["created_by"]) == ("wajib", 2, None)
    assert found["place"]["column"] == "nik"
    assert found["place"]["resource"] == dataset["resources"][0]["id"]
    assert found["shared_at"] and not found["answered"]
    why = refused(cast, dataset)
    assert "wajib diperbaiki" in why and "nik" in why
    # An answer alone is no other file.
    call("satudata_finding_answer", cast.produsen, id=found["id"], answer="Sudah benar.")
    refused(cast, dataset)
    replace(cast, dataset["resources"][0], GOOD)
    # No worker runs: whoever hands in waits for the small file.
    assert cast.step(cast.produsen, dataset["id"], "ajukan")["state"] == "diajukan"
    assert notes(cast, dataset) == {}
    assert notes(cast, dataset, is_open=False)["personal-data"]["answer"] == "Sudah benar."


def test_a_file_that_is_read_again_keeps_its_answers_and_what_was_set_aside(cast: Cast) -> None:
    dataset = make(cast, LEAK)
    work()
    before = notes(cast, dataset)["personal-data"]
    call("satudata_finding_answer", cast.produsen, id=before["id"], answer="Contoh saja.")
    call("package_patch", cast.produsen, id=dataset["id"], title="Judul lain")
    work()
    after = notes(cast, dataset)["personal-data"]
    assert (after["id"], after["answer"], after["answered"]) == (before["id"], "Contoh saja.", True)
    for who in (cast.produsen, cast.tetangga):
        with pytest.raises(tk.NotAuthorized):
            call("satudata_finding_resolve", who, id=before["id"], withdraw=True)
    call("satudata_finding_resolve", cast.walidata, id=before["id"], note="NIK buatan.")
    replace(cast, dataset["resources"][0], LEAK + b"\n")
    work()
    assert notes(cast, dataset) == {}
    more = LEAK + b"2025,Ciruas,3604010101900003,3\n"
    replace(cast, dataset["resources"][0], more)
    work()
    assert notes(cast, dataset)["personal-data"]["count"] == 3


def test_only_the_file_that_changed_is_read_again(cast: Cast) -> None:
    dataset = make(cast, GOOD, CHANGED)
    work()
    before = {name: each.id for name, each in rows(dataset).items()}
    replace(cast, dataset["resources"][1], LEAK)
    outbox.drain(kinds=[written.KIND])
    first, second = (each["id"] for each in dataset["resources"])
    assert waiting() == [rows(dataset)[second].id]
    assert rows(dataset)[first].id == before[first]
    work()
    replace(cast, dataset["resources"][1], LEAK + b"\n")
    work()
    replace(cast, dataset["resources"][1], GOOD)
    work()
    told = [tk.h.satudata_event_label(each) for each in call(
        "satudata_submission_timeline", cast.produsen, id=dataset["id"])["results"]
        if each["kind"] == "pemeriksaan_otomatis"]
    # One for each that found something new or no longer, the newest first.
    assert [each.removeprefix("Pemeriksaan otomatis: ") for each in told] == [
        "1 sebaiknya", "1 wajib, 1 sebaiknya", "1 sebaiknya", "1 sebaiknya"]
    call("resource_patch", cast.produsen, id=first, description="Kata lain")
    outbox.drain(kinds=[written.KIND])
    assert waiting() == []
    # What is gone with its file stops nobody.
    call("resource_delete", cast.produsen, id=second)
    assert notes(cast, dataset) == {}
    call("package_patch", cast.produsen, id=dataset["id"], tingkat_penyajian="desa_kelurahan")
    outbox.drain(kinds=[written.KIND])
    assert waiting() == [rows(dataset)[first].id]
    work()


def test_a_large_file_is_waited_for_unless_no_worker_comes(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make(cast, GOOD)
    monkeypatch.setattr(job, "SMALL", 0)
    assert "masih berjalan" in refused(cast, dataset)

    def offered() -> list[bool]:
        shown = cast.show(dataset["id"], cast.produsen)["actions"]
        return [each["allowed"] for each in shown if each["name"] == "ajukan"]

    assert offered() == [True]  # what was asked for just now may be done when the form is sent
    model.Session.execute(sa.update(Inspection).values(
        asked_at=moment.now() - dt.timedelta(minutes=1)))
    model.repo.commit()
    assert offered() == [False]
    monkeypatch.setattr(job, "NO_WORKER", dt.timedelta(0))
    assert cast.step(cast.produsen, dataset["id"], "ajukan")["state"] == "diajukan"


def test_workers_are_woken_for_what_nobody_waits_for(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make(cast, GOOD, CHANGED)
    first, second = dataset["resources"]
    outbox.drain(kinds=[written.KIND])
    asked = {each.id for each in rows(dataset).values()}
    assert len(asked) == 2
    assert asked <= {*queued()}
    work()

    replace(cast, first, GOOD.replace(b"10", b"11"))
    call("satudata_inspection_run", cast.produsen, id=dataset["id"], wait=True)
    assert rows(dataset)[first["id"]].state == "selesai"
    assert rows(dataset)[first["id"]].id not in queued()

    replace(cast, second, GOOD.replace(b"10", b"12"))
    monkeypatch.setattr(job, "SMALL", 0)
    call("satudata_inspection_run", cast.produsen, id=dataset["id"], wait=True)
    assert rows(dataset)[second["id"]].id in queued()
    work()


def test_who_writes_or_inspects_reads_it_and_nobody_else(cast: Cast) -> None:
    dataset = make(cast, LEAK)
    work()
    asked = {"resource_id": dataset["resources"][0]["id"], "id": dataset["id"]}
    recipe = {"version": 1, "tables": []}
    reads, writes = set[str](), set[str]()
    for name, who in (*cast.people.items(), ("nobody", None)):
        told = set[str]()
        for action, more in (
                ("satudata_inspection_show", {}), ("satudata_inspection_list", {}),
                ("satudata_recipe_show", {}), ("satudata_inspection_run", {}),
                ("satudata_recipe_update", {"recipe": recipe})):
            try:
                call(action, who, **asked, **more)
                told.add(action)
            except tk.NotAuthorized:
                pass
        assert len(told) in (0, 4, 5), (name, told)
        reads |= {name} if told else set()
        writes |= {name} if "satudata_recipe_update" in told else set()
    assert reads == {"boss", "produsen", "kepala", "rekan", "walidata", "walidata_2", "pendukung",
                     "pejabat"}
    assert writes == reads - {"pejabat"}
    for data in ({}, {"id": "tidak-ada"}, {"resource_id": "tidak-ada"}, {"id": ["x"]}):
        with pytest.raises(tk.NotAuthorized):
            call("satudata_inspection_list", cast.produsen, **data)


def test_nobody_reads_whose_number_it_is(cast: Cast) -> None:
    dataset = make(cast, LEAK)
    work()
    for who in (cast.produsen, cast.walidata, cast.boss):
        said = json.dumps(report(dataset, who))
        assert "nik" in said and NIK not in said and NIK[6:] not in said
    assert NIK not in json.dumps(cast.show(dataset["id"], cast.walidata))


def test_a_worker_that_is_killed_leaves_it_to_the_next(cast: Cast) -> None:
    dataset = make(cast, LEAK)
    outbox.drain(kinds=[written.KIND])
    (identifier,) = waiting()
    steps = dying(lambda: job.run(identifier), Place(99, 99))
    assert not steps.error and rows(dataset) and notes(cast, dataset)
    replace(cast, dataset["resources"][0], LEAK + b"\n")
    outbox.drain(kinds=[written.KIND])
    (identifier,) = waiting()
    place = next(place for place, step in steps.places().items() if "file" in step)
    assert dying(lambda: job.run(identifier), place).killed
    assert rows(dataset)[dataset["resources"][0]["id"]].state == "berjalan"
    assert identifier in store.stuck(dt.datetime.now(dt.timezone.utc) + dt.timedelta(seconds=1))
    job.run(identifier)
    assert rows(dataset)[dataset["resources"][0]["id"]].state == "selesai"
    assert notes(cast, dataset)["personal-data"]["count"] == 2


def test_what_always_kills_its_process_is_given_up_and_stops_nobody(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = make(cast, GOOD)
    outbox.drain(kinds=[written.KIND])
    (identifier,) = waiting()
    with monkeypatch.context() as patch:
        patch.setattr(job, "_inspect", lambda *_given: 1 / 0)
        for _ in range(job.TRIES):
            job.run(identifier)
    (shown,) = call("satudata_inspection_list", cast.produsen, id=dataset["id"])["results"]
    assert shown["state"] == "gagal" and "Walidata" in shown["remark"]
    (shown,) = call("satudata_inspection_run", cast.produsen, id=dataset["id"],
                    wait=True)["results"]
    assert shown["state"] == "selesai"


def test_two_that_run_at_once_say_it_once(cast: Cast, app: Any) -> None:
    dataset = make(cast, LEAK)
    outbox.drain(kinds=[written.KIND])
    (identifier,) = waiting()
    at_once(app, [lambda: job.run(identifier)] * 2)
    found = cast.show(dataset["id"], cast.produsen)["findings"]
    assert [each["check_name"] for each in found if each["severity"] == "wajib"] == [
        "personal-data"]
    assert next(iter(rows(dataset).values())).attempts == 1


def test_a_file_that_cannot_be_read_must_be_mended_and_a_guide_need_not(cast: Cast) -> None:
    dataset = make(cast, b"a,b\n\0\0\0,1\n")
    work()
    (shown,) = call("satudata_inspection_list", cast.produsen, id=dataset["id"])["results"]
    assert shown["state"] == "ditolak"
    found = notes(cast, dataset)["file-unreadable"]
    assert found["severity"] == "wajib" and found["title"] == "Berkas tidak terbaca"
    assert "tidak terbaca" in refused(cast, dataset)
    replace(cast, dataset["resources"][0], b"%PDF-1.4 pedoman", "pedoman.pdf")
    call("resource_create", cast.produsen, package_id=dataset["id"], name="Tautan",
         url="https://a.go.id/x.csv")
    work()
    assert notes(cast, dataset) == {}
    guide, link = call("satudata_inspection_list", cast.produsen, id=dataset["id"])["results"]
    assert (guide["state"], link["state"]) == ("selesai", None)
    assert "bukan tabel" in guide["remark"] and "tidak diperiksa" in link["remark"]


def test_a_figure_that_was_published_otherwise_needs_a_reason(cast: Cast) -> None:
    dataset = make(cast, GOOD)
    publish(cast, dataset["id"])
    started = call("satudata_revision_start", cast.produsen, id=dataset["id"])
    copy = started["id"]
    assert waiting() == []
    replace(cast, started["resources"][0]["id"], CHANGED)
    work()
    found = cast.show(copy, cast.produsen)["findings"]
    assert [(each["check_name"], each["severity"]) for each in found if each["severity"] == "wajib"
            ] == [("past-value-changed", "wajib")]
    with pytest.raises(tk.ValidationError) as error:
        cast.step(cast.produsen, copy, "ajukan")
    assert "reason" in error.value.error_dict
    publish(cast, copy, reason="Puskesmas Cinangka terlambat melapor.")
    (found,) = [each for each in cast.show(copy, cast.produsen)["findings"]
                if each["check_name"] == "past-value-changed"]
    assert found["answer"] == "Puskesmas Cinangka terlambat melapor."
    # The published file shows what was found in its draft.
    shown = call("package_show", cast.produsen, id=dataset["id"])
    assert report(shown, cast.produsen)["state"] == "selesai"


def test_personal_data_that_is_found_late_is_not_published(cast: Cast) -> None:
    dataset = make(cast, GOOD)
    cast.step(cast.produsen, dataset["id"], "ajukan")
    cast.through(dataset["id"], ("walidata", "periksa"), ("walidata", "setujui"))
    resource = model.Session.get(model.Resource, dataset["resources"][0]["id"])
    job.inspected.send(dataset["id"], resource_id=resource.id, sha256=resource.extras["sha256"],
                       notes=[{
                           "check": "personal-data", "principle": "standar_data",
                           "severity": "wajib", "place": {"column": "nik"}, "count": 1, "said": {
                               "title": "NIK", "message": {"template": "NIK", "values": {}},
                               "how": {"template": "Buang", "values": {}}}}])
    model.Session.commit()
    with pytest.raises(tk.ValidationError, match="data pribadi di NIK"):
        cast.step(cast.walidata, dataset["id"], "terbitkan")
    found = notes(cast, dataset)["personal-data"]
    cast.step(cast.walidata, dataset["id"], "batalkan_persetujuan", note="Ada NIK")
    call("satudata_finding_resolve", cast.walidata, id=found["id"], note="Keliru")
    cast.step(cast.produsen, dataset["id"], "ajukan")
    cast.through(dataset["id"], ("walidata", "periksa"), ("walidata", "setujui"),
                 ("walidata", "terbitkan"))


def test_of_what_is_stopped_no_value_stays_and_of_what_is_purged_nothing(cast: Cast) -> None:
    dataset = make(cast, LEAK.replace(b"Anyar", b"Zqkampung"))
    work()
    (row,) = rows(dataset).values()
    table = row.files["tabel-1.csv"]
    assert "Zqkampung" in json.dumps(row.report) and blobs.exists(table)
    call("satudata_submission_transition", cast.walidata, id=dataset["id"],
         transition="tarik_darurat")
    (row,) = rows(dataset).values()
    said = json.dumps([row.report, cast.show(dataset["id"])["findings"]])
    assert "Zqkampung" not in said and NIK[:4] not in said
    shown = report(dataset, cast.walidata)
    assert shown["stripped_at"] and shown["files"] == []
    assert shown["counts"]["by_code"]["personal-data"] == 2
    with pytest.raises(tk.ValidationError):
        call("satudata_inspection_run", cast.walidata, id=dataset["id"])
    call("satudata_withdrawal_explain", cast.ppid, id=dataset["id"], note="NIK",
         personal_data=["draf"])
    model.Session.execute(sa.update(Blob).values(
        touched_at=dt.datetime.now(dt.timezone.utc) - dt.timedelta(days=1)))
    model.Session.commit()
    removal.run_due(dt.datetime.now(dt.timezone.utc) + dt.timedelta(days=8))
    assert rows(dataset) == {} and not blobs.exists(table)


def test_the_page_asks_shows_and_gives_what_was_made(cast: Cast, app: Any) -> None:
    sheet = (b"KUNJUNGAN TAHUN 2025,,\nNo,Kecamatan,Jumlah Kunjungan\n1,Anyar,1.200\n"
             b"2,Cinangka,-\n3,Ciruas,2.300\n4,Kibin,1.100\n")
    dataset = make(cast, sheet)
    work()
    resource = dataset["resources"][0]["id"]
    address = f"/dataset/{dataset['name']}/resource/{resource}/pemeriksaan"
    headers = {each: {"Authorization": factories.APIToken(user=cast.people[each]["name"])["token"]}
               for each in ("produsen", "walidata", "warga")}
    page = app.get(address, headers=headers["produsen"]).body
    assert "Tanda “-”" in page and "KUNJUNGAN TAHUN 2025" in page and "Simpan jawaban" in page
    app.get(address, headers=headers["walidata"])
    for who in ({}, headers["warga"]):
        app.get(address, headers=who, status=404)
        app.get(f"{address}/tabel-1.csv", headers=who, status=404)
    asked = report(dataset, cast.produsen)["report"]["tables"][0]["questions"][0]
    shown = report(dataset, cast.produsen)
    app.post(address, headers=headers["produsen"], data={
        "terlihat": shown["id"], "jawab-1-0": asked["choices"][0]["code"],
        **dict.fromkeys(re.findall(r'name="(langkah-[^"]+)"', page), "1")})
    (table,) = report(dataset, cast.produsen)["report"]["tables"]
    assert table["questions"][0]["answer"] == asked["choices"][0]["code"]
    kept = call("satudata_recipe_show", cast.produsen, id=dataset["id"])["recipe"]["tables"][0]
    assert kept["answers"] == {asked["key"]: asked["choices"][0]["code"]} and kept["off"] == []
    fields = dict(re.findall(r'name="(kolom-1-[^"]+-nama)" value="([^"]*)"', page))
    named = next(field for field, name in fields.items() if name == "jumlah_kunjungan")
    app.post(address, headers=headers["produsen"], data={
        "terlihat": report(dataset, cast.produsen)["id"],
        "betulkan-1": "1", named: "Kunjungan Pasien", named.replace("nama", "satuan"): "orang",
        **dict.fromkeys(re.findall(r'name="(langkah-[^"]+)"', page), "1")})
    (table,) = report(dataset, cast.produsen)["report"]["tables"]
    assert ("kunjungan_pasien", "orang") in [
        (each["name"], each["unit"]) for each in table["columns"]]
    app.post(address, headers=headers["produsen"], data={
        "terlihat": report(dataset, cast.produsen)["id"], "betulkan-1": "1", "lewati-1": "1",
        **dict.fromkeys(re.findall(r'name="(langkah-[^"]+)"', page), "1")})
    assert report(dataset, cast.produsen)["report"]["tables"] == []
    assert "Tampilkan lagi 1 tabel" in app.get(address, headers=headers["produsen"]).body
    app.post(address, headers=headers["produsen"], data={
        "terlihat": report(dataset, cast.produsen)["id"], "tampilkan": "1"})
    answer = app.get(f"{address}/tabel-1.csv", headers=headers["walidata"])
    assert "36.04" in answer.body and "sandbox" in answer.headers["Content-Security-Policy"]
    app.get(f"{address}/..%2F..%2Fetc", headers=headers["walidata"], status=404)


def test_corrections_are_kept_in_order_and_nothing_else_is_kept(cast: Cast) -> None:
    dataset = make(cast, GOOD)
    work()
    table = {"fingerprint": "ab12", "off": ["nomor"], "answers": {"tanda:jumlah:-": "nol"},
             "names": {"jumlah": "jumlah_kunjungan"}, "types": {"jumlah": "integer"}}
    made = call("satudata_recipe_update", cast.produsen, id=dataset["id"], expected=0,
                recipe={"version": 1, "tables": [table]})
    assert made["recipe"]["tables"][0]["names"] == {"jumlah": "jumlah_kunjungan"}
    assert waiting() == [each.id for each in rows(dataset).values()]
    work()
    again = call("satudata_recipe_update", cast.walidata, id=dataset["id"],
                 recipe={"version": 1, "tables": []})
    assert [each["by"]["name"] for each in again["history"]] == ["walidata", "produsen"]
    earlier = moment.now() - dt.timedelta(days=1)
    for number in range(55):
        model.Session.add(Recipe(package_id=dataset["id"], recipe={"version": 1, "tables": []},
                                 created_at=earlier + dt.timedelta(seconds=number)))
    model.Session.commit()
    call("satudata_recipe_update", cast.produsen, id=dataset["id"],
         recipe={"version": 1, "tables": [table]})
    # The newest 50, and what was corrected within the hour, which is counted.
    assert model.Session.query(Recipe).filter_by(package_id=dataset["id"]).count() == 50 + 2
    with pytest.raises(tk.ValidationError, match="mengoreksi"):
        call("satudata_recipe_update", cast.produsen, id=dataset["id"], expected=made["number"],
             recipe={"version": 1, "tables": []})
    for wrong in ([], {"tables": {}}, {"version": 2}, {"tables": [{}]}, {"more": 1},
                  *({"tables": [{**table, **part}]} for part in (
                      {"off": ["format"]}, {"names": {"a": "A B"}}, {"types": {"a": "text"}},
                      {"range": "A1"}, {"header_rows": -1}, {"long": "ya"}, {"skip": 1},
                      {"answers": {"a": 1}}, {"answers": {"a": "x" * 301}}, {"sql": "x"})),
                  {"tables": [table, table]},
                  {"tables": [{**table, "fingerprint": f"f{at}", "answers": {
                      f"{number}": "x" * 300 for number in range(300)}} for at in range(5)]}):
        with pytest.raises(tk.ValidationError):
            call("satudata_recipe_update", cast.produsen, id=dataset["id"], recipe=wrong)
    work()
    cast.step(cast.produsen, dataset["id"], "ajukan")
    with pytest.raises(tk.ValidationError, match="di instansi"):
        call("satudata_recipe_update", cast.produsen, id=dataset["id"],
             recipe={"version": 1, "tables": []})
