"""Every person, level and way to the files of restricted data, against a law written by hand.

``test_restricted_ways`` walks every way as a stranger, ``test_restricted`` the pages as some
people; here everybody of the matrix asks the actions behind all of them: for what is restricted
now, for the old version that was open, and for the one before it was lifted again.
"""
from __future__ import annotations

import io
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import helpers
from restricted_world import DECIDED
from werkzeug.datastructures import FileStorage
from workflow_law import PEOPLE, Person
from workflow_world import CONTENT, OPD, PATHS, WALIDATA, World, make

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", WALIDATA),
]
Data = dict[str, Any]
ELSEWHERE = "https://penerima.example.org/a.csv"

#: Perpres 39/2019 art. 18-19, 34, 39; UU 14/2008 art. 13, 17: who opens files of which level.
#: The OPD's people and those who inspect open both; a government user what is ``terbatas``.
OF_THE_OPD = frozenset({
    "anggota", "produsen", "pengirim", "admin-opd", "agen", "pejabat", "pembina-pengisi",
    "walidata-produsen"})
INSPECT = frozenset({"walidata", "walidata-pengisi", "walidata-produsen", "pendukung"})
OPENS = {
    "terbuka": frozenset(person.name for person in PEOPLE),
    "terbatas": OF_THE_OPD | INSPECT | {"ppid", "pemerintah"},
    "tertutup": OF_THE_OPD | INSPECT | {"ppid"},
}


@pytest.fixture(scope="module")
def made() -> Data:
    """What the first test of this module makes for all of them."""
    return {}


@pytest.fixture
def world(made: Data, request: pytest.FixtureRequest) -> World:
    """Everybody, and a dataset that was open, then terbatas, then tertutup: versions 1, 2, 3."""
    if not made:
        for name in ("clean_db", "clean_datastore", "clean_index"):
            request.getfixturevalue(name)
        world = make()
        _publish(world)
        made["world"] = world
    return made["world"]


def _publish(world: World) -> None:
    act = world.act
    package = act("pengirim", "package_create", **{
        **CONTENT, "resources": [], "title": "Penerima"}, owner_org=world.organizations[OPD])
    world.package = package
    upload = FileStorage(io.BytesIO(b"nama\nAni\n"), filename="penerima.csv")
    file = act("pengirim", "resource_create", package_id=package["id"], name="Tabel", format="CSV",
               upload=upload)
    act("pengirim", "datastore_create", resource_id=file["id"], force=True,
        fields=[{"id": "nama", "type": "text"}], records=[{"nama": "Ani"}])
    act("pengirim", "resource_create", package_id=package["id"], name="Tautan", url=ELSEWHERE)
    for person, name in PATHS["terbit"]:
        world.step(person, name)
    for level in ("terbatas", "tertutup"):
        copy = act("pengirim", "satudata_revision_start", id=package["id"], note="")["id"]
        act("pengirim", "package_patch", id=copy, **{**DECIDED, "access_rights": level})
        for person, name in PATHS["terbit"]:
            world.step(person, name)
        if level == "terbatas":
            WRONG.extend(_ask(world, level))


#: Person, level and way that differed from the law while the files were *terbatas*.
WRONG: list[str] = []


def _ask(world: World, level: str) -> list[str]:
    """Let everybody ask in every way; return what differs from the law."""
    wrong: list[str] = []
    package = helpers.call_action("package_show", {"user": "sysadmin"}, id=world.package["id"])
    for person in PEOPLE:
        for way, look in WAYS.items():
            got = _opens(look, world, person, package)
            # What is restricted now restricts the versions before it as well.
            wanted = person.name in OPENS[level] or person.sysadmin
            if got != wanted:
                wrong.append(f"{person.name or 'anonim'} {level} {way}: {got}")
    return wrong


def _opens(look: Any, world: World, person: Person, package: Data) -> bool:
    try:
        return bool(look(world, person.name, package))
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False


def _asks(**more: Any) -> Any:
    def look(world: World, name: str, package: Data) -> bool:
        context = {"user": name, "ignore_auth": False}
        return tk.check_access("satudata_file_open", context, {"id": package["id"], **more})
    return look


def _rows(action: str, key: str) -> Any:
    def look(world: World, name: str, package: Data) -> Any:
        return world.act(name, action, **{key: package["resources"][0]["id"]})
    return look


def _old(world: World, name: str, package: Data) -> bool:
    shown = world.act(name, "satudata_version_show", id=package["id"], number=1)
    assert ELSEWHERE not in str(shown), "who may open it goes through the way that is logged"
    return any(each["url"] or each["sha256"] for each in shown["files"])


WAYS = {
    "files": _asks(), "files of version 1": _asks(number=1),
    "rows": _rows("datastore_search", "resource_id"), "fields": _rows("datastore_info", "id"),
    "addresses of version 1": _old,
}


def test_every_person_opens_what_the_law_says(world: World) -> None:
    assert WRONG == []
    assert _ask(world, "tertutup") == []


def test_nobody_reads_an_address_in_what_is_public(world: World) -> None:
    """Not even who may open it: they go through the way that is logged."""
    for person in ("", "produsen", "ppid", "sysadmin"):
        assert ELSEWHERE not in str(world.act(person, "package_show", id=world.package["id"]))
