"""The one interface of everything the portal runs: parts that stay up, tasks that run once."""
from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ckanext.satudata.stack.home import Home
from ckanext.satudata.stack.process import Command, ask, spawn, wait_or_kill

__all__ = ["External", "Part", "Task", "Unit"]


class Unit:
    """Something to run once what it needs is up.

    :param name: short name, also of its log
    :param label: as printed
    :param needs: names of the units that must be up or done before
    """

    name = ""
    label = ""
    needs: Sequence[str] = ()
    stop_signal: int = signal.SIGTERM
    stop_seconds: float = 5

    def __init__(self, home: Home) -> None:
        self.home = home
        self.process: subprocess.Popen | None = None
        self.log: Path = home.logs / f"{self.name}.log"
        self.began = 0.0
        self.seconds = 0.0

    def prepare(self) -> None:
        """Write files and folders the process expects; must be quick and repeatable."""

    def command(self) -> Command:
        raise NotImplementedError

    def start(self) -> None:
        self.began = time.monotonic()
        self.prepare()
        self.process = spawn(self.command(), self.log, self.home.path)

    def ask_to_end(self) -> None:
        """Ask the process to end, without waiting."""
        if self.process is not None:
            ask(self.process, self.stop_signal)

    def wait_for_end(self) -> bool:
        """Wait for the end and kill what stays; True when it went by itself."""
        return self.process is None or wait_or_kill(self.process, self.stop_seconds)

    def last_words(self, lines: int = 6) -> str:
        """Return the end of the log, for the message when the unit fails."""
        try:
            text = self.log.read_bytes()[-8000:].decode("utf-8", "replace")
        except OSError:
            return ""
        return "\n".join([line for line in text.splitlines() if line.strip()][-lines:])


class Task(Unit):
    """Runs once and ends; what it prints on stdout as ``RESULT {json}`` is kept.

    ``PROGRESS text`` lines are shown while it runs.
    """

    todo = ""
    timeout = 900.0

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self._read = b""

    def start(self) -> None:
        self.began = time.monotonic()
        self.prepare()
        # A pipe, not a file: the first password passes through here.
        self.process = spawn(self.command(), self.log, self.home.path, stdout=subprocess.PIPE)
        assert self.process.stdout
        os.set_blocking(self.process.stdout.fileno(), False)

    def lines(self) -> list[str]:
        """Return the complete lines printed since the last call, without waiting."""
        assert self.process and self.process.stdout
        while chunk := self.process.stdout.read(65536):
            self._read += chunk
        complete, _, self._read = self._read.rpartition(b"\n")
        return complete.decode("utf-8", "replace").splitlines() if complete else []

    def needed(self) -> bool:
        """Say whether there is anything to do; what was done before is not done again."""
        return True

    def done(self) -> None:
        """Called once after the process ended well."""


class Part(Unit):
    """Stays up: started, watched, started again when it dies, stopped."""

    stop_seconds = 20
    #: How long it may take until it answers.
    ready_seconds: float = 60
    #: Given from outside: nothing to start or stop.
    external = False
    todo = ""

    def ready(self) -> bool:
        """Say whether the part answers; must return within a second."""
        raise NotImplementedError

    def address(self) -> str:
        """Where the part answers, without secrets."""
        return ""


class External(Part):
    """A server of the person's own in place of ours: only looked at, never started or stopped."""

    external = True

    def __init__(
        self, home: Home, name: str, label: str, shown: str, probe: Callable[[], bool], todo: str,
    ) -> None:
        self.name, self.label, self.todo = name, label, todo
        super().__init__(home)
        self._shown, self._probe = shown, probe

    def start(self) -> None:
        self.began = time.monotonic()

    def ready(self) -> bool:
        return self._probe()

    def address(self) -> str:
        return self._shown
