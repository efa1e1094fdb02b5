"""What we register is what we document: names, auth functions and docstrings."""
from __future__ import annotations

from pathlib import Path

import pytest
from ckan import authz
from ckan.plugins import toolkit as tk

from ckanext.satudata import cli, helpers
from ckanext.satudata.logic import action, auth, validators

README = (Path(__file__).parents[2] / "README.md").read_text()
MODULES = (action, auth, helpers, validators)
pytestmark = pytest.mark.usefixtures("with_plugins")

#: CKAN's or a plugin's own actions that we chain; they keep their name and their auth function.
CHAINED = {name for name in action.__all__ if not name.startswith("satudata_")}
CHAINED_HELPERS = {"markdown_extract", "render_markdown", "structured_data"}
CHAINED_AUTH = {name for name in auth.__all__ if not name.startswith("satudata_")}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_all_is_sorted_complete_and_named(module: object) -> None:
    names = module.__all__
    assert names == sorted(names)
    public = {n for n in vars(module) if n.startswith("satudata_")}
    assert public <= set(names), "imported but not in __all__: never registered"
    chained = CHAINED | CHAINED_HELPERS | CHAINED_AUTH
    assert all(n.startswith("satudata_") for n in names if n not in chained)


@pytest.mark.parametrize("name", action.__all__)
def test_every_action_is_registered_authorised_and_described(name: str) -> None:
    function = tk.get_action(name)
    if name in CHAINED:
        return
    assert name in auth.__all__
    assert name in authz.auth_functions_list()
    text = tk.get_action("help_show")({"ignore_auth": True}, {"name": name})
    assert ":returns:" in text, f"{name} does not say what it returns"
    assert function.__doc__


def test_chained_actions_say_that_they_chain() -> None:
    for name in CHAINED:
        assert getattr(getattr(action, name), "chained_action", False), name
    for name in CHAINED_AUTH:
        assert getattr(getattr(auth, name), "chained_auth_function", False), name
    for name in CHAINED_HELPERS:
        assert getattr(getattr(helpers, name), "chained_helper", False), name


@pytest.mark.parametrize("name", sorted(cli.satudata.commands))
def test_every_command_is_in_the_readme_and_says_what_it_does(name: str) -> None:
    assert f"`ckan satudata {name}" in README
    assert cli.satudata.commands[name].help
