"""Activities: the draft's stay with the draft's readers, the withdrawn one's close for good."""
from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import ckan.model as model
import pytest
from ckanext.activity.model import Activity
from leak_portal import EYES, MARKS, eye, people
from leak_ways import ACTIVITIES
from leak_world import Record, World, call, make

from ckanext.satudata.shared.activities import relabel_activities

#: What stood in the draft only.
DRAFT = "zqnaskah"


pytestmark = MARKS


def follow(world: World) -> None:
    call("follow_user", world.stranger, id=world.author["id"])
    call("follow_group", world.stranger, id=world.org["id"])


made, world = people(follow)


def rewritten(world: World, mark: str) -> Record:
    """Return a draft that once said something else."""
    record = make(mark, world.org, world.author)
    for notes in (DRAFT, f"{mark} keterangan"):
        call("package_patch", world.author, id=record.id, notes=notes)
    for title in (DRAFT, f"{mark} tampilan"):
        call("resource_view_update", world.author, **{**record.view, "title": title})
    return record


def follow(world: World, record: Record) -> None:
    call("follow_dataset", world.stranger, id=record.id)


def ways_of(world: World, record: Record, needle: str) -> Iterator[str]:
    """Yield the ways and eyes by which a word of a dataset shows in its history."""
    for way, who in product(ACTIVITIES, EYES):
        if needle in way.look(world, record, eye(world, who)).lower():
            yield f"{way.name} as {who}"


def seen(world: World, record: Record, needle: str) -> list[str]:
    return [*ways_of(world, record, needle)]


def kinds(found: Any) -> list[str]:
    return [each["activity_type"] for each in found]


def test_what_a_draft_said_is_not_read_after_publication(world: World) -> None:
    record = rewritten(world, "zqucapan")
    world.bring(record, "terbit")
    follow(world, record)
    assert seen(world, record, DRAFT) == []
    assert any(ways_of(world, record, "zqucapan"))
    assert DRAFT in world.api("package_activity_list", world.author, id=record.id)


def test_followers_hear_of_a_publication_once_and_by_whom(world: World) -> None:
    record = rewritten(world, "zqkabar")
    assert "zqkabar" not in world.api("dashboard_activity_list", world.stranger)
    world.bring(record, "terbit")
    found = [each for each in world.result("dashboard_activity_list", world.stranger)
             if each["object_id"] == record.id]
    assert kinds(found) == ["new package"] and found[0]["is_new"]
    assert found[0]["user_id"] == world.walidata["id"]
    assert found[0]["data"]["package"]["notes"] == "zqkabar keterangan"


def test_a_later_version_is_a_change_without_what_its_draft_said(world: World) -> None:
    record = make("zqversi", world.org, world.author)
    world.bring(record, "terbit")
    copy = world.revise(record, "zqversi")
    for notes in (DRAFT, "zqversi lebih baik"):
        call("package_patch", world.author, id=copy.id, notes=notes)
    follow(world, record)
    assert seen(world, record, "lebih baik") == []
    world.bring(record, "terbit")
    assert seen(world, record, DRAFT) == []
    public = list(world.result("package_activity_list", id=record.id))
    assert kinds(public) == ["changed package", "new package"]
    assert public[0]["data"]["package"]["notes"] == "zqversi lebih baik"
    assert "zqversi lebih baik" in world.api(
        "activity_diff", id=public[0]["id"], object_type="package")


@pytest.mark.parametrize(("step", "mark"), [("tarik", "zqbocor"), ("tarik_darurat", "zqkoyak")])
def test_what_was_withdrawn_stays_closed_when_it_is_published_again(
    world: World, step: str, mark: str
) -> None:
    record = make(mark, world.org, world.author)
    world.bring(record, "terbit")
    follow(world, record)
    assert any(ways_of(world, record, mark))
    world.step(record, step, note="NIK terbuka.")
    assert seen(world, record, mark) == []
    world.step(record, "revisi")
    clean(world, record)
    world.bring(record, "terbit")
    assert seen(world, record, f"{mark} judul") == []
    assert kinds(world.result("package_activity_list", id=record.id)) == ["changed package"]
    assert f"{mark} judul" in world.api("package_activity_list", world.author, id=record.id)


def clean(world: World, record: Record) -> None:
    call("package_patch", world.author, id=record.id, title="Sudah bersih", notes="Bersih")


def test_a_view_made_before_this_portal_had_a_workflow_is_hidden_too(world: World) -> None:
    record = make("zqdahulu", world.org, world.author)
    model.Session.add(Activity(
        world.author["id"], record.id, "new resource view",
        {"title": "zqdahulu tampilan", "package_id": record.id}))
    model.Session.commit()
    follow_author = world.api("user_activity_list", id="penulis")
    assert "zqdahulu" not in follow_author
    assert "zqdahulu" in world.api("user_activity_list", world.author, id="penulis")


def test_relabelling_changes_nothing_twice_and_nothing_of_what_is_public(world: World) -> None:
    record = make("zqlabel", world.org, world.author)
    world.bring(record, "terbit")
    assert relabel_activities(record.id) == 0
    assert relabel_activities("tiada") == 0
    world.step(record, "tarik", note="Keliru.")
    before = labels(record)
    assert relabel_activities(record.id) == 0
    assert labels(record) == before
    assert all("public" not in each for each in before)


def labels(record: Record) -> list[Any]:
    model.Session.expire_all()
    return [each for (each,) in model.Session.query(Activity.permission_labels).filter(
        Activity.object_id == record.id).order_by(Activity.timestamp)]


def test_a_failed_publication_leaves_no_activity(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = make("zqgagal", world.org, world.author)
    world.bring(record, "disetujui")
    before = labels(record)

    def fail() -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(model.Session, "commit", fail)
        with pytest.raises(RuntimeError):
            world.step(record, "terbitkan")
    model.Session.rollback()
    assert labels(record) == before
    assert seen(world, record, "zqgagal") == []
