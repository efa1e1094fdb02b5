"""A process that has loaded the engine, and becomes a child of :mod:`.child` for each file.

Loading takes longer than most files do. Threat: as in :mod:`.child`, and that one file could say
something of another. So this process reads neither files nor orders: who asks gives it the ends of
three pipes, it forks, and the fork sets its own limits, holds nothing but those pipes and never
comes back. It starts with the second file of a process, and ends with that process or after some
idle minutes. Where it cannot fork safely (libraries that started threads), or is lost, who asked
is told, and starts a fresh child instead.

``multiprocessing``'s forkserver would not do: it takes over the environment with its keys, the
module path and the main module of who asks, is one for all who use it, and its children unpickle.
"""
from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import importlib
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping
from typing import IO

__all__ = ["Forked", "fork", "give_up", "main"]

#: Seconds without a file after which it ends: it holds 101 MB (PSS), 95 of them shared with nobody
#: (measured on x86-64 under Python 3.11).
IDLE = 300
_PACKAGE = "ckanext.satudata.domain.inspection"
#: What nearly every file needs.
_LOADED = ("annotated", "areas", "child", "engine", "formats.text", "formats.xlsx", "outside",
           "pipeline", "profile", "published", "reader", "redaction", "report", "results", "tidy")
#: Libraries that start a thread when they are loaded; numpy is used for no linear algebra.
_NO_THREADS = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
_PR_SET_PDEATHSIG = 1


class Forked:
    """A child that the template forked, with the face of a ``Popen``.

    :ivar returncode: None after :meth:`wait` if the template was lost
    """

    def __init__(self, template: socket.socket, said: IO[bytes]) -> None:
        self.returncode: int | None = None
        self._status, theirs = socket.socketpair()
        orders, stdin = os.pipe()
        stdout, answers = os.pipe()
        self.stdin, self.stdout = os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb")
        try:
            socket.send_fds(template, [b"f"], [orders, answers, said.fileno(), theirs.fileno()])
        except BaseException:
            for each in (self.stdin, self.stdout, self._status):
                each.close()
            raise
        finally:
            os.close(orders)
            os.close(answers)
            theirs.close()

    def kill(self) -> None:
        """End it, if it has not ended."""
        with contextlib.suppress(OSError):
            self._status.send(b"k")

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for its end and return how it ended, as a ``Popen`` does."""
        if self._status.fileno() >= 0:
            self._status.settimeout(timeout)
            try:
                told = self._status.recv(4)
            except TimeoutError as late:
                raise subprocess.TimeoutExpired("template", timeout or 0) from late
            except OSError:  # reset: it was lost
                told = b""
            self.returncode = struct.unpack("i", told)[0] if len(told) == 4 else None
            self._status.close()
        return self.returncode


class _Kept:
    """What this process holds of its template."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None
        self.begin()

    def begin(self) -> None:
        self.lock = threading.Lock()
        self.asked, self.given_up = 0, False

    def start(self, environment: Mapping[str, str]) -> socket.socket:
        self.end()
        self.control, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-m", __name__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()], cwd="/", env={**environment, **_NO_THREADS},
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self.control

    def end(self) -> None:
        if self.control is not None:
            self.control.close()
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.control = self.process = None

    def forget(self) -> None:
        """In a fork of this process: the template is the other's."""
        if self.control is not None:
            self.control.close()
        if self.process is not None:
            self.process.returncode = 0  # else it is waited for, here where it is no child
        self.control = self.process = None
        self.begin()


_kept = _Kept()
atexit.register(_kept.end)
os.register_at_fork(after_in_child=_kept.forget)


def fork(environment: Mapping[str, str], said: IO[bytes]) -> Forked | None:
    """Return a child that waits for its order, or None where a fresh one is to be started.

    :param said: where it says what is for the log
    """
    with _kept.lock:
        _kept.asked += 1
        if _kept.asked < 2 or _kept.given_up:
            return None
        try:
            if _kept.control is not None:
                with contextlib.suppress(OSError):  # it was idle and has ended
                    return Forked(_kept.control, said)
            return Forked(_kept.start(environment), said)
        except OSError:
            _kept.given_up = True
            return None


def give_up() -> None:
    """Start no template in this process any more."""
    with _kept.lock:
        _kept.given_up = True
        _kept.end()


# ----------------------------------------------------------------------------------- the template


def main() -> None:
    """Load, then fork for who asks on the socket of the first argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with who started it
    control = socket.socket(fileno=int(sys.argv[1]))
    for name in (*(f"{_PACKAGE}.{each}" for each in _LOADED), "pandas", "openpyxl"):
        importlib.import_module(name)
    importlib.import_module(f"{_PACKAGE}.checks.registry").all_checks()
    index = importlib.import_module(f"{_PACKAGE}.areas.index")
    for level in index.LEVELS:  # every file with words in a first column asks for all
        index.by_name(level)
    gc.collect()
    gc.freeze()  # what is collected is written to, and then no memory is shared any more
    if len(os.listdir("/proc/self/task")) == 1:  # a lock that a thread holds is never freed
        _serve(control)


def _serve(control: socket.socket) -> None:
    heard, wakened = socket.socketpair()
    wakened.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wakened.fileno())
    own, children = os.getpid(), dict[int, socket.socket]()
    while True:
        ready, _, _ = select.select(
            [control, heard, *children.values()], [], [], None if children else IDLE)
        if heard in ready:
            heard.recv(4096)
        for pid, status in list(children.items()):
            ended, how = os.waitpid(pid, os.WNOHANG)
            if ended:
                with contextlib.suppress(OSError):
                    status.send(struct.pack("i", os.waitstatus_to_exitcode(how)))
                children.pop(pid).close()
            elif status in ready:  # told to end it, or nobody waits for it any more
                os.kill(pid, signal.SIGKILL)
        if control in ready or not ready:
            asked, pipes = socket.recv_fds(control, 1, 4)[:2] if ready else (b"", [])
            if not asked:
                break
            with contextlib.suppress(OSError):  # no process more: the pipes close, a fresh one does
                pid = os.fork()
                if not pid:
                    _become(own, [control, heard, wakened, *children.values()], pipes)
                children[pid] = socket.socket(fileno=os.dup(pipes[3]))
            for each in pipes:
                os.close(each)
    for pid in children:
        os.kill(pid, signal.SIGKILL)


def _become(parent: int, held: list[socket.socket], pipes: list[int]) -> None:
    """Be the child from here on."""
    try:
        signal.set_wakeup_fd(-1)
        for what in (signal.SIGCHLD, signal.SIGINT):
            signal.signal(what, signal.SIG_DFL)
        for each in held:
            each.detach()
        for number, pipe in enumerate(pipes[:3]):
            os.dup2(pipe, number)
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it was lost before that
            os._exit(1)
        importlib.import_module(f"{_PACKAGE}.child").main()
    except BaseException:  # as a fresh one ends
        traceback.print_exc()
    finally:
        with contextlib.suppress(BaseException):
            sys.stderr.flush()
        os._exit(1)


if __name__ == "__main__":
    main()
