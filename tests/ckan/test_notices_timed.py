"""By the clock: releases to the minute and once, one reminder a day, one escalation a state."""
from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests import helpers
from flask import current_app
from notice_scene import WALIDATA, Scene, drain_all, heard, set_mail
from post_office import PostOffice, open_post_office

from ckanext.satudata.notices import digest
from ckanext.satudata.shared import outbox, scheduler
from ckanext.satudata.shared.audit import Event
from ckanext.satudata.workflow import escalation, service, timed

pytestmark = [
    pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins", "with_request_context"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", WALIDATA),
]
AUTHOR = "petugas@serangkab.go.id"
INSPECTOR = "pemeriksa@serangkab.go.id"
UTC = dt.timezone.utc
JAKARTA = dt.timezone(dt.timedelta(hours=7))
#: 07.00 WIB is midnight UTC.
SEVEN = dt.time(0, tzinfo=UTC)


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


def at_once(work: Callable[[], Any], times: int = 3) -> list[Any]:
    """Do the same in several threads with sessions of their own, as processes would."""
    model.Session.commit()
    app = current_app._get_current_object()
    found: list[Any] = []
    start = threading.Barrier(times)

    def run() -> None:
        try:
            with app.test_request_context():
                start.wait(30)
                found.append(work())
        except BaseException as error:
            found.append(error)
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(found) == times
    assert not [each for each in found if isinstance(each, BaseException)]
    return found


def scheduled(scene: Scene, when: str, title: str = "Balita stunting 2025") -> dict[str, Any]:
    scene.inspected(title=title)
    return scene.step(scene.inspector, "setujui", release_at=when)


def events(**wanted: Any) -> int:
    model.Session.rollback()
    return model.Session.query(Event).filter_by(**wanted).count()


def is_public(scene: Scene) -> bool:
    return not helpers.call_action("package_show", id=scene.dataset["id"])["private"]


def make_late(scene: Scene, due: dt.datetime) -> None:
    model.Session.execute(
        sa.text("UPDATE satudata_submission SET due_at = :due WHERE id = :id"),
        {"due": due, "id": scene.submission["id"]})
    model.Session.commit()


# ------------------------------------------------------------------ release


@pytest.mark.ckan_config("ckanext.satudata.zona_waktu", "Asia/Jayapura")
def test_a_release_comes_at_its_minute_of_the_installations_zone(scene: Scene) -> None:
    scheduled(scene, "2031-01-15T08:00")
    due = dt.datetime(2031, 1, 14, 23, 0, tzinfo=UTC)
    timed.release(due - dt.timedelta(seconds=1))
    assert not is_public(scene)
    timed.release(due)
    assert is_public(scene)
    shown = scene.submission
    assert shown["state"] == "terbit"
    assert shown["published_at"] == "2031-01-14T23:00:00+00:00"
    drain_all()
    assert heard(scene.author)[0] == ("terbit", "Terbit: Balita stunting 2025")
    assert events(transition="terbitkan", actor_id=None) == 1


@pytest.mark.ckan_config("ckanext.satudata.jam_rilis", "10:30")
def test_a_date_alone_means_the_configured_hour(scene: Scene) -> None:
    scheduled(scene, "2031-01-15")
    assert service.release_due(dt.datetime(2031, 1, 15, 3, 29, tzinfo=UTC)) == []
    assert service.release_due(dt.datetime(2031, 1, 15, 3, 30, tzinfo=UTC)) == [
        scene.submission["id"]]


def test_the_schedule_of_the_daftar_data_is_kept_without_another_word(scene: Scene) -> None:
    scene.inspected(jadwal_rilis="2031-01-15")
    scene.step(scene.inspector, "setujui")
    assert scene.submission["release_at"] == "2031-01-15T01:00:00+00:00"
    assert scene.submission["due_at"] is None, "it waits for nobody but the clock"
    assert service.release_due(dt.datetime(2031, 1, 15, 1, tzinfo=UTC))


def test_a_schedule_of_a_year_nobody_meant_hides_no_data(scene: Scene) -> None:
    scene.inspected(jadwal_rilis="2126-01-15")
    scene.step(scene.inspector, "setujui")
    assert scene.submission["release_at"] is None
    assert scene.submission["due_at"] is not None, "somebody is asked to publish it"


def test_a_release_missed_in_a_downtime_comes_late_and_is_never_skipped(scene: Scene) -> None:
    scheduled(scene, "2031-01-15T08:00")
    timed.release(dt.datetime(2031, 6, 1, tzinfo=UTC))
    assert is_public(scene)


def test_a_cancelled_approval_is_not_released(scene: Scene) -> None:
    scheduled(scene, "2031-01-15T08:00")
    scene.step(scene.inspector, "batalkan_persetujuan", note="Ada galat.")
    assert service.release_due(dt.datetime(2031, 2, 1, tzinfo=UTC)) == []
    assert not is_public(scene)


def test_any_number_of_schedulers_release_once(scene: Scene) -> None:
    ids = set()
    for number in range(4):
        ids.add(scheduled(scene, "2031-01-15T08:00", title=f"Data {number}")["id"])
    due = dt.datetime(2031, 1, 15, 1, tzinfo=UTC)
    released = at_once(lambda: service.release_due(due))
    assert sorted(each for one in released for each in one) == sorted(ids), "each by one of them"
    assert events(transition="terbitkan") == 4


def test_the_schedulers_own_loop_runs_the_release_in_one_process(scene: Scene) -> None:
    scheduled(scene, "2031-01-15T08:00")
    due = dt.datetime(2031, 1, 15, 1, tzinfo=UTC)
    task = {"satudata_rilis": scheduler.TASKS["satudata_rilis"]}
    ran = at_once(lambda: scheduler.run_due(due, task))
    assert [each for one in ran for each in one] == ["satudata_rilis"]
    assert is_public(scene)


def test_a_release_does_not_wait_for_somebody_who_holds_the_dataset(scene: Scene) -> None:
    scheduled(scene, "2031-01-15T08:00")
    due = dt.datetime(2031, 1, 15, 1, tzinfo=UTC)
    model.Session.commit()
    with model.meta.engine.connect() as other:
        other.execute(sa.text("SELECT 1 FROM satudata_submission FOR UPDATE"))
        assert service.release_due(due) == []
        other.rollback()
    assert len(service.release_due(due)) == 1


def test_one_release_that_fails_stops_no_other(scene: Scene) -> None:
    broken = scheduled(scene, "2031-01-15T08:00", title="Hilang")
    # What nothing in the portal does: the dataset is gone from the database.
    model.Session.execute(
        sa.text("UPDATE satudata_submission SET package_id = 'x', content_id = 'x' "
                "WHERE id = :id"), {"id": broken["id"]})
    model.Session.commit()
    whole = scheduled(scene, "2031-01-15T08:00", title="Utuh")
    due = dt.datetime(2031, 1, 15, 1, tzinfo=UTC)
    assert service.release_due(due) == [whole["id"]]
    assert service.release_due(due) == [], "tried again, still broken, nothing done twice"


# --------------------------------------------------------------- escalation


def test_what_is_late_too_long_goes_to_the_koordinator_once_per_state(scene: Scene) -> None:
    scene.handed_in()
    monday = dt.datetime(2031, 1, 6, 12, tzinfo=UTC)
    make_late(scene, monday - dt.timedelta(days=3, hours=-4, minutes=-59))  # Friday, 23.59 WIB
    assert escalation.escalate_due(monday) == []
    assert escalation.escalate_due(monday + dt.timedelta(days=3)) == [], "four working days"
    friday = monday + dt.timedelta(days=4)
    version = scene.submission["version"]
    assert escalation.escalate_due(friday) == [scene.submission["id"]]
    assert escalation.escalate_due(friday + dt.timedelta(days=30)) == []
    assert scene.submission["version"] == version, "whoever looks at it decides undisturbed"
    drain_all()
    assert heard(scene.koordinator) == [("eskalasi", "Lewat tenggat: Balita stunting 2025")]
    assert events(kind="eskalasi", actor_id=None, to_state="diajukan") == 1

    scene.step(scene.inspector, "periksa")
    make_late(scene, friday)
    assert escalation.escalate_due(friday + dt.timedelta(days=30)) == [scene.submission["id"]]
    assert events(kind="eskalasi") == 2


def test_any_number_of_schedulers_escalate_once(scene: Scene) -> None:
    scene.handed_in()
    make_late(scene, dt.datetime(2026, 1, 5, 16, 59, tzinfo=UTC))
    now = dt.datetime(2026, 2, 5, tzinfo=UTC)
    found = at_once(lambda: escalation.escalate_due(now))
    assert sum(len(each) for each in found) == 1
    assert events(kind="eskalasi") == 1


@pytest.mark.ckan_config("ckanext.satudata.eskalasi", "0")
def test_nought_means_that_nothing_is_escalated(scene: Scene) -> None:
    scene.handed_in()
    make_late(scene, dt.datetime(2026, 1, 5, tzinfo=UTC))
    assert escalation.escalate_due(dt.datetime(2027, 1, 5, tzinfo=UTC)) == []


@pytest.mark.ckan_config("ckanext.satudata.hari_libur", "2031-01-06..2031-01-10")
def test_days_off_escalate_nothing(scene: Scene) -> None:
    scene.handed_in()
    make_late(scene, dt.datetime(2031, 1, 3, 16, 59, tzinfo=UTC))
    assert escalation.escalate_due(dt.datetime(2031, 1, 10, 12, tzinfo=UTC)) == []
    assert escalation.escalate_due(dt.datetime(2031, 1, 17, 12, tzinfo=UTC)) != []


# ----------------------------------------------------------------- reminder


def next_monday() -> dt.datetime:
    """Return 07.00 WIB of a working day that is not over yet."""
    today = dt.datetime.now(JAKARTA).date()
    return dt.datetime.combine(today + dt.timedelta(days=7 - today.weekday()), SEVEN)


def remind(now: dt.datetime, office: PostOffice) -> list[str]:
    """Run the morning and return who was written to."""
    office.mails.clear()
    office.recipients.clear()
    digest.start_day(now)
    drain_all()
    return sorted(office.recipients)


def test_each_person_is_reminded_once_a_day_of_what_waits_for_them(
    scene: Scene, office: PostOffice
) -> None:
    scene.handed_in(title="Data satu")
    make_late(scene, dt.datetime.now(UTC) - dt.timedelta(days=1))
    scene.handed_in(title="Data dua")
    drain_all()
    monday = next_monday()
    assert remind(monday, office) == [
        "pemeriksa-dua@serangkab.go.id", INSPECTOR], "for nobody else anything waits"
    [sent] = office.to(INSPECTOR)
    assert sent["Subject"] == "2 data menunggu Anda, 1 lewat tenggat"
    for kind in ("plain", "html"):
        body = sent.get_body((kind,))
        assert body is not None
        text = body.get_content()
        assert text.index("Lewat tenggat") < text.index("Data satu") < text.index("Data dua")
        assert "Dinas Kesehatan" in text and "Menunggu pemeriksaan" in text
        assert "/tugas" in text and f"/pengajuan/{scene.submission['id']}" in text

    assert remind(monday + dt.timedelta(hours=3), office) == [], "once a day"
    assert len(remind(monday + dt.timedelta(days=1), office)) == 2


def test_the_morning_begins_at_seven_on_a_working_day(scene: Scene, office: PostOffice) -> None:
    scene.handed_in()
    drain_all()
    monday = next_monday()
    assert remind(monday - dt.timedelta(minutes=1), office) == []
    assert remind(monday - dt.timedelta(days=1), office) == [], "Sunday"
    assert remind(monday + dt.timedelta(hours=9), office) != [], "late after a downtime"


def test_a_day_off_has_no_morning(
    scene: Scene, office: PostOffice, ckan_config: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scene.handed_in()
    drain_all()
    monkeypatch.setitem(
        ckan_config, "ckanext.satudata.hari_libur", next_monday().date().isoformat())
    assert remind(next_monday(), office) == []


def test_drafts_are_nobodys_reminder_and_returned_data_is_its_opds(
    scene: Scene, office: PostOffice
) -> None:
    scene.draft(title="Masih ditulis")
    assert remind(next_monday(), office) == []
    scene.inspected(title="Kembali")
    scene.step(scene.inspector, "kembalikan", note="Perbaiki.")
    drain_all()
    assert remind(next_monday() + dt.timedelta(days=1), office) == [
        AUTHOR, "rekan@serangkab.go.id"]
    [sent] = office.to(AUTHOR)
    assert sent["Subject"] == "1 data menunggu Anda"
    assert "Masih ditulis" not in str(sent.get_body(("plain",)))


def test_whoever_wants_no_reminder_gets_none(scene: Scene, office: PostOffice) -> None:
    scene.handed_in()
    drain_all()
    set_mail(scene.inspector, ringkasan=False)
    assert remind(next_monday(), office) == ["pemeriksa-dua@serangkab.go.id"]


def test_any_number_of_schedulers_remind_once(scene: Scene, office: PostOffice) -> None:
    scene.handed_in()
    drain_all()
    office.recipients.clear()
    monday = next_monday()

    def morning() -> None:
        digest.start_day(monday)
        drain_all()

    at_once(morning)
    drain_all()
    assert sorted(office.recipients) == ["pemeriksa-dua@serangkab.go.id", INSPECTOR]


def test_a_reminder_of_yesterday_is_not_sent_today(scene: Scene, office: PostOffice) -> None:
    scene.handed_in()
    drain_all()
    office.recipients.clear()
    yesterday = dt.datetime.now(JAKARTA).date() - dt.timedelta(days=1)
    outbox.put(digest.DAY, f"{digest.DAY}:{yesterday}", {"day": yesterday.isoformat()})
    model.Session.commit()
    drain_all()
    assert office.recipients == []


def test_hundreds_of_tasks_are_counted_and_ten_named(scene: Scene, office: PostOffice) -> None:
    scene.handed_in()
    drain_all()
    model.Session.execute(sa.text(
        "INSERT INTO satudata_submission (id, package_id, content_id, package_type, title, "
        "owner_org, state, state_since, due_at, created, modified) "
        "SELECT 'x' || n, 'x' || n, 'x' || n, 'dataset', 'Salinan ' || n, owner_org, state, "
        "state_since, now() + interval '60 days', created, modified "
        "FROM satudata_submission, generate_series(1, 250) n"))
    model.Session.commit()
    remind(next_monday(), office)
    [sent] = office.to(INSPECTOR)
    assert sent["Subject"] == "251 data menunggu Anda"
    body = sent.get_body(("plain",))
    assert body is not None
    assert body.get_content().count("Salinan") == 10
    assert "dan 240 lainnya" in body.get_content()
