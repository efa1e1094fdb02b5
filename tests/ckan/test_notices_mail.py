"""Mail through CKAN's mailer and a real SMTP server: once each, safe, and never lost."""
from __future__ import annotations

import datetime as dt
import socket
import threading
from collections.abc import Iterator
from typing import Any

import ckan.plugins as p
import pytest
import sqlalchemy as sa
from ckan import model
from flask import current_app
from notice_scene import WALIDATA, Scene, drain_all, heard, set_mail
from post_office import PostOffice, open_post_office

from ckanext.satudata.cli import satudata
from ckanext.satudata.notices import telling
from ckanext.satudata.shared import mail, outbox
from ckanext.satudata.shared.outbox import Message

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins", "with_request_context"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", WALIDATA),
]

AUTHOR = "petugas@serangkab.go.id"
INSPECTOR = "pemeriksa@serangkab.go.id"


@pytest.fixture
def office(ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    with open_post_office() as office:
        monkeypatch.setitem(ckan_config, "smtp.server", f"127.0.0.1:{office.port}")
        monkeypatch.setitem(ckan_config, "smtp.mail_from", "satudata@serangkab.go.id")
        yield office


@pytest.fixture
def scene() -> Iterator[Scene]:
    yield Scene()
    model.Session.rollback()


def waiting(kind: str = "surel") -> list[Message]:
    model.Session.rollback()
    return list(model.Session.query(Message).filter(
        Message.kind == kind, Message.done_at.is_(None)).order_by(Message.id))


def its_time_again() -> None:
    model.Session.query(Message).update({"not_before": dt.datetime.now(dt.timezone.utc)})
    model.Session.commit()


def test_a_return_is_mailed_in_text_and_html_with_a_link_and_its_deadline(
    scene: Scene, office: PostOffice
) -> None:
    scene.inspected()
    office.mails.clear(), office.recipients.clear()
    scene.step(scene.inspector, "kembalikan", note="Satuan keliru, lihat [sini](https://x.id/y).")
    drain_all()
    [sent] = office.to(AUTHOR)
    assert sent["Subject"] == "Perlu diperbaiki: Balita stunting 2025"
    assert sent["To"] == f"Petugas Data <{AUTHOR}>"
    assert sent["Auto-Submitted"] == "auto-generated"
    address = f"http://127.0.0.1/pengajuan/{scene.submission['id']}".split("/", 3)[3]
    for kind in ("plain", "html"):
        body = sent.get_body((kind,))
        assert body is not None
        text = body.get_content()
        assert address in text and "://" in text
        assert "Satuan keliru, lihat sini." in text
        assert "x.id" not in text
        assert "Tenggat: " in text
        assert "/pemberitahuan/atur" in text
        assert "orang" not in text, "nothing of the content but its title"
    plain = sent.get_body(("plain",))
    assert plain is not None and "&" not in plain.get_content()
    assert len(office.to(INSPECTOR)) == 0


@pytest.mark.ckan_config("ckan.locale_default", "en")
def test_the_mail_speaks_the_portals_language(scene: Scene, office: PostOffice) -> None:
    scene.inspected()
    scene.step(scene.inspector, "kembalikan", note="Wrong unit.")
    drain_all()
    assert office.to(AUTHOR)[-1]["Subject"] == "To be mended: Balita stunting 2025"


@pytest.mark.parametrize("title", [
    "Stunting\r\nBcc: semua@example.org\r\n\r\nIsi palsu",
    "Stunting\u2028Bcc: semua@example.org",
    "Stunting <script>alert(1)</script>",
    "Stunting é — “2025” 数据" + "x" * 900,
])
def test_a_hostile_title_stays_a_title(scene: Scene, office: PostOffice, title: str) -> None:
    scene.handed_in()
    model.Session.execute(sa.text(
        "UPDATE satudata_submission SET title = :title"), {"title": title})
    model.Session.commit()
    drain_all()
    [sent] = office.to(INSPECTOR)
    assert sent["Bcc"] is None
    assert office.recipients.count(INSPECTOR) == 1
    assert set(office.recipients) == {INSPECTOR, "pemeriksa-dua@serangkab.go.id"}
    assert sent["Subject"].startswith("Menunggu pemeriksaan: Stunting")
    assert len(sent["Subject"].splitlines()) == 1
    html = sent.get_body(("html",))
    assert html is not None and "<script>" not in html.get_content()


def test_a_name_with_a_line_break_is_no_header(scene: Scene, office: PostOffice) -> None:
    user = model.User.get(scene.inspector["name"])
    user.fullname = "Pemeriksa\nBcc: semua@example.org"
    model.Session.commit()
    scene.handed_in()
    drain_all()
    [sent] = office.to(INSPECTOR)
    assert sent["Bcc"] is None


def test_settings_are_honoured(scene: Scene, office: PostOffice) -> None:
    set_mail(scene.inspector, tugas=False)
    scene.handed_in()
    drain_all()
    assert office.to(INSPECTOR) == []
    assert len(office.to("pemeriksa-dua@serangkab.go.id")) == 1
    assert len(heard(scene.inspector)) == 1, "the portal still tells"


def test_a_crash_before_the_mail_loses_nothing(
    scene: Scene, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies after the commit of the transition, and again while it tells."""
    scene.handed_in()
    assert office.mails == [] and len(waiting("transisi")) == 1

    def die(*_: Any) -> None:
        raise SystemExit("killed")

    with monkeypatch.context() as patch:
        patch.setattr(telling, "channels", die)
        with pytest.raises(SystemExit):
            outbox.drain()
    model.Session.rollback()
    assert heard(scene.inspector) == [] and waiting() == [], "told whole or not at all"
    drain_all()
    assert len(office.to(INSPECTOR)) == 1


def test_a_crash_after_the_mail_sends_at_most_once_more_with_the_same_id(
    scene: Scene, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_mail(scene.second, tugas=False)
    scene.handed_in()
    outbox.drain(kinds=["transisi"])
    send = mail.send

    def send_and_die(*args: Any) -> None:
        send(*args)
        raise SystemExit("killed between mail and mark")

    with monkeypatch.context() as patch:
        patch.setattr(mail, "send", send_and_die)
        with pytest.raises(SystemExit):
            outbox.drain()
    model.Session.rollback()
    drain_all()
    drain_all()
    first, second = office.to(INSPECTOR)
    assert first["Message-ID"] == second["Message-ID"], "mail programs drop the copy"


def test_two_drains_at_once_send_once(scene: Scene, office: PostOffice) -> None:
    for number in range(4):
        scene.handed_in(title=f"Data {number}")
    outbox.drain(kinds=["transisi", "indeks"])
    assert len(waiting()) == 8
    model.Session.commit()
    app = current_app._get_current_object()
    failed: list[BaseException] = []

    def drain() -> None:
        try:
            with app.test_request_context():
                outbox.drain()
        except BaseException as error:
            failed.append(error)
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=drain) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert socket.getdefaulttimeout() is None, "the limit of the mailer is no other socket's"
    assert sorted(office.recipients) == sorted(
        [INSPECTOR, "pemeriksa-dua@serangkab.go.id"] * 4)
    assert waiting() == []


def test_a_server_that_refuses_is_tried_again_and_its_reason_is_seen(
    scene: Scene, office: PostOffice
) -> None:
    set_mail(scene.second, tugas=False)
    scene.handed_in()
    office.refuses = "451 Coba nanti"
    drain_all()
    [message] = waiting()
    assert message.attempts == 1
    assert "451" in (message.error or "")
    assert message.not_before > dt.datetime.now(dt.timezone.utc)
    assert office.mails == []
    assert len(heard(scene.inspector)) == 1, "the portal told all the same"

    office.refuses = None
    drain_all()
    assert office.mails == [], "not before its time"
    its_time_again()
    drain_all()
    assert len(office.to(INSPECTOR)) == 1
    assert waiting() == []


def test_a_mail_that_comes_late_asks_nobody_to_do_what_is_done(
    scene: Scene, office: PostOffice
) -> None:
    scene.handed_in()
    office.refuses = "451 Coba nanti"
    drain_all()
    scene.step(scene.second, "periksa")
    office.refuses = None
    its_time_again()
    drain_all()
    assert office.recipients == []
    assert waiting() == []


def test_a_server_that_is_down_is_tried_again(
    scene: Scene, office: PostOffice, ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_mail(scene.second, tugas=False)
    scene.handed_in()
    with monkeypatch.context() as patch:
        patch.setitem(ckan_config, "smtp.server", "127.0.0.1:9")
        drain_all()
    assert "could not be connected" in (waiting()[0].error or "")
    its_time_again()
    drain_all()
    assert len(office.to(INSPECTOR)) == 1


def test_one_address_that_fails_holds_up_no_other(
    scene: Scene, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = model.User.get(scene.inspector["name"])
    user.email = "bukan\nalamat@serangkab.go.id"
    model.Session.commit()
    scene.handed_in()
    drain_all()
    assert office.recipients == ["pemeriksa-dua@serangkab.go.id"]
    assert waiting() == []


def test_a_mail_nobody_took_for_days_is_given_up(
    scene: Scene, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_mail(scene.second, tugas=False)
    scene.handed_in()
    monkeypatch.setattr(mail, "LIFE", dt.timedelta(0))
    office.refuses = "550 Tidak ada"
    drain_all()
    assert waiting() == []
    [message] = model.Session.query(Message).filter(Message.kind == "surel")
    assert "Gave up" in message.error and "550" in message.error


def test_a_server_that_hangs_up_after_taking_the_mail_got_it_once(
    scene: Scene, office: PostOffice
) -> None:
    set_mail(scene.second, tugas=False)
    scene.handed_in()
    office.hangs_up = True
    drain_all()
    its_time_again()
    drain_all()
    assert len(office.to(INSPECTOR)) == 1
    assert waiting() == []


def test_a_server_that_says_nothing_is_not_waited_for(
    scene: Scene, ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    set_mail(scene.second, tugas=False)
    scene.handed_in()
    monkeypatch.setattr(mail, "SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setitem(
            ckan_config, "smtp.server", f"127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setitem(ckan_config, "smtp.mail_from", "satudata@serangkab.go.id")
        drain_all()
    assert "timed out" in (waiting()[0].error or "")
    assert socket.getdefaulttimeout() is None


def test_without_a_server_nothing_piles_up(scene: Scene) -> None:
    scene.handed_in()
    drain_all()
    assert waiting() == []
    assert len(heard(scene.inspector)) == 1


class Messenger(p.SingletonPlugin):
    """Delivers by other means than mail."""

    p.implements(p.INotifier, inherit=True)
    told: list[tuple[str, str]] = []

    def notify_recipient(
        self, already_notified: bool, recipient_name: str, recipient_email: str, subject: str,
        *_: Any,
    ) -> bool:
        self.told.append((recipient_email, subject))
        return True


@pytest.mark.provide_plugin("messenger", Messenger)
@pytest.mark.ckan_config("ckan.plugins", "satudata activity datastore scheming_datasets "
                         "scheming_organizations dcat structured_data harvest messenger")
def test_a_notifier_plugin_delivers_instead(scene: Scene, office: PostOffice) -> None:
    Messenger.told.clear()
    scene.handed_in()
    drain_all()
    assert (INSPECTOR, "Menunggu pemeriksaan: Balita stunting 2025") in Messenger.told
    assert office.mails == []


def test_no_mail_leaves_in_the_request_that_caused_it(scene: Scene, office: PostOffice) -> None:
    scene.handed_in()
    assert office.tried == 0
    assert [message.kind for message in waiting("transisi")] == ["transisi"]


def test_the_outbox_command_shows_what_failed_and_sends_it(
    scene: Scene, office: PostOffice, cli: Any
) -> None:
    set_mail(scene.second, tugas=False)
    scene.handed_in()
    office.refuses = "451 Coba nanti"
    drain_all()
    model.Session.commit()
    seen = cli.invoke(satudata, ["outbox", "status"])
    assert seen.exit_code == 0, seen.output
    assert "surel: 1 menunggu" in seen.output
    assert "(451, b'Coba nanti')" in seen.output

    office.refuses = None
    assert cli.invoke(satudata, ["outbox", "drain"]).exit_code == 1
    assert office.mails == []
    done = cli.invoke(satudata, ["outbox", "drain", "--retry"])
    assert done.exit_code == 0, done.output
    assert len(office.to(INSPECTOR)) == 1

