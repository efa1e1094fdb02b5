"""What has to follow a commit follows it: woken soon, looked for anyway, forgotten at last."""
from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib import jobs
from ckan.lib.redis import connect_to_redis
from notice_scene import WALIDATA, Scene, call, drain_all, heard

from ckanext.satudata.notices import job
from ckanext.satudata.shared import outbox
from ckanext.satudata.shared.db import unit_of_work
from ckanext.satudata.shared.outbox import Message

pytestmark = [
    pytest.mark.usefixtures("clean_db", "with_plugins", "clean_queues", "with_request_context"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", WALIDATA),
]


@pytest.fixture(autouse=True)
def calm() -> Iterator[None]:
    """No worker asked yet, no handler of a test left behind."""
    connect_to_redis().delete(job._flag())
    before = dict(outbox.HANDLERS)
    yield
    outbox.HANDLERS.clear()
    outbox.HANDLERS.update(before)
    model.Session.rollback()


@pytest.fixture
def done() -> list[dict[str, Any]]:
    """What the handler of a kind ``coba`` was given."""
    found: list[dict[str, Any]] = []
    outbox.handles("coba")(found.append)
    return found


def queued() -> int:
    return len(jobs.get_queue().jobs)


def put(key: str, **payload: Any) -> None:
    outbox.put("coba", key, payload)


def test_a_commit_wakes_one_worker_however_many_commits_there_are(
    done: list[dict[str, Any]]
) -> None:
    for number in range(3):
        with unit_of_work():
            put(f"coba:{number}", n=number)
    assert queued() == 1
    assert done == [], "nothing is done in the request itself"
    assert job.drain_job() == 3
    assert [each["n"] for each in done] == [0, 1, 2]
    with unit_of_work():
        put("coba:3", n=3)
    assert queued() == 2, "what comes after that job began asks for the next"


def test_what_was_rolled_back_wakes_nobody(done: list[dict[str, Any]]) -> None:
    put("coba:0")
    model.Session.rollback()
    model.Session.execute(sa.text("SELECT 1"))
    model.Session.commit()
    assert queued() == 0
    assert not outbox.is_waiting()


def test_a_savepoint_is_no_commit(done: list[dict[str, Any]]) -> None:
    with unit_of_work():
        with model.Session.begin_nested():
            put("coba:0")
        assert queued() == 0
    assert queued() == 1


def test_a_queue_that_is_down_loses_nothing(
    done: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def down() -> None:
        raise ConnectionError("Valkey is down")

    monkeypatch.setattr(outbox, "_WAKERS", [down])
    with unit_of_work():
        put("coba:0", n=0)
    job.drain_in_time(dt.datetime.now(dt.timezone.utc))
    assert [each["n"] for each in done] == [0]


def test_a_message_is_put_once_and_done_once(done: list[dict[str, Any]]) -> None:
    with unit_of_work():
        put("coba:0", n=0)
        put("coba:0", n=1)
    assert outbox.drain() == 1
    with unit_of_work():
        put("coba:0", n=2)
    assert outbox.drain() == 0
    assert done == [{"n": 0}]


def test_one_message_that_fails_stops_no_other_and_waits_longer_each_time() -> None:
    @outbox.handles("coba")
    def handle(payload: dict[str, Any]) -> None:
        if payload["n"] == 0:
            raise RuntimeError("Rusak")

    with unit_of_work():
        put("coba:0", n=0)
        put("coba:1", n=1)
    waits = []
    for _ in range(3):
        before = dt.datetime.now(dt.timezone.utc)
        outbox.drain()
        [failed] = model.Session.query(Message).filter(Message.done_at.is_(None))
        waits.append(round((failed.not_before - before).total_seconds()))
        assert failed.error == "Rusak"
        failed.not_before = before
        model.Session.commit()
    assert waits == list(outbox.BACKOFF[:3])


def test_the_scheduler_spends_a_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[int] = []

    @outbox.handles("coba")
    def handle(payload: dict[str, Any]) -> None:
        worked.append(payload["n"])
        time.sleep(0.3)

    with unit_of_work():
        for number in range(3):
            put(f"coba:{number}", n=number)
    monkeypatch.setattr(job, "SECONDS", 0.2)
    job.drain_in_time(dt.datetime.now(dt.timezone.utc))
    assert worked == [0], "the rest waits for the worker or the next look"


def test_what_is_long_done_and_long_read_is_forgotten(clean_index: Any) -> None:
    scene = Scene()
    scene.handed_in()
    drain_all()
    call("satudata_notice_read", scene.inspector, all=True)
    now = dt.datetime.now(dt.timezone.utc)
    job.forget(now + job.KEPT - dt.timedelta(days=1))
    assert model.Session.query(Message).count() > 0
    with unit_of_work():
        outbox.put("lain", "lain:0", {})
    job.forget(now + job.READ_KEPT + dt.timedelta(days=1))
    assert [each.key for each in model.Session.query(Message)] == ["lain:0"], "not done: kept"
    assert heard(scene.inspector) == []
    assert len(heard(scene.second)) == 1, "not read: kept"


def test_what_was_put_off_to_the_end_and_failed_is_done_by_a_later_drain() -> None:
    ended: list[str] = []

    def finish() -> None:
        ended.append("tried")
        if len(ended) == 1:
            raise ConnectionError("the index is down")

    outbox.handles("coba")(lambda payload: outbox.at_end("coba", finish))
    with unit_of_work():
        put("satu")
        put("dua")
    assert outbox.drain(kinds=["coba"]) == 0
    rows = model.Session.scalars(sa.select(Message).where(Message.kind == "coba")).all()
    assert [each.done_at for each in rows] == [None, None]
    assert all("down" in (each.error or "") for each in rows)
    model.Session.execute(sa.update(Message).values(not_before=sa.func.now()))
    model.Session.commit()
    assert outbox.drain(kinds=["coba"]) == 2
    assert ended == ["tried", "tried"]
