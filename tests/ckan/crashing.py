"""Work counted step by step: killed before the k-th, or overtaken there by somebody else.

A process that dies is forked: CKAN is loaded once, in the process of the tests, and each case is a
child of it with connections of its own. Steps are what others could see or what a lost process
leaves half done: statements and ends of transactions on both databases, requests to Solr and
Valkey, writes to the storage. Nothing in the product knows of this.
"""
from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch

import pysolr
import redis
import sqlalchemy as sa
from ckan import model
from ckan.lib import files
from ckan.lib.redis import connect_to_redis
from ckanext.datastore.backend import postgres
from sqlalchemy.engine import Engine

__all__ = ["Died", "Interrupted", "Place", "after", "at", "dying", "interrupted", "on"]

_PATIENCE = 120
#: Seconds another may work, who waits for no lock, before the first goes on.
_MANNERS = 5.0
_WRITES = ("upload", "move", "copy", "remove", "append", "compose")
_READS = ("stream", "content", "range")


class Died:
    """What a child did.

    :ivar steps: what it had done or begun, in order
    :ivar killed: whether it died on the way; if not, it did all of it
    """

    def __init__(self, steps: Sequence[str], killed: bool, error: str) -> None:
        self.steps, self.killed, self.error = list(steps), killed, error

    @property
    def before(self) -> str:
        """Say before which step it died."""
        return f"before {self.steps[-1]!r}" if self.killed else "at the end"

    def places(self) -> dict[Place, str]:
        """Return where the process may die: before each step, and at the end."""
        found: dict[Place, str] = {}
        commits, since = 0, 0
        for step in [*self.steps, "the end"]:
            since += 1
            found[Place(commits, since)] = step
            if step.endswith(" COMMIT"):
                commits, since = commits + 1, 0
        return found


class Place(NamedTuple):
    """Before which step a process dies, said so that it stays as the work before it grows.

    :ivar commits: how many commits it has begun and ended
    :ivar step: and the number of the step since, from 1
    """

    commits: int
    step: int


def dying(work: Callable[[], Any], at: Place | None) -> Died:
    """Do something in a child that is killed when it comes to a place, or at the end of all."""
    _let_go()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _live(work, at, reading, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        told = stream.read().decode(errors="replace").splitlines()
    status = os.waitpid(child, 0)[1]
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    error = "\n".join(each[6:] for each in told if each.startswith("ERROR "))
    assert killed or os.WIFEXITED(status), status
    _quiet()
    return Died([each for each in told if not each.startswith("ERROR ")], killed, error)


def _let_go() -> None:
    """Give back every connection: none may be used on both sides of a fork."""
    model.Session.remove()
    model.meta.engine.dispose()
    for engine in postgres._engines.values():
        engine.dispose()
    connect_to_redis().connection_pool.disconnect()


def _live(work: Callable[[], Any], at: Place | None, reading: int, writing: int) -> None:
    code = 1
    try:
        os.close(reading)
        with _counting(at, writing):
            work()
        code = 0
    except BaseException as error:
        text = f"{type(error).__name__}: {error}".replace("\n", " | ")[:3000]
        os.write(writing, f"ERROR {text}\n".encode())
    finally:
        os._exit(code)  # whatever happened, this process never goes on with the tests


@contextmanager
def _counting(at: Place | None, writing: int) -> Iterator[None]:
    commits = since = 0

    def step(name: str) -> None:
        nonlocal commits, since
        since += 1
        os.write(writing, " ".join(name.split())[:160].encode() + b"\n")
        if (commits, since) == at:
            os.kill(os.getpid(), signal.SIGKILL)
        if name.endswith(" COMMIT"):
            commits, since = commits + 1, 0

    with _told(step, (*_WRITES,)):
        yield


#: Says of the steps so far whether to stop before the last of them.
When = Callable[[Sequence[str]], bool]


def at(number: int) -> When:
    """Stop before a step by its number, from 1."""
    return lambda steps: len(steps) == number


def on(pattern: str) -> When:
    """Stop before the first step that matches."""
    return lambda steps: re.search(pattern, steps[-1]) is not None


def after(ending: str) -> When:
    """Stop after the first step that ends so."""
    return lambda steps: len(steps) > 1 and steps[-2].endswith(ending)


class Interrupted(NamedTuple):
    """What somebody did whose work another came between.

    :ivar result: what the first one returned
    :ivar steps: what the first one did, in order
    :ivar stopped: before which of them the other came, from 1; nought if there was no such
    :ivar waited: whether the other had to wait for a lock of the first
    """

    result: Any
    steps: list[str]
    stopped: int
    waited: bool


def interrupted(work: Callable[[], Any], when: When, other: Callable[[], Any]) -> Interrupted:
    """Do something that stops once, before a step, until another has done its work.

    The other works in a thread, with a session of its own; where it has to wait for what the first
    one holds, the first goes on, as two processes would.
    """
    steps: list[str] = []
    stopped, waited = 0, False
    mine = threading.get_ident()
    failed: list[BaseException] = []

    def meanwhile() -> None:
        try:
            other()
        except BaseException as error:
            failed.append(error)
        finally:
            model.Session.remove()

    thread = threading.Thread(target=meanwhile)

    def step(name: str) -> None:
        nonlocal stopped, waited
        if threading.get_ident() != mine:
            return
        steps.append(" ".join(name.split())[:160])
        if not stopped and when(steps):
            stopped = len(steps)
            thread.start()
            waited = _held_up(thread)

    with _told(step, (*_WRITES, *_READS)):
        result = work()
    if thread.ident is not None:
        thread.join(_PATIENCE)
        assert not thread.is_alive(), "the other still waits"
    if failed:
        raise failed[0]
    return Interrupted(result, steps, stopped, waited)


def _held_up(other: threading.Thread) -> bool:
    """Wait until another has done its work or waits for a lock; return whether it does."""
    end = time.monotonic() + _MANNERS
    with ExitStack() as stack:
        asked = []
        for engine in (model.meta.engine, postgres.get_write_engine()):
            connection = engine.raw_connection()  # whose statements are no steps
            stack.callback(connection.close)
            asked.append(connection.cursor())
        while other.is_alive() and time.monotonic() < end:
            for cursor in asked:
                cursor.execute(_LOCKED)
                locked = cursor.fetchone()
                cursor.connection.rollback()
                if locked is not None:
                    return True
            other.join(0.01)
    return False


_LOCKED = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
    "AND wait_event_type = 'Lock' AND cardinality(pg_blocking_pids(pid)) > 0")


@contextmanager
def _told(step: Callable[[str], None], of_storage: Sequence[str]) -> Iterator[None]:
    """Tell of each step of this process."""
    def engine(connection: Any) -> str:
        return str(connection.engine.url.database)

    def statement(connection: Any, _cursor: Any, text: str, *_more: Any) -> None:
        lock = " FOR UPDATE" if "FOR UPDATE" in text else ""
        step(f"{engine(connection)} {' '.join(text.split())[:120]}{lock}")

    ends = {name: (lambda connection, *_, name=name: step(f"{engine(connection)} {name.upper()}"))
            for name in ("commit", "rollback", "savepoint", "release_savepoint")}
    watched: dict[str, Callable[..., None]] = {**ends, "before_cursor_execute": statement}
    for name, listener in watched.items():
        sa.event.listen(Engine, name, listener)
    with ExitStack() as stack:
        stack.enter_context(_before(pysolr.Solr, "_send_request", step, "solr"))
        stack.enter_context(_before(redis.Redis, "execute_command", step, "redis"))
        for name in of_storage:
            stack.enter_context(_before(files.Storage, name, step, "file"))
        try:
            yield
        finally:
            for name, listener in watched.items():
                sa.event.remove(Engine, name, listener)


@contextmanager
def _before(kind: type, name: str, step: Callable[[str], None], label: str) -> Iterator[None]:
    real = getattr(kind, name)

    def counted(self: Any, *args: Any, **more: Any) -> Any:
        step(" ".join((label, name, *(str(each)[:60] for each in args[:2]))))
        return real(self, *args, **more)

    with patch.object(kind, name, counted):
        yield


_OTHERS = (
    "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND backend_type = 'client backend' AND state <> 'idle'")


def _quiet() -> None:
    """Wait until the databases have noticed that nobody is there any more."""
    for engine in (model.meta.engine, postgres.get_write_engine()):
        end = time.monotonic() + _PATIENCE
        with engine.connect() as connection:
            while left := connection.execute(sa.text(
                    f"SELECT pid, state, left(query, 200) {_OTHERS}")).all():
                assert time.monotonic() < end, f"a dead process still holds a transaction: {left}"
                connection.rollback()  # within one transaction the answer stays the same
                time.sleep(0.005)
