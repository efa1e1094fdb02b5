"""The house rules a tool can hold: ruff over the tree, strict pyright over ``domain/``."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
TREES = ("ckanext-satudata", "schemas", "tests", "deploy", "setup.py")


def said_by(tool: str, *options: str) -> str:
    """Return what a tool of this interpreter says of the tree; nothing when all is well."""
    done = subprocess.run(
        [sys.executable, "-m", tool, *options], cwd=ROOT, capture_output=True, text=True,
        timeout=300, check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_tree_is_clean_under_ruff() -> None:
    assert said_by("ruff", "check", "--no-cache", "--output-format=concise", *TREES) == ""


def test_the_domain_has_types_a_strict_checker_accepts() -> None:
    assert said_by("pyright", "--project", "pyproject.toml", "--pythonpath", sys.executable) == ""
