"""The install says which line to type where Python came without what it needs."""
from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from ckanext.satudata.stack import bootstrap
from ckanext.satudata.stack.errors import StackError

ROOT = Path(__file__).parents[2]


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_a_python_without_venv_gets_the_line_to_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    python = program(tmp_path / "python3", "echo ensurepip is not available >&2; exit 1")
    program(tmp_path / "apt-get", "exit 0")
    monkeypatch.setattr(bootstrap.sys, "executable", str(python))
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(StackError) as refused:
        bootstrap._make_venv(tmp_path / ".venv")
    assert "ensurepip is not available" in refused.value.why
    assert refused.value.todo.startswith("Type: sudo apt-get install python3.")
    assert not (tmp_path / ".venv").exists()


def test_root_on_debian_gets_venv_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second try works because apt-get was run between the two."""
    python = program(tmp_path / "python3", f"test -e {tmp_path}/installed")
    program(tmp_path / "apt-get", f'echo "$@" >> {tmp_path}/said; touch {tmp_path}/installed')
    monkeypatch.setattr(bootstrap.sys, "executable", str(python))
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    bootstrap._make_venv(tmp_path / ".venv")
    assert "install -y -q python3." in (tmp_path / "said").read_text()


@pytest.mark.parametrize(("said", "expected"), [
    ("ERROR: Could not find a version that satisfies the requirement", "package index reachable"),
    ("OSError: [Errno 28] No space left on device", "Free 2000 MB"),
])
def test_a_failed_install_says_what_to_do(tmp_path: Path, said: str, expected: str) -> None:
    (tmp_path / ".venv").mkdir()
    python = program(tmp_path / "python", f'echo "{said}" >&2; exit 1')
    with pytest.raises(StackError) as refused:
        bootstrap._pip(tmp_path, python, ["portal"])
    assert expected in refused.value.todo


@pytest.mark.parametrize("command", ["portal", "test"])
def test_an_old_python_is_named_before_anything_else(command: str, tmp_path: Path) -> None:
    old = program(tmp_path / "python3", '[ "$1" = --version ] && echo Python 3.8.2; exit 1')
    done = subprocess.run(
        [ROOT / "deploy" / command], capture_output=True, text=True,
        env={**os.environ, "SATUDATA_PYTHON": str(old)})
    assert done.returncode == 1
    assert "Python 3.10 to 3.13 is needed, found Python 3.8.2" in done.stderr


def test_looking_at_a_portal_installs_nothing(tmp_path: Path) -> None:
    for name in ("portal", "find-python.sh"):
        program(tmp_path / "deploy" / name, (ROOT / "deploy" / name).read_text())
    (tmp_path / "ckanext-satudata").symlink_to(ROOT / "ckanext-satudata")
    done = subprocess.run([tmp_path / "deploy" / "portal", "status"], capture_output=True,
                          text=True)
    assert done.returncode == 3 and "Nothing is installed here yet" in done.stderr
    assert not (tmp_path / ".venv").exists()


def test_who_asks_how_to_test_is_told_at_once(tmp_path: Path) -> None:
    for name in ("test", "find-python.sh"):
        program(tmp_path / "deploy" / name, (ROOT / "deploy" / name).read_text())
    (tmp_path / "ckanext-satudata").symlink_to(ROOT / "ckanext-satudata")
    done = subprocess.run([tmp_path / "deploy" / "test", "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and "tests/domain" in done.stdout
    assert not (tmp_path / ".venv").exists()
