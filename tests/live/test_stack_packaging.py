"""The package holds all it needs, and both ways of installing it import."""
from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = Path("ckanext-satudata")
IGNORED = {"__pycache__", ".pytest_cache"}
#: Catalogs are compiled from .po and may not be there in a clone.
COMPILED = {".mo", ".pyc"}

LOOK = """
import importlib.metadata, importlib.resources, pathlib
import ckan, ckanext.dcat
import ckanext.satudata.domain.errors, ckanext.satudata.stack.home, ckanext.satudata.schemas
schemas = importlib.resources.files("ckanext.satudata.schemas")
assert (schemas / "dataset.yaml").is_file()
code = pathlib.Path(ckanext.satudata.stack.home.__file__).parents[1]
assert (code / "config_declaration.yaml").is_file()
assert (code / "stack" / "solr-jars.sha256").is_file()
[entry] = importlib.metadata.entry_points(group="ckan.plugins", name="satudata")
print(code)
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is packed: a build leaves nothing in the clone."""
    copy = tmp_path_factory.mktemp("source")
    ignore = shutil.ignore_patterns(*IGNORED, "*.egg-info", "*.pyc")
    for name in (CODE, Path("schemas")):
        shutil.copytree(ROOT / name, copy / name, ignore=ignore)
    for name in ("setup.py", "pyproject.toml", "package.json", "package-lock.json", "README.md",
                 "LICENSE"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "-w", str(out), str(source))
    [built] = out.glob("*.whl")
    return built


def pip(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-m", "pip", "--disable-pip-version-check", *arguments],
        capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def environment(folder: Path) -> Path:
    """An environment that sees the packages of this one, but not the copy of us in it."""
    subprocess.run([sys.executable, "-I", "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    # A .pth inside a folder named by a .pth is not read, so our editable install stays unseen.
    names = [sysconfig.get_path("purelib"), *(p for p in sys.path if p.endswith("-packages"))]
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "others.pth").write_text("\n".join(dict.fromkeys(names)) + "\n")
    return python


def test_the_wheel_holds_every_schema_and_all_package_data(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    wanted = {f"ckanext/satudata/schemas/{p.name}" for p in (ROOT / "schemas").glob("*.yaml")}
    wanted |= {
        str(p.relative_to(ROOT / CODE)) for p in (ROOT / CODE / "ckanext").rglob("*")
        if p.is_file() and not IGNORED & set(p.parts) and p.suffix not in COMPILED
    }
    assert wanted - packed == set()
    assert len([name for name in wanted if name.endswith(".yaml")]) >= 6


def test_the_wheel_holds_the_libraries_of_the_lock_file(wheel: Path) -> None:
    """A page of an installed portal loads what npm checked, and says under which terms."""
    archive, folder = zipfile.ZipFile(wheel), "ckanext/satudata/public/satudata/vendor"
    made = json.loads(archive.read(f"{folder}/vendor.json"))["libraries"]
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    served = json.loads((ROOT / "package.json").read_text())["satudata"]
    terms = archive.read(f"{folder}/LICENSES.txt").decode()
    assert set(made) == set(served) and made
    for library, about in made.items():
        assert about["version"] == locked[f"node_modules/{library}"]["version"]
        assert f"{library} {about['version']} (" in terms
        assert set(about["files"]) == {Path(each).name for each in served[library]}
        for name, digest in about["files"].items():
            content = archive.read(f"{folder}/{library}/{name}")
            assert hashlib.sha256(content).hexdigest() == digest


@pytest.mark.parametrize("mode", ["wheel", "editable"])
def test_an_install_imports_in_isolation(
    mode: str, source: Path, wheel: Path, tmp_path: Path,
) -> None:
    python = environment(tmp_path / "venv")
    what = [str(wheel)] if mode == "wheel" else ["-e", str(source)]
    pip("--python", str(python), "install", "--no-deps", "-q", *what)
    done = subprocess.run([python, "-I", "-c", LOOK], capture_output=True, text=True,
                          cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    expected = source if mode == "editable" else tmp_path / "venv"
    assert Path(done.stdout.strip()).is_relative_to(expected)
