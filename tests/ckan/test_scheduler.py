"""Timed tasks run when due, once, whatever the number of schedulers."""
from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from ckan import model
from sqlalchemy import text

from ckanext.satudata.shared import scheduler

pytestmark = pytest.mark.usefixtures("clean_db", "with_request_context")

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.timezone.utc)
HOUR = dt.timedelta(hours=1)


def task(name: str, ran: list[str], error: Exception | None = None) -> dict[str, scheduler.Task]:
    def run(now: dt.datetime) -> None:
        ran.append(name)
        if error:
            raise error

    return {name: scheduler.Task(name, HOUR, run)}


def test_a_task_runs_when_due_and_not_before() -> None:
    ran: list[str] = []
    tasks = task("tell", ran)
    assert scheduler.run_due(NOON, tasks) == ["tell"]
    assert scheduler.run_due(NOON + HOUR / 2, tasks) == []
    assert scheduler.run_due(NOON + HOUR, tasks) == ["tell"]
    assert ran == ["tell", "tell"]


def test_a_task_that_fails_holds_up_no_other() -> None:
    ran: list[str] = []
    tasks = {**task("bad", ran, RuntimeError("broken")), **task("good", ran)}
    assert scheduler.run_due(NOON, tasks) == ["bad", "good"]
    assert ran == ["bad", "good"]
    assert scheduler.run_due(NOON + HOUR / 2, tasks) == []


def test_a_clock_that_was_set_back_stops_no_task() -> None:
    ran: list[str] = []
    tasks = task("tell", ran)
    scheduler.run_due(NOON, tasks)
    assert scheduler.run_due(NOON - 24 * HOUR, tasks) == ["tell"]


@pytest.fixture
def another_scheduler() -> Iterator[None]:
    """Another process holding the lock: a connection of its own."""
    assert model.meta.engine is not None
    with model.meta.engine.connect() as other:
        other.execute(text("select pg_advisory_lock(:s, 0)"), {"s": scheduler.LOCK_SPACE})
        yield
        other.execute(text("select pg_advisory_unlock(:s, 0)"), {"s": scheduler.LOCK_SPACE})


@pytest.mark.usefixtures("another_scheduler")
def test_two_schedulers_run_a_task_once() -> None:
    ran: list[str] = []
    assert scheduler.run_due(NOON, task("tell", ran)) == []
    assert ran == []


def test_the_lock_is_free_after_a_run() -> None:
    scheduler.run_due(NOON, task("bad", [], RuntimeError("broken")))
    with scheduler.holding_lock() as got:
        assert got


def test_a_name_is_given_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "TASKS", {})
    scheduler.timed("tell", HOUR)(lambda now: None)
    with pytest.raises(ValueError, match="twice"):
        scheduler.timed("tell", HOUR)(lambda now: None)
    scheduler.timed("other", HOUR)(lambda now: None)
    with pytest.raises(ValueError, match="interval"):
        scheduler.timed("never", dt.timedelta(0))(lambda now: None)
