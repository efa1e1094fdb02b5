"""A part is down while a version is published: old or new meanwhile, and new once it is back."""
from __future__ import annotations

from typing import Any

import pytest
from ckan.plugins import toolkit as tk
from ckanext.datastore.backend import postgres
from marked_scene import Scene
from marks import LATER
from workflow_law import CONFLICT
from workflow_world import told

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
NOBODY_LISTENS = "127.0.0.1:9"
SEARCH = frozenset({"package_search"})
WRITE, READ = "ckan.datastore.write_url", "ckan.datastore.read_url"


@pytest.fixture(scope="module")
def made() -> list[Scene]:
    return []


@pytest.fixture
def scene(made: list[Scene], app: Any, request: pytest.FixtureRequest) -> Scene:
    if not made:
        for name in ("clean_db", "clean_index", "clean_datastore"):
            request.getfixturevalue(name)
        made.append(Scene(app))
    made[0].bring("disetujui")
    return made[0]


def test_without_the_index_a_version_is_published_and_found_later(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as down:
        down.setitem(tk.config, "solr_url", f"http://{NOBODY_LISTENS}/solr/ckan")
        assert scene.step("terbitkan")["state"] == "terbit"
        scene.number += 1
        places = {place: path for place, path in scene.dataset.places().items()
                  if place not in SEARCH}
        seen = {place: scene.shapes.version(place, scene.get(path))
                for place, path in places.items()}
    assert set(seen.values()) == {scene.number, None}, seen
    search = scene.dataset.places()["package_search"]
    assert scene.shapes.version("package_search", scene.get(search)) == scene.number - 1
    scene.recover()
    scene.is_whole(scene.number)


def dead(url: str) -> str:
    host, port = NOBODY_LISTENS.split(":")
    return f"postgresql://nobody@{host}:{port}/{url.rpartition('/')[2].partition('?')[0]}"


def test_tables_that_cannot_be_written_follow_when_they_can(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as down:
        down.setitem(tk.config, WRITE, dead(tk.config[WRITE]))
        assert scene.step("terbitkan")["state"] == "terbit"
        scene.number += 1
        seen = scene.versions()
    assert set(seen.values()) == {scene.number, LATER, None}, seen
    assert {place for place, number in seen.items() if number == LATER} == {
        "datastore_search", "datastore_search alias", "datastore_info", "dump"}
    scene.recover()
    scene.is_whole(scene.number)
    scene.is_tidy()


def test_without_the_datastore_nothing_is_published(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as down:
        for name in (WRITE, READ):
            down.setitem(tk.config, name, dead(tk.config[name]))
        assert told(scene.stepping("terbitkan")) == CONFLICT
    for url in [each for each in postgres._engines if NOBODY_LISTENS in each]:
        postgres._engines.pop(url).dispose()
    assert scene.state() == "disetujui"
    scene.is_whole(scene.number)
    scene.is_tidy()
