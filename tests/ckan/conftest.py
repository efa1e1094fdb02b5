"""Fixtures of the tests that run inside CKAN."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ckan.plugins import plugin_loaded

#: Plugins whose own tables the tests need.
MIGRATED = ("activity", "harvest")


@pytest.fixture(scope="session")
def reset_db_with_plugins(
    reset_db: Callable[[], None], migrate_db_for: Callable[[str], None]
) -> Callable[[], None]:
    """Empty the database; the first time make the plugins' tables as well.

    CKAN's ``reset_db`` drops every table the first time and only empties them
    later, so the migrations of plugins are applied once a session.
    """
    migrated: list[str] = []

    def reset() -> None:
        reset_db()
        if not migrated:
            for name in MIGRATED:
                if plugin_loaded(name):
                    migrate_db_for(name)
                    migrated.append(name)

    return reset


@pytest.fixture
def clean_db(with_plugins: Any, reset_db_with_plugins: Callable[[], None]) -> None:
    """An empty database with the tables of all plugins."""
    reset_db_with_plugins()
