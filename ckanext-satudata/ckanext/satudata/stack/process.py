"""Child processes that never outlive the portal, and finding those that did."""
from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ckanext.satudata.stack.home import MARKER

__all__ = [
    "Command", "alive", "ask", "end_leftovers", "leftovers", "spawn", "wait_or_kill",
]

PR_SET_PDEATHSIG = 1
#: Servers that overwrite their environment when they set their title: known by their folder.
BY_FOLDER = {"postgres", "valkey-server", "redis-server"}
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Command:
    """What to run: arguments, extra environment, folder, and the user where it is not ours."""

    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    user: tuple[int, int] | None = None
    death_signal: int = signal.SIGTERM


def spawn(command: Command, log: Path, home: Path, stdout: int | None = None) -> subprocess.Popen:
    """Start a process in a group of its own that the kernel ends when this process dies.

    Call it from the main thread only: the kernel watches the thread that forks.
    """
    parent = os.getpid()
    environment = {**os.environ, MARKER: str(home), "PYTHONUNBUFFERED": "1", **command.env}

    def before_exec() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(command.death_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    options: dict[str, object] = {}
    if command.user is not None:
        options = {"user": command.user[0], "group": command.user[1], "extra_groups": []}
    with open(log, "ab", buffering=0) as out:
        return subprocess.Popen(
            [os.fspath(a) for a in command.argv], stdin=subprocess.DEVNULL,
            stdout=out if stdout is None else stdout, stderr=out, env=environment,
            cwd=command.cwd or home, start_new_session=True, preexec_fn=before_exec, **options,
        )


def alive(pid: int) -> bool:
    """Say whether a process runs (a zombie does not)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def ask(process: subprocess.Popen, sig: int) -> None:
    """Ask a process to end; once only, for some take the second time as "at once"."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(sig)


def wait_or_kill(process: subprocess.Popen, seconds: float) -> bool:
    """Wait, then kill the process's whole group; True when it went by itself."""
    try:
        process.wait(seconds)
        went = True
    except subprocess.TimeoutExpired:
        went = False
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return went


def leftovers(home: Path) -> list[int]:
    """Return the processes that belong to a portal's home: those marked, and servers inside it."""
    mark = f"{MARKER}={home}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if mark in (entry / "environ").read_bytes().split(b"\0") or (
                (entry / "comm").read_text().strip() in BY_FOLDER
                and Path(os.readlink(entry / "cwd")).is_relative_to(home)
            ):
                found.append(int(entry.name))
        except OSError:
            continue
    return [pid for pid in found if alive(pid)]


def end_leftovers(home: Path, seconds: float = 15) -> list[int]:
    """End what a killed portal left behind in this home; call it only while holding the lock.

    PostgreSQL ends fast and clean on SIGINT, the others on SIGTERM; what stays is killed.
    """
    first = leftovers(home)
    for pid in first:
        with contextlib.suppress(OSError):
            name = Path(f"/proc/{pid}/comm").read_text().strip()
            os.kill(pid, signal.SIGINT if name == "postgres" else signal.SIGTERM)
    end = time.monotonic() + seconds
    while (rest := leftovers(home)) and time.monotonic() < end:
        time.sleep(0.1)
    for pid in rest:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    while leftovers(home) and time.monotonic() < end + 5:
        time.sleep(0.1)
    return first
