"""Lets the tests of this folder import their samples, also when it is pytest's whole root."""
from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import beside  # noqa: E402  (a folder up, where pytest may not look)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", beside.MARKER)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    beside.leave_out(config, items)
