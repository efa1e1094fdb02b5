"""Two at work on the versions of one dataset: one comes between the steps of the other.

When the first one holds the lock, and between its commit and what follows;
``SATUDATA_EXHAUSTIVE=1`` tries every step that another could tell from the one before it, some 640
in 85 minutes of a busy machine; ``-k "publish and not rows"`` and ``-k "not publish or rows"`` are
the halves of it, which may run side by side. Whoever comes too late is told so and changes nothing,
and what is left is one whole version, or none.
"""
from __future__ import annotations

import os
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from ckan import model
from crashing import Interrupted, after, at, interrupted
from marked_scene import Scene, upload
from marks import GONE, mark
from workflow_cast import call
from workflow_law import CONFLICT
from workflow_world import told

from ckanext.satudata.domain.workflow import State
from ckanext.satudata.workflow import seal, store

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
EXHAUSTIVE = bool(os.environ.get("SATUDATA_EXHAUSTIVE"))
Work = Callable[[], Any]


def step(transition: str, who: str = "") -> Callable[[Scene], Work]:
    return lambda scene: scene.stepping(transition, who)


def resource(scene: Scene, name: str) -> str:
    """Return the id of a file of the working copy."""
    model.Session.remove()
    open_ = store.open_of(scene.package)
    assert open_ is not None
    shown = call("package_show", scene.cast.produsen, id=open_.content_id)
    return next(each["id"] for each in shown["resources"] if each["name"].startswith(name))


def writing(action: str, name: str, **fields: Any) -> Callable[[Scene], Work]:
    def prepared(scene: Scene) -> Work:
        key = "id" if action == "resource_patch" else "resource_id"
        identifier = resource(scene, name)

        def work() -> Any:
            more = {"upload": upload(f"b\n{mark(scene.number + 1)}\n")} if key == "id" else fields
            with scene.app.flask_app.test_request_context():
                try:
                    return call(action, scene.cast.produsen, **{key: identifier}, **more)
                finally:
                    model.Session.remove()
        return work
    return prepared


send_file = writing("resource_patch", "Berkas")
send_rows = writing("datastore_upsert", "Tabel", method="insert", force=True,
                    records=[{"kecamatan": "Baru", "nilai": 9}])
#: Who works, who comes between, and from which state both start.
PAIRS: dict[str, tuple[str, Callable[[Scene], Work], Callable[[Scene], Work]]] = {
    "publish, publish": ("disetujui", step("terbitkan"), step("terbitkan", "walidata_2")),
    "publish, emergency": ("disetujui", step("terbitkan"), step("tarik_darurat")),
    "emergency, publish": ("disetujui", step("tarik_darurat"), step("terbitkan")),
    "publish, withdraw": ("disetujui", step("terbitkan"), step("tarik")),
    "withdraw, publish": ("disetujui", step("tarik"), step("terbitkan")),
    "revise, revise": ("terbit", step("revisi"), step("revisi", "kepala")),
    "revise, emergency": ("terbit", step("revisi"), step("tarik_darurat")),
    "hand in, file": ("draf", step("ajukan"), send_file),
    "file, hand in": ("draf", send_file, step("ajukan")),
    "hand in, rows": ("draf", step("ajukan"), send_rows),
    "rows, hand in": ("draf", send_rows, step("ajukan")),
    "hand in, cancel": ("draf", step("ajukan"), step("batalkan")),
    "publish, rows": ("disetujui", step("terbitkan"), send_rows),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_of_two_at_once_the_later_is_told_so(scene: Scene, pair: str) -> None:
    source, first, second = PAIRS[pair]
    points = map(at, count(1)) if EXHAUSTIVE else iter((after(" FOR UPDATE"), after(" COMMIT")))
    failed, last = [], Interrupted(None, [], 0, False)
    for number, point in enumerate(points, 1):
        if EXHAUSTIVE and last.waited and number <= len(last.steps) and not any(
                map(shows, last.steps[last.stopped - 1:number - 1])):
            continue  # as then, the other would wait for all of it
        scene.bring(source)
        one, other = first(scene), second(scene)
        answers: list[str] = []
        mine, steps, stopped, _ = last = interrupted(
            lambda one=one: told(one), point,
            lambda other=other, answers=answers: answers.append(told(other)))
        try:
            assert any(CONFLICT not in each and "4" not in each for each in (mine, *answers)), (
                "both were refused")
            rest(scene)
        except AssertionError as error:
            failed.append(f"before {steps[stopped - 1]!r}: {mine}, {answers}: {str(error)[:500]}")
        if not stopped:
            assert EXHAUSTIVE and number > 1, f"it has no such step any more: {steps}"
            break
    assert not failed, f"{len(failed)} failed\n" + "\n".join(failed)


def shows(step: str) -> bool:
    """Whether others see what a step did: a statement shows nothing until its transaction ends."""
    return step.endswith((" COMMIT", " ROLLBACK")) or step.startswith(("file ", "solr ", "redis "))


def rest(scene: Scene) -> None:
    """Once all is done that was left: one version or none, and what was handed in is what is."""
    scene.recover()
    model.Session.remove()
    family = store.of_package(scene.package)
    scene.number = sum(each.published_at is not None for each in family)
    public = any(each.status is State.TERBIT for each in family)
    for each in family:
        if each.status is State.DIAJUKAN:
            assert each.content_hash == seal.content_hash(each.content_id), "handed in: another"
    scene.is_whole(scene.number if public else GONE)
    scene.is_tidy()
