"""``deploy/test`` and ``deploy/benchmark``: a portal of its own home, then the tests.

Tests of ``tests/domain`` need no server, so a run of only those starts none. Without arguments
all tests run, and those that share nothing run side by side: the domain's in two lanes from the
moment the portal starts, those of the live portal beside those inside CKAN, which go in lanes as
well, a file at a time, each with databases of its own.
"""
from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ckanext.satudata.stack import config
from ckanext.satudata.stack.home import write_private

__all__ = ["main"]

#: A lane takes a file at a time, in the order of ``tests/conftest.py``.
_LANES = ("--dist=loadfile", "--no-loadscope-reorder")


def main(arguments: Sequence[str]) -> int:
    """Run the tests, the benchmarks (``--benchmarks``) or CKAN's own tests (``--ckan``).

    The exit code is theirs.
    """
    root = Path(os.environ["SATUDATA_ROOT"])
    os.chdir(root)
    if arguments[:1] == ["--benchmarks"]:
        return _benchmarks(root, arguments[1:])
    if arguments[:1] == ["--ckan"]:
        return _upstream(root, arguments[1:])
    if _only(root, "domain", arguments):
        return _pytest([*_outside(root, "domain"), *arguments], {})
    if not arguments:
        return _all(root)
    with _portal(root) as status:
        if status is None:
            return 1
        ini = status["test"].pop("inis")[0]
        around = (_outside(root, "live") if _only(root, "live", arguments)
                  else [f"--ckan-ini={ini}"])
        return _pytest([*around, *_in_order(root, arguments)], _environment(status))


class _Beside:
    """A run of pytest beside this process; it speaks when it is asked for."""

    def __init__(self, arguments: Sequence[str], env: dict[str, str]) -> None:
        # A file, not a pipe: that one is full after 64 KB, and the run waits for its reader.
        self.said = tempfile.TemporaryFile(  # noqa: SIM115  (closed by ``result``)
            "w+", encoding="utf-8", errors="replace")
        self.run = subprocess.Popen(
            [sys.executable, "-m", "pytest", *arguments], env={**os.environ, **env},
            stdout=self.said, stderr=subprocess.STDOUT)

    def result(self) -> int:
        """Wait for the end, print what it said and return the exit code."""
        try:
            code = self.run.wait()
        except KeyboardInterrupt:  # the terminal told it as well
            code = self.run.wait()
        with self.said:
            self.said.seek(0)
            print(self.said.read(), flush=True)
        return code


def _all(root: Path) -> int:
    """Run all tests; the exit code is that of the first part that failed."""
    domain = _Beside([*_outside(root, "domain"), "-n2", *_LANES, "tests/domain"], {})
    codes: list[int] = []
    with _portal(root) as status:
        if status is not None:
            inis = status["test"].pop("inis")
            live = _Beside([*_outside(root, "live"), "tests/live"], _environment(status))
            codes = [
                _pytest([f"--ckan-ini={inis[0]}", f"-n{len(inis)}", *_LANES, "tests/ckan"],
                        {**_environment(status), "SATUDATA_TEST_INIS": json.dumps(inis)}),
                live.result()]
    codes = [domain.result(), status is None, *codes]
    return next((int(code) for code in codes if code), 0)


def _outside(root: Path, folder: str) -> list[str]:
    """Return what lets pytest do without CKAN's plugin, which loads CKAN before any test."""
    return ["-c", f"tests/{folder}/pytest.ini", "--rootdir", str(root), "--confcutdir", "tests"]


@contextlib.contextmanager
def _portal(root: Path, *options: str) -> Iterator[dict[str, Any] | None]:
    """A portal made anew in the tests' home, as ``status --json`` tells it; None if it failed."""
    home = Path(os.environ.get("SATUDATA_TEST_HOME") or root / "var-test").resolve()
    stack = [sys.executable, "-I", "-m", "ckanext.satudata.stack"]
    name = ["--home", str(home)]
    if home.exists() and not os.environ.get("SATUDATA_TEST_KEEP"):
        subprocess.run([*stack, "reset", "--yes", *name], stdout=subprocess.DEVNULL)
    try:
        if subprocess.run([*stack, "start", "--for-tests", *options, *name]).returncode:
            yield None
            return
        said = subprocess.run([*stack, "status", "--json", *name], capture_output=True, text=True)
        yield json.loads(said.stdout)
    finally:
        with contextlib.suppress(KeyboardInterrupt):
            subprocess.run([*stack, "stop", *name], stdout=subprocess.DEVNULL)


def _environment(status: dict[str, Any]) -> dict[str, str]:
    return {**{k: v for k, v in status["test"].items() if k != "inis"},
            "SATUDATA_TEST_STATUS": json.dumps(status)}


def _benchmarks(root: Path, names: Sequence[str]) -> int:
    folder = root / "tests" / "benchmarks"
    scripts = [folder / f"bench_{name}.py" for name in names] or sorted(folder.glob("bench_*.py"))
    failed = 0
    with _portal(root) as status:
        if status is None:
            return 1
        for script in scripts:
            print(f"\n{script.stem}", flush=True)
            failed |= subprocess.run([sys.executable, str(script)],
                                     env={**os.environ, **_environment(status)}).returncode
    return failed


def _upstream(root: Path, arguments: Sequence[str]) -> int:
    """Run CKAN's own tests with our plugins on; ``tests/upstream`` says what may differ.

    :param arguments: pytest's; with any, only the tests that ran are judged
    """
    folder = root / "tests" / "upstream"
    with _portal(root, "--no-demo") as status:
        if status is None:
            return 1
        portal = Path(status["test"].pop("inis")[0])
        ini = portal.with_name("upstream.ini")
        settings = config.read(folder / "settings.ini")
        write_private(ini, "\n".join([
            "[DEFAULT]", "debug = false", "[app:main]", f"use = config:{portal}",
            *(f"{key} = {value}" for key, value in settings.items())]) + "\n")
        return _pytest(
            ["-c", str(folder / "pytest.ini"), "--rootdir", str(root), f"--ckan-ini={ini}",
             *(["--part", *arguments] if arguments else []), "--pyargs",
             "ckan.tests.logic.auth", "ckan.tests.logic.action"],
            {**_environment(status), "PYTHONPATH": str(folder)})


def _pytest(arguments: Sequence[str], env: dict[str, str]) -> int:
    try:
        return subprocess.run([sys.executable, "-m", "pytest", *arguments],
                              env={**os.environ, **env}).returncode
    except KeyboardInterrupt:
        return 130


def _paths(root: Path, arguments: Sequence[str]) -> list[Path]:
    return [(root / word.split("::")[0]).resolve() for word in arguments
            if not word.startswith("-") and (root / word.split("::")[0]).exists()]


def _only(root: Path, name: str, arguments: Sequence[str]) -> bool:
    """Tell whether all the tests that are asked for stand in one folder."""
    paths = _paths(root, arguments)
    folder = root / "tests" / name
    return bool(paths) and all(path.is_relative_to(folder) for path in paths)


def _in_order(root: Path, arguments: Sequence[str]) -> list[str]:
    if _paths(root, arguments):
        return list(arguments)
    folders = [f"tests/{name}" for name in ("domain", "ckan", "live")
               if (root / "tests" / name).is_dir()]
    return [*arguments, *folders]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
