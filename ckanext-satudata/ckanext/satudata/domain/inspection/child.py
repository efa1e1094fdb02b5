"""Runs a function in a child process with limits of memory, processor, clock and output.

Threat: whatever the bounds before reading miss (a parser's own appetite, a parser's own bug) must
end as one refused file and not as a dead server. The child gets none of the parent's environment,
is no one's to search modules for but the installed ones, and says what it found as JSON.
"""
from __future__ import annotations

import contextlib
import importlib
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import IO, Any

from ckanext.satudata.domain import vocabulary
from ckanext.satudata.domain.inspection import template
from ckanext.satudata.domain.inspection.limits import MB
from ckanext.satudata.domain.inspection.notes import N_, RefusedFile

__all__ = ["Bounds", "Ended", "ask", "main", "run", "tell"]

log = logging.getLogger(__name__)

#: How a child ends that asked for more memory or disk than it may have.
_TOO_MUCH = 3
#: Signals by which a child is ended for what it took: by the kernel, by its allocators, by us.
_TOOK_TOO_MUCH = frozenset([-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGXFSZ,
                            -signal.SIGBUS])
_KEPT = ("PATH", "TMPDIR", "TZ", "LD_LIBRARY_PATH")
#: What a child says beside its answers, kept for the log.
_SAID = 4_000


@dataclass(frozen=True)
class Bounds:
    """How much a child may take.

    :ivar memory_bytes: of address space, which its threads and mapped files count against
    :ivar seconds: of processor time; ``wall_seconds``: on the clock
    :ivar file_bytes: of each file it writes; ``answer_bytes``: of what it answers
    :ivar processors: threads of its libraries
    """

    memory_bytes: int = 2048 * MB
    seconds: int = 300
    wall_seconds: float = 600
    file_bytes: int = 2048 * MB
    answer_bytes: int = 64 * MB
    processors: int = 2


@dataclass(frozen=True)
class Ended:
    """How a child ended.

    :ivar answer: what the function returned; ``refused``: what it refused the file with
    :ivar cpu_seconds: and ``peak_bytes``: what it took, if it could still say so
    :ivar code: of the process; negative for a signal
    """

    answer: Any = None
    refused: RefusedFile | None = None
    cpu_seconds: float | None = None
    peak_bytes: int | None = None
    code: int = 0


def run(
    function: str, order: Mapping[str, Any], bounds: Bounds | None = None,
    progress: Callable[[int], None] | None = None, ready: bool = False,
) -> Any:
    """Call ``package.module:function`` with ``order`` in a child and return what it returns.

    :param function: of ours, never from outside; it takes and returns JSON data
    :param progress: told a percentage whenever the function calls :func:`tell`
    :param ready: take a child that has loaded the engine already (:mod:`.template`)
    :raises RefusedFile: what the function raised, or ``too_much_memory``, ``too_slow``
    :raises RuntimeError: the function broke; what it said is in the log
    """
    ended = ask(function, order, bounds, progress, ready)
    if ended.refused is not None:
        raise ended.refused
    return ended.answer


def ask(
    function: str, order: Mapping[str, Any], bounds: Bounds | None = None,
    progress: Callable[[int], None] | None = None, ready: bool = False,
) -> Ended:
    """Do as :func:`run`, and say what it took."""
    bounds = bounds or Bounds()
    with tempfile.TemporaryFile() as said:
        child = _start(bounds, said, ready)
        late = threading.Event()

        def end() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(bounds.wall_seconds, end)
        timer.daemon = True
        timer.start()
        try:
            answer = _talk(child, {
                "function": function, "order": dict(order), "bounds": asdict(bounds),
                # It has no database to ask what the portal changed of the lists of codes.
                "lists": vocabulary.edition_data(vocabulary.edition())}, bounds, progress)
        finally:
            timer.cancel()
            child.kill()
            child.wait()
        if child.returncode is None and answer is None and not late.is_set():
            template.give_up()
            return ask(function, order, bounds, progress)
        said.seek(max(said.seek(0, 2) - _SAID, 0))
        return _ended(answer, child.returncode or 0, late.is_set(), said.read(), bounds)


def _start(
    bounds: Bounds, said: IO[bytes], ready: bool
) -> subprocess.Popen[bytes] | template.Forked:
    environment = _environment(bounds)
    if ready and bounds.processors == Bounds.processors:
        forked = template.fork(environment, said)
        if forked is not None:
            return forked
    return subprocess.Popen(
        # -I: a folder that files are put into must not be searched for modules.
        [sys.executable, "-I", "-m", __name__], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=said, env=environment)


def _environment(bounds: Bounds) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    threads = str(bounds.processors)
    return kept | {
        "LANG": "C.UTF-8", "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads,
        # Arrow's own allocators reserve address space by the gigabyte, which counts here.
        "ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2",
        # Else glibc soon keeps what Arrow reserves for each column of a wide file and gives back.
        "MALLOC_MMAP_THRESHOLD_": "524288",
    }


def _talk(
    child: subprocess.Popen[bytes] | template.Forked, order: Mapping[str, Any], bounds: Bounds,
    progress: Callable[[int], None] | None,
) -> dict[str, Any] | None:
    assert child.stdin is not None and child.stdout is not None
    answer: dict[str, Any] | None = None
    heard: Any = None
    with child.stdout as answers:
        with contextlib.suppress(BrokenPipeError), child.stdin as orders:
            orders.write(json.dumps(order).encode())
        while line := answers.readline(bounds.answer_bytes):
            found = _object(line)
            if found is not None and "progress" in found:
                if progress is not None and found["progress"] != heard:
                    heard = found["progress"]
                    progress(int(heard))
            else:
                answer = found
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(5)
    return answer


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _ended(
    answer: dict[str, Any] | None, code: int, late: bool, said: bytes, bounds: Bounds
) -> Ended:
    if answer is not None and ("answer" in answer or "refused" in answer):
        refused = answer.get("refused")
        return Ended(
            answer.get("answer"),
            None if refused is None else RefusedFile(
                refused["code"], refused["template"], **refused["values"]),
            answer["cpu_seconds"], answer["peak_bytes"], code)
    log.warning("A child ended with %s: %s", code, said.decode(errors="replace"))
    if late or code == -signal.SIGXCPU:
        return Ended(refused=RefusedFile("too_slow", N_(
            "Berkas ini belum selesai dibaca dalam {seconds} detik. Bagi tabelnya menjadi beberapa "
            "berkas."), seconds=bounds.seconds), code=code)
    if code == _TOO_MUCH or code in _TOOK_TOO_MUCH:
        return Ended(refused=RefusedFile("too_much_memory", N_(
            "Berkas ini tidak dapat dibaca dalam batas memori {limit} MB. Simpan tabelnya sebagai "
            "CSV atau bagi menjadi beberapa berkas."),
            limit=bounds.memory_bytes // 1_000_000), code=code)
    raise RuntimeError(f"A child broke with {code}")


# ------------------------------------------------------------------------------------ in the child

_answers: IO[str] | None = None


def tell(percent: int) -> None:
    """Say how far the work is; nothing happens outside a child."""
    if _answers is not None:
        print(json.dumps({"progress": percent}), file=_answers, flush=True)


def main() -> None:
    """Body of the child: an order on stdin, progress and the answer on stdout, all JSON."""
    global _answers
    asked = json.load(sys.stdin)
    bounds = Bounds(**asked["bounds"])
    # Whatever a library prints must not be taken for an answer.
    _answers, sys.stdout = sys.stdout, sys.stderr
    _limit(bounds)
    vocabulary.use(vocabulary.of_edition(asked["lists"]))
    module, _, name = asked["function"].partition(":")
    try:
        try:
            said = {"answer": getattr(importlib.import_module(module), name)(asked["order"])}
        except RefusedFile as refused:
            said = {"refused": {"code": refused.code, "template": refused.message.template,
                                "values": dict(refused.message.values)}}
        used = resource.getrusage(resource.RUSAGE_SELF)
        said |= {"cpu_seconds": used.ru_utime + used.ru_stime, "peak_bytes": _peak()}
        print(json.dumps(said, default=str), file=_answers, flush=True)
    except MemoryError:
        os._exit(_TOO_MUCH)
    except OSError as error:
        if error.errno in (12, 27, 28):  # no memory, file too large, disk full
            os._exit(_TOO_MUCH)
        raise
    # Threads of libraries may be waiting for nothing; all is said.
    os._exit(0)


def _limit(bounds: Bounds) -> None:
    for what, value, spare in (
        # a second before the kernel kills, it says why
        (resource.RLIMIT_CPU, bounds.seconds, 1), (resource.RLIMIT_AS, bounds.memory_bytes, 0),
        (resource.RLIMIT_FSIZE, bounds.file_bytes, 0), (resource.RLIMIT_CORE, 0, 0),
    ):
        _, hard = resource.getrlimit(what)
        limited = hard != resource.RLIM_INFINITY
        value = min(value, hard) if limited else value
        resource.setrlimit(what, (value, min(value + spare, hard) if limited else value + spare))


def _peak() -> int | None:
    """Return the most memory this process held; ``ru_maxrss`` still counts the parent's."""
    try:
        with open("/proc/self/status", encoding="ascii") as stream:
            for line in stream:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None


if __name__ == "__main__":
    # Through its own name, so that tell() and this are one module.
    importlib.import_module("ckanext.satudata.domain.inspection.child").main()
