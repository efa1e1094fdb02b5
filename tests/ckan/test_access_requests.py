"""Asking for restricted files: the story of a request, and what nobody can make of the form."""
from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from access_scene import (
    SETTINGS,
    TYPED,
    ask,
    body,
    drain,
    forget_computers,
    link,
    listening,
    mailing,
    proven,
    send,
    soup,
)
from bs4 import BeautifulSoup
from ckan import model
from ckan.plugins import toolkit as tk
from post_office import PostOffice
from restricted_world import ELSEWHERE, MARK, World, call, fixtures

from ckanext.satudata.access import reminders, request_limits
from ckanext.satudata.access.model import AccessGrant, Download
from ckanext.satudata.access.request_model import AccessRequest, AccessToken
from ckanext.satudata.access.requests import today
from ckanext.satudata.shared import moment
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.shared.outbox import Message

Data = dict[str, Any]
DAY = dt.timedelta(days=1)


world, settings = fixtures(SETTINGS, anew=forget_computers)


@pytest.fixture
def office(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with mailing(monkeypatch) as office:
        yield office


def request_of(email: str) -> AccessRequest:
    model.Session.rollback()
    return model.Session.scalars(
        sa.select(AccessRequest).where(AccessRequest.email == email)
        .order_by(AccessRequest.created_at.desc())).first()


def answer(world: World, row: AccessRequest, step: str, **more: Any) -> Data:
    return call("satudata_access_request_answer", world.people["ppid"], id=row.id, step=step,
                expected_version=row.version, **more)


def heard(world: World, who: str) -> list[str]:
    return [each["headline"] for each in
            call("satudata_notice_list", world.people[who], limit=100)["results"]]


def mine(world: World, who: str, **more: Any) -> AccessRequest:
    """Ask with an account; what was open before is taken back."""
    user = world.people[who]
    for row in model.Session.scalars(sa.select(AccessRequest).where(
            AccessRequest.user_id == user["id"], AccessRequest.closed_at.is_(None))).all():
        send(world, f"/akses/permohonan/{row.id}/batalkan", who)
    made = call("satudata_access_request_create", user, id=world.id, **{**TYPED, **more})
    drain(world)
    found = model.Session.get(AccessRequest, made["id"], populate_existing=True)
    assert found is not None
    return found


def test_a_stranger_asks_and_is_given_one_file_of_two_until_a_day(
    world: World, office: PostOffice
) -> None:
    email = "ani@kampus.ac.id"
    sent = ask(world, email)
    assert sent.status_code == 302
    page = world.get(sent.headers["Location"])
    row = request_of(email)
    assert row.number in page.text and "buka surel Anda" in page.text
    assert row.state == "menunggu_bukti" and row.due_at is None
    drain(world)
    assert not any(row.title in each for each in heard(world, "ppid")), "nobody stood up for it"

    [first] = office.to(email)
    path = link(first)
    for kind in ("plain", "html"):
        text = body(first, kind)
        assert path in text and row.number in text
        for typed in (TYPED["name"], TYPED["purpose"], TYPED["institution"]):
            assert typed not in text, "the form mails nobody's words to a stranger"
    assert world.get(path).status_code == 200
    assert request_of(email).state == "menunggu_bukti", "to look is not to prove"
    token = path.rpartition("/")[2]
    stored = str(model.Session.execute(sa.select(AccessToken)).all()) + str(
        model.Session.scalars(sa.select(Message.payload)).all())
    assert token not in stored

    assert send(world, f"{path}/buktikan").status_code == 302
    drain(world)
    row = request_of(email)
    assert row.state == "masuk" and row.due_at is not None
    assert heard(world, "ppid")[0] == f"Permohonan akses masuk: {row.title}"
    assert heard(world, "umum") == heard(world, "tetangga") == []

    until = (today() + 30 * DAY).isoformat()
    answer(world, row, "kabulkan_sebagian", files=[world.file["id"]], until=until,
           grounds=["17h"], reason="Berkas kedua memuat nama penerima.",
           conditions="Sebut sumbernya.")
    drain(world)
    told = body(office.to(email)[-1])
    for word in ("Dikabulkan sebagian", "Pasal 17 huruf h", "memuat nama penerima",
                 "Sebut sumbernya", "keberatan", "30 hari kerja"):
        assert word in told or word in str(office.to(email)[-1]["Subject"])
    path = link(office.to(email)[-1])
    page = world.get(path)
    assert "Sebut sumbernya." in page.text and page.headers["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page.headers["Cache-Control"]

    opened = world.get(f"{path}/berkas/{world.file['id']}")
    assert opened.status_code == 200 and MARK in opened.text
    assert world.file["url"].rpartition("/")[2] in opened.headers["Content-Disposition"]
    refused = world.get(f"{path}/berkas/{world.link['id']}")
    assert refused.status_code == 404 and ELSEWHERE not in str(refused.headers)
    row = request_of(email)
    line = model.Session.scalars(sa.select(Download).order_by(Download.id.desc())).first()
    assert (line.grant_id, line.user_id, line.right) == (row.grant_id, None, "izin")
    log = soup(world.get("/akses/unduhan", "ppid")).get_text(" ")
    assert "Ani Rahma" in log and row.number in log

    with moment_at(row, 31):
        over = world.get(f"{path}/berkas/{world.file['id']}")
        assert over.status_code == 404 and MARK not in over.text
        assert "sudah berakhir" in world.get(path).text


class moment_at:
    """Let the permission of a request have ended so many days ago, then give it back."""

    def __init__(self, row: AccessRequest, days: int) -> None:
        self.grant, self.days = row.grant_id, days

    def _move(self, days: int) -> None:
        model.Session.execute(sa.update(AccessGrant).where(AccessGrant.id == self.grant).values(
            since=AccessGrant.since + days * DAY, until=AccessGrant.until + days * DAY))
        model.Session.commit()

    def __enter__(self) -> None:
        self._move(-self.days)

    def __exit__(self, *_: object) -> None:
        self._move(self.days)


def test_a_refusal_names_its_ground_and_the_way_to_object(
    world: World, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(tk.config, "ckanext.satudata.akses.keberatan", "Sekda, setda@serang.go.id")
    path = proven(world, office, "budi@media.id")
    row = request_of("budi@media.id")
    with pytest.raises(tk.ValidationError) as refused:
        answer(world, row, "tolak")
    assert set(refused.value.error_dict) == {"grounds", "reason"}
    answer(world, row, "tolak", grounds=["17h", "17j"],
           reason="Memuat nama. Lihat [ini](https://x.id).")
    drain(world)
    mail = office.to("budi@media.id")[-1]
    assert mail["Subject"] == f"Ditolak: permohonan {row.number}"
    for kind in ("plain", "html"):
        said = body(mail, kind)
        assert "Pasal 17 huruf h" in said and "Sekda, setda@serang.go.id" in said
        assert "x.id" not in said
    page = world.get(path).text
    assert "Pasal 17 huruf j" in page and "Sekda" in page and "/berkas/" not in page
    with pytest.raises(tk.ValidationError) as late:
        answer(world, request_of("budi@media.id"), "kabulkan", until="2099-01-01")
    assert set(late.value.error_dict) & {"until", "conflict"}


def test_with_an_account_the_answer_opens_the_dataset_page(world: World) -> None:
    row = mine(world, "umum", files=[world.file["id"]])
    assert row.state == "masuk" and row.name and row.due_at
    assert heard(world, "ppid")[0] == f"Permohonan akses masuk: {row.title}"
    with pytest.raises(tk.ValidationError) as twice:
        call("satudata_access_request_create", world.people["umum"], id=world.id, **TYPED)
    assert row.number in twice.value.error_dict["message"][0]
    assert world.get(world.download, "umum").status_code == 403
    answer(world, row, "kabulkan", until=(today() + DAY).isoformat())
    drain(world)
    assert heard(world, "umum")[0] == f"Dikabulkan: {row.title}"
    assert "permohonan akses masuk" not in [
        each["headline"].lower() for each in call(
            "satudata_notice_list", world.people["ppid"], unread=True)["results"]
        if row.number in each["text"]], "what is answered waits for nobody"
    opened = world.get(world.download, "umum")
    assert opened.status_code == 200 and MARK in opened.text
    assert world.get(world.berkas, "umum").status_code == 403, "the other was not asked for"
    page = soup(world.get("/dataset/penerima-bantuan", "umum"))
    assert "sebagian berkasnya" in page.select_one(".sd-access").get_text()

    model.Session.rollback()
    grant = model.Session.get(AccessRequest, row.id, populate_existing=True).grant_id
    call("satudata_access_grant_revoke", world.people["ppid"], id=grant, reason="Disalahgunakan.")
    drain(world)
    assert heard(world, "umum")[0] == f"Izin Anda dicabut: {row.title}"
    assert world.get(world.download, "umum").status_code == 403


def test_the_ppid_takes_back_what_it_answered_whomever_it_names(world: World) -> None:
    row = mine(world, "sekretariat")
    answer(world, row, "kabulkan", until=(today() + DAY).isoformat())
    assert world.get(world.download, "sekretariat").status_code == 200
    row = model.Session.get(AccessRequest, row.id, populate_existing=True)
    call("satudata_access_grant_revoke", world.people["ppid"], id=row.grant_id, reason="Selesai.")
    assert world.get(world.download, "sekretariat").status_code == 403


def test_a_link_is_revoked_with_a_reason_that_its_holder_reads(
    world: World, office: PostOffice
) -> None:
    email = "dewi@lsm.or.id"
    path = proven(world, office, email)
    row = request_of(email)
    answer(world, row, "kabulkan", until=(today() + 30 * DAY).isoformat())
    drain(world)
    assert world.get(f"{path}/berkas/{world.link['id']}").status_code == 302
    grant = request_of(email).grant_id
    taken = send(world, f"/akses/izin/{grant}/cabut", "ppid", reason="Diteruskan ke pihak lain.")
    assert taken.status_code == 302
    drain(world)
    assert world.get(f"{path}/berkas/{world.file['id']}").status_code == 404
    assert "Diteruskan ke pihak lain." in world.get(path).text
    assert "Diteruskan ke pihak lain." in body(office.to(email)[-1])


def test_who_may_read_and_answer(world: World, office: PostOffice) -> None:
    proven(world, office, "eka@kampus.ac.id")
    row = request_of("eka@kampus.ac.id")
    for who in ("ppid", "walidata", "produsen", "sysadmin"):
        shown = call("satudata_access_request_show", world.people[who], id=row.id)
        assert shown["purpose"] == TYPED["purpose"]
        assert (shown["requester"]["email"] == row.email) is (who != "produsen")
        assert ("tolak" in shown["actions"]) is (who in ("ppid", "sysadmin"))
        page = world.get(f"/akses/permohonan/{row.id}", who)
        assert page.status_code == 200
        assert (row.email in page.text) is (who != "produsen")
    for who in ("umum", "tetangga", "anggota", "pemerintah", "sekretariat"):
        with pytest.raises(tk.NotAuthorized):
            call("satudata_access_request_show", world.people[who], id=row.id)
        assert world.get(f"/akses/permohonan/{row.id}", who).status_code == 404
        listed = call("satudata_access_request_list", world.people[who], box="semua")
        assert row.id not in [each["id"] for each in listed["results"]]
    for who in ("walidata", "produsen", "umum", None):
        with pytest.raises(tk.NotAuthorized):
            call("satudata_access_request_answer", world.people[who] if who else None, id=row.id,
                 step="tolak", grounds=["17h"], reason="x", expected_version=1)
    late = send(world, f"/akses/permohonan/{row.id}/jawab", "walidata", step="tolak")
    assert late.status_code == 403 and request_of(row.email).state == "masuk"


def test_nobody_answers_their_own_request(world: World) -> None:
    row = mine(world, "ppid")
    with pytest.raises(tk.NotAuthorized):
        answer(world, row, "kabulkan", until=(today() + DAY).isoformat())


def test_numbers_have_no_gap_and_a_refused_form_takes_none(
    world: World, office: PostOffice
) -> None:
    ask(world, "satu@a.id")
    assert ask(world, "dua@a.id", purpose="x").status_code == 400
    ask(world, "tiga@a.id")
    model.Session.rollback()
    numbers = model.Session.scalars(
        sa.select(AccessRequest.sequence).order_by(AccessRequest.sequence)).all()
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize(("field", "value"), [
    ("email", "ani@kampus"), ("email", "a@b.id\r\nBcc: semua@b.id"), ("name", ""),
    ("institution", "a" * 201), ("purpose", "singkat"), ("purpose", "a" * 2001),
    ("files", ["tidak-ada"]), ("days", "9999"), ("terms", ""),
])
def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(
    world: World, office: PostOffice, field: str, value: Any
) -> None:
    answered = ask(world, "teguh@a.id", **{field: value})
    assert answered.status_code == 400
    page = soup(answered)
    assert page.select_one(f"#field-{field}-err") or field == "files"
    if field != "purpose":
        assert page.select_one("#field-purpose").get_text() == TYPED["purpose"]
    assert request_of("teguh@a.id") is None


def test_the_buttons_of_a_personal_link_work_over_https_for_who_is_logged_in(
    world: World, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser that is told to send no referrer at all has its forms refused over https."""
    assert ask(world, "aman@a.id").status_code == 302
    drain(world)
    path = link(office.to("aman@a.id")[-1])
    monkeypatch.setitem(world.app.flask_app.config, "WTF_CSRF_ENABLED", True)
    user = model.User.get("umum-x")
    user.password = "rahasia-sekali-123"
    model.Session.commit()
    browser = world.app.test_client()
    portal = "https://portal.test"

    def token(page: Any) -> str:
        found = BeautifulSoup(page.text, "html.parser").select_one("input[name=_csrf_token]")
        assert found is not None
        return found["value"]

    browser.post("/user/login", base_url=portal, headers={"Referer": portal},
                 follow_redirects=False, data={
        "login": "umum-x", "password": "rahasia-sekali-123",
        "_csrf_token": token(browser.get("/user/login", base_url=portal))})
    page = browser.get(path, base_url=portal)
    assert "umum-x" in page.text and page.headers["X-Frame-Options"] == "DENY"
    referrer = {"no-referrer": {}, "strict-origin": {"Referer": f"{portal}/"}}[
        page.headers["Referrer-Policy"]]
    pressed = browser.post(f"{path}/buktikan", base_url=portal, follow_redirects=False,
                           data={"_csrf_token": token(page)}, headers=referrer)
    assert pressed.status_code == 302 and request_of("aman@a.id").state == "masuk"


def test_no_log_says_the_address_of_a_personal_link(
    world: World, office: PostOffice, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask(world, "catatan@a.id")
    drain(world)
    path = link(office.to("catatan@a.id")[-1])
    listening(caplog, monkeypatch)
    assert world.get(path).status_code == 200
    assert "/akses/permohonan/… render" in caplog.text
    assert path.rpartition("/")[2] not in caplog.text


def test_a_machine_that_fills_in_everything_sends_nothing(
    world: World, office: PostOffice
) -> None:
    assert ask(world, "bot@a.id", situs_web="https://spam.id").status_code == 400
    assert request_of("bot@a.id") is None


def test_too_much_is_refused_in_words(
    world: World, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(request_limits.PER_ADDRESS):
        assert ask(world, "Sering@a.id").status_code == 302
    refused = ask(world, "sering@A.ID")
    assert refused.status_code == 429 and "batas hari ini" in refused.text
    monkeypatch.setattr(request_limits, "PER_DATASET", 1)
    refused = ask(world, "lain@a.id")
    assert refused.status_code == 429 and "masuk dengan akun" in refused.text
    monkeypatch.setattr(request_limits, "PER_COMPUTER", 1)
    refused = ask(world, "baru@a.id")
    assert refused.status_code == 429 and "jaringan Anda" in refused.text
    drain(world)
    assert len(office.to("Sering@a.id")) == request_limits.PER_ADDRESS
    assert office.to("baru@a.id") == []


def test_an_address_with_an_account_is_asked_to_prove_itself_like_any_other(
    world: World, office: PostOffice
) -> None:
    known = model.User.get("umum-x").email
    seen = [ask(world, email).headers["Location"].partition("?")[0]
            for email in (known, "tanpa-akun@a.id")]
    assert seen[0] == seen[1]
    drain(world)
    assert request_of(known).user_id is None
    assert [each["Subject"].partition(":")[0] for each in (
        office.to(known)[-1], office.to("tanpa-akun@a.id")[-1])] == [
            "Buktikan alamat surel Anda"] * 2


def test_without_mail_nobody_is_promised_an_answer(world: World) -> None:
    assert ask(world, "percuma@a.id").status_code == 400
    page = world.get(f"/dataset/{world.id}/minta-akses").text
    assert "belum mengirim surel" in page and "<textarea" not in page
    assert request_of("percuma@a.id") is None


@pytest.mark.parametrize("path", [
    "/akses/permohonan/" + "a" * 43, "/akses/permohonan/" + "a" * 42,
    "/akses/permohonan/" + "%00" * 43, "/akses/permohonan/" + "a" * 43 + "/berkas/x",
    "/dataset/tidak-ada/minta-akses"])
def test_a_wrong_link_leads_nowhere(world: World, path: str) -> None:
    assert world.get(path).status_code == 404


def test_what_is_not_restricted_is_not_asked_for(world: World) -> None:
    with pytest.raises(tk.ObjectNotFound):
        call("satudata_access_request_create", None, id="tidak-ada", **TYPED, email="a@b.id")
    draft = call("package_create", world.people["produsen"], title="Draf", name="draf-terbatas",
                 owner_org=world.org["id"], access_rights="terbatas")
    with pytest.raises(tk.ObjectNotFound):
        call("satudata_access_request_create", world.people["umum"], id=draft["id"], **TYPED)
    assert world.get("/dataset/draf-terbatas/minta-akses").status_code == 404


def test_the_clock_tells_once_and_forgets_whom_nobody_stood_up_for(
    world: World, office: PostOffice
) -> None:
    row = mine(world, "umum")
    ask(world, "lupa@a.id")
    drain(world)
    due = row.due_at
    for when, word in ((due - DAY, "Segera jatuh tempo"), (due + 2 * DAY, "Lewat tenggat")):
        for _ in range(2):
            reminders.look(when)
            drain(world)
        for who in ("ppid", "walidata"):
            said = f"{word}: permohonan {row.number}"
            assert heard(world, who).count(said) == 1
        assert not any(row.number in each for each in heard(world, "produsen"))
    gone = model.Session.scalars(sa.select(AccessRequest).where(
        AccessRequest.email == "lupa@a.id")).first()
    assert gone is None, "after a week the address is forgotten"
    kept = model.Session.scalars(sa.select(AccessRequest).where(
        AccessRequest.state == "dibatalkan", AccessRequest.name == "")).all()
    assert kept and all(each.number and not each.purpose for each in kept)
    text = str([(each.note, each.data) for each in model.Session.scalars(
        sa.select(Event).where(Event.kind == "akses"))])
    assert "lupa@a.id" not in text and TYPED["purpose"] not in text


def test_time_is_taken_once_with_a_reason(world: World) -> None:
    row = mine(world, "umum")
    due = row.due_at
    answer(world, row, "perpanjang", reason="Menunggu pertimbangan Forum.")
    drain(world)
    row = model.Session.get(AccessRequest, row.id, populate_existing=True)
    assert row.state == "diperpanjang" and row.due_at > due + 7 * DAY
    assert heard(world, "umum")[0].startswith("Waktu jawaban diperpanjang")
    with pytest.raises(tk.ValidationError) as twice:
        answer(world, row, "perpanjang", reason="Lagi.")
    assert twice.value.error_dict["conflict"] == "state"


def test_what_was_seen_is_what_is_answered(world: World) -> None:
    row = mine(world, "umum")
    answer(world, row, "perpanjang", reason="Menunggu.")
    with pytest.raises(tk.ValidationError) as stale:
        call("satudata_access_request_answer", world.people["ppid"], id=row.id, step="tolak",
             grounds=["17h"], reason="x", expected_version=1)
    assert "berubah sejak" in stale.value.error_dict["message"][0]


def test_holders_and_who_tests_consequences_hear_in_time(
    world: World, office: PostOffice
) -> None:
    path = proven(world, office, "fajar@a.id")
    row = request_of("fajar@a.id")
    until = today() + 20 * DAY
    answer(world, row, "kabulkan", until=until.isoformat())
    drain(world)
    now = moment.now()
    for _ in range(2):
        reminders.look(now + 15 * DAY)
        drain(world)
    mails = [each for each in office.to("fajar@a.id") if "segera berakhir" in each["Subject"]]
    assert len(mails) == 1 and world.get(path).status_code == 200

    ended = (today() + 10 * DAY).isoformat()
    package = model.Package.get(world.id)
    package.extras = {**package.extras, "uji_konsekuensi": json.dumps([
        {"nomor": "045/UK/2026", "tanggal": "2026-01-12", "berlaku_sampai": ended}])}
    model.Session.commit()
    for _ in range(2):
        reminders.look(now)
        drain(world)
    for who in ("ppid", "produsen"):
        assert heard(world, who).count("Uji konsekuensi berakhir: Penerima bantuan") == 1
    assert "Uji konsekuensi berakhir: Penerima bantuan" not in heard(world, "umum")
