"""Both sides hear when a Berita Acara waits for them, is refused, or is final."""
from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from ckan import model
from desk_samples import WALIDATA_ORG, call, confirm, government, issued, submission
from notice_scene import drain_all
from post_office import PostOffice, open_post_office

from ckanext.satudata.shared import outbox

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "with_request_context"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", WALIDATA_ORG),
]
SIDES = {"walidata": ("wali", "wali2", "pendukung", "both"), "opd": ("officer", "head", "editor")}


@pytest.fixture
def people(clean_db: Any) -> SimpleNamespace:
    return government()


@pytest.fixture
def made(people: SimpleNamespace) -> dict[str, Any]:
    return issued(people, [submission(people, "Puskesmas", "disetujui")])


@pytest.fixture
def office(ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with open_post_office() as office:
        monkeypatch.setitem(ckan_config, "smtp.server", f"127.0.0.1:{office.port}")
        monkeypatch.setitem(ckan_config, "smtp.mail_from", "satudata@serangkab.go.id")
        yield office


def told(people: SimpleNamespace, name: str, unread: bool = True) -> list[str]:
    found = call("satudata_notice_list", getattr(people, name), unread=unread)
    return [each["headline"] for each in found["results"]
            if "berita acara" in each["headline"].lower()]


def drain() -> None:
    outbox.drain(500, kinds=["berita_acara"])
    model.Session.expire_all()


def test_whoever_must_confirm_hears_it_and_nobody_else(
    people: SimpleNamespace, made: dict[str, Any]
) -> None:
    drain()
    waiting = [f"Menunggu konfirmasi Anda: berita acara {made['number']}"]
    for name in ("wali2", "pendukung", "officer", "head", "editor", "both"):
        assert told(people, name) == waiting, name
    # Whoever issued it knows; members, watchers and other OPD need not act.
    for name in ("wali", "member", "pimpinan", "other", "pembina", "nobody", "root"):
        assert told(people, name) == [], name
    (notice,) = call("satudata_notice_list", people.head)["results"]
    assert notice["url"].endswith(f"/berita-acara/{made['id']}")
    assert "Dinas Kesehatan" in notice["text"]


def test_a_task_that_is_done_waits_for_nobody(
    people: SimpleNamespace, made: dict[str, Any]
) -> None:
    drain()
    confirm(made, people.head)
    drain()
    for name in ("officer", "head", "editor"):
        assert told(people, name) == [], name
    assert told(people, "wali2") != []
    confirm(made, people.wali)
    drain()
    final = [f"Berita acara {made['number']} dikonfirmasi kedua pihak"]
    for name in ("officer", "head", "wali2", "pendukung"):
        assert told(people, name) == final, name
    assert told(people, "wali") == []


def test_what_came_late_out_of_the_outbox_asks_nobody_for_what_is_done(
    people: SimpleNamespace, made: dict[str, Any]
) -> None:
    confirm(made, people.head)
    confirm(made, people.wali)
    drain()
    for name in ("officer", "wali2"):
        assert told(people, name) == [f"Berita acara {made['number']} dikonfirmasi kedua pihak"]


def test_a_refusal_and_its_reason_reach_the_walidata(
    people: SimpleNamespace, made: dict[str, Any]
) -> None:
    drain()
    call("satudata_berita_acara_refuse", people.head, id=made["id"], reason="Tenggat keliru.")
    drain()
    assert told(people, "officer") == []
    assert told(people, "wali2") == [f"Berita acara {made['number']} ditolak"]
    notice = call("satudata_notice_list", people.wali, unread=True)["results"][0]
    assert notice["note"] == "Tenggat keliru."


def test_who_lost_the_role_reads_no_word_of_it(
    people: SimpleNamespace, made: dict[str, Any]
) -> None:
    drain()
    call("organization_member_delete", people.root, id="dinkes",
         username=people.editor["name"])
    (notice,) = call("satudata_notice_list", people.editor)["results"]
    assert (notice["url"], notice["text"]) == (None, "")
    assert made["number"] not in notice["headline"]


def test_one_mail_each_with_the_way_to_the_document(
    people: SimpleNamespace, made: dict[str, Any], office: PostOffice
) -> None:
    drain_all()
    drain_all()
    (mail,) = office.to(model.User.get(people.head["id"]).email)
    assert mail["Subject"] == f"Menunggu konfirmasi Anda: berita acara {made['number']}"
    body = mail.get_body(("plain",))
    assert body is not None
    assert f"/berita-acara/{made['id']}" in body.get_content()
    assert "Buka berita acara" in body.get_content()
    assert office.to(model.User.get(people.member["id"]).email) == []
