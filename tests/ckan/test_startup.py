"""A wrong configuration is refused at start, with the line to write."""
from __future__ import annotations

import pytest
from ckan.exceptions import CkanConfigurationException

from ckanext.satudata.shared import startup

STORED = {"ckan.files.storage.resources.type": "ckan:fs"}


@pytest.mark.parametrize("name", sorted(startup.AFTER_US))
def test_a_plugin_that_would_win_over_ours_is_refused(name: str) -> None:
    with pytest.raises(CkanConfigurationException) as error:
        startup.check({"ckan.plugins": f"text_view {name} satudata", **STORED})
    assert f"before '{name}'" in str(error.value)
    assert f"ckan.plugins = satudata text_view {name}" in str(error.value)


def test_the_right_order_starts() -> None:
    startup.check({"ckan.plugins": ["satudata", *startup.AFTER_US], **STORED})


def test_the_legacy_uploader_is_refused() -> None:
    with pytest.raises(CkanConfigurationException, match=r"ckan\.files\.storage\.resources\.type"):
        startup.check({"ckan.plugins": "satudata"})
