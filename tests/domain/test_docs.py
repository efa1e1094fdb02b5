"""The documents name everything a person can call or set."""
from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CODE = ROOT / "ckanext-satudata" / "ckanext" / "satudata"
README = (ROOT / "README.md").read_text()


def exported(path: Path) -> list[str]:
    """Return ``__all__`` of a module without importing it."""
    for node in ast.parse(path.read_text()).body:
        target = node.target if isinstance(node, ast.AnnAssign) else (
            node.targets[0] if isinstance(node, ast.Assign) else None)
        if isinstance(target, ast.Name) and target.id == "__all__":
            return ast.literal_eval(node.value)
    raise AssertionError(f"{path} has no __all__")


def options() -> list[str]:
    declared = yaml.safe_load((CODE / "config_declaration.yaml").read_text())
    return [option["key"] for group in declared["groups"] for option in group["options"]]


def vocabularies() -> list[str]:
    listed = (CODE / "reference" / "vocabularies.csv").read_text().splitlines()[1:]
    return sorted(line.split(",")[0] for line in listed)


@pytest.mark.parametrize("name", exported(CODE / "logic" / "action" / "__init__.py"))
def test_every_action_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


@pytest.mark.parametrize("key", options())
def test_every_option_is_in_the_readme(key: str) -> None:
    assert f"`{key}`" in README


def test_every_option_has_a_typed_reader() -> None:
    readers = (CODE / "config.py").read_text()
    assert [key for key in options() if f'"{key}"' not in readers] == []


@pytest.mark.parametrize("name", vocabularies())
def test_every_vocabulary_has_its_source(name: str) -> None:
    assert f"`{name}`" in (CODE / "reference" / "SOURCE.md").read_text()


def test_no_option_is_read_past_its_reader() -> None:
    reading = [way for key in options() for way in (f'config["{key}"]', f'config.get("{key}"')]
    raw = [
        str(path.relative_to(CODE))
        for path, text in ((path, path.read_text()) for path in CODE.rglob("*.py")
                           if path.name != "config.py" and "stack" not in path.parts)
        if any(way in text for way in reading)
    ]
    assert raw == []
