"""A process killed between any two steps of what a transition does: old or new, never a mix.

The steps that decide are tried, and a few of the others; ``SATUDATA_EXHAUSTIVE=1`` tries all of
them, some 560 in 25 minutes of a busy machine; with ``-k terbitkan`` those of one transition.
"""
from __future__ import annotations

import os
import random
import re

import pytest
from crashing import Died, Place, dying
from marked_scene import Scene
from marks import GONE, LATER

pytestmark = [
    pytest.mark.usefixtures("with_plugins"),
    pytest.mark.ckan_config("ckanext.satudata.walidata", "diskominfo"),
]
EXHAUSTIVE = bool(os.environ.get("SATUDATA_EXHAUSTIVE"))
SAMPLE = 1


def chosen(died: Died) -> list[Place]:
    """Return where to die: everywhere, or where it tells most, and at some others.

    Before and after the first commit, which decides; about the commit of the datastore; before a
    file is written, and before the index is told to show what it was given.
    """
    every = died.places()
    order, names = [*every], [*every.values()]
    if EXHAUSTIVE:
        return order
    commits = [number for number, name in enumerate(names) if name.endswith(" COMMIT")]
    of_tables = [number for number in commits if re.match(r"ds|\S*datastore", names[number])]
    sure = {each for number in (*commits[:1], *of_tables) for each in (number, number + 1)}
    for pattern in (r"^file ", r"^solr .*waitSearcher"):
        sure.update([number for number, name in enumerate(names) if re.search(pattern, name)][:1])
    others = [number for number in range(len(order)) if number not in sure]
    sure.update(random.Random(len(order)).sample(others, min(SAMPLE, len(others))))
    return [order[number] for number in sorted(sure)]


#: Transition -> the state it starts from and the one it leads to.
STEPS = {
    "terbitkan": ("disetujui", "terbit"),
    "revisi": ("terbit", "draf"),
    "ajukan": ("draf", "diajukan"),
    "batalkan": ("draf", "terbit"),
    "tarik_darurat": ("terbit", "ditarik"),
}


@pytest.mark.parametrize("transition", STEPS)
def test_a_process_that_dies_leaves_the_old_or_the_new(scene: Scene, transition: str) -> None:
    source, target = STEPS[transition]
    scene.bring(source)
    whole = dying(scene.stepping(transition), None)
    assert not whole.error and not whole.killed
    after(scene, transition, target)
    failed = []
    for place in chosen(whole):
        scene.bring(source)
        died = dying(scene.stepping(transition), place)
        for look in (meanwhile, after) if target in ("terbit", "ditarik") else (after,):
            try:
                look(scene, transition, target)
            except AssertionError as error:
                failed.append(f"{place} {died.before}, {look.__name__}: {str(error)[:700]}")
    assert not failed, f"{len(failed)} failed\n" + "\n".join(failed)


def meanwhile(scene: Scene, transition: str, target: str) -> None:
    """Each single answer is whole."""
    allowed: set[int | None] = {scene.number, LATER, None}
    if transition == "terbitkan":
        allowed.add(scene.number + 1)
    if transition == "tarik_darurat":
        allowed.add(GONE)
    assert set(scene.versions().values()) <= allowed


def after(scene: Scene, transition: str, target: str) -> None:
    """Once worker and scheduler did what was left, all is old or all is new."""
    scene.recover()
    done = scene.state() == target
    scene.number += done and transition == "terbitkan"
    try:
        scene.is_whole(GONE if done and transition == "tarik_darurat" else scene.number)
    finally:
        scene.is_tidy()
