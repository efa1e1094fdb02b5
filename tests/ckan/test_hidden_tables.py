"""A table that the public could read is seen by who inspects."""
from __future__ import annotations

from typing import Any

import guard_world as gw
import pytest
from ckan.tests import factories
from guard_world import World, act

pytestmark = [
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
    pytest.mark.ckan_config("ckan.search.solr_commit", False),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "clean_datastore"),
]


@pytest.fixture
def world() -> World:
    return gw.make()


def test_a_table_is_shown_to_the_inspector_whatever_its_file_says(
    app: Any, world: World
) -> None:
    table = gw.table(world)["resource_id"]
    act(world.editor, "resource_patch", id=table, datastore_active=False)
    assert gw.rows(table) == gw.ROWS  # it answers all the same
    gw.put(world.id, "diperiksa_walidata")
    token = factories.APIToken(user=world.walidata)["token"]
    page = app.get(f"/pengajuan/{world.id}", headers={"Authorization": token})
    for row in gw.ROWS:
        assert row["kecamatan"] in page.body
