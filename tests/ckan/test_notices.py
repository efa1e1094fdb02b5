"""Who hears of what: the author of each decision, whoever acts next, and nobody else."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import factories, helpers
from notice_scene import COMPLETE, WALIDATA, Scene, call, drain_all, give, heard, notices_of

from ckanext.satudata.domain.notices import TELLINGS
from ckanext.satudata.domain.roles import Permission, Role, Subject
from ckanext.satudata.notices.model import Notice
from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.actor import holders, permitted
from ckanext.satudata.shared.audit import record
from ckanext.satudata.shared.outbox import Message

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins", "with_request_context"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", WALIDATA),
]


@pytest.fixture
def scene() -> Iterator[Scene]:
    yield Scene()
    model.Session.rollback()


def test_whoever_inspects_hears_of_arrival_and_the_sender_does_not(scene: Scene) -> None:
    scene.handed_in()
    drain_all()
    for inspector in (scene.inspector, scene.second):
        assert heard(inspector) == [("tugas", "Menunggu pemeriksaan: Balita stunting 2025")]
    assert heard(scene.author) == []
    for other in (scene.colleague, scene.stranger, scene.pembina, scene.koordinator):
        assert heard(other) == []


def test_the_site_user_is_nobody_to_tell_or_to_ask(scene: Scene) -> None:
    software = helpers.call_action("get_site_user")
    admins = helpers.call_action("member_list", id=scene.opd["id"], object_type="user",
                                 capacity="admin")
    assert [each[0] for each in admins] == [software["id"]]  # as after any command of the server
    give(software, "walidata")
    assert software["id"] not in holders(Role.PRODUSEN_DATA)
    assert software["id"] not in holders(Role.WALIDATA)
    helpers.call_action("organization_member_create", {"user": software["name"]},
                        id=WALIDATA, username=software["name"], role="admin")
    here = Subject(scene.opd["id"], "statistik")
    for permission in Permission:
        assert software["id"] not in permitted(permission, here), permission
    brought = helpers.call_action(
        "package_create", {"user": software["name"]}, **COMPLETE, title="Bawaan",
        owner_org=scene.opd["id"])
    seen = helpers.call_action("satudata_submission_show", id=brought["id"])
    call("satudata_submission_transition", scene.author, id=seen["id"], transition="ajukan",
         expected_version=seen["version"])
    seen = call("satudata_submission_show", scene.inspector, id=seen["id"])
    assert software["id"] in seen["editors"]
    for step in ("periksa", "kembalikan"):
        seen = call("satudata_submission_transition", scene.inspector, id=seen["id"],
                    transition=step, expected_version=seen["version"], note="Belum.")
    drain_all()
    assert heard(scene.author)
    assert not model.Session.scalar(sa.select(sa.func.count()).select_from(Notice).where(
        Notice.user_id == software["id"]))


def test_walidata_pendukung_hears_of_their_opd_only(scene: Scene) -> None:
    here, there = factories.User(), factories.User()
    give(here, "walidata_pendukung", scene.opd["id"])
    give(there, "walidata_pendukung", helpers.call_action("organization_show", id="dinsos")["id"])
    scene.handed_in()
    drain_all()
    assert [kind for kind, _ in heard(here)] == ["tugas"]
    assert heard(there) == []


def test_the_author_hears_of_return_with_its_reason_and_the_opd_of_the_task(scene: Scene) -> None:
    scene.inspected()
    scene.step(scene.inspector, "kembalikan", note="Satuan kolom **C** keliru.")
    drain_all()
    told = notices_of(scene.author)[0]
    assert told["kind"] == "dikembalikan"
    assert told["note"] == "Satuan kolom **C** keliru."
    assert told["by"] == "Pemeriksa Satu"
    assert told["url"].endswith(f"/pengajuan/{scene.submission['id']}")
    assert heard(scene.colleague)[0] == ("tugas", "Perlu diperbaiki: Balita stunting 2025")
    assert "dikembalikan" not in [kind for kind, _ in heard(scene.inspector)]


def test_approval_publication_and_withdrawal_reach_the_author(scene: Scene) -> None:
    scene.approved()
    assert heard(scene.author)[0] == ("disetujui", "Disetujui: Balita stunting 2025")
    assert heard(scene.second)[0] == ("tugas", "Siap diterbitkan: Balita stunting 2025")
    scene.step(scene.second, "terbitkan")
    drain_all()
    assert heard(scene.author)[0] == ("terbit", "Terbit: Balita stunting 2025")
    scene.step(scene.second, "tarik", note="Salah unggah.")
    drain_all()
    assert heard(scene.author)[0] == ("ditarik", "Ditarik dari publik: Balita stunting 2025")
    assert heard(scene.colleague)[0][0] == "ditarik"


def test_data_prioritas_goes_through_the_pembina_and_back_through_the_walidata(
    scene: Scene,
) -> None:
    scene.inspected(prioritas_tahun=["2026"], kriteria_prioritas="sdgs")
    scene.step(scene.inspector, "setujui")
    drain_all()
    assert scene.submission["state"] == "diperiksa_pembina"
    assert heard(scene.pembina) == [
        ("tugas", "Menunggu pemeriksaan Pembina Data: Balita stunting 2025")]
    before = heard(scene.author)
    scene.step(scene.pembina, "kembalikan", note="Definisi belum sesuai.")
    drain_all()
    assert heard(scene.author) == before, "the walidata conveys it (art. 35)"
    assert heard(scene.inspector)[0] == (
        "tugas", "Dikembalikan Pembina Data: Balita stunting 2025")
    scene.step(scene.inspector, "minta_periksa_ulang", note="Definisinya sudah sesuai SDS.")
    drain_all()
    assert heard(scene.pembina)[0] == ("tugas", "Perlu diperiksa ulang: Balita stunting 2025")
    for producer in (scene.author, scene.colleague):
        assert heard(producer)[0] == (
            "kabar", "Diperiksa ulang Pembina Data: Balita stunting 2025")


def test_whoever_takes_over_hears_and_whoever_hands_over_does_not(scene: Scene) -> None:
    scene.inspected()
    before = heard(scene.inspector)
    scene.step(scene.inspector, "alihkan", inspector=scene.second["name"])
    drain_all()
    assert heard(scene.second)[0] == ("tugas", "Diserahkan kepada Anda: Balita stunting 2025")
    assert heard(scene.inspector) == before


def test_the_opd_confirms_what_the_walidata_typed_and_the_typist_hears_of_it(
    scene: Scene,
) -> None:
    scene.draft(by=scene.inspector)
    helpers.call_action("package_patch", {"user": scene.inspector["name"]},
                        id=scene.dataset["id"], notes="Diketik lagi.")
    drain_all()
    for producer in (scene.author, scene.colleague):
        assert heard(producer) == [("tugas", "Perlu dikonfirmasi: Balita stunting 2025")]
    assert heard(scene.inspector) == [] and heard(scene.second) == []
    scene.step(scene.colleague, "konfirmasi")
    drain_all()
    assert heard(scene.inspector) == [("kabar", "Sudah dikonfirmasi: Balita stunting 2025")]
    assert call("satudata_notice_list", scene.colleague)["unread"] == 0
    assert call("satudata_notice_list", scene.author)["unread"] == 1


def test_handled_twice_tells_once(scene: Scene) -> None:
    scene.handed_in()
    drain_all()
    model.Session.query(Message).filter(Message.kind == "transisi").update({"done_at": None})
    model.Session.commit()
    drain_all()
    assert len(heard(scene.inspector)) == 1
    mails = model.Session.query(Message).filter(Message.kind == "surel")
    assert len({message.key for message in mails}) == mails.count() == 2


def test_a_task_somebody_has_done_meanwhile_is_not_asked_for(scene: Scene) -> None:
    """A worker that was down tells late: not of what is over."""
    scene.handed_in()
    scene.step(scene.inspector, "periksa")
    drain_all()
    assert heard(scene.second) == []
    assert heard(scene.author) == [("kabar", "Mulai diperiksa: Balita stunting 2025")]


def test_what_was_asked_of_many_is_done_once_one_did_it(scene: Scene) -> None:
    scene.handed_in()
    drain_all()
    assert call("satudata_notice_list", scene.second)["unread"] == 1
    scene.step(scene.inspector, "periksa")
    drain_all()
    assert call("satudata_notice_list", scene.second)["unread"] == 0
    assert call("satudata_notice_list", scene.inspector)["unread"] == 0


def test_whoever_left_the_opd_hears_nothing_and_reads_no_title_any_more(scene: Scene) -> None:
    scene.inspected()
    scene.step(scene.inspector, "kembalikan", note="Rahasia.")
    drain_all()
    call("organization_member_delete", factories.Sysadmin(), id=scene.opd["id"],
         username=scene.author["name"])
    scene.step(scene.colleague, "ajukan")
    drain_all()
    told = notices_of(scene.author)
    assert [each["headline"] for each in told] == ["Pengajuan yang tidak lagi dapat Anda baca"] * 2
    assert {each["url"] for each in told} == {None}
    assert "Rahasia" not in str(told)
    assert "Balita" not in str(told)


def test_a_deleted_account_is_told_nothing(scene: Scene) -> None:
    scene.inspected()
    model.User.get(scene.author["name"]).delete()
    model.Session.commit()
    scene.step(scene.inspector, "kembalikan", note="Perbaiki.")
    drain_all()
    assert model.Session.query(Message).filter(
        Message.kind == "surel", Message.key.contains(scene.author["id"])).count() == 0


def test_a_notice_of_an_older_version_of_the_table_still_shows(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.handed_in()
    drain_all()
    monkeypatch.setattr("ckanext.satudata.domain.notices.TELLINGS", TELLINGS[:1])
    assert heard(scene.inspector) == [("tugas", "Pengajuan yang tidak lagi dapat Anda baca")]


def test_an_event_that_is_gone_or_of_no_submission_stops_nothing() -> None:
    outbox.put("transisi", "transisi:0", {"event_id": 0})
    event = record("peran", actor=None, transition="ajukan", to_state="diajukan")
    outbox.put("transisi", "transisi:x", {"event_id": event.id})
    model.Session.commit()
    assert outbox.drain() == 2


def test_what_a_person_reads_is_theirs_alone(scene: Scene) -> None:
    scene.handed_in()
    drain_all()
    mine: dict[str, Any] = notices_of(scene.inspector)[0]
    done = call("satudata_notice_read", scene.second, ids=[mine["id"]])
    assert done == {"changed": 0, "unread": 1}
    assert notices_of(scene.inspector)[0]["read"] is False
    assert call("satudata_notice_read", scene.inspector, ids=[mine["id"]])["unread"] == 0
    assert notices_of(scene.inspector)[0]["read"] is True
    assert call("satudata_notice_list", scene.inspector, unread=True)["results"] == []
