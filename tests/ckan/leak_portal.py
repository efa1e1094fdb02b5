"""The portal of the leak tests: a dataset in every hidden state, some of them public once."""
from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import ckan.model as model
import pytest
from ckan.tests.helpers import _get_test_app
from ckanext.harvest.model import HarvestObject
from leak_world import COMMON, PUBLIC, Record, World, call, group_all, make
from werkzeug.datastructures import FileStorage

__all__ = ["BESIDE", "EYES", "HIDDEN", "MARKS", "PUBLISHED", "SETTINGS", "eye", "people", "portal"]

#: Mark -> state it was brought into.
HIDDEN = {
    "zqdraf": "draf",
    "zqajuan": "diajukan",
    "zqsetuju": "disetujui",
    "zqkembali": "dikembalikan",
    "zqtarik": "ditarik",
    "zqdarurat": "ditarik darurat",
    "zqlagi": "draf lagi",
    "zqbatal": "dibatalkan",
    "zqhapus": "dihapus",
    "zqrevisi": "revisi",
    "zqperiksa": "diperiksa_walidata",
    "zqdiam": "draf",
    "zqlama": "terbit lagi tanpa itu",
    "zqrevisi, di asalnya": "revisi",
}
#: Public, but not with what carries the mark: a version that was withdrawn, a draft of the next.
BESIDE = frozenset({"zqlama", "zqrevisi, di asalnya"})
#: Those that people outside have seen and follow.
WERE_PUBLIC = ("zqtarik", "zqdarurat", "zqlagi", "zqlama")
#: Opens what CKAN can open, so that nothing is tight by a setting alone.
SETTINGS = {
    "ckan.auth.public_activity_stream_detail": True,
    "ckan.auth.public_user_details": True,
    "ckanext.satudata.nasional.panenan": True,
    "ckanext.satudata.walidata": "kominfo",
}
EYES = ("anonymous", "stranger")
#: What tests with people of their own stand under.
MARKS = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.with_plugins("text_view"),
    *(pytest.mark.ckan_config(key, value) for key, value in SETTINGS.items()),
]
#: What everybody may find.
PUBLISHED = (PUBLIC, "jangkar", "zqlama")


def people(ready: Callable[[World], Any] = lambda _world: None) -> tuple[Any, Any]:
    """Return the fixtures ``made`` and ``world``: people who stay, without any dataset.

    :param ready: called once they are there
    """
    @pytest.fixture(scope="module")
    def made() -> list[World]:
        return []

    @pytest.fixture
    def world(made: list[World], app: Any, request: pytest.FixtureRequest) -> World:
        if not made:
            for name in ("clean_db", "clean_index", "clean_datastore"):
                request.getfixturevalue(name)
            made.append(World(app))
            made[0].people()
            ready(made[0])
        made[0].app = app
        return made[0]

    return made, world


def portal() -> World:
    """Make it; nobody who only looks changes it."""
    world = World(_get_test_app())
    world.people()
    elsewhere = ("zqrevisi", "zqrevisi, di asalnya", "zqdiam")
    for mark in (PUBLIC, *(mark for mark in HIDDEN if mark not in elsewhere)):
        world.records[mark] = make(mark, world.org, world.author)
    world.records["zqdiam"] = make("zqdiam", world.silent, world.author)
    world.anchor = make("jangkar", world.org, world.author)
    group_all(world)
    for record in world.records.values():
        world.handing_in(record)
    world.bring(world.anchor, "terbit")
    for mark in (PUBLIC, *WERE_PUBLIC):
        world.bring(world.records[mark], "terbit")
    # A second version of what is public, so that there is a difference to look at.
    world.revise(world.records[PUBLIC], PUBLIC)
    world.bring(world.records[PUBLIC], "terbit")
    world.records["zqrevisi"] = world.revise(world.anchor, "zqrevisi")
    world.handing_in(world.records["zqrevisi"])
    follow(world)
    world.step(world.records["zqtarik"], "tarik", note="Ada yang keliru.")
    world.step(world.records["zqdarurat"], "tarik_darurat", note="NIK terbuka.")
    world.step(world.records["zqlagi"], "tarik", note="Ada yang keliru.")
    world.step(world.records["zqlagi"], "revisi")
    publish_without(world, world.records["zqlama"])
    for mark, state in HIDDEN.items():
        if mark not in WERE_PUBLIC and state not in {"dihapus", "revisi"}:
            world.bring(world.records[mark], state)
    call("package_delete", world.admin, id=world.records["zqhapus"].id)
    world.harvesting()
    # Fetched before what it became was withdrawn.
    model.Session.get(HarvestObject, world.records["zqlama"].harvested).gathered = dt.datetime(
        2026, 1, 1)
    model.Session.commit()
    relate(world)
    copy = world.records["zqrevisi"].package
    world.records["zqrevisi, di asalnya"] = replace(
        world.anchor, mark="zqrevisi", package={**world.anchor.package, "tags": copy["tags"]},
        **{name: getattr(world.records["zqrevisi"], name)
           for name in ("harvested", "failed", "setoran", "link", "recap")})
    return world


def publish_without(world: World, record: Record) -> None:
    """Withdraw a dataset and publish it again without all that carries its mark."""
    world.step(record, "tarik", note="Ada yang keliru.")
    world.step(record, "revisi")
    call("resource_delete", world.author, id=record.file["id"])
    call("package_patch", world.author, id=record.id, name="tanpa-itu", title="Tanpa itu",
         notes=COMMON, konsep="Bersih", satuan="orang", definisi="Bersih",
         tags=[{"name": COMMON}])
    call("resource_create", world.author, package_id=record.id, name="Berkas bersih", format="CSV",
         upload=FileStorage(io.BytesIO(b"a,b\nbersih,1\n"), filename="bersih.csv"),
         jenis_berkas="dokumentasi")
    world.bring(record, "terbit")


def follow(world: World) -> None:
    call("follow_user", world.stranger, id=world.author["id"])
    call("follow_group", world.stranger, id=world.org["id"])
    call("follow_group", world.stranger, id=world.group["id"])
    for mark in (PUBLIC, *WERE_PUBLIC):
        call("follow_dataset", world.stranger, id=world.records[mark].id)


def relate(world: World) -> None:
    for record in world.records.values():
        model.Session.add(model.TaskStatus(
            entity_id=record.file["id"], entity_type="resource", task_type="datapusher",
            key="datapusher", value=f"{record.mark} nilai", state="complete"))
        model.Session.add(model.PackageRelationship(
            subject=model.Package.get(world.anchor.id), object=model.Package.get(record.id),
            type="depends_on",  # both ends of one are public: so is what it says
            comment="" if record.mark in BESIDE else f"{record.mark} hubungan"))
    model.Session.commit()


def eye(world: World, name: str) -> Any:
    return None if name == "anonymous" else getattr(world, name)
