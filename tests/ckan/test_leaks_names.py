"""A name that is taken by hidden data answers as a name that nobody has."""
from __future__ import annotations

import re
from typing import Any

import pytest
from leak_world import Data, World
from test_leaks import BESIDE, EYES, HIDDEN, PUBLIC, eye, settings, world

__all__ = ["settings", "world"]  # the same portal, made anew for this file

NOBODY = "zqtiada"
#: Action -> parameter that names a dataset.
NAMED: dict[str, str] = {
    "package_show": "id",
    "package_activity_list": "id",
    "package_relationships_list": "id",
    "dataset_follower_count": "id",
    "am_following_dataset": "id",
    "satudata_completeness_show": "id",
    "satudata_dataset_copy": "id",
    "satudata_submission_show": "id",
    "satudata_submission_timeline": "id",
    "harvest_source_show": "id",
    "harvest_object_show": "dataset_id",
}
PAGES = ("/dataset/{}", "/dataset/activity/{}", "/dataset/groups/{}", "/dataset/{}.ttl",
         "/dataset/{}.jsonld", "/dataset/salin/{}", "/dataset/harvest_object/{}", "/pengajuan/{}",
         "/dataset/followers/{}", "/datastore/dump/{}")


def answer(raw: str, name: str) -> str:
    """Return a raw answer without what differs from one request to the next, and the name."""
    status, _headers, body = raw.split("\n", 2)[0], None, raw.split("\r\n\r\n", 1)[-1]
    body = re.sub(r'(csrf_token"? (content|value)=)"[^"]+"', r"\1", body)
    return f"{status}\n{body.replace(name, NOBODY)}"


@pytest.mark.parametrize("who", EYES)
@pytest.mark.parametrize("action", sorted(NAMED))
def test_an_action_does_not_tell_that_a_name_is_taken(
    world: World, action: str, who: str
) -> None:
    user = eye(world, who)
    none = answer(world.api(action, user, **{NAMED[action]: f"{NOBODY}-nama"}), NOBODY)
    for mark in HIDDEN:
        if mark.startswith("zqrevisi"):  # its name is a UUID
            continue
        told = answer(world.api(action, user, **{NAMED[action]: f"{mark}-nama"}), mark)
        assert told == none, mark


@pytest.mark.parametrize("who", EYES)
@pytest.mark.parametrize("action", ["datastore_search", "datastore_info"])
def test_an_action_does_not_tell_that_an_alias_is_taken(
    world: World, action: str, who: str
) -> None:
    user = eye(world, who)
    none = answer(world.api(action, user, resource_id=f"{NOBODY}_alias"), NOBODY)
    for mark, record in world.records.items():
        told = answer(world.api(action, user, resource_id=record.alias), record.mark)
        assert (told == none) == (mark != PUBLIC), mark


@pytest.mark.parametrize("who", EYES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_does_not_tell_that_a_name_is_taken(world: World, path: str, who: str) -> None:
    user = eye(world, who)
    none = answer(world.get(path.format(f"{NOBODY}-nama"), user), NOBODY)
    for mark in HIDDEN:
        if not mark.startswith("zqrevisi"):
            assert answer(world.get(path.format(f"{mark}-nama"), user), mark) == none, mark


def test_a_taken_name_is_refused_without_telling_whose_it_is(world: World) -> None:
    """That it is taken, an editor is told: two datasets cannot share an address. No more."""
    said: set[str] = set()
    for mark in (PUBLIC, *HIDDEN):
        if mark in BESIDE | {"zqrevisi", "zqhapus"}:  # a UUID; free again
            continue
        raw = world.api("package_create", world.stranger, name=f"{mark}-nama", title="Apa saja",
                        owner_org=world.other["id"])
        errors = _errors(raw)
        assert set(errors) == {"name"}
        said.add(str(errors["name"]))
    assert len(said) == 1
    assert "zq" not in said.pop()


def test_a_stranger_can_follow_nothing_hidden(world: World) -> None:
    none = answer(world.api("follow_dataset", world.stranger, id=f"{NOBODY}-nama"), NOBODY)
    for mark, record in world.records.items():
        if mark != PUBLIC and mark not in BESIDE:
            assert world.api("follow_dataset", world.stranger, id=record.id)[:3] in ("403", "404")
        if mark in HIDDEN and not mark.startswith("zqrevisi"):
            assert none == answer(
                world.api("follow_dataset", world.stranger, id=f"{mark}-nama"), mark)


def _errors(raw: str) -> Data:
    import json

    found: dict[str, Any] = json.loads(raw.split("\r\n\r\n", 1)[-1])
    return {key: value for key, value in found["error"].items() if not key.startswith("__")}
