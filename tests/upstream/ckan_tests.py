"""A pytest plugin under which CKAN's own tests run with the portal's plugins on.

CKAN's tests switch all plugins off and each names the few it needs. Here every test has
the list of ``test.ini`` first and its own behind it, so it meets what a client of ours
meets. At the end the failures are held against ``tests/ckan/known_differences.md``: the
run is green only if exactly those differ.
"""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ckan import model, plugins
from ckan.common import config as ckan_config
from ckan.tests import helpers
from differences import KNOWN, judge, listed, read, short

#: Plugins whose own tables must be there, in the order they are made.
MIGRATED = ("activity", "harvest", "satudata")
#: How the names of actions end that write.
WRITES = ("_create", "_update", "_patch", "_revise", "_delete", "_purge", "_reorder",
          "_private", "_public")

PRODUCER = "produsen-uji"


class Run:
    """What this run of the tests said."""

    def __init__(self) -> None:
        self.ran: set[str] = set()
        self.failed: set[str] = set()


RUN = pytest.StashKey[Run]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--part", action="store_true",
                     help="only some tests run: judge those, say nothing of the others")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[RUN] = Run()


@pytest.fixture(scope="session")
def portal() -> list[str]:
    """The portal's plugins; while they are on, the tables of all of them are made."""
    from ckan.cli.db import _run_migrations

    ours = _names(ckan_config["ckan.plugins"])
    plugins.load_all()
    helpers.reset_db()  # the first call drops every table, later ones only empty them
    for name in MIGRATED:
        if name in ours:
            _run_migrations(name, "head", True)
    plugins.unload_all()
    return ours


@pytest.fixture(autouse=True)
def our_plugins_first(
    portal: list[str], ckan_config: Any, monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[None]:
    """Load the portal's plugins and behind them those that the test names."""
    own = [name for name in _names(ckan_config["ckan.plugins"]) if name not in portal]
    monkeypatch.setitem(ckan_config, "ckan.plugins", [*portal, *own])
    request.getfixturevalue("with_plugins")
    yield


@pytest.fixture(autouse=True)
def as_a_portal_needs(our_plugins_first: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the calls of a test what every call has in a portal, where the test names nothing.

    A write is somebody's: the site's own user's, as in CKAN's command line (the activity
    stream refuses an unknown user). A dataset is some organization's: every dataset has
    its producer. Without these two, more than 300 tests would end before they reach what they test.
    """
    call = helpers.call_action

    def call_action(action_name: str, context: Any = None, **data: Any) -> Any:
        context = {} if context is None else context
        if action_name.endswith(WRITES) and not {"user", "ignore_auth"} & set(context):
            context["user"] = call("get_site_user")["name"]
        if action_name == "package_create" and not {"owner_org", "private"} & set(data) and (
                context.get("ignore_auth", True)):
            data["owner_org"] = _producer(call)
        return call(action_name, context, **data)

    monkeypatch.setattr(helpers, "call_action", call_action)


def _producer(call: Any) -> str:
    found = model.Group.get(PRODUCER)
    if found is None or found.state != "active":
        call("organization_create", {"user": call("get_site_user")["name"]}, name=PRODUCER,
             title="Produsen Uji")
    return PRODUCER


def _names(value: Any) -> list[str]:
    return value.split() if isinstance(value, str) else list(value)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Note what ran and what did not go as CKAN expects, set-up and end included."""
    report = yield
    run = item.config.stash[RUN]
    run.ran.add(short(item.path, item.nodeid))
    if report.failed:
        run.failed.add(short(item.path, item.nodeid))
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Replace pytest's judgement by ours, unless the run itself was broken."""
    if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        session.exitstatus = int(not _verdict(session.config).green)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say which tests differ against the list, and what to do."""
    run, verdict = config.stash[RUN], _verdict(config)
    terminalreporter.section(f"against {KNOWN.name}")
    for line in verdict.lines():
        terminalreporter.line(line)
    terminalreporter.line(
        f"{len(run.ran)} of CKAN's tests ran, {len(run.failed)} differ: "
        + ("exactly those listed." if verdict.green else "not those listed."))


def _verdict(config: pytest.Config) -> Any:
    run, known = config.stash[RUN], listed(read())
    if config.getoption("part"):
        known &= run.ran
    return judge(known, run.failed, run.ran)
