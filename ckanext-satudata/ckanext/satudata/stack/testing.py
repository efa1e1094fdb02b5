"""``deploy/test``: a portal of its own home, then all tests in one pytest run.

Tests of ``tests/domain`` need no server, so a run of only those starts none.
"""
from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

__all__ = ["main"]


def main(arguments: Sequence[str]) -> int:
    """Run; the exit code is pytest's."""
    root = Path(os.environ["SATUDATA_ROOT"])
    os.chdir(root)
    if _only_domain(root, arguments):
        return _pytest(["-c", "tests/domain/pytest.ini", "--rootdir", str(root), *arguments], {})
    home = Path(os.environ.get("SATUDATA_TEST_HOME") or root / "var-test").resolve()
    stack = [sys.executable, "-I", "-m", "ckanext.satudata.stack"]
    name = ["--home", str(home)]
    if home.exists() and not os.environ.get("SATUDATA_TEST_KEEP"):
        subprocess.run([*stack, "reset", "--yes", *name], stdout=subprocess.DEVNULL)
    started = subprocess.run([*stack, "start", "--for-tests", *name])
    try:
        if started.returncode:
            return started.returncode
        said = subprocess.run([*stack, "status", "--json", *name], capture_output=True, text=True)
        status = json.loads(said.stdout)
        ini = status["test"].pop("ini")
        return _pytest([f"--ckan-ini={ini}", *_in_order(root, arguments)],
                       {**status["test"], "SATUDATA_TEST_STATUS": json.dumps(status)})
    finally:
        with contextlib.suppress(KeyboardInterrupt):
            subprocess.run([*stack, "stop", *name], stdout=subprocess.DEVNULL)


def _pytest(arguments: Sequence[str], env: dict[str, str]) -> int:
    try:
        return subprocess.run([sys.executable, "-m", "pytest", *arguments],
                              env={**os.environ, **env}).returncode
    except KeyboardInterrupt:
        return 130


def _paths(root: Path, arguments: Sequence[str]) -> list[Path]:
    return [(root / word.split("::")[0]).resolve() for word in arguments
            if not word.startswith("-") and (root / word.split("::")[0]).exists()]


def _only_domain(root: Path, arguments: Sequence[str]) -> bool:
    paths = _paths(root, arguments)
    domain = root / "tests" / "domain"
    return bool(paths) and all(path.is_relative_to(domain) for path in paths)


def _in_order(root: Path, arguments: Sequence[str]) -> list[str]:
    if _paths(root, arguments):
        return list(arguments)
    folders = [f"tests/{name}" for name in ("domain", "ckan", "live")
               if (root / "tests" / name).is_dir()]
    return [*arguments, *folders]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
