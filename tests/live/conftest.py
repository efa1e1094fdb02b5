"""The running portal that ``./deploy/test`` starts, with the demo region in it."""
from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).parent))
from browser import launched
from stock_portal import StockPortal
from story_cast import Cast, assembled

#: Run only when they are named: they install hundreds of MB from PyPI (udata needs Python 3.11).
_ON_REQUEST = ("test_feed_udata.py", "test_croissant_reader.py")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what runs on request only."""
    name = collection_path.name
    named = any(name in each for each in config.args)
    return True if name in _ON_REQUEST and not named else None


@dataclass(frozen=True)
class Portal:
    """A live portal: addresses as ``status --json`` tells them."""

    url: str
    ini: str
    python: str
    home: str
    parts: dict[str, Any]

    def ckan(self, *arguments: str) -> str:
        """Run a ``ckan`` command on this portal and return what it printed."""
        code = "from ckan.cli.cli import ckan; ckan(prog_name='ckan')"
        done = subprocess.run(
            [self.python, "-I", "-c", code, "-c", self.ini, *arguments],
            capture_output=True, text=True, env=_without_test_servers(),
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=60) as answer:
            return answer.read()


def _without_test_servers() -> dict[str, str]:
    """The environment without the addresses of the test databases: they would win over the ini."""
    return {key: value for key, value in os.environ.items() if not key.startswith("CKAN_")}


@pytest.fixture(scope="session")
def portal() -> Portal:
    """The portal of this test run; its database is not that of ``tests/ckan``."""
    said = os.environ.get("SATUDATA_TEST_STATUS")
    if not said:
        pytest.fail("Live tests need a running portal: ./deploy/test tests/live")
    status = json.loads(said)
    return Portal(*(status[key] for key in ("url", "ini", "python", "home", "parts")))


@pytest.fixture(scope="session")
def api_token(portal: Portal) -> str:
    """An API token of the portal's sysadmin."""
    return portal.ckan("user", "token", "add", "admin", "live-test", "-q").split()[-1]


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StockPortal]:
    """A second CKAN with none of our code; see ``stock_portal``."""
    wanted = [f"SATUDATA_STOCK_{name}_URL" for name in ("SQLALCHEMY", "SOLR", "REDIS")]
    missing = [name for name in wanted if not os.environ.get(name)]
    assert not missing, f"{missing} not set. Run with: ./deploy/test tests/live"
    folder: Path = tmp_path_factory.mktemp("stock")
    portal = StockPortal(folder, sys.executable, os.environ)
    try:
        portal.start()
        yield portal
    finally:
        portal.stop()


@pytest.fixture(scope="module")
def cast(portal: Portal, api_token: str) -> Iterator[Cast]:
    """An agency with its people, made and taken away again."""
    yield from assembled(portal, api_token)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real browser."""
    with launched() as found:
        yield found
