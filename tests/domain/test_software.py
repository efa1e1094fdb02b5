"""What shapes the answers others keep: nothing of it changes without their being made anew."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from ckanext.satudata.shared.software import PACKAGE, SAYING, digest

NAME = "ckanext.satudata."
#: Where descriptions of data are made, each with the domain it imports.
MAKERS = ("federation/profile.py", "federation/feed/building.py", "vocabulary/machine.py",
          "vocabulary/present.py")


def imported(path: Path) -> Iterator[Path]:
    """Yield the files of the domain that a file imports, and those that these import."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(
                f"{NAME}domain"):
            continue
        for name in (str(node.module), *(f"{node.module}.{each.name}" for each in node.names)):
            below = PACKAGE.joinpath(*name.removeprefix(NAME).split("."))
            yield from (each for each in (below.with_suffix(".py"), below / "__init__.py")
                        if each.is_file())


@pytest.mark.parametrize("maker", MAKERS)
def test_all_that_a_description_is_made_with_counts(maker: str) -> None:
    counted = {path for pattern in SAYING for path in PACKAGE.glob(pattern)}
    found: set[Path] = set()
    waiting = [*imported(PACKAGE / maker)]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += imported(path)
    assert found
    assert sorted(str(path) for path in found - counted) == []


def test_each_room_adds_files_of_its_own() -> None:
    assert len({digest(), digest("vocabulary/*.py"), digest("federation/*.py")}) == 3
