"""A Berita Acara from the desk to the document both sides confirmed, through the real actions."""
from __future__ import annotations

import datetime as dt
import hashlib
import io
import threading
from types import SimpleNamespace
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from desk_samples import (
    WALIDATA_ORG,
    call,
    confirm,
    draft,
    finding,
    government,
    grant,
    issued,
    person,
    submission,
)
from flask import Flask
from pypdf import PdfReader

from ckanext.satudata.berita_acara.model import BeritaAcara
from ckanext.satudata.domain.berita_acara.document import canonical, digest
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.shared.outbox import Message

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", WALIDATA_ORG),
    pytest.mark.ckan_config("ckanext.satudata.walidata_nama", "Dinas Komunikasi dan Informatika"),
]


@pytest.fixture
def people(clean_db: Any) -> SimpleNamespace:
    return government()


@pytest.fixture
def desk(people: SimpleNamespace) -> SimpleNamespace:
    """An OPD with data accepted, returned and undecided."""
    accepted = submission(people, "Puskesmas menurut kecamatan", "disetujui")
    returned = submission(people, "Balita stunting menurut kecamatan", "dikembalikan")
    waiting = submission(people, "Tenaga kesehatan", "diajukan")
    finding(returned, "Kode wilayah tidak dikenal.")
    finding(returned, "Hanya catatan pemeriksa.", shared=False)
    return SimpleNamespace(all=[accepted, returned, waiting], accepted=accepted, returned=returned,
                           waiting=waiting, people=people)


def row(made: dict[str, Any]) -> BeritaAcara:
    model.Session.expire_all()
    found = model.Session.get(BeritaAcara, made["id"])
    assert found is not None
    return found


def results(made: dict[str, Any]) -> dict[str, str]:
    return {item["title"]: item["result"] for item in made["content"]["items"]}


# Drafts

def test_a_draft_reads_the_results_from_the_workflow(desk: SimpleNamespace) -> None:
    made = draft(desk.people, desk.all)
    assert (made["state"], made["number"], made["content_hash"]) == ("draf", None, None)
    assert results(made) == {
        "Puskesmas menurut kecamatan": "diterima", "Balita stunting menurut kecamatan":
        "diperbaiki", "Tenaga kesehatan": "belum"}
    assert made["content"]["agency"] == {"id": desk.people.opd["id"], "name": "Dinas Kesehatan"}
    assert made["content"]["walidata"]["name"] == "Dinas Komunikasi dan Informatika"


def test_only_catatan_the_opd_was_given_stand_in_it(desk: SimpleNamespace) -> None:
    finding(desk.returned, "Sudah selesai.", resolved="2026-11-20T00:00:00Z")
    made = draft(desk.people, desk.all)
    (item,) = (i for i in made["content"]["items"] if i["result"] == "diperbaiki")
    assert [note["message"] for note in item["notes"]] == ["Kode wilayah tidak dikenal."]
    assert item["notes"][0]["place"] == "Isian Wilayah yang dicakup" or (
        item["notes"][0]["place"].startswith("Isian "))


def test_the_deadline_follows_from_the_configured_days(desk: SimpleNamespace) -> None:
    assert draft(desk.people, desk.all)["content"]["deadline"] is not None
    assert draft(desk.people, [desk.accepted])["content"]["deadline"] is None


def test_a_draft_is_changed_by_whoever_saw_its_newest_version(desk: SimpleNamespace) -> None:
    made = draft(desk.people, desk.all)
    fields = {"submissions": [desk.returned], "place": "Aula", "id": made["id"]}
    changed = call("satudata_berita_acara_update", desk.people.wali2, expected_version=1, **fields)
    assert (changed["version"], changed["content"]["place"]) == (2, "Aula")
    with pytest.raises(tk.ValidationError) as refused:
        call("satudata_berita_acara_update", desk.people.wali, expected_version=1, **fields)
    assert refused.value.error_dict["conflict"] == "version"


def test_data_of_another_opd_do_not_get_in(desk: SimpleNamespace) -> None:
    other = submission(desk.people, "Terminal", owner_org=desk.people.dishub["id"])
    with pytest.raises(tk.ValidationError, match="tidak ada pada instansi ini"):
        draft(desk.people, [desk.accepted, other])
    with pytest.raises(tk.ValidationError, match="tidak ada pada instansi ini"):
        draft(desk.people, ["tidak-ada"])


def test_a_cancelled_draft_leaves_no_gap(desk: SimpleNamespace) -> None:
    first = draft(desk.people, desk.all)
    call("satudata_berita_acara_cancel", desk.people.wali, id=first["id"])
    assert row(first).state == "dibatalkan"
    assert issued(desk.people, desk.all)["number"].startswith("001/BA-SDI/")
    with pytest.raises(tk.ValidationError) as refused:
        call("satudata_berita_acara_issue", desk.people.wali, id=first["id"],
             expected_hash=first["preview_hash"])
    assert refused.value.error_dict["conflict"] == "state"


# Issue

def test_what_is_issued_is_what_was_looked_at(desk: SimpleNamespace) -> None:
    made = draft(desk.people, desk.all)
    finding(desk.returned, "Catatan baru.")
    with pytest.raises(tk.ValidationError) as refused:
        call("satudata_berita_acara_issue", desk.people.wali, id=made["id"],
             expected_hash=made["preview_hash"])
    assert refused.value.error_dict["conflict"] == "version"
    assert row(made).number is None


def test_a_meeting_to_come_is_not_closed_yet(desk: SimpleNamespace) -> None:
    later = (dt.date.today() + dt.timedelta(days=7)).isoformat()
    with pytest.raises(tk.ValidationError, match="belum berlangsung"):
        issued(desk.people, desk.all, date=later, deadline="")


def test_an_issued_document_is_frozen_whatever_happens_to_the_data(desk: SimpleNamespace) -> None:
    made = issued(desk.people, desk.all)
    finding(desk.returned, "Catatan setelah terbit.")
    call("package_patch", desk.people.root, id=made["content"]["items"][1]["package"],
         title="Judul lain")
    again = call("satudata_berita_acara_show", desk.people.officer, id=made["id"])
    assert again["content"] == made["content"]
    assert again["content_hash"] == made["content_hash"] == digest(again["content"])
    assert hashlib.sha256(canonical(again["content"])).hexdigest() == again["content_hash"]
    for action, more in (("update", {"expected_version": 1, "submissions": desk.all,
                                     "place": "x"}), ("cancel", {}),
                         ("issue", {"expected_hash": made["content_hash"]})):
        with pytest.raises(tk.ValidationError) as refused:
            call(f"satudata_berita_acara_{action}", desk.people.wali, id=made["id"], **more)
        assert refused.value.error_dict["conflict"] == "state"


def test_the_database_itself_refuses_to_change_it(desk: SimpleNamespace) -> None:
    made = issued(desk.people, [desk.accepted])
    statements = [f"UPDATE satudata_berita_acara SET {change} WHERE id = :id" for change in (
        "content = '{}'", "number = '999/X/2026'", "content_hash = 'x'", "sequence = 99",
        "owner_org = 'x'", "issued_by = 'x'")]
    for statement in (*statements, "DELETE FROM satudata_berita_acara WHERE id = :id"):
        with pytest.raises(sa.exc.DatabaseError, match="is issued"):
            model.Session.execute(sa.text(statement), {"id": made["id"]})
        model.Session.rollback()


def test_ten_inspectors_at_once_get_ten_numbers_without_a_gap(
    desk: SimpleNamespace, app: Any
) -> None:
    drafts = [draft(desk.people, [desk.accepted]) for _ in range(10)]
    flask: Flask = app.flask_app
    together = threading.Barrier(10)
    failures: list[BaseException] = []

    def issue(made: dict[str, Any]) -> None:
        with flask.test_request_context():
            try:
                together.wait(30)
                call("satudata_berita_acara_issue", desk.people.wali, id=made["id"],
                     expected_hash=made["preview_hash"])
            except BaseException as error:
                failures.append(error)
            finally:
                model.Session.remove()

    threads = [threading.Thread(target=issue, args=(made,)) for made in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert sorted(row(made).sequence for made in drafts) == list(range(1, 11))
    assert len({row(made).number for made in drafts}) == 10


def test_a_number_is_given_back_when_the_commit_fails(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = draft(desk.people, [desk.accepted])
    before = model.Session.scalar(sa.select(sa.func.count()).select_from(Event))
    with monkeypatch.context() as broken:
        broken.setattr(model.Session, "commit", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            call("satudata_berita_acara_issue", desk.people.wali, id=made["id"],
                 expected_hash=made["preview_hash"])
    model.Session.rollback()
    assert row(made).number is None
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(Event)) == before
    assert issued(desk.people, [desk.accepted])["number"].startswith("001/")


# Confirmation

def test_both_sides_make_it_final(desk: SimpleNamespace) -> None:
    made = issued(desk.people, desk.all)
    half = confirm(made, desk.people.head, office="Sekretaris Dinas")
    assert (half["state"], half["pdf_hash"]) == ("menunggu", None)
    whole = confirm(made, desk.people.wali, office="Kepala Bidang Statistik")
    assert whole["state"] == "sah"
    assert [(c["side"], c["name"], c["office"], c["agency"]) for c in whole["confirmations"]] == [
        ("opd", "Kepala Dinas", "Sekretaris Dinas", "Dinas Kesehatan"),
        ("walidata", "Siti Aminah", "Kepala Bidang Statistik", "Dinas Komunikasi dan Informatika")]
    kept = row(made).pdf
    assert kept is not None
    assert hashlib.sha256(kept).hexdigest() == whole["pdf_hash"]
    text = " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(kept)).pages).split())
    for part in (made["number"], made["content_hash"], "Kepala Dinas", "Sekretaris Dinas",
                 "Siti Aminah", "Kode wilayah tidak dikenal.", "Dikonfirmasi kedua pihak"):
        assert part in text
    assert "Menunggu konfirmasi" not in text


def test_nothing_changes_after_that(desk: SimpleNamespace) -> None:
    made = issued(desk.people, desk.all)
    confirm(made, desk.people.officer)
    confirm(made, desk.people.wali)
    for who in (desk.people.head, desk.people.wali2):
        with pytest.raises(tk.ValidationError):
            confirm(made, who)
        with pytest.raises(tk.ValidationError):
            call("satudata_berita_acara_refuse", who, id=made["id"], reason="Terlambat")
    with pytest.raises(sa.exc.DatabaseError, match="is issued"):
        model.Session.execute(sa.text(
            "UPDATE satudata_berita_acara SET reason = 'x' WHERE id = :id"), {"id": made["id"]})
    model.Session.rollback()


def test_one_person_of_two_roles_confirms_once(desk: SimpleNamespace) -> None:
    made = issued(desk.people, desk.all)
    confirm(made, desk.people.both, side="walidata")
    with pytest.raises(tk.NotAuthorized, match="orang yang berbeda"):
        confirm(made, desk.people.both, side="opd")
    assert confirm(made, desk.people.officer)["state"] == "sah"


def test_the_inspector_who_prepared_it_does_not_confirm_for_the_opd(desk: SimpleNamespace) -> None:
    made = draft(desk.people, desk.all, by=desk.people.both)
    made = call("satudata_berita_acara_issue", desk.people.wali, id=made["id"],
                expected_hash=made["preview_hash"])
    with pytest.raises(tk.NotAuthorized, match="orang yang berbeda"):
        confirm(made, desk.people.both, side="opd")


def test_a_confirmation_names_the_content_that_was_read(desk: SimpleNamespace) -> None:
    made = issued(desk.people, desk.all)
    with pytest.raises(tk.ValidationError) as refused:
        confirm(made, desk.people.officer, expected_hash="0" * 64)
    assert refused.value.error_dict["conflict"] == "version"
    with pytest.raises(tk.ValidationError, match="Jabatan"):
        confirm(made, desk.people.officer, office=" ")


def test_of_many_confirming_at_once_one_a_side_counts(desk: SimpleNamespace, app: Any) -> None:
    made = issued(desk.people, desk.all)
    who = [desk.people.officer, desk.people.head, desk.people.editor, desk.people.wali,
           desk.people.wali2, desk.people.pendukung] * 2
    together, said = threading.Barrier(len(who)), []

    def go(user: dict[str, Any]) -> None:
        with app.flask_app.test_request_context():
            try:
                together.wait(30)
                confirm(made, user)
                said.append("ok")
            except (tk.ValidationError, tk.NotAuthorized):
                said.append("refused")
            finally:
                model.Session.remove()

    threads = [threading.Thread(target=go, args=(user,)) for user in who]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(said) == ["ok"] * 2 + ["refused"] * 10
    assert sorted(each["side"] for each in row(made).confirmations) == ["opd", "walidata"]


# Refusal

@pytest.mark.parametrize("who", ["head", "wali2"])
def test_a_refusal_keeps_the_document_and_brings_the_draft_back(
    desk: SimpleNamespace, who: str
) -> None:
    made = issued(desk.people, desk.all, notes="Disepakati bersama.")
    with pytest.raises(tk.ValidationError, match="Alasan"):
        call("satudata_berita_acara_refuse", getattr(desk.people, who), id=made["id"], reason="")
    refused = call("satudata_berita_acara_refuse", getattr(desk.people, who), id=made["id"],
                   reason="Tenggatnya belum disepakati.")
    assert (refused["state"], refused["number"]) == ("ditolak", made["number"])
    assert refused["reason"] == "Tenggatnya belum disepakati."
    (again,) = call("satudata_berita_acara_list", desk.people.wali, state="draf")["results"]
    again = call("satudata_berita_acara_show", desk.people.wali, id=again["id"])
    assert again["replaces"] == made["id"]
    assert again["draft"] == refused["draft"]
    assert again["content"]["replaces"] == made["number"]
    second = call("satudata_berita_acara_issue", desk.people.wali, id=again["id"],
                  expected_hash=again["preview_hash"])
    assert second["number"].startswith("002/")
    shown = call("satudata_berita_acara_show", desk.people.officer, id=made["id"])
    assert shown["replaced_by"] == second["id"]


# What others hear of it

def events(made: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    found = model.Session.scalars(
        sa.select(Event).where(Event.kind == "berita_acara",
                               Event.data["berita_acara"].astext == made["id"],
                               Event.submission_id.is_(None)).order_by(Event.id))
    return [(each.transition, each.from_state, each.to_state) for each in found]


def test_every_step_is_an_event_and_a_message_to_the_other_side(desk: SimpleNamespace) -> None:
    made = issued(desk.people, desk.all)
    confirm(made, desk.people.officer)
    confirm(made, desk.people.wali)
    assert events(made) == [
        ("buat", None, "draf"), ("terbitkan", "draf", "menunggu"),
        ("konfirmasi", "menunggu", "menunggu"), ("konfirmasi", "menunggu", "sah")]
    messages = model.Session.scalars(
        sa.select(Message).where(Message.kind == "berita_acara").order_by(Message.id)).all()
    by_step: dict[str, list[str]] = {}
    for message in messages:
        event = model.Session.get(Event, message.payload["event_id"])
        assert event is not None
        by_step.setdefault(f"{event.transition}>{event.to_state}", []).append(
            message.payload["to"])
    assert by_step == {"terbitkan>menunggu": ["opd", "walidata"],
                       "konfirmasi>menunggu": ["walidata"], "konfirmasi>sah": ["opd", "walidata"]}


def test_the_final_document_stands_in_the_timeline_of_its_data(desk: SimpleNamespace) -> None:
    made = issued(desk.people, desk.all)
    confirm(made, desk.people.officer)
    confirm(made, desk.people.wali)
    timeline = call("satudata_submission_timeline", desk.people.officer, id=desk.returned)
    (entry,) = (each for each in timeline["results"] if each["kind"] == "berita_acara")
    assert entry["data"]["number"] == made["number"]
    assert entry["data"]["result"] == "diperbaiki"


# Who may

READERS = ("wali", "wali2", "pendukung", "officer", "head", "editor", "member", "both", "pimpinan",
           "koordinator", "root")
OUTSIDERS = ("other", "pembina", "pembina_geo", "ppid", "user", "nobody", None)
DESK = ("wali", "wali2", "pendukung", "both", "root")


def who_may(people: SimpleNamespace, action: str, **data: Any) -> set[str | None]:
    """Return everybody whom an action lets in; what it then answers does not count."""
    found: set[str | None] = set()
    for name in (*READERS, *OUTSIDERS):
        try:
            call(action, getattr(people, name) if name else None, **data)
        except tk.NotAuthorized:
            continue
        except tk.ValidationError:
            pass
        found.add(name)
    return found


def test_a_draft_is_read_by_the_walidatas_side_only(desk: SimpleNamespace) -> None:
    made = draft(desk.people, desk.all)
    assert who_may(desk.people, "satudata_berita_acara_show", id=made["id"]) == set(DESK)
    assert who_may(desk.people, "satudata_berita_acara_issue", id=made["id"]) == set(DESK)
    for name in (*READERS, *OUTSIDERS[:-1]):
        listed = call("satudata_berita_acara_list", getattr(desk.people, name))
        assert listed["count"] == (1 if name in DESK else 0), name


def test_an_issued_one_is_read_by_both_sides_and_who_watches(desk: SimpleNamespace) -> None:
    made = issued(desk.people, desk.all)
    assert who_may(desk.people, "satudata_berita_acara_show", id=made["id"]) == set(READERS)
    for name in (*READERS, *OUTSIDERS[:-1]):
        listed = call("satudata_berita_acara_list", getattr(desk.people, name))
        assert listed["count"] == (1 if name in READERS else 0), name


def test_the_pembina_reads_what_discusses_data_it_was_handed(desk: SimpleNamespace) -> None:
    handed = submission(desk.people, "Diperiksa BPS", "diperiksa_pembina", jenis_data="statistik",
                        at_pembina=True)
    made = issued(desk.people, [handed])
    readers = who_may(desk.people, "satudata_berita_acara_show", id=made["id"])
    assert readers == {*READERS, "pembina"}
    assert call("satudata_berita_acara_list", desk.people.pembina)["count"] == 1
    assert call("satudata_berita_acara_list", desk.people.pembina_geo)["count"] == 0


def test_a_document_is_one_whole_to_whoever_has_a_part_in_it(desk: SimpleNamespace) -> None:
    """One item of their kind that was handed to them: they read all of it; none: nothing."""
    handed = submission(desk.people, "Diperiksa BPS", "diperiksa_pembina", jenis_data="statistik",
                        at_pembina=True)
    maps = submission(desk.people, "Peta belum diserahkan", "disetujui", jenis_data="geospasial")
    mixed, others = issued(desk.people, [handed, maps]), issued(desk.people, [desk.accepted])
    elsewhere = person("Pendukung Dishub")
    grant(elsewhere, "walidata_pendukung", desk.people.dishub["id"])
    desk.people.elsewhere = elsewhere
    for name, reads in {
        "pembina": {mixed["id"]}, "pembina_geo": set(), "other": set(), "elsewhere": set(),
        "pendukung": {mixed["id"], others["id"]}, "editor": {mixed["id"], others["id"]},
    }.items():
        who = getattr(desk.people, name)
        listed = call("satudata_berita_acara_list", who)
        assert {each["id"] for each in listed["results"]} == reads, name
        for made in (mixed, others):
            if made["id"] in reads:
                shown = call("satudata_berita_acara_show", who, id=made["id"])
                assert shown["content_hash"] == made["content_hash"]
            else:
                with pytest.raises(tk.NotAuthorized):
                    call("satudata_berita_acara_show", who, id=made["id"])


def test_who_confirms(desk: SimpleNamespace) -> None:
    allowed = set()
    for name in (*READERS, *OUTSIDERS):
        made = issued(desk.people, [desk.accepted])
        try:
            confirm(made, getattr(desk.people, name) if name else None)
            allowed.add(name)
        except tk.NotAuthorized:
            assert row(made).confirmations == []
    assert allowed == {"wali", "wali2", "pendukung", "both", "officer", "head", "editor"}


def test_who_prepares_one(desk: SimpleNamespace) -> None:
    fields = {"owner_org": "dinkes", "submissions": desk.all, "place": "x"}
    assert who_may(desk.people, "satudata_berita_acara_create", **fields) == set(DESK)
    with pytest.raises(tk.NotAuthorized):
        call("satudata_berita_acara_create", desk.people.pendukung,
             **{**fields, "owner_org": "dishub"})


def test_a_role_lost_is_lost_at_once(desk: SimpleNamespace) -> None:
    made = issued(desk.people, desk.all)
    call("organization_member_delete", desk.people.root, id="dinkes",
         username=desk.people.head["name"])
    with pytest.raises(tk.NotAuthorized):
        confirm(made, desk.people.head)


# Check

def test_anybody_with_the_document_can_check_it_and_learns_nothing_else(
    desk: SimpleNamespace
) -> None:
    made = issued(desk.people, desk.all)
    answer = call("satudata_berita_acara_check", None, sha256=made["content_hash"].upper())
    assert answer == {"found": True, "number": made["number"], "state": "menunggu",
                      "state_label": "Menunggu konfirmasi", "issued": made["content"]["issued"]}
    confirm(made, desk.people.officer)
    whole = confirm(made, desk.people.wali)
    assert call("satudata_berita_acara_check", None, sha256=whole["pdf_hash"])["state"] == "sah"


def test_what_is_no_hash_of_ours_is_not_found(clean_db: Any) -> None:
    for odd in ("", "0" * 64, "%", "x" * 64, ["0" * 64], {}, 7, None, "0" * 10**6):
        assert call("satudata_berita_acara_check", None, sha256=odd) == {"found": False}


# Hostile input: one world, many cases, each of which must leave nothing behind.

ODD_FIELDS: list[tuple[str, Any]] = [
    ("notes", "x" * 1_000_000), ("notes", ["a"]), ("notes", {"a": 1}), ("notes", True),
    ("place", ""), ("place", "   "), ("place", None), ("place", "x" * 201), ("place", ["a"]),
    ("place", "a\x00b"), ("place", "a\ud800"), ("date", "besok"), ("date", "9999-12-31"),
    ("date", "2026-02-30"), ("date", {"a": 1}), ("deadline", "2000-01-01"), ("deadline", [1]),
    ("kind", "lain"), ("kind", ["desk"]), ("kind", {}), ("submissions", []), ("submissions", {}),
    ("submissions", 7), ("submissions", [None]), ("submissions", [["a"]]), ("submissions", [""]),
    ("submissions", ["x"] * 201), ("submissions", ["x" * 101]), ("attendees", "Budi"),
    ("attendees", ["Budi"]), ("attendees", [{"name": ["a"]}]), ("attendees", [{"office": "Camat"}]),
    ("attendees", [{"name": "x" * 201}]), ("attendees", [{"name": "a"}] * 51), ("attendees", 7),
    ("owner_org", ""), ("owner_org", "tidak-ada"), ("owner_org", ["dinkes"]), ("owner_org", {}),
    ("owner_org", "x" * 201), ("owner_org", 7),
]
ODD_IDS = (None, "", ["a"], {"a": 1}, 7, "x" * 1000, "a\x00b", True)
ODD_FILTERS: list[dict[str, Any]] = [
    {"limit": "x"}, {"limit": 201}, {"limit": -1}, {"limit": [1]}, {"offset": {}},
    {"state": "lain"}, {"state": ["draf"]}, {"owner_org": ["a"]}, {"submission": {}}]


def test_odd_input_is_refused_by_the_name_of_its_field(desk: SimpleNamespace) -> None:
    for field, value in ODD_FIELDS:
        with pytest.raises(tk.ValidationError) as refused:
            draft(desk.people, **{"submissions": desk.all, field: value})
        assert list(refused.value.error_dict) == [field], (field, str(value)[:50])
        assert len(str(refused.value.error_dict)) < 1000
    for action in ("show", "update", "issue", "confirm", "refuse", "cancel"):
        for odd in ODD_IDS:
            with pytest.raises((tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound)):
                call(f"satudata_berita_acara_{action}", desk.people.wali, id=odd)
    for given in ODD_FILTERS:
        with pytest.raises(tk.ValidationError):
            call("satudata_berita_acara_list", desk.people.wali, **given)
    assert model.Session.scalar(sa.select(sa.func.count()).select_from(BeritaAcara)) == 0


def test_odd_words_at_a_step_are_refused(desk: SimpleNamespace) -> None:
    made = issued(desk.people, desk.all)
    for field, value in (("office", "x" * 201), ("office", ["a"]), ("office", None),
                         ("expected_hash", ["a"]), ("expected_hash", "x" * 65), ("side", "x"),
                         ("side", {}), ("expected_hash", None)):
        with pytest.raises(tk.ValidationError):
            confirm(made, desk.people.officer, **{field: value})
    for reason in ("x" * 1_000_000, ["a"], {"a": 1}, "", "  ", "a\x00b"):
        with pytest.raises(tk.ValidationError):
            call("satudata_berita_acara_refuse", desk.people.officer, id=made["id"],
                 reason=reason)
    assert (row(made).state, row(made).confirmations) == ("menunggu", [])


def test_markup_in_names_is_text(desk: SimpleNamespace) -> None:
    made = issued(desk.people, [desk.accepted], place="<b>Aula</b> & <script>alert(1)</script>",
                  attendees=[{"name": "<img src=x onerror=alert(1)>"}])
    assert made["content"]["place"] == "<b>Aula</b> & <script>alert(1)</script>"
    confirm(made, desk.people.officer, office="<i>Kepala</i>")
    assert confirm(made, desk.people.wali)["state"] == "sah"
