"""The pages of access: what the public sees, the desk, permissions, the log; and many at once."""
from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from access_scene import SETTINGS, TYPED, drain, forget_computers, mailing, send, soup
from at_once import at_once
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from restricted_world import ADDRESS, MARK, World, call, fixtures
from workflow_law import CONFLICT

from ckanext.satudata.access import requests
from ckanext.satudata.access.model import AccessGrant
from ckanext.satudata.access.request_model import AccessRequest
from ckanext.satudata.access.requests import today
from ckanext.satudata.shared.actor import actor_of
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.shared.refusals import said_by_ckan

Data = dict[str, Any]
DAY = dt.timedelta(days=1)
PAGE = "/dataset/penerima-bantuan"


world, settings = fixtures(SETTINGS, anew=forget_computers)


def asked(world: World, who: str, **more: Any) -> Data:
    """Ask with an account; what was asked before is taken back."""
    for row in model.Session.scalars(sa.select(AccessRequest).where(
            AccessRequest.user_id == world.people[who]["id"],
            AccessRequest.closed_at.is_(None))).all():
        send(world, f"/akses/permohonan/{row.id}/batalkan", who)
    made = call("satudata_access_request_create", world.people[who], id=world.id,
                **{**TYPED, **more})
    drain(world)
    return made


def links(page: Any) -> list[str]:
    return [each["href"] for each in page.select("a[href]")]


def test_everybody_reads_the_ground_and_finds_the_way_to_ask(world: World) -> None:
    for who in (None, "umum"):
        page = soup(world.get(PAGE, who))
        card = page.select_one(".sd-access")
        text = card.get_text(" ")
        for word in ("Terbatas", "pasal 17 huruf h", "045/UK/2026", "500/12/2026", "Minta akses"):
            assert word in text
        assert f"{PAGE}/minta-akses" in links(card)
        assert not [each for each in links(page) if "/download" in each or "/berkas" in each]
        assert f"{PAGE}/minta-akses" in links(page.select_one("#berkas"))
        assert page.select_one("#api") is None, "rows are restricted too"
        assert MARK not in str(page) and ADDRESS not in str(page)
        assert page.select_one("#api") is None, "its rows are not read without a key"
        assert "permohonan" not in page.select_one("aside").get_text().lower().replace(
            "permohonannya dikabulkan", ""), "how many ask is nobody's to count"


def test_who_may_open_finds_the_files_as_ever(world: World) -> None:
    page = soup(world.get(PAGE, "walidata"))
    assert [each for each in links(page) if "/download/" in each]
    assert not page.select_one(".sd-access .sd-btn--primary")
    assert "Dibatasi" not in page.select_one("#berkas").get_text()


def test_the_page_of_a_file_leads_to_the_form_or_to_the_file(world: World) -> None:
    for each in (world.file, world.link):
        path = f"{PAGE}/resource/{each['id']}"
        refused, opened = soup(world.get(path, "umum")), soup(world.get(path, "walidata"))
        assert f"{PAGE}/minta-akses" in links(refused)
        assert not [url for url in links(refused) if "/download" in url or "/berkas" in url]
        assert [url for url in links(opened) if "/download" in url or "/berkas" in url]
        assert f"{PAGE}/minta-akses" not in links(opened)


def test_open_data_has_no_card(world: World) -> None:
    made = call("package_show", None, id=world.id)
    open_ = {**made, "access_rights": "terbuka"}
    assert tk.h.satudata_access_basis(made) and tk.h.satudata_access_basis(open_) is None


def test_the_desk_is_in_the_menu_of_those_who_have_one(world: World) -> None:
    for who, there in (("ppid", True), ("walidata", True), ("produsen", True),
                       ("umum", False), ("sekretariat", False), ("pemerintah", False)):
        page = soup(world.get("/dataset/", who))
        assert ("/akses" in links(page)) is there, who
        for path in ("/akses/izin", "/akses/unduhan"):
            assert world.get(path, who).status_code == (200 if there else 403), (who, path)
    for path in ("/akses", "/akses/izin", "/akses/izin/beri", "/akses/unduhan"):
        assert "/user/login" in world.get(path).headers["Location"]


def test_what_is_late_stands_on_top_and_each_sees_their_own_part(world: World) -> None:
    first, second = asked(world, "umum"), asked(world, "tetangga")
    row = model.Session.get(AccessRequest, second["id"])
    row.due_at = row.due_at - 60 * DAY
    model.Session.commit()
    page = soup(world.get("/akses", "ppid"))
    shown = [each["href"] for each in page.select(".ak-row h3 a")]
    assert shown[0].endswith(second["id"]) and shown[-1].endswith(first["id"])
    assert "Lewat" in page.select_one(".ak-row").get_text()
    assert "1 permohonan lewat tenggat" in page.get_text()
    tasks = soup(world.get("/tugas", "ppid"))
    assert f"{len(shown)} permohonan akses menunggu jawaban Anda" in tasks.get_text()
    assert tasks.select_one('.sd-work a[href="/tugas"] .sd-count').text == str(len(shown))
    assert "menunggu jawaban Anda" not in soup(world.get("/tugas", "walidata")).get_text()
    reader = soup(world.get("/akses", "produsen"))
    assert len(reader.select(".ak-row")) == len(shown)
    own = soup(world.get("/akses", "umum"))
    assert "Permohonan saya" in own.select_one("h1").get_text()
    assert own.select_one(".ak-row h3 a")["href"].endswith(first["id"])
    assert second["id"] not in str(own)
    found = soup(world.get(f"/akses?q={row.number}", "ppid")).select(".ak-row")
    assert len(found) == 1
    for hostile in ("/akses?q=%25&bagian=x", "/akses?q=%01%E2%80%AE", "/akses?page=99999999",
                    "/akses?q=%00&page=-1", "/akses?bagian=selesai&page=abc"):
        assert world.get(hostile, "ppid").status_code == 200


def test_the_ppid_answers_on_the_page(world: World) -> None:
    made = asked(world, "umum")
    path = f"/akses/permohonan/{made['id']}"
    page = soup(world.get(path, "ppid"))
    form = page.select_one("form.ak-answer")
    assert len(form.select('input[name="grounds"]')) == 10, "the letters of art. 17"
    assert "045/UK/2026" in page.get_text() and TYPED["purpose"] in page.get_text()
    version = form.select_one('[name="expected_version"]')["value"]
    assert not soup(world.get(path, "walidata")).select("form.ak-answer")
    wrong = send(world, f"{path}/jawab", "ppid", step="tolak", reason="<b>Tidak</b>",
                 expected_version=version)
    assert wrong.status_code == 400
    page = soup(wrong)
    assert page.select_one("#field-grounds-err")
    assert page.select_one("#field-reason").get_text() == "<b>Tidak</b>"
    done = send(world, f"{path}/jawab", "ppid", step="tolak", reason="<b>Tidak</b>",
                grounds=["17h"], expected_version=version)
    assert done.status_code == 302
    told = world.get(path, "umum")
    assert "<b>Tidak</b>" not in told.text and "Pasal 17 huruf h" in told.text
    assert "keberatan" in told.text
    assert send(world, f"{path}/jawab", "ppid", step="tolak", reason="x", grounds=["17h"],
                expected_version="2").status_code == 409


def test_a_permission_is_given_and_taken_on_the_pages(world: World) -> None:
    typed = {"id": "penerima-bantuan", "kind": "user", "user": "tidak-ada", "reason": "",
             "until": "", "organization": "", "role": ""}
    wrong = send(world, "/akses/izin/beri", "ppid", **typed)
    assert wrong.status_code == 400
    page = soup(wrong)
    for field in ("user", "reason", "until"):
        assert page.select_one(f"#field-{field}-err"), field
    nobody = soup(send(world, "/akses/izin/beri", "ppid", **{**typed, "kind": "organization"}))
    assert nobody.select_one("#field-organization-err") and not nobody.select_one("#field-user-err")
    given = send(world, "/akses/izin/beri", "ppid", **{
        **typed, "user": "umum-x", "reason": "Penelitian.", "until": (today() + DAY).isoformat()})
    assert given.status_code == 302
    drain(world)
    assert world.get(world.download, "umum").status_code == 200
    listed = soup(world.get("/akses/izin", "walidata"))
    assert "Penelitian." in listed.get_text()
    assert not soup(world.get("/akses/izin", "produsen")).select("a[href$='/cabut']")
    cut = next(each for each in links(soup(world.get("/akses/izin", "ppid")))
               if each.endswith("/cabut"))
    assert world.get(cut, "umum").status_code in (403, 404)
    assert send(world, cut, "ppid", reason="").status_code == 400
    assert world.get(world.download, "umum").status_code == 200
    assert send(world, cut, "ppid", reason="Selesai.").status_code == 302
    assert world.get(world.download, "umum").status_code == 403
    assert "Penelitian." not in soup(world.get("/akses/izin", "ppid")).get_text()
    assert "Selesai." in soup(world.get("/akses/izin?semua=1", "ppid")).get_text()


def test_the_log_is_filtered_and_leaves_as_a_table_without_formulas(world: World) -> None:
    user = model.User.get("berizin-x")
    user.fullname = "=HYPERLINK(1)"
    model.Session.commit()
    call("satudata_access_grant_create", world.people["ppid"], id=world.id, user="berizin-x",
         reason="Audit.", until=(today() + DAY).isoformat())
    world.get(world.download, "berizin")
    world.get(world.download, "walidata")
    page = soup(world.get("/akses/unduhan", "ppid"))
    assert "=HYPERLINK(1)" in page.get_text() and "Pemeriksa" in page.get_text()
    some = soup(world.get("/akses/unduhan?akun=berizin-x&hak=izin", "ppid"))
    rows = some.select("tbody tr")
    assert rows and all("=HYPERLINK(1)" in each.get_text() for each in rows)
    assert soup(world.get("/akses/unduhan?mulai=2099-01-01", "ppid")).select(".sd-empty")
    assert world.get("/akses/unduhan?mulai=kemarin", "ppid").status_code == 400
    address = next(each for each in links(page) if ".csv" in each)
    table = list(csv.reader(io.StringIO(world.get(address, "ppid").text.lstrip("\ufeff"))))
    assert any("'=HYPERLINK(1)" in row for row in table)
    own = soup(world.get("/akses/unduhan", "produsen"))
    assert own.select("tbody tr") and not [each for each in links(own) if ".csv" in each]
    named = soup(world.get("/akses/unduhan?data=penerima-bantuan", "produsen"))
    address = next(each for each in links(named) if ".csv" in each)
    assert world.get(address, "produsen").status_code == 200


def test_every_form_carries_the_token_of_its_page(world: World) -> None:
    made = asked(world, "umum")
    for path, who in ((f"{PAGE}/minta-akses", "umum"), ("/akses/izin/beri", "ppid"),
                      (f"/akses/permohonan/{made['id']}", "ppid"),
                      (f"/akses/permohonan/{made['id']}", "umum")):
        forms = soup(world.get(path, who)).select('.primary form[method="post"]')
        assert forms, path
        for form in forms:
            assert form.select_one('input[name="_csrf_token"]'), path


# ------------------------------------------------------------------------------- many at once


def test_who_asks_at_once_gets_numbers_without_gap_or_double(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("umum", "tetangga"):
        send(world, f"/akses/permohonan/{asked(world, who)['id']}/batalkan", who)
    numbers = sa.select(AccessRequest.sequence).order_by(AccessRequest.sequence)
    before = model.Session.scalars(numbers).all()

    def ask(who: str | None, **more: Any) -> Callable[[], Any]:
        return lambda: call("satudata_access_request_create", world.people.get(who or ""),
                            id=world.id, **{**TYPED, "terms": True, **more})

    with mailing(monkeypatch):
        answers = at_once(world.app, [
            *(ask("umum") for _ in range(3)), *(ask("tetangga") for _ in range(3)),
            *(ask(None, email="bersama@kampus.ac.id") for _ in range(5))])
    refused = sum(number for text, number in answers.items() if "surel" in text)
    # One open request an account; three a day of one address.
    assert (answers["done"], answers[CONFLICT], refused) == (5, 4, 2), answers
    model.Session.rollback()
    assert model.Session.scalars(numbers).all() == [*range(1, len(before) + 6)]


@pytest.mark.parametrize("late", ["cancels", "is answered twice"])
def test_of_answers_at_once_one_counts_and_what_it_opens_is_open_once(
    world: World, late: str
) -> None:
    made = asked(world, "umum")
    until = (today() + 9 * DAY).isoformat()
    actor = actor_of(world.people["umum"]["name"])

    def answer(who: str, step: str, **more: Any) -> Callable[[], Any]:
        return lambda: call("satudata_access_request_answer", world.people[who], id=made["id"],
                            step=step, expected_version=1, **more)

    def cancel() -> None:
        with said_by_ckan():
            requests.cancel(made["id"], actor)

    given = [answer(who, "kabulkan", until=until) for who in ("ppid", "sysadmin")]
    refused = [answer(who, "tolak", grounds=["17h"], reason="Data pribadi.")
               for who in ("ppid", "sysadmin")]
    more = [cancel] * 3 if late == "cancels" else given
    answers = at_once(world.app, [*given, *refused, *more])
    row = model.Session.get(AccessRequest, made["id"], populate_existing=True)
    assert row is not None
    assert row.version == 2 and row.state in ("dikabulkan", "ditolak", "dibatalkan")
    assert answers[CONFLICT] == sum(answers.values()) - 1, answers
    grants = model.Session.scalars(sa.select(AccessGrant.id).where(
        AccessGrant.request_id == row.id)).all()
    assert grants == ([row.grant_id] if row.state == "dikabulkan" else [])
    steps = model.Session.scalars(sa.select(Event.transition).where(
        Event.data["request"].astext == row.id, Event.to_state.is_not(None))).all()
    assert len(steps) == 2, steps


def test_a_permission_given_and_taken_back_at_once_is_one(world: World) -> None:
    who = factories.User()
    named = {"id": world.id, "user": who["name"], "reason": "Skripsi.", "until": world.soon}
    answers = at_once(world.app, [
        lambda: call("satudata_access_grant_create", world.people["ppid"], **named)] * 5)
    assert answers.pop("done") == 1 and len(answers) == 1 and "sudah punya izin" in str(answers)
    given = call("satudata_access_grant_list", who, mine=True)["results"]
    answers = at_once(world.app, [
        lambda: call("satudata_access_grant_revoke", world.people["ppid"], id=given[0]["id"],
                     reason="Selesai.")] * 5)
    assert (answers["done"], sum(answers.values())) == (1, 5), answers
