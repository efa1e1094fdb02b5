"""What was handed in becomes clean tables of a draft, and the draft's corrections reach them."""
from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from at_once import at_once
from ckan import model
from ckan.tests import factories, helpers
from ckanext.datastore.backend import postgres
from crashing import dying
from sqlalchemy.dialects.postgresql import INTERVAL
from tidy_scene import (
    BEDS,
    VISITS,
    accept,
    book,
    draft,
    file,
    handed_in,
    inspections,
    publish,
    purge,
    recipe,
    rows_of,
    shown,
    stored,
    types_of,
    waiting,
    work,
)
from workflow_cast import Cast, Data, call, people

from ckanext.satudata.inspection import job, store, written
from ckanext.satudata.inspection.model import Inspection
from ckanext.satudata.shared import blobs, outbox, table_rows
from ckanext.satudata.shared.blob_ledger import referred
from ckanext.satudata.shared.raw_files import CLEAN, TABLE, made_of
from ckanext.satudata.workflow.model import Submission

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
made, cast = people()

CLEAN_CSV = ("kode_puskesmas,kode_wilayah,kecamatan,kunjungan\n0101,36.04.30,Anyar,1200\n"
             "0102,36.04.31,Cinangka,800\n0103,36.04.09,Ciruas,990\n")
ROWS = [("0101", "36.04.30", "Anyar", 1200), ("0102", "36.04.31", "Cinangka", 800),
        ("0103", "36.04.09", "Ciruas", 990)]


def submission(dataset: Data) -> Submission:
    model.Session.rollback()
    found = model.Session.scalars(
        sa.select(Submission).where(Submission.content_id == dataset["id"])).one()
    model.Session.refresh(found)
    return found


def tidied(cast: Cast, resource: Data) -> None:
    """Let an uploaded file be its clean tables."""
    work()
    call("satudata_tidy_update", cast.produsen, resource_id=resource["id"], tidy=True)
    work()


def try_again_in(interval: str) -> None:
    """Let the tables that could not be filled be due at another time."""
    model.Session.execute(sa.update(outbox.Message).values(
        not_before=sa.func.now() + sa.cast(interval, INTERVAL)).where(
            outbox.Message.kind == TABLE, outbox.Message.done_at.is_(None)))
    model.Session.commit()


def refused(cast: Cast, dataset: Data, **more: Any) -> str:
    with pytest.raises(tk.ValidationError) as error:
        cast.step(cast.produsen, dataset["id"], "ajukan", **more)
    return json.dumps(error.value.error_dict, ensure_ascii=False)


def test_a_raw_workbook_becomes_a_clean_file_with_a_typed_table(cast: Cast) -> None:
    dataset = draft(cast, book(Data=VISITS))
    (resource,) = dataset["resources"]
    assert stored(resource) == CLEAN_CSV
    assert resource["name"] == "KUNJUNGAN PUSKESMAS MENURUT KECAMATAN, 2025"
    assert (resource["format"], resource["mimetype"]) == ("CSV", "text/csv")
    assert resource["url"].endswith(".csv") and resource["mentah_nama"] == "kunjungan 2025.xlsx"
    assert [(each["name"], each["type"]) for each in resource["skema"]["fields"]] == [
        ("kode_puskesmas", "string"), ("kode_wilayah", "string"), ("kecamatan", "string"),
        ("kunjungan", "integer")]
    # Codes stay text: a leading zero says which puskesmas it is.
    assert types_of(resource["id"]) == {
        "kode_puskesmas": "text", "kode_wilayah": "text", "kecamatan": "text",
        "kunjungan": "bigint"}
    assert rows_of(resource["id"]) == ROWS
    found = call("datastore_search", cast.produsen, resource_id=resource["id"])
    assert {each["id"]: each["info"]["label"] for each in found["fields"] if "info" in each} == {
        "kode_puskesmas": "Kode Puskesmas", "kode_wilayah": "Kode wilayah",
        "kecamatan": "Kecamatan", "kunjungan": "Kunjungan"}


def test_rows_that_are_the_file_are_not_inspected_as_a_table_beside_it(cast: Cast) -> None:
    values = (("Kode", "Nama, lengkap", "Nilai", "Ya", "Hari"),
              ("01", 'Kios "Jaya", Anyar', 1.5, "ya", "2026-01-02"),
              ("02", "baris\nkedua", 2e15, "tidak", "2026-02-03"),
              ("03", " Kramat  Watu", 0.25, "ya", None))
    dataset = draft(cast, book(Data=values), "nilai.xlsx")
    (resource,) = dataset["resources"]
    digests = table_rows.digests(dataset)
    assert digests == {table_rows.beside(resource["id"]): resource["sha256"]}
    cast.set_aside(dataset["id"])
    cast.step(cast.produsen, dataset["id"], "ajukan")
    assert store.names(dataset["id"]) == {resource["id"]}
    # Rows that somebody else put there are what they are, whatever the table says of itself.
    cast.step(cast.produsen, dataset["id"], "tarik_ajuan")
    call("datastore_upsert", cast.produsen, resource_id=resource["id"], method="insert",
         force=True, records=[{"kode": "04"}])
    call("satudata_inspection_run", cast.produsen, id=dataset["id"], wait=True)
    assert store.names(dataset["id"]) == {resource["id"], table_rows.beside(resource["id"])}


def test_each_table_is_a_file_of_its_own_and_the_name_one_gave_it_stays(cast: Cast) -> None:
    dataset = draft(cast, book(Kunjungan=VISITS, Tidur=BEDS))
    one, two = dataset["resources"]
    assert (one["mentah_tabel"], two["mentah_tabel"]) == ("1", "2")
    assert [each["name"].split()[0] for each in (one, two)] == ["KUNJUNGAN", "TEMPAT"]
    assert rows_of(one["id"]) == ROWS and len(rows_of(two["id"])) == 3
    call("resource_patch", cast.produsen, id=two["id"], name="Tempat tidur")
    # The first table is left out: the second stays the file it was, under its own name.
    recipe(cast, dataset, one, skip=True)
    work()
    (left,) = shown(dataset)["resources"]
    assert (left["id"], left["name"], left["mentah_tabel"]) == (two["id"], "Tempat tidur", "1")
    assert rows_of(one["id"], missing=True) is None
    call("package_patch", cast.produsen, id=dataset["id"], notes="Lain")  # by no person's hand
    recipe(cast, dataset, one, skip=False)
    work()
    again, kept = shown(dataset)["resources"]
    assert (kept["id"], kept["mentah_tabel"]) == (two["id"], "2")
    assert rows_of(again["id"]) == ROWS


def test_a_table_that_was_deleted_does_not_come_back_with_a_correction(cast: Cast) -> None:
    content = book(Kunjungan=VISITS, Tidur=BEDS)
    dataset = draft(cast, content)
    one, two = dataset["resources"]
    call("resource_delete", cast.produsen, id=one["id"])
    call("package_patch", cast.produsen, id=dataset["id"], notes="Lain")
    recipe(cast, dataset, two, names={"tempat_tidur": "jumlah_tempat_tidur"})
    work()
    (left,) = shown(dataset)["resources"]
    assert left["id"] == two["id"] and "jumlah_tempat_tidur" in stored(left)
    assert rows_of(one["id"], missing=True) is None
    # Nor does one that got another file.
    call("resource_patch", cast.produsen, id=two["id"], upload=file(b"a,b\n1,2\n", "b.csv"))
    (left,) = shown(dataset)["resources"]
    assert stored(left) == "a,b\n1,2\n"
    # Taken in once more it is all there, beside that file.
    accept(cast.produsen, dataset["id"], handed_in(dataset["id"], content))
    work()
    first, *others = shown(dataset)["resources"]
    assert first["id"] == two["id"] and len(others) == 2


def test_a_correction_makes_file_schema_and_table_anew_and_is_nobody_s_edit(cast: Cast) -> None:
    dataset = draft(cast, book(Data=VISITS))
    (resource,) = dataset["resources"]
    call("resource_patch", cast.produsen, id=resource["id"], skema=json.dumps({
        **resource["skema"], "fields": [
            {**each, "konsep": "Kunjungan"} if each["name"] == "kunjungan" else each
            for each in resource["skema"]["fields"]]}))
    before = submission(dataset)
    version, editors = before.version, before.editors
    recipe(cast, dataset, resource, names={"kunjungan": "jumlah_kunjungan"},
           types={"kunjungan": "number"}, units={"kecamatan": "orang"}, who=cast.kepala)
    work()
    (after,) = shown(dataset)["resources"]
    assert after["id"] == resource["id"]
    assert stored(after) == CLEAN_CSV.replace("kunjungan\n", "jumlah_kunjungan\n")
    assert types_of(after["id"])["jumlah_kunjungan"] == "numeric"
    assert next(each for each in after["skema"]["fields"]
                if each["name"] == "kecamatan")["satuan"] == "orang"
    now = submission(dataset)
    assert (now.version, now.editors) == (version, editors)
    # Who has the page open hands in what they saw.
    cast.set_aside(dataset["id"])
    assert cast.step(cast.produsen, dataset["id"], "ajukan",
                     expected_version=version)["state"] == "diajukan"


def test_what_people_wrote_of_a_column_stays_when_it_is_read_again(cast: Cast) -> None:
    dataset = draft(cast, book(Data=VISITS))
    (resource,) = dataset["resources"]
    fields = [{**each, "konsep": "Kunjungan"} if each["name"] == "kunjungan" else each
              for each in resource["skema"]["fields"]]
    call("resource_patch", cast.produsen, id=resource["id"],
         skema=json.dumps({**resource["skema"], "fields": fields,
                           "primaryKey": ["kode_puskesmas"]}))
    recipe(cast, dataset, resource, units={"kunjungan": "kunjungan"})
    work()
    (after,) = shown(dataset)["resources"]
    told = next(each for each in after["skema"]["fields"] if each["name"] == "kunjungan")
    assert (told["konsep"], told["satuan"]) == ("Kunjungan", "kunjungan")
    assert after["skema"]["primaryKey"] == ["kode_puskesmas"]


def test_a_file_waits_in_the_draft_until_it_is_read(cast: Cast) -> None:
    dataset = cast.make(resources=[])
    raw = handed_in(dataset["id"], book(Data=VISITS))
    accept(cast.produsen, dataset["id"], raw)
    (resource,) = shown(dataset)["resources"]
    assert resource["sha256"] == raw["sha256"] == resource["mentah_sha256"]
    outbox.drain(kinds=[written.KIND])
    for each in waiting():
        job.run(each)
    # Read, and not yet tidied: nobody hands in what is neither.
    assert cast.show(dataset["id"], cast.produsen)["actions"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(job, "finish", lambda _content: None)
        assert "Tabel rapi masih disiapkan" in refused(cast, dataset)
    cast.set_aside(dataset["id"])
    assert cast.step(cast.produsen, dataset["id"], "ajukan")["state"] == "diajukan"
    (resource,) = shown(dataset)["resources"]
    assert stored(resource) == CLEAN_CSV and rows_of(resource["id"]) == ROWS


def test_what_is_no_table_goes_in_as_it_is(cast: Cast) -> None:
    for name, content in (("peta.png", b"\x89PNG\r\n\x1a\n"), ("rusak.xlsx", b"\0\0\0")):
        dataset = draft(cast, content, name)
        (resource,) = dataset["resources"]
        assert resource["url"].endswith(f"/{name}") and "mentah_sha256" not in resource
        assert resource["format"] == name.rpartition(".")[2].upper()
        assert rows_of(resource["id"], missing=True) is None


def test_open_questions_stop_the_hand_in_of_a_clean_table_and_of_no_plain_file(cast: Cast) -> None:
    doubtful = (("Kecamatan", "Luas"), ("Anyar", "1.234"), ("Cinangka", "2.345"),
                ("Ciruas", "3.456"))
    dataset = draft(cast, book(Data=doubtful), "luas.xlsx")
    (resource,) = dataset["resources"]
    asked = call("satudata_inspection_show", cast.produsen, resource_id=resource["id"])
    assert asked["questions"]
    cast.set_aside(dataset["id"])
    assert f"{asked['questions']} pertanyaan" in refused(cast, dataset)
    (table,) = asked["report"]["tables"]
    recipe(cast, dataset, resource, answers={
        each["key"]: each["choices"][0]["code"] for each in table["questions"]})
    work()
    cast.set_aside(dataset["id"])
    assert cast.step(cast.produsen, dataset["id"], "ajukan")["state"] == "diajukan"
    plain = cast.make(resources=[])
    call("resource_create", cast.produsen, package_id=plain["id"], name="Luas",
         upload=file(book(Data=doubtful), "luas.xlsx"))
    cast.set_aside(plain["id"])
    assert cast.step(cast.produsen, plain["id"], "ajukan")["state"] == "diajukan"


def test_findings_are_told_of_their_own_table(cast: Cast) -> None:
    people_ = (("NIK", "Kecamatan", "Bantuan"), ("3604015512900001", "Anyar", 1),
               ("3604010101900002", "Ciruas", 2))
    dataset = draft(cast, book(Kunjungan=VISITS, Penerima=people_))
    one, two = dataset["resources"]
    found = [each["place"]["resource"] for each in cast.show(dataset["id"])["findings"]
             if each["check_name"] == "personal-data"]
    assert found == [two["id"]]
    assert "nik" in refused(cast, dataset)
    call("resource_delete", cast.produsen, id=two["id"])
    cast.set_aside(dataset["id"])
    assert cast.step(cast.produsen, dataset["id"], "ajukan")["state"] == "diajukan"
    assert [each["id"] for each in shown(dataset)["resources"]] == [one["id"]]


def test_a_client_that_writes_back_what_it_read_leaves_the_file_right(cast: Cast) -> None:
    dataset = cast.make(resources=[])
    accept(cast.produsen, dataset["id"], handed_in(dataset["id"], book(Data=VISITS)))
    before = shown(dataset, cast.produsen)
    work()
    (resource,) = shown(dataset)["resources"]
    old = dict(before["resources"][0], name="Kunjungan", mentah_sha256="a" * 64, mentah_tabel="9")
    call("package_update", cast.produsen, **{**before, "resources": [old]})
    call("resource_patch", cast.produsen, id=resource["id"], format="XLSX", size=1,
         url="https://contoh.id/lain.csv", url_type="", mentah_nama="", mentah_sha256="")
    call("resource_update", cast.produsen, id=resource["id"], name="Kunjungan",
         url="https://contoh.id/lain.csv")
    (after,) = shown(dataset)["resources"]
    for name in ("url", "url_type", "format", "mimetype", "size", "hash", "sha256",
                 "mentah_sha256", "mentah_nama", "mentah_tabel"):
        assert after[name] == resource[name], name
    assert after["name"] == "Kunjungan" and stored(after) == CLEAN_CSV
    # Another file on it is that file, with nothing left of the first.
    call("resource_patch", cast.produsen, id=resource["id"], upload=file(b"a,b\n1,2\n", "b.csv"))
    (after,) = shown(dataset)["resources"]
    assert stored(after) == "a,b\n1,2\n"
    assert not {name for name in after if name.startswith("mentah")}
    for more in ({}, {"id": resource["id"]}):
        made = cast.make(resources=[{"url": "https://a.id/x", "mentah_sha256": "a" * 64,
                                     "mentah_nama": "x", "mentah_tabel": "1", **more}][:1]
                         if not more else [])
        assert not any(name.startswith("mentah") for each in made["resources"] for name in each)


def test_one_chooses_the_clean_table_or_the_file_as_it_came(cast: Cast) -> None:
    dataset = cast.make(resources=[])
    content = book(Kunjungan=VISITS, Tidur=BEDS)
    plain = call("resource_create", cast.produsen, package_id=dataset["id"], name="Kunjungan",
                 upload=file(content, "kunjungan.xlsx"))
    work()
    made = call("satudata_tidy_update", cast.produsen, resource_id=plain["id"], tidy=True)
    work()
    one, two = shown(dataset)["resources"]
    assert made["resources"] == [one["id"], two["id"]] and one["id"] == plain["id"]
    assert rows_of(one["id"]) == ROWS and one["name"] == "Kunjungan"
    assert call("satudata_tidy_update", cast.produsen, resource_id=two["id"],
                tidy=False) == {"resources": [two["id"]]}
    (raw,) = shown(dataset)["resources"]
    assert (raw["sha256"], raw["format"]) == (plain["sha256"], "XLSX")
    assert raw["url"].endswith("/kunjungan.xlsx") and not raw.get("skema")
    assert not any(name.startswith("mentah") for name in raw)
    work()
    assert rows_of(one["id"], missing=True) is None and rows_of(two["id"], missing=True) is None
    for who in (cast.tetangga, cast.warga, cast.anggota, None):
        with pytest.raises(tk.NotAuthorized):
            call("satudata_tidy_update", who, resource_id=raw["id"], tidy=True)
    link = call("resource_create", cast.produsen, package_id=dataset["id"], name="Tautan",
                url="https://a.go.id/x.csv")
    for wrong in ({"resource_id": link["id"], "tidy": True}, {"resource_id": raw["id"]},
                  {"resource_id": raw["id"], "tidy": "mungkin"}):
        with pytest.raises(tk.ValidationError):
            call("satudata_tidy_update", cast.produsen, **wrong)
    cast.set_aside(dataset["id"])
    cast.step(cast.produsen, dataset["id"], "ajukan")
    with pytest.raises(tk.ValidationError):
        call("satudata_tidy_update", cast.produsen, resource_id=raw["id"], tidy=True)


def test_no_client_names_bytes_by_their_hash(cast: Cast) -> None:
    secret = handed_in(cast.make()["id"], book(Data=VISITS))
    dataset = cast.make(resources=[])
    for who in (cast.produsen, cast.boss):
        with pytest.raises(tk.NotAuthorized):
            call("satudata_tidy_accept", who, content_id=dataset["id"], sha256=secret["sha256"],
                 filename="x.xlsx")
    for who in (cast.tetangga, cast.warga):
        with pytest.raises(tk.NotAuthorized):
            accept(who, dataset["id"], secret)
        model.Session.rollback()
    with pytest.raises(tk.ValidationError):
        accept(cast.produsen, dataset["id"], {**secret, "sha256": "../../etc/passwd"})


def test_nothing_is_taken_into_what_is_being_inspected(cast: Cast) -> None:
    dataset = draft(cast, book(Data=VISITS))
    (resource,) = dataset["resources"]
    cast.set_aside(dataset["id"])
    cast.step(cast.produsen, dataset["id"], "ajukan")
    with pytest.raises(tk.ValidationError):
        accept(cast.produsen, dataset["id"], handed_in(dataset["id"], book(Data=BEDS)))
    model.Session.rollback()
    outbox.put(CLEAN, "rapikan:terlambat", {
        "content_id": dataset["id"], "sha256": resource["mentah_sha256"]})
    model.Session.commit()
    work()
    assert shown(dataset)["resources"] == dataset["resources"]
    cast.through(dataset["id"], ("walidata", "periksa"))
    cast.step(cast.walidata, dataset["id"], "kembalikan", note="Nama kolomnya", findings=[{
        "principle": "metadata", "severity": "wajib", "message": "Namanya", "how": "Ganti"}])
    recipe(cast, dataset, resource, names={"kunjungan": "jumlah_kunjungan"})
    work()
    (after,) = shown(dataset)["resources"]
    assert "jumlah_kunjungan" in stored(after)


def test_two_who_accept_at_once_get_a_file_each_and_one_file_once(
    cast: Cast, app: Any
) -> None:
    dataset = cast.make(resources=[])
    first, second = (handed_in(dataset["id"], book(Data=rows), f"{name}.xlsx")
                     for name, rows in (("a", VISITS), ("b", BEDS)))
    at_once(app, [lambda: accept(cast.produsen, dataset["id"], first),
                  lambda: accept(cast.kepala, dataset["id"], second)])
    work()
    assert len(shown(dataset)["resources"]) == 2
    same = handed_in(dataset["id"], book(Data=VISITS[:4]), "c.xlsx")
    at_once(app, [lambda: accept(cast.produsen, dataset["id"], same),
                  lambda: accept(cast.kepala, dataset["id"], same)])
    work()
    found = shown(dataset)["resources"]
    assert len(found) == 3
    assert all(rows_of(each["id"]) for each in found)
    assert {cast.produsen["id"], cast.kepala["id"]} <= set(submission(dataset).editors)


def test_a_datastore_that_is_away_stops_the_hand_in_and_nothing_else(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = cast.make(resources=[])

    def away(*_given: Any) -> Any:
        raise sa.exc.OperationalError("SELECT", {}, Exception("the datastore has gone"))

    with monkeypatch.context() as patch:
        patch.setattr(postgres, "get_read_engine", away)
        patch.setattr(postgres, "get_write_engine", away)
        accept(cast.produsen, dataset["id"], handed_in(dataset["id"], book(Data=VISITS)))
        work()
    # The next try is due after two seconds: a slow machine would be there before the hand-in.
    try_again_in("1 hour")
    (resource,) = shown(dataset)["resources"]
    assert stored(resource) == CLEAN_CSV and rows_of(resource["id"], missing=True) is None
    cast.set_aside(dataset["id"])
    assert "Tabel rapi masih disiapkan (1 berkas)" in refused(cast, dataset)
    try_again_in("-1 minute")
    cast.set_aside(dataset["id"])
    assert cast.step(cast.produsen, dataset["id"], "ajukan")["state"] == "diajukan"
    assert rows_of(resource["id"]) == ROWS


def test_a_process_that_dies_between_reading_and_tidying_loses_nothing(cast: Cast) -> None:
    dataset = cast.make(resources=[])
    accept(cast.produsen, dataset["id"], handed_in(dataset["id"], book(Data=VISITS)))
    outbox.drain(kinds=[written.KIND])
    (identifier,) = waiting()
    job.run(identifier)
    seen = dying(lambda: outbox.drain(kinds=[CLEAN, TABLE]), None)
    assert not seen.error
    (resource,) = shown(dataset)["resources"]
    places = [place for place, step in seen.places().items() if step.endswith("COMMIT")]
    assert places
    for number, place in enumerate(places):
        recipe(cast, dataset, resource, names={"kunjungan": f"kunjungan_{number}"})
        for each in waiting():
            job.run(each)
        dying(lambda: outbox.drain(kinds=[CLEAN, TABLE]), place)
        work()
        (after,) = shown(dataset)["resources"]
        assert f"kunjungan_{number}" in stored(after)
        assert f"kunjungan_{number}" in types_of(after["id"]) and rows_of(after["id"]) == ROWS
        assert table_rows.digests({"resources": [after]}) == {
            table_rows.beside(after["id"]): after["sha256"]}


def test_next_year_s_file_is_the_same_file_of_the_next_version(cast: Cast) -> None:
    dataset = draft(cast, book(Kunjungan=VISITS, Tidur=BEDS))
    cast.set_aside(dataset["id"])
    publish(cast, dataset["id"])
    public = shown(dataset)["resources"]
    started = call("satudata_revision_start", cast.produsen, id=dataset["id"])
    copy = started["id"]
    later = [tuple(2000 if value == 1200 else str(value).replace("2025", "2026")
                   if isinstance(value, str) else value for value in row) for row in VISITS]
    later[5] = ("", "Jumlah", 3790)
    # The sheets changed places, and were given by the second file's name.
    raw = handed_in(dataset["id"], book(Tidur=BEDS, Kunjungan=later), "kunjungan 2026.xlsx")
    accept(cast.kepala, copy, raw, replaces=public[0]["id"])
    work()
    drafts = shown(copy)["resources"]
    assert {each["asal_resource_id"]: each["name"].split()[0] for each in drafts} == {
        public[0]["id"]: "KUNJUNGAN", public[1]["id"]: "TEMPAT"}
    (figures,) = [each for each in drafts if each["asal_resource_id"] == public[0]["id"]]
    assert figures["name"].endswith("2026") and rows_of(figures["id"])[0][-1] == 2000
    assert rows_of(public[0]["id"]) == ROWS
    call("satudata_inspection_run", cast.produsen, id=copy, wait=True)
    work()
    found = call("satudata_revision_changes", cast.produsen, id=copy)
    assert found["number"] == 1
    cast.set_aside(copy)
    publish(cast, copy, reason="Angka 2026.")
    after = {each["id"]: each for each in shown(dataset)["resources"]}
    assert set(after) == {each["id"] for each in public}
    assert rows_of(public[0]["id"])[0] == ("0101", "36.04.30", "Anyar", 2000)
    outbox.drain()
    one, two = call("satudata_version_diff", None, id=dataset["id"],
                    **{"from": 1, "to": 2})["resources"]
    assert (one["resource_id"], one["table"]["rows"]) == (
        public[0]["id"], {"same": 2, "added": 0, "changed": 1, "removed": 0})
    assert (two["resource_id"], two["status"]) == (public[1]["id"], "sama")


def test_of_published_files_the_officers_see_how_they_were_read(cast: Cast) -> None:
    dataset = draft(cast, book(Data=VISITS))
    cast.set_aside(dataset["id"])
    publish(cast, dataset["id"])
    (resource,) = shown(dataset)["resources"]
    read = call("satudata_inspection_show", cast.produsen, resource_id=resource["id"])
    assert read["state"] == "selesai" and read["report"]["file"] == "kunjungan 2025.xlsx"
    assert inspections(resource["id"]) is not None
    for who in (cast.tetangga, None):
        with pytest.raises(tk.NotAuthorized):
            call("satudata_inspection_show", who, resource_id=resource["id"])
    assert helpers.call_action("datastore_search", resource_id=resource["id"])["total"] == 3


def test_what_is_deleted_for_good_takes_its_raw_file_along(cast: Cast) -> None:
    people_ = [*VISITS[:2], ("0101", "Zqkampung", 1200), *VISITS[3:]]
    dataset = cast.make(resources=[])
    first = call("resource_create", cast.produsen, package_id=dataset["id"], name="Kunjungan",
                 upload=file(book(Data=people_), "a.xlsx"))
    tidied(cast, first)
    dataset = shown(dataset)
    cast.set_aside(dataset["id"])
    raw = first["sha256"]
    publish(cast, dataset["id"])
    copy = call("satudata_revision_start", cast.produsen, id=dataset["id"])
    other = call("resource_patch", cast.produsen, id=copy["resources"][0]["id"], upload=file(
        book(Data=[*people_, ("0104", "Kragilan", 7)]), "b.xlsx"))
    tidied(cast, other)
    copy = copy["id"]
    clean = [each["sha256"] for each in (*dataset["resources"], *shown(copy)["resources"])]
    assert len({*clean, raw, other["sha256"]}) == 4
    call("satudata_submission_transition", cast.walidata, id=dataset["id"],
         transition="tarik_darurat")
    assert "Zqkampung" not in json.dumps(
        [each.report for each in model.Session.scalars(sa.select(Inspection))])
    call("satudata_withdrawal_explain", cast.ppid, id=dataset["id"], note="NIK",
         personal_data=["1", "draf"])
    purge()
    for each in (*clean, raw, other["sha256"]):
        assert not blobs.exists(each)
    model.Session.rollback()
    for package in (dataset["id"], copy):
        assert not made_of(model.Session.get(model.Package, package))
        assert not any("mentah" in json.dumps(each.extras or {})
                       for each in model.Session.get(model.Package, package).resources_all)
    assert not model.Session.scalars(sa.select(Inspection).where(
        Inspection.package_id == dataset["id"])).all()
    for each in (*dataset["resources"], {"id": copy}):
        assert rows_of(each["id"], missing=True) is None


def test_raw_files_are_kept_as_long_as_their_tables(cast: Cast) -> None:
    dataset = cast.make(resources=[])
    plain = call("resource_create", cast.produsen, package_id=dataset["id"], name="Kunjungan",
                 upload=file(book(Data=[*VISITS, ("simpan",)]), "kunjungan.xlsx"))
    work()
    call("satudata_tidy_update", cast.produsen, resource_id=plain["id"], tidy=True)
    work()
    cast.set_aside(dataset["id"])
    assert referred([plain["sha256"]]) == {plain["sha256"]}
    publish(cast, dataset["id"])
    assert shown(dataset)["resources"][0]["sha256"] != plain["sha256"]
    assert referred([plain["sha256"]]) == {plain["sha256"]}


def test_what_is_withdrawn_and_mended_goes_on_from_its_clean_table(cast: Cast) -> None:
    dataset = draft(cast, book(Data=VISITS))
    cast.set_aside(dataset["id"])
    publish(cast, dataset["id"])
    cast.step(cast.walidata, dataset["id"], "tarik", note="Keliru")
    cast.step(cast.produsen, dataset["id"], "revisi")
    (resource,) = shown(dataset)["resources"]
    assert stored(resource) == CLEAN_CSV and rows_of(resource["id"]) == ROWS
    changed = [tuple(1300 if value == 1200 else 3090 if value == 2990 else value for value in row)
               for row in VISITS]
    accept(cast.produsen, dataset["id"], handed_in(dataset["id"], book(Data=changed)),
           replaces=resource["id"])
    work()
    (after,) = shown(dataset)["resources"]
    assert after["id"] == resource["id"] and rows_of(after["id"])[0][-1] == 1300
    cast.set_aside(dataset["id"])
    publish(cast, dataset["id"], reason="Angka Anyar keliru.")
    (public,) = shown(dataset)["resources"]
    assert public["id"] == resource["id"] and "1300" in stored(public)


def test_a_version_whose_files_nobody_touched_is_handed_in_as_it_is(cast: Cast) -> None:
    dataset = draft(cast, book(Data=VISITS))
    cast.set_aside(dataset["id"])
    publish(cast, dataset["id"])
    copy = call("satudata_revision_start", cast.produsen, id=dataset["id"])["id"]
    call("package_patch", cast.produsen, id=copy, notes="Penjelasan baru.")
    call("satudata_inspection_run", cast.produsen, id=copy, wait=True)
    found = [each for each in cast.show(copy)["findings"] if each["severity"] == "wajib"]
    assert found == []
    publish(cast, copy)
    (resource,) = shown(dataset)["resources"]
    assert stored(resource) == CLEAN_CSV and rows_of(resource["id"]) == ROWS


def test_a_column_of_personal_data_goes_and_the_raw_file_keeps_it(cast: Cast, app: Any) -> None:
    rows = (("NIK", "Kode Puskesmas", "Kecamatan", "Kunjungan"),
            ("3604015512900001", "0101", "Anyar", 12), ("3604010101900002", "0102", "Ciruas", 15))
    dataset = draft(cast, book(Data=rows), "bantuan.xlsx")
    (resource,) = dataset["resources"]
    path = f"/dataset/{dataset['id']}/resource/{resource['id']}/pemeriksaan"
    headers = {"Authorization": factories.APIToken(user=cast.produsen["name"])["token"]}
    page = app.get(path, headers=headers).get_data(as_text=True)
    assert "Buang kolom “NIK” (A)" in page and "Terbitkan berkas asli apa adanya" in page
    assert "3604015512900001" not in page
    told = call("satudata_inspection_show", cast.produsen, resource_id=resource["id"])
    app.post(path, headers=headers, data={"terlihat": told["id"], "buang-1": "nik"})
    work()
    (after,) = shown(dataset)["resources"]
    assert stored(after).splitlines()[0] == "kode_puskesmas,kecamatan,kunjungan"
    assert "nik" not in types_of(after["id"])
    assert not [each for each in cast.show(dataset["id"])["findings"]
                if each["check_name"] == "personal-data" and not each["resolved_at"]]
    page = app.get(path, headers=headers).get_data(as_text=True)
    assert "Pakai lagi kolom “NIK” (A)" in page and "Buang kolom" not in page
    assert "3604015512900001" not in page and "3604••" not in page
    # Published as it came, the file has the column: it is told of again, and stops the hand-in.
    app.post(f"{path}/bentuk", headers=headers, data={"rapi": "0"})
    work()
    assert "nik" in refused(cast, dataset)
    (raw,) = shown(dataset)["resources"]
    assert raw["format"] == "XLSX"
    app.post(f"/dataset/{dataset['id']}/resource/{raw['id']}/pemeriksaan/bentuk",
             headers=headers, data={"rapi": "1"})
    work()
    cast.set_aside(dataset["id"])
    assert cast.step(cast.produsen, dataset["id"], "ajukan")["state"] == "diajukan"


def test_all_tables_left_out_is_no_way_for_the_raw_file_to_get_out(cast: Cast) -> None:
    dataset = draft(cast, book(Data=VISITS))
    (resource,) = dataset["resources"]
    recipe(cast, dataset, resource, skip=True)
    work()
    assert stored(shown(dataset)["resources"][0]) == CLEAN_CSV
    cast.set_aside(dataset["id"])
    assert "tidak menjadi tabel" in refused(cast, dataset)
    recipe(cast, dataset, resource, skip=False)
    work()
    cast.set_aside(dataset["id"])
    assert cast.step(cast.produsen, dataset["id"], "ajukan")["state"] == "diajukan"


def test_a_raw_file_that_we_failed_to_read_is_not_published_in_the_place_of_its_tables(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: Any, **_more: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(job, "_inspect", broken)
        dataset = draft(cast, book(Data=VISITS))
        (resource,) = dataset["resources"]
        found = inspections(resource["id"])
        assert found is not None and found.state == "gagal"
        assert "tidak menjadi tabel" in refused(cast, dataset)
    call("satudata_inspection_run", cast.produsen, id=dataset["id"])
    work()
    cast.set_aside(dataset["id"])
    assert cast.step(cast.produsen, dataset["id"], "ajukan")["state"] == "diajukan"
    assert stored(shown(dataset)["resources"][0]) == CLEAN_CSV
