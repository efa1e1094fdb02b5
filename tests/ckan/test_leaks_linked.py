"""What a public dataset points at, and what the datastore says of a query that is wrong."""
from __future__ import annotations

from typing import Any

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import _get_test_app
from leak_world import Data, World, call, make
from test_leaks import EYES, SETTINGS, eye

pytestmark = pytest.mark.with_plugins("text_view")


@pytest.fixture
def world(
    with_plugins: Any, clean_db: Any, clean_index: Any, clean_datastore: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    for key, value in SETTINGS.items():
        monkeypatch.setitem(tk.config, key, value)
    made = World(_get_test_app())
    made.people()
    return made


def activity(world: World) -> Data:
    """Return a kegiatan that is a draft."""
    return call("package_create", world.author, type="kegiatan", title="zqkegiatan judul",
                name="zqkegiatan-nama", owner_org=world.org["id"])


@pytest.mark.parametrize("who", EYES)
def test_a_dataset_does_not_name_a_hidden_kegiatan_on_its_page(world: World, who: str) -> None:
    hidden = activity(world)
    record = make("zqisi", world.org, world.author, id_kegiatan=hidden["name"])
    world.bring(record, "terbit")
    page = world.get(f"/dataset/{record.package['name']}", eye(world, who))
    assert "zqisi judul" in page
    assert "zqkegiatan" not in page
    assert "belum terbit di portal ini" in page
    assert "zqkegiatan judul" in world.get(
        f"/dataset/{record.package['name']}", world.author)


@pytest.mark.ckan_config("ckan.datastore.sqlsearch.enabled", True)
@pytest.mark.parametrize("who", EYES)
def test_sql_tells_nothing_of_a_hidden_table(world: World, who: str) -> None:
    hidden, shown = (make(mark, world.org, world.author) for mark in ("zqdraf", "zqterbit"))
    world.bring(shown, "terbit")
    user, table = eye(world, who), hidden.file["id"]
    for sql in (
        f'SELECT * FROM "{table}"', f'SELECT * FROM "{hidden.alias}"',
        f'SELECT nilai FROM "{table}"', f'SELECT zqdraf_kolo FROM "{table}"',
        f'SELECT zqdraf_kolom::int FROM "{table}"',
        f'SELECT * FROM "{shown.file["id"]}" WHERE EXISTS (SELECT 1 FROM "{table}")',
        f'SELECT count(*) FROM "{table}"', 'SELECT * FROM "_table_metadata"',
        "SELECT relname FROM pg_class", "SELECT table_name FROM information_schema.tables",
    ):
        raw = world.api("datastore_search_sql", user, sql=sql)
        said = raw.split("\r\n\r\n", 1)[-1]
        assert raw[:3] in ("403", "404", "409"), said
        assert "zqdraf_kolom" not in said and "zqdraf nilai" not in said, said
    assert "zqterbit nilai" in world.api(
        "datastore_search_sql", user, sql=f'SELECT * FROM "{shown.file["id"]}"')
    assert "zqdraf nilai" in world.api(
        "datastore_search_sql", world.author, sql=f'SELECT * FROM "{table}"')
