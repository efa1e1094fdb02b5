"""One run, in the order of cost: rules without a server, then inside CKAN, then a live portal."""
from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
ORDER = ("domain", "ckan", "live", "benchmarks")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        folder = item.path.relative_to(HERE).parts[0] if item.path.is_relative_to(HERE) else ""
        return ORDER.index(folder) if folder in ORDER else len(ORDER)

    items.sort(key=place)
