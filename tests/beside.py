"""The marker ``beside``: tests on files that are not ours to ship.

They lie beside the repository, where there are any. A test without its files is
left out, not skipped: what is reported as run, ran.
"""
from __future__ import annotations

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).parents[2] / "shared" / "data"
MARKER = "beside(folder, ci=True): needs a folder of files beside the repository"


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests whose folder is absent, and in CI those marked ``ci=False``."""
    absent = [item for item in items if not _has_its_files(item)]
    if absent:
        config.hook.pytest_deselected(items=absent)
        items[:] = [item for item in items if item not in absent]


def _has_its_files(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("beside")
    if marker is None:
        return True
    if os.environ.get("CI") and not marker.kwargs.get("ci", True):
        return False
    return (BESIDE / marker.args[0]).is_dir()
