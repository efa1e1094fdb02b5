"""From a clone and a bare Python to the installed launcher: the virtual environment.

Runs with the machine's Python before anything is installed, so it and what it imports
(``errors``, ``progress``, ``vendor``) use the standard library only.
"""
from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from ckanext.satudata.stack import vendor
from ckanext.satudata.stack.errors import StackError
from ckanext.satudata.stack.progress import step_line

__all__ = ["install", "main"]

EXTRAS = {
    "portal": ("portal",), "test": ("portal", "test"), "benchmark": ("portal", "test"),
}
TEST_HELP = """./deploy/test                      all tests, on a portal of their own
./deploy/test tests/domain         those that need no server
./deploy/test [pytest arguments]   some: -k revision, tests/ckan/test_versions.py
./deploy/test --ckan [arguments]   CKAN's own tests with our plugins on
See deploy/README.md."""
MEGABYTES_NEEDED = 2000
STAMP = ".satudata"


def main(argv: Sequence[str]) -> int:
    """``bootstrap.py portal|test|benchmark ARGUMENT...``: install, then become the real command."""
    kind, arguments = argv[0], list(argv[1:])
    if kind == "test" and {"-h", "--help"} & set(arguments):
        print(TEST_HELP)  # pytest's own would come after an installation and a portal's start
        return 0
    root = Path(os.environ["SATUDATA_ROOT"])
    python = root / ".venv" / "bin" / "python"
    try:
        if not _only_asks(kind, arguments):
            python = install(root, _extras(kind, root))
            _libraries(root)
        elif not (root / ".venv" / STAMP).exists():
            print("Nothing is installed here yet. ./deploy/portal installs and starts it.",
                  file=sys.stderr)
            return 3
    except StackError as error:
        print(error.text(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
    for name in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)
    if kind == "portal":
        os.environ.setdefault("SATUDATA_HOME", str(root / "var"))
        os.environ["SATUDATA_COMMAND"] = "./deploy/portal"
        module = "ckanext.satudata.stack"
    else:
        module = "ckanext.satudata.stack.testing"
        arguments[:0] = ["--benchmarks"] if kind == "benchmark" else []
    os.execv(python, [str(python), "-I", "-m", module, *arguments])


def _extras(kind: str, root: Path) -> Sequence[str]:
    """Return what is to be installed.

    What speaks S3 only where a bucket is named, npm only where there is none and it has work: the
    tests fetch a browser by it.
    """
    wants_s3 = kind == "portal" and os.environ.get("SATUDATA_S3_BUCKET")
    has_work = kind == "test" or not vendor.is_current(root)
    wants_npm = has_work and vendor.npm(root) is None
    return (*EXTRAS[kind], *(("s3",) if wants_s3 else ()), *(("npm",) if wants_npm else ()))


def _libraries(root: Path) -> None:
    """Build what pages load in the browser."""
    if not vendor.is_current(root):
        _timed(vendor.STEP, lambda: vendor.build(root))


def _only_asks(kind: str, arguments: Sequence[str]) -> bool:
    """Say whether a command only looks at or ends what is there: no reason to install."""
    return kind == "portal" and any(
        word in {"status", "stop", "logs", "reset"} for word in arguments)


def install(root: Path, extras: Sequence[str]) -> Path:
    """Return the environment's Python; make it and install what is missing before.

    A stamp of what was asked for lets a later start skip all of it. Two at once: the
    second waits for the first.

    :raises StackError: no ``venv``, disk full, no network
    """
    venv = root / ".venv"
    python = venv / "bin" / "python"
    if _installed(root, venv, python, extras):
        return python
    _check_space(root)
    try:
        lock = open(root / ".venv.lock", "w")  # noqa: SIM115  (held until we become the command)
    except OSError as error:
        raise StackError("Install", f"{root} can't be written: {error.strerror}.",
                         "Clone into a folder of your own.") from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _installed(root, venv, python, extras):
            return python
        print("Installing (once; later starts skip this):", flush=True)
        if not python.exists() or not _has_pip(python):
            _timed("Virtual environment", lambda: _make_venv(venv))
        _timed("Packages", lambda: _pip(root, python, extras))
        (venv / STAMP).write_text("\n".join([_digest(root), *sorted(extras)]) + "\n")
    return python


def _timed(label: str, work) -> None:
    if sys.stdout.isatty():
        print(f"  {label} ...", end="\r", flush=True)
    began = time.monotonic()
    work()
    print(step_line(label, time.monotonic() - began), flush=True)


def _digest(root: Path) -> str:
    """Return what the environment depends on besides the extras."""
    content = b"".join((root / name).read_bytes() for name in ("pyproject.toml", "setup.py"))
    return hashlib.sha256(content + str(root).encode()).hexdigest()


def _installed(root: Path, venv: Path, python: Path, extras: Sequence[str]) -> bool:
    try:
        digest, *have = (venv / STAMP).read_text().split()
    except OSError:
        return False
    return python.exists() and digest == _digest(root) and set(extras) <= set(have)


def _has_pip(python: Path) -> bool:
    try:
        return subprocess.run([python, "-I", "-m", "pip", "--version"],
                              capture_output=True).returncode == 0
    except OSError:  # its Python was removed
        return False


def _make_venv(venv: Path) -> None:
    """Make the environment; Debian ships Python without the part that does."""
    command = [sys.executable, "-I", "-m", "venv", "--clear", str(venv)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 0:
        return
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    apt = shutil.which("apt-get")
    if os.geteuid() == 0 and apt:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for names in ([package], ["python3-venv"]):
            for words in (["update", "-q"], ["install", "-y", "-q", *names]):
                tried = subprocess.run([apt, *words], capture_output=True, text=True,
                                       env=environment)
            if tried.returncode == 0:
                break
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode == 0:
            return
    said = (done.stdout + done.stderr).strip().splitlines()
    shutil.rmtree(venv, ignore_errors=True)
    raise StackError(
        "Virtual environment", f"{sys.executable} can't make one: {said[-1] if said else '?'}",
        f"Type: sudo apt-get install {package}" if apt
        else "Install Python's venv and ensurepip with your system's package manager.",
    )


def _pip(root: Path, python: Path, extras: Sequence[str]) -> None:
    target = f"{root}[{','.join(extras)}]"
    command = [str(python), "-I", "-m", "pip", "install", "--no-input",
               "--disable-pip-version-check", "--no-warn-script-location", "-q", "-e", target]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root)
    if done.returncode == 0:
        return
    log = root / ".venv" / "install.log"
    log.write_text(done.stdout + done.stderr)
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    text = "\n".join(lines)
    why = "\n".join(lines[-4:])
    if "No space left on device" in text:
        why, todo = "The disk is full.", f"Free {MEGABYTES_NEEDED} MB in {root} and start again."
    elif "NewConnectionError" in text or "Could not find a version that satisfies" in text or (
            "Max retries exceeded" in text or "Temporary failure in name resolution" in text):
        todo = ("Is the package index reachable? Check the network (a proxy is taken from "
                f"HTTPS_PROXY) and start again. All pip said: {log}")
    else:
        todo = f"All pip said: {log}"
    raise StackError("Packages", why, todo)


def _check_space(root: Path) -> None:
    left = shutil.disk_usage(root).free // 1_000_000
    if left < MEGABYTES_NEEDED:
        raise StackError(
            "Disk space", f"{left} MB are free in {root}, the packages need {MEGABYTES_NEEDED} MB.",
            "Free space, or clone onto another disk.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
