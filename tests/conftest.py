"""What all tests share: their order of cost in one run, and files beside the repository."""
from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import beside  # noqa: E402  (beside this file, whatever pytest's import mode)

ORDER = ("domain", "ckan", "live", "benchmarks")
#: Files of a minute and more, longest first: a lane that begins one last leaves the others idle.
#: From ``--durations=0``; one that is missing here costs time, nothing else.
LONG = (
    "test_leaks.py", "test_matrix_writes.py", "test_workflow_pages.py", "test_matrix.py",
    "test_demo_desks.py", "test_overtaking.py", "test_tidying.py", "test_berita_acara.py",
    "test_demo.py", "test_file_merge.py", "test_forms_safe.py", "test_wizard.py",
    "test_workflow.py", "test_metadata_merge.py", "test_uploads_browser.py", "test_crash.py",
    "test_oracle.py", "test_restricting.py",
)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", beside.MARKER)
    if hasattr(config, "workerinput") and "SATUDATA_TEST_INIS" in os.environ:
        # Of a run in lanes inside CKAN: before it is loaded.
        inis = json.loads(os.environ["SATUDATA_TEST_INIS"])
        config.option.ckan_ini = inis[int(config.workerinput["workerid"].removeprefix("gw"))]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    beside.leave_out(config, items)
    items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[int, int]:
    folder = item.path.relative_to(HERE).parts[0] if item.path.is_relative_to(HERE) else ""
    return (ORDER.index(folder) if folder in ORDER else len(ORDER),
            LONG.index(item.path.name) if item.path.name in LONG else len(LONG))
