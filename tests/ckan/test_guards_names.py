"""A write does not tell that a name is taken by data that is not public yet."""
from __future__ import annotations

from collections.abc import Callable

import ckan.plugins.toolkit as tk
import guard_world as gw
import pytest
from ckan import model
from guard_world import Data, World, act

pytestmark = [
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
    pytest.mark.ckan_config("ckan.search.solr_commit", False),
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "clean_datastore"),
]
NOBODY = "nama-yang-tidak-ada"


@pytest.fixture
def world() -> World:
    return gw.make()


def writes(world: World) -> dict[str, Callable[[str], Data]]:
    """Return the writes that name a dataset, each with what it is sent for a name."""
    group = world.other["id"]
    return {
        "package_update": lambda name: {"id": name, "title": "x", "state": "deleted"},
        "package_patch": lambda name: {"id": name, "private": False},
        "package_revise": lambda name: {"match": {"name": name}, "update": {"title": "x"}},
        "package_delete": lambda name: {"id": name},
        "dataset_purge": lambda name: {"id": name},
        "package_resource_reorder": lambda name: {"id": name, "order": []},
        "resource_create": lambda name: {"package_id": name, "url": "https://a.id/x"},
        "package_relationship_create": lambda name: {
            "subject": name, "object": name, "type": "depends_on"},
        "package_relationship_delete": lambda name: {
            "subject": name, "object": name, "type": "depends_on"},
        "package_owner_org_update": lambda name: {"id": name, "organization_id": group},
        "member_create": lambda name: {
            "id": group, "object": name, "object_type": "package", "capacity": "public"},
        "member_delete": lambda name: {"id": group, "object": name, "object_type": "package"},
        "datastore_create": lambda name: {
            "resource": {"package_id": name}, "fields": [{"id": "a"}]},
        "satudata_submission_transition": lambda name: {
            "id": name, "transition": "ajukan", "expected_version": 1},
        "satudata_submission_transition_bulk": lambda name: {"items": [
            {"id": name, "transition": "tarik_darurat", "expected_version": 1}]},
        "satudata_checklist_update": lambda name: {
            "id": name, "expected_version": 1, "checklist": {}},
        "unfollow_dataset": lambda name: {"id": name},
        "package_collaborator_list": lambda name: {"id": name},
    }


def told(user: str, action: str, data: Data, name: str) -> str:
    """Return what somebody is told, without the name they sent."""
    try:
        result = act(user, action, **data)
    except (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError) as error:
        result = (type(error).__name__, getattr(error, "error_dict", None) or str(error))
    return str(result).replace(name, NOBODY)


def test_writing_by_name_tells_nothing_of_hidden_data(world: World) -> None:
    taken = model.Package.get(world.id).name
    for user in (world.outsider, ""):
        for action, data in writes(world).items():
            hidden = told(user, action, data(taken), taken)
            assert hidden == told(user, action, data(NOBODY), NOBODY), (user, action)
            assert world.id not in hidden


def test_who_may_read_is_told_what_stands_in_the_way(world: World) -> None:
    gw.put(world.id, "terbit")
    name = model.Package.get(world.id).name
    with pytest.raises(tk.NotAuthorized):
        act(world.outsider, "package_patch", id=name, title="x")
    gw.refused(lambda: act(world.editor, "package_patch", id=name, title="x"), "Perbarui data")
