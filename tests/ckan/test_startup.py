"""A wrong configuration is refused at start, with the line to write."""
from __future__ import annotations

import pytest
from ckan.exceptions import CkanConfigurationException

from ckanext.satudata.shared import startup

STORED = {"ckan.files.storage.resources.type": "ckan:fs"}
OTHERS = sorted({*startup.AFTER_US, *startup.NEEDED})


@pytest.mark.parametrize("name", startup.NEEDED)
def test_a_missing_plugin_is_named(name: str) -> None:
    names = [other for other in ["satudata", *OTHERS] if other != name]
    with pytest.raises(CkanConfigurationException, match=f"needs {name} after it"):
        startup.check({"ckan.plugins": " ".join(names), **STORED}, "36.04")


@pytest.mark.parametrize("name", sorted(startup.AFTER_US))
def test_a_plugin_that_would_win_over_ours_is_refused(name: str) -> None:
    with pytest.raises(CkanConfigurationException) as error:
        startup.check({"ckan.plugins": [name, "satudata", *OTHERS], **STORED}, "36.04")
    assert f"before '{name}'" in str(error.value)
    assert f"ckan.plugins = satudata {name}" in str(error.value)


def test_the_right_order_starts() -> None:
    startup.check({"ckan.plugins": ["satudata", *OTHERS], **STORED}, "36.04")


def test_the_legacy_uploader_is_refused() -> None:
    with pytest.raises(CkanConfigurationException, match=r"ckan\.files\.storage\.resources\.type"):
        startup.check({"ckan.plugins": ["satudata", *OTHERS]}, "36.04")


@pytest.mark.parametrize("code", ["3604", "36.4", "36.04.01", "", "99", "Serang"])
def test_a_region_that_is_none_is_refused(code: str) -> None:
    with pytest.raises(CkanConfigurationException, match=r"36\.04"):
        startup.check({"ckan.plugins": ["satudata", *OTHERS], **STORED}, code)


@pytest.mark.parametrize("key", sorted(startup.CLOSED))
@pytest.mark.parametrize("value", ["_table_metadata", ["_table_metadata"], True, "true"])
def test_a_setting_that_opens_what_is_not_published_is_refused(key: str, value: object) -> None:
    if key.endswith("_search") == (value in (True, "true")):
        return
    with pytest.raises(CkanConfigurationException, match=key.replace(".", r"\.")):
        startup.check({"ckan.plugins": ["satudata", *OTHERS], **STORED, key: value}, "36.04")


@pytest.mark.parametrize("key", sorted(startup.CLOSED))
@pytest.mark.parametrize("value", ["", [], None, False])
def test_a_setting_that_opens_nothing_starts(key: str, value: object) -> None:
    startup.check({"ckan.plugins": ["satudata", *OTHERS], **STORED, key: value}, "36.04")
