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


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", beside.MARKER)
    if hasattr(config, "workerinput"):  # of a run in lanes: before CKAN is loaded
        inis = json.loads(os.environ["SATUDATA_TEST_INIS"])
        config.option.ckan_ini = inis[int(config.workerinput["workerid"].removeprefix("gw"))]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    beside.leave_out(config, items)
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    folder = item.path.relative_to(HERE).parts[0] if item.path.is_relative_to(HERE) else ""
    return ORDER.index(folder) if folder in ORDER else len(ORDER)
