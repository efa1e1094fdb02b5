"""The parent of all parts: starts them in order, restarts what dies, stops them in turn.

One thread and one loop. The kernel ties a child to the thread that made it, so a
thread that ends would take its part down; and one loop is easy to reason about.
"""
from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from ckanext.satudata.stack.errors import StackError
from ckanext.satudata.stack.home import Home
from ckanext.satudata.stack.part import Part, Task, Unit
from ckanext.satudata.stack.plan import Plan
from ckanext.satudata.stack.process import end_leftovers

__all__ = ["Supervisor"]

TICK = 0.1
#: Between two looks at a part that should answer.
WATCH_SECONDS = 10.0
BACKOFF = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
#: A part that ran this long starts again without waiting.
STEADY_SECONDS = 60.0
LOG_BYTES, LOG_KEPT = 10_000_000, 3

Tell = Callable[[dict[str, Any]], None]


class Entry:
    """A unit and where it stands: waiting, starting, running, done, backoff, failed, stopped."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.state = "waiting"
        self.restarts = 0
        self.again_at = 0.0
        self.up_since = 0.0
        self.error: dict[str, str] | None = None

    @property
    def up(self) -> bool:
        return self.state in {"running", "done"}


class Supervisor:
    """Runs a plan until it is told to end."""

    def __init__(self, home: Home, plan: Plan, tell: Tell) -> None:
        self.home, self.plan, self.tell = home, plan, tell
        self.entries = {unit.name: Entry(unit) for unit in plan.units}
        self.ending = False
        self.started = datetime.now(timezone.utc).isoformat(timespec="seconds")
        self.sysadmin: dict[str, str] = {}
        self._ready = False
        self._status = "starting"
        self._watched = 0.0

    def end(self, *_: Any) -> None:
        self.ending = True

    def run(self) -> int:
        """Start everything, tell when it is up, watch until the end; return the exit code."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.end)
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
        left = end_leftovers(self.home.path)
        if left:
            self.note(f"ended {len(left)} processes a killed portal had left")
        self.save()
        code = 0
        try:
            while not self.ending:
                self.tick()
                time.sleep(TICK)
        except StackError as error:
            self.note(f"failed: {error}")
            self._tell({"event": "failed", **error.to_dict()})
            code = 1
        finally:
            self.stop()
        return code

    # starting and watching

    def tick(self) -> None:
        changed = False
        for entry in self.entries.values():
            before = entry.state
            if entry.state in {"waiting", "backoff"}:
                self._maybe_start(entry)
            elif entry.state == "starting":
                self._look_at_start(entry)
            elif entry.state == "running":
                self._look_at_running(entry)
            changed |= entry.state != before
        if not self._ready and all(entry.up for entry in self.entries.values()):
            self._ready, self._status, changed = True, "running", True
            self.note("ready")
            self.save()
            self._tell({"event": "ready", "url": self.plan.url, "sysadmin": self.sysadmin,
                        "demo": "demo" in self.entries})
            self.sysadmin = {}
        if changed:
            self.save()
        if time.monotonic() - self._watched > WATCH_SECONDS:
            self._watched = time.monotonic()
            self._rotate_logs()

    def _maybe_start(self, entry: Entry) -> None:
        unit = entry.unit
        if time.monotonic() < entry.again_at:
            return
        needs = [self.entries[name] for name in unit.needs if name in self.entries]
        if not all(other.up for other in needs):
            return
        if isinstance(unit, Task) and not unit.needed():
            entry.state = "done"
            return
        if not self._ready:
            self._tell({"event": "begin", "name": unit.name, "label": unit.label})
        try:
            unit.start()
        except OSError as error:
            raise StackError(unit.label, f"It can't be started: {error}.",
                             f"See {unit.log}") from error
        entry.state = "starting"

    def _look_at_start(self, entry: Entry) -> None:
        unit = entry.unit
        if isinstance(unit, Task):
            self._look_at_task(entry, unit)
            return
        assert isinstance(unit, Part)
        if not unit.external and unit.process is not None and unit.process.poll() is not None:
            self._died(entry, unit)
        elif unit.ready():
            entry.state, entry.up_since = "running", time.monotonic()
            unit.seconds = entry.up_since - unit.began
            if not self._ready:
                self._tell({"event": "done", "name": unit.name, "label": unit.label,
                            "seconds": unit.seconds, "detail": unit.address()})
            else:
                self.note(f"{unit.name} is up again after {unit.seconds:.1f} s")
        elif time.monotonic() - unit.began > unit.ready_seconds:
            if not self._ready:
                raise StackError(unit.label, f"No answer within {unit.ready_seconds:.0f} s.\n"
                                 + unit.last_words(), unit.todo or f"See {unit.log}")
            if not unit.external:
                self.note(f"{unit.name} does not answer, started again")
                unit.ask_to_end()
                unit.wait_for_end()
                self._died(entry, unit)

    def _look_at_task(self, entry: Entry, unit: Task) -> None:
        assert unit.process is not None
        code = unit.process.poll()
        for line in unit.lines():
            kind, _, rest = line.partition(" ")
            if kind == "PROGRESS":
                self._tell({"event": "progress", "name": unit.name, "label": unit.label,
                            "detail": rest})
            elif kind == "RESULT":
                self.sysadmin = json.loads(rest) or self.sysadmin
            elif kind == "ERROR":
                entry.error = json.loads(rest)
            else:
                with open(unit.log, "a", encoding="utf-8") as log:
                    log.write(line + "\n")
        if code is None:
            if time.monotonic() - unit.began > unit.timeout:
                unit.ask_to_end()
                unit.wait_for_end()
                raise StackError(unit.label, f"Not done after {unit.timeout:.0f} s.\n"
                                 + unit.last_words(), unit.todo or f"See {unit.log}")
            return
        if code != 0:
            if entry.error:
                raise StackError(**entry.error)
            raise StackError(unit.label, f"It ended with code {code}.\n{unit.last_words()}",
                             unit.todo or f"See {unit.log}")
        unit.done()
        unit.seconds = time.monotonic() - unit.began
        entry.state = "done"
        self._tell({"event": "done", "name": unit.name, "label": unit.label,
                    "seconds": unit.seconds})

    def _look_at_running(self, entry: Entry) -> None:
        unit = entry.unit
        assert isinstance(unit, Part)
        if unit.process is not None and unit.process.poll() is not None:
            self._died(entry, unit)

    def _died(self, entry: Entry, unit: Part) -> None:
        """Plan the next start of a part that ended by itself; give up only while starting up."""
        assert unit.process is not None
        code = unit.process.returncode
        how = f"signal {-code}" if code < 0 else f"code {code}"
        if entry.up_since and time.monotonic() - entry.up_since > STEADY_SECONDS:
            entry.restarts = 0
        # While starting up two tries more: PostgreSQL waits for what a killed one left in memory.
        if not self._ready and entry.restarts >= 2:
            raise StackError(unit.label, f"It ends with {how} at every start.\n{unit.last_words()}",
                             unit.todo or f"See {unit.log}")
        pause = BACKOFF[min(entry.restarts, len(BACKOFF) - 1)]
        self.note(f"{unit.name} died with {how}; start {entry.restarts + 1} in {pause:.1f} s")
        unit.wait_for_end()  # what is left of its group
        entry.restarts += 1
        entry.up_since = 0.0
        entry.again_at = time.monotonic() + pause
        entry.state = "backoff"

    # ending

    def stop(self) -> None:
        """Stop in reverse: what others need goes last."""
        self._status = "stopping"
        self.save()
        for names in (("demo", "search-index", "ckan-setup", "test-setup", "test-2-setup"),
                      ("web", "worker", "scheduler"), None):
            group = [e for e in self.entries.values()
                     if (names is None or e.unit.name in names) and e.unit.process is not None]
            for entry in group:  # all at once, then each is waited for
                entry.unit.ask_to_end()
            for entry in group:
                if not entry.unit.wait_for_end():
                    self.note(f"{entry.unit.name} did not end in time and was killed")
                entry.state = "stopped"
                entry.unit.process = None
            self.save()
        end_leftovers(self.home.path, 5)
        for entry in self.entries.values():
            entry.state = "stopped"
        self._status = "stopped"
        self.save()
        self.note("stopped")

    # telling

    def save(self) -> None:
        """Write what ``status`` shows."""
        parts = {}
        for name, entry in self.entries.items():
            unit = entry.unit
            if not isinstance(unit, Part):
                continue
            parts[name] = {
                "state": "external" if unit.external and entry.up else entry.state,
                "pid": unit.process.pid if unit.process is not None and entry.state in {
                    "starting", "running"} else None,
                "address": unit.address(), "restarts": entry.restarts, "log": str(unit.log),
            }
        self.home.save_state({
            "state": self._status, "pid": os.getpid(), "url": self.plan.url,
            "started": self.started, "test": self.plan.test, "parts": parts,
        })

    def note(self, text: str) -> None:
        """Write a line into the supervisor's log."""
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        with open(self.home.logs / "supervisor.log", "a", encoding="utf-8") as log:
            log.write(f"{now} {text}\n")

    def _tell(self, event: dict[str, Any]) -> None:
        """Tell the one who started us; while starting, their death ends us."""
        try:
            self.tell(event)
        except OSError:
            if not self._ready:
                self.ending = True

    def _rotate_logs(self) -> None:
        """Copy a long log aside and empty it: the parts keep it open, appending."""
        for path in self.home.logs.glob("*.log"):
            if path.stat().st_size < LOG_BYTES:
                continue
            for number in range(LOG_KEPT, 0, -1):
                older = path.with_suffix(f".log.{number}")
                if older.exists():
                    older.replace(path.with_suffix(f".log.{number + 1}")) if (
                        number < LOG_KEPT) else older.unlink()
            path.with_suffix(".log.1").write_bytes(path.read_bytes())
            with open(path, "r+b") as log:
                log.truncate(0)
