"""Timed tasks: a loop that asks PostgreSQL for the right to run, then runs what is due.

RQ's scheduler is one-shot and keeps its state in Valkey, so a lost Valkey would lose
every date. Here a task is code, when it last ran is in the database, and an advisory
lock makes sure that of any number of schedulers one runs it. A task must be
repeatable: it is run again when the process died in the middle.
"""
from __future__ import annotations

import datetime as dt
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import click
from sqlalchemy import text

__all__ = ["TASKS", "Task", "run_due", "scheduler", "timed"]

log = logging.getLogger(__name__)

#: First half of the two-key advisory lock ("SATU"); the second is 0 for the loop.
LOCK_SPACE = 0x53415455
POLL_SECONDS = 30.0
LAST_RUN = "ckanext.satudata.scheduler.{name}"


@dataclass(frozen=True)
class Task:
    """Something to do every so often.

    :param name: unique, kept in the database as the key of its last run
    :param every: how long after a run the next is due
    :param run: takes the time of the run (UTC, aware); an exception is logged and the task
        is tried again when next due
    """

    name: str
    every: dt.timedelta
    run: Callable[[dt.datetime], Any]


TASKS: dict[str, Task] = {}


def timed(name: str, every: dt.timedelta) -> Callable[[Callable], Callable]:
    """Register a function as a timed task, at import of its module."""
    def register(function: Callable[[dt.datetime], Any]) -> Callable:
        if name in TASKS:
            raise ValueError(f"Timed task {name!r} is registered twice")
        if every <= dt.timedelta(0):
            raise ValueError(f"Timed task {name!r} has no interval")
        TASKS[name] = Task(name, every, function)
        return function
    return register


@contextmanager
def holding_lock() -> Iterator[bool]:
    """Hold the schedulers' advisory lock for a while; False when another process has it.

    On a connection of its own: a task's commit or a broken session must not free it,
    the end of the process must.
    """
    assert model.meta.engine is not None
    with model.meta.engine.connect() as connection:
        got = connection.execute(
            text("select pg_try_advisory_lock(:space, 0)"), {"space": LOCK_SPACE}
        ).scalar()
        connection.commit()
        try:
            yield bool(got)
        finally:
            if got:
                connection.execute(text("select pg_advisory_unlock(:space, 0)"),
                                   {"space": LOCK_SPACE})
                connection.commit()


def run_due(now: dt.datetime, tasks: dict[str, Task] | None = None) -> list[str]:
    """Run every task that is due at ``now`` if no other process does; return the names run.

    When a task last began is written before it runs, so that one that kills the process
    does not do so again at once.
    """
    ran: list[str] = []
    with holding_lock() as got:
        if not got:
            return ran
        for task in (TASKS if tasks is None else tasks).values():
            if not _due(task, now):
                continue
            model.set_system_info(LAST_RUN.format(name=task.name), now.isoformat())
            ran.append(task.name)
            began = dt.datetime.now(dt.timezone.utc)
            try:
                task.run(now)
                model.Session.commit()
            except Exception:
                model.Session.rollback()
                log.exception("Timed task %s failed; it is tried again after %s",
                              task.name, task.every)
            else:
                took = (dt.datetime.now(dt.timezone.utc) - began).total_seconds()
                log.info("Timed task %s ran in %.1f s", task.name, took)
            finally:
                model.Session.remove()
    return ran


def _due(task: Task, now: dt.datetime) -> bool:
    stored = model.get_system_info(LAST_RUN.format(name=task.name))
    model.Session.rollback()
    try:
        last = dt.datetime.fromisoformat(str(stored))
    except ValueError:
        return True
    return last > now or now - last >= task.every  # a clock set back must not stop a task


@click.command()
@click.option("--once", is_flag=True, help="Run what is due now, then end.")
@click.option("--poll", type=click.FloatRange(0.1, 3600), default=POLL_SECONDS, show_default=True,
              help="Seconds between two looks.")
def scheduler(once: bool, poll: float) -> None:
    """Run timed tasks when they are due. Any number may run; one at a time works."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    click.echo(f"Scheduler runs, {len(TASKS)} timed tasks", err=True)
    while True:
        try:
            run_due(dt.datetime.now(dt.timezone.utc))
        except Exception:  # PostgreSQL restarted: the next look makes a new connection
            model.Session.remove()
            if once:
                raise
            log.exception("The scheduler could not look for due tasks; it tries again")
        if once or ended.wait(poll):
            return
